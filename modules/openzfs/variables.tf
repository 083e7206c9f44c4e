# Generated from hp_tf/layers/openzfs/contract.py by `hptf synth`; edit there.

variable "name" {
  description = "Name of the environment: what is made here is named after it."
  type        = string
  nullable    = false

  validation {
    condition = can(regex("^(?:[a-z](?:-?[a-z0-9])*)$", var.name)) && length(var.name) >= 2
    error_message = join("", [
      "name must be a name of lower-case letters, digits and single hyphens that begins with a letter, such as 'ml-dev' and must have at least 2 ",
      "characters."
    ])
  }

  validation {
    condition = length("${var.name}-openzfs") <= 256
    error_message = join("", [
      "name is too long: the file system's Name tag would be '${var.name}-openzfs', ",
      join("", [length("${var.name}-openzfs"), " characters where 256 are allowed"]),
      "."
    ])
  }
}

variable "tags" {
  description = "Tags of every resource that can carry them."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for key in keys(var.tags) :
      can(regex("^(?:[^aA].*|[aA](?:[^wW].*)?|[aA][wW](?:[^sS].*)?|[aA][wW][sS](?:[^:].*)?)$", key)) ?
      (
        can(regex("^(?:[^\\x00-\\x1f!\"#$%&'()*,;<>?\\[\\\\\\]^`{|}~\\x7f]+)$", key)) ?
        length(key) >= 1 && length(key) <= 128 : false
      ) : false
    ])
    error_message = join("", [
      "Every key of tags must be the key of a tag of yours: AWS keeps 'aws:' at the beginning for itself and must be the key of a tag: letters, ",
      "digits, spaces and the signs + - = . _ : / @ and must have 1 to 128 characters."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.tags) :
      can(regex("^(?:[^\\x00-\\x1f!\"#$%&'()*,;<>?\\[\\\\\\]^`{|}~\\x7f]*)$", item)) ? length(item) <= 256 : false
    ])
    error_message = join("", [
      "Every element of tags must be the value of a tag: letters, digits, spaces and the signs + - = . _ : / @ and must have at most 256 ",
      "characters."
    ])
  }
}

variable "private_subnet_ids" {
  description = "Subnets of the nodes by zone id."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.private_subnet_ids) : can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", key))])
    error_message = "Every key of private_subnet_ids must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition     = alltrue([for item in values(var.private_subnet_ids) : can(regex("^(?:subnet-[0-9a-f]{8,17})$", item))])
    error_message = "Every element of private_subnet_ids must be a subnet id such as 'subnet-0123456789abcdef0'."
  }
}

variable "private_route_table_ids" {
  description = "Route tables of the nodes by zone id: with MULTI_AZ_1, FSx writes the way to the file system into them."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for item in values(var.private_route_table_ids) : can(regex("^(?:rtb-[0-9a-f]{8,17})$", item))])
    error_message = "Every element of private_route_table_ids must be a route table id such as 'rtb-0123456789abcdef0'."
  }
}

variable "primary_availability_zone_id" {
  description = <<-EOT
    Zone of the file system unless availability_zone_id names another. Fixed at creation: another one replaces the file system, unless
    availability_zone_id names its zone before the primary one changes.
  EOT
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", var.primary_availability_zone_id))
    error_message = "primary_availability_zone_id must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }
}

variable "security_group_id" {
  description = <<-EOT
    Security group of the file system; it must allow NFS between its members. Fixed at creation: FSx does not report it, so a later change
    is not applied rather than replacing the file system.
  EOT
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:sg-[0-9a-f]{8,17})$", var.security_group_id))
    error_message = "security_group_id must be a security group id such as 'sg-0123456789abcdef0'."
  }
}

variable "availability_zone_id" {
  description = <<-EOT
    Zone of the file system, with MULTI_AZ_1 of its active server. Null means the primary one. Fixed at creation: another value is another
    file system; make one beside it and copy the data.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.availability_zone_id == null || can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", var.availability_zone_id))
    error_message = "availability_zone_id must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition     = contains(keys(var.private_subnet_ids), var.availability_zone_id == null ? var.primary_availability_zone_id : var.availability_zone_id)
    error_message = "The file system's zone must be one of those of private_subnet_ids."
  }
}

variable "standby_availability_zone_id" {
  description = <<-EOT
    Zone of the standby server with MULTI_AZ_1, null otherwise. Fixed at creation: another value is another file system; make one beside it
    and copy the data.
  EOT
  type        = string
  default     = null

  validation {
    condition = (
      var.standby_availability_zone_id == null ||
      can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", var.standby_availability_zone_id))
    )
    error_message = "standby_availability_zone_id must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition = (
      (var.deployment_type == "MULTI_AZ_1" && var.standby_availability_zone_id != null) ||
      (var.deployment_type != "MULTI_AZ_1" && var.standby_availability_zone_id == null)
    )
    error_message = "standby_availability_zone_id must be given with deployment_type MULTI_AZ_1, and be null elsewhere."
  }

  validation {
    condition = (
      var.standby_availability_zone_id == null ? true :
      contains(keys(var.private_subnet_ids), var.standby_availability_zone_id) ?
      var.standby_availability_zone_id != (var.availability_zone_id == null ? var.primary_availability_zone_id : var.availability_zone_id) : false
    )
    error_message = "standby_availability_zone_id must be another zone of private_subnet_ids than the file system's."
  }
}

variable "deployment_type" {
  description = <<-EOT
    Kind of the file system. HA has a standby server in the same zone, MULTI_AZ_1 in another one. Not every region has every kind. Fixed at
    creation: another value is another file system; make one beside it and copy the data.
  EOT
  type        = string
  default     = "SINGLE_AZ_HA_2"
  nullable    = false

  validation {
    condition     = contains(["SINGLE_AZ_1", "SINGLE_AZ_2", "SINGLE_AZ_HA_1", "SINGLE_AZ_HA_2", "MULTI_AZ_1"], var.deployment_type)
    error_message = "deployment_type must be one of 'SINGLE_AZ_1', 'SINGLE_AZ_2', 'SINGLE_AZ_HA_1', 'SINGLE_AZ_HA_2', 'MULTI_AZ_1'."
  }
}

variable "storage_capacity_gib" {
  description = "GiB of SSD storage. It can grow by a tenth or more, never shrink."
  type        = number
  default     = 64
  nullable    = false

  validation {
    condition     = floor(var.storage_capacity_gib) == var.storage_capacity_gib && var.storage_capacity_gib >= 64 && var.storage_capacity_gib <= 524288
    error_message = "storage_capacity_gib must be a whole number, from 64 to 524288."
  }
}

variable "throughput_capacity_mbps" {
  description = <<-EOT
    MB/s. SINGLE_AZ_1 and SINGLE_AZ_HA_1: 64, 128, 256, 512, 1024, 2048, 3072 or 4096. The others: 160, 320, 640, 1280, 2560, 3840, 5120,
    7680 or 10240.
  EOT
  type        = number
  default     = 160
  nullable    = false

  validation {
    condition     = floor(var.throughput_capacity_mbps) == var.throughput_capacity_mbps
    error_message = "throughput_capacity_mbps must be a whole number."
  }

  validation {
    condition = (
      !contains(["SINGLE_AZ_1", "SINGLE_AZ_HA_1"], var.deployment_type) ||
      contains([64, 128, 256, 512, 1024, 2048, 3072, 4096], var.throughput_capacity_mbps)
    )
    error_message = "throughput_capacity_mbps of SINGLE_AZ_1 and SINGLE_AZ_HA_1 must be 64, 128, 256, 512, 1024, 2048, 3072 or 4096."
  }

  validation {
    condition = (
      contains(["SINGLE_AZ_1", "SINGLE_AZ_HA_1"], var.deployment_type) ||
      contains([160, 320, 640, 1280, 2560, 3840, 5120, 7680, 10240], var.throughput_capacity_mbps)
    )
    error_message = "throughput_capacity_mbps of SINGLE_AZ_2, SINGLE_AZ_HA_2 and MULTI_AZ_1 must be 160, 320, 640, 1280, 2560, 3840, 5120, 7680 or 10240."
  }
}

variable "disk_iops" {
  description = "Operations per second of the disks, at least 3 per GiB; null takes just these."
  type        = number
  default     = null

  validation {
    condition     = var.disk_iops == null ? true : floor(var.disk_iops) == var.disk_iops && var.disk_iops >= 192 && var.disk_iops <= 400000
    error_message = "disk_iops must be a whole number, from 192 to 400000."
  }

  validation {
    condition     = var.disk_iops == null ? true : var.disk_iops >= var.storage_capacity_gib * 3
    error_message = "disk_iops must be at least 3 for every GiB of storage_capacity_gib."
  }
}

variable "data_compression_type" {
  description = "Compression of data as it is written."
  type        = string
  default     = "ZSTD"
  nullable    = false

  validation {
    condition     = contains(["NONE", "ZSTD", "LZ4"], var.data_compression_type)
    error_message = "data_compression_type must be one of 'NONE', 'ZSTD', 'LZ4'."
  }
}

variable "record_size_kib" {
  description = "KiB of a block of a file."
  type        = number
  default     = 128
  nullable    = false

  validation {
    condition     = contains([4, 8, 16, 32, 64, 128, 256, 512, 1024], var.record_size_kib)
    error_message = "record_size_kib must be one of 4, 8, 16, 32, 64, 128, 256, 512, 1024."
  }
}

variable "nfs_clients" {
  description = "Who may mount it; the security group comes first."
  type        = string
  default     = "*"
  nullable    = false

  validation {
    condition     = can(regex("^(?:\\*|[0-9a-zA-Z.:/@*?_-]{1,128})$", var.nfs_clients))
    error_message = "nfs_clients must be NFS clients: '*', an address, a range such as '10.0.0.0/16' or a name."
  }
}

variable "nfs_options" {
  description = "What NFS clients may do. Without no_root_squash, root on a node cannot make home directories."
  type        = list(string)
  default     = ["rw", "crossmnt", "no_root_squash"]
  nullable    = false

  validation {
    condition     = length(var.nfs_options) >= 1 && length(var.nfs_options) <= 20
    error_message = "nfs_options must have 1 to 20 elements."
  }

  validation {
    condition     = alltrue([for item in var.nfs_options : can(regex("^(?:[a-z_]+(?:=[A-Za-z0-9:_-]+)?)$", item)) ? length(item) <= 128 : false])
    error_message = "Every element of nfs_options must be an NFS export option such as 'rw' and must have at most 128 characters."
  }
}

variable "endpoint_ip_address_range" {
  description = <<-EOT
    Range of the addresses of a MULTI_AZ_1 file system; null lets FSx choose one. Fixed at creation: another value is another file system;
    make one beside it and copy the data.
  EOT
  type        = string
  default     = null

  validation {
    condition = (
      var.endpoint_ip_address_range == null ||
      can(regex(join("", [
        "^(?:(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]",
        "?[0-9])/(?:1[6-9]|2[0-8]))$"
      ]), var.endpoint_ip_address_range))
    )
    error_message = "endpoint_ip_address_range must be an IPv4 range between /16 and /28 such as '10.192.0.0/16'."
  }

  validation {
    condition     = var.endpoint_ip_address_range == null || var.deployment_type == "MULTI_AZ_1"
    error_message = "endpoint_ip_address_range goes with deployment_type MULTI_AZ_1 only."
  }
}

variable "automatic_backup_retention_days" {
  description = "Days daily backups are kept; 0 makes none."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition = (
      floor(var.automatic_backup_retention_days) == var.automatic_backup_retention_days &&
      var.automatic_backup_retention_days >= 0 &&
      var.automatic_backup_retention_days <= 90
    )
    error_message = "automatic_backup_retention_days must be a whole number, from 0 to 90."
  }
}

variable "daily_automatic_backup_start_time" {
  description = "Time of the daily backup in UTC; null lets FSx choose."
  type        = string
  default     = null

  validation {
    condition = (
      var.daily_automatic_backup_start_time == null ||
      can(regex("^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9])$", var.daily_automatic_backup_start_time))
    )
    error_message = "daily_automatic_backup_start_time must be a time of day in UTC such as '05:30'."
  }

  validation {
    condition     = var.daily_automatic_backup_start_time == null || var.automatic_backup_retention_days >= 1
    error_message = "daily_automatic_backup_start_time is given, so automatic_backup_retention_days must be at least 1."
  }
}

variable "copy_tags_to_backups" {
  description = "Whether backups carry the file system's tags. Fixed at creation: another value is another file system; make one beside it and copy the data."
  type        = bool
  default     = false
  nullable    = false
}

variable "skip_final_backup" {
  description = "Whether deleting the file system makes no last backup."
  type        = bool
  default     = false
  nullable    = false
}

variable "final_backup_tags" {
  description = "Tags of the last backup."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for item in values(var.final_backup_tags) : item != null])
    error_message = "No element of final_backup_tags may be null."
  }

  validation {
    condition     = length(var.final_backup_tags) == 0 || !var.skip_final_backup
    error_message = "final_backup_tags are given, so skip_final_backup must be false."
  }
}

variable "backup_id" {
  description = <<-EOT
    Backup the file system is made from. Its kind and capacity must be those of the backup. Fixed at creation: another value is another file
    system; make one beside it and copy the data.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.backup_id == null || can(regex("^(?:backup-[0-9a-f]{8,})$", var.backup_id))
    error_message = "backup_id must be a backup id such as 'backup-0123456789abcdef0'."
  }
}

variable "weekly_maintenance_start_time" {
  description = "When FSx may take the file system down for maintenance; null lets FSx choose."
  type        = string
  default     = null

  validation {
    condition     = var.weekly_maintenance_start_time == null || can(regex("^(?:[1-7]:(?:[01][0-9]|2[0-3]):[0-5][0-9])$", var.weekly_maintenance_start_time))
    error_message = "weekly_maintenance_start_time must be a weekday (1 is Monday) and a time in UTC such as '7:05:30'."
  }
}

variable "kms_key_arn" {
  description = <<-EOT
    Key that encrypts the file system; null takes the AWS-managed one. Fixed at creation: another value is another file system; make one
    beside it and copy the data.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key such as 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'."
  }
}
