"""What a plan's JSON does not say of its lists: which are sets, and which are matched by a name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hp_tf.contract.base import Contract

Names = tuple[str, ...]


def keyed(contracts: Mapping[str, Contract]) -> Callable[[str, Names], str | None]:
    """Return the predicate that names the attribute a list's elements are matched by, from the contracts."""
    table = {
        tuple(place.split(".")): known.key
        for contract in contracts.values()
        for place, known in contract.keyed_lists.items()
    }
    return lambda kind, names: table.get((kind, *names))
