"""What becomes of what was lost: taken over, found beside what was made in its place, or open until somebody knows.

A creation that had no id when its run ended may have come through later, or was not shown yet when it was looked for:
then a plan makes a second one. So it is looked for again after each apply, less what states know, and named in every
plan until it is found, or until the user says that it is gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from hp_tf import codes
from hp_tf.addresses import layer_of
from hp_tf.aws.finding import fitting
from hp_tf.findings import Finding
from hp_tf.planning.planner import Planned
from hp_tf.recovery import ledger
from hp_tf.recovery.held import Held, States, attributes, import_ids
from hp_tf.recovery.history import Orphan
from hp_tf.run.context import Context
from hp_tf.terraform.plan import Plan


class _Look:
    """Looks for what was lost, by the values of what states hold in its place."""

    def __init__(self, context: Context, states: States, before: States, adopted: Iterable[str] = ()) -> None:
        self._context = context
        self._places = (states, before)
        self._held = Held(states)
        self._known = import_ids(states, context.resource_types)
        self._adopted = set(adopted)

    def settled(self, item: Orphan) -> bool:
        """Whether states hold what was lost; they may hold another one that was made in its place."""
        own_id = self._context.resource_types[item.type].own_id
        # Where the id is the provider's own, what was imported has another than what was made.
        if item.id is not None and not own_id:
            known = item.id in self._held.ids(item.address)
            if known:
                self._adopted.discard(item.address)
            return known
        if not self._held.ids(item.address):
            return False
        if item.address in self._adopted:
            # One that was found was one that was lost.
            self._adopted.remove(item.address)
            return True
        return own_id or self._context.resource_types[item.type].alone

    def found(self, item: Orphan) -> set[str]:
        """The ids of what fits and is in no state."""
        values = next((found for place in self._places if (found := attributes(place, item.address))), None)
        if values is None:
            return set()
        known = self._known.get(item.type, set())
        return fitting(self._context.resource_types[item.type], values, self._context.target.clients, known)


def settle(
    context: Context,
    layers: Collection[str],
    *,
    adopted: Iterable[str] = (),
    before: States,
    leaving: Collection[str] = (),
) -> None:
    """Close the matter for what states hold by now of layers that were just applied; look for the rest once more.

    Args:
        adopted: addresses at which something was taken over that had been looked for.
        before: the states before the apply.
        leaving: types of resources that are about to go with the cluster they are in.
    """
    entries = [
        entry
        for entry in ledger.read_all(context.store)
        if entry.over and any(layer_of(item.address) in layers for item in entry.lost)
    ]
    if not entries:
        return
    states = context.store.read_all({*context.contracts, *context.store.layers()})
    look = _Look(context, states, before, adopted)
    still = []
    # The newest first: it knows most.
    for entry in reversed(entries):
        left = []
        for item in entry.lost:
            now = _again(look, item) if layer_of(item.address) in layers else item
            if now is not None:
                left.append(now)
                still += [now] if layer_of(item.address) in layers and item.type not in leaving else []
        ledger.save(context.store, replace(entry, lost=tuple(left)))
    for finding in _findings(context, still, look):
        context.ui.say(str(finding))


def close(context: Context, types: Collection[str]) -> None:
    """Close the matter of everything lost of some types: the cluster that it was in is gone."""
    for entry in ledger.read_all(context.store):
        left = tuple(item for item in entry.lost if item.type not in types)
        if entry.over and left != entry.lost:
            ledger.save(context.store, replace(entry, lost=left))


def imported(plan: Plan | None) -> list[str]:
    """Return the addresses at which a plan takes something over."""
    return [change.address for change in plan.changes() if change.importing is not None] if plan is not None else []


def _again(look: _Look, item: Orphan) -> Orphan | None:
    """Return what is to be known of a lost resource after another look; None where the matter is closed."""
    if look.settled(item):
        return None
    found = look.found(item)
    if item.id in found:
        return replace(item, seen=True)
    if item.seen or (not item.certain and not found):
        return None
    if item.id is None and len(found) == 1:
        return replace(item, id=found.pop(), certain=True, seen=True)
    return item


def findings(context: Context, lost: Collection[Orphan], planned: Planned) -> list[Finding]:
    """Return a finding for everything lost that a plan does not take over."""
    if not lost:
        return []
    states = planned.prepared.reading.states
    look = _Look(context, states, {})
    # Of what is there and not well, more is said already.
    taken = {*imported(planned.plan), *(item.subject for item in planned.findings)}
    return _findings(context, [item for item in lost if item.address not in taken and not look.settled(item)], look)


def _findings(context: Context, lost: Iterable[Orphan], look: _Look) -> list[Finding]:
    found = []
    for item in {(item.address, item.id): item for item in lost if item.certain}.values():
        there = look.found(item)
        if item.seen and item.id not in there:
            continue
        own = context.command_line.of("lost", "--gone", item.address)
        what = f"made as {item.id}" if item.id is not None and not item.seen else "being made"
        text = f"{item.address} was {what} by the run {item.run or 'before'}, which was cut off, and "
        one = f"{item.type} {item.id}" if item.id is not None else f"one {item.type}"
        if there:
            ids = ", ".join(sorted(there))
            text += f"there is a second one by now that no state knows: {ids}"
            remedy = f"delete {ids} if nothing uses it; then say so: {own}"
        else:
            text += "has not been found; it may come to light yet"
            remedy = (
                f"look for {one} in {context.target.description}, and delete it if it is there and in no state; "
                f"then say so: {own}"
            )
        found.append(codes.CREATION_LOST.about(item.address, text, remedy))
    return found
