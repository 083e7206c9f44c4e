"""`hptf unlock`: free the locks of a run that is dead, of all its layers at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from hp_tf.errors import HptfError
from hp_tf.run import journal
from hp_tf.run.context import Resting
from hp_tf.state.locks import LockInfo


def locks(resting: Resting, layers: Collection[str] = ()) -> dict[str, LockInfo]:
    """Return who holds which layer's lock; of all layers if none is named."""
    found = {
        layer: resting.store.holder(layer)
        for layer, presence in resting.store.survey().items()
        if presence.locked and (not layers or layer in layers)
    }
    return {layer: holder for layer, holder in found.items() if holder is not None}


def lines(resting: Resting, held: Mapping[str, LockInfo]) -> list[str]:
    """Return a line about each run that holds locks, and one that frees them."""
    found = []
    for holder in dict.fromkeys(held.values()):
        layers = ", ".join(layer for layer, other in held.items() if other.id == holder.id)
        found += [f"{layers}: held by {holder}", f"  {resting.store.held(layers, holder).if_dead}"]
    return list(dict.fromkeys(found))


def unlock(resting: Resting, lock_id: str, layers: Collection[str] = ()) -> list[str]:
    """Free every lock that bears an id, and return their layers.

    Args:
        layers: only of these; of all if empty.

    Raises:
        HptfError: if no lock bears it, or if the run that took them is on record here and not over.
    """
    held = locks(resting, layers)
    concerned = [layer for layer, holder in held.items() if holder.id == lock_id]
    if not concerned:
        there = "; ".join(f"{layer} by {holder.id}" for layer, holder in held.items())
        raise HptfError(
            f"no lock in {resting.store.describe()} bears the id {lock_id}",
            hint=f"locked: {there}" if there else "nothing is locked there",
        )
    _refuse_unfinished(resting, lock_id)
    for layer in concerned:
        resting.store.unlock(layer, lock_id)
    return concerned


def _refuse_unfinished(resting: Resting, lock_id: str) -> None:
    """Raise HptfError for a lock of a run of this machine: what it has not written is safe behind it."""
    run = next((run for run in journal.unfinished(resting.work) if run.lock_id == lock_id), None)
    if run is None:
        return
    if run.status == journal.RUNNING and run.alive():
        raise HptfError(
            f"the run {run.id} holds these locks, and works (process {run.pid})",
            hint=f"wait for it, or stop it: kill -INT {run.pid}",
        )
    raise HptfError(
        f"the run {run.id} of this machine holds these locks, and what it left is not all written down",
        hint=f"this finishes it and frees them: {resting.command_line.of('plan')}",
    )
