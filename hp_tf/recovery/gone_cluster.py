"""What is installed in a cluster that is really gone is gone too: its objects are forgotten, and that is said aloud."""

from __future__ import annotations

from dataclasses import dataclass

from hp_tf.errors import HptfError
from hp_tf.planning import cluster_endpoint, endpoint_barrier
from hp_tf.planning.selection import Selection, choose
from hp_tf.planning.states import live_layers
from hp_tf.run import journal
from hp_tf.run.context import Context
from hp_tf.run.state_lock import locked
from hp_tf.state import document
from hp_tf.state.snapshot import Reading, Snapshot


@dataclass(frozen=True)
class GoneCluster:
    """What lived in an EKS cluster that is gone.

    Attributes:
        layers: which had resources in it.
        addresses: of those resources.
        before: the versions of the layers' states as they were read.
        reading: all states as they will be once this is forgotten.
    """

    layers: tuple[str, ...]
    addresses: tuple[str, ...]
    before: Snapshot
    reading: Reading


def find_gone(context: Context, chosen: Selection, reading: Reading) -> GoneCluster | None:
    """Return what of a set lives in an EKS cluster the API no longer knows; None if nothing does.

    Unreachable is not gone: raises HptfError where AWS does not answer.
    """
    live = live_layers(reading.states)
    members = choose(context.environment, context.wiring, context.contracts, live, chosen)
    inside = endpoint_barrier.inside(members, context.contracts, reading.states)
    if not inside or not _gone(context, reading.states.get("eks")):
        return None
    states = dict(reading.states)
    addresses: list[str] = []
    for name in inside:
        state = reading.states[name] or {}
        lost = [resource for resource in state["resources"] if endpoint_barrier.in_cluster(resource)]
        addresses += [address for address, _, _ in document.addresses({"resources": lost})]
        rest = [resource for resource in state["resources"] if resource not in lost]
        states[name] = {**state, "resources": rest, "outputs": {}, "serial": int(state.get("serial", 0)) + 1}
    before = Snapshot({name: reading.snapshot.versions[name] for name in inside})
    return GoneCluster(inside, tuple(addresses), before, Reading(Snapshot.of(states), states))


def forget(context: Context, gone: GoneCluster) -> None:
    """Empty the states of what was in a cluster that is gone.

    Raises:
        StaleSnapshot: if they changed since.
    """
    run = journal.begin(context.work, context.home, "forget", gone.layers)
    with locked(context, run, "hptf forgets objects of a cluster that is gone"):
        gone.before.verify(context.store)
        for name in gone.layers:
            context.store.write(name, gone.reading.states[name] or {})


def _gone(context: Context, state: document.State | None) -> bool:
    from botocore.exceptions import BotoCoreError, ClientError

    from hp_tf.aws.clients import says_absent

    name = _eks_cluster(context, state)
    if name is None:
        return False
    try:
        context.target.clients.client("eks").describe_cluster(name=name)
    except ClientError as error:
        if says_absent(error):
            return True
        raise HptfError(f"asking whether EKS cluster {name} is still there: {error}") from error
    except BotoCoreError as error:
        raise HptfError(f"asking whether EKS cluster {name} is still there: {error}") from error
    return False


def _eks_cluster(context: Context, state: document.State | None) -> str | None:
    for held in cluster_endpoint.clusters(state):
        return str(held["name"])
    binding = context.wiring.kubernetes.get("cluster_name")
    return str(binding.value) if binding is not None and binding.kind == "given" else None
