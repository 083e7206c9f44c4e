"""Running hptf as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
MAIN = "from hp_tf.cli import main; main()"


def hptf(
    *arguments: str, cwd: Path = ROOT, script: str = MAIN, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command line, without a terminal and without AWS."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=cwd,
        env={**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "120", **(environ or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def loaded(done: subprocess.CompletedProcess[str]) -> set[str]:
    """The top-level modules that a run with IMPORTS as its script had loaded at its end."""
    return {name.split(".")[0] for name in done.stderr.rpartition("LOADED ")[2].split()}


IMPORTS = """
import sys
from hp_tf.cli import main
try:
    main()
finally:
    sys.stderr.write("LOADED " + " ".join(sys.modules))
"""
