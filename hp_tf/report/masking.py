"""Sensitive values out of what people and programs see.

Terraform marks before and after apart. A value that becomes sensitive, or ceases to be, is one secret with one mark:
here a mark on either side hides both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hp_tf.terraform.plan import ResourceChange
from hp_tf.terraform.values import PlanValue


def masked(change: Mapping[str, Any]) -> dict[str, Any]:
    """Return a change object of Terraform's (of a resource or an output) without its sensitive values."""
    before, after = PlanValue.before(change), PlanValue.after(change)
    sides = {"before": before.hidden_with(after), "after": after.hidden_with(before)}
    # Null is the absence of the object, which is no secret.
    return {
        name: sides[name].masked() if name in sides and value is not None else value for name, value in change.items()
    }


def masked_resource(change: ResourceChange) -> dict[str, Any]:
    """Return Terraform's own object for a resource without its sensitive values."""
    return {**change.raw, "change": masked(change.raw.get("change") or {})}
