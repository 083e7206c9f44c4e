"""What every HyperPod cluster takes and gives, whatever schedules its work."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from hp_tf.contract.base import CreateOnly, FromEnvironment, FromService, Inputs, Outputs, Wired
from hp_tf.contract.facts import OfAccount, OfPartition, OfRegion
from hp_tf.contract.types import RoleArn, SecurityGroupId, SubnetId, Tags, ZoneId
from hp_tf.contract.types_cluster import HyperPodArn, HyperPodId, HyperPodName, Mistaken


class ClusterInputs(Inputs):
    """Inputs of every cluster."""

    region: OfRegion
    account_id: OfAccount
    partition: OfPartition
    tags: Annotated[Tags, FromEnvironment("tags")] = Field(
        default_factory=dict, max_length=49, description="Tags of the cluster, besides the one the console goes by."
    )
    private_subnet_ids: Annotated[dict[ZoneId, SubnetId], Wired("network.private_subnet_ids")] = Field(
        description="Subnets of the nodes by zone id."
    )
    primary_availability_zone_id: Annotated[
        ZoneId,
        Wired("network.primary_availability_zone_id"),
        CreateOnly("another one replaces the cluster; groups name a zone of their own"),
    ] = Field(description="Zone of every group that names none.")
    cluster_availability_zone_ids: Annotated[
        list[ZoneId], CreateOnly("another list replaces the cluster; groups name zones of their own")
    ] = Field(
        default_factory=list,
        max_length=16,
        description="Zones with whose subnets the cluster itself is configured, beside what its groups say; empty: the "
        "primary one's alone. A cluster that other modules or CloudFormation made has those of all its zones.",
    )
    cluster_subnet_ids: Annotated[
        list[SubnetId], CreateOnly("another list replaces the cluster; groups name subnets of their own")
    ] = Field(
        default_factory=list,
        max_length=16,
        description="Subnets with which the cluster itself is configured, instead of those of zones.",
    )
    security_group_id: Annotated[
        SecurityGroupId,
        Wired("security.security_group_id"),
        CreateOnly("another one replaces the cluster; groups name their own"),
    ] = Field(description="Security group of the nodes.")
    additional_security_group_ids: Annotated[
        list[SecurityGroupId], CreateOnly("another list replaces the cluster; groups name their own")
    ] = Field(
        default_factory=list,
        max_length=4,
        description="Further security groups of the nodes. Each must allow all traffic to and from itself, or EFA's "
        "health check fails.",
    )
    execution_role_arn: Annotated[RoleArn, Wired("iam.execution_role_arn")] = Field(
        description="Role of the nodes of every group that names none."
    )
    s3_endpoint_id: Annotated[str | None, Wired("endpoints.s3_endpoint_id")] = Field(
        None,
        min_length=1,
        description="S3 endpoint through which nodes reach their scripts; naming it makes the cluster wait.",
    )
    interface_endpoint_ids: Annotated[dict[str, str] | None, Wired("endpoints.interface_endpoint_ids")] = Field(
        None,
        description="Interface endpoints by service, through which nodes reach AWS; with them the cluster waits.",
    )
    node_recovery: Annotated[
        Literal["Automatic", "None"],
        Mistaken("Manual", "'Manual' does not exist in the API: write 'None' to only report faulty nodes"),
    ] = Field(
        "Automatic",
        description="What happens to a faulty node: Automatic reboots or replaces it, None only reports it.",
    )
    live_cluster: Annotated[str | None, FromService()] = Field(
        None,
        description="The cluster as the service has it, as JSON: groups keep their positions in its lists. Null: see "
        "the README.",
    )


class ClusterOutputs(Outputs):
    """Outputs of every cluster."""

    cluster_arn: HyperPodArn = Field(description="ARN of the HyperPod cluster.")
    cluster_name: HyperPodName = Field(description="Name of the HyperPod cluster.")
    cluster_id: HyperPodId = Field(description="The last part of the ARN, by which log groups and SSM targets name it.")
    instance_groups: dict[str, Any] = Field(
        description="Groups of instances by name, as the inputs want them: a plan shows here, group by group, what "
        "changes."
    )
