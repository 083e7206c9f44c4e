"""Whether the cluster's nodes run: the barrier that layers with pods wait behind."""

from __future__ import annotations

import time
from collections.abc import Callable

from hp_tf.contract.roles import Nodes, Provided, provider_of
from hp_tf.environment.model import Environment, LayerConfig
from hp_tf.environment.wiring import Wiring
from hp_tf.errors import HptfError, Interrupted
from hp_tf.run.target import Target
from hp_tf.state.locks import Clock
from hp_tf.terraform.stop import StopRequest

_POLL_SECONDS = 5.0


def node_probe(target: Target, environment: Environment, wiring: Wiring) -> Callable[[], bool]:
    """Return a function that asks AWS whether a node runs; false while there is nothing that could have one."""

    def running() -> bool:
        from botocore.exceptions import BotoCoreError, ClientError

        nodes = provider_of(Nodes, (layer.contract for layer in environment.layers.values()))
        name = _cluster(environment.layers[nodes.layer], nodes, wiring) if nodes is not None else None
        if nodes is None or name is None:
            return False
        try:
            return nodes.role.running(target.clients, name)
        except (BotoCoreError, ClientError) as error:
            raise HptfError(f"asking for the nodes of {name}: {error}") from error

    return running


def wait_for_nodes(
    running: Callable[[], bool], stop: StopRequest, *, seconds: float = 1800.0, clock: Clock = time
) -> None:
    """Wait until a node runs, or the user stops that.

    Args:
        running: as `node_probe` gives it.
        seconds: how long.
        clock: tells and passes the time.

    Raises:
        HptfError: if none does by then.
        Interrupted: if stopped.
    """
    deadline = clock.monotonic() + seconds
    try:
        # Nothing in here has to be finished, neither a question to AWS nor a sleep.
        with stop.at_once():
            while not running():
                if clock.monotonic() >= deadline:
                    raise HptfError(
                        f"no node of the cluster runs after {seconds / 60:.0f} minutes",
                        hint="look at the cluster's events; the same command goes on from here",
                    )
                clock.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        raise Interrupted("stopped while waiting for nodes") from None


def _cluster(layer: LayerConfig, nodes: Provided[Nodes], wiring: Wiring) -> str | None:
    if layer.mode == "disabled":
        return None
    if layer.mode == "existing":
        name = layer.existing.get(nodes.role.cluster_name)
    else:
        name = wiring.bindings[nodes.layer][nodes.role.cluster_name].value
    return None if name is None else str(name)
