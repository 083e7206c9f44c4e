"""Updates of a list's elements that would not do what the plan shows.

A provider that plans a list by position shows two things as plain updates that are none: a change of what the service
fixes when an element is made, which it refuses at apply; and an attribute that one element leaves out, which takes what
the element that stood at its position had. Pure; a contract says which attributes these are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hp_tf.contracts.base import Contract
from hp_tf.environment.model import Environment
from hp_tf.errors import Problem
from hp_tf.terraform.plan import Action, Plan, ResourceChange

Element = Mapping[str, Any]


def refusals(plan: Plan | None, environment: Environment, contracts: Mapping[str, Contract]) -> list[Problem]:
    """Return why a plan must not be applied; empty if nothing speaks against it."""
    return [
        problem
        for change in (plan.changes() if plan is not None else ())
        if change.action is Action.UPDATE and (contract := contracts.get(change.layer or "")) is not None
        for problem in _change(change, environment, contract)
    ]


def notes(problems: Sequence[Problem]) -> tuple[str, ...]:
    """Return the same as sentences for whoever looks at the plan."""
    return tuple(f"apply will refuse this: {problem.message}; {problem.hint}" for problem in problems)


def _change(change: ResourceChange, environment: Environment, contract: Contract) -> Iterator[Problem]:
    for place, key in contract.keyed_lists.items():
        kind, _, attribute = place.partition(".")
        if kind != change.type:
            continue
        before = _elements(change.before, attribute)
        after = _elements(change.after, attribute)
        unknown = change.after_unknown if isinstance(change.after_unknown, Mapping) else {}
        holes = unknown.get(attribute)
        old = {element.get(key): element for element in before}
        config = environment.layers.get(contract.name)
        given = {item.get("name"): item for item in (config.inputs.get(attribute) or () if config else ())}
        for at, element in enumerate(after):
            name = element.get(key)
            if not isinstance(name, str):
                continue
            own = old.get(name)
            shown = f'{change.address} {attribute}["{name}"]'
            if own is not None:
                hole = holes[at] if isinstance(holes, list) and at < len(holes) else {}
                yield from _fixed(shown, own, element, hole, contract.create_only.get(place, {}))
            if at < len(before) and before[at].get(key) != name:
                optional = contract.optional.get(place, {})
                left_out = [path for path, sent in optional.items() if name in given and not sent(given[name])]
                yield from _taken_over(shown, before[at], own or {}, element, left_out, str(before[at].get(key)))


def _fixed(
    shown: str, own: Element, element: Element, unknown: Any, create_only: Mapping[str, str]
) -> Iterator[Problem]:
    """Attributes of one element, the same before and after, that cannot change."""
    for attribute, advice in create_only.items():
        open_value = unknown is True or (isinstance(unknown, Mapping) and _any(unknown.get(attribute)))
        if open_value or _plain(own.get(attribute)) != _plain(element.get(attribute)):
            yield Problem(f"{shown}.{attribute} would change, and the service fixes it at creation", hint=advice)


def _taken_over(
    shown: str, other: Element, own: Element, element: Element, left_out: Sequence[str], name: str
) -> Iterator[Problem]:
    """Attributes one element leaves out and takes from another, which stood at its position."""
    found = [
        path
        for path in left_out
        if (value := _plain(_at(element, path))) is not None
        and value == _plain(_at(other, path))
        and value != _plain(_at(own, path))
    ]
    for path in found:
        if not any(path.startswith(f"{shorter}.") for shorter in found):
            yield Problem(
                f'{shown}.{path} would become that of "{name}", which stood at its position in the list',
                hint="give it a value; or keep the positions: name a new element so that it sorts last, and let one "
                "that is to go stay with count 0",
            )


def _elements(value: Any, attribute: str) -> list[Element]:
    found = value.get(attribute) if isinstance(value, Mapping) else None
    return [item if isinstance(item, Mapping) else {} for item in found] if isinstance(found, list) else []


def _at(value: Any, path: str) -> Any:
    """Return what stands at ``a.b``; from a list, of every element."""
    head, _, rest = path.partition(".")
    if isinstance(value, list):
        return [_at(item, path) for item in value]
    found = value.get(head) if isinstance(value, Mapping) else None
    return _at(found, rest) if rest else found


def _plain(value: Any) -> Any:
    """Return a value to compare: without nulls and what is empty, lists in one order; None if nothing is left."""
    if isinstance(value, Mapping):
        return {key: item for key, held in value.items() if (item := _plain(held)) is not None} or None
    if isinstance(value, list):
        items = [item for held in value if (item := _plain(held)) is not None]
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True)) or None
    return value


def _any(unknown: Any) -> bool:
    if isinstance(unknown, Mapping):
        return any(map(_any, unknown.values()))
    return any(map(_any, unknown)) if isinstance(unknown, list) else bool(unknown)
