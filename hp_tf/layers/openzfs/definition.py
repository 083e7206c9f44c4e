"""The openzfs module: one FSx for OpenZFS file system."""

from __future__ import annotations

from cdktn_provider_aws.fsx_openzfs_file_system import (
    FsxOpenzfsFileSystem,
    FsxOpenzfsFileSystemRootVolumeConfiguration,
    FsxOpenzfsFileSystemRootVolumeConfigurationNfsExports,
    FsxOpenzfsFileSystemRootVolumeConfigurationNfsExportsClientConfigurations,
)

from hp_tf.synth.module import Module
from hp_tf.synth.snippets import tags


def define(module: Module) -> None:
    """Write the module."""
    module.local("availability_zone_id", "coalesce(var.availability_zone_id, var.primary_availability_zone_id)")
    module.local(
        "availability_zone_ids",
        "compact([local.availability_zone_id, var.standby_availability_zone_id])",
        comment="The active server's zone first.",
    )
    module.local("multi_az", 'var.deployment_type == "MULTI_AZ_1"')
    system = FsxOpenzfsFileSystem(
        module,
        "file_system.this",
        subnet_ids=module.strings("${[for zone in local.availability_zone_ids : var.private_subnet_ids[zone]]}"),
        preferred_subnet_id="${local.multi_az ? var.private_subnet_ids[local.availability_zone_id] : null}",
        route_table_ids=module.strings("${local.multi_az ? values(var.private_route_table_ids) : null}"),
        endpoint_ip_address_range=module.ref("endpoint_ip_address_range"),
        security_group_ids=["${var.security_group_id}"],
        deployment_type=module.ref("deployment_type"),
        storage_type="SSD",
        storage_capacity=module.number("${var.storage_capacity_gib}"),
        throughput_capacity=module.number("${var.throughput_capacity_mbps}"),
        automatic_backup_retention_days=module.number("${var.automatic_backup_retention_days}"),
        daily_automatic_backup_start_time=module.ref("daily_automatic_backup_start_time"),
        copy_tags_to_backups=module.boolean("${var.copy_tags_to_backups}"),
        skip_final_backup=module.boolean("${var.skip_final_backup}"),
        final_backup_tags=module.mapping("${var.final_backup_tags}"),
        backup_id=module.ref("backup_id"),
        weekly_maintenance_start_time=module.ref("weekly_maintenance_start_time"),
        kms_key_id=module.ref("kms_key_arn"),
        root_volume_configuration=FsxOpenzfsFileSystemRootVolumeConfiguration(
            data_compression_type=module.ref("data_compression_type"),
            record_size_kib=module.number("${var.record_size_kib}"),
            nfs_exports=FsxOpenzfsFileSystemRootVolumeConfigurationNfsExports(
                client_configurations=[
                    FsxOpenzfsFileSystemRootVolumeConfigurationNfsExportsClientConfigurations(
                        clients="${var.nfs_clients}", options=module.strings("${var.nfs_options}")
                    )
                ]
            ),
        ),
        tags=tags(module, module.name("file_system")),
    )
    system.add_override("lifecycle.ignore_changes", ["security_group_ids"])
    module.made_first(system)
    module.comment(
        system,
        "FSx does not tell its security groups after creation, nor does it change them: without ignore_changes\n"
        "a file system that is imported would be replaced, and its data lost.",
    )
    module.dynamic(
        system,
        "disk_iops_configuration",
        "${var.disk_iops == null ? [] : [var.disk_iops]}",
        {"mode": "USER_PROVISIONED", "iops": "${disk_iops_configuration.value}"},
    )
    module.output("file_system_id", "${aws_fsx_openzfs_file_system.this.id}")
    module.output("file_system_arn", "${aws_fsx_openzfs_file_system.this.arn}")
    module.output("dns_name", "${aws_fsx_openzfs_file_system.this.dns_name}")
