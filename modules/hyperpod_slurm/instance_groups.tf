# Generated from hp_tf/layers/hyperpod_slurm/contract.py by `hptf synth`; edit there.

variable "instance_groups" {
  description = "Groups of instances. Their order has no meaning. Type, zone, role, threads and security groups of a group are fixed when it is made."
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
    training_plan_arn    = optional(string)
    instance_type        = string
    node_type            = optional(string, "Compute")
    partition            = optional(string)
    lifecycle_script_uri = optional(string)
    lifecycle_on_create  = optional(string)
  }))
  nullable = false

  validation {
    condition = length([
      for right in flatten([
        for item in var.instance_groups : [
          item.node_type == "Controller" ? item.count >= 1 && item.count <= 3 : true,
          (item.node_type == "Controller" ? item.count <= 1 : true) || (var.configuration == "scripts" && var.accounting),
          item.partition == null || item.node_type == "Compute",
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
        ]
      ]) : right if !right
    ]) == 0
    error_message = join("\n", flatten([
      for item in var.instance_groups : [
        for problem in [
          (item.node_type == "Controller" ? item.count >= 1 && item.count <= 3 : true) ? "" :
          "The Controller group must have count 1, or 2 to 3 with accounting",
          (item.node_type == "Controller" ? item.count <= 1 : true) || (var.configuration == "scripts" && var.accounting) ? "" :
          "Several controllers share a database: they need configuration scripts and accounting",
          item.partition == null || item.node_type == "Compute" ? "" :
          "Only a group of node_type Compute is in a partition",
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
        ] : "${item.name}: ${nonsensitive(problem)}"
        if nonsensitive(problem) != ""
      ]
    ]))
  }

  validation {
    condition = length([
      for right in flatten([
        for item in var.instance_groups : [
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
          (
            var.configuration == "api" ?
            (item.volume_size_gb > 0 ? 1 : 0) + (item.root_volume_kms_key_arn == null ? 0 : 1) + length(item.fsx_lustre) +
            length(item.fsx_openzfs) +
            (var.mount_lustre ? 1 : 0) +
            (var.mount_openzfs ? 1 : 0) <=
            4 : true
          ),
        ]
      ]) : right if !right
    ]) == 0
    error_message = join("\n", flatten([
      for item in var.instance_groups : [
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
          (
            var.configuration == "api" ?
            (item.volume_size_gb > 0 ? 1 : 0) + (item.root_volume_kms_key_arn == null ? 0 : 1) + length(item.fsx_lustre) +
            length(item.fsx_openzfs) +
            (var.mount_lustre ? 1 : 0) +
            (var.mount_openzfs ? 1 : 0) <=
            4 : true
          ) ? "" :
          "A group has at most 4 storage configurations, the file systems that every node mounts among them",
        ] : "${item.name}: ${nonsensitive(problem)}"
        if nonsensitive(problem) != ""
      ]
    ]))
  }

  validation {
    condition = (
      length(distinct(concat([for group in var.instance_groups : group.name if group != null]))) ==
      length(concat([for group in var.instance_groups : group.name if group != null]))
    )
    error_message = "Every group of the cluster must have a name of its own."
  }

  validation {
    condition = (
      (
        [for group in var.instance_groups : group.name if group.node_type == "Controller"] == null ? 0 :
        length([for group in var.instance_groups : group.name if group.node_type == "Controller"])
      ) ==
      1
    )
    error_message = "Exactly one group must have node_type Controller."
  }

  validation {
    condition = (
      (
        [for group in var.instance_groups : group.name if group.node_type == "Login"] == null ? 0 :
        length([for group in var.instance_groups : group.name if group.node_type == "Login"])
      ) <=
      1
    )
    error_message = "At most one group may have node_type Login."
  }

  validation {
    condition = (
      (
        [for group in var.instance_groups : group.name if group.node_type == "Compute"] == null ? 0 :
        length([for group in var.instance_groups : group.name if group.node_type == "Compute"])
      ) >=
      1
    )
    error_message = "At least one group must have node_type Compute."
  }
}
