"""The hyperpod_slurm layer: a SageMaker HyperPod cluster that Slurm schedules, and its instance groups."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from hp_tf.contract.base import (
    Block,
    Contract,
    CreateOnly,
    Sensitive,
    Text,
    Unique,
    Wired,
)
from hp_tf.contract.providers import AWS, AWSCC
from hp_tf.contract.roles import HyperPodCluster
from hp_tf.contract.types import BucketName, PrometheusEndpoint, ScriptLocation, SecretArn, TopicArn
from hp_tf.contract.types_cluster import (
    FileSystemDnsName,
    HyperPodName,
    MountName,
    MountPath,
    ScriptName,
)
from hp_tf.layers.hyperpod.cluster import ClusterInputs, ClusterOutputs
from hp_tf.layers.hyperpod.groups import shared_mounts
from hp_tf.layers.hyperpod.lookup import LOOKUP
from hp_tf.layers.hyperpod.nodes import NODES
from hp_tf.layers.hyperpod.notes import notes
from hp_tf.layers.hyperpod.purchases import buys, next_steps
from hp_tf.layers.hyperpod_slurm.groups import SlurmGroup
from hp_tf.layers.hyperpod_slurm.resources import RESOURCES
from hp_tf.layers.hyperpod_slurm.rules import RULES

_SHARED = shared_mounts("instance_groups")
_ADMINS = ["ClusterAdmin", "ubuntu"]
_EVERYBODY = ["ClusterAdmin", "ClusterDev", "ubuntu"]
_SUDOERS = ["ClusterAdmin", "ClusterDev"]
GroupNames = Annotated[list[Annotated[str, Field(min_length=1)]], Field(min_length=1)]


class ByNodeType(Block):
    """Groups of users by what a node does."""

    controller: GroupNames = Field(description="On controllers.")
    compute: GroupNames = Field(description="On nodes that compute.")
    login: GroupNames = Field(description="On login nodes.")


class Sssd(Block):
    """A directory of users: LDAP or Active Directory, reached by SSSD."""

    domain: str = Field("default", min_length=1, description="Name of the domain.")
    ldap_uri: Annotated[str, Text("ldaps?://[^ ]+", "URLs of LDAP servers such as 'ldaps://ldap.example.com'")] = Field(
        description="URLs of the LDAP servers, separated by commas."
    )
    search_base: str = Field(min_length=1, description="DN below which users are looked for.")
    bind_dn: str = Field(min_length=1, description="DN that looks for them.")
    password_type: Literal["obfuscated_password", "password"] = Field(
        "obfuscated_password", description="Whether sssd_password is as sss_obfuscate makes it, or plain."
    )
    ssh_auth_method: Literal["publickey", "password"] = Field("publickey", description="How users log in by SSH.")
    override_homedir: str = Field("/fsx/%u", min_length=1, description="Home directory of users.")
    ssh_allow_groups: ByNodeType = Field(
        default_factory=lambda: ByNodeType(controller=_ADMINS, compute=_EVERYBODY, login=_EVERYBODY),
        description="Groups whose users may log in by SSH.",
    )
    sudoers_groups: ByNodeType = Field(
        default_factory=lambda: ByNodeType(controller=_SUDOERS, compute=_SUDOERS, login=_SUDOERS),
        description="Groups whose users may act as root.",
    )


class ScriptFeatures(Block):
    """What AWS's lifecycle scripts set up beside Slurm."""

    docker_enroot_pyxis: bool = Field(True, description="Whether jobs run in containers: Docker, Enroot and Pyxis.")
    pam_slurm_adopt: bool = Field(
        False, description="Whether users log in to nodes with a job of theirs only, within the job's limits."
    )
    update_neuron_sdk: bool = Field(False, description="Whether nodes with Trainium take a newer Neuron SDK.")
    slurm_log_rotation: bool = Field(True, description="Whether Slurm's logs are rotated.")


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
        "provisioning_parameters.json that AWS's lifecycle scripts read. A cluster goes from scripts to api, its "
        "nodes then need UpdateClusterSoftware, and never back.",
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
    lustre_dns_name: Annotated[
        FileSystemDnsName | None,
        Wired("fsx.dns_name", only_if="mount_lustre"),
        Wired("fsx.dns_name", only_when=_SHARED),
    ] = Field(None, description="DNS name of the FSx for Lustre file system.")
    lustre_mount_name: Annotated[
        MountName | None,
        Wired("fsx.mount_name", only_if="mount_lustre"),
        Wired("fsx.mount_name", only_when=_SHARED),
    ] = Field(None, description="Lustre mount name of it.")
    lustre_mount_path: MountPath = Field("/fsx", description="Where it is mounted. With configuration scripts, /fsx.")
    mount_openzfs: bool = Field(False, description="Whether every node mounts the FSx for OpenZFS file system.")
    openzfs_dns_name: Annotated[FileSystemDnsName | None, Wired("openzfs.dns_name", only_if="mount_openzfs")] = Field(
        None, description="DNS name of the FSx for OpenZFS file system."
    )
    openzfs_mount_path: MountPath = Field(
        "/home", description="Where it is mounted. With configuration scripts, /home."
    )
    node_provisioning_mode: Literal["Continuous"] | None = Field(
        None,
        description="Continuous makes the nodes that can be had and goes on trying; null makes all or none. With "
        "configuration api. A cluster goes to Continuous and never back.",
    )
    accounting: bool = Field(
        False,
        description="Whether Slurm's controllers are told of the accounting database; without, Slurm keeps its "
        "accounts on the controller. With configuration api that takes node_provisioning_mode Continuous.",
    )
    database_endpoint: Annotated[str | None, Wired("accounting.database_endpoint", only_if="accounting")] = Field(
        None, min_length=1, description="Host name of the accounting database."
    )
    database_port: Annotated[int | None, Wired("accounting.database_port", only_if="accounting")] = Field(
        None, ge=1, le=65535, description="Port of it; null takes 3306."
    )
    database_name: Annotated[str | None, Wired("accounting.database_name", only_if="accounting")] = Field(
        None,
        min_length=1,
        max_length=64,
        description="Schema of it that Slurm writes, with configuration api; null takes one named for the cluster.",
    )
    database_secret_arn: Annotated[SecretArn | None, Wired("accounting.database_secret_arn", only_if="accounting")] = (
        Field(None, description="Secret with its user and password.")
    )
    database_username: Annotated[str | None, Wired("accounting.database_username", only_if="accounting")] = Field(
        None, min_length=1, description="User of it."
    )
    shared_directory: MountPath = Field(
        "/fsx/slurm",
        description="Where controllers keep their common state with an accounting database, on a file system that "
        "every node mounts.",
    )
    failover_topic_arn: Annotated[TopicArn | None, Wired("accounting.failover_topic_arn", only_if="accounting")] = (
        Field(None, description="Topic that is told when another controller takes over; null tells nobody.")
    )
    observability: bool = Field(
        False,
        description="Whether nodes send what they and Slurm measure to a Prometheus workspace, with configuration "
        "scripts.",
    )
    prometheus_endpoint: Annotated[
        PrometheusEndpoint | None, Wired("observability.prometheus_endpoint", only_if="observability")
    ] = Field(None, description="URL of the workspace, of this account, without a slash at its end.")
    advanced_metrics: bool = Field(False, description="Whether nodes send more of their GPUs than the basic metrics.")
    mount_s3_bucket_name: BucketName | None = Field(
        None, description="Bucket that nodes mount at /mnt/<its name>, with configuration scripts."
    )
    script_features: ScriptFeatures | None = Field(
        None, description="What else AWS's scripts set up, with configuration scripts; null takes the defaults."
    )
    sssd: Sssd | None = Field(
        None, description="Directory of users that nodes log in by, with configuration scripts; null for none."
    )
    sssd_password: Annotated[str | None, Sensitive()] = Field(
        None,
        min_length=1,
        description="Password of sssd.bind_dn. It stands in config.py in the scripts' bucket, for there the scripts "
        "read it.",
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
