"""The emulator's folder: its files, written whole or not at all, for the owner alone."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

STATE = "emulator.json"
FAILURE = "failure.json"
LOCK = "emulator.lock"
LOG = "emulator.log"
SOCKETS = "sockets"


def private_folder(path: Path) -> Path:
    """Make `path` a folder that only its owner can enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def write_json(path: Path, document: Mapping[str, Any]) -> None:
    """Write a JSON file (0600) atomically."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(document, file)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def read_json(path: Path) -> dict[str, Any] | None:
    """The document in a file, or None if there is none or it is no JSON object."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document if isinstance(document, dict) else None


def names_instance(path: Path, instance: str) -> bool:
    """Whether the emulator's file at `path` is that of an instance. One that cannot be read just now may be."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return False
    except OSError:
        return True
    return isinstance(document, dict) and document.get("instance") == instance
