"""In which order the elements of a keyed list are sent, so that none of them gets what is another's. Pure.

The module keeps elements at their positions and fills gaps by name. That will do but for an attribute without a value
that means none: then an element must stand where there is no such attribute, or after all others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hp_tf.contract.base import Contract
from hp_tf.contract.keyed import KeyedList
from hp_tf.planning.list_elements import Elements, join, keyed_lists, leftovers
from hp_tf.terraform.plan import Action, Plan
from hp_tf.terraform.values import PlanValue

Orders = Mapping[str, Mapping[str, Sequence[str]]]
"""The names of a list's elements in an order, by layer and attribute."""


def orders(plan: Plan | None, contracts: Mapping[str, Contract]) -> Orders:
    """Return better orders than those of a plan, for the lists in which an element gets what is another's."""
    found: dict[str, dict[str, Sequence[str]]] = {}
    for change in plan.resource_changes if plan is not None else ():
        if plan is None or change.layer is None or change.action not in (Action.UPDATE, Action.NO_OP):
            continue
        for listed in keyed_lists(change, plan, contracts):
            better = order(listed)
            if better is not None:
                found.setdefault(change.layer, {})[listed.attribute] = better
    return found


def order(listed: Elements) -> list[str] | None:
    """Return an order in which every element gets what it is sent; None if the planned one does, or none is known.

    As many elements as can stay where they are planned: from there, paths are looked for along which the others find a
    place (Kuhn's algorithm).
    """
    names = [name for element in listed.after if (name := listed.name(element)) is not None]
    if listed.sent is None or sorted(names) != sorted(listed.sent.keys()):
        return None
    asked: dict[tuple[str, int], bool] = {}

    def fits(name: str, position: int) -> bool:
        key = name, position
        if key not in asked:
            was = listed.before[position] if position < len(listed.before) else PlanValue()
            asked[key] = not leftovers(listed, name, filled(listed.known, listed.sent_of(name), was))
        return asked[key]

    places = {position: name for position, name in enumerate(names) if fits(name, position)}
    if len(places) == len(names):
        return None

    def seat(name: str, tried: set[int]) -> bool:
        for position in range(len(names)):
            if position not in tried and fits(name, position):
                tried.add(position)
                if position not in places or seat(places[position], tried):
                    places[position] = name
                    return True
        return False

    if not all(seat(name, set()) for name in names if name not in places.values()):
        return None
    return [places[position] for position in range(len(names))]


def filled(known: KeyedList, sent: PlanValue, was: PlanValue, path: str = "") -> PlanValue:
    """Return what the provider plans of what is sent at the position of another element.

    What is left out it fills in from there, but for attributes with a value that means none, which then is sent.
    """
    if sent.is_null and path in known.clearing:
        return PlanValue()
    if was.is_object and (sent.is_null or sent.is_object):
        names = dict.fromkeys((*sent.keys(), *was.keys()))
        return PlanValue.of_members(
            {name: filled(known, sent.member(name), was.member(name), join(path, name)) for name in names}
        )
    if sent.is_list and was.is_list and any(item.is_object for item in sent.elements()):
        return PlanValue.of_elements(
            filled(known, item, was.element(at), path) for at, item in enumerate(sent.elements())
        )
    return was if sent.is_null else sent
