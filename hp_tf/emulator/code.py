"""Which code an emulator runs: a daemon outlives the command that started it, and perhaps its version."""

from __future__ import annotations

import hashlib
from pathlib import Path

from hp_tf import __version__

_PACKAGE = Path(__file__).parents[1]


def fingerprint() -> str:
    """Hptf's version, and a digest of the source and schemas that the emulator's process loads."""
    digest = hashlib.sha256()
    for folder in ("emulator", "standin"):
        for path in sorted((_PACKAGE / folder).rglob("*")):
            if path.suffix in (".py", ".json"):
                digest.update(f"{path.relative_to(_PACKAGE).as_posix()}\0".encode())
                digest.update(path.read_bytes())
    return f"{__version__}-{digest.hexdigest()[:12]}"
