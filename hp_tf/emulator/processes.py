"""Whether a process lives, and whether it is an emulator."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def alive(pid: int) -> bool:
    """Whether a process runs. One that has ended and waits for its parent (a zombie) does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _state(pid).startswith("Z")


def is_emulator(pid: int) -> bool:
    """Whether a process runs and is an emulator: its id may be another program's since."""
    return alive(pid) and "hp_tf.emulator" in _command(pid)


def _state(pid: int) -> str:
    try:
        # The command's name comes before it, in parentheses that it may hold itself.
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].strip()
    except OSError:
        return _ps(pid, "state")


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text("utf-8", "replace").replace("\0", " ")
    except OSError:
        return _ps(pid, "command")


def _ps(pid: int, column: str) -> str:
    """What ps says, for systems without /proc; empty where there is none either."""
    try:
        done = subprocess.run(
            ["ps", "-o", f"{column}=", "-p", str(pid)], capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
