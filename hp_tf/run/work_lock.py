"""One hptf at a time per environment on this machine: two would share a root's folder.

Other machines are kept out by the locks of the store, which are taken only while states are written.
"""

from __future__ import annotations

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from hp_tf.errors import HptfError


@dataclass(frozen=True)
class WorkLock:
    """A held lock; it is free again when the process ends, however that happens."""

    stream: IO[str]

    def release(self) -> None:
        """Free it."""
        self.stream.close()


def take(folder: Path, wait_seconds: float) -> WorkLock:
    """Take the lock of an environment's working folder.

    Raises:
        HptfError: naming the process that holds it, if it still does after ``wait_seconds``.
    """
    path = folder / "work.lock"
    stream = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")
    deadline = time.monotonic() + wait_seconds
    while True:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except BlockingIOError:
            if time.monotonic() >= deadline:
                holder = stream.read().strip() or "unknown"
                stream.close()
                raise HptfError(
                    f"another hptf (process {holder}) works on this environment here",
                    hint="wait until it has ended, or let this one wait: add --lock-timeout SECONDS",
                ) from None
            time.sleep(0.1)
    stream.seek(0)
    stream.truncate()
    stream.write(str(os.getpid()))
    stream.flush()
    return WorkLock(stream)
