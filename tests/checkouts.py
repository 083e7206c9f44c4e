"""Copies of the checkout that a test drops a layer into."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
# Everything `hptf synth` reads or writes.
_FOLDERS = ("hp_tf", "modules", "schema", "docs", "examples")


def copy_to(root: Path) -> Path:
    """Copy what `hptf synth` reads and writes to a folder, and return that."""
    for name in _FOLDERS:
        shutil.copytree(REPOSITORY / name, root / name, ignore=shutil.ignore_patterns("__pycache__", ".terraform*"))
    shutil.copy(REPOSITORY / "README.md", root)
    return root


def synth(checkout: Path, *arguments: str) -> tuple[str, str]:
    """Run `hptf synth` in a copy, with the copy's package, and return what it prints on its two streams."""
    done = subprocess.run(
        [BIN / "hptf", "synth", *arguments],
        cwd=checkout,
        env={**os.environ, "PYTHONPATH": str(checkout)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, done.stderr
