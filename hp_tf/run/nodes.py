"""Whether the cluster's nodes run: the barrier that layers with pods wait behind."""

from __future__ import annotations

import time
from collections.abc import Callable

from hp_tf.environment.model import Environment
from hp_tf.environment.wiring import Wiring
from hp_tf.errors import HptfError, Interrupted
from hp_tf.run.target import Target
from hp_tf.state.locks import Clock
from hp_tf.terraform.stop import StopRequest

_POLL_SECONDS = 5.0


def node_probe(target: Target, environment: Environment, wiring: Wiring) -> Callable[[], bool]:
    """Return a function that asks the HyperPod cluster whether a node runs; false while there is no cluster."""

    def running() -> bool:
        from botocore.exceptions import BotoCoreError, ClientError

        from hp_tf.aws.clients import code_of

        name = _hyperpod_cluster(environment, wiring)
        if name is None:
            return False
        pages = target.clients.client("sagemaker").get_paginator("list_cluster_nodes").paginate(ClusterName=name)
        try:
            return any(
                node["InstanceStatus"]["Status"] == "Running" for page in pages for node in page["ClusterNodeSummaries"]
            )
        except ClientError as error:
            if code_of(error) in ("ResourceNotFound", "ValidationException"):
                return False
            raise HptfError(f"asking for the nodes of {name}: {error}") from error
        except BotoCoreError as error:
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
                        hint="look at the cluster's events; `hptf apply` goes on from here",
                    )
                clock.sleep(_POLL_SECONDS)
    except KeyboardInterrupt:
        raise Interrupted("stopped while waiting for nodes") from None


def _hyperpod_cluster(environment: Environment, wiring: Wiring) -> str | None:
    layer = environment.layers.get("hyperpod")
    if layer is None or layer.mode == "disabled":
        return None
    if layer.mode == "existing":
        given = layer.existing.get("cluster_name")
        return None if given is None else str(given)
    binding = wiring.bindings["hyperpod"].get("cluster_name")
    if binding is not None and binding.value is not None:
        return str(binding.value)
    default = layer.contract.inputs.model_fields["cluster_name"].default
    return None if default is None else str(default)
