# Generated from hp_tf/layers/hyperpod/contract.py by `hptf synth`; edit there.

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
    training_plan_arn          = optional(string)
    deep_health_checks         = optional(list(string), [])
    instance_type              = optional(string)
    instance_types             = optional(list(string), [])
    min_count                  = optional(number, 0)
    spot                       = optional(bool, false)
    image_id                   = optional(string)
    network_interface_type     = optional(string)
    lifecycle_scripts          = optional(bool, true)
    lifecycle_script_uri       = optional(string)
    lifecycle_on_create        = optional(string)
    lifecycle_on_init_complete = optional(string)
    labels                     = optional(map(string), {})
    taints = optional(list(object({
      key    = string
      value  = optional(string)
      effect = string
    })), [])
    scheduled_update = optional(object({
      schedule = string
      deployment = optional(object({
        alarm_names = optional(list(string), [])
        rolling_update = optional(object({
          maximum_batch_size = object({
            type  = string
            value = number
          })
          rollback_maximum_batch_size = optional(object({
            type  = string
            value = number
          }))
        }))
        wait_interval_seconds = optional(number)
      }))
    }))
    auto_patch = optional(object({
      strategy = string
      deployment = optional(object({
        alarm_names = optional(list(string), [])
        rolling_update = optional(object({
          maximum_batch_size = object({
            type  = string
            value = number
          })
          rollback_maximum_batch_size = optional(object({
            type  = string
            value = number
          }))
        }))
        wait_interval_seconds = optional(number)
      }))
    }))
  }))
  default  = []
  nullable = false

  validation {
    condition = length([
      for right in flatten([
        for item in var.instance_groups : [
          item.instance_type != null || length(item.instance_types) >= 1,
          item.instance_type == null || length(item.instance_types) == 0,
          length(distinct(item.instance_types)) == length(item.instance_types),
          alltrue([for type in item.instance_types : can(regex("^(?:ml\\.[a-z0-9-]+\\.[a-z0-9]+)$", type))]),
          alltrue([
            for batch in [
              try(item.scheduled_update.deployment.rolling_update.maximum_batch_size, null),
              try(item.scheduled_update.deployment.rolling_update.rollback_maximum_batch_size, null),
              try(item.auto_patch.deployment.rolling_update.maximum_batch_size, null),
              try(item.auto_patch.deployment.rolling_update.rollback_maximum_batch_size, null)
            ] :
            batch.value <= 100
            if try(batch.type, null) == "CAPACITY_PERCENTAGE"
          ]),
          (
            item.scheduled_update == null ? true :
            can(regex(join("", [
              "^(?:cron\\([0-5]?[0-9] (?:[01]?[0-9]|2[0-3]) (?:(?:0?[1-9]|[12][0-9]|3[01]) (?:0?[1-9]|1[0-2]|\\*(?:/(",
              "?:[1-9]|1[0-2]))?) \\?|\\? (?:0?[1-9]|1[0-2]|\\*(?:/(?:[1-9]|1[0-2]))?) (?:MON|TUE|WED|THU|FRI|SAT|SUN|",
              "[1-7](?:L|#[1-5])?|L)) (?:20[2-9][0-9]|\\*)\\))$"
            ]), try(item.scheduled_update.schedule, null)))
          ),
          item.min_count <= item.count,
          (
            var.node_provisioning_mode == "Continuous" ||
            !(
              item.min_count >= 1 ||
              item.spot ||
              length(item.labels) >= 1 ||
              length(item.taints) >= 1 ||
              (item.image_id != null && item.image_id != "default") ||
              length(item.instance_types) >= 1
            )
          ),
          item.availability_zone_id == null ? true : contains(keys(var.private_subnet_ids), item.availability_zone_id),
          (
            item.threads_per_core == 2 ?
            !anytrue([
              for type in concat([item.instance_type], item.instance_types) :
              can(regex("^(?:ml\\.(p6e-gb200|[cm][678]g|[cm]8a|g7)\\.[a-z0-9]+)$", type))
            ]) : true
          ),
          alltrue([for mount in item.fsx_lustre : mount.dns_name == null == (mount.mount_name == null) if mount != null]),
          (
            !anytrue([for mount in item.fsx_lustre : mount.dns_name == null if mount != null]) ||
            (var.lustre_dns_name != null && var.lustre_mount_name != null)
          ),
          (
            length(distinct([for mount in concat(item.fsx_lustre, item.fsx_openzfs) : mount.mount_path if mount != null])) ==
            length([for mount in concat(item.fsx_lustre, item.fsx_openzfs) : mount.mount_path if mount != null])
          ),
          (
            length(item.deep_health_checks) >= 1 ?
            alltrue([
              for type in concat([item.instance_type], item.instance_types) :
              can(regex("^(?:ml\\.(g|p|trn)[a-z0-9-]*\\.[a-z0-9]+)$", type))
              if type != null
            ]) : true
          ),
          length(distinct(item.deep_health_checks)) == length(item.deep_health_checks),
        ]
      ]) : right if !right
    ]) == 0
    error_message = join("\n", flatten([
      for item in var.instance_groups : [
        for problem in [
          item.instance_type != null || length(item.instance_types) >= 1 ? "" :
          "A group needs an instance_type, or several instance_types to try one after the other",
          item.instance_type == null || length(item.instance_types) == 0 ? "" :
          "A group has either instance_type or instance_types, not both",
          length(distinct(item.instance_types)) == length(item.instance_types) ? "" :
          "Every type of instance_types must be named once",
          alltrue([for type in item.instance_types : can(regex("^(?:ml\\.[a-z0-9-]+\\.[a-z0-9]+)$", type))]) ? "" :
          "Every element of instance_types must be an instance type such as 'ml.p5.48xlarge'",
          alltrue([
            for batch in [
              try(item.scheduled_update.deployment.rolling_update.maximum_batch_size, null),
              try(item.scheduled_update.deployment.rolling_update.rollback_maximum_batch_size, null),
              try(item.auto_patch.deployment.rolling_update.maximum_batch_size, null),
              try(item.auto_patch.deployment.rolling_update.rollback_maximum_batch_size, null)
            ] :
            batch.value <= 100
            if try(batch.type, null) == "CAPACITY_PERCENTAGE"
          ]) ? "" :
          "A batch of type CAPACITY_PERCENTAGE must have a value of at most 100",
          (
            item.scheduled_update == null ? true :
            can(regex(join("", [
              "^(?:cron\\([0-5]?[0-9] (?:[01]?[0-9]|2[0-3]) (?:(?:0?[1-9]|[12][0-9]|3[01]) (?:0?[1-9]|1[0-2]|\\*(?:/(",
              "?:[1-9]|1[0-2]))?) \\?|\\? (?:0?[1-9]|1[0-2]|\\*(?:/(?:[1-9]|1[0-2]))?) (?:MON|TUE|WED|THU|FRI|SAT|SUN|",
              "[1-7](?:L|#[1-5])?|L)) (?:20[2-9][0-9]|\\*)\\))$"
            ]), try(item.scheduled_update.schedule, null)))
          ) ? "" :
          join("", [
            "schedule must be a schedule 'cron(minute hour day month weekday year)' in UTC with '?' for the day or the weekday, such as 'cron(0 3 ? * ",
            "SUN *)'"
          ]),
          item.min_count <= item.count ? "" :
          "min_count must not be greater than count",
          (
            var.node_provisioning_mode == "Continuous" ||
            !(
              item.min_count >= 1 ||
              item.spot ||
              length(item.labels) >= 1 ||
              length(item.taints) >= 1 ||
              (item.image_id != null && item.image_id != "default") ||
              length(item.instance_types) >= 1
            )
          ) ? "" :
          "A group has min_count, spot, labels, taints, an image_id of its own or instance_types only with node_provisioning_mode Continuous",
          (item.availability_zone_id == null ? true : contains(keys(var.private_subnet_ids), item.availability_zone_id)) ? "" :
          "A group's availability_zone_id must be one of the zones of private_subnet_ids",
          (
            item.threads_per_core == 2 ?
            !anytrue([
              for type in concat([item.instance_type], item.instance_types) :
              can(regex("^(?:ml\\.(p6e-gb200|[cm][678]g|[cm]8a|g7)\\.[a-z0-9]+)$", type))
            ]) : true
          ) ? "" :
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
          (
            length(item.deep_health_checks) >= 1 ?
            alltrue([
              for type in concat([item.instance_type], item.instance_types) :
              can(regex("^(?:ml\\.(g|p|trn)[a-z0-9-]*\\.[a-z0-9]+)$", type))
              if type != null
            ]) : true
          ) ? "" :
          "deep_health_checks need an instance type with GPUs or Trainium chips",
          length(distinct(item.deep_health_checks)) == length(item.deep_health_checks) ? "" :
          "Every check of deep_health_checks must be named once",
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
            !item.lifecycle_scripts ||
            (
              (item.lifecycle_script_uri != null || var.lifecycle_script_uri != null) &&
              (item.lifecycle_on_create != null || item.lifecycle_on_init_complete != null || var.lifecycle_on_create != null)
            )
          ),
          (
            item.lifecycle_scripts ||
            !(item.lifecycle_script_uri != null || item.lifecycle_on_create != null || item.lifecycle_on_init_complete != null)
          ),
          !(item.spot && item.training_plan_arn != null),
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
          (
            !anytrue([for type in concat([item.instance_type], item.instance_types) : can(regex("^(?:ml\\.p6e-gb200\\.[a-z0-9]+)$", type))]) ||
            item.training_plan_arn != null
          ),
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
      for item in var.instance_groups : [
        for problem in [
          (
            !item.lifecycle_scripts ||
            (
              (item.lifecycle_script_uri != null || var.lifecycle_script_uri != null) &&
              (item.lifecycle_on_create != null || item.lifecycle_on_init_complete != null || var.lifecycle_on_create != null)
            )
          ) ? "" :
          join("", [
            "A group that runs lifecycle scripts needs their location and the name of one: lifecycle_script_uri and lifecycle_on_create, of its own or ",
            "of all groups. Without any, lifecycle_scripts is false"
          ]),
          (
            item.lifecycle_scripts ||
            !(item.lifecycle_script_uri != null || item.lifecycle_on_create != null || item.lifecycle_on_init_complete != null)
          ) ? "" :
          "With lifecycle_scripts false a group runs none, so it must name none",
          !(item.spot && item.training_plan_arn != null) ? "" :
          "A group uses either Spot capacity or a training plan, not both",
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
          (
            !anytrue([
              for type in concat([item.instance_type], item.instance_types) :
              can(regex("^(?:ml\\.p6e-gb200\\.[a-z0-9]+)$", type))
            ]) ||
            item.training_plan_arn != null
          ) ? "" :
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
    condition = (
      length(distinct(concat(
        [for group in var.instance_groups : group.name if group != null],
        [for group in var.restricted_instance_groups : group.name if group != null]
      ))) ==
      length(concat(
        [for group in var.instance_groups : group.name if group != null],
        [for group in var.restricted_instance_groups : group.name if group != null]
      ))
    )
    error_message = "Every group of the cluster must have a name of its own."
  }

  validation {
    condition = (
      (length(var.instance_groups) >= 1 && length(var.restricted_instance_groups) == 0) ||
      (length(var.instance_groups) == 0 && length(var.restricted_instance_groups) >= 1)
    )
    error_message = "A cluster needs at least one group, of instance_groups or of restricted_instance_groups, not of both."
  }
}
