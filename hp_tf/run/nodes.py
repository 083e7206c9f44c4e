"""Whether the cluster's nodes run: the barrier that layers with pods wait behind."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar

from hp_tf.contract.roles import Awaited, Nodes, Provided, provider_of
from hp_tf.environment.model import Environment, LayerConfig
from hp_tf.environment.wiring import Wiring
from hp_tf.errors import HptfError, Interrupted
from hp_tf.run.target import Target
from hp_tf.state.locks import Clock
from hp_tf.terraform.stop import StopRequest

_POLL_SECONDS = 5.0
# What changed is said at once; that nothing did, so that nobody thinks it hangs.
_SAY_SECONDS = 60.0
_NOT_WAITED_FOR: Mapping[Awaited, str] = {
    "for pods": "the cluster has no node, and makes them when pods ask for them",
    "unknown": "no layer makes nodes here, and none is waited for",
}
Answer = TypeVar("Answer")


class ClusterNodes(Protocol):
    """The nodes of the environment's cluster."""

    def running(self, statuses: Mapping[str, int]) -> bool:
        """Whether one of these runs."""

    def statuses(self) -> Mapping[str, int]:
        """How many there are in each status; none while there is nothing that could have one."""

    def awaited(self) -> Awaited:
        """Whether any will come."""

    def events(self) -> list[str]:
        """What happened to the cluster last, the newest first."""


class NodesInAws:
    """The nodes of the environment's cluster, asked of AWS."""

    def __init__(self, target: Target, environment: Environment, wiring: Wiring) -> None:
        self._clients = target.clients
        self._nodes = provider_of(Nodes, (layer.contract for layer in environment.layers.values()))
        self._layers, self._wiring = environment.layers, wiring

    def running(self, statuses: Mapping[str, int]) -> bool:
        return self._nodes is not None and statuses.get(self._nodes.role.running, 0) > 0

    def statuses(self) -> Mapping[str, int]:
        return self._ask(lambda role, name: role.statuses(self._clients, name), {})

    def awaited(self) -> Awaited:
        return self._ask(lambda role, name: role.awaited(self._clients, name), "unknown")

    def events(self) -> list[str]:
        return self._ask(lambda role, name: role.events(self._clients, name), [])

    def _ask(self, question: Callable[[Nodes, str], Answer], otherwise: Answer) -> Answer:
        from botocore.exceptions import BotoCoreError, ClientError

        name = _cluster(self._layers[self._nodes.layer], self._nodes, self._wiring) if self._nodes else None
        if self._nodes is None or name is None:
            return otherwise
        try:
            return question(self._nodes.role, name)
        except (BotoCoreError, ClientError) as error:
            raise HptfError(f"asking for the nodes of {name}: {error}") from error


def wait_for_nodes(
    nodes: ClusterNodes,
    stop: StopRequest,
    say: Callable[[str], None],
    *,
    seconds: float = 1800.0,
    clock: Clock = time,
) -> None:
    """Wait until a node runs, or the user stops that. Where nodes come for pods alone, nothing is waited for.

    Args:
        say: hears how many nodes there are, in which status, when that changes and once a minute.
        seconds: how long.
        clock: tells and passes the time.

    Raises:
        HptfError: if none does by then, with the cluster's last events; at once if none will come.
        Interrupted: if stopped.
    """
    try:
        # Nothing in here has to be finished, neither a question to AWS nor a sleep.
        with stop.at_once():
            _wait(nodes, say, seconds, clock)
    except KeyboardInterrupt:
        raise Interrupted("stopped while waiting for nodes") from None


def _wait(nodes: ClusterNodes, say: Callable[[str], None], seconds: float, clock: Clock) -> None:
    began = clock.monotonic()
    said, when = "", began
    while not nodes.running(found := nodes.statuses()):
        now, told = clock.monotonic(), _told(found)
        awaited = nodes.awaited() if not found else "soon"
        if awaited in _NOT_WAITED_FOR:
            say(_NOT_WAITED_FOR[awaited])
            return
        if awaited == "never":
            raise HptfError(
                "the cluster will have no node: the count of every group is 0",
                hint="give a group a count, or leave out the layers that need nodes",
            )
        if now >= began + seconds:
            last = [f"\n  {event}" for event in nodes.events()]
            raise HptfError(
                f"no node of the cluster runs after {seconds / 60:.0f} minutes ({told})"
                + (f"; its last events:{''.join(last)}" if last else ""),
                hint="mend what the events tell of; the same command goes on from here",
            )
        if told != said or now >= when + _SAY_SECONDS:
            minutes = int((now - began) // 60)
            say(f"waiting for a node of the cluster: {told}" + (f", after {minutes} min" if minutes else ""))
            said, when = told, now
        clock.sleep(_POLL_SECONDS)
    say(f"the cluster's nodes: {_told(found)}")


def _told(statuses: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {status}" for status, count in sorted(statuses.items())) or "none yet"


def _cluster(layer: LayerConfig, nodes: Provided[Nodes], wiring: Wiring) -> str | None:
    if layer.mode == "disabled":
        return None
    if layer.mode == "existing":
        name = layer.existing.get(nodes.role.cluster_name)
    else:
        name = wiring.bindings[nodes.layer][nodes.role.cluster_name].value
    return None if name is None else str(name)
