"""The hyperpod_slurm layer: a SageMaker HyperPod cluster that Slurm schedules, and its instance groups."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from hp_tf.contract.base import (
    Block,
    Contract,
    CreateOnly,
    Text,
    Unique,
    Wired,
)
from hp_tf.contract.providers import AWS, AWSCC
from hp_tf.contract.roles import HyperPodCluster
from hp_tf.contract.types import (
    ScriptLocation,
)
from hp_tf.contract.types_cluster import (
    FileSystemDnsName,
    HyperPodName,
    MountName,
    MountPath,
    ScriptName,
)
from hp_tf.layers.hyperpod.cluster import ClusterInputs, ClusterOutputs
from hp_tf.layers.hyperpod.lookup import LOOKUP
from hp_tf.layers.hyperpod.nodes import NODES
from hp_tf.layers.hyperpod.notes import notes
from hp_tf.layers.hyperpod.purchases import buys, next_steps
from hp_tf.layers.hyperpod_slurm.groups import SlurmGroup
from hp_tf.layers.hyperpod_slurm.resources import RESOURCES
from hp_tf.layers.hyperpod_slurm.rules import RULES

TopicArn = Annotated[str, Text(r"arn:aws(?:-[a-z]+)*:sns:[a-z0-9-]+:[0-9]{12}:.+", "the ARN of an SNS topic")]


class Controllers(Block):
    """Two or three controllers, one of which is at work."""

    sns_topic_arn: TopicArn = Field(description="Topic that is told when another controller takes over.")
    shared_directory: MountPath = Field(
        "/fsx/slurm", description="Where the controllers keep their common state, on the shared file system."
    )


class HyperPodSlurmInputs(ClusterInputs):
    """Inputs of the hyperpod_slurm layer."""

    cluster_name: Annotated[HyperPodName, Unique(), CreateOnly("another name is another cluster")] = Field(
        "slurm-cluster", description="Name of the cluster."
    )
    instance_groups: list[SlurmGroup] = Field(
        min_length=1,
        max_length=100,
        examples=[
            [
                {"name": "controller", "instance_type": "ml.m5.2xlarge", "count": 1, "node_type": "Controller"},
                {"name": "workers", "instance_type": "ml.g5.8xlarge", "count": 2},
            ]
        ],
        description="Groups of instances. Their order has no meaning. Type, zone, role, threads and security groups of "
        "a group are fixed when it is made.",
    )
    configuration: Literal["api", "scripts"] = Field(
        "api",
        description="What tells Slurm of its groups, partitions and file systems: the service's API, or "
        "provisioning_parameters.json that AWS's lifecycle scripts read. From scripts to api that goes, and the "
        "nodes need UpdateClusterSoftware.",
    )
    strategy: Literal["Overwrite", "Managed", "Merge"] = Field(
        "Managed",
        description="What the service does where somebody has edited Slurm's configuration by hand: Overwrite takes "
        "the edits away, Managed fails, Merge keeps them. With configuration api.",
    )
    lifecycle_scripts: bool = Field(
        False, description="Whether nodes run lifecycle scripts. With configuration scripts they must."
    )
    lifecycle_script_uri: Annotated[
        ScriptLocation | None, Wired("storage.lifecycle_script_uri", only_if="lifecycle_scripts")
    ] = Field(
        None,
        description="Location of the lifecycle scripts, such as 's3://bucket/prefix'. An S3 endpoint on the way must "
        "let a bucket of another account through.",
    )
    lifecycle_on_create: Annotated[
        ScriptName | None, Wired("storage.lifecycle_on_create", only_if="lifecycle_scripts")
    ] = Field(None, description="Script that runs when a node is made.")
    mount_lustre: bool = Field(False, description="Whether every node mounts the FSx for Lustre file system.")
    lustre_dns_name: Annotated[FileSystemDnsName | None, Wired("fsx.dns_name", only_if="mount_lustre")] = Field(
        None, description="DNS name of the FSx for Lustre file system."
    )
    lustre_mount_name: Annotated[MountName | None, Wired("fsx.mount_name", only_if="mount_lustre")] = Field(
        None, description="Lustre mount name of it."
    )
    lustre_mount_path: MountPath = Field("/fsx", description="Where it is mounted. With configuration scripts, /fsx.")
    mount_openzfs: bool = Field(False, description="Whether every node mounts the FSx for OpenZFS file system.")
    openzfs_dns_name: Annotated[FileSystemDnsName | None, Wired("openzfs.dns_name", only_if="mount_openzfs")] = Field(
        None, description="DNS name of the FSx for OpenZFS file system."
    )
    openzfs_mount_path: MountPath = Field(
        "/home", description="Where it is mounted. With configuration scripts, /home."
    )
    controllers: Controllers | None = Field(
        None,
        description="What several controllers need, with configuration scripts and an accounting database; null with "
        "one controller.",
    )
    accounting: bool = Field(
        False,
        description="Whether Slurm's controllers are told of the accounting database, with configuration scripts.",
    )
    database_endpoint: Annotated[str | None, Wired("accounting.database_endpoint", only_if="accounting")] = Field(
        None, min_length=1, description="Host name of the accounting database."
    )
    database_secret_arn: Annotated[str | None, Wired("accounting.database_secret_arn", only_if="accounting")] = Field(
        None, min_length=1, description="Secret with its password."
    )
    database_username: Annotated[str | None, Wired("accounting.database_username", only_if="accounting")] = Field(
        None, min_length=1, description="User of it."
    )


class HyperPodSlurmOutputs(ClusterOutputs):
    """Outputs of the hyperpod_slurm layer."""

    partitions: dict[str, Any] = Field(description="Names of the Compute groups of every partition.")


CONTRACT = Contract(
    name="hyperpod_slurm",
    summary="The SageMaker HyperPod cluster with Slurm, and its instance groups.",
    inputs=HyperPodSlurmInputs,
    outputs=HyperPodSlurmOutputs,
    resources=RESOURCES,
    providers=(AWS, AWSCC),
    rules=RULES,
    provides=(HyperPodCluster(), NODES),
    named_elements=("instance_groups",),
    lookup=LOOKUP,
    orchestrators=frozenset({"slurm"}),
    replaces=("HyperPodClusterStack (Slurm)",),
    notes=notes("hyperpod_slurm"),
    buys=buys,
    next_steps=next_steps,
)
