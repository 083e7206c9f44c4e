"""Terraform as the synth tests run it: no user configuration, no network, plans as data."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MIRROR = """provider_installation {{
  filesystem_mirror {{
    path = "{path}"
  }}
}}
"""


def mirror() -> Path:
    """The folder with the real aws provider. Fails the test where there is none."""
    folders = [Path(os.environ["HPTF_PROVIDER_MIRROR"])] if "HPTF_PROVIDER_MIRROR" in os.environ else []
    folders += sorted(path.parent for path in Path("/opt").glob("*/registry.terraform.io"))
    assert folders, "this test needs a mirror of the aws provider: set HPTF_PROVIDER_MIRROR to its folder"
    return folders[0]


@dataclass
class Terraform:
    program: Path
    folder: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    providers: Path | None = None
    seconds: float = 300

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        config = self.folder / ".tfrc"
        config.write_text(MIRROR.format(path=self.providers) if self.providers else "")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("TF_", "AWS_"))}
        environ = {**kept, "TF_CLI_CONFIG_FILE": str(config), "CHECKPOINT_DISABLE": "1", **self.environ}
        return subprocess.run(
            [self.program, *arguments],
            cwd=self.folder,
            env=environ,
            capture_output=True,
            text=True,
            timeout=self.seconds,
            check=False,
        )

    def ok(self, *arguments: str) -> str:
        done = self.run(*arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def init(self) -> None:
        self.ok("init", "-no-color", "-input=false")

    def plan(self) -> dict[str, Any]:
        """Plan and return `show -json`."""
        self.ok("plan", "-no-color", "-input=false", "-out=plan.bin")
        found: dict[str, Any] = json.loads(self.ok("show", "-json", "plan.bin"))
        return found

    def diagnostics(self) -> list[dict[str, Any]]:
        """Plan and return the errors."""
        lines = self.run("plan", "-json", "-input=false").stdout.splitlines()
        events = [json.loads(line) for line in lines if line.startswith("{")]
        return [event["diagnostic"] for event in events if event.get("@level") == "error"]


def write(folder: Path, files: Mapping[str, str]) -> Path:
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return folder
