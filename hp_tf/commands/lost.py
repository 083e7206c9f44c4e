"""`hptf lost`: what runs that were cut off lost, until it is found or the user says that it is gone."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from hp_tf.errors import BadInput
from hp_tf.recovery import ledger
from hp_tf.recovery.history import Orphan
from hp_tf.run.context import Resting


def lost(resting: Resting) -> list[Orphan]:
    """Return what is lost as far as the store knows, without what may never have been begun."""
    entries = ledger.read_all(resting.store)
    return [item for entry in entries if entry.over for item in entry.lost if item.certain]


def gone(resting: Resting, addresses: Collection[str]) -> None:
    """Close the matter of what was lost at some addresses: the user knows that it is gone, or what became of it.

    Raises:
        BadInput: for an address at which nothing was lost.
    """
    open_ones = {item.address for item in lost(resting)}
    unknown = sorted(set(addresses) - open_ones)
    if unknown:
        there = ", ".join(sorted(open_ones))
        raise BadInput(f"nothing was lost at {', '.join(unknown)}", hint=f"lost: {there}" if there else "nothing is")
    for entry in ledger.read_all(resting.store):
        left = tuple(item for item in entry.lost if item.address not in addresses)
        if entry.over and left != entry.lost:
            ledger.save(resting.store, replace(entry, lost=left))
