"""Files and folders for their owner alone; a file is whole or not there."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def make_folder(folder: Path) -> Path:
    """Create a folder and its missing parents with mode 0700, and return it. Folders that exist keep theirs."""
    for missing in reversed([part for part in (folder, *folder.parents) if not part.exists()]):
        missing.mkdir(mode=0o700, exist_ok=True)
    return folder


def make_private(folder: Path) -> Path:
    """Create a folder as `make_folder` does, give it mode 0700 where it was there, and return it."""
    make_folder(folder).chmod(0o700)
    return folder


def write_private(path: Path, data: bytes) -> None:
    """Write a file of mode 0600 so that a reader sees the old content or the new, never half.

    Raises:
        OSError: ; then the old file, if any, is as it was.
    """
    _write(path, data, durably=False)


def write_durably(path: Path, data: bytes) -> None:
    """Write a file as `write_private` does, and see it to the disk: it outlives a failure of power."""
    _write(path, data, durably=True)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(path: Path, data: bytes, *, durably: bool) -> None:
    make_folder(path.parent)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            if durably:
                file.flush()
                os.fsync(file.fileno())
        Path(name).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
