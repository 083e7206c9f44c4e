"""Files that hold state or secrets: readable by their owner alone, and whole or not there."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def make_private_directory(path: Path) -> None:
    """Make a folder and its missing parents with mode 0700. Folders that exist keep theirs."""
    for missing in reversed([folder for folder in (path, *path.parents) if not folder.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)


def write_private(path: Path, data: bytes) -> None:
    """Write a file of mode 0600 at once (a temporary file that takes its place) and see it to the disk.

    Raises OSError; then the old file, if any, is as it was.
    """
    make_private_directory(path.parent)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    _sync_directory(path.parent)


def _sync_directory(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
