"""Which files of a folder are its content: what is copied into a root and what a digest covers are the same."""

from __future__ import annotations

from pathlib import Path

# git's own folder holds times and the remote's credentials, Terraform's what a run left behind.
_NOT_CONTENT = frozenset({".git", ".terraform"})


def content(folder: Path) -> dict[str, Path]:
    """Return a folder's files by their path relative to it, in POSIX form. Where the folder itself lies has no say."""
    found = {}
    for path in folder.rglob("*"):
        relative = path.relative_to(folder)
        if _NOT_CONTENT.isdisjoint(relative.parts) and path.is_file():
            found[relative.as_posix()] = path
    return found
