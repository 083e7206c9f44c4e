"""What the measurements share: a project folder of their own, clean environment variables, and one emulator."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.timing import BenchFailed, Done, run
from hp_tf.run.project import Project, find_modules
from hp_tf.terraform import mirrors
from hp_tf.terraform.binary import find
from hp_tf.terraform.environment import terraform_environment

if TYPE_CHECKING:
    from hp_tf.emulator.daemon import Emulator

REGION: Final = "us-west-2"
ACCOUNT = "000000000000"
# With how much garbage hptf lets Terraform run; what it is compared with runs with the same.
GOGC: Final = terraform_environment({}, {})["GOGC"]
GO_SETTING: Final = f"GOGC={GOGC}"
_PASSED_ON = ("HOME", "LANG", "LC_ALL", "TMPDIR", "XDG_CACHE_HOME", "HPTF_TERRAFORM", "HPTF_PROVIDER_MIRROR")


@dataclass(frozen=True)
class Scene:
    """A folder in which `hptf` and `terraform` are run as a user would run them.

    Attributes:
        root: the project: ``envs/`` and hptf's ``.hptf/`` are in it.
        hptf, python, terraform: the programs.
        environ: the variables of every program that is measured; nothing of the user's AWS or Terraform settings.
    """

    root: Path
    hptf: Path
    python: Path
    terraform: Path
    terraform_version: str
    environ: Mapping[str, str]

    @property
    def project(self) -> Project:
        """The project, as hptf sees it."""
        return Project(self.root, find_modules())

    def folder(self, environment: str) -> Path:
        """Return hptf's working folder of an environment."""
        return self.project.work(environment, rehearsal=False)

    def emulator(self, environment: str) -> Emulator:
        """Return the emulator of an environment, started if need be."""
        from hp_tf.emulator import daemon

        self.run_hptf("local", "up", environment)
        running = daemon.status(self.folder(environment) / "emulator")
        if running is None:
            raise BenchFailed(f"`hptf local up {environment}` started no emulator")
        return running

    def reset(self, environment: str) -> None:
        """Make the emulator of an environment forget everything."""
        from hp_tf.emulator import daemon

        daemon.reset(self.folder(environment) / "emulator")

    def down(self, environment: str) -> None:
        """Stop the emulator of an environment, if one runs."""
        from hp_tf.emulator import daemon

        daemon.stop(self.folder(environment) / "emulator")

    def run_hptf(self, *arguments: str, good: tuple[int, ...] = (0,)) -> Done:
        """Run hptf in the project and measure it."""
        return run([self.hptf, *arguments], cwd=self.root, environ=self.environ, good=good)

    def terraform_environ(self, running: Emulator) -> dict[str, str]:
        """Return the variables with which plain Terraform uses the same emulator, stand-ins and provider mirror."""
        cli = self.root / "cli"
        cli.mkdir(exist_ok=True)
        return {
            **self.environ,
            **mirrors.prepare(cli, self.environ, cwd=self.root).environ,
            **running.environment(),
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "CHECKPOINT_DISABLE": "1",
            "GOGC": GOGC,
            "TF_IN_AUTOMATION": "1",
            "TF_INPUT": "0",
        }


def make(root: Path) -> Scene:
    """Return a scene in an empty folder.

    Raises:
        BenchFailed: where hptf is not installed beside this Python.
    """
    python = Path(sys.executable)
    hptf = python.parent / "hptf"
    if not hptf.is_file():
        raise BenchFailed(f"there is no {hptf}: install the project into this Python with `pip install -e .`")
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environ = {**kept, "PATH": os.pathsep.join([str(python.parent), os.environ.get("PATH", os.defpath)])}
    terraform = find(environ)
    (root / "envs").mkdir(parents=True)
    shutil.copytree(find_modules(), root / "modules")
    version = ".".join(str(part) for part in terraform.version)
    return Scene(root, hptf, python, Path(terraform.path), version, environ)
