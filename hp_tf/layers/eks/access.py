"""Who may use an EKS cluster: access entries, their policies, and EKS's rules about them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hp_tf.contract.base import Block, Text
from hp_tf.contract.rules import Expression, Rule, both, either, element, implies, item, negation, var
from hp_tf.contract.types import ARN
from hp_tf.contract.types_cluster import PrincipalArn

_POLICY = "Amazon[A-Za-z0-9]+Policy"
AccessPolicyName = Annotated[
    str,
    Text(
        f"{_POLICY}|{ARN}:eks::aws:cluster-access-policy/{_POLICY}",
        "an EKS access policy's name such as 'AmazonEKSViewPolicy', or its ARN",
    ),
]
Namespace = Annotated[
    str,
    Text(
        "[a-z0-9*](?:[a-z0-9*-]*[a-z0-9*])?",
        "a namespace of lower-case letters, digits and inner hyphens such as 'ml'; '*' in it stands for anything",
        max_length=63,
    ),
]


class AccessPolicy(Block):
    """An EKS access policy given to a principal."""

    policy: AccessPolicyName = Field(
        description="Name of the policy, such as 'AmazonEKSClusterAdminPolicy', or its ARN."
    )
    namespaces: list[Namespace] = Field(
        default_factory=list, description="Namespaces in which the policy holds; empty means the whole cluster."
    )


class AccessEntry(Block):
    """A principal that may use the cluster."""

    principal_arn: PrincipalArn = Field(description="IAM role or user: the role itself, not an assumed-role session.")
    type: Literal["STANDARD", "EC2", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX", "HYPERPOD_LINUX"] = (
        Field("STANDARD", description="What the principal is: STANDARD for people and programs, the others for nodes.")
    )
    kubernetes_groups: list[str] = Field(
        default_factory=list,
        description="Kubernetes groups the principal belongs to, for RBAC bindings of your own; with type STANDARD.",
    )
    user_name: Annotated[str, Field(min_length=1)] | None = Field(
        None, description="Kubernetes user name; null lets EKS derive it from the ARN."
    )
    policies: dict[str, AccessPolicy] = Field(
        default_factory=dict, description="Access policies of the principal, by a name of your choice."
    )


# Types of access entries whose principals EKS lets have access policies.
_WITH_POLICIES = ("STANDARD", "EC2")


# What EKS keeps at the beginning of names for itself.
_RESERVED = r"(?:system|eks|aws|amazon|iam):.*"


_ENTRIES = var("access_entries")
_ENTRY = element("entry")
_PRINCIPALS = _ENTRIES.each("entry", _ENTRY.field("principal_arn"), _ENTRY.given())
_POLICIES = item().field("policies").each("given", element("given").field("policy"), element("given").given())
_NAME = element("name")


def _entry(name: str, at: str, check: Expression, message: str) -> Rule:
    return Rule(f"eks-access-{name}", on="access_entries", check=check, message=message, each=True, at=at)


RULES = (
    Rule(
        "eks-access-somebody",
        on="access_entries",
        check=either(
            var("bootstrap_cluster_creator_admin_permissions"),
            _ENTRIES.some(
                "entry",
                both(_ENTRY.field("type").eq("STANDARD"), _ENTRY.field("policies").length().ge(1)),
                _ENTRY.given(),
            ),
        ),
        message="Nobody could use the cluster: with bootstrap_cluster_creator_admin_permissions false, "
        "access_entries must hold a STANDARD entry with a policy.",
    ),
    Rule(
        "eks-access-principals",
        on="access_entries",
        check=_PRINCIPALS.distinct(),
        message="EKS has one entry for a principal: each of access_entries must have a principal_arn of its own.",
        culprits=_PRINCIPALS.doubled(_ENTRIES.keys()),
    ),
    _entry(
        "partition",
        "principal_arn",
        item().field("principal_arn").begins("arn:{partition}:iam::"),
        "principal_arn must be of the same partition.",
    ),
    _entry(
        "nodes-role",
        "principal_arn",
        either(item().field("type").eq("STANDARD"), item().field("principal_arn").matches(".*:role/.*")),
        "Nodes have roles, not users: principal_arn must name a role, or the entry's type be STANDARD.",
    ),
    _entry(
        "groups",
        "kubernetes_groups",
        implies(item().field("type").ne("STANDARD"), item().field("kubernetes_groups").length().eq(0)),
        "Nodes have no kubernetes_groups of yours: leave them out, or make the entry's type STANDARD.",
    ),
    _entry(
        "group-names",
        "kubernetes_groups",
        item().field("kubernetes_groups").every("group", negation(element("group").matches(_RESERVED))),
        "EKS keeps groups that begin with 'system:', 'eks:', 'aws:', 'amazon:' or 'iam:' for itself: kubernetes_groups "
        "must hold groups of your own, or policies give the rights (AmazonEKSClusterAdminPolicy those of "
        "system:masters).",
    ),
    _entry(
        "user-name",
        "user_name",
        implies(item().field("user_name").given(), negation(item().field("user_name").matches(_RESERVED))),
        "EKS keeps names that begin with 'system:', 'eks:', 'aws:', 'amazon:' or 'iam:' for itself: user_name must be "
        "another, or null.",
    ),
    _entry(
        "policies",
        "policies",
        implies(negation(item().field("type").one_of(_WITH_POLICIES)), item().field("policies").length().eq(0)),
        "EKS gives nodes what they need: policies are for entries of type STANDARD, or EC2 of EKS Auto Mode.",
    ),
    _entry(
        "policies-distinct",
        "policies",
        _POLICIES.each("name", _NAME.part("/", -1)).distinct(),
        "EKS takes a policy once for a principal: every one of policies must be another, with all its namespaces.",
    ),
    _entry(
        "policies-partition",
        "policies",
        _POLICIES.every("name", _NAME.begins("arn:{partition}:eks::aws:cluster-access-policy/"), _NAME.holds(":")),
        "An access policy's ARN must be of the same partition; its name alone does as well.",
    ),
)
