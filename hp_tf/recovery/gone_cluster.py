"""What is installed in a cluster that is really gone is gone too: its objects are forgotten, and that is said aloud."""

from __future__ import annotations

from dataclasses import dataclass

from hp_tf import codes
from hp_tf.contract.roles import KubernetesApi, Provided
from hp_tf.errors import HptfError
from hp_tf.findings import Finding
from hp_tf.planning import cluster_endpoint, endpoint_barrier
from hp_tf.planning.selection import LayerOptions, choose
from hp_tf.planning.states import live_layers
from hp_tf.run import journal
from hp_tf.run.context import Context
from hp_tf.run.state_lock import locked
from hp_tf.state import document
from hp_tf.state.snapshot import Reading, Snapshot


@dataclass(frozen=True)
class GoneCluster:
    """What lived in a Kubernetes cluster that is gone.

    Attributes:
        what: the cluster's kind.
        layers: which had resources in it.
        addresses: of those resources.
        before: the versions of the layers' states as they were read.
        reading: all states as they will be once this is forgotten.
    """

    what: str
    layers: tuple[str, ...]
    addresses: tuple[str, ...]
    before: Snapshot
    reading: Reading

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What will be done, for whoever looks at the plan."""
        return tuple(
            codes.CLUSTER_GONE.about(address, f"the {self.what} is gone, and {address} with it: it will be forgotten")
            for address in self.addresses
        )


def find_gone(context: Context, chosen: LayerOptions, reading: Reading) -> GoneCluster | None:
    """Return what of a set lives in a cluster that AWS no longer knows; None if nothing does.

    Unreachable is not gone: raises HptfError where AWS does not answer.
    """
    live = live_layers(reading.states)
    members = choose(context.environment, context.wiring, context.contracts, live, chosen)
    inside = endpoint_barrier.inside(members, context.contracts, reading.states)
    api = context.wiring.api
    if api is None or not inside or not _gone(context, api, reading.states.get(api.layer)):
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
    return GoneCluster(api.role.what, inside, tuple(addresses), before, Reading(Snapshot.of(states), states))


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


def _gone(context: Context, api: Provided[KubernetesApi], state: document.State | None) -> bool:
    from botocore.exceptions import BotoCoreError, ClientError

    name = _name(context, api, state)
    if name is None:
        return False
    try:
        return not api.role.exists(context.target.clients, name)
    except (BotoCoreError, ClientError) as error:
        raise HptfError(f"asking whether {api.role.what} {name} is still there: {error}") from error


def _name(context: Context, api: Provided[KubernetesApi], state: document.State | None) -> str | None:
    for held in cluster_endpoint.clusters(state, api):
        return str(held[api.role.cluster_name])
    binding = context.wiring.kubernetes["cluster_name"]
    return str(binding.value) if binding.kind == "given" else None
