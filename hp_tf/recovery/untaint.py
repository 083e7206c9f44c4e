"""What Terraform would make anew only because its creation was cut off, and how people keep it instead.

A cluster takes half an hour, and AWS goes on with it after a Ctrl-C. Terraform cannot know how that ended and marks the
resource as tainted; people can look.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from hp_tf import codes
from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.errors import BadInput
from hp_tf.findings import Finding
from hp_tf.planning.consent import the_one
from hp_tf.run import journal
from hp_tf.run.context import Context
from hp_tf.run.state_lock import locked
from hp_tf.state import document
from hp_tf.state.document import State
from hp_tf.state.snapshot import Reading, Snapshot

_TAINTED = "tainted"


@dataclass(frozen=True)
class Untainted:
    """What was cut off and is taken for whole: the next plan compares it with the file like anything else.

    Attributes:
        addresses: of these resources; those that no state holds for tainted any more are not among them.
        layers: whose states say so.
        before: the versions of these states as they were read.
        reading: all states as they will be once they say that it is whole.
    """

    addresses: tuple[str, ...]
    layers: tuple[str, ...]
    before: Snapshot
    reading: Reading

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What will be done, for whoever looks at the plan."""
        return tuple(
            codes.CREATION_KEPT.about(address, f"{address} was cut off while it was made: it will be kept as it is")
            for address in self.addresses
        )


def find_tainted(context: Context, addresses: Collection[str], reading: Reading) -> Untainted:
    """Return what is to be taken for whole; nothing is written.

    Raises:
        BadInput: for addresses that no state has.
    """
    held = {
        address: (layer, instance.get("status") == _TAINTED)
        for layer, state in reading.states.items()
        for address, instance in document.instances(state)
    }
    addresses = {the_one(address, held, f"--keep {address}") for address in addresses}
    unknown = sorted(addresses.difference(held))
    if unknown:
        raise BadInput(
            [
                codes.ALLOWANCE_IDLE.about(
                    address,
                    f"--keep {address}: no state says that its creation was cut off",
                    f"give an address that `{context.command_line.of('plan')}` shows so, or leave it out",
                )
                for address in unknown
            ]
        )
    tainted = sorted(address for address in addresses if held[address][1])
    for address in sorted(addresses.difference(tainted)):
        context.ui.say(f"{address} is kept as it is already")
    layers = tuple(sorted({held[address][0] for address in tainted}))
    states = {**reading.states, **{layer: _without(reading.states[layer] or {}, tainted) for layer in layers}}
    before = Snapshot({layer: reading.snapshot.versions[layer] for layer in layers})
    return Untainted(tuple(tainted), layers, before, Reading(Snapshot.of(states), states))


def made_anew(states: Mapping[str, State | None], types: ResourceTypes) -> list[str]:
    """Return the addresses of what is protected and would be made anew, for its creation was cut off."""
    return sorted(
        address
        for state in states.values()
        for resource in (state or {}).get("resources", ())
        if types[resource["type"]].protected
        for address, instance in document.instances({"resources": [resource]})
        if instance.get("status") == _TAINTED
    )


def keep(context: Context, untainted: Untainted) -> None:
    """Write that these resources are whole.

    Raises:
        StaleSnapshot: if the states changed since they were read.
    """
    if not untainted.layers:
        return
    run = journal.begin(context.work, context.home, "keep", untainted.layers)
    with locked(context, run, "hptf keeps what was cut off while it was made"):
        untainted.before.verify(context.store)
        for layer in untainted.layers:
            context.store.write(layer, untainted.reading.states[layer] or {})
    for address in untainted.addresses:
        context.ui.say(f"{address} is kept as it is")


def _without(state: State, addresses: Collection[str]) -> State:
    mended: dict[str, Any] = copy.deepcopy(dict(state))
    for address, instance in document.instances(mended):
        if address in addresses:
            instance.pop("status", None)
    return {**mended, "serial": int(state.get("serial", 0)) + 1}
