"""What Terraform would make anew only because its creation was cut off, and how people keep it instead.

A cluster takes half an hour, and AWS goes on with it after a Ctrl-C. Terraform cannot know how that ended and marks the
resource as tainted; people can look.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from hp_tf.addresses import layer_of
from hp_tf.errors import BadInput, Problem
from hp_tf.orchestration import journal
from hp_tf.orchestration.context import Context
from hp_tf.orchestration.holding import locked
from hp_tf.state import document
from hp_tf.state.document import State
from hp_tf.terraform.plan import ResourceChange

_TAINTED = "tainted"


def cut_off(change: ResourceChange) -> bool:
    """Return whether a resource is only replaced because its creation was cut off."""
    return change.action.replaces and change.reason == "replace_because_tainted"


def keep(context: Context, addresses: Collection[str]) -> None:
    """Take what is there for whole, in the states: the next plan compares it with the file like anything else.

    Raises BadInput, with nothing written, for addresses that are not tainted.
    """
    layers = sorted({layer_of(address) or "" for address in addresses} & {*context.contracts})
    run = journal.begin(context.work, context.home, "keep", tuple(layers))
    with locked(context, run, "hptf keeps what was cut off while it was made"):
        states = context.store.read_all(layers)
        found = dict(_tainted(states))
        unknown = sorted(set(addresses) - set(found))
        if unknown:
            raise BadInput(
                [
                    Problem(
                        f"--keep {address}: no state says that its creation was cut off",
                        hint=f"give an address that `{context.asked.again('plan')}` shows so, or leave it out",
                    )
                    for address in unknown
                ]
            )
        for layer in sorted({found[address] for address in addresses}):
            context.store.write(layer, _without(states[layer] or {}, addresses))
    for address in sorted(addresses):
        context.ui.say(f"{address} is kept as it is")


def _tainted(states: Mapping[str, State | None]) -> Iterator[tuple[str, str]]:
    """Yield (address, layer) of what is tainted."""
    for layer, state in states.items():
        for address, instance in document.instances(state):
            if instance.get("status") == _TAINTED:
                yield address, layer


def _without(state: State, addresses: Collection[str]) -> State:
    mended: dict[str, Any] = copy.deepcopy(dict(state))
    for address, instance in document.instances(mended):
        if address in addresses:
            instance.pop("status", None)
    return {**mended, "serial": int(state.get("serial", 0)) + 1}
