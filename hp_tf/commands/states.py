"""`hptf state ...`: the place where states rest, whose they are, and a state brought back to what it was."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hp_tf.errors import BadInput, HptfError
from hp_tf.run.context import Resting
from hp_tf.state import document, last_written, owner, set_back
from hp_tf.state.locks import LockInfo
from hp_tf.state.set_back import Offer


def init(resting: Resting) -> list[str]:
    """Make the place where states rest as it should be, this environment's if it is nobody's; return what was done."""
    done = resting.store.set_up()
    if not resting.owner.require(resting.store, resting.command_line.of):
        resting.owner.claim(resting.store)
        done.append(f"noted that its states are those of {resting.owner}")
    return done


def claim(resting: Resting) -> bool:
    """Let the states be this environment's from now on; return whether they were not.

    Raises:
        BadInput: if they hold resources of another account or region.
    """
    before = owner.read(resting.store)
    if before == resting.owner:
        return False
    if before is not None and not before.same_place(resting.owner):
        live = [layer for layer in resting.store.layers() if document.has_resources(resting.store.read(layer))]
        if live:
            raise BadInput(
                f"the states in {resting.store.describe()} hold resources of {before} in {', '.join(live)}",
                hint="give this environment states of its own",
            )
    resting.owner.claim(resting.store)
    return True


def versions(resting: Resting, layer: str) -> list[Offer]:
    """Return the versions of a layer's state that can be brought back, the newest first."""
    return set_back.offers(resting.store, layer, set_back.written_last(resting.store, [layer]).get(layer))


def restore(resting: Resting, layer: str, version: str, *, approve: Callable[[str], bool]) -> bool:
    """Bring back a version of a layer's state; return whether that was approved.

    Args:
        approve: asked with what would take the place of what.

    Raises:
        LockHeld: if somebody holds the lock of the state.
        HptfError: if there is no such version, or it is empty.
    """
    with _locked(resting, layer, "state restore"):
        state = resting.store.read_version(layer, version)
        if state is None:
            raise HptfError(f"version {version} of the state of layer {layer} is empty", hint="name another one")
        now = resting.store.read(layer)
        old = "nothing" if now is None else _said(now)
        if not approve(f"{layer}: {_said(state)} takes the place of {old}"):
            return False
        resting.store.write(layer, state)
    return True


def accept(resting: Resting, layer: str) -> None:
    """Take the state of a layer for right as it is, whatever was written last."""
    with _locked(resting, layer, "state accept"):
        last_written.note(resting.store, layer, resting.store.read(layer))


def _said(state: document.State) -> str:
    return f"serial {state.get('serial', 0)} with {document.resources(state)} resources"


@contextmanager
def _locked(resting: Resting, layer: str, purpose: str) -> Iterator[None]:
    info = LockInfo.new("OperationTypeInvalid", info=f"hptf {purpose}")
    resting.store.lock(layer, info)
    try:
        yield
    finally:
        resting.store.unlock(layer, info.id)
