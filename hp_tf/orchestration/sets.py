"""Which layers a run is over, and the values it takes from layers outside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hp_tf.contracts.base import Contract, nullable
from hp_tf.environment.model import Environment
from hp_tf.environment.wiring import Wiring
from hp_tf.environment.words import no_layer
from hp_tf.errors import BadInput, Problem
from hp_tf.orchestration.roots import Leaving, Members, outside


@dataclass(frozen=True)
class Selection:
    """What the user asked a run to be about.

    Parameters
    ----------
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
    chosen: Selection,
) -> Members:
    """Return the set of a run.

    Parameters
    ----------
    live: layers whose state holds resources.

    Raises BadInput for layers that do not exist or that this environment does not have.
    """
    problems = []
    for name in (*chosen.layers, *sorted(chosen.remove)):
        if name not in contracts:
            problems.append(no_layer(name, contracts))
        elif name not in wiring.order and name not in live:
            mode = environment.layers[name].mode if name in environment.layers else "disabled"
            problems.append(Problem(f"layer '{name}' is {mode} in {environment.id} and has no resources"))
    strange = sorted(set(live) - set(contracts))
    if strange:
        problems.append(
            Problem(
                f"the store holds resources of {', '.join(strange)}, which this version of hptf does not know",
                hint="use the version that made them, or another state prefix",
            )
        )
    if problems:
        raise BadInput(problems)
    present = tuple(name for name in wiring.order if not chosen.layers or name in chosen.layers)
    leaving: dict[str, Leaving] = {}
    # Consumers leave before what they consume: contract order reversed.
    for name in reversed(list(contracts)):
        if name in live and name not in wiring.order and (not chosen.layers or name in chosen.layers):
            configured = environment.layers.get(name)
            leaving[name] = "forget" if configured is not None and configured.mode == "existing" else "destroy"
    return Members(present, leaving)


def refuse_leaving(members: Members, chosen: Selection) -> None:
    """Raise BadInput if layers would leave the environment unasked."""
    unasked = [name for name in members.leaving if name not in chosen.remove]
    if unasked:
        raise BadInput(
            [
                Problem(
                    f"layer '{name}' has resources but is not created by this environment any more: "
                    f"they would be {'forgotten' if members.leaving[name] == 'forget' else 'destroyed'}",
                    hint=f"add --remove-layer {name} if that is meant",
                )
                for name in unasked
            ]
        )


def refuse_live_consumers(wiring: Wiring, members: Collection[str], live: Collection[str]) -> None:
    """Raise BadInput if a layer to be destroyed feeds a layer that stays and has resources."""
    problems = []
    for name in members:
        staying = [consumer for consumer in wiring.consumers(name) if consumer in live and consumer not in members]
        if staying:
            problems.append(
                Problem(
                    f"layer '{name}' is used by {', '.join(sorted(staying))}, which would stay",
                    hint="add " + " ".join(f"--layer {item}" for item in sorted(staying)),
                )
            )
    if problems:
        raise BadInput(problems)


def literals(
    members: Sequence[str],
    wiring: Wiring,
    contracts: Mapping[str, Contract],
    *,
    kubernetes: bool,
    outputs: Callable[[str], Mapping[str, Any] | None],
    lookup: Callable[[str], Mapping[str, Any]],
    fallback: Callable[[str], Mapping[str, Any] | None] = lambda layer: None,
) -> dict[tuple[str, str], Any]:
    """Return the values the set takes from outside, by (producer, output).

    Parameters
    ----------
    outputs: a created layer's outputs at rest, None unless its last run completed.
    lookup: an existing layer's looked-up outputs.
    fallback: outputs recorded before an interrupted destroy.

    Raises BadInput naming every producer that cannot give its values.
    """
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
            found = outputs(producer)
            if found is None:
                found = fallback(producer)
            info = contracts[producer].outputs.model_fields[output]
            if found is None or (found.get(output) is None and not nullable(info)):
                missing.setdefault(producer, set()).add(consumer or "a provider")
            else:
                values[producer, output] = found.get(output)
    if missing:
        raise BadInput(
            [
                Problem(
                    f"layer '{producer}' is not applied completely, and {', '.join(sorted(users))} needs its outputs",
                    hint=f"add --layer {producer}, or run over all layers"
                    if producer in wiring.order
                    else f"enable {producer} again, or describe it under layers.{producer}.existing",
                )
                for producer, users in missing.items()
            ]
        )
    return values
