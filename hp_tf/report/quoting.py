"""The line of a file that a finding is about, with a mark under its place."""

from __future__ import annotations

import re
from pathlib import Path

from hp_tf.environment.credentials import is_credential
from hp_tf.findings import Location

_LONGEST = 160
# What such a line holds may be nobody else's business.
_PRIVATE = re.compile(r"password|secret|token|credential|private|sensitive|key", re.IGNORECASE)


def quoted(place: Location) -> list[str]:
    """Return the line and the mark; nothing where it cannot be read, or should not be shown.

    A link is not followed: what it leads to may be no file of the user's project.
    """
    path = Path(place.file)
    try:
        if path.is_symlink():
            return []
        line = path.read_text(encoding="utf-8").splitlines()[place.line - 1]
    except (OSError, ValueError, IndexError):
        return []
    if not line.isprintable() or len(line) > _LONGEST or _PRIVATE.search(line) or is_credential(line):
        return []
    number = str(place.line)
    return [f"  {number} | {line}", f"  {' ' * len(number)} | {' ' * (place.column - 1)}^"]
