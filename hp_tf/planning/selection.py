"""Which layers a run is over, and the values it takes from layers outside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hp_tf import codes
from hp_tf.contract.base import Contract, nullable
from hp_tf.contract.roles import KubernetesApi, provider_of
from hp_tf.environment.messages.words import no_layer
from hp_tf.environment.model import Environment
from hp_tf.environment.wiring import Wiring
from hp_tf.errors import BadInput
from hp_tf.findings import Finding
from hp_tf.planning.root import Leaving, Selection, outside
from hp_tf.run.command_line import CommandLine
from hp_tf.state.document import State, has_resources, needed_layers


@dataclass(frozen=True)
class LayerOptions:
    """What the user asked a run to be about.

    Attributes:
        layers: exactly these; all if empty.
        remove: layers that may leave the environment (their resources destroyed, or forgotten if they became existing).
    """

    layers: tuple[str, ...] = ()
    remove: frozenset[str] = field(default_factory=frozenset)


def choose(
    environment: Environment,
    wiring: Wiring,
    contracts: Mapping[str, Contract],
    live: Collection[str],
    chosen: LayerOptions,
) -> Selection:
    """Return the set of a run.

    Args:
        live: layers whose state holds resources.

    Raises:
        BadInput: for layers that do not exist or that this environment does not have.
    """
    problems = []
    for name in (*chosen.layers, *sorted(chosen.remove)):
        if name not in contracts:
            problems.append(no_layer(name, contracts))
        elif name not in wiring.order and name not in live:
            mode = environment.layers[name].mode if name in environment.layers else "disabled"
            text = f"layer '{name}' is {mode} in {environment.id} and has no resources"
            problems.append(codes.LAYER_NOT_HERE.about(name, text))
    strange = sorted(set(live) - set(contracts))
    if strange:
        what = ", ".join(strange)
        text = f"the store holds resources of {what}, which this version of hptf does not know"
        remedy = "use the version that made them, or another state prefix"
        problems.append(codes.LAYER_OF_ANOTHER_VERSION.about(what, text, remedy))
    if problems:
        raise BadInput(problems)
    present = tuple(name for name in wiring.order if not chosen.layers or name in chosen.layers)
    leaving: dict[str, Leaving] = {}
    for name in reversed(list(contracts)):
        if name in live and name not in wiring.order and (not chosen.layers or name in chosen.layers):
            configured = environment.layers.get(name)
            leaving[name] = "forget" if configured is not None and configured.mode == "existing" else "destroy"
    return Selection(present, leaving)


def leaving(members: Selection) -> list[Finding]:
    """Return a finding for every layer that leaves the environment."""
    return [
        codes.LAYER_LEAVES.about(
            name,
            f"layer '{name}' has resources but is not created by this environment any more: they would be "
            f"{'forgotten' if how == 'forget' else 'destroyed'}",
            f"if that is meant, apply with --remove-layer {name}",
        )
        for name, how in members.leaving.items()
    ]


def existing_ones_destroyed(members: Selection, command_line: CommandLine) -> list[Finding]:
    """Return a finding for every layer under a destroy that exists for others now: those must never be deleted."""
    return [
        codes.EXISTING_DESTROYED.about(
            name,
            f"layer '{name}' became existing, and destroying would delete what its state still holds",
            "let it be forgotten first: " + command_line.of("apply", "--layer", name, "--remove-layer", name),
        )
        for name, how in members.leaving.items()
        if how == "forget"
    ]


def consumers_that_stay(
    wiring: Wiring,
    contracts: Mapping[str, Contract],
    members: Selection,
    states: Mapping[str, State | None],
    *,
    destroy: bool,
) -> list[Finding]:
    """Return a finding for every layer that would be destroyed under one outside the set that may use it.

    Args:
        states: of all layers. What a layer was made with is in its state, whatever the file says now.
        destroy: whether all layers of the set are destroyed, or only those that leave.
    """
    gone = [name for name in members.all if destroy or members.leaving.get(name) == "destroy"]
    staying = [name for name, state in states.items() if name not in members.all and has_resources(state)]
    found = []
    for name in gone:
        users = sorted(
            other
            for other in staying
            if other in wiring.consumers(name)
            or name in needed_layers(states[other])
            or _may_use(other, name, wiring, contracts)
        )
        if users:
            leaving = [] if destroy else [user for user in users if user not in wiring.order]
            named = [f"--layer {user}" for user in users] + [f"--remove-layer {user}" for user in leaving]
            remedy = f"{'apply with' if leaving else 'add'} {' '.join(named)}"
            if destroy and not set(users) & set(wiring.consumers(name)):
                remedy += f"; to let {name} go alone, disable it in the file and apply with --remove-layer {name}"
            text = f"layer '{name}' is used by {', '.join(users)}, which would stay"
            found.append(codes.CONSUMER_STAYS.about(name, text, remedy))
    return found


def destroyed_before(
    members: Selection, wiring: Wiring, contracts: Mapping[str, Contract], *, destroy: bool
) -> dict[str, frozenset[str]]:
    """Return, for each layer of a set that is destroyed, those that must not go before it though no reference says so.

    A layer without a module block has no references, and one that was applied alone was given its producers' outputs as
    literals: for such pairs the contract says what the one may have been made with.

    Args:
        destroy: whether all layers of the set are destroyed, or only those that leave.
    """
    kept = {name for name, how in members.leaving.items() if how == "forget"}
    found = {
        name: frozenset(
            other for other in members.all if other not in kept and _may_use(name, other, wiring, contracts)
        )
        for name in (members.all if destroy else members.leaving)
    }
    return {name: producers for name, producers in found.items() if producers}


def possible_producers(contract: Contract, contracts: Mapping[str, Contract]) -> frozenset[str]:
    """Return the layers that a layer may have been made with, whatever the file says of it now."""
    found = {wire.layer for _, wire in contract.wires() if wire.when in ("always", "created")}
    api = provider_of(KubernetesApi, contracts.values()) if KubernetesApi in contract.requires else None
    return frozenset(found if api is None else {*found, api.layer})


def _may_use(consumer: str, producer: str, wiring: Wiring, contracts: Mapping[str, Contract]) -> bool:
    """Whether one layer may have been made with another, of a pair with one that left: no wiring says so."""
    wired = consumer in wiring.order and producer in wiring.order
    return not wired and producer in possible_producers(contracts[consumer], contracts)


def literals(
    members: Sequence[str],
    wiring: Wiring,
    contracts: Mapping[str, Contract],
    *,
    kubernetes: bool,
    outputs: Callable[[str], Mapping[str, Any] | None],
    lookup: Callable[[str], Mapping[str, Any]],
    destroying: bool,
    failed: Callable[[str], Sequence[str]],
) -> dict[tuple[str, str], Any]:
    """Return the values the set takes from outside, by (producer, output).

    Args:
        outputs: gives a created layer's outputs; None unless its last run completed.
        lookup: an existing layer's looked-up outputs.
        failed: what is known to have failed in a layer that is not complete.

    Raises:
        BadInput: naming every producer that cannot give its values.
    """
    values, missing = _outside_values(members, wiring, contracts, kubernetes, outputs, lookup)
    if missing:
        raise BadInput(
            [
                _incomplete(producer, users, failed(producer), _way_to_outputs(producer, wiring, destroying))
                for producer, users in missing.items()
            ]
        )
    return values


def _incomplete(producer: str, users: Collection[str], failed: Sequence[str], way: str) -> Finding:
    why = f" (what failed last: {'; '.join(failed)})" if failed else ""
    return codes.PRODUCER_INCOMPLETE.about(
        producer,
        f"layer '{producer}' is not applied completely, and {', '.join(sorted(users))} needs its outputs{why}",
        f"put right what failed, in the file or in AWS; then {way}" if failed else way,
    )


def _way_to_outputs(producer: str, wiring: Wiring, destroying: bool) -> str:
    if producer not in wiring.order:
        return f"enable {producer} again, or describe it under layers.{producer}.existing"
    if destroying:
        # Adding the layer here would destroy it.
        return f"apply {producer} first, or destroy all layers"
    return f"add --layer {producer}, or run over all layers"


def with_silent_producers(
    members: Selection,
    wiring: Wiring,
    contracts: Mapping[str, Contract],
    *,
    live: Collection[str],
    kubernetes: Callable[[Sequence[str]], bool],
    outputs: Callable[[str], Mapping[str, Any] | None],
    lookup: Callable[[str], Mapping[str, Any]],
) -> Selection:
    """Return the set of a destroy with those producers that have neither resources nor outputs to give.

    After an apply that failed early there are such, and what was made beside them must still be planned: as modules
    they give unknown values, and nothing of them is there to destroy.
    """
    present = members.present
    while True:
        _, missing = _outside_values(present, wiring, contracts, kubernetes(present), outputs, lookup)
        silent = {name for name in missing if name not in live}
        if not silent:
            return Selection(present, members.leaving)
        present = tuple(name for name in wiring.order if name in present or name in silent)


def _outside_values(
    members: Sequence[str],
    wiring: Wiring,
    contracts: Mapping[str, Contract],
    kubernetes: bool,
    outputs: Callable[[str], Mapping[str, Any] | None],
    lookup: Callable[[str], Mapping[str, Any]],
) -> tuple[dict[tuple[str, str], Any], dict[str, set[str]]]:
    """The values from outside the set, and the producers that cannot give theirs, with those who need them."""
    values: dict[tuple[str, str], Any] = {}
    missing: dict[str, set[str]] = {}
    given = {
        (binding.wire.layer, binding.wire.output): binding
        for bindings in (*wiring.bindings.values(), wiring.kubernetes)
        for binding in bindings.values()
        if binding.wire is not None
    }
    for producer, output, consumer in outside(members, wiring, kubernetes=kubernetes):
        binding = given[producer, output]
        if binding.kind == "given":
            values[producer, output] = binding.value
        elif binding.kind == "lookup":
            values[producer, output] = lookup(producer)[output]
        else:
            held = outputs(producer)
            value = None if held is None else held.get(output)
            if value is None and (held is None or not nullable(contracts[producer].outputs.model_fields[output])):
                missing.setdefault(producer, set()).add(consumer or "a provider")
            else:
                values[producer, output] = value
    return values, missing
