"""Updates that are nothing but another order of a list.

The service may list the elements in an order of its own, and a provider that compares by position then plans an update
again and again. Whether one is wanted is read from what the module sends: it is not, if every element has all of that
already. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from hp_tf.contract.base import Contract
from hp_tf.planning.list_elements import Elements, counterpart, is_empty, keyed_lists, plain
from hp_tf.terraform.plan import Action, Plan, ResourceChange
from hp_tf.terraform.values import PlanValue


@dataclass(frozen=True)
class Wanted:
    """What of a plan is wanted: the same for whoever shows it, asks about it or applies it.

    Attributes:
        plan: None where nothing would change. Updates that only reorder do nothing in it.
        has_changes: whether applying it would do anything.
        reordered: those updates, as Terraform sees them.
        notes: what to say of them.
    """

    plan: Plan | None
    has_changes: bool
    reordered: tuple[ResourceChange, ...] = ()
    notes: tuple[str, ...] = ()


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
    what = "calls that an update, hptf does not apply it" if alone else "sends them again with the other changes"
    notes = (f"{change.address}: the service lists the groups in another order; Terraform {what}" for change in found)
    return Wanted(None if alone else left, not alone, tuple(found), tuple(notes))


def acts(plan: Plan) -> bool:
    """Return whether applying a plan does anything."""
    return bool(plan.changes()) or any(item.get("actions") != ["no-op"] for item in plan.outputs.values())


def as_sent(change: ResourceChange, plan: Plan, contracts: Mapping[str, Contract]) -> ResourceChange:
    """Return a change for people to look at, without what an element only seems to change.

    Where positions shift, what an element leaves out is unknown or gone in the plan; it is not sent, whichever it is.
    """
    if change.action is not Action.UPDATE or not (change.before.is_object and change.after.is_object):
        return change
    before, after = dict(change.before.members()), dict(change.after.members())
    for listed in keyed_lists(change, plan, contracts):
        if listed.sent is not None and listed.after:
            before[listed.attribute] = PlanValue.of_elements(listed.before)
            after[listed.attribute] = PlanValue.of_elements(_kept_in(listed, element) for element in listed.after)
    return replace(change, before=PlanValue.of_members(before), after=PlanValue.of_members(after))


def _kept_in(listed: Elements, element: PlanValue) -> PlanValue:
    name = listed.name(element)
    own, sent = listed.own.get(name), listed.sent_of(name)
    return element if own is None or not sent.is_object else _kept(element, sent, own, listed.known.told_apart, "")


def _kept(
    planned: PlanValue, sent: PlanValue, own: PlanValue, told_apart: Mapping[str, Sequence[str]], path: str
) -> PlanValue:
    """What is planned, with what there was where nothing is sent."""
    if sent.is_null:
        return own if is_empty(planned) else planned
    if sent.is_object and planned.is_object:
        return PlanValue.of_members(
            {
                name: _kept(value, sent.member(name), own.member(name), told_apart, f"{path}.{name}" if path else name)
                for name, value in planned.members()
            }
        )
    if sent.is_list and planned.is_list and len(sent.value) == len(planned.value) and path in told_apart:
        return PlanValue.of_elements(
            _kept(value, item, counterpart(item, own, told_apart[path]), told_apart, path)
            for value, item in zip(planned.elements(), sent.elements(), strict=True)
        )
    return planned


def _only_reorders(change: ResourceChange, plan: Plan, contracts: Mapping[str, Contract]) -> bool:
    if change.action is not Action.UPDATE or change.importing is not None or change.moved:
        return False
    lists = list(keyed_lists(change, plan, contracts))
    if not lists or not (change.before.is_object and change.after.is_object):
        return False
    aside = {listed.attribute for listed in lists}.union(*(listed.known.computed_beside for listed in lists))
    others = {*change.before.keys(), *change.after.keys()} - aside
    return all(_is_kept(change, name) for name in others) and all(map(_has_all_that_is_sent, lists))


def _is_kept(change: ResourceChange, name: str) -> bool:
    before, after = change.before.member(name), change.after.member(name)
    return before == after or (before.is_null and after.is_null)


def _has_all_that_is_sent(listed: Elements) -> bool:
    """Whether the elements there are, by key, are those that are sent, and hold every value that is sent."""
    if not listed.before and not listed.after:
        return True
    if listed.sent is None:
        return False
    names = set(listed.sent.keys())
    sides = [list(map(listed.name, side)) for side in (listed.before, listed.after)]
    if any(len(side) != len(names) or set(side) != names for side in sides):
        return False
    return all(_holds(listed.own[name], sent, listed.known.told_apart, "") for name, sent in listed.sent.members())


def _holds(own: PlanValue, sent: PlanValue, told_apart: Mapping[str, Sequence[str]], path: str) -> bool:
    """Whether a value has all that is sent for it; what is not sent, the service keeps."""
    if sent.is_object and own.is_object:
        return all(
            _holds(own.member(name), value, told_apart, f"{path}.{name}" if path else name)
            for name, value in sent.members()
        )
    if sent.is_list and own.is_list and path in told_apart:
        mine = [counterpart(item, own, told_apart[path]) for item in sent.elements()]
        return len(sent.value) == len(own.value) and all(
            _holds(item, value, told_apart, path) for item, value in zip(mine, sent.elements(), strict=True)
        )
    return plain(sent) is None or bool(plain(own) == plain(sent))
