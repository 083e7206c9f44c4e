"""Keyed lists as the service has them: read before a plan, and once more before it is applied."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from hp_tf import codes
from hp_tf.contract.base import Contract
from hp_tf.contract.clients import says_absent
from hp_tf.contract.keyed import KeyedList
from hp_tf.contract.resources.base import ResourceType
from hp_tf.errors import HptfError
from hp_tf.findings import Finding
from hp_tf.planning.positions import Orders
from hp_tf.run.context import Context
from hp_tf.state import document
from hp_tf.terraform.plan import Action, Plan

Lists = Mapping[str, Mapping[str, Sequence[Mapping[str, Any]]]]
"""The elements of keyed lists in the service's order, by layer and attribute."""


def read(context: Context, layers: Sequence[str], states: Mapping[str, Any], imported: Mapping[str, str]) -> Lists:
    """Return the keyed lists of the resources that there are.

    Args:
        imported: import ids of resources that are in no state yet, by address.

    Raises:
        HptfError: if the service does not say.
    """
    found: dict[str, Mapping[str, Sequence[Mapping[str, Any]]]] = {}
    for layer in layers:
        for kind in context.contracts[layer].resources:
            identity = _identity(layer, kind.type, states.get(layer), imported) if kind.live is not None else None
            if identity is not None:
                found[layer] = _read(context, kind, identity)
    return found


def _identity(layer: str, kind: str, state: Any, imported: Mapping[str, str]) -> str | None:
    known = [identity for _, type_name, identity in document.addresses(state) if type_name == kind and identity]
    taken = [identity for address, identity in imported.items() if address.startswith(f"module.{layer}.{kind}.")]
    return next(iter([*known, *taken]), None)


def _read(context: Context, kind: ResourceType, identity: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    from botocore.exceptions import BotoCoreError, ClientError

    if kind.live is None:
        return {}
    try:
        attributes = kind.live.read(context.target.clients, identity)
    except ClientError as error:
        if says_absent(error):
            return {}
        raise HptfError(f"reading {identity}: {error}") from error
    except BotoCoreError as error:
        raise HptfError(f"reading {identity}: {error}") from error
    return {name: attributes.get(name) or [] for name in kind.keyed_lists}


def inputs(contracts: Mapping[str, Contract], lists: Lists, orders: Orders) -> dict[tuple[str, str], str]:
    """Return what modules are told of the lists, by (layer, input): names, sizes, and what may have to go."""
    found = {}
    for layer, held in lists.items():
        for kind in contracts[layer].resources:
            if kind.live is None or not held:
                continue
            told: dict[str, Any] = {
                name: [_told(kind.keyed_lists[name], element) for element in elements]
                for name, elements in held.items()
            }
            if orders.get(layer):
                told["order"] = {name: list(names) for name, names in orders[layer].items()}
            found[layer, kind.live.input] = json.dumps(told, sort_keys=True)
    return found


def _told(known: KeyedList, element: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for path in (known.key, *([known.size] if known.size else ()), *known.kept, *known.clearing):
        held: Any = element
        for name in path.split("."):
            held = held.get(name) if isinstance(held, Mapping) else None
        if held not in (None, "", [], {}):
            inner = found
            *above, last = path.split(".")
            for name in above:
                inner = inner.setdefault(name, {})
            inner[last] = held
    return found


def moved(context: Context, plan: Plan | None, lists: Lists, states: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield a finding for every resource that a plan updates and whose lists somebody changed since they were read.

    The provider sends lists whole: what was added meanwhile would be deleted, and a size be taken back.
    """
    updated = {
        (change.layer, change.type): change.address
        for change in (plan.changes() if plan is not None else ())
        if change.action is Action.UPDATE and change.layer in lists
    }
    for (layer, type_name), address in updated.items():
        kind = context.resource_types[type_name]
        if layer is None or kind.live is None:
            continue
        now = read(context, [layer], states, {}).get(layer, {})
        told = [
            line
            for name, known in kind.keyed_lists.items()
            for line in _differences(name, known, lists[layer].get(name, ()), now.get(name, ()))
        ]
        if told:
            text = f"{address} was changed by somebody else since it was planned: {'; '.join(told)}"
            remedy = f"look at `{context.command_line.of('plan')}` and apply again"
            yield codes.CHANGED_MEANWHILE.about(address, text, remedy)


def _differences(
    attribute: str, known: KeyedList, before: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    was, there = ({element[known.key]: _without(element, known.computed) for element in side} for side in (before, now))
    for name in dict.fromkeys((*was, *there)):
        place = f'{attribute}["{name}"]'
        if name not in there:
            yield f"{place} is gone"
        elif name not in was:
            yield f"{place} is new"
        else:
            changed = [key for key in sorted({*was[name], *there[name]}) if was[name].get(key) != there[name].get(key)]
            if changed:
                yield f"{place}: {', '.join(changed)}"


def _without(element: Mapping[str, Any], paths: Sequence[str]) -> dict[str, Any]:
    found = dict(element)
    for path in paths:
        head, _, rest = path.partition(".")
        if rest and isinstance(found.get(head), Mapping):
            found[head] = _without(found[head], [rest])
        elif not rest:
            found.pop(head, None)
    return found
