"""What states hold, to tell what is in none of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.recovery.history import Orphan
from hp_tf.state import document
from hp_tf.state.document import State

States = Mapping[str, State | None]


class Held:
    """The ids that states hold, deposed objects' too, by address.

    Attributes:
        states: by layer.
        gone: what they may still hold of old, as (address, id): it was deleted, or is being replaced.
    """

    def __init__(self, states: States, gone: Collection[tuple[str, str | None]] = ()) -> None:
        self._ids: dict[str, set[str | None]] = {}
        for state in states.values():
            for address, _, identity in document.addresses(state):
                place = address.partition(document.DEPOSED)[0]
                if (place, identity) not in gone:
                    self._ids.setdefault(place, set()).add(identity)

    def ids(self, address: str) -> set[str | None]:
        """What is held at an address."""
        return self._ids.get(address, set())

    def has(self, item: Orphan) -> bool:
        """Whether a resource is held; where an id is not known, any object at its address is taken for it."""
        ids = self.ids(item.address)
        return item.id in ids or None in ids or (item.id is None and bool(ids))


def import_ids(states: States, types: ResourceTypes) -> dict[str, set[str]]:
    """Return the import ids of all that states hold, by resource type."""
    known: dict[str, set[str]] = {}
    for state in states.values():
        for resource in document.managed(state):
            for instance in resource.get("instances") or ():
                identity = types[resource["type"]].import_id_held(instance.get("attributes") or {})
                if identity is not None:
                    known.setdefault(resource["type"], set()).add(identity)
    return known


def attributes(states: States, address: str) -> Mapping[str, Any] | None:
    """Return the attributes of what states hold at an address; None if that is nothing."""
    for state in states.values():
        for place, instance in document.instances(state):
            if place == address:
                return instance.get("attributes") or {}
    return None
