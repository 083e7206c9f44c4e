"""States that are less than what was written last: named, with the versions of them that the store has kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hp_tf import codes
from hp_tf.errors import BadInput, HptfError
from hp_tf.findings import Finding
from hp_tf.state import document, last_written
from hp_tf.state.document import State
from hp_tf.state.last_written import Written
from hp_tf.state.snapshot import Version
from hp_tf.state.stores import SUFFIX, CommandOf, Kept, Store

# As many versions are looked into: each is read.
_SHOWN = 5


@dataclass(frozen=True)
class Offer:
    """A version of a layer's state that can be brought back.

    state: None for an empty one. last: it is the one that was written last.
    """

    kept: Kept
    state: State | None
    last: bool

    def __str__(self) -> str:
        if self.state is None:
            return f"{self.kept.id} of {self.kept.at}: empty"
        serial, count = self.state.get("serial", 0), document.resources(self.state)
        which = ", the one written last" if self.last else ""
        return f"{self.kept.id} of {self.kept.at}: serial {serial}, {count} resources{which}"


def written_last(store: Store, layers: Iterable[str]) -> dict[str, Written]:
    """What was written last of layers, where that is known.

    To be read before the states: a run that writes meanwhile notes nothing that its states do not say already.
    """
    names = {layer: last_written.name(layer) for layer in layers}
    bodies = store.read_objects(names.values())
    found = {layer: Written.from_json(bodies[name]) for layer, name in names.items()}
    return {layer: written for layer, written in found.items() if written is not None}


def refuse_set_back(
    store: Store, written: Mapping[str, Written], states: Mapping[str, State | None], command: CommandOf
) -> None:
    """Refuse states that are less than what was written last.

    Args:
        command: how commands about their environment are typed.

    Raises:
        StatesSetBack: that names each, what was written, and what can be brought back.
    """
    how = {layer: note.set_back(states.get(layer)) for layer, note in written.items()}
    found = [_finding(store, layer, written[layer], why, command) for layer, why in how.items() if why is not None]
    if found:
        raise StatesSetBack(found)


def offers(store: Store, layer: str, written: Written | None) -> list[Offer]:
    """The newest versions of a layer's state, and which of them was written last."""
    found = []
    for kept in store.versions(layer)[:_SHOWN]:
        state = store.read_version(layer, kept.id)
        last = state is not None and written is not None and Version.of(state) == written.version
        found.append(Offer(kept, state, last))
    return found


class StatesSetBack(BadInput):
    """States are less than was written last. No file and no option is wrong, so a command fails by it as by AWS."""

    exit_code = HptfError.exit_code


def _finding(store: Store, layer: str, written: Written, why: str, command: CommandOf) -> Finding:
    text = f"the state of layer '{layer}', {store.describe()}/{layer}{SUFFIX}, {why}; the last one was {written}"
    own = ("--layer", layer)
    try:
        there = offers(store, layer, written)
        lines = [f"version {offer}" for offer in there]
        best = next((offer for offer in there if offer.last), next((o for o in there if o.state is not None), None))
        if best is not None:
            lines.append(f"bring one back: {command('state restore', *own, '--version', best.kept.id)}")
        else:
            lines.append(f"{store.describe()} has kept no version of it: bring it back from a backup")
    except HptfError as error:
        lines = [f"its versions could not be looked at: {error.message}"]
    lines.append(f"if it is right as it is: {command('state accept', *own)}")
    return codes.STATE_SET_BACK.about(layer, text, "\n  ".join(lines))
