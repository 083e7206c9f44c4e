"""Updates of a list's elements that would not do what the plan shows.

A provider that plans a list by position shows two things as plain updates that are none: a change of what the service
fixes when an element is made, which it refuses at apply; and an attribute that one element leaves out, which takes what
stood at its position. What an element leaves out is what the module does not send of it: the plan says so, in the
layer's output of the list's name. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hp_tf import codes
from hp_tf.contract.base import Contract
from hp_tf.contract.keyed import KeyedList
from hp_tf.findings import Finding
from hp_tf.planning.root import variable_name
from hp_tf.terraform.plan import Action, Plan, ResourceChange
from hp_tf.terraform.values import PlanValue

_LATER = object()


@dataclass(frozen=True)
class Elements:
    """A keyed list in an update, without what only the service sets.

    Attributes:
        shown: its address, for people.
        before, after: its elements, in their order.
        sent: what the module sends, an object of all elements by their key; None where the plan does not say.
    """

    attribute: str
    known: KeyedList
    shown: str
    before: Sequence[PlanValue]
    after: Sequence[PlanValue]
    sent: PlanValue | None

    @property
    def own(self) -> Mapping[str | None, PlanValue]:
        """The elements as they were, by name."""
        return {self.name(element): element for element in self.before}

    def name(self, element: PlanValue) -> str | None:
        """Return what an element has for key, None as long as that is unknown."""
        return element.member(self.known.key).text

    def sent_of(self, name: str | None) -> PlanValue:
        """Return what the module sends of one element; a missing value where it sends nothing, or nobody knows."""
        return self.sent.member(name) if self.sent is not None and name is not None else PlanValue()


def keyed_lists(change: ResourceChange, plan: Plan, contracts: Mapping[str, Contract]) -> Iterator[Elements]:
    """Yield the keyed lists of a resource that is updated."""
    contract = contracts.get(change.layer or "")
    for place, known in contract.keyed_lists.items() if contract is not None else ():
        kind, _, attribute = place.partition(".")
        if kind == change.type and contract is not None:
            sent = PlanValue.after(plan.outputs.get(variable_name(contract.name, attribute)) or {})
            yield Elements(
                attribute,
                known,
                f"{change.address} {attribute}",
                _elements(change.before, attribute, known),
                _elements(change.after, attribute, known),
                sent if sent.is_object else None,
            )


def refusals(plan: Plan | None, also: Sequence[ResourceChange], contracts: Mapping[str, Contract]) -> list[Finding]:
    """Return why a plan must not be applied; empty if nothing speaks against it.

    Args:
        also: updates that Terraform carries out with it, though the plan does not have them.
    """
    return [
        problem
        for change in ((*plan.changes(), *also) if plan is not None else ())
        if plan is not None and change.action is Action.UPDATE
        for listed in keyed_lists(change, plan, contracts)
        for problem in _problems(listed)
    ]


def deletions(plan: Plan | None, contracts: Mapping[str, Contract]) -> list[Finding]:
    """Return what updates delete with the elements they take away."""
    return [
        finding
        for change in (plan.changes() if plan is not None else ())
        if plan is not None and change.action is Action.UPDATE
        for listed in keyed_lists(change, plan, contracts)
        if not change.after.member(listed.attribute).is_unknown
        for finding in _deleted(listed)
    ]


def _deleted(listed: Elements) -> Iterator[Finding]:
    staying = set(map(listed.name, listed.after))
    for name, element in listed.own.items():
        if listed.known.deleted is not None and name not in staying:
            yield codes.GROUP_DELETED.about(str(name), listed.known.deleted(element.known))


def _problems(listed: Elements) -> Iterator[Finding]:
    old = listed.own
    for position, element in enumerate(listed.after):
        name = listed.name(element)
        if name is None:
            continue
        own, sent = old.get(name), listed.sent_of(name)
        if own is not None:
            yield from _fixed(listed, name, own, element, sent)
        if sent.is_null:
            continue
        other = listed.name(listed.before[position]) if position < len(listed.before) else name
        for path in dict.fromkeys(_taken(listed.known, element, sent, own or PlanValue(), "")):
            if path not in listed.known.create_only or own is None:
                yield _taken_over(listed, name, path, other)


def _fixed(listed: Elements, name: str, own: PlanValue, element: PlanValue, sent: PlanValue) -> Iterator[Finding]:
    """Attributes of one element, the same before and after, that cannot change."""
    for attribute, advice in listed.known.create_only.items():
        planned = element.member(attribute)
        # Neither sent by the module nor taken from a position: it only seems to change.
        if sent.is_object and sent.member(attribute).is_null and is_empty(planned):
            continue
        if plain(own.member(attribute)) != plain(planned):
            text = f'{listed.shown}["{name}"].{attribute} would change, and the service fixes it at creation'
            subject = f"{name}.{attribute}"
            allow = f"where the service takes it by now, apply with --allow {codes.UPDATE_REFUSED}={subject}"
            yield codes.UPDATE_REFUSED.about(subject, text, f"{advice}; {allow}")


def _taken(known: KeyedList, planned: PlanValue, sent: PlanValue, own: PlanValue, path: str) -> Iterator[str]:
    """Yield what is planned, not sent, and not the element's own from before."""
    if sent.is_null:
        if not is_empty(planned) and _compact(planned.known) != plain(own):
            yield path
    elif sent.is_object and planned.is_object:
        for name, value in planned.members():
            yield from _taken(known, value, sent.member(name), own.member(name), f"{path}.{name}" if path else name)
    elif sent.is_list and planned.is_list and plain(sent) != plain(planned):
        if len(sent.elements()) != len(planned.elements()):
            yield path
            return
        for item, value in zip(sent.elements(), planned.elements(), strict=True):
            yield from _taken(known, value, item, counterpart(item, own, known.told_apart.get(path)), path)


def _taken_over(listed: Elements, name: str, path: str, other: str | None) -> Finding:
    remedy = "give it a value, or put what is new last; where neither helps, give the group another name"
    whose = "another element"
    if other != name:
        remedy = (
            "give it a value; or keep the positions: name a new element so that it sorts last, and let one that is to "
            "go stay with count 0"
        )
        whose = f'"{other}"'
    text = f'{listed.shown}["{name}"].{path} would become that of {whose}, which stood at its position in the list'
    return codes.VALUE_TAKEN_OVER.about(f"{name}.{path}", text, remedy)


def counterpart(sent: PlanValue, own: PlanValue, told_apart: Sequence[str] | None) -> PlanValue:
    """Return the element of a list inside an element that one which is sent is about; a missing value if it is new.

    Args:
        own: the list as it was.
        told_apart: as in `KeyedList`.
    """

    def is_it(item: PlanValue) -> bool:
        if told_apart is None:
            return bool(plain(item) == plain(sent))
        # The service may answer nothing where false was sent.
        return all((plain(item.at(path)) or None) == (plain(sent.at(path)) or None) for path in told_apart)

    return next(filter(is_it, own.elements()), PlanValue())


def is_empty(value: PlanValue) -> bool:
    """Return whether nothing of a value is known, be it that there is nothing."""
    return _compact(value.known) is None


def plain(value: PlanValue) -> Any:
    """Return a value to compare: without nulls and what is empty, lists in one order; None if nothing is left."""
    return _compact(value.put(unknown=_LATER))


def _compact(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {key: item for key, held in data.items() if (item := _compact(held)) is not None} or None
    if isinstance(data, list):
        items = [item for held in data if (item := _compact(held)) is not None]
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True, default=str)) or None
    return data


def _elements(value: PlanValue, attribute: str, known: KeyedList) -> list[PlanValue]:
    found = []
    for element in value.member(attribute).elements():
        for path in known.computed:
            element = element.without(path)
        found.append(element)
    return found
