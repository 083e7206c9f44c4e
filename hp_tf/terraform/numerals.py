"""What `terraform show` has told of texts that read like numbers, kept beside the root for the next plan."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from hp_tf.files import write_private
from hp_tf.terraform.plan_values import Place, known_kinds

_RECORD = ".hptf-numerals.json"
# Terraform puts the lock file of a plan's providers into the plan.
_LOCK = ".terraform.lock.hcl"


def providers_of(plan_file: Path) -> int:
    """Return a number for the providers that a plan was made with: another release may have other types."""
    try:
        with zipfile.ZipFile(plan_file) as file:
            return file.getinfo(_LOCK).CRC
    except (OSError, zipfile.BadZipFile, KeyError):
        return 0


def read(root: Path, providers: int) -> dict[Place, bool]:
    """Return which places hold numbers (true) and which hold texts, with these providers."""
    try:
        held = json.loads((root / _RECORD).read_bytes())
        return (
            {tuple(place): bool(number) for place, number in held["places"]} if held["providers"] == providers else {}
        )
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def learn(root: Path, providers: int, document: Mapping[str, Any]) -> None:
    """Keep what a document of `terraform show -json` tells, for the same providers."""
    places = read(root, providers)
    for resource in document.get("resource_changes") or ():
        change, kind = resource["change"], resource["type"]
        for name in ("before", "after"):
            places |= known_kinds((kind,), change.get(name))
        for identity in ("before_identity", "after_identity"):
            places |= known_kinds((kind, "identity"), change.get(identity))
    # A folder that cannot be written to costs time, nothing else.
    with suppress(OSError):
        held = {"providers": providers, "places": [[place, number] for place, number in places.items()]}
        write_private(root / _RECORD, json.dumps(held).encode())
