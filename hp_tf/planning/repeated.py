"""Secrets that the service repeats in attributes of which the provider does not say that they hold one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hp_tf.contract.resources.base import ResourceType
from hp_tf.terraform.plan import Plan, ResourceChange
from hp_tf.terraform.values import PlanValue


def hidden(plan: Plan, types: Mapping[str, ResourceType]) -> Plan:
    """Return a plan in which what repeats a secret is one."""
    return replace(
        plan,
        resource_changes=tuple(_hidden(change, types) for change in plan.resource_changes),
        drift=tuple(_hidden(change, types) for change in plan.drift),
    )


def _hidden(change: ResourceChange, types: Mapping[str, ResourceType]) -> ResourceChange:
    kind = types.get(change.type)
    # Set on one side, it is in what the other one repeats, too.
    secret = [
        path
        for source, others in (kind.repeated if kind is not None else {}).items()
        if change.before.member(source).has_secrets or change.after.member(source).has_secrets
        for path in others
    ]
    if not secret:
        return change
    inner = dict(change.raw.get("change") or {})
    for side, value in (("before", change.before), ("after", change.after)):
        shadow = value.sensitive
        for path in secret:
            shadow = _shaded(shadow, value, path)
        inner[f"{side}_sensitive"] = shadow
    return ResourceChange.load({**change.raw, "change": inner})


def _shaded(shadow: Any, value: PlanValue, path: str) -> Any:
    """Return a shadow that covers the member at ``a.b``, and the same member of every element of a list."""
    if shadow is True or not path:
        return True
    head, _, rest = path.partition(".")
    if value.is_list:
        given = shadow if isinstance(shadow, list) else []
        return [
            _shaded(given[at] if at < len(given) else False, element, path)
            for at, element in enumerate(value.elements())
        ]
    known = dict(shadow) if isinstance(shadow, Mapping) else {}
    return {**known, head: _shaded(known.get(head, False), value.member(head), rest)}
