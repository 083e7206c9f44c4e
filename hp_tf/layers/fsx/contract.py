"""The fsx layer: an FSx for Lustre file system beside the nodes.

Values and the rules between them: the FSx for Lustre API (CreateFileSystem, LustreConfiguration).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hp_tf.contract.base import (
    Block,
    Contract,
    CreateOnly,
    Inputs,
    Name,
    Outputs,
    Text,
    Wired,
)
from hp_tf.contract.facts import OfAccount, OfName, OfRegion, OfTags
from hp_tf.contract.types import (
    OCTET,
    KmsKeyArn,
    S3Location,
    SecurityGroupId,
    SubnetId,
    ZoneId,
)
from hp_tf.contract.types_cluster import FileSystemDnsName, FileSystemId, FsxArn, LogDestinationArn, MountName
from hp_tf.contract.types_fsx import BackupId, ClockTime, WeekTime
from hp_tf.layers.fsx.lookup import LOOKUP
from hp_tf.layers.fsx.purchases import buys
from hp_tf.layers.fsx.resources import RESOURCES
from hp_tf.layers.fsx.rules import RULES

_NEW = "another value is another file system; make one beside it and copy the data"
Owner = Annotated[
    str,
    Text(
        "0:0|[1-9][0-9]{0,9}:[1-9][0-9]{0,9}",
        "a user and a group id such as '65534:65534', neither of them root's, or '0:0' to switch squashing off",
    ),
]
# FSx has neither the stars nor the lists of Lustre.
_ADDRESSES = rf"(?:{OCTET}|\[{OCTET}-{OCTET}\])"
Nids = Annotated[
    str,
    Text(
        rf"{_ADDRESSES}(?:\.{_ADDRESSES}){{3}}@tcp",
        "Lustre network ids such as '10.0.1.6@tcp' or '10.0.[2-10].[1-255]@tcp'",
    ),
]
DataLocation = Annotated[S3Location, Field(max_length=900)]


class Metadata(Block):
    """How many metadata operations a PERSISTENT_2 file system can do."""

    mode: Literal["AUTOMATIC", "USER_PROVISIONED"] = Field(
        "AUTOMATIC", description="Whether FSx derives the operations from the capacity."
    )
    iops: int | None = Field(
        None,
        ge=1500,
        le=192000,
        description="Operations per second with USER_PROVISIONED: 1500, 3000, 6000, or a multiple of 12000; with "
        "INTELLIGENT_TIERING 6000 or 12000.",
    )


class RootSquash(Block):
    """Whom root on a client is on the file system."""

    root_squash: Owner = Field(description="User and group root becomes.")
    no_squash_nids: list[Nids] = Field(
        default_factory=list, max_length=10, description="Clients on which root stays root, as Lustre network ids."
    )


class DataReadCache(Block):
    """The SSD read cache of an INTELLIGENT_TIERING file system."""

    sizing_mode: Literal["NO_CACHE", "USER_PROVISIONED", "PROPORTIONAL_TO_THROUGHPUT_CAPACITY"] = Field(
        "PROPORTIONAL_TO_THROUGHPUT_CAPACITY", description="How the cache gets its size."
    )
    size_gib: int | None = Field(
        None,
        ge=32,
        description="GiB of the cache with USER_PROVISIONED: 32 to 131072 for every 4000 MB/s of throughput.",
    )


class FsxInputs(Inputs):
    """Inputs of the fsx layer."""

    name: OfName
    region: OfRegion
    account_id: OfAccount
    tags: OfTags
    private_subnet_ids: Annotated[dict[ZoneId, SubnetId], Wired("network.private_subnet_ids")] = Field(
        description="Subnets of the nodes by zone id."
    )
    primary_availability_zone_id: Annotated[
        ZoneId,
        Wired("network.primary_availability_zone_id"),
        CreateOnly(
            "another one replaces the file system, unless availability_zone_id names its zone before the primary one "
            "changes"
        ),
    ] = Field(description="Zone of the file system unless availability_zone_id names another.")
    security_group_id: Annotated[SecurityGroupId, Wired("security.security_group_id")] = Field(
        description="Security group of the file system; it must allow Lustre between its members. Fixed at creation: "
        "FSx does not report it, so a later change is not applied rather than replacing the file system."
    )
    availability_zone_id: Annotated[ZoneId | None, CreateOnly(_NEW)] = Field(
        None,
        description="Zone of the file system: that of the heaviest users, because traffic between zones costs money. "
        "Null means the primary one.",
    )
    deployment_type: Annotated[Literal["SCRATCH_1", "SCRATCH_2", "PERSISTENT_1", "PERSISTENT_2"], CreateOnly(_NEW)] = (
        Field("PERSISTENT_2", description="Kind of the file system. SCRATCH ones lose their data when a server fails.")
    )
    storage_type: Annotated[Literal["SSD", "HDD", "INTELLIGENT_TIERING"], CreateOnly(_NEW)] = Field(
        "SSD", description="What data lies on. HDD goes with PERSISTENT_1, INTELLIGENT_TIERING with PERSISTENT_2."
    )
    storage_capacity_gib: int | None = Field(
        1200,
        ge=1200,
        description="GiB of storage. SSD: 1200, 2400 and then steps of 2400 (SCRATCH_1: 3600). HDD: steps of 6000 at "
        "12 MB/s per TiB, of 1800 at 40. It can grow, never shrink. Null with INTELLIGENT_TIERING.",
    )
    per_unit_storage_throughput: int | None = Field(
        None,
        description="MB/s per TiB of storage. PERSISTENT_2: 125, 250, 500, 1000. PERSISTENT_1: 50, 100, 200 on SSD, "
        "12, 40 on HDD. Null takes 250, 200 or 12 on these three; SCRATCH and INTELLIGENT_TIERING have none.",
    )
    throughput_capacity_mbps: int | None = Field(
        None, ge=4000, le=2000000, description="MB/s in all with INTELLIGENT_TIERING, in steps of 4000."
    )
    data_read_cache: DataReadCache | None = Field(
        None, description="SSD read cache with INTELLIGENT_TIERING; required there, null elsewhere."
    )
    data_compression_type: Literal["NONE", "LZ4"] = Field("LZ4", description="Compression of data as it is written.")
    file_system_type_version: Annotated[Literal["2.10", "2.12", "2.15"], CreateOnly(_NEW)] = Field(
        "2.15", description="Version of Lustre. PERSISTENT_2 has 2.15, and without metadata_configuration 2.12 too."
    )
    metadata_configuration: Metadata | None = Field(
        None,
        description="Metadata performance of a PERSISTENT_2 file system; null leaves the plain one. It can be given "
        "only when the file system is made; later its operations go up, never down.",
    )
    efa_enabled: Annotated[bool, CreateOnly(_NEW)] = Field(
        False,
        description="Whether clients in the same zone may use EFA and GPUDirect Storage. Needs PERSISTENT_2 with a "
        "metadata_configuration, and capacity in large steps (4800 GiB at 1000 MB/s per TiB, 38400 at 125). The "
        "lifecycle script that comes with storage sets nodes with EFA up for it; without one that does, they mount it "
        "over TCP.",
    )
    drive_cache_type: Annotated[Literal["NONE", "READ"] | None, CreateOnly(_NEW)] = Field(
        None, description="SSD cache in front of HDD storage: required there, null elsewhere."
    )
    automatic_backup_retention_days: int = Field(
        0, ge=0, le=90, description="Days daily backups are kept; 0 makes none. Persistent file systems only."
    )
    daily_automatic_backup_start_time: ClockTime | None = Field(
        None, description="Time of the daily backup in UTC; null lets FSx choose."
    )
    copy_tags_to_backups: Annotated[bool, CreateOnly(_NEW)] = Field(
        False, description="Whether backups carry the file system's tags."
    )
    skip_final_backup: bool | None = Field(
        None,
        description="Whether deleting the file system makes no last backup. Null makes one of every persistent file "
        "system without an import_path; the others have no backups.",
    )
    final_backup_tags: dict[str, str] = Field(default_factory=dict, description="Tags of the last backup.")
    backup_id: Annotated[BackupId | None, CreateOnly(_NEW)] = Field(
        None, description="Backup the file system is made from. Its kind and capacity must be those of the backup."
    )
    weekly_maintenance_start_time: WeekTime | None = Field(
        None, description="When FSx may take the file system down for maintenance; null lets FSx choose."
    )
    root_squash_configuration: RootSquash | None = Field(
        None, description="Whom root on a client is on the file system; null leaves root as it is."
    )
    log_level: Literal["DISABLED", "WARN_ONLY", "ERROR_ONLY", "WARN_ERROR"] = Field(
        "DISABLED", description="Which events of data repositories go to CloudWatch."
    )
    log_destination_arn: LogDestinationArn | None = Field(
        None, description="Where those events go; null lets FSx use the log group /aws/fsx/lustre."
    )
    kms_key_arn: Annotated[KmsKeyArn | None, CreateOnly(_NEW)] = Field(
        None, description="Key that encrypts a persistent file system; null takes the AWS-managed one."
    )
    import_path: Annotated[DataLocation | None, CreateOnly(_NEW)] = Field(
        None, description="S3 data a SCRATCH or PERSISTENT_1 file system shows as files."
    )
    export_path: Annotated[DataLocation | None, CreateOnly(_NEW)] = Field(
        None, description="Where in the bucket of import_path changed files are exported to."
    )
    imported_file_chunk_size_mib: Annotated[int | None, CreateOnly(_NEW)] = Field(
        None, ge=1, le=512000, description="MiB of a file on one disk before the next one is used, for imported files."
    )
    auto_import_policy: Literal["NONE", "NEW", "NEW_CHANGED", "NEW_CHANGED_DELETED"] | None = Field(
        None, description="Which changes in the bucket of import_path the file system follows."
    )


class FsxOutputs(Outputs):
    """Outputs of the fsx layer."""

    file_system_id: FileSystemId = Field(description="Id of the file system.")
    file_system_arn: FsxArn = Field(description="ARN of the file system.")
    dns_name: FileSystemDnsName = Field(description="DNS name clients mount.")
    mount_name: MountName = Field(description="Lustre mount name of the file system.")


CONTRACT = Contract(
    name="fsx",
    summary="An FSx for Lustre file system in the nodes' network.",
    inputs=FsxInputs,
    outputs=FsxOutputs,
    resources=RESOURCES,
    rules=RULES,
    names={"file_system": Name("{name}-fsx", 256, "file system's Name tag")},
    lookup=LOOKUP,
    replaces=("FsxStack",),
    not_replaced="That stack's CSI driver, StorageClass and claim are those of `addons`: there a claim in the cluster "
    "made the file system, here Terraform does, and the claim is for it.",
    buys=buys,
)
