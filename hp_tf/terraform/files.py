"""Private files: 0600 in folders of 0700, replaced in one step."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path


def private_folder(folder: Path) -> Path:
    """Creates `folder` and its missing parents with mode 0700. An existing folder keeps its mode."""
    for part in reversed([folder, *folder.parents]):
        if not part.exists():
            part.mkdir(mode=0o700, exist_ok=True)
    return folder


def write_private(path: Path, content: bytes) -> None:
    """Writes `path` (0600) so that a reader sees the old content or the new, never half. Raises OSError."""
    private_folder(path.parent)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
