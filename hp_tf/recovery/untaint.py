"""What Terraform would make anew only because its creation was cut off, and how it is kept instead.

A cluster takes half an hour, and AWS goes on with it after a Ctrl-C. Terraform cannot know how that ended and marks the
resource as tainted. The service is asked; where it cannot be, people can look.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from hp_tf import codes
from hp_tf.contract.resources.base import ResourceType
from hp_tf.contract.resources.creation import Condition
from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.errors import BadInput
from hp_tf.findings import Finding
from hp_tf.planning.consent import the_one
from hp_tf.recovery import standing
from hp_tf.recovery.standing import Standing
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
        told: what the services say of those that were kept because of that.
        failed: what they say of those that stay tainted.
    """

    addresses: tuple[str, ...]
    layers: tuple[str, ...]
    before: Snapshot
    reading: Reading
    told: Mapping[str, Standing] = field(default_factory=dict)
    failed: Mapping[str, str] = field(default_factory=dict)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What will be done, for whoever looks at the plan."""
        return tuple(self._finding(address) for address in self.addresses)

    def _finding(self, address: str) -> Finding:
        said = self.told.get(address)
        anew = f"to have it made anew all the same, apply with --allow-destroy '{address}'"
        if said is None:
            return codes.CREATION_KEPT.about(
                address, f"{address} was cut off while it was made: it will be kept as it is"
            )
        if said.condition is Condition.COMING:
            text = f"{address} was cut off while it was made, and AWS goes on with it ({said.word}): apply waits for it"
            return codes.CREATION_GOES_ON.about(address, text, anew)
        text = f"{address} was cut off while it was made, and AWS says that it is {said.word}: it will be kept as it is"
        return codes.CREATION_KEPT.about(address, text, anew)


def find(
    context: Context,
    reading: Reading,
    *,
    layers: Collection[str] = (),
    keep: Collection[str] = (),
    anew: Collection[str] = (),
    wait: bool = False,
) -> Untainted | None:
    """Return what is to be taken for whole, None if no state holds anything for cut off; nothing is written.

    Args:
        layers: whose resources the services are asked about; none means all.
        keep: addresses that are taken for whole without asking.
        anew: addresses that are to be made anew, whatever their service says.
        wait: for what is still being made.

    Raises:
        BadInput: for addresses to keep that no state has.
        HptfError, Interrupted: as `standing.wait`.
    """
    held = {
        address: (layer, instance.get("status") == _TAINTED)
        for layer, state in reading.states.items()
        for address, instance in document.instances(state)
    }
    tainted = [address for address, (_, cut_off) in held.items() if cut_off]
    keep = {the_one(address, tainted, f"--keep {address}") for address in keep}
    anew = {the_one(address, tainted, address) for address in anew}
    _refuse_unknown(context, sorted(keep.difference(held)))
    for address in sorted(address for address in keep if not held[address][1]):
        context.ui.say(f"{address} is kept as it is already")
    asked = {
        address: item
        for address, item in _askable(context, reading, layers or reading.states)
        if address not in {*keep, *anew}
    }
    if wait:
        said = standing.wait(context, asked)
    else:
        said = {address: found for address, item in asked.items() if (found := standing.ask(context, *item))}
    alive = {address: item for address, item in said.items() if item.condition in (Condition.WELL, Condition.COMING)}
    failed = {address: item.word for address, item in said.items() if item.condition is Condition.FAILED}
    whole = sorted({*alive, *(address for address in keep if held[address][1])})
    if not whole and not failed and not keep:
        return None
    return Untainted(*_as_whole(reading, whole, {address: held[address][0] for address in whole}), alive, failed)


def _askable(
    context: Context, reading: Reading, layers: Collection[str]
) -> Iterator[tuple[str, tuple[ResourceType, str]]]:
    """Yield what states hold for tainted and a service can be asked about: address, type and import id."""
    types = context.resource_types
    for layer in layers:
        kinds = {address: types[kind] for address, kind, _ in document.addresses(reading.states.get(layer))}
        for address, instance in document.instances(reading.states.get(layer)):
            if instance.get("status") != _TAINTED or document.DEPOSED in address:
                continue
            identity = kinds[address].import_id_held(instance.get("attributes") or {})
            if identity is not None and kinds[address].creation is not None:
                yield address, (kinds[address], identity)


def _refuse_unknown(context: Context, unknown: Collection[str]) -> None:
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


def _as_whole(
    reading: Reading, addresses: Collection[str], places: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...], Snapshot, Reading]:
    layers = tuple(sorted(set(places.values())))
    states = {**reading.states, **{layer: _without(reading.states[layer] or {}, addresses) for layer in layers}}
    before = Snapshot({layer: reading.snapshot.versions[layer] for layer in layers})
    return tuple(addresses), layers, before, Reading(Snapshot.of(states), states)


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
