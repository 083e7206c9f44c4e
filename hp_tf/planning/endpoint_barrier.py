"""The barrier of a Kubernetes endpoint.

What is installed in a cluster cannot be read by a plan that makes the cluster's endpoint unknown, because the cluster
is made anew. Such a plan is cut: the part before the barrier is planned, and the rest once that is applied.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hp_tf import codes
from hp_tf.contract.base import Contract
from hp_tf.contract.providers import PROVIDERS
from hp_tf.contract.roles import KubernetesApi
from hp_tf.environment.wiring import Wiring
from hp_tf.errors import HptfError
from hp_tf.findings import Finding
from hp_tf.planning.root import Selection, variable_name
from hp_tf.state import document
from hp_tf.state.document import State
from hp_tf.terraform.failures import TerraformFailed
from hp_tf.terraform.plan import Plan
from hp_tf.terraform.values import PlanValue

# The sources of the providers of what is in a cluster.
IN_CLUSTER = frozenset(item.source for item in PROVIDERS if item.in_cluster is not None)


def inside(
    members: Selection, contracts: Mapping[str, Contract], states: Mapping[str, State | None]
) -> tuple[str, ...]:
    """Return the layers of a set that have objects in the cluster, which a plan must read."""
    return tuple(
        name
        for name in members.all
        if KubernetesApi in contracts[name].requires and any(map(in_cluster, document.managed(states.get(name))))
    )


def goes_with_cluster(contract: Contract, state: State | None) -> bool:
    """Whether all that a layer has made is in the cluster, and gone when that is."""
    return KubernetesApi in contract.requires and all(map(in_cluster, document.managed(state)))


def in_cluster(resource: Mapping[str, Any]) -> bool:
    """Whether a resource of a state is an object in the cluster; a layer with such may have others in AWS."""
    sources = document.providers({"resources": [resource]})
    return any(source.partition("/")[2].partition(".")[0] in IN_CLUSTER for source in sources)


def before(members: Selection, wiring: Wiring, behind: Collection[str]) -> Selection | None:
    """Return the part of a set before the barrier, None if no layer of the set makes the endpoint.

    Args:
        behind: the layers inside the cluster.
    """
    if not behind or wiring.api is None or wiring.api.layer not in members.present:
        return None
    later = set(behind).union(*(wiring.downstream(name) for name in behind))
    return Selection(tuple(name for name in members.present if name not in later))


def raised(plan: Plan | None, wiring: Wiring) -> bool:
    """Whether a plan makes the endpoint unknown."""
    if plan is None or wiring.api is None:
        return False
    change = plan.outputs.get(variable_name(wiring.api.layer, wiring.api.role.endpoint))
    return change is not None and PlanValue.after(change).is_unknown


def cut(wiring: Wiring, later: Sequence[str]) -> list[Finding]:
    """Return a finding if a plan is cut, by the layers that are left out."""
    if not later or wiring.api is None:
        return []
    text = f"the {wiring.api.role.what} is made anew, so what is installed in it cannot be read before that is done"
    text += f": this plan leaves out {', '.join(later)}"
    return [codes.PLAN_CUT.about(wiring.api.layer, text, "apply it, then plan the rest")]


def may_be_why(error: HptfError, behind: Collection[str]) -> bool:
    """Whether a plan may have failed because of the barrier: in a layer behind it, or in a provider."""
    if not isinstance(error, TerraformFailed):
        return True
    layers = {item.layer for item in error.diagnostics if item.severity == "error"}
    return bool(layers & {None, *behind})
