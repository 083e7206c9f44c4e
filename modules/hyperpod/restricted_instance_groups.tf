# Generated from hp_tf/layers/hyperpod/contract.py by `hptf synth`; edit there.

variable "restricted_instance_groups" {
  description = <<-EOT
    Groups for the customisation of Amazon Nova models, instead of instance_groups. They need the chart revision that AWS pins for them and
    its script install_rig_dependencies.sh, run once by hand. They run no lifecycle scripts.
  EOT
  type = list(object({
    name                    = string
    count                   = number
    availability_zone_id    = optional(string)
    availability_zone_ids   = optional(list(string), [])
    subnet_ids              = optional(list(string), [])
    own_network             = optional(bool, true)
    security_group_ids      = optional(list(string), [])
    execution_role_arn      = optional(string)
    threads_per_core        = optional(number)
    volume_size_gb          = optional(number, 500)
    volume_kms_key_arn      = optional(string)
    root_volume_kms_key_arn = optional(string)
    fsx_lustre = optional(list(object({
      dns_name   = optional(string)
      mount_name = optional(string)
      mount_path = optional(string, "/fsx")
    })), [])
    fsx_openzfs = optional(list(object({
      dns_name   = string
      mount_path = optional(string, "/home")
    })), [])
    training_plan_arn  = optional(string)
    deep_health_checks = optional(list(string), [])
    instance_type      = string
    storage = optional(object({
      size_gib   = number
      throughput = optional(number, 250)
    }))
  }))
  default  = []
  nullable = false

  validation {
    condition = length([
      for right in flatten([
        for item in var.restricted_instance_groups : [
          item.availability_zone_id == null ? true : contains(keys(var.private_subnet_ids), item.availability_zone_id),
          item.threads_per_core != 2 || !can(regex("^(?:ml\\.(p6e-gb200|[cm][678]g|[cm]8a|g7)\\.[a-z0-9]+)$", item.instance_type)),
          alltrue([for mount in item.fsx_lustre : mount.dns_name == null == (mount.mount_name == null) if mount != null]),
          (
            !anytrue([for mount in item.fsx_lustre : mount.dns_name == null if mount != null]) ||
            (var.lustre_dns_name != null && var.lustre_mount_name != null)
          ),
          (
            length(distinct([for mount in concat(item.fsx_lustre, item.fsx_openzfs) : mount.mount_path if mount != null])) ==
            length([for mount in concat(item.fsx_lustre, item.fsx_openzfs) : mount.mount_path if mount != null])
          ),
          length(item.deep_health_checks) == 0 || can(regex("^(?:ml\\.(g|p|trn)[a-z0-9-]*\\.[a-z0-9]+)$", item.instance_type)),
          length(distinct(item.deep_health_checks)) == length(item.deep_health_checks),
          item.storage != null || var.restricted_shared_storage != null,
          item.storage == null ? true : try(item.storage.size_gib, null) == 1200 ? true : try(item.storage.size_gib, null) % 2400 == 0,
          item.storage == null ? true : contains([125, 250, 500, 1000], try(item.storage.throughput, null)),
        ]
      ]) : right if !right
    ]) == 0
    error_message = join("\n", flatten([
      for item in var.restricted_instance_groups : [
        for problem in [
          (item.availability_zone_id == null ? true : contains(keys(var.private_subnet_ids), item.availability_zone_id)) ? "" :
          "A group's availability_zone_id must be one of the zones of private_subnet_ids",
          item.threads_per_core != 2 || !can(regex("^(?:ml\\.(p6e-gb200|[cm][678]g|[cm]8a|g7)\\.[a-z0-9]+)$", item.instance_type)) ? "" :
          "The cores of this instance type run one thread: threads_per_core must be 1 or null",
          alltrue([for mount in item.fsx_lustre : mount.dns_name == null == (mount.mount_name == null) if mount != null]) ? "" :
          "A mount of fsx_lustre must name dns_name and mount_name together, or neither for the environment's file system",
          (
            !anytrue([for mount in item.fsx_lustre : mount.dns_name == null if mount != null]) ||
            (var.lustre_dns_name != null && var.lustre_mount_name != null)
          ) ? "" :
          "A mount of fsx_lustre without dns_name is the environment's file system, and there is none: dns_name and mount_name must name one",
          (
            length(distinct([for mount in concat(item.fsx_lustre, item.fsx_openzfs) : mount.mount_path if mount != null])) ==
            length([for mount in concat(item.fsx_lustre, item.fsx_openzfs) : mount.mount_path if mount != null])
          ) ? "" :
          "Every file system of a group must have a mount_path of its own",
          length(item.deep_health_checks) == 0 || can(regex("^(?:ml\\.(g|p|trn)[a-z0-9-]*\\.[a-z0-9]+)$", item.instance_type)) ? "" :
          "deep_health_checks need an instance type with GPUs or Trainium chips",
          length(distinct(item.deep_health_checks)) == length(item.deep_health_checks) ? "" :
          "Every check of deep_health_checks must be named once",
          item.storage != null || var.restricted_shared_storage != null ? "" :
          "A restricted group needs storage, unless restricted_shared_storage serves all",
          (
            item.storage == null ? true :
            try(item.storage.size_gib, null) == 1200 ? true : try(item.storage.size_gib, null) % 2400 == 0
          ) ? "" :
          "storage.size_gib of a restricted group must be 1200 or a multiple of 2400",
          (item.storage == null ? true : contains([125, 250, 500, 1000], try(item.storage.throughput, null))) ? "" :
          "storage.throughput of a restricted group must be 125, 250, 500 or 1000",
        ] : "${item.name}: ${nonsensitive(problem)}"
        if nonsensitive(problem) != ""
      ]
    ]))
  }

  validation {
    condition = length([
      for right in flatten([
        for item in var.restricted_instance_groups : [
          (
            length(distinct(item.availability_zone_ids)) == length(item.availability_zone_ids) ?
            length(setsubtract(item.availability_zone_ids, keys(var.private_subnet_ids))) == 0 : false
          ),
          length(distinct(item.subnet_ids)) == length(item.subnet_ids),
          (
            (item.availability_zone_id == null ? 0 : 1) + (length(item.availability_zone_ids) >= 1 ? 1 : 0) +
            (length(item.subnet_ids) >= 1 ? 1 : 0) <=
            1
          ),
          (
            item.own_network ? true :
            (item.availability_zone_id == null ? 0 : 1) + (length(item.availability_zone_ids) >= 1 ? 1 : 0) +
            (length(item.subnet_ids) >= 1 ? 1 : 0) ==
            0 &&
            length(item.security_group_ids) == 0
          ),
          length(distinct(item.security_group_ids)) == length(item.security_group_ids),
          !can(regex("^(?:ml\\.p6e-gb200\\.[a-z0-9]+)$", item.instance_type)) || item.training_plan_arn != null,
          (
            item.training_plan_arn == null ? true :
            startswith(item.training_plan_arn, "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:training-plan/")
          ),
          item.execution_role_arn == null ? true : startswith(item.execution_role_arn, "arn:${var.partition}:iam::${var.account_id}:role/"),
          item.volume_kms_key_arn == null ? true : startswith(item.volume_kms_key_arn, "arn:${var.partition}:kms:${var.region}:"),
          item.root_volume_kms_key_arn == null ? true : startswith(item.root_volume_kms_key_arn, "arn:${var.partition}:kms:${var.region}:"),
          item.volume_kms_key_arn == null || item.volume_size_gb >= 1,
          (
            (item.volume_size_gb > 0 ? 1 : 0) + (item.root_volume_kms_key_arn == null ? 0 : 1) + length(item.fsx_lustre) +
            length(item.fsx_openzfs) <=
            4
          ),
        ]
      ]) : right if !right
    ]) == 0
    error_message = join("\n", flatten([
      for item in var.restricted_instance_groups : [
        for problem in [
          (
            length(distinct(item.availability_zone_ids)) == length(item.availability_zone_ids) ?
            length(setsubtract(item.availability_zone_ids, keys(var.private_subnet_ids))) == 0 : false
          ) ? "" :
          "The availability_zone_ids of a group must be zones of private_subnet_ids, each named once",
          length(distinct(item.subnet_ids)) == length(item.subnet_ids) ? "" :
          "Every subnet of a group must be named once",
          (
            (item.availability_zone_id == null ? 0 : 1) + (length(item.availability_zone_ids) >= 1 ? 1 : 0) +
            (length(item.subnet_ids) >= 1 ? 1 : 0) <=
            1
          ) ? "" :
          "A group says where it is by one of availability_zone_id, availability_zone_ids and subnet_ids",
          (
            item.own_network ? true :
            (item.availability_zone_id == null ? 0 : 1) + (length(item.availability_zone_ids) >= 1 ? 1 : 0) +
            (length(item.subnet_ids) >= 1 ? 1 : 0) ==
            0 &&
            length(item.security_group_ids) == 0
          ) ? "" :
          "With own_network false a group has the cluster's subnets and security groups: it must name none",
          length(distinct(item.security_group_ids)) == length(item.security_group_ids) ? "" :
          "Every security group of a group must be named once",
          !can(regex("^(?:ml\\.p6e-gb200\\.[a-z0-9]+)$", item.instance_type)) || item.training_plan_arn != null ? "" :
          "ml.p6e-gb200 instances come in UltraServers through training plans: training_plan_arn must be given",
          (
            item.training_plan_arn == null ? true :
            startswith(item.training_plan_arn, "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:training-plan/")
          ) ? "" :
          "training_plan_arn must be a plan of this account and region",
          (
            item.execution_role_arn == null ? true :
            startswith(item.execution_role_arn, "arn:${var.partition}:iam::${var.account_id}:role/")
          ) ? "" :
          "execution_role_arn of a group must be a role of this account and partition",
          (item.volume_kms_key_arn == null ? true : startswith(item.volume_kms_key_arn, "arn:${var.partition}:kms:${var.region}:")) ? "" :
          "volume_kms_key_arn must be a key of this region and partition",
          (
            item.root_volume_kms_key_arn == null ? true :
            startswith(item.root_volume_kms_key_arn, "arn:${var.partition}:kms:${var.region}:")
          ) ? "" :
          "root_volume_kms_key_arn must be a key of this region and partition",
          item.volume_kms_key_arn == null || item.volume_size_gb >= 1 ? "" :
          "volume_kms_key_arn is given, so volume_size_gb must be at least 1",
          (
            (item.volume_size_gb > 0 ? 1 : 0) + (item.root_volume_kms_key_arn == null ? 0 : 1) + length(item.fsx_lustre) +
            length(item.fsx_openzfs) <=
            4
          ) ? "" :
          "A group has at most 4 storage configurations: its second volume, a root volume with a key of yours, and file systems",
        ] : "${item.name}: ${nonsensitive(problem)}"
        if nonsensitive(problem) != ""
      ]
    ]))
  }

  validation {
    condition     = var.restricted_shared_storage == null || length(var.restricted_instance_groups) >= 1
    error_message = "restricted_shared_storage is for restricted_instance_groups, of which there are none."
  }
}
