"""The openzfs layer: an FSx for OpenZFS file system, for home directories.

Values and the rules between them: the FSx API (CreateFileSystem, OpenZFSConfiguration).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hp_tf.contract.base import (
    Contract,
    CreateOnly,
    Inputs,
    Name,
    Outputs,
    Text,
    Wired,
)
from hp_tf.contract.facts import OfName, OfTags
from hp_tf.contract.types import (
    KmsKeyArn,
    RouteTableId,
    SecurityGroupId,
    SubnetId,
    VpcCidr,
    ZoneId,
)
from hp_tf.contract.types_cluster import FileSystemDnsName, FileSystemId, FsxArn
from hp_tf.contract.types_fsx import BackupId, ClockTime, WeekTime
from hp_tf.layers.openzfs.lookup import LOOKUP
from hp_tf.layers.openzfs.purchases import buys
from hp_tf.layers.openzfs.resources import RESOURCES
from hp_tf.layers.openzfs.rules import MOST_IOPS, RULES

_NEW = "another value is another file system; make one beside it and copy the data"
NfsClients = Annotated[
    str, Text(r"\*|[0-9a-zA-Z.:/@*?_-]{1,128}", "NFS clients: '*', an address, a range such as '10.0.0.0/16' or a name")
]
NfsOption = Annotated[str, Text("[a-z_]+(?:=[A-Za-z0-9:_-]+)?", "an NFS export option such as 'rw'", max_length=128)]


class OpenZfsInputs(Inputs):
    """Inputs of the openzfs layer."""

    name: OfName
    tags: OfTags
    private_subnet_ids: Annotated[dict[ZoneId, SubnetId], Wired("network.private_subnet_ids")] = Field(
        description="Subnets of the nodes by zone id."
    )
    private_route_table_ids: Annotated[dict[str, RouteTableId], Wired("network.private_route_table_ids")] = Field(
        description="Route tables of the nodes by zone id: with MULTI_AZ_1, FSx writes the way to the file system into "
        "them."
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
        description="Security group of the file system; it must allow NFS between its members. Fixed at creation: FSx "
        "does not report it, so a later change is not applied rather than replacing the file system."
    )
    availability_zone_id: Annotated[ZoneId | None, CreateOnly(_NEW)] = Field(
        None, description="Zone of the file system, with MULTI_AZ_1 of its active server. Null means the primary one."
    )
    standby_availability_zone_id: Annotated[ZoneId | None, CreateOnly(_NEW)] = Field(
        None, description="Zone of the standby server with MULTI_AZ_1, null otherwise."
    )
    deployment_type: Annotated[
        Literal["SINGLE_AZ_1", "SINGLE_AZ_2", "SINGLE_AZ_HA_1", "SINGLE_AZ_HA_2", "MULTI_AZ_1"], CreateOnly(_NEW)
    ] = Field(
        "SINGLE_AZ_HA_2",
        description="Kind of the file system. HA has a standby server in the same zone, MULTI_AZ_1 in another one. "
        "Not every region has every kind.",
    )
    storage_capacity_gib: int = Field(
        64, ge=64, le=524288, description="GiB of SSD storage. It can grow by a tenth or more, never shrink."
    )
    throughput_capacity_mbps: int = Field(
        160,
        description="MB/s. SINGLE_AZ_1 and SINGLE_AZ_HA_1: 64, 128, 256, 512, 1024, 2048, 3072 or 4096. The others: "
        "160, 320, 640, 1280, 2560, 3840, 5120, 7680 or 10240.",
    )
    disk_iops: int | None = Field(
        None,
        ge=192,
        le=MOST_IOPS,
        description="Operations per second of the disks, at least 3 per GiB; null takes just these.",
    )
    data_compression_type: Literal["NONE", "ZSTD", "LZ4"] = Field(
        "ZSTD", description="Compression of data as it is written."
    )
    record_size_kib: Literal[4, 8, 16, 32, 64, 128, 256, 512, 1024] = Field(
        128, description="KiB of a block of a file."
    )
    nfs_clients: NfsClients = Field("*", description="Who may mount it; the security group comes first.")
    nfs_options: list[NfsOption] = Field(
        default_factory=lambda: ["rw", "crossmnt", "no_root_squash"],
        min_length=1,
        max_length=20,
        description="What NFS clients may do. Without no_root_squash, root on a node cannot make home directories.",
    )
    endpoint_ip_address_range: Annotated[VpcCidr | None, CreateOnly(_NEW)] = Field(
        None, description="Range of the addresses of a MULTI_AZ_1 file system; null lets FSx choose one."
    )
    automatic_backup_retention_days: int = Field(
        0, ge=0, le=90, description="Days daily backups are kept; 0 makes none."
    )
    daily_automatic_backup_start_time: ClockTime | None = Field(
        None, description="Time of the daily backup in UTC; null lets FSx choose."
    )
    copy_tags_to_backups: Annotated[bool, CreateOnly(_NEW)] = Field(
        False, description="Whether backups carry the file system's tags."
    )
    skip_final_backup: bool = Field(False, description="Whether deleting the file system makes no last backup.")
    final_backup_tags: dict[str, str] = Field(default_factory=dict, description="Tags of the last backup.")
    backup_id: Annotated[BackupId | None, CreateOnly(_NEW)] = Field(
        None, description="Backup the file system is made from. Its kind and capacity must be those of the backup."
    )
    weekly_maintenance_start_time: WeekTime | None = Field(
        None, description="When FSx may take the file system down for maintenance; null lets FSx choose."
    )
    kms_key_arn: Annotated[KmsKeyArn | None, CreateOnly(_NEW)] = Field(
        None, description="Key that encrypts the file system; null takes the AWS-managed one."
    )


class OpenZfsOutputs(Outputs):
    """Outputs of the openzfs layer."""

    file_system_id: FileSystemId = Field(description="Id of the file system.")
    file_system_arn: FsxArn = Field(description="ARN of the file system.")
    dns_name: FileSystemDnsName = Field(description="DNS name clients mount.")


CONTRACT = Contract(
    name="openzfs",
    summary="An FSx for OpenZFS file system in the nodes' network, for home directories.",
    inputs=OpenZfsInputs,
    outputs=OpenZfsOutputs,
    resources=RESOURCES,
    rules=RULES,
    names={"file_system": Name("{name}-openzfs", 256, "file system's Name tag")},
    lookup=LOOKUP,
    enabled=False,
    replaces=("FsxStack (OpenZFS of the Slurm stacks)",),
    buys=buys,
)
