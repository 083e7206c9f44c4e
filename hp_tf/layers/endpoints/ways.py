"""What nodes reach in a network without a way out: the services that have an endpoint in the VPC.

What nodes call: AWS's list of endpoints for HyperPod in a private network, and the rights of the nodes' role.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from hp_tf.contract.role import configured, given
from hp_tf.contract.roles import Endpoints, Network
from hp_tf.contract.rules import Path, PythonRule, Scope

# By the end of an endpoint's name: what nodes do through it. Without these a node does not come up.
NEEDED: Mapping[str, str] = {
    "s3": "S3, where their scripts, images' layers and packages are",
    "ec2": "EC2",
    "sagemaker.api": "SageMaker",
    "sts": "STS",
}
NEEDED_ON_EKS: Mapping[str, str] = {"ecr.api": "ECR", "ecr.dkr": "ECR", "eks-auth": "EKS"}
# Without these it does, and nobody sees what it does, or gets on it.
WANTED: Mapping[str, str] = {
    "logs": "logs",
    "monitoring": "metrics",
    "ssm": "sessions",
    "ssmmessages": "sessions",
    "ec2messages": "sessions",
}
WANTED_IF_RESTRICTED: Mapping[str, str] = {"lambda": "reward functions", "sqs": "reward functions"}
_CLOSED = "the network has no way out (network.nat is none)"
_AT = ("private_subnet_ids",)
_REMEDY = "name them in endpoints.interface_endpoints, or give the network a way out"


def unreached(scope: Scope, services: Iterable[str]) -> list[str]:
    """Return those of some services that nodes do not reach, as far as the file tells."""
    if configured(scope, Network).get("nat") != "none":
        return []
    made, there = configured(scope, Endpoints), given(scope, Endpoints)
    found = {
        *_names(made.get("interface_endpoints")),
        *_names(made.get("given_interface_endpoint_ids")),
        *_names(there.get("interface_endpoint_ids")),
    }
    if made.get("s3") is True or there.get("s3_endpoint_id") is not None:
        found.add("s3")
    return [service for service in services if service not in found]


def _names(known: object) -> Iterable[str]:
    return (str(name) for name in known) if isinstance(known, Mapping | list) else ()


def rules_of_ways(prefix: str, *, on_eks: bool) -> tuple[PythonRule, PythonRule]:
    """Return the rules that nodes reach what they need, and what people want of them.

    A module of a cluster sees no network, only subnets; so these are hptf's.
    """
    reason = "the network and its endpoints are other modules'"
    needed = {**NEEDED, **NEEDED_ON_EKS} if on_eks else NEEDED

    def cut_off(scope: Scope) -> Iterator[tuple[Path, str]]:
        if not _has_groups(scope):
            return
        ways = list(_listed(unreached(scope, needed), needed))
        if ways:
            yield (
                ("private_subnet_ids",),
                f"Nodes would not come up: {_CLOSED}, and none leads to {'; '.join(ways)}; {_REMEDY}.",
            )

    def unseen(scope: Scope) -> Iterator[tuple[Path, str]]:
        if not _has_groups(scope):
            return
        wanted = {**WANTED, **WANTED_IF_RESTRICTED} if scope.get("restricted_instance_groups") else WANTED
        ways = list(_listed(unreached(scope, wanted), wanted))
        if ways:
            yield _AT, f"Nodes go without {'; '.join(ways)}: {_CLOSED}; {_REMEDY}."

    return (
        PythonRule(f"{prefix}-ways", check=cut_off, reason=reason),
        PythonRule(f"{prefix}-ways-wanted", check=unseen, reason=reason, level="warning"),
    )


def _has_groups(scope: Scope) -> bool:
    return bool(scope.get("instance_groups") or scope.get("restricted_instance_groups"))


def _listed(services: Iterable[str], purposes: Mapping[str, str]) -> Iterator[str]:
    by_purpose: dict[str, list[str]] = {}
    for service in services:
        by_purpose.setdefault(purposes[service], []).append(service)
    for purpose, names in by_purpose.items():
        yield f"{purpose} ({', '.join(names)})"
