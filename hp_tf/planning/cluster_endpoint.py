"""The EKS cluster of an environment as hptf itself reaches it: does it answer, and what a lost run installed there."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from hp_tf.aws import reach
from hp_tf.aws.releases import Cluster
from hp_tf.aws.token import keys_for, sign
from hp_tf.errors import HptfError
from hp_tf.run.context import Context
from hp_tf.state.document import State, managed
from hp_tf.terraform.plan import Plan

_CLUSTER = "aws_eks_cluster"
_OUTPUTS = {
    "name": "cluster_name",
    "endpoint": "cluster_endpoint",
    "certificate_authority": "cluster_certificate_authority",
}


def find_cluster(context: Context, plan: Plan | None = None) -> Cluster | None:
    """Return the environment's cluster, whether hptf creates it or it existed before; None while there is none.

    Args:
        plan: where a cluster that no state knows, lost in the same run as what is in it, is being imported.

    Raises:
        HptfError: without AWS credentials.
        BadInput: if an existing cluster does not exist.
    """
    layer = context.environment.layers.get("eks")
    if layer is None:
        return None
    # One that is not created any more is in its state until it has left.
    facts = _given(context, layer.existing) if layer.mode == "existing" else _of_state(context) or _of_plan(plan)
    if facts is None:
        return None
    name, target = str(facts["name"]), context.target

    def token() -> str:
        keys = keys_for(target.region, target.profile, target.assume_role, target.environ)
        return sign(name, target.region, keys, now=datetime.now(UTC), endpoint=target.endpoint)

    return Cluster(name, str(facts["endpoint"]), str(facts["certificate_authority"]), token)


class Unreachable(HptfError):
    """The cluster's endpoint does not answer here."""


def refuse_unreachable(context: Context, inside: Sequence[str], before: Sequence[str]) -> None:
    """Raise Unreachable if the cluster is there and does not answer here. It is asked once in a command.

    The real helm provider does not say so: it takes a release it cannot read for gone.

    Args:
        inside: the layers whose objects in the cluster have to be read.
        before: the layers that can be run over without it.
    """
    cluster = find_cluster(context) if inside else None
    if cluster is None or cluster.endpoint in context.answered:
        return
    reason = reach.unreachable(cluster)
    if reason is None:
        context.answered.add(cluster.endpoint)
        return
    private = reach.private(cluster)
    ways = ["a VPN or a bastion in the cluster's VPC", "hptf run inside that VPC"]
    public = "layers.eks.public_access_cidrs with your address in it"
    ways.append(f"layers.eks.endpoint_public_access, and {public}" if private else public)
    if before:
        ways.append(f"only the layers before it: {' '.join(f'--layer {name}' for name in before)}")
    raise Unreachable(
        f"the Kubernetes endpoint of EKS cluster {cluster.name} does not answer here, and what {', '.join(inside)} put "
        f"there must be read: {cluster.endpoint}{', a private endpoint' if private else ''}: {reason}",
        hint=f"ways in: {'; '.join(ways)}",
    )


def note_of_a_private_one(context: Context, present: Sequence[str], live: Collection[str]) -> tuple[str, ...]:
    """Return a note if a set makes a cluster that only its VPC reaches, and installs something in it."""
    installing = [name for name in present if context.contracts[name].kubernetes]
    if "eks" not in present or "eks" in live or not installing:
        return ()
    public = context.wiring.bindings["eks"].get("endpoint_public_access")
    if public is None or public.value is not False:
        return ()
    return (
        f"The EKS cluster will have a private endpoint only, and {', '.join(installing)} must reach it: apply where "
        "its VPC can be reached (a VPN, a bastion, a machine inside).",
    )


def clusters(state: State | None) -> Iterator[Mapping[str, Any]]:
    """Yield what the eks layer's state says of its cluster.

    The resource is there even when the run that made it was killed before it wrote outputs.
    """
    for resource in managed(state):
        if resource.get("type") == _CLUSTER:
            for instance in resource.get("instances") or ():
                yield instance["attributes"]


def _of_state(context: Context) -> Mapping[str, Any] | None:
    found = map(_facts, clusters(context.store.read("eks")))
    return next((facts for facts in found if facts is not None), None)


def _of_plan(plan: Plan | None) -> Mapping[str, Any] | None:
    for change in plan.changes("eks") if plan is not None else ():
        if change.type == _CLUSTER and change.importing is not None:
            return _facts(change.before.known or {})
    return None


def _facts(held: Mapping[str, Any]) -> Mapping[str, Any] | None:
    authority = held.get("certificate_authority") or [{}]
    facts = {
        "name": held.get("name"),
        "endpoint": held.get("endpoint"),
        "certificate_authority": authority[0].get("data"),
    }
    return facts if all(facts.values()) else None


def _given(context: Context, existing: Mapping[str, Any]) -> Mapping[str, Any]:
    complete = all(existing.get(output) is not None for output in _OUTPUTS.values())
    found = existing if complete else context.lookup("eks")
    return {name: found[output] for name, output in _OUTPUTS.items()}
