# Generated from hp_tf/layers/openzfs/definition.py by `hptf synth`; edit there.

locals {
  availability_zone_id = coalesce(var.availability_zone_id, var.primary_availability_zone_id)

  # The active server's zone first.
  availability_zone_ids = compact([local.availability_zone_id, var.standby_availability_zone_id])

  multi_az = var.deployment_type == "MULTI_AZ_1"
}

# FSx does not tell its security groups after creation, nor does it change them: without ignore_changes
# a file system that is imported would be replaced, and its data lost.
resource "aws_fsx_openzfs_file_system" "this" {
  automatic_backup_retention_days   = var.automatic_backup_retention_days
  backup_id                         = var.backup_id
  copy_tags_to_backups              = var.copy_tags_to_backups
  daily_automatic_backup_start_time = var.daily_automatic_backup_start_time
  deployment_type                   = var.deployment_type
  endpoint_ip_address_range         = var.endpoint_ip_address_range
  final_backup_tags                 = var.final_backup_tags
  kms_key_id                        = var.kms_key_arn
  preferred_subnet_id               = local.multi_az ? var.private_subnet_ids[local.availability_zone_id] : null
  route_table_ids                   = local.multi_az ? values(var.private_route_table_ids) : null
  security_group_ids                = [var.security_group_id]
  skip_final_backup                 = var.skip_final_backup
  storage_capacity                  = var.storage_capacity_gib
  storage_type                      = "SSD"
  subnet_ids                        = [for zone in local.availability_zone_ids : var.private_subnet_ids[zone]]
  throughput_capacity               = var.throughput_capacity_mbps
  weekly_maintenance_start_time     = var.weekly_maintenance_start_time
  tags                              = merge(var.tags, { Name = "${var.name}-openzfs" })

  root_volume_configuration {
    data_compression_type = var.data_compression_type
    record_size_kib       = var.record_size_kib

    nfs_exports {
      client_configurations {
        clients = var.nfs_clients
        options = var.nfs_options
      }
    }
  }

  dynamic "disk_iops_configuration" {
    for_each = var.disk_iops == null ? [] : [var.disk_iops]

    content {
      iops = disk_iops_configuration.value
      mode = "USER_PROVISIONED"
    }
  }

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [security_group_ids]
  }
}
