"""The fsx module: one FSx for Lustre file system."""

from __future__ import annotations

from cdktn_provider_aws.fsx_lustre_file_system import FsxLustreFileSystem

from hp_tf.layers.fsx.throughput import PERSISTENT_1_HDD as _HDD
from hp_tf.layers.fsx.throughput import PERSISTENT_1_SSD as _SSD
from hp_tf.layers.fsx.throughput import PERSISTENT_2 as _PERSISTENT_2
from hp_tf.synth.module import Module
from hp_tf.synth.snippets import tags

_DEFAULT_THROUGHPUT = f"""coalesce(
  var.per_unit_storage_throughput,
  var.deployment_type == "PERSISTENT_2" ? {_PERSISTENT_2} : var.storage_type == "SSD" ? {_SSD} : {_HDD},
)"""


def define(module: Module) -> None:
    """Write the module."""
    module.local("availability_zone_id", "coalesce(var.availability_zone_id, var.primary_availability_zone_id)")
    module.local("persistent", 'startswith(var.deployment_type, "PERSISTENT")')
    module.local(
        "throughput",
        f'local.persistent && var.storage_type != "INTELLIGENT_TIERING" ? {_DEFAULT_THROUGHPUT} : null',
        comment="Scratch file systems and tiered storage have no throughput per TiB.",
    )
    system = FsxLustreFileSystem(
        module,
        "file_system.this",
        subnet_ids=["${var.private_subnet_ids[local.availability_zone_id]}"],
        security_group_ids=["${var.security_group_id}"],
        deployment_type=module.ref("deployment_type"),
        storage_type=module.ref("storage_type"),
        storage_capacity=module.number("${var.storage_capacity_gib}"),
        per_unit_storage_throughput=module.number("${local.throughput}"),
        throughput_capacity=module.number("${var.throughput_capacity_mbps}"),
        data_compression_type=module.ref("data_compression_type"),
        file_system_type_version=module.ref("file_system_type_version"),
        efa_enabled=module.boolean("${var.efa_enabled ? true : null}"),
        drive_cache_type=module.ref("drive_cache_type"),
        automatic_backup_retention_days=module.number(
            "${local.persistent ? var.automatic_backup_retention_days : null}"
        ),
        daily_automatic_backup_start_time=module.ref("daily_automatic_backup_start_time"),
        copy_tags_to_backups=module.boolean("${local.persistent ? var.copy_tags_to_backups : null}"),
        skip_final_backup=module.boolean(
            "${var.skip_final_backup == null ? !local.persistent || var.import_path != null : var.skip_final_backup}"
        ),
        final_backup_tags=module.mapping("${var.final_backup_tags}"),
        backup_id=module.ref("backup_id"),
        weekly_maintenance_start_time=module.ref("weekly_maintenance_start_time"),
        kms_key_id=module.ref("kms_key_arn"),
        import_path=module.ref("import_path"),
        export_path=module.ref("export_path"),
        imported_file_chunk_size=module.number("${var.imported_file_chunk_size_mib}"),
        auto_import_policy=module.ref("auto_import_policy"),
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
        "metadata_configuration",
        "${var.metadata_configuration == null ? [] : [var.metadata_configuration]}",
        {"mode": "${metadata_configuration.value.mode}", "iops": "${metadata_configuration.value.iops}"},
    )
    module.dynamic(
        system,
        "data_read_cache_configuration",
        "${var.data_read_cache == null ? [] : [var.data_read_cache]}",
        {
            "sizing_mode": "${data_read_cache_configuration.value.sizing_mode}",
            "size": "${data_read_cache_configuration.value.size_gib}",
        },
    )
    module.dynamic(
        system,
        "root_squash_configuration",
        "${var.root_squash_configuration == null ? [] : [var.root_squash_configuration]}",
        {
            "root_squash": "${root_squash_configuration.value.root_squash}",
            "no_squash_nids": "${root_squash_configuration.value.no_squash_nids}",
        },
    )
    module.set(
        system,
        "log_configuration",
        [{"level": "${var.log_level}", "destination": "${var.log_destination_arn}"}],
    )

    module.output("file_system_id", "${aws_fsx_lustre_file_system.this.id}")
    module.output("file_system_arn", "${aws_fsx_lustre_file_system.this.arn}")
    module.output("dns_name", "${aws_fsx_lustre_file_system.this.dns_name}")
    module.output("mount_name", "${aws_fsx_lustre_file_system.this.mount_name}")
