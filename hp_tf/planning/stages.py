"""Cut a set of layers into the fewest stages that can be applied for what is live now.

A barrier cuts only where it must: a layer whose resources become ready on nodes, and which has none yet, waits for a
stage of its own while no node runs. Usually nothing cuts, and the reviewed plan is applied as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from hp_tf.contract.base import Contract
from hp_tf.contract.roles import Nodes
from hp_tf.environment.wiring import Wiring


@dataclass(frozen=True)
class Stages:
    """The layers of each stage, in order, and why there is more than one, or what the only one waits for.

    Stages are cumulative when they run: stage *k* runs over the layers of stages 1…*k*.
    """

    layers: tuple[tuple[str, ...], ...]
    reason: str | None = None

    def cumulative(self, stage: int) -> tuple[str, ...]:
        """Return the layers of the stages up to and including this one (from 0)."""
        return tuple(name for layers in self.layers[: stage + 1] for name in layers)


def cut(
    members: Sequence[str],
    wiring: Wiring,
    contracts: Mapping[str, Contract],
    *,
    live: Collection[str],
    nodes_running: Callable[[], bool],
) -> Stages:
    """Return the stages of a set.

    Args:
        members: the set's layers, producers first.
        live: layers that have resources now.
        nodes_running: asked at most once, and only if a layer of the set would wait for nodes.
    """
    waiting = [name for name in members if Nodes in contracts[name].requires and name not in live]
    if not waiting or nodes_running():
        return Stages((tuple(members),))
    later = set(waiting)
    for name in waiting:
        later |= set(wiring.downstream(name))
    first = tuple(name for name in members if name not in later)
    second = tuple(name for name in members if name in later)
    verb = "waits" if len(waiting) == 1 else "wait"
    return Stages((first, second) if first else (second,), f"{', '.join(waiting)} {verb} for nodes, and none runs yet")
