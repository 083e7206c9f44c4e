# Generated from hp_tf/layers/fsx/definition.py by `hptf synth`; edit there.

locals {
  availability_zone_id = coalesce(var.availability_zone_id, var.primary_availability_zone_id)
  persistent           = startswith(var.deployment_type, "PERSISTENT")

  # Scratch file systems and tiered storage have no throughput per TiB.
  throughput = local.persistent && var.storage_type != "INTELLIGENT_TIERING" ? coalesce(
    var.per_unit_storage_throughput,
    var.deployment_type == "PERSISTENT_2" ? 250 : var.storage_type == "SSD" ? 200 : 12,
  ) : null
}

# FSx does not tell its security groups after creation, nor does it change them: without ignore_changes
# a file system that is imported would be replaced, and its data lost.
resource "aws_fsx_lustre_file_system" "this" {
  auto_import_policy                = var.auto_import_policy
  automatic_backup_retention_days   = local.persistent ? var.automatic_backup_retention_days : null
  backup_id                         = var.backup_id
  copy_tags_to_backups              = local.persistent ? var.copy_tags_to_backups : null
  daily_automatic_backup_start_time = var.daily_automatic_backup_start_time
  data_compression_type             = var.data_compression_type
  deployment_type                   = var.deployment_type
  drive_cache_type                  = var.drive_cache_type
  efa_enabled                       = var.efa_enabled ? true : null
  export_path                       = var.export_path
  file_system_type_version          = var.file_system_type_version
  final_backup_tags                 = var.final_backup_tags
  import_path                       = var.import_path
  imported_file_chunk_size          = var.imported_file_chunk_size_mib
  kms_key_id                        = var.kms_key_arn
  per_unit_storage_throughput       = local.throughput
  security_group_ids                = [var.security_group_id]
  skip_final_backup                 = var.skip_final_backup == null ? !local.persistent || var.import_path != null : var.skip_final_backup
  storage_capacity                  = var.storage_capacity_gib
  storage_type                      = var.storage_type
  subnet_ids                        = [var.private_subnet_ids[local.availability_zone_id]]
  throughput_capacity               = var.throughput_capacity_mbps
  weekly_maintenance_start_time     = var.weekly_maintenance_start_time
  tags                              = merge(var.tags, { Name = "${var.name}-fsx" })

  log_configuration {
    destination = var.log_destination_arn
    level       = var.log_level
  }

  dynamic "data_read_cache_configuration" {
    for_each = var.data_read_cache == null ? [] : [var.data_read_cache]

    content {
      size        = data_read_cache_configuration.value.size_gib
      sizing_mode = data_read_cache_configuration.value.sizing_mode
    }
  }

  dynamic "metadata_configuration" {
    for_each = var.metadata_configuration == null ? [] : [var.metadata_configuration]

    content {
      iops = metadata_configuration.value.iops
      mode = metadata_configuration.value.mode
    }
  }

  dynamic "root_squash_configuration" {
    for_each = var.root_squash_configuration == null ? [] : [var.root_squash_configuration]

    content {
      no_squash_nids = root_squash_configuration.value.no_squash_nids
      root_squash    = root_squash_configuration.value.root_squash
    }
  }

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [security_group_ids]
  }
}
