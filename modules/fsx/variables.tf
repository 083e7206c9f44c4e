# Generated from hp_tf/layers/fsx/contract.py by `hptf synth`; edit there.

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
    condition = length("${var.name}-fsx") <= 256
    error_message = join("", [
      "name is too long: the file system's Name tag would be '${var.name}-fsx', ",
      join("", [length("${var.name}-fsx"), " characters where 256 are allowed"]),
      "."
    ])
  }
}

variable "region" {
  description = "Region of what is made here, as the provider has it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:[a-z]{2}(?:-[a-z]+)+-[0-9])$", var.region))
    error_message = "region must be an AWS region such as 'us-west-2'."
  }
}

variable "account_id" {
  description = "Account of what is made here."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:[0-9]{12})$", var.account_id))
    error_message = "account_id must be an AWS account id of twelve digits."
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

  validation {
    condition     = var.availability_zone_id != null || contains(keys(var.private_subnet_ids), var.primary_availability_zone_id)
    error_message = "primary_availability_zone_id must be one of the zones of private_subnet_ids, or availability_zone_id name one."
  }
}

variable "security_group_id" {
  description = <<-EOT
    Security group of the file system; it must allow Lustre between its members. Fixed at creation: FSx does not report it, so a later
    change is not applied rather than replacing the file system.
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
    Zone of the file system: that of the heaviest users, because traffic between zones costs money. Null means the primary one. Fixed at
    creation: another value is another file system; make one beside it and copy the data.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.availability_zone_id == null || can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", var.availability_zone_id))
    error_message = "availability_zone_id must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition     = var.availability_zone_id == null ? true : contains(keys(var.private_subnet_ids), var.availability_zone_id)
    error_message = "availability_zone_id must be one of the zones of private_subnet_ids."
  }
}

variable "deployment_type" {
  description = <<-EOT
    Kind of the file system. SCRATCH ones lose their data when a server fails. Fixed at creation: another value is another file system; make
    one beside it and copy the data.
  EOT
  type        = string
  default     = "PERSISTENT_2"
  nullable    = false

  validation {
    condition     = contains(["SCRATCH_1", "SCRATCH_2", "PERSISTENT_1", "PERSISTENT_2"], var.deployment_type)
    error_message = "deployment_type must be one of 'SCRATCH_1', 'SCRATCH_2', 'PERSISTENT_1', 'PERSISTENT_2'."
  }

  validation {
    condition = (
      !contains(["SCRATCH_1", "SCRATCH_2"], var.deployment_type) ||
      (var.kms_key_arn == null && var.backup_id == null && !var.copy_tags_to_backups && var.skip_final_backup != false)
    )
    error_message = join("", [
      "SCRATCH file systems have neither a key nor backups: kms_key_arn and backup_id must be null, copy_tags_to_backups false and ",
      "skip_final_backup null or true."
    ])
  }
}

variable "storage_type" {
  description = <<-EOT
    What data lies on. HDD goes with PERSISTENT_1, INTELLIGENT_TIERING with PERSISTENT_2. Fixed at creation: another value is another file
    system; make one beside it and copy the data.
  EOT
  type        = string
  default     = "SSD"
  nullable    = false

  validation {
    condition     = contains(["SSD", "HDD", "INTELLIGENT_TIERING"], var.storage_type)
    error_message = "storage_type must be one of 'SSD', 'HDD', 'INTELLIGENT_TIERING'."
  }

  validation {
    condition     = var.storage_type != "HDD" || var.deployment_type == "PERSISTENT_1"
    error_message = "storage_type HDD goes with deployment_type PERSISTENT_1 only."
  }

  validation {
    condition     = var.storage_type != "INTELLIGENT_TIERING" || var.deployment_type == "PERSISTENT_2"
    error_message = "storage_type INTELLIGENT_TIERING goes with deployment_type PERSISTENT_2 only."
  }
}

variable "storage_capacity_gib" {
  description = <<-EOT
    GiB of storage. SSD: 1200, 2400 and then steps of 2400 (SCRATCH_1: 3600). HDD: steps of 6000 at 12 MB/s per TiB, of 1800 at 40. It can
    grow, never shrink. Null with INTELLIGENT_TIERING.
  EOT
  type        = number
  default     = 1200

  validation {
    condition     = var.storage_capacity_gib == null ? true : floor(var.storage_capacity_gib) == var.storage_capacity_gib && var.storage_capacity_gib >= 1200
    error_message = "storage_capacity_gib must be a whole number, at least 1200."
  }

  validation {
    condition     = var.storage_type == "INTELLIGENT_TIERING" || var.backup_id != null || var.storage_capacity_gib != null
    error_message = "storage_capacity_gib must be given, except with INTELLIGENT_TIERING or a backup."
  }

  validation {
    condition     = var.storage_type != "INTELLIGENT_TIERING" || var.storage_capacity_gib == null
    error_message = "storage_type INTELLIGENT_TIERING grows with the data: storage_capacity_gib must be null."
  }

  validation {
    condition = (
      var.storage_type == "SSD" &&
      contains(["PERSISTENT_1", "PERSISTENT_2", "SCRATCH_2"], var.deployment_type) &&
      var.storage_capacity_gib != null ?
      (contains([1200], var.storage_capacity_gib) ? true : var.storage_capacity_gib % 2400 == 0) : true
    )
    error_message = "storage_capacity_gib of a PERSISTENT or SCRATCH_2 file system on SSD must be 1200 or a multiple of 2400."
  }

  validation {
    condition = (
      var.deployment_type == "SCRATCH_1" && var.storage_capacity_gib != null ?
      (contains([1200, 2400], var.storage_capacity_gib) ? true : var.storage_capacity_gib % 3600 == 0) : true
    )
    error_message = "storage_capacity_gib of a SCRATCH_1 file system must be 1200 or 2400 or a multiple of 3600."
  }

  validation {
    condition = (
      var.storage_type == "HDD" &&
      (var.per_unit_storage_throughput == null || var.per_unit_storage_throughput == 12) &&
      var.storage_capacity_gib != null ?
      var.storage_capacity_gib % 6000 == 0 : true
    )
    error_message = "storage_capacity_gib of a file system on HDD with 12 MB/s per TiB must be a multiple of 6000."
  }

  validation {
    condition = (
      var.storage_type == "HDD" && var.per_unit_storage_throughput == 40 && var.storage_capacity_gib != null ?
      var.storage_capacity_gib % 1800 == 0 : true
    )
    error_message = "storage_capacity_gib of a file system on HDD with 40 MB/s per TiB must be a multiple of 1800."
  }
}

variable "per_unit_storage_throughput" {
  description = <<-EOT
    MB/s per TiB of storage. PERSISTENT_2: 125, 250, 500, 1000. PERSISTENT_1: 50, 100, 200 on SSD, 12, 40 on HDD. Null takes 250, 200 or 12
    on these three; SCRATCH and INTELLIGENT_TIERING have none.
  EOT
  type        = number
  default     = null

  validation {
    condition     = var.per_unit_storage_throughput == null ? true : floor(var.per_unit_storage_throughput) == var.per_unit_storage_throughput
    error_message = "per_unit_storage_throughput must be a whole number."
  }

  validation {
    condition = (
      var.deployment_type == "PERSISTENT_2" && var.storage_type == "SSD" ?
      (var.per_unit_storage_throughput == null ? true : contains([125, 250, 500, 1000], var.per_unit_storage_throughput)) : true
    )
    error_message = "per_unit_storage_throughput of a PERSISTENT_2 file system must be 125, 250, 500 or 1000."
  }

  validation {
    condition = (
      var.deployment_type == "PERSISTENT_1" && var.storage_type == "SSD" ?
      (var.per_unit_storage_throughput == null ? true : contains([50, 100, 200], var.per_unit_storage_throughput)) : true
    )
    error_message = "per_unit_storage_throughput of a PERSISTENT_1 file system on SSD must be 50, 100 or 200."
  }

  validation {
    condition     = var.storage_type == "HDD" ? (var.per_unit_storage_throughput == null ? true : contains([12, 40], var.per_unit_storage_throughput)) : true
    error_message = "per_unit_storage_throughput of a file system on HDD must be 12 or 40."
  }

  validation {
    condition = (
      !(contains(["SCRATCH_1", "SCRATCH_2"], var.deployment_type) || var.storage_type == "INTELLIGENT_TIERING") ||
      var.per_unit_storage_throughput == null
    )
    error_message = "per_unit_storage_throughput must be null for SCRATCH file systems and with INTELLIGENT_TIERING."
  }
}

variable "throughput_capacity_mbps" {
  description = "MB/s in all with INTELLIGENT_TIERING, in steps of 4000."
  type        = number
  default     = null

  validation {
    condition = (
      var.throughput_capacity_mbps == null ? true :
      floor(var.throughput_capacity_mbps) == var.throughput_capacity_mbps &&
      var.throughput_capacity_mbps >= 4000 &&
      var.throughput_capacity_mbps <= 2000000
    )
    error_message = "throughput_capacity_mbps must be a whole number, from 4000 to 2000000."
  }

  validation {
    condition = (
      var.storage_type == "INTELLIGENT_TIERING" ?
      (var.throughput_capacity_mbps == null ? false : var.throughput_capacity_mbps % 4000 == 0) : true
    )
    error_message = "storage_type INTELLIGENT_TIERING needs throughput_capacity_mbps, a multiple of 4000."
  }

  validation {
    condition     = var.throughput_capacity_mbps == null || var.storage_type == "INTELLIGENT_TIERING"
    error_message = "throughput_capacity_mbps goes with storage_type INTELLIGENT_TIERING only."
  }
}

variable "data_read_cache" {
  description = "SSD read cache with INTELLIGENT_TIERING; required there, null elsewhere."
  type = object({
    sizing_mode = optional(string, "PROPORTIONAL_TO_THROUGHPUT_CAPACITY")
    size_gib    = optional(number)
  })
  default = null

  validation {
    condition = (
      var.data_read_cache == null ? true :
      contains(["NO_CACHE", "USER_PROVISIONED", "PROPORTIONAL_TO_THROUGHPUT_CAPACITY"], var.data_read_cache.sizing_mode)
    )
    error_message = "data_read_cache.sizing_mode must be one of 'NO_CACHE', 'USER_PROVISIONED', 'PROPORTIONAL_TO_THROUGHPUT_CAPACITY'."
  }

  validation {
    condition = (
      var.data_read_cache == null ? true :
      var.data_read_cache.size_gib == null ? true :
      floor(var.data_read_cache.size_gib) == var.data_read_cache.size_gib && var.data_read_cache.size_gib >= 32
    )
    error_message = "data_read_cache.size_gib must be a whole number, at least 32."
  }

  validation {
    condition = (
      (var.storage_type == "INTELLIGENT_TIERING" && var.data_read_cache != null) ||
      (var.storage_type != "INTELLIGENT_TIERING" && var.data_read_cache == null)
    )
    error_message = "data_read_cache must be given with storage_type INTELLIGENT_TIERING, and must be null elsewhere."
  }

  validation {
    condition = (
      var.data_read_cache == null ||
      (try(var.data_read_cache.sizing_mode, null) == "USER_PROVISIONED" && try(var.data_read_cache.size_gib, null) != null) ||
      (try(var.data_read_cache.sizing_mode, null) != "USER_PROVISIONED" && try(var.data_read_cache.size_gib, null) == null)
    )
    error_message = "data_read_cache.size_gib must be given when sizing_mode is USER_PROVISIONED, and only then."
  }

  validation {
    condition = (
      try(var.data_read_cache.size_gib, null) != null && var.throughput_capacity_mbps != null ?
      (
        try(var.data_read_cache.size_gib, null) * 4000 >= var.throughput_capacity_mbps * 32 ?
        try(var.data_read_cache.size_gib, null) * 4000 <= var.throughput_capacity_mbps * 131072 : false
      ) : true
    )
    error_message = "data_read_cache.size_gib must be from 32 to 131072 for every 4000 of throughput_capacity_mbps."
  }
}

variable "data_compression_type" {
  description = "Compression of data as it is written."
  type        = string
  default     = "LZ4"
  nullable    = false

  validation {
    condition     = contains(["NONE", "LZ4"], var.data_compression_type)
    error_message = "data_compression_type must be one of 'NONE', 'LZ4'."
  }
}

variable "file_system_type_version" {
  description = <<-EOT
    Version of Lustre. PERSISTENT_2 has 2.15, and without metadata_configuration 2.12 too. Fixed at creation: another value is another file
    system; make one beside it and copy the data.
  EOT
  type        = string
  default     = "2.15"
  nullable    = false

  validation {
    condition     = contains(["2.10", "2.12", "2.15"], var.file_system_type_version)
    error_message = "file_system_type_version must be one of '2.10', '2.12', '2.15'."
  }

  validation {
    condition     = var.metadata_configuration == null || var.file_system_type_version == "2.15"
    error_message = "metadata_configuration needs file_system_type_version 2.15."
  }

  validation {
    condition     = var.deployment_type != "PERSISTENT_2" || contains(["2.12", "2.15"], var.file_system_type_version)
    error_message = "file_system_type_version of a PERSISTENT_2 file system must be 2.12 or 2.15."
  }
}

variable "metadata_configuration" {
  description = <<-EOT
    Metadata performance of a PERSISTENT_2 file system; null leaves the plain one. It can be given only when the file system is made; later
    its operations go up, never down.
  EOT
  type = object({
    mode = optional(string, "AUTOMATIC")
    iops = optional(number)
  })
  default = null

  validation {
    condition     = var.metadata_configuration == null ? true : contains(["AUTOMATIC", "USER_PROVISIONED"], var.metadata_configuration.mode)
    error_message = "metadata_configuration.mode must be one of 'AUTOMATIC', 'USER_PROVISIONED'."
  }

  validation {
    condition = (
      var.metadata_configuration == null ? true :
      var.metadata_configuration.iops == null ? true :
      floor(var.metadata_configuration.iops) == var.metadata_configuration.iops &&
      var.metadata_configuration.iops >= 1500 &&
      var.metadata_configuration.iops <= 192000
    )
    error_message = "metadata_configuration.iops must be a whole number, from 1500 to 192000."
  }

  validation {
    condition = (
      var.storage_type == "INTELLIGENT_TIERING" && var.metadata_configuration != null ?
      (
        try(var.metadata_configuration.mode, null) == "USER_PROVISIONED" ?
        (try(var.metadata_configuration.iops, null) == null ? false : contains([6000, 12000], try(var.metadata_configuration.iops, null))) : false
      ) : true
    )
    error_message = "With INTELLIGENT_TIERING, metadata_configuration must have mode USER_PROVISIONED and 6000 or 12000 iops."
  }

  validation {
    condition     = var.metadata_configuration == null || var.deployment_type == "PERSISTENT_2"
    error_message = "metadata_configuration goes with deployment_type PERSISTENT_2 only."
  }

  validation {
    condition = (
      var.metadata_configuration == null ? true :
      try(var.metadata_configuration.mode, null) == "AUTOMATIC" && try(var.metadata_configuration.iops, null) == null ? true :
      try(var.metadata_configuration.mode, null) == "USER_PROVISIONED" ?
      (
        try(var.metadata_configuration.iops, null) == null ? false :
        contains([1500, 3000, 6000], try(var.metadata_configuration.iops, null)) ? true :
        try(var.metadata_configuration.iops, null) % 12000 == 0
      ) : false
    )
    error_message = "metadata_configuration.iops must be 1500, 3000, 6000 or a multiple of 12000 when mode is USER_PROVISIONED, and null when it is AUTOMATIC."
  }

  validation {
    condition = (
      var.storage_type == "SSD" && try(var.metadata_configuration.iops, null) != null && var.storage_capacity_gib != null ?
      (
        var.storage_capacity_gib <= 1200 ? true :
        (var.storage_capacity_gib <= 2400 ? try(var.metadata_configuration.iops, null) >= 3000 : false) ? true :
        (var.storage_capacity_gib <= 9600 ? try(var.metadata_configuration.iops, null) >= 6000 : false) ? true :
        try(var.metadata_configuration.iops, null) >= 12000 ?
        var.storage_capacity_gib < try(var.metadata_configuration.iops, null) * 2 + 24000 : false
      ) : true
    )
    error_message = join("", [
      "metadata_configuration.iops must be at least what the capacity comes with: 1500 up to 1200 GiB, 3000 up to 2400, 6000 up to 9600, and ",
      "beyond that 12000 for every 24000."
    ])
  }
}

variable "efa_enabled" {
  description = <<-EOT
    Whether clients in the same zone may use EFA and GPUDirect Storage. Needs PERSISTENT_2 with a metadata_configuration, and capacity in
    large steps (4800 GiB at 1000 MB/s per TiB, 38400 at 125). The lifecycle script that comes with storage sets nodes with EFA up for it;
    without one that does, they mount it over TCP. Fixed at creation: another value is another file system; make one beside it and copy the
    data.
  EOT
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.efa_enabled || (var.deployment_type == "PERSISTENT_2" && var.metadata_configuration != null)
    error_message = "efa_enabled needs deployment_type PERSISTENT_2 and a metadata_configuration."
  }

  validation {
    condition = (
      var.efa_enabled && var.storage_type == "SSD" && var.per_unit_storage_throughput == 125 && var.storage_capacity_gib != null ?
      var.storage_capacity_gib % 38400 == 0 : true
    )
    error_message = "With EFA and 125 MB/s per TiB, storage_capacity_gib must be a multiple of 38400."
  }

  validation {
    condition = (
      var.efa_enabled &&
      var.storage_type == "SSD" &&
      (var.per_unit_storage_throughput == null || var.per_unit_storage_throughput == 250) &&
      var.storage_capacity_gib != null ?
      var.storage_capacity_gib % 19200 == 0 : true
    )
    error_message = "With EFA and 250 MB/s per TiB, storage_capacity_gib must be a multiple of 19200."
  }

  validation {
    condition = (
      var.efa_enabled && var.storage_type == "SSD" && var.per_unit_storage_throughput == 500 && var.storage_capacity_gib != null ?
      var.storage_capacity_gib % 9600 == 0 : true
    )
    error_message = "With EFA and 500 MB/s per TiB, storage_capacity_gib must be a multiple of 9600."
  }

  validation {
    condition = (
      var.efa_enabled && var.storage_type == "SSD" && var.per_unit_storage_throughput == 1000 && var.storage_capacity_gib != null ?
      var.storage_capacity_gib % 4800 == 0 : true
    )
    error_message = "With EFA and 1000 MB/s per TiB, storage_capacity_gib must be a multiple of 4800."
  }
}

variable "drive_cache_type" {
  description = <<-EOT
    SSD cache in front of HDD storage: required there, null elsewhere. Fixed at creation: another value is another file system; make one
    beside it and copy the data.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.drive_cache_type == null ? true : contains(["NONE", "READ"], var.drive_cache_type)
    error_message = "drive_cache_type must be one of 'NONE', 'READ'."
  }

  validation {
    condition     = (var.storage_type == "HDD" && var.drive_cache_type != null) || (var.storage_type != "HDD" && var.drive_cache_type == null)
    error_message = "drive_cache_type must be given with storage_type HDD, and must be null elsewhere."
  }
}

variable "automatic_backup_retention_days" {
  description = "Days daily backups are kept; 0 makes none. Persistent file systems only."
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

  validation {
    condition     = !contains(["SCRATCH_1", "SCRATCH_2"], var.deployment_type) || var.automatic_backup_retention_days == 0
    error_message = "SCRATCH file systems have no backups: automatic_backup_retention_days must be 0."
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
  description = <<-EOT
    Whether deleting the file system makes no last backup. Null makes one of every persistent file system without an import_path; the others
    have no backups.
  EOT
  type        = bool
  default     = null
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
    condition     = length(var.final_backup_tags) == 0 || var.skip_final_backup != true
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

variable "root_squash_configuration" {
  description = "Whom root on a client is on the file system; null leaves root as it is."
  type = object({
    root_squash    = string
    no_squash_nids = optional(list(string), [])
  })
  default = null

  validation {
    condition = (
      var.root_squash_configuration == null ? true :
      can(regex("^(?:0:0|[1-9][0-9]{0,9}:[1-9][0-9]{0,9})$", var.root_squash_configuration.root_squash))
    )
    error_message = join("", [
      "root_squash_configuration.root_squash must be a user and a group id such as '65534:65534', neither of them root's, or '0:0' to switch ",
      "squashing off."
    ])
  }

  validation {
    condition     = var.root_squash_configuration == null ? true : length(var.root_squash_configuration.no_squash_nids) <= 10
    error_message = "root_squash_configuration.no_squash_nids must have at most 10 elements."
  }

  validation {
    condition = (
      var.root_squash_configuration == null ? true :
      alltrue([
        for item in var.root_squash_configuration.no_squash_nids :
        can(regex(join("", [
          "^(?:(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])|\\[(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0",
          "-9])-(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\])(?:\\.(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1",
          "-9]?[0-9])|\\[(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])-(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9",
          "]?[0-9])\\])){3}@tcp)$"
        ]), item))
      ])
    )
    error_message = "Every element of root_squash_configuration.no_squash_nids must be Lustre network ids such as '10.0.1.6@tcp' or '10.0.[2-10].[1-255]@tcp'."
  }

  validation {
    condition = (
      var.root_squash_configuration == null ? true :
      alltrue([
        for id in split(":", var.root_squash_configuration.root_squash) :
        tonumber(id) <= 4294967294
        if can(regex("^(?:[0-9]+)$", id))
      ])
    )
    error_message = "The ids of root_squash must be at most 4294967294."
  }
}

variable "log_level" {
  description = "Which events of data repositories go to CloudWatch."
  type        = string
  default     = "DISABLED"
  nullable    = false

  validation {
    condition     = contains(["DISABLED", "WARN_ONLY", "ERROR_ONLY", "WARN_ERROR"], var.log_level)
    error_message = "log_level must be one of 'DISABLED', 'WARN_ONLY', 'ERROR_ONLY', 'WARN_ERROR'."
  }
}

variable "log_destination_arn" {
  description = "Where those events go; null lets FSx use the log group /aws/fsx/lustre."
  type        = string
  default     = null

  validation {
    condition = (
      var.log_destination_arn == null ||
      can(regex(join("", [
        "^(?:arn:aws(?:-[a-z]+)*:(?:logs:[a-z0-9-]+:[0-9]{12}:log-group:/aws/fsx/.+|firehose:[a-z0-9-]+:[0-9]",
        "{12}:deliverystream/aws-fsx-.+))$"
      ]), var.log_destination_arn))
    )
    error_message = "log_destination_arn must be the ARN of a log group whose name begins with '/aws/fsx/', or of a delivery stream beginning with 'aws-fsx-'."
  }

  validation {
    condition = (
      var.log_destination_arn == null ||
      (try(split(":", var.log_destination_arn)[3], "") == var.region && try(split(":", var.log_destination_arn)[4], "") == var.account_id)
    )
    error_message = "log_destination_arn must be of this region and account."
  }

  validation {
    condition     = var.log_destination_arn == null || var.log_level != "DISABLED"
    error_message = "log_destination_arn is given, so log_level must say what goes there."
  }
}

variable "kms_key_arn" {
  description = <<-EOT
    Key that encrypts a persistent file system; null takes the AWS-managed one. Fixed at creation: another value is another file system;
    make one beside it and copy the data.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key such as 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'."
  }

  validation {
    condition     = var.kms_key_arn == null || try(split(":", var.kms_key_arn)[3], "") == var.region
    error_message = "A key of another region cannot be used: kms_key_arn must name a key of this region."
  }
}

variable "import_path" {
  description = <<-EOT
    S3 data a SCRATCH or PERSISTENT_1 file system shows as files. Fixed at creation: another value is another file system; make one beside
    it and copy the data.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.import_path == null ? true : can(regex("^(?:s3://[^/]+(?:/.*)?)$", var.import_path)) ? length(var.import_path) <= 900 : false
    error_message = "import_path must be an S3 location such as 's3://bucket/prefix' and must have at most 900 characters."
  }

  validation {
    condition     = var.import_path == null || var.deployment_type != "PERSISTENT_2"
    error_message = "import_path goes with SCRATCH and PERSISTENT_1; PERSISTENT_2 has data repository associations."
  }

  validation {
    condition = var.import_path == null || (var.automatic_backup_retention_days == 0 && !var.copy_tags_to_backups && var.skip_final_backup != false)
    error_message = join("", [
      "A file system with an import_path has no backups: automatic_backup_retention_days must be 0, copy_tags_to_backups false and ",
      "skip_final_backup null or true."
    ])
  }
}

variable "export_path" {
  description = <<-EOT
    Where in the bucket of import_path changed files are exported to. Fixed at creation: another value is another file system; make one
    beside it and copy the data.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.export_path == null ? true : can(regex("^(?:s3://[^/]+(?:/.*)?)$", var.export_path)) ? length(var.export_path) <= 900 : false
    error_message = "export_path must be an S3 location such as 's3://bucket/prefix' and must have at most 900 characters."
  }

  validation {
    condition = (
      !(var.export_path != null && var.import_path != null) ||
      try(split("/", var.export_path)[2], "") == try(split("/", var.import_path)[2], "")
    )
    error_message = "FSx exports to the bucket it imports from: export_path must be in the bucket of import_path."
  }
}

variable "imported_file_chunk_size_mib" {
  description = <<-EOT
    MiB of a file on one disk before the next one is used, for imported files. Fixed at creation: another value is another file system; make
    one beside it and copy the data.
  EOT
  type        = number
  default     = null

  validation {
    condition = (
      var.imported_file_chunk_size_mib == null ? true :
      floor(var.imported_file_chunk_size_mib) == var.imported_file_chunk_size_mib &&
      var.imported_file_chunk_size_mib >= 1 &&
      var.imported_file_chunk_size_mib <= 512000
    )
    error_message = "imported_file_chunk_size_mib must be a whole number, from 1 to 512000."
  }
}

variable "auto_import_policy" {
  description = "Which changes in the bucket of import_path the file system follows."
  type        = string
  default     = null

  validation {
    condition     = var.auto_import_policy == null ? true : contains(["NONE", "NEW", "NEW_CHANGED", "NEW_CHANGED_DELETED"], var.auto_import_policy)
    error_message = "auto_import_policy must be one of 'NONE', 'NEW', 'NEW_CHANGED', 'NEW_CHANGED_DELETED'."
  }

  validation {
    condition     = !(var.export_path != null || var.imported_file_chunk_size_mib != null || var.auto_import_policy != null) || var.import_path != null
    error_message = "export_path, imported_file_chunk_size_mib and auto_import_policy need an import_path."
  }
}
