"""A change of keyed lists as people should see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hp_tf.contract.base import Contract
from hp_tf.planning.list_elements import Elements, counterpart, is_empty, join, keyed_lists
from hp_tf.terraform.plan import Action, Plan, ResourceChange
from hp_tf.terraform.values import PlanValue


def as_sent(change: ResourceChange, plan: Plan, contracts: Mapping[str, Contract]) -> ResourceChange:
    """Return a change for people to look at, without what an element only seems to change.

    Where positions shift, what an element leaves out is unknown in the plan, and what means none is sent for it.
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
    """What is planned, with what there was where nothing is known or nothing was."""
    if sent.is_null:
        return own if planned.is_unknown or (is_empty(own) and is_empty(planned)) else planned
    if sent.is_object and planned.is_object:
        return PlanValue.of_members(
            {
                name: _kept(value, sent.member(name), own.member(name), told_apart, join(path, name))
                for name, value in planned.members()
            }
        )
    if sent.is_list and planned.is_list and len(sent.value) == len(planned.value) and path in told_apart:
        return PlanValue.of_elements(
            _kept(value, item, counterpart(item, own, told_apart[path]), told_apart, path)
            for value, item in zip(planned.elements(), sent.elements(), strict=True)
        )
    return planned
