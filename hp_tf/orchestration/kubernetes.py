"""What is installed in a cluster that is really gone is gone too: its objects are forgotten, and that is said aloud."""

from __future__ import annotations

from hp_tf.errors import HptfError
from hp_tf.orchestration import planning
from hp_tf.orchestration.context import Context
from hp_tf.orchestration.sets import Selection, choose
from hp_tf.state import document
from hp_tf.state.locks import LockInfo, LockSet


def forget_what_died(context: Context, chosen: Selection) -> None:
    """Empty the states of layers that live in an EKS cluster the API no longer knows.

    Unreachable is not gone: raises HptfError where AWS does not answer.
    """
    reading, live = planning.read_states(context)
    members = choose(context.environment, context.wiring, context.contracts, live, chosen)
    inside = [name for name in members.all if context.contracts[name].kubernetes and name in live]
    if not inside or not _gone(context, reading.states.get("eks")):
        return
    info = LockInfo.new("OperationTypeApply", info="hptf forgets objects of a cluster that is gone")
    with _held(context, inside, info):
        for name in inside:
            state = reading.states[name]
            if state is None:
                continue
            for address, _, _ in document.addresses(state):
                context.ui.say(f"the EKS cluster is gone, and {address} with it: forgotten")
            context.store.write(name, {**state, "resources": [], "outputs": {}, "serial": state["serial"] + 1})


def _held(context: Context, layers: list[str], info: LockInfo) -> LockSet:
    locks = LockSet(context.store, layers)
    locks.acquire(info, context.lock_wait)
    return locks


def _gone(context: Context, state: document.State | None) -> bool:
    from botocore.exceptions import BotoCoreError, ClientError

    name = _cluster_name(context, state)
    if name is None:
        return False
    try:
        context.target.clients.client("eks").describe_cluster(name=name)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") == "ResourceNotFoundException":
            return True
        raise HptfError(f"asking whether EKS cluster {name} is still there: {error}") from error
    except BotoCoreError as error:
        raise HptfError(f"asking whether EKS cluster {name} is still there: {error}") from error
    return False


def _cluster_name(context: Context, state: document.State | None) -> str | None:
    """The name from the state's resource, there even when a failed run lost the outputs; else from the file."""
    for resource in (state or {}).get("resources", []):
        if resource.get("type") == "aws_eks_cluster" and resource.get("mode") == "managed":
            for instance in resource.get("instances", []):
                return str(instance["attributes"]["name"])
    binding = context.wiring.kubernetes.get("cluster_name")
    return str(binding.value) if binding is not None and binding.kind == "given" else None
