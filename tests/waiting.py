"""Waiting for what another thread or process does, with an end."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path


def wait_for(condition: Callable[[], object], what: str, *, seconds: float = 120, poll_seconds: float = 0.02) -> None:
    """Wait until a condition holds. The end is for what never happens: far later than any that a busy machine needs."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain for: {what}"
        time.sleep(poll_seconds)


def until_there(file: Path | str) -> str:
    """A shell command that waits for a file, and fails after two minutes without it."""
    return f"for i in $(seq 1200); do test -e '{file}' && exit; sleep 0.1; done; exit 1"
