"""Instance groups of a HyperPod cluster: what a file says of them.

Limits are those of the schema of AWS::SageMaker::Cluster.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hp_tf.contract.base import Block, Condition, CreateOnly
from hp_tf.contract.instance_types import InstanceType
from hp_tf.contract.rules import either, element, var
from hp_tf.contract.types import KmsKeyArn, RoleArn, ScriptLocation, SecurityGroupId, SubnetId, ZoneId
from hp_tf.contract.types_cluster import (
    FileSystemDnsName,
    HyperPodName,
    ImageId,
    LabelValue,
    Mistaken,
    MountName,
    MountPath,
    ScriptName,
    TaintKey,
    TrainingPlanArn,
)
from hp_tf.layers.hyperpod.resources import NEW_GROUP
from hp_tf.layers.hyperpod.unchecked import SCHEDULE, Throughput

MOST_INSTANCES = 6758

DeepHealthCheck = Annotated[
    Literal["InstanceStress", "InstanceConnectivity"],
    Mistaken(
        "MultiNodeTrainingValidation",
        "SageMaker knows 'MultiNodeTrainingValidation', but the awscc provider does not take it yet: leave it out",
    ),
]
Schedule = Annotated[str, SCHEDULE]


class BatchSize(Block):
    """How many instances are replaced at a time."""

    type: Literal["INSTANCE_COUNT", "CAPACITY_PERCENTAGE"] = Field(description="What value counts.")
    value: int = Field(ge=1, description="Instances, or percent of the group.")


class RollingUpdate(Block):
    """How a group is updated in batches."""

    maximum_batch_size: BatchSize = Field(description="Instances updated at a time.")
    rollback_maximum_batch_size: BatchSize | None = Field(
        None, description="Instances rolled back at a time; null means as many as are updated."
    )


class Deployment(Block):
    """How a software update goes through a group."""

    alarm_names: list[str] = Field(
        default_factory=list, max_length=10, description="CloudWatch alarms that roll the update back."
    )
    rolling_update: RollingUpdate | None = Field(None, description="Batches; null updates all instances at once.")
    wait_interval_seconds: int | None = Field(
        None, ge=0, le=3600, description="Seconds to watch the alarms after a batch."
    )


class ScheduledUpdate(Block):
    """When a group takes new software by itself."""

    schedule: Schedule = Field(description="When, as cron(minute hour day month weekday year) in UTC.")
    deployment: Deployment | None = Field(None, description="How the update goes through the group.")


class AutoPatch(Block):
    """How a group takes security patches by itself."""

    strategy: Literal["WhenIdle", "WhenAllIdle"] = Field(
        description="Whether an instance is patched when it is idle, or all of them when all are."
    )
    deployment: Deployment | None = Field(None, description="How the patches go through the group.")


class Taint(Block):
    """A Kubernetes taint of a group's nodes."""

    key: TaintKey = Field(description="Key of the taint.")
    value: LabelValue | None = Field(
        None, description="Value of the taint. Taking it away again needs another key or effect: the API keeps it."
    )
    effect: Literal["NoSchedule", "PreferNoSchedule", "NoExecute"] = Field(
        description="What happens to pods that do not tolerate it."
    )


class LustreMount(Block):
    """An FSx for Lustre file system the service mounts on every node."""

    dns_name: FileSystemDnsName | None = Field(
        None, description="DNS name of the file system; null: the environment's, for which the cluster then waits."
    )
    mount_name: MountName | None = Field(
        None, description="Lustre mount name of the file system; null with the environment's."
    )
    mount_path: MountPath = Field("/fsx", description="Where it is mounted.")


class OpenZfsMount(Block):
    """An FSx for OpenZFS file system the service mounts on every node."""

    dns_name: FileSystemDnsName = Field(description="DNS name of the file system.")
    mount_path: MountPath = Field("/home", description="Where it is mounted.")


def shared_mounts(*kinds: str) -> Condition:
    """Return whether a group of these inputs mounts the environment's file system."""
    group, mount = element("group"), element("mount")
    mounts = group.field("fsx_lustre").some("mount", mount.field("dns_name").missing(), mount.given())
    return Condition(
        either(*(var(kind).some("group", mounts, group.given()) for kind in kinds)),
        "a mount of fsx_lustre names no file system",
    )


class PlainGroup(Block):
    """What every kind of group has, with every orchestrator."""

    name: Annotated[HyperPodName, CreateOnly("another name is another group: the old one's nodes are deleted")] = Field(
        description="Name of the group, unique in the cluster."
    )
    count: int = Field(ge=0, le=MOST_INSTANCES, description="Number of instances.")
    availability_zone_id: Annotated[ZoneId | None, CreateOnly(NEW_GROUP)] = Field(
        None, description="Zone of the nodes, one in which the network has a private subnet; null: the primary one."
    )
    availability_zone_ids: Annotated[list[ZoneId], CreateOnly(NEW_GROUP)] = Field(
        default_factory=list,
        max_length=16,
        description="Several zones of the nodes, instead of availability_zone_id: capacity comes from any of them, and "
        "EFA is slow between them.",
    )
    subnet_ids: Annotated[list[SubnetId], CreateOnly(NEW_GROUP)] = Field(
        default_factory=list, max_length=16, description="Subnets of the nodes, instead of those of zones."
    )
    own_network: Annotated[bool, CreateOnly(NEW_GROUP)] = Field(
        True,
        description="Whether the group says its subnets and security groups itself. False for one that was made "
        "without, by CloudFormation for example: it has those of the cluster.",
    )
    security_group_ids: Annotated[list[SecurityGroupId], CreateOnly(NEW_GROUP)] = Field(
        default_factory=list,
        max_length=5,
        description="Security groups instead of the cluster's. Each must allow all traffic to and from itself, or "
        "EFA's health check fails.",
    )
    execution_role_arn: Annotated[RoleArn | None, CreateOnly(NEW_GROUP)] = Field(
        None, description="Role of the nodes instead of the cluster's."
    )
    threads_per_core: Annotated[int | None, CreateOnly(NEW_GROUP)] = Field(
        None,
        ge=1,
        le=2,
        description="Threads per processor core; null takes 2 where the type has them. 1 halves the vCPUs.",
    )
    volume_size_gb: int = Field(
        500,
        ge=0,
        le=16384,
        description="GB of the second EBS volume, mounted at /opt/sagemaker; 0 means none. Taking it away again needs "
        "a new group.",
    )
    volume_kms_key_arn: KmsKeyArn | None = Field(None, description="Key that encrypts the second volume.")
    root_volume_kms_key_arn: KmsKeyArn | None = Field(
        None, description="Key that encrypts the root volume, whose size the service sets."
    )
    fsx_lustre: list[LustreMount] = Field(
        default_factory=list,
        max_length=4,
        description="FSx for Lustre file systems to mount on every node; `[{}]` is the environment's, at /fsx.",
    )
    fsx_openzfs: list[OpenZfsMount] = Field(
        default_factory=list, max_length=4, description="FSx for OpenZFS file systems to mount on every node."
    )
    training_plan_arn: TrainingPlanArn | None = Field(
        None,
        description="Training plan whose capacity the group uses; the group must be in the plan's zone. It cannot be "
        "taken back by removing it: the API keeps what is not sent.",
    )


class Group(PlainGroup):
    """What every kind of group has with EKS."""

    deep_health_checks: list[DeepHealthCheck] = Field(
        default_factory=list,
        max_length=2,
        description="Checks a node must pass before it takes work, an hour or more each. Types with GPUs or Trainium "
        "only. Taking the last one away again needs a new group: the API keeps what is not sent.",
    )


class InstanceGroup(Group):
    """A group of instances of one kind."""

    instance_type: Annotated[InstanceType | None, CreateOnly(NEW_GROUP)] = Field(
        None,
        description="Type of the instances. A node of ml.g5.xlarge takes 14 pods, fewer than the add-ons need.",
    )
    instance_types: list[InstanceType] = Field(
        default_factory=list,
        max_length=20,
        description="Types to try one after the other, instead of instance_type.",
    )
    min_count: int = Field(
        0,
        ge=0,
        le=MOST_INSTANCES,
        description="Instances that must run before the new group counts as made; not reached in three hours, the "
        "group is rolled back. Only with Continuous provisioning.",
    )
    spot: bool = Field(False, description="Whether the instances are Spot capacity, which AWS may take back.")
    image_id: ImageId | None = Field(
        None,
        description="Image of your own, made from a HyperPod one; 'default' goes back to the service's. Null sends "
        "nothing: a group that has an image keeps it, and a new one takes the service's newest (with Continuous, that "
        "of the earliest group).",
    )
    network_interface_type: Literal["efa", "efa-only"] | None = Field(
        None,
        description="Kind of the further network interfaces of EFA types; null leaves it to the service. It cannot be "
        "taken back by removing it.",
    )
    lifecycle_scripts: bool = Field(
        True,
        description="Whether nodes run lifecycle scripts. A group that was made with them keeps them.",
    )
    lifecycle_script_uri: ScriptLocation | None = Field(
        None,
        description="Location of the group's lifecycle scripts instead of the cluster's. An S3 endpoint on the way "
        "must let a bucket of another account through.",
    )
    lifecycle_on_create: ScriptName | None = Field(
        None, description="Script that runs when a node is made, instead of the cluster's."
    )
    lifecycle_on_init_complete: ScriptName | None = Field(
        None,
        description="Script that runs after the service has set the node up; alone, it stands for on_create. It cannot "
        "be taken back by removing it.",
    )
    labels: dict[TaintKey, LabelValue] = Field(
        default_factory=dict,
        max_length=50,
        description="Kubernetes labels of the nodes. Taking the last one away again needs a new group: the API keeps "
        "what is not sent.",
    )
    taints: list[Taint] = Field(
        default_factory=list,
        max_length=50,
        description="Kubernetes taints of the nodes. Taking the last one away again needs a new group.",
    )
    scheduled_update: ScheduledUpdate | None = Field(
        None,
        description="When the group takes new software by itself. It cannot be taken back by removing it.",
    )
    auto_patch: AutoPatch | None = Field(
        None,
        description="How the group takes security patches by itself. It cannot be taken back by removing it.",
    )


class RestrictedStorage(Block):
    """The FSx for Lustre storage of restricted instance groups."""

    size_gib: int = Field(ge=1200, le=100800, description="GiB: 1200 or a multiple of 2400.")
    throughput: Throughput = Field(250, description="MB/s per TiB.")


class SharedStorage(RestrictedStorage):
    """One storage for all restricted instance groups."""

    deletion_policy: Literal["Keep", "DeleteIfNotUsed"] = Field(
        "Keep", description="What happens to it when no group uses it any more."
    )


class RestrictedInstanceGroup(Group):
    """A group for the customisation of Amazon Nova models, whose nodes the service keeps to itself."""

    instance_type: Annotated[InstanceType, CreateOnly(NEW_GROUP)] = Field(description="Type of the instances.")
    storage: RestrictedStorage | None = Field(
        None, description="Storage of the group's own; null where restricted_shared_storage serves all."
    )
