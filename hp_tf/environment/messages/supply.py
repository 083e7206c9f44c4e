"""What no layer supplies, in words: who needs it, and the ways to have it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from hp_tf import codes
from hp_tf.contract.base import Contract, Wired
from hp_tf.environment.messages.words import listed
from hp_tf.environment.mistakes import Mistake
from hp_tf.environment.model import Environment
from hp_tf.environment.tree import Path
from hp_tf.findings import Code

KUBERNETES_INPUT = "kubernetes."
# More inputs than these nobody gives by hand.
BY_HAND = 3


@dataclass(frozen=True)
class Lack:
    """An input that must have a value and that nothing supplies.

    Attributes:
        wires: the outputs it could be taken from.
        layer, input: whose it is.
        why: a clause, where that is not plain.
    """

    wires: tuple[Wired, ...]
    layer: str
    input: str
    why: str = ""


def unsupplied(lacks: Iterable[Lack], environment: Environment, contracts: Mapping[str, Contract]) -> Iterator[Mistake]:
    """Yield each missing output once, with all who suffer it; a missing layer with all its outputs."""
    by_output: dict[tuple[str, str], list[Lack]] = {}
    by_layer: dict[str, list[Lack]] = {}
    for lack in lacks:
        # The source that would most plainly have supplied it.
        fitting = [wire for wire in lack.wires if wire.when in ("always", _mode(wire.layer, environment))]
        wire = (fitting or list(lack.wires))[0]
        by_output.setdefault((wire.layer, wire.output), []).append(lack)
    for (layer, _), users in by_output.items():
        if _mode(layer, environment) in ("disabled", "absent"):
            by_layer.setdefault(layer, []).extend(users)
    for layer, users in by_layer.items():
        yield _missing_layer(layer, users, environment)
    for (layer, output), users in by_output.items():
        if layer not in by_layer:
            yield _missing_output(layer, output, users, environment, contracts[layer])


def _missing_layer(layer: str, users: list[Lack], environment: Environment) -> Mistake:
    disabled = _mode(layer, environment) == "disabled"
    why = "is not created" if disabled else "does not exist with this orchestrator"
    ways = [f"enable {layer}", f"describe it under layers.{layer}.existing"] if disabled else []
    ways.append(_by_hand(users) or f"disable {listed(_layers(users))}")
    text = f"the layer {layer} {why}, but {_who(users)} {_need(users)} its outputs{_why(users)}"
    return _mistake(codes.LAYER_MISSING, environment, ("layers", layer, "enabled"), layer, text, listed(ways, "or"))


def _missing_output(
    layer: str, output: str, users: list[Lack], environment: Environment, contract: Contract
) -> Mistake:
    source, own = f"{layer}.{output}", _by_hand(users)
    if _mode(layer, environment) == "created":
        text = f"{_who(users)} {_need(users)} a value: {source} supplies it only if {layer} exists already"
        return _mistake(codes.VALUE_MISSING, environment, ("layers", users[0].layer), source, text, own)
    text = f"layers.{layer}.existing lacks {output}, which {_who(users, output)} {_need(users)}{_why(users)}"
    remedy = f"add {output} to it{own and f', or {own}'}"
    ways = ways_to_find(contract, output, environment.layers[layer].existing)
    if ways is not None:
        remedy = f"add {ways}, and hptf looks {output} up; or add {output} itself"
    return _mistake(codes.OUTPUT_MISSING, environment, ("layers", layer, "existing"), source, text, remedy)


def ways_to_find(contract: Contract, output: str, given: Collection[str]) -> str | None:
    """Return what a file may add to an existing layer for hptf to look an output up; None if it cannot."""
    if contract.lookup is None or output not in contract.lookup.fills:
        return None
    ways = [[one for one in names if one not in given] for names in contract.lookup.ways if output not in names]
    return listed([listed(way) for way in ways], "or")


def _mistake(code: Code, environment: Environment, path: Path, subject: str, text: str, remedy: str) -> Mistake:
    return Mistake(text, environment.place(path), remedy or None, code, subject, path)


def _mode(layer: str, environment: Environment) -> str:
    """Return a layer's mode, or ``absent`` where the orchestrator has no such layer."""
    return environment.layers[layer].mode if layer in environment.layers else "absent"


def _layers(users: Iterable[Lack]) -> list[str]:
    return list(dict.fromkeys(user.layer for user in users))


def _who(users: list[Lack], output: str = "") -> str:
    """Return who needs something: each layer once, with the inputs it is for unless they are called like the output."""
    found = []
    for layer in _layers(users):
        inputs = [user.input for user in users if user.layer == layer]
        own = [name for name in inputs if not name.startswith(KUBERNETES_INPUT)]
        own += ["to reach the cluster"] if len(own) < len(inputs) else []
        found.append(layer if own == [output] else f"{layer} ({', '.join(own)})")
    return listed(found)


def _by_hand(users: list[Lack]) -> str:
    """Say that the inputs are to be given by value; empty if one of them cannot be, or if they are many."""
    if len(users) > BY_HAND or any(user.input.startswith(KUBERNETES_INPUT) for user in users):
        return ""
    return f"give {listed([f'layers.{user.layer}.{user.input}' for user in users])} by value"


def _need(users: list[Lack]) -> str:
    return "needs" if len(_layers(users)) == 1 else "need"


def _why(users: list[Lack]) -> str:
    return next((f": {user.why}" for user in users if user.why), "")
