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
from itertools import zip_longest
from typing import Any, Final

from hp_tf import codes
from hp_tf.contract.base import Contract
from hp_tf.contract.keyed import KeyedList
from hp_tf.findings import Finding
from hp_tf.planning.root import variable_name
from hp_tf.terraform.plan import Action, Plan, ResourceChange

Element = Mapping[str, Any]


class _Later:
    """A value that is known only after apply. There is one: LATER."""


LATER: Final = _Later()


@dataclass(frozen=True)
class Elements:
    """A keyed list in an update, without what only the service sets. What is known only after apply is ``LATER``.

    Attributes:
        shown: its address, for people.
        before, after: its elements, in their order.
        sent: what the module sends of every element, by key; None where the plan does not say.
    """

    attribute: str
    known: KeyedList
    shown: str
    before: Sequence[Element]
    after: Sequence[Element]
    sent: Mapping[str, Any] | None

    @property
    def own(self) -> Mapping[Any, Element]:
        """The elements as they were, by key."""
        return {element.get(self.known.key): element for element in self.before}


def keyed_lists(change: ResourceChange, plan: Plan, contracts: Mapping[str, Contract]) -> Iterator[Elements]:
    """Yield the keyed lists of a resource that is updated."""
    contract = contracts.get(change.layer or "")
    for place, known in contract.keyed_lists.items() if contract is not None else ():
        kind, _, attribute = place.partition(".")
        if kind == change.type and contract is not None:
            output = plan.outputs.get(variable_name(contract.name, attribute)) or {}
            sent = filled(output.get("after"), output.get("after_unknown", False))
            after = filled(change.after, change.after_unknown)
            yield Elements(
                attribute,
                known,
                f"{change.address} {attribute}",
                _elements(change.before, attribute, known),
                _elements(after, attribute, known),
                sent if isinstance(sent, Mapping) else None,
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


def deletions(plan: Plan | None, contracts: Mapping[str, Contract]) -> tuple[str, ...]:
    """Return what updates delete with the elements they take away, as sentences for whoever looks at the plan."""
    return tuple(
        sentence
        for change in (plan.changes() if plan is not None else ())
        if plan is not None and change.action is Action.UPDATE
        for listed in keyed_lists(change, plan, contracts)
        if not _is_later(change, listed.attribute)
        for sentence in _deleted(listed)
    )


def notes(problems: Sequence[Finding]) -> tuple[str, ...]:
    """Return the same as sentences for whoever looks at the plan."""
    return tuple(f"apply will refuse this: {problem.message}; {problem.remedy}" for problem in problems)


def _is_later(change: ResourceChange, attribute: str) -> bool:
    """Whether nothing of a list is known before apply, not even which elements it has."""
    return isinstance(change.after_unknown, Mapping) and change.after_unknown.get(attribute) is True


def _deleted(listed: Elements) -> Iterator[str]:
    staying = {element.get(listed.known.key) for element in listed.after}
    if listed.known.deleted is not None:
        yield from (listed.known.deleted(element) for name, element in listed.own.items() if name not in staying)


def _problems(listed: Elements) -> Iterator[Finding]:
    key, old = listed.known.key, listed.own
    for position, element in enumerate(listed.after):
        name = element.get(key)
        if not isinstance(name, str):
            continue
        own, sent = old.get(name), (listed.sent or {}).get(name)
        if own is not None:
            yield from _fixed(listed, name, own, element, sent)
        if sent is None:
            continue
        other = listed.before[position].get(key) if position < len(listed.before) else name
        for path in dict.fromkeys(_taken(listed.known, element, sent, own, "")):
            if path not in listed.known.create_only or own is None:
                yield _taken_over(listed, name, path, other)


def _fixed(listed: Elements, name: str, own: Element, element: Element, sent: Any) -> Iterator[Finding]:
    """Attributes of one element, the same before and after, that cannot change."""
    for attribute, advice in listed.known.create_only.items():
        planned = element.get(attribute)
        # Neither sent by the module nor taken from a position: it only seems to change.
        if isinstance(sent, Mapping) and sent.get(attribute) is None and plain(known_part(planned)) is None:
            continue
        if plain(own.get(attribute)) != plain(planned):
            text = f'{listed.shown}["{name}"].{attribute} would change, and the service fixes it at creation'
            yield codes.UPDATE_REFUSED.about(f"{name}.{attribute}", text, advice)


def _taken(known: KeyedList, planned: Any, sent: Any, own: Any, path: str) -> Iterator[str]:
    """Yield what is planned, not sent, and not the element's own from before."""
    if sent is None:
        held = plain(known_part(planned))
        if held is not None and held != plain(own):
            yield path
    elif isinstance(sent, Mapping) and isinstance(planned, Mapping):
        for name, value in planned.items():
            yield from _taken(known, value, sent.get(name), at(own, name), f"{path}.{name}" if path else name)
    elif isinstance(sent, list) and isinstance(planned, list) and plain(sent) != plain(planned):
        if len(sent) != len(planned):
            yield path
            return
        for item, value in zip(sent, planned, strict=True):
            yield from _taken(known, value, item, counterpart(item, own, known.told_apart.get(path)), path)


def _taken_over(listed: Elements, name: str, path: str, other: Any) -> Finding:
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


def counterpart(sent: Any, own: Any, told_apart: Sequence[str] | None) -> Any:
    """Return the element of a list inside an element that one which is sent is about; None if it is new.

    Args:
        own: the list as it was.
        told_apart: as in `KeyedList`.
    """

    def is_it(item: Any) -> bool:
        if told_apart is None:
            return bool(plain(item) == plain(sent))
        # The service may answer nothing where false was sent.
        return all((at(item, path) or None) == (at(sent, path) or None) for path in told_apart)

    return next(filter(is_it, own), None) if isinstance(own, list) else None


def at(value: Any, path: str) -> Any:
    """Return what stands at ``a.b``; None where there is nothing."""
    head, _, rest = path.partition(".")
    found = value.get(head) if isinstance(value, Mapping) else None
    return at(found, rest) if rest else found


def known_part(value: Any) -> Any:
    """Return a value with nulls for what is known only after apply."""
    if isinstance(value, Mapping):
        return {key: known_part(item) for key, item in value.items()}
    if isinstance(value, list):
        return [known_part(item) for item in value]
    return None if value is LATER else value


def plain(value: Any) -> Any:
    """Return a value to compare: without nulls and what is empty, lists in one order; None if nothing is left."""
    if isinstance(value, Mapping):
        return {key: item for key, held in value.items() if (item := plain(held)) is not None} or None
    if isinstance(value, list):
        items = [item for held in value if (item := plain(held)) is not None]
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True, default=str)) or None
    return value


def filled(value: Any, unknown: Any) -> Any:
    """Return a value of a plan's JSON with LATER where its mark of unknown values says so."""
    if unknown is True:
        return LATER
    if isinstance(unknown, Mapping) and isinstance(value, Mapping):
        return {key: filled(value.get(key), unknown.get(key)) for key in dict.fromkeys([*value, *unknown])}
    if isinstance(unknown, list) and isinstance(value, list):
        return [filled(item, mark) for item, mark in zip_longest(value, unknown[: len(value)])]
    return value


def _elements(value: Any, attribute: str, known: KeyedList) -> list[Element]:
    found = value.get(attribute) if isinstance(value, Mapping) else None
    return [_without(item, known.computed) for item in found] if isinstance(found, list) else []


def _without(element: Any, paths: Sequence[str]) -> Element:
    left = dict(element) if isinstance(element, Mapping) else {}
    for path in paths:
        head, _, rest = path.partition(".")
        if rest and isinstance(left.get(head), Mapping):
            left[head] = _without(left[head], [rest])
        elif not rest:
            left.pop(head, None)
    return left
