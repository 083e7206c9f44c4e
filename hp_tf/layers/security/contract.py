"""The security layer: the security group of the HyperPod nodes, with the rules EFA and Lustre need."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hp_tf.contract.base import (
    Configured,
    Contract,
    CreateOnly,
    Found,
    Inputs,
    Name,
    Outputs,
    Text,
    Unique,
    Wired,
)
from hp_tf.contract.facts import OfName, OfTags
from hp_tf.contract.rules import Rule, either, implies, negation, var
from hp_tf.contract.types import ADDRESS, SecurityGroupId, VpcCidr, VpcId
from hp_tf.layers.security.lookup import LOOKUP
from hp_tf.layers.security.present import SecurityRule, present
from hp_tf.layers.security.resources import RESOURCES

GroupName = Annotated[
    str,
    Text(
        r"[a-zA-Z0-9 ._:/()#,@\[\]+=&;{}!$*-]+",
        "a security group's name: letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*",
        max_length=255,
    ),
]

# A range of everybody is none that a node's door should be open to.
SshCidr = Annotated[
    str, Text(rf"{ADDRESS}/(?:3[0-2]|[12][0-9]|[89])", "an IPv4 range between /8 and /32 such as '192.0.2.0/24'")
]


class SecurityInputs(Inputs):
    """Inputs of the security layer."""

    name: OfName
    tags: OfTags
    cluster_vpc_id: Annotated[VpcId | None, Wired("eks.vpc_id", when="existing")] = Field(
        default=None, description="VPC of an existing EKS cluster, which must be this one; null where there is none."
    )
    vpc_id: Annotated[VpcId, Wired("network.vpc_id")] = Field(description="Id of the VPC the group is in.")

    create_security_group: bool = Field(
        default=True,
        description="Whether a security group is created. False adds the rules to the one security_group_id names; "
        "with an existing EKS cluster that is the cluster's own group, and this must be false.",
    )
    security_group_id: Annotated[SecurityGroupId | None, Wired("eks.cluster_security_group_id", when="existing")] = (
        Field(default=None, description="Id of the given security group when create_security_group is false.")
    )
    security_group_name: Annotated[
        GroupName | None, Unique(), CreateOnly("another name is another group, and replaces the cluster")
    ] = Field(default=None, description="Name of the group that is created; null makes it from the environment's.")
    present_rules: Annotated[list[SecurityRule] | None, Found(present, unless="create_security_group")] = Field(
        default=None,
        description="Rules a given group has already and which are not added, because EC2 refuses a rule twice: [] if "
        "it has none. A group that EKS made has ingress_self and egress_anywhere, that of a newer cluster egress_self "
        "too.",
    )
    vpc_cidr_blocks: Annotated[dict[str, VpcCidr] | None, Wired("network.vpc_cidr_blocks")] = Field(
        default=None,
        description="The VPC's blocks, those of the nodes' subnets among them, by names that are known at plan; with "
        "openzfs_security_group_ids.",
    )
    openzfs_security_group_ids: Annotated[list[SecurityGroupId], Configured("openzfs.security_group_id")] = Field(
        default_factory=list,
        description="Security groups of OpenZFS file systems that are not the nodes' own: they let the VPC in by NFS. "
        "In the nodes' group all reach each other.",
    )
    ssh_cidr_blocks: list[SshCidr] = Field(
        default_factory=list,
        description="Blocks that may reach the nodes by SSH. None need: Session Manager leads to every node.",
    )
    ssh_security_group_ids: list[SecurityGroupId] = Field(
        default_factory=list, description="Security groups whose members may reach the nodes by SSH."
    )


class SecurityOutputs(Outputs):
    """Outputs of the security layer."""

    security_group_id: SecurityGroupId = Field(
        description="Id of the security group, usable: all its rules are in place."
    )


_NAMED = var("security_group_name")

RULES = (
    Rule(
        "security-name",
        on="name",
        check=either(_NAMED.given(), negation(var("name").matches("sg-.*"))),
        message="A security group cannot have a name that begins with 'sg-', so name cannot either.",
    ),
    Rule(
        "security-group-name",
        on="security_group_name",
        check=implies(_NAMED.given(), negation(_NAMED.matches("sg-.*"))),
        message="A security group cannot have a name that begins with 'sg-': security_group_name must be another.",
    ),
    Rule(
        "security-group-name-unused",
        on="security_group_name",
        check=implies(_NAMED.given(), var("create_security_group")),
        message="A given group keeps its name, so security_group_name must be left out.",
    ),
    Rule(
        "security-group-needed",
        on="create_security_group",
        check=implies(var("create_security_group").eq(False), var("security_group_id").given()),
        message="With create_security_group false, security_group_id must name the group to add rules to.",
    ),
    Rule(
        "security-group-unused",
        on="create_security_group",
        check=implies(var("create_security_group").eq(True), var("security_group_id").missing()),
        message="A security_group_id is given, so create_security_group must be false.",
        advice="The file gives it, or the existing EKS cluster does.",
    ),
    Rule(
        "security-present-rules-given-group",
        on="present_rules",
        check=implies(var("create_security_group").eq(True), var("present_rules").length().eq(0)),
        message="A new security group has no rules, so present_rules must be left out.",
    ),
    Rule(
        "security-present-rules-needed",
        on="present_rules",
        check=implies(var("create_security_group").eq(False), var("present_rules").given()),
        message="EC2 refuses a rule twice, so present_rules must say which a given group has: [ingress_self, "
        "egress_anywhere] for one that EKS made, and egress_self if it has it; [] for one without rules.",
    ),
    Rule(
        "security-openzfs-group",
        on="openzfs_security_group_ids",
        check=implies(
            var("security_group_id").given(),
            negation(var("security_group_id").within(var("openzfs_security_group_ids"))),
        ),
        message="openzfs_security_group_ids has the nodes' group, whose members reach each other: leave it out.",
    ),
    Rule(
        "security-openzfs-distinct",
        on="openzfs_security_group_ids",
        check=var("openzfs_security_group_ids").distinct(),
        message="Every group must be named once.",
    ),
    Rule(
        "security-openzfs-blocks",
        on="vpc_cidr_blocks",
        check=implies(var("openzfs_security_group_ids").length().ge(1), var("vpc_cidr_blocks").given()),
        message="openzfs_security_group_ids has groups, so vpc_cidr_blocks must say from where they are reached.",
    ),
    Rule(
        "security-ssh-blocks-distinct",
        on="ssh_cidr_blocks",
        check=var("ssh_cidr_blocks").distinct(),
        message="Every block must be named once.",
    ),
    Rule(
        "security-ssh-groups-distinct",
        on="ssh_security_group_ids",
        check=var("ssh_security_group_ids").distinct(),
        message="Every group must be named once.",
    ),
    Rule(
        "security-cluster-vpc",
        on="vpc_id",
        check=implies(var("cluster_vpc_id").given(), var("cluster_vpc_id").eq(var("vpc_id"))),
        message="The EKS cluster is in another VPC, and its nodes cannot be in this one: vpc_id must be the VPC of the "
        "cluster, cluster_vpc_id.",
        advice="So network must be made in that VPC (create_vpc false with vpc_id), or be given as existing.",
    ),
)

CONTRACT = Contract(
    name="security",
    summary="The security group of the HyperPod nodes, or the same rules in a given group.",
    inputs=SecurityInputs,
    outputs=SecurityOutputs,
    resources=RESOURCES,
    rules=RULES,
    names={
        "security_group": Name(
            "{name}-hyperpod", 255, "security group", when=var("create_security_group"), given="security_group_name"
        )
    },
    lookup=LOOKUP,
    replaces=("SecurityGroupStack",),
)
