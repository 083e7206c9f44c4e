"""Where a project keeps things: environment files, modules, and hptf's own working folder."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import hp_tf
from hp_tf.environment.load import root_here
from hp_tf.environment.model import REHEARSAL, home_of
from hp_tf.errors import HptfError

# In an environment's working folder.
EMULATOR = "emulator"


@dataclass(frozen=True)
class Project:
    """The folder hptf works in.

    Attributes:
        root: holds ``envs/``, or an environment's file that is in no such folder; ``.hptf/`` is made in it (never
            committed: it holds plans, and state bodies after a crash).
        modules: the folder with one module per layer.
    """

    root: Path
    modules: Path

    @property
    def envs(self) -> Path:
        """The folder of the environments' files."""
        return self.root / "envs"

    def of(self, path: Path) -> Project:
        """Return the project of an environment's file: its runs are found again from wherever it is named."""
        return replace(self, root=home_of(path))

    def work(self, environment_id: str, *, rehearsal: bool) -> Path:
        """Return the working folder of an environment; a rehearsal has one of its own."""
        slug = re.sub(r"[^A-Za-z0-9_.-]+", "-", environment_id)
        return self.hidden / (f"{slug}{REHEARSAL}" if rehearsal else slug)

    @property
    def hidden(self) -> Path:
        """The folder of all working folders, by the path that ``of`` gives it too."""
        return self.root.resolve() / ".hptf"

    def emulators(self) -> list[tuple[str, bool, Path]]:
        """Return the folders of emulators there are: whose, whether of its rehearsal, the folder."""
        folders = sorted(self.hidden.glob(f"*/{EMULATOR}"))
        return [
            (folder.parent.name.removesuffix(REHEARSAL), folder.parent.name.endswith(REHEARSAL), folder)
            for folder in folders
        ]


def project_here() -> Project:
    """Return the project that the current folder is in."""
    return Project(root_here(), find_modules())


def find_modules() -> Path:
    """Return the modules' folder: inside the installed package, or beside it in a checkout.

    Raises:
        HptfError: if neither is there.
    """
    package = Path(hp_tf.__file__).resolve().parent
    for candidate in (package / "_modules", package.parent / "modules"):
        if candidate.is_dir():
            return candidate
    raise HptfError(
        "the Terraform modules are not where the package keeps them",
        hint="reinstall hp-tf, or run `hptf synth` in a checkout",
    )
