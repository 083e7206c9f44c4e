"""What pods mount: storage classes, volumes of file systems and buckets, and the namespaces of their claims.

The parameters are those of the CSI drivers, kubernetes-sigs/aws-fsx-csi-driver (1.9) and
awslabs/mountpoint-s3-csi-driver (2.5).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hp_tf.contract.base import Block, Text
from hp_tf.contract.types import BucketName, KmsKeyArn, SecurityGroupId, ZoneId
from hp_tf.contract.types_cluster import (
    FileSystemDnsName,
    FileSystemId,
    KubernetesName,
    LabelValue,
    MountName,
    TaintKey,
)

_FIXED = "Kubernetes fixes it: for another one, take another name."
ObjectName = Annotated[
    str,
    Text(
        r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*",
        "a name of lower-case letters, digits, inner hyphens and dots",
        min_length=1,
        # With a namespace behind it, it is still a name that Kubernetes takes.
        max_length=180,
    ),
]
Prefix = Annotated[str, Text("[^/].*/", "a prefix of keys that ends in a slash, such as 'data/'", max_length=900)]


class Namespace(Block):
    """A namespace of the cluster."""

    labels: dict[TaintKey, LabelValue] = Field(default_factory=dict, description="Labels of the namespace.")


class StorageClass(Block):
    """A class of FSx for Lustre file systems that claims make."""

    deployment_type: Literal["SCRATCH_1", "SCRATCH_2", "PERSISTENT_1", "PERSISTENT_2"] = Field(
        "PERSISTENT_2", description=f"Kind of the file systems. {_FIXED}"
    )
    per_unit_storage_throughput: int | None = Field(
        None,
        description="MB/s per TiB of storage. PERSISTENT_2: 125, 250, 500, 1000. PERSISTENT_1: 50, 100, 200. Null "
        "takes 250 or 200 on these; SCRATCH has none.",
    )
    data_compression_type: Literal["NONE", "LZ4"] = Field("LZ4", description="Compression of data as it is written.")
    file_system_type_version: Literal["2.10", "2.12", "2.15"] = Field("2.15", description="Version of Lustre.")
    availability_zone_id: ZoneId | None = Field(
        None, description="Zone of the file systems, one in which there is a private subnet; null: the primary one."
    )
    security_group_ids: list[SecurityGroupId] = Field(
        default_factory=list,
        max_length=50,
        description="Security groups of the file systems instead of the nodes'. They must allow Lustre from the nodes.",
    )
    kms_key_arn: KmsKeyArn | None = Field(
        None, description="Key that encrypts persistent file systems; null takes the AWS-managed one."
    )
    reclaim_policy: Literal["Delete", "Retain"] = Field(
        "Delete",
        description="What becomes of a file system whose claim is deleted. Delete claims before the cluster: with it "
        "gone, nobody deletes their file systems.",
    )
    default: bool = Field(False, description="Whether claims that name no class are of this one.")
    mount_options: list[str] = Field(default_factory=lambda: ["flock"], description="Options of the mounts.")
    parameters: dict[str, str] = Field(
        default_factory=dict, description="Further parameters of the driver, such as efaEnabled; they win."
    )


class Volume(Block):
    """What is mounted in pods of some namespaces, by a claim in each."""

    namespaces: list[KubernetesName] = Field(
        default_factory=lambda: ["default"],
        min_length=1,
        description="Namespaces with a claim. Each is there already, or among `namespaces`.",
    )
    claim_name: ObjectName | None = Field(None, description="Name of the claims; null: the volume's.")
    read_only: bool = Field(False, description="Whether pods cannot write.")
    mount_options: list[str] = Field(default_factory=list, description="Options of the mount.")


class LustreVolume(Volume):
    """An FSx for Lustre file system in pods."""

    file_system_id: FileSystemId | None = Field(None, description=f"File system; null: the environment's. {_FIXED}")
    dns_name: FileSystemDnsName | None = Field(
        None, description="DNS name of that file system; null with the environment's."
    )
    mount_name: MountName | None = Field(
        None, description="Lustre mount name of that file system; null with the environment's."
    )
    capacity_gib: int = Field(
        1200, ge=1, description="GiB that volume and claims say they have. Nothing holds pods to it."
    )
    mount_options: list[str] = Field(default_factory=lambda: ["flock"], description="Options of the mount.")


class BucketVolume(Volume):
    """An S3 bucket in pods, by Mountpoint. A file is written once, from beginning to end."""

    bucket_name: BucketName = Field(description=f"Bucket, in this region. {_FIXED}")
    prefix: Prefix | None = Field(None, description="Prefix of the keys that pods see; null: all.")
    read_only: bool = Field(True, description="Whether pods cannot write.")
