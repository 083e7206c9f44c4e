"""The Kubernetes API of an environment as hptf itself reaches it: where it is, and whether it answers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from hp_tf.aws import reach
from hp_tf.aws.releases import Cluster
from hp_tf.aws.token import keys_for, sign
from hp_tf.contract.roles import KubernetesApi, Provided
from hp_tf.errors import HptfError
from hp_tf.run.context import Context
from hp_tf.state.document import State, managed
from hp_tf.terraform.plan import Plan


def find_cluster(context: Context, plan: Plan | None = None) -> Cluster | None:
    """Return the environment's cluster, whether hptf creates it or it existed before; None while there is none.

    Args:
        plan: where a cluster that no state knows, lost in the same run as what is in it, is being imported.

    Raises:
        HptfError: without AWS credentials.
        BadInput: if an existing cluster does not exist.
    """
    api = context.wiring.api
    layer = context.environment.layers.get(api.layer) if api is not None else None
    if api is None or layer is None:
        return None
    held: Mapping[str, Any] | None
    if layer.mode == "existing":
        held = _given(context, api, layer.existing)
    else:
        # One that is not created any more is in its state until it has left.
        held = _of_state(context, api) or _of_plan(plan, api)
    if held is None:
        return None
    name, endpoint, authority = (str(held[output]) for output in _reached_by(api.role))
    target = context.target

    def token() -> str:
        keys = keys_for(target.region, target.profile, target.assume_role, target.environ)
        return sign(name, target.region, keys, now=datetime.now(UTC), endpoint=target.endpoint)

    return Cluster(name, endpoint, authority, token)


class Unreachable(HptfError):
    """The cluster's endpoint does not answer here."""


def refuse_unreachable(context: Context, inside: Sequence[str], before: Sequence[str]) -> None:
    """Raise Unreachable if the cluster is there and does not answer here. It is asked once in a command.

    The real helm provider does not say so: it takes a release it cannot read for gone.

    Args:
        inside: the layers whose objects in the cluster have to be read.
        before: the layers that can be run over without it.
    """
    api = context.wiring.api
    cluster = find_cluster(context) if inside else None
    if api is None or cluster is None or cluster.endpoint in context.answered:
        return
    reason = reach.unreachable(cluster)
    if reason is None:
        context.answered.add(cluster.endpoint)
        return
    private = reach.private(cluster)
    ways = ["a VPN or a bastion in the cluster's VPC", "hptf run inside that VPC"]
    public = f"layers.{api.layer}.{api.role.public_access_cidrs} with your address in it"
    ways.append(f"layers.{api.layer}.{api.role.public_access}, and {public}" if private else public)
    if before:
        ways.append(f"only the layers before it: {' '.join(f'--layer {name}' for name in before)}")
    raise Unreachable(
        f"the Kubernetes endpoint of {api.role.what} {cluster.name} does not answer here, and what {', '.join(inside)} "
        f"put there must be read: {cluster.endpoint}{', a private endpoint' if private else ''}: {reason}",
        hint=f"ways in: {'; '.join(ways)}",
    )


def note_of_a_private_one(context: Context, present: Sequence[str], live: Collection[str]) -> tuple[str, ...]:
    """Return a note if a set makes a cluster that only its VPC reaches, and installs something in it."""
    api = context.wiring.api
    installing = [name for name in present if KubernetesApi in context.contracts[name].requires]
    if api is None or api.layer not in present or api.layer in live or not installing:
        return ()
    public = context.wiring.bindings[api.layer].get(api.role.public_access)
    if public is None or public.value is not False:
        return ()
    return (
        f"The {api.role.what} will have a private endpoint only, and {', '.join(installing)} must reach it: apply "
        "where its VPC can be reached (a VPN, a bastion, a machine inside).",
    )


def clusters(state: State | None, api: Provided[KubernetesApi]) -> Iterator[Mapping[str, Any]]:
    """Yield what a state says of its cluster: outputs, null where the cluster is not that far.

    The resource is there even when the run that made it was killed before it wrote outputs.
    """
    for resource in managed(state):
        if resource.get("type") == api.role.resource:
            for instance in resource.get("instances") or ():
                yield api.role.outputs_of(instance["attributes"])


def _reached_by(role: KubernetesApi) -> tuple[str, str, str]:
    return role.cluster_name, role.endpoint, role.certificate_authority


def _complete(role: KubernetesApi, held: Mapping[str, Any]) -> bool:
    return all(held.get(output) for output in _reached_by(role))


def _of_state(context: Context, api: Provided[KubernetesApi]) -> Mapping[str, Any] | None:
    found = clusters(context.store.read(api.layer), api)
    return next((held for held in found if _complete(api.role, held)), None)


def _of_plan(plan: Plan | None, api: Provided[KubernetesApi]) -> Mapping[str, Any] | None:
    for change in plan.changes(api.layer) if plan is not None else ():
        if change.type == api.role.resource and change.importing is not None:
            held = api.role.outputs_of(change.before.known or {})
            return held if _complete(api.role, held) else None
    return None


def _given(context: Context, api: Provided[KubernetesApi], existing: Mapping[str, Any]) -> Mapping[str, Any]:
    return existing if _complete(api.role, existing) else context.lookup(api.layer)
