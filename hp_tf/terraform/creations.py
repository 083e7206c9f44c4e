"""A plan that only creates, out of the event stream: `terraform show` would start the providers to say no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hp_tf.terraform.events import PlannedChange
from hp_tf.terraform.plan import Plan


def creations(planned: Sequence[PlannedChange]) -> Plan | None:
    """Return a plan without values, if it only creates; None if something else acts, whose values people want."""
    acting = [item for item in planned if item.action not in ("noop", "read") and item.resource is not None]
    if not acting or any(item.action != "create" for item in acting):
        return None
    changes: list[dict[str, Any]] = [
        {
            "address": item.resource.address,
            "module_address": item.resource.module,
            "mode": "managed",
            "type": item.resource.type,
            "name": item.resource.name,
            "index": item.resource.key,
            "change": {"actions": ["create"], "before": None, "after": {}},
        }
        for item in acting
        if item.resource is not None
    ]
    changes.sort(key=lambda change: str(change["address"]))
    return Plan.load({"format_version": "1.0", "resource_changes": changes})
