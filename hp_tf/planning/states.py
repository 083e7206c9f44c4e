"""What the states of an environment hold at one moment, and what the layers of a set take from it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from hp_tf.contract.roles import KubernetesApi
from hp_tf.planning import endpoint_barrier
from hp_tf.planning.root import Selection, outside
from hp_tf.run.context import Context
from hp_tf.state import document, markers
from hp_tf.state.locks import patiently
from hp_tf.state.set_back import refuse_set_back, written_last
from hp_tf.state.snapshot import Reading, read, refuse_unreadable


def read_states(
    context: Context, concerned: Callable[[frozenset[str]], Iterable[str]] | None = None
) -> tuple[Reading, frozenset[str]]:
    """Return the states of all layers at one moment, and which of them hold resources.

    Args:
        concerned: chooses, by the layers that hold resources, those whose locks matter; all by default.

    Waits for locks that are held, as long as the command was told to.

    Raises:
        LockHeld: after that.
    """

    def chosen(states: Mapping[str, document.State | None]) -> Iterable[str]:
        return states if concerned is None else concerned(live_layers(states))

    with context.stop.at_once():
        written = written_last(context.store, context.contracts)
        reading = patiently(
            lambda: read(context.store, context.contracts, concerned=chosen, others=True),
            context.lock_wait,
            on_wait=context.say_waiting,
        )
    refuse_set_back(context.store, written, reading.states, context.command_line.of)
    version = ".".join(str(part) for part in context.terraform.version)
    refuse_unreadable(reading.states, context.terraform.product, version)
    return reading, live_layers(reading.states)


def live_layers(states: Mapping[str, document.State | None]) -> frozenset[str]:
    """Return the layers that hold resources; data that was read does not count."""
    return frozenset(name for name, state in states.items() if document.has_resources(state))


def concerned_by(context: Context, members: Selection) -> frozenset[str]:
    """Return the layers whose states a set writes or reads: its own, and those that give it values."""
    kubernetes = any(KubernetesApi in context.contracts[name].requires for name in members.all)
    producers = {producer for producer, _, _ in outside(members.present, context.wiring, kubernetes=kubernetes)}
    return frozenset(producers.union(members.all))


def outputs_of(context: Context, reading: Reading, *, destroying: bool) -> Callable[[str], Mapping[str, Any] | None]:
    """Return what gives a layer's outputs, None if nothing does.

    It is its state, if that is complete; where a destroy or a removal failed, what was kept before it.
    """

    # The store is asked once for a layer, however many of its outputs are wanted.
    @cache
    def outputs(layer: str) -> Mapping[str, Any] | None:
        state = reading.states.get(layer)
        found: Mapping[str, document.Output] | None = None
        if markers.complete(context.store, layer, state):
            found = document.outputs(state)
        elif destroying or layer not in context.wiring.order:
            found = markers.kept_outputs(context.store, layer)
        return None if found is None else {name: item.value for name, item in found.items()}

    return outputs


def providers_of(reading: Reading, members: Selection) -> set[str]:
    """Return the providers that a set's resources need, as a root requires them, whatever registry they came from."""
    sources = {source for name in members.all for source in document.providers(reading.states.get(name))}
    return {source.split("/", 1)[1] if source.count("/") == 2 else source for source in sources}


def talks_to_cluster(context: Context, present: Sequence[str], providers: Collection[str]) -> bool:
    """Return whether a root of these layers and providers must be told how to reach the cluster."""
    installing = any(KubernetesApi in context.contracts[name].requires for name in present)
    return installing or not endpoint_barrier.IN_CLUSTER.isdisjoint(providers)
