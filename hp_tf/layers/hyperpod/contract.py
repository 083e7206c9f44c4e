"""The hyperpod layer: the SageMaker HyperPod cluster and its instance groups."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from hp_tf.contract.base import (
    Contract,
    CreateOnly,
    NeededWith,
    Unique,
    Wired,
)
from hp_tf.contract.providers import AWSCC
from hp_tf.contract.roles import HyperPodCluster, RestrictedGroups
from hp_tf.contract.types import (
    RoleArn,
    ScriptLocation,
)
from hp_tf.contract.types_cluster import (
    EksClusterArn,
    FileSystemDnsName,
    HyperPodName,
    Mistaken,
    MountName,
    ScriptName,
)
from hp_tf.layers.hyperpod.cluster import ClusterInputs, ClusterOutputs
from hp_tf.layers.hyperpod.groups import InstanceGroup, RestrictedInstanceGroup, SharedStorage, shared_mounts
from hp_tf.layers.hyperpod.lookup import LOOKUP
from hp_tf.layers.hyperpod.nodes import NODES
from hp_tf.layers.hyperpod.notes import RESTRICTED, SCALING, notes
from hp_tf.layers.hyperpod.purchases import buys, next_steps
from hp_tf.layers.hyperpod.resources import RESOURCES
from hp_tf.layers.hyperpod.rules import RULES

_SHARED = shared_mounts("instance_groups", "restricted_instance_groups")


class HyperPodInputs(ClusterInputs):
    """Inputs of the hyperpod layer."""

    eks_cluster_arn: Annotated[
        EksClusterArn, Wired("eks.cluster_arn"), CreateOnly("another orchestrator is another cluster")
    ] = Field(description="EKS cluster that orchestrates the nodes.")
    karpenter_role_arn: Annotated[RoleArn | None, Wired("iam.karpenter_role_arn")] = Field(
        None, description="Role with which Karpenter adds and deletes nodes; needed when auto_scaling is on."
    )
    lifecycle_script_uri: Annotated[ScriptLocation | None, Wired("storage.lifecycle_script_uri")] = Field(
        None,
        examples=["s3://sagemaker-dev-123456789012-us-west-2/lifecycle"],
        description="Location of the lifecycle scripts, such as 's3://bucket/prefix'. An S3 endpoint on the way must "
        "let a bucket of another account through. Null where no group runs any, or each says its own.",
    )
    lifecycle_on_create: Annotated[ScriptName | None, Wired("storage.lifecycle_on_create")] = Field(
        None, examples=["on_create.sh"], description="Script that runs when a node is made."
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
    lustre_dns_name: Annotated[FileSystemDnsName | None, Wired("fsx.dns_name", only_when=_SHARED)] = Field(
        None, description="DNS name of the environment's FSx for Lustre file system, for mounts that name none."
    )
    lustre_mount_name: Annotated[MountName | None, Wired("fsx.mount_name", only_when=_SHARED)] = Field(
        None, description="Lustre mount name of it."
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
        "chart revision that AWS pins for them and its script install_rig_dependencies.sh, run once by hand. They run "
        "no lifecycle scripts.",
    )
    restricted_shared_storage: SharedStorage | None = Field(
        None,
        description="One storage for all restricted groups; null gives each its own. It cannot be taken back by "
        "removing it.",
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
        False,
        description="Whether Karpenter adds and deletes nodes: a count is the first size only, and is not taken back.",
    )
    tiered_storage: bool = Field(
        False, description="Whether nodes keep checkpoints in their memory (managed tiered checkpointing)."
    )
    tiered_storage_memory_percentage: int = Field(
        20,
        ge=0,
        le=100,
        description="Percent of a node's memory for tiered storage, sent with tiered_storage: what is left out, the "
        "service keeps as it was.",
    )


class HyperPodOutputs(ClusterOutputs):
    """Outputs of the hyperpod layer."""

    restricted_instance_groups: dict[str, Any] = Field(description="Restricted groups by name, likewise.")


CONTRACT = Contract(
    name="hyperpod",
    summary="The SageMaker HyperPod cluster and its instance groups.",
    inputs=HyperPodInputs,
    outputs=HyperPodOutputs,
    resources=RESOURCES,
    providers=(AWSCC,),
    rules=RULES,
    provides=(HyperPodCluster(), RestrictedGroups(), NODES),
    named_elements=("instance_groups", "restricted_instance_groups"),
    lookup=LOOKUP,
    orchestrators=frozenset({"eks"}),
    replaces=("HyperPodClusterStack",),
    notes=SCALING + RESTRICTED + notes("hyperpod"),
    buys=buys,
    next_steps=next_steps,
)
