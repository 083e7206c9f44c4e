"""What no layer supplies, in words: who needs it, and the ways to have it."""

from __future__ import annotations

from collections.abc import Mapping

from hp_tf import codes
from hp_tf.contract.base import Contract, Wired
from hp_tf.environment.model import Environment
from hp_tf.environment.words import listed
from hp_tf.errors import Problem

KUBERNETES_INPUT = "kubernetes."
# More inputs than these nobody gives by hand.
BY_HAND = 3


class Lacks:
    """Collects lacks, to report each once with all who suffer it."""

    def __init__(self, environment: Environment, contracts: Mapping[str, Contract]) -> None:
        self._environment = environment
        self._contracts = contracts
        self._lacking: dict[Wired, list[str]] = {}
        self._reasons: dict[Wired, str] = {}

    def note(self, wires: list[Wired], name: str, key: str, why: str = "") -> None:
        """Note a required input nothing supplies, under the source that would most plainly have supplied it.

        ``why``: a clause, where that is not plain.
        """
        modes = {wire: self.mode(wire.layer) for wire in wires}
        fitting = [wire for wire, mode in modes.items() if wire.when in ("always", mode)]
        wire = (fitting or wires)[0]
        self._lacking.setdefault(Wired(wire.source), []).append(f"{name}.{key}")
        if why:
            self._reasons[Wired(wire.source)] = why

    def mode(self, layer: str) -> str:
        """Return a layer's mode, or ``absent`` where the orchestrator has no such layer."""
        config = self._environment.layers.get(layer)
        return config.mode if config is not None else "absent"

    def problems(self) -> list[Problem]:
        """Return a problem for each lack, with all who suffer it."""
        absent: dict[str, list[Wired]] = {}
        for wire in self._lacking:
            if self.mode(wire.layer) in ("disabled", "absent"):
                absent.setdefault(wire.layer, []).append(wire)
        lost = [wire for wires in absent.values() for wire in wires]
        lacking = [self._missing(wire, users) for wire, users in self._lacking.items() if wire not in lost]
        return [*(self._absent(layer, wires) for layer, wires in absent.items()), *lacking]

    def _missing(self, wire: Wired, users: list[str]) -> Problem:
        """The problem of one output that an existing layer, or a created one, does not supply."""
        own = _by_hand(users)
        hint = f"Add {wire.output} to it{own and f', or {own}'}."
        if self.mode(wire.layer) == "created":
            text = (
                f"{_who(users)} {_need(users)} a value: {wire.source} supplies it only if {wire.layer} exists already"
            )
            place = self._environment.place(("layers", users[0].partition(".")[0]))
            return Problem(text, place, f"{_sentence(own)}." if own else None, codes.VALUE_MISSING, wire.source)
        who = f"{_who(users, wire.output)} {_need(users)}{self._why([wire])}"
        text = f"layers.{wire.layer}.existing lacks {wire.output}, which {who}"
        lookup = self._contracts[wire.layer].lookup
        if lookup is not None and wire.output in lookup.fills:
            given = self._environment.layers[wire.layer].existing
            open_ones = [output for output in lookup.identified_by if output not in given]
            hint = f"Add {listed(open_ones)}, and hptf looks {wire.output} up; or add {wire.output} itself."
        return Problem(
            text, self._environment.place(("layers", wire.layer, "existing")), hint, codes.OUTPUT_MISSING, wire.source
        )

    def _absent(self, layer: str, wires: list[Wired]) -> Problem:
        """The problem of a layer that is not there, with everyone who needs it."""
        users = [user for wire in wires for user in self._lacking[wire]]
        disabled = self.mode(layer) == "disabled"
        why = "is not created" if disabled else "does not exist with this orchestrator"
        ways = [f"enable {layer}", f"describe it under layers.{layer}.existing"] if disabled else []
        ways.append(_by_hand(users) or f"disable {listed(_layers(users))}")
        text = f"the layer {layer} {why}, but {_who(users)} {_need(users)} its outputs{self._why(wires)}"
        return Problem(
            text,
            self._environment.place(("layers", layer, "enabled")),
            f"{_sentence(listed(ways, 'or'))}.",
            codes.LAYER_MISSING,
            layer,
        )

    def _why(self, wires: list[Wired]) -> str:
        reasons = [self._reasons[wire] for wire in wires if wire in self._reasons]
        return f": {reasons[0]}" if reasons else ""


def _layers(users: list[str]) -> list[str]:
    return list(dict.fromkeys(user.partition(".")[0] for user in users))


def _who(users: list[str], output: str = "") -> str:
    """Return who needs something: each layer once, with the inputs it is for unless they are called like the output."""
    found = []
    for layer in _layers(users):
        inputs = [user.partition(".")[2] for user in users if user.startswith(f"{layer}.")]
        own = [name for name in inputs if not name.startswith(KUBERNETES_INPUT)]
        if len(own) < len(inputs):
            own.append("to reach the cluster")
        found.append(layer if own == [output] else f"{layer} ({', '.join(own)})")
    return listed(found)


def _by_hand(users: list[str]) -> str:
    """Say that the inputs are to be given by value; empty if one of them cannot be, or if they are many."""
    if len(users) > BY_HAND or any(KUBERNETES_INPUT in user for user in users):
        return ""
    return f"give {listed([f'layers.{user}' for user in users])} by value"


def _need(users: list[str]) -> str:
    return "needs" if len(_layers(users)) == 1 else "need"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
