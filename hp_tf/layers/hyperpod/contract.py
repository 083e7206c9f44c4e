"""The hyperpod layer: the SageMaker HyperPod cluster and its instance groups."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from hp_tf.contract.base import (
    Contract,
    CreateOnly,
    FromEnvironment,
    FromService,
    Inputs,
    NeededWith,
    Outputs,
    Unique,
    Wired,
)
from hp_tf.contract.facts import OfAccount, OfPartition, OfRegion
from hp_tf.contract.providers import AWSCC
from hp_tf.contract.roles import HyperPodCluster
from hp_tf.contract.types import (
    RoleArn,
    ScriptLocation,
    SecurityGroupId,
    SubnetId,
    Tags,
    ZoneId,
)
from hp_tf.contract.types_cluster import (
    EksClusterArn,
    HyperPodArn,
    HyperPodId,
    HyperPodName,
    Mistaken,
    ScriptName,
)
from hp_tf.layers.hyperpod.groups import InstanceGroup, RestrictedInstanceGroup, SharedStorage
from hp_tf.layers.hyperpod.lookup import LOOKUP
from hp_tf.layers.hyperpod.nodes import NODES
from hp_tf.layers.hyperpod.resources import RESOURCES
from hp_tf.layers.hyperpod.rules import RULES


class HyperPodInputs(Inputs):
    """Inputs of the hyperpod layer."""

    region: OfRegion
    account_id: OfAccount
    partition: OfPartition
    tags: Annotated[Tags, FromEnvironment("tags")] = Field(
        default_factory=dict, max_length=49, description="Tags of the cluster, besides the one the console goes by."
    )
    eks_cluster_arn: Annotated[
        EksClusterArn, Wired("eks.cluster_arn"), CreateOnly("another orchestrator is another cluster")
    ] = Field(description="EKS cluster that orchestrates the nodes.")
    private_subnet_ids: Annotated[dict[ZoneId, SubnetId], Wired("network.private_subnet_ids")] = Field(
        description="Subnets of the nodes by zone id."
    )
    primary_availability_zone_id: Annotated[
        ZoneId,
        Wired("network.primary_availability_zone_id"),
        CreateOnly("another one replaces the cluster; groups name a zone of their own"),
    ] = Field(description="Zone of every group that names none.")
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
    karpenter_role_arn: Annotated[RoleArn | None, Wired("iam.karpenter_role_arn")] = Field(
        None, description="Role with which Karpenter adds and deletes nodes; needed when auto_scaling is on."
    )
    lifecycle_script_uri: Annotated[ScriptLocation, Wired("storage.lifecycle_script_uri")] = Field(
        description="Location of the lifecycle scripts, such as 's3://bucket/prefix'. An S3 endpoint on the way must "
        "let a bucket of another account through."
    )
    lifecycle_on_create: Annotated[ScriptName, Wired("storage.lifecycle_on_create")] = Field(
        description="Script that runs when a node is made."
    )
    dependencies_release: Annotated[
        str | None,
        Wired("helm.release_name"),
        NeededWith("eks", "a new EKS cluster has no dependency chart, and HyperPod refuses to join it"),
    ] = Field(
        None,
        min_length=1,
        description="Release of the dependency chart. HyperPod refuses to make a cluster without it; naming it here "
        "makes the cluster wait for it.",
    )
    s3_endpoint_id: Annotated[str | None, Wired("endpoints.s3_endpoint_id")] = Field(
        None,
        min_length=1,
        description="S3 endpoint through which nodes reach their scripts; naming it makes the cluster wait.",
    )
    cluster_name: Annotated[HyperPodName, Unique(), CreateOnly("another name is another cluster")] = Field(
        "ml-cluster", description="Name of the cluster."
    )
    instance_groups: list[InstanceGroup] = Field(
        default_factory=list,
        max_length=100,
        examples=[[{"name": "workers", "instance_type": "ml.g5.8xlarge", "count": 2}]],
        description="Groups of instances. Their order has no meaning. Type, zone, role, threads and security groups of "
        "a group are fixed when it is made.",
    )
    restricted_instance_groups: list[RestrictedInstanceGroup] = Field(
        default_factory=list,
        max_length=100,
        description="Groups for the customisation of Amazon Nova models, instead of instance_groups. They need the "
        "chart revision that AWS pins for them and its script install_rig_dependencies.sh, run once by hand; they run "
        "no lifecycle scripts, whose location is asked for all the same.",
    )
    restricted_shared_storage: SharedStorage | None = Field(
        None,
        description="One storage for all restricted groups; null gives each its own. It cannot be taken back by "
        "removing it.",
    )
    node_recovery: Annotated[
        Literal["Automatic", "None"],
        Mistaken("Manual", "'Manual' does not exist in the API: write 'None' to only report faulty nodes"),
    ] = Field(
        "Automatic",
        description="What happens to a faulty node: Automatic reboots or replaces it, None only labels it.",
    )
    node_provisioning_mode: Annotated[
        Literal["Continuous"] | None,
        Mistaken(
            "OnDemand",
            "'OnDemand' does not exist in the API: write 'Continuous', or null for all at once",
        ),
    ] = Field(
        "Continuous",
        description="Continuous: the cluster is there at once and nodes come as capacity allows. Null: every change "
        "succeeds or fails as a whole. Continuous can be switched on later, never off.",
    )
    auto_scaling: bool = Field(
        False, description="Whether Karpenter adds and deletes nodes; counts then change outside of Terraform."
    )
    tiered_storage: bool = Field(
        False, description="Whether nodes keep checkpoints in their memory (managed tiered checkpointing)."
    )
    tiered_storage_memory_percentage: int | None = Field(
        None, ge=0, le=100, description="Percent of a node's memory for tiered storage; null leaves it to the service."
    )
    live_cluster: Annotated[str | None, FromService()] = Field(
        None,
        description="The cluster as the service has it, as JSON: groups keep their positions in its lists. Null: see "
        "the README.",
    )


class HyperPodOutputs(Outputs):
    """Outputs of the hyperpod layer."""

    cluster_arn: HyperPodArn = Field(description="ARN of the HyperPod cluster.")
    cluster_name: HyperPodName = Field(description="Name of the HyperPod cluster.")
    cluster_id: HyperPodId = Field(description="The last part of the ARN, by which log groups and SSM targets name it.")
    instance_groups: dict[str, Any] = Field(
        description="Groups of instances by name, as the inputs want them: a plan shows here, group by group, what "
        "changes."
    )
    restricted_instance_groups: dict[str, Any] = Field(description="Restricted groups by name, likewise.")


INTERRUPTED = """
## When the creation is interrupted

AWS goes on making a cluster when Terraform stops: at one Ctrl-C, at a lost connection, at a kill. Ask how it stands
before the next apply: `aws sagemaker describe-cluster --cluster-name NAME --query '[ClusterArn,ClusterStatus]'`.

| Terraform | The cluster | What to do |
|---|---|---|
| plans to replace it, "tainted" | `Creating` | Wait. A replacement would delete it. |
| plans to replace it, "tainted" | `InService` | `terraform untaint 'module.hyperpod.awscc_sagemaker_cluster.this'`; the next plan is empty. |
| plans to replace it, "tainted" | `Failed` | Apply: that deletes it and makes it anew. Untainted it would pass for healthy. |
| fails with `already exists` | `Creating`, `InService` | Import it by its ARN, by an `import` block or `terraform import 'module.hyperpod.awscc_sagemaker_cluster.this' ARN`. |
| fails with `already exists` | `Failed` | Delete it (`aws sagemaker delete-cluster --cluster-name NAME`), and apply. |
"""  # noqa: E501

CONTRACT = Contract(
    name="hyperpod",
    summary="The SageMaker HyperPod cluster and its instance groups.",
    inputs=HyperPodInputs,
    outputs=HyperPodOutputs,
    resources=RESOURCES,
    providers=(AWSCC,),
    rules=RULES,
    provides=(HyperPodCluster(), NODES),
    named_elements=("instance_groups", "restricted_instance_groups"),
    lookup=LOOKUP,
    orchestrators=frozenset({"eks"}),
    replaces=("HyperPodClusterStack",),
    notes=INTERRUPTED,
)
