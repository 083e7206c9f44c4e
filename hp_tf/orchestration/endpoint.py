"""The EKS cluster of an environment as hptf itself reaches it, to look for what a lost run installed there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hp_tf.aws.releases import Cluster
from hp_tf.aws.token import keys_for, sign
from hp_tf.orchestration.context import Context
from hp_tf.terraform.plan import Plan

_OUTPUTS = {
    "name": "cluster_name",
    "endpoint": "cluster_endpoint",
    "certificate_authority": "cluster_certificate_authority",
}


def find_cluster(context: Context, plan: Plan | None = None) -> Cluster | None:
    """Return the environment's cluster, whether hptf creates it or it existed before; None while there is none.

    Parameters
    ----------
    plan: where a cluster that no state knows, lost in the same run as what is in it, is being imported.

    Raises HptfError without AWS credentials, BadInput if an existing cluster does not exist.
    """
    layer = context.environment.layers.get("eks")
    if layer is None or layer.mode == "disabled":
        return None
    facts = _of_state(context) or _of_plan(plan) if layer.mode == "created" else _given(context, layer.existing)
    if facts is None:
        return None
    name, target = str(facts["name"]), context.target

    def token() -> str:
        keys = keys_for(target.region, target.profile, target.assume_role, target.environ)
        return sign(name, target.region, keys, now=datetime.now(UTC), endpoint=target.endpoint)

    return Cluster(name, str(facts["endpoint"]), str(facts["certificate_authority"]), token)


def _of_state(context: Context) -> Mapping[str, Any] | None:
    """From the resource, which is there even when the run that made it was killed before it wrote outputs."""
    for resource in (context.store.read("eks") or {}).get("resources", ()):
        if resource.get("type") == "aws_eks_cluster" and resource.get("mode") == "managed":
            for instance in resource.get("instances", ()):
                facts = _facts(instance["attributes"])
                if facts is not None:
                    return facts
    return None


def _of_plan(plan: Plan | None) -> Mapping[str, Any] | None:
    for change in plan.changes("eks") if plan is not None else ():
        if change.type == "aws_eks_cluster" and change.importing is not None:
            return _facts(change.before or {})
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
