"""A plan kept for later: the plan file, and the digest of everything it was made from.

Terraform's own stale check sees neither literals nor two changes that cancel out in the merged serial; this one does.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hp_tf.codes import CODES
from hp_tf.errors import BadInput, HptfError
from hp_tf.files import make_folder, write_private
from hp_tf.findings import Finding
from hp_tf.planning.live_lists import Lists
from hp_tf.planning.positions import Orders
from hp_tf.state.snapshot import Snapshot

FORMAT = "1.5"
PLAN, RECORD, LOCK = "plan.tfplan", "bundle.json", "terraform.lock.hcl"


@dataclass(frozen=True)
class SavedPlan:
    """What a kept plan records.

    Attributes:
        environment: the environment's id.
        target: a line that names account or emulator.
        root: content digest of the whole root (layers' modules, values, charts, literals).
        lock_file: digest of the provider lock file.
        plan: digest of the plan file.
        snapshot: version of every state the plan writes or reads, absent ones too; of other layers, which have
            resources.
        reason: why there are several stages, or what the only one waits for.
        lost: what the plan knew of the losses of interrupted runs: each address, and the run that lost it.
        later: layers that a plan after this one is for.
        stand_ins: addresses of the providers that stand-ins served.
        findings: what there was to say of the plan.
        lists: keyed lists as the service had them, and orders: in which their elements are sent, as in ``Prepared``.
        kept: addresses that it takes for whole though their creation was cut off.
    """

    environment: str
    target: str
    kind: str
    present: tuple[str, ...]
    leaving: dict[str, str]
    stages: tuple[tuple[str, ...], ...]
    root: str
    lock_file: str
    plan: str
    snapshot: Snapshot
    terraform: str
    reason: str | None = None
    adoptions: tuple[tuple[str, str], ...] = ()
    lost: tuple[tuple[str, str], ...] = ()
    later: tuple[str, ...] = ()
    stand_ins: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    lists: Lists = field(default_factory=dict)
    orders: Orders = field(default_factory=dict)
    kept: tuple[str, ...] = ()


def check_folder(directory: Path) -> None:
    """Raise BadInput if a plan cannot be written into a folder: planning takes long, so this is asked before."""
    nearest = next(path for path in (directory, *directory.absolute().parents) if path.exists())
    if not nearest.is_dir():
        raise BadInput(f"{nearest} is a file, not a folder", hint="name an empty or new folder")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise BadInput(f"{nearest} cannot be written", hint="name a folder of your own")
    if nearest == directory and any(directory.iterdir()) and not (directory / RECORD).exists():
        raise BadInput(f"{directory} holds something else than a plan", hint="name an empty or new folder")


def write(saved: SavedPlan, plan_file: Path, lock_file: Path, directory: Path) -> None:
    """Write a saved plan into a folder, replacing one that is there. Raises as `check_folder`."""
    check_folder(directory)
    make_folder(directory)
    write_private(directory / PLAN, plan_file.read_bytes())
    # Another machine's apply begins with it.
    (directory / LOCK).unlink(missing_ok=True)
    if lock_file.exists():
        write_private(directory / LOCK, lock_file.read_bytes())
    data: dict[str, Any] = {
        "format_version": FORMAT,
        **{key: value for key, value in vars(saved).items() if key not in ("snapshot", "findings")},
        "snapshot": saved.snapshot.to_json(),
        "findings": [finding.to_json() for finding in saved.findings],
    }
    write_private(directory / RECORD, json.dumps(data, indent=2).encode())


def read(directory: Path) -> SavedPlan:
    """Read a saved plan.

    Raises:
        BadInput: if the folder holds none.
        HptfError: if it is damaged or its plan file is not the one recorded.
    """
    try:
        data = json.loads((directory / RECORD).read_text())
        found = file_digest(directory / PLAN), file_digest(directory / LOCK)
    except OSError as error:
        raise BadInput(f"{directory} holds no plan", hint="make one with `hptf plan ENV --out DIR`") from error
    except ValueError as error:
        raise _damaged(directory) from error
    if not isinstance(data, dict) or data.pop("format_version", None) != FORMAT:
        raise BadInput(f"the plan in {directory} was made by another version of hptf", hint="plan again")
    try:
        data["snapshot"] = Snapshot.from_json(data["snapshot"])
        data["findings"] = tuple(Finding.from_json(item, CODES) for item in data["findings"])
        for key in ("present", "stages", "adoptions", "lost", "later", "stand_ins", "kept"):
            data[key] = tuple(tuple(item) if isinstance(item, list) else item for item in data[key])
        saved = SavedPlan(**data)
    except (KeyError, TypeError, AttributeError) as error:
        raise _damaged(directory) from error
    if found != (saved.plan, saved.lock_file):
        raise HptfError(f"the plan file in {directory} is not the one that was reviewed", hint="plan again")
    return saved


def _damaged(directory: Path) -> HptfError:
    return HptfError(f"{directory / RECORD} is damaged", hint="plan again")


def consume(directory: Path) -> None:
    """Remove an applied plan's files, so that nobody applies it twice."""
    for name in (PLAN, RECORD, LOCK):
        (directory / name).unlink(missing_ok=True)


def file_digest(path: Path) -> str:
    """Return a file's SHA-256; of a missing file, that of nothing."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except FileNotFoundError:
        return hashlib.sha256(b"").hexdigest()
