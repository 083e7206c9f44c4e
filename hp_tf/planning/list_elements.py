"""Updates of a list's elements that would not do what the plan shows.

A provider that plans a list by position shows two things as plain updates that are none: a change of what the service
fixes when an element is made, which it refuses at apply; and an attribute that one element leaves out, which takes what
stood at its position, be it the element's own. What an element leaves out is what the file does not want of it: the
plan says so, in the layer's output of the list's name. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
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
        sent: what the file wants, an object of all elements by their key; None where the plan does not say.
        last: what it wanted when the state was written.
        remove: gives the command that takes one element away; None where there is none.
    """

    attribute: str
    known: KeyedList
    shown: str
    before: Sequence[PlanValue]
    after: Sequence[PlanValue]
    sent: PlanValue | None
    last: PlanValue
    remove: Callable[[str], str] | None = None

    @property
    def own(self) -> Mapping[str | None, PlanValue]:
        """The elements as they were, by name."""
        return {self.name(element): element for element in self.before}

    def name(self, element: PlanValue) -> str | None:
        """Return what an element has for key, None as long as that is unknown."""
        return element.member(self.known.key).text

    def sent_of(self, name: str | None) -> PlanValue:
        """Return what the file wants of one element; a missing value where it wants nothing, or nobody knows."""
        return self.sent.member(name) if self.sent is not None and name is not None else PlanValue()

    def last_of(self, name: str) -> PlanValue:
        """Return what the file wanted of one element before."""
        return self.last.member(name)


def keyed_lists(change: ResourceChange, plan: Plan, contracts: Mapping[str, Contract]) -> Iterator[Elements]:
    """Yield the keyed lists of a resource that is updated."""
    contract = contracts.get(change.layer or "")
    for kind in contract.resources if contract is not None and change.mode == "managed" else ():
        for attribute, known in kind.keyed_lists.items() if kind.type == change.type else ():
            output = plan.outputs.get(variable_name(change.layer or "", attribute)) or {}
            sent = PlanValue.after(output)
            yield Elements(
                attribute,
                known,
                f"{change.address} {attribute}",
                _elements(change.before, attribute, known),
                _elements(change.after, attribute, known),
                sent if sent.is_object else None,
                PlanValue.before(output),
                partial(kind.live.remove, change.before.known) if kind.live is not None else None,
            )


def refusals(plan: Plan | None, contracts: Mapping[str, Contract]) -> list[Finding]:
    """Return why a plan must not be applied; empty if nothing speaks against it."""
    return [
        problem
        for change in (plan.resource_changes if plan is not None else ())
        # What an element has and nobody sends any more is no change to Terraform.
        if plan is not None and change.action in (Action.UPDATE, Action.NO_OP)
        for listed in keyed_lists(change, plan, contracts)
        for problem in _problems(listed)
    ]


def losses(plan: Plan | None, contracts: Mapping[str, Contract]) -> list[Finding]:
    """Return what updates delete with the elements that they take away or make smaller."""
    return [
        finding
        for change in (plan.changes() if plan is not None else ())
        if plan is not None and change.action is Action.UPDATE
        for listed in keyed_lists(change, plan, contracts)
        if not change.after.member(listed.attribute).is_unknown
        for finding in _lost(listed)
    ]


def _lost(listed: Elements) -> Iterator[Finding]:
    staying = {listed.name(element): element for element in listed.after}
    for name, element in listed.own.items():
        later = staying.get(name)
        said = listed.known.lost(element.known, later.known if later else None) if listed.known.lost else None
        if said is not None:
            code = codes.GROUP_DELETED if later is None else codes.GROUP_SHRUNK
            yield code.about(str(name), said, f"if that is meant, apply with --allow {code}={name}")


def _problems(listed: Elements) -> Iterator[Finding]:
    for position, element in enumerate(listed.after):
        name = listed.name(element)
        if name is None:
            continue
        own, sent = listed.own.get(name), listed.sent_of(name)
        fixed = _fixed(listed, name, own, element, sent) if own is not None else {}
        yield from fixed.values()
        if sent.is_null:
            if listed.sent is not None:
                yield _last_of_its_kind(listed, name)
            continue
        for path in leftovers(listed, name, element):
            if path not in fixed:
                yield _taken_over(listed, name, path, position)


def leftovers(listed: Elements, name: str, planned: PlanValue) -> tuple[str, ...]:
    """Return the paths at which an element would have what is another's, or what it was rid of."""
    own, last = listed.own.get(name) or PlanValue(), listed.last_of(name)
    return tuple(dict.fromkeys(_taken(listed.known, planned, listed.sent_of(name), own, last, "")))


def _fixed(listed: Elements, name: str, own: PlanValue, element: PlanValue, sent: PlanValue) -> dict[str, Finding]:
    """What there is to say of one element, the same before and after, by the attribute that cannot change."""
    found = {}
    for attribute, advice in listed.known.create_only.items():
        planned = element.member(attribute)
        # Neither sent by the module nor taken from a position: it only seems to change.
        if sent.is_object and sent.member(attribute).is_null and is_empty(planned):
            continue
        if plain(own.member(attribute)) != plain(planned):
            text = f'{listed.shown}["{name}"].{attribute} would change, and the service fixes it at creation'
            subject = f"{name}.{attribute}"
            allow = f"where the service takes it by now, apply with --allow {codes.UPDATE_REFUSED}={subject}"
            found[attribute] = codes.UPDATE_REFUSED.about(subject, text, f"{advice}; {allow}")
    return found


def _last_of_its_kind(listed: Elements, name: str) -> Finding:
    text = f'{listed.shown}["{name}"] is not in the file and would stay: a list that is left out is not sent'
    remedy = "keep one element in the list; what cannot do without it needs a resource of its own"
    return codes.UPDATE_REFUSED.about(f"{name}", text, remedy)


def _taken(
    known: KeyedList, planned: PlanValue, sent: PlanValue, own: PlanValue, last: PlanValue, path: str
) -> Iterator[str]:
    """Yield what is planned and not sent, unless the element had it already without being sent it."""
    if sent.is_null:
        left = _without_nothing(known, planned, path)
        was_said = not is_empty(last) and path not in known.kept
        if not is_empty(left) and (was_said or _compact(left.known) != plain(own)):
            yield path
    elif sent.is_object and planned.is_object:
        for name, value in planned.members():
            inner = (sent.member(name), own.member(name), last.member(name))
            yield from _taken(known, value, *inner, join(path, name))
    elif sent.is_list and planned.is_list and plain(sent) != plain(planned):
        if len(sent.elements()) != len(planned.elements()):
            yield path
            return
        for item, value in zip(sent.elements(), planned.elements(), strict=True):
            was, said = (counterpart(item, held, known.told_apart.get(path)) for held in (own, last))
            yield from _taken(known, value, item, was, said, path)


def _without_nothing(known: KeyedList, planned: PlanValue, path: str) -> PlanValue:
    """What is planned, less what makes the provider send nothing."""
    if path in known.clearing and planned.value == known.clearing[path]:
        return PlanValue()
    if planned.is_object:
        return PlanValue.of_members(
            {name: _without_nothing(known, value, join(path, name)) for name, value in planned.members()}
        )
    return planned


def join(path: str, name: str) -> str:
    """Return the path of a member."""
    return f"{path}.{name}" if path else name


def _taken_over(listed: Elements, name: str, path: str, position: int) -> Finding:
    other = listed.name(listed.before[position]) if position < len(listed.before) else name
    stays = listed.known.stays.get(path)
    remedy = stays or "give it a value"
    if name in listed.own and stays is None:
        remedy += ", or give the group another name: that makes a new group and deletes the old one"
    if other == name:
        whose = "what stands there now: the provider sends nothing that takes it away"
    else:
        whose = f'that of "{other}", which stands at its position in the list'
        if other is not None and other not in map(listed.name, listed.after) and listed.remove is not None:
            remedy = f"delete {other} by itself, then plan again: {listed.remove(other)}"
    text = f'{listed.shown}["{name}"].{path} would become {whose}'
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
