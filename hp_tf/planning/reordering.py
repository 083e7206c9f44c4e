"""Updates that are nothing but another order of a list.

The service may list the elements in an order of its own, and a provider that compares by position then plans an update
again and again. Whether one is wanted is read from what the module sends: it is not, if every element has all of that
already. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hp_tf import codes
from hp_tf.contract.base import Contract
from hp_tf.findings import Finding
from hp_tf.planning.list_elements import (
    LATER,
    Element,
    Elements,
    at,
    counterpart,
    filled,
    keyed_lists,
    known_part,
    plain,
)
from hp_tf.terraform.plan import Action, Plan, ResourceChange


@dataclass(frozen=True)
class Wanted:
    """What of a plan is wanted: the same for whoever shows it, asks about it or applies it.

    Attributes:
        plan: None where nothing would change. Updates that only reorder do nothing in it.
        has_changes: whether applying it would do anything.
        reordered: those updates, as Terraform sees them.
    """

    plan: Plan | None
    has_changes: bool
    reordered: tuple[ResourceChange, ...] = ()


def judge(plan: Plan | None, has_changes: bool, contracts: Mapping[str, Contract]) -> Wanted:
    """Return what of a plan is wanted.

    Args:
        has_changes: whether Terraform says that it would do anything.
    """
    found = [change for change in plan.resource_changes if _only_reorders(change, plan, contracts)] if plan else []
    if plan is None or not found:
        return Wanted(plan, has_changes)
    left = replace(
        plan,
        resource_changes=tuple(
            replace(change, action=Action.NO_OP) if change in found else change for change in plan.resource_changes
        ),
    )
    alone = not acts(left)
    return Wanted(None if alone else left, not alone, tuple(found))


def findings(reordered: Sequence[ResourceChange], *, has_changes: bool) -> list[Finding]:
    """Return a finding for every update that only reorders.

    Args:
        has_changes: whether there is something else to apply.
    """
    what = "sends them again with the other changes" if has_changes else "calls that an update, hptf does not apply it"
    text = "{address}: the service lists the groups in another order; Terraform {what}"
    return [
        codes.GROUPS_REORDERED.about(change.address, text.format(address=change.address, what=what))
        for change in reordered
    ]


def acts(plan: Plan) -> bool:
    """Return whether applying a plan does anything."""
    return bool(plan.changes()) or any(item.get("actions") != ["no-op"] for item in plan.outputs.values())


def as_sent(change: ResourceChange, plan: Plan, contracts: Mapping[str, Contract]) -> ResourceChange:
    """Return a change for people to look at, without what an element only seems to change.

    Where positions shift, what an element leaves out is unknown or gone in the plan; it is not sent, whichever it is.
    """
    if change.action is not Action.UPDATE or not all(isinstance(x, Mapping) for x in (change.before, change.after)):
        return change
    before, after = dict(change.before), dict(change.after)
    marks = dict(change.after_unknown) if isinstance(change.after_unknown, Mapping) else {}
    for listed in keyed_lists(change, plan, contracts):
        if listed.sent is not None and listed.after:
            kept = [_kept_in(listed, element) for element in listed.after]
            before[listed.attribute] = list(listed.before)
            after[listed.attribute] = known_part(kept)
            marks[listed.attribute] = _marks(kept)
    return replace(change, before=before, after=after, after_unknown=marks)


def _kept_in(listed: Elements, element: Element) -> Element:
    name = element.get(listed.known.key)
    own, sent = listed.own.get(name), (listed.sent or {}).get(str(name))
    if own is None or not isinstance(sent, Mapping):
        return element
    kept: Element = _kept(element, sent, own, listed.known.told_apart, "")
    return kept


def _kept(planned: Any, sent: Any, own: Any, told_apart: Mapping[str, Sequence[str]], path: str) -> Any:
    """What is planned, with what there was where nothing is sent."""
    if sent is None:
        return own if plain(known_part(planned)) is None else planned
    if isinstance(sent, Mapping) and isinstance(planned, Mapping):
        return {
            name: _kept(value, sent.get(name), at(own, name), told_apart, f"{path}.{name}" if path else name)
            for name, value in planned.items()
        }
    if isinstance(sent, list) and isinstance(planned, list) and len(sent) == len(planned) and path in told_apart:
        return [
            _kept(value, item, counterpart(item, own, told_apart[path]), told_apart, path)
            for value, item in zip(planned, sent, strict=True)
        ]
    return planned


def _marks(value: Any) -> Any:
    """Where in a value something is known only after apply, as a plan's JSON marks it."""
    if isinstance(value, Mapping):
        return {name: _marks(item) for name, item in value.items()}
    return list(map(_marks, value)) if isinstance(value, list) else value is LATER


def _only_reorders(change: ResourceChange, plan: Plan, contracts: Mapping[str, Contract]) -> bool:
    if change.action is not Action.UPDATE or change.importing is not None or change.moved:
        return False
    lists = list(keyed_lists(change, plan, contracts))
    if not lists or not isinstance(change.before, Mapping) or not isinstance(change.after, Mapping):
        return False
    aside = {listed.attribute for listed in lists}.union(*(listed.known.computed_beside for listed in lists))
    after = filled(change.after, change.after_unknown)
    others = {*change.before, *after} - aside
    return all(change.before.get(name) == after.get(name) for name in others) and all(map(_has_all_that_is_sent, lists))


def _has_all_that_is_sent(listed: Elements) -> bool:
    """Whether the elements there are, by key, are those that are sent, and hold every value that is sent."""
    if not listed.before and not listed.after:
        return True
    if listed.sent is None:
        return False
    sides = [[element.get(listed.known.key) for element in side] for side in (listed.before, listed.after)]
    if any(len(side) != len(listed.sent) or set(side) != set(listed.sent) for side in sides):
        return False
    return all(_holds(listed.own[name], sent, listed.known.told_apart, "") for name, sent in listed.sent.items())


def _holds(own: Any, sent: Any, told_apart: Mapping[str, Sequence[str]], path: str) -> bool:
    """Whether a value has all that is sent for it; what is not sent, the service keeps."""
    if isinstance(sent, Mapping) and isinstance(own, Mapping):
        return all(
            _holds(own.get(name), value, told_apart, f"{path}.{name}" if path else name) for name, value in sent.items()
        )
    if isinstance(sent, list) and isinstance(own, list) and path in told_apart:
        mine = [counterpart(item, own, told_apart[path]) for item in sent]
        return len(sent) == len(own) and all(
            _holds(item, value, told_apart, path) for item, value in zip(mine, sent, strict=True)
        )
    return plain(sent) is None or bool(plain(own) == plain(sent))
