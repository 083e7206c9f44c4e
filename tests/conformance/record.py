"""Records: what the real provider says at each step of a scenario, and how that is known."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.conformance.scenario import RECORDS

Json = dict[str, Any]
# Measured with the real provider; or taken from what was measured before (reference/real-providers.md).
SOURCES = ("measured", "sheet")


def path(name: str) -> Path:
    """Return where a scenario's record is."""
    return RECORDS / f"{name}.json"


def read(name: str) -> Json:
    """Return a scenario's record."""
    found: Json = json.loads(path(name).read_text())
    return found


def write(name: str, steps: list[Json], provider: str) -> None:
    """Write a record of what was just measured.

    Args:
        provider: name and version of the real provider, and where it is from.
    """
    source = {"kind": "measured", "provider": provider, "date": datetime.now(UTC).date().isoformat()}
    RECORDS.mkdir(exist_ok=True)
    path(name).write_text(json.dumps({"source": source, "steps": steps}, indent=1) + "\n")
