"""Which files of a folder are its content: what is copied into a root and what a digest covers are the same."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from hp_tf.errors import BadInput

# git's own folder holds times and the remote's credentials, Terraform's what a run left behind.
_NOT_CONTENT = frozenset({".git", ".terraform"})


def content(folder: Path) -> dict[str, Path]:
    """Return a folder's files by their path relative to it, in POSIX form. Where the folder itself lies has no say.

    What a link leads to is content like any other.

    Raises:
        BadInput: for a link that leads nowhere, or in a circle.
    """
    found: dict[str, Path] = {}
    _collect(folder, "", (os.path.realpath(folder),), found)
    return found


def digest(folder: Path) -> str:
    """Return the SHA-256 of a folder's files, by path and content."""
    total = hashlib.sha256()
    for relative, path in sorted(content(folder).items()):
        total.update(relative.encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _collect(folder: Path | str, prefix: str, around: tuple[str, ...], found: dict[str, Path]) -> None:
    """``around``: the real paths of this folder and those it is in."""
    try:
        entries = list(os.scandir(folder))
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.name in _NOT_CONTENT:
            continue
        if entry.is_file():
            found[prefix + entry.name] = Path(entry.path)
        elif entry.is_dir():
            inner = os.path.realpath(entry.path) if entry.is_symlink() else f"{around[-1]}/{entry.name}"
            if inner in around:
                raise _lost(entry.path, "leads back into itself")
            _collect(entry.path, f"{prefix}{entry.name}/", (*around, inner), found)
        elif entry.is_symlink():
            raise _lost(entry.path, "leads nowhere")


def _lost(path: str, how: str) -> BadInput:
    return BadInput(f"the link {path} {how}", hint="remove it, or put what it should lead to in its place")
