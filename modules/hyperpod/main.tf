# Generated from hp_tf/layers/hyperpod/definition.py by `hptf synth`; edit there.

locals {
  security_group_ids = concat([var.security_group_id], var.additional_security_group_ids)

  cluster_subnet_ids = length(var.cluster_subnet_ids) > 0 ? var.cluster_subnet_ids : [
    for zone in(
      length(var.cluster_availability_zone_ids) > 0
      ? var.cluster_availability_zone_ids
      : [var.primary_availability_zone_id]
    ) : var.private_subnet_ids[zone]
  ]

  # Types whose cores run one thread; 1 on any other would halve its vCPUs.
  single_threaded = "^(?:ml\\.(p6e-gb200|[cm][678]g|[cm]8a|g7)\\.[a-z0-9]+)$"

  # Volumes and file systems of every group by its name. No list is sent for none: the provider reads an
  # empty one back as null, and would plan it again and again.
  storage = {
    for group in concat(var.instance_groups, var.restricted_instance_groups) : group.name => concat(
      group.volume_size_gb == 0 ? [] : [{
        ebs_volume_config = {
          root_volume       = false
          volume_size_in_gb = group.volume_size_gb
          volume_kms_key_id = group.volume_kms_key_arn
        }
      }],
      group.root_volume_kms_key_arn == null ? [] : [{
        ebs_volume_config = { root_volume = true, volume_kms_key_id = group.root_volume_kms_key_arn }
      }],
      [
        for mount in group.fsx_lustre : {
          fsx_lustre_config = {
            dns_name   = coalesce(mount.dns_name, var.lustre_dns_name)
            mount_name = coalesce(mount.mount_name, var.lustre_mount_name)
            mount_path = mount.mount_path
          }
        }
      ],
      [
        for mount in group.fsx_openzfs : {
          fsx_open_zfs_config = { dns_name = mount.dns_name, mount_path = mount.mount_path }
        }
      ],
    )
  }

  # By name, so that their order in the file means nothing.
  instance_groups = {
    for group in var.instance_groups : group.name => {
      instance_group_name      = group.name
      instance_type            = group.instance_type
      instance_count           = group.count
      execution_role           = coalesce(group.execution_role_arn, var.execution_role_arn)
      training_plan_arn        = group.training_plan_arn
      instance_storage_configs = length(local.storage[group.name]) == 0 ? null : local.storage[group.name]
      override_vpc_config = !group.own_network ? null : {
        security_group_ids = length(group.security_group_ids) == 0 ? local.security_group_ids : group.security_group_ids
        subnets = length(group.subnet_ids) > 0 ? group.subnet_ids : [
          for zone in(
            length(group.availability_zone_ids) > 0
            ? group.availability_zone_ids
            : [coalesce(group.availability_zone_id, var.primary_availability_zone_id)]
          ) : var.private_subnet_ids[zone]
        ]
      }
      on_start_deep_health_checks = length(group.deep_health_checks) == 0 ? null : sort(group.deep_health_checks)
      instance_requirements       = length(group.instance_types) == 0 ? null : { instance_types = group.instance_types }
      threads_per_core = group.threads_per_core != null ? group.threads_per_core : anytrue([
        for type in concat(compact([group.instance_type]), group.instance_types) : can(regex(local.single_threaded, type))
      ]) ? 1 : 2
      min_instance_count = var.node_provisioning_mode == "Continuous" ? group.min_count : null
      image_id           = group.image_id
      life_cycle_config = !group.lifecycle_scripts ? null : {
        source_s3_uri = coalesce(group.lifecycle_script_uri, var.lifecycle_script_uri)
        on_create = (
          group.lifecycle_on_create == null && group.lifecycle_on_init_complete == null
          ? var.lifecycle_on_create
          : group.lifecycle_on_create
        )
        on_init_complete = group.lifecycle_on_init_complete
      }
      kubernetes_config = length(group.labels) + length(group.taints) == 0 ? null : {
        labels = length(group.labels) == 0 ? null : group.labels
        taints = length(group.taints) == 0 ? null : group.taints
      }
      capacity_requirements = var.node_provisioning_mode == "Continuous" ? {
        spot      = group.spot ? jsonencode({}) : null
        on_demand = group.spot ? null : jsonencode({})
      } : null
      network_interface = group.network_interface_type == null ? null : { interface_type = group.network_interface_type }
      scheduled_update_config = group.scheduled_update == null ? null : {
        schedule_expression = group.scheduled_update.schedule
        deployment_config = group.scheduled_update.deployment == null ? null : {
          auto_rollback_configuration = length(group.scheduled_update.deployment.alarm_names) == 0 ? null : [
            for name in group.scheduled_update.deployment.alarm_names : { alarm_name = name }
          ]
          rolling_update_policy    = group.scheduled_update.deployment.rolling_update
          wait_interval_in_seconds = group.scheduled_update.deployment.wait_interval_seconds
        }
      }
      auto_patch_config = group.auto_patch == null ? null : {
        patching_strategy = group.auto_patch.strategy
        deployment_config = group.auto_patch.deployment == null ? null : {
          auto_rollback_configuration = length(group.auto_patch.deployment.alarm_names) == 0 ? null : [
            for name in group.auto_patch.deployment.alarm_names : { alarm_name = name }
          ]
          rolling_update_policy    = group.auto_patch.deployment.rolling_update
          wait_interval_in_seconds = group.auto_patch.deployment.wait_interval_seconds
        }
      }
    }
  }

  restricted_instance_groups = {
    for group in var.restricted_instance_groups : group.name => {
      instance_group_name      = group.name
      instance_type            = group.instance_type
      instance_count           = group.count
      execution_role           = coalesce(group.execution_role_arn, var.execution_role_arn)
      training_plan_arn        = group.training_plan_arn
      instance_storage_configs = length(local.storage[group.name]) == 0 ? null : local.storage[group.name]
      override_vpc_config = !group.own_network ? null : {
        security_group_ids = length(group.security_group_ids) == 0 ? local.security_group_ids : group.security_group_ids
        subnets = length(group.subnet_ids) > 0 ? group.subnet_ids : [
          for zone in(
            length(group.availability_zone_ids) > 0
            ? group.availability_zone_ids
            : [coalesce(group.availability_zone_id, var.primary_availability_zone_id)]
          ) : var.private_subnet_ids[zone]
        ]
      }
      on_start_deep_health_checks = length(group.deep_health_checks) == 0 ? null : sort(group.deep_health_checks)
      threads_per_core = group.threads_per_core != null ? group.threads_per_core : anytrue([
        for type in [group.instance_type] : can(regex(local.single_threaded, type))
      ]) ? 1 : 2
      environment_config = group.storage == null ? null : {
        fsx_lustre_config = {
          size_in_gi_b                = group.storage.size_gib
          per_unit_storage_throughput = group.storage.throughput
        }
      }
    }
  }

  # The provider fills in what a group leaves out from the group at its position in the service's list.
  # From here to `sent`: who stands where, and what must be sent so that nobody gets what is another's.
  groups = {
    instance_groups            = local.instance_groups
    restricted_instance_groups = local.restricted_instance_groups
  }

  live_cluster = jsondecode(coalesce(var.live_cluster, "{}"))
  live         = { for kind, groups in local.groups : kind => try([for group in local.live_cluster[kind] : group], []) }

  # Groups that stay at the position at which the service has them; the others fill the gaps.
  staying = {
    for kind, groups in local.groups : kind => [
      for position, group in local.live[kind] : group.instance_group_name
      if position < length(groups) && contains(keys(groups), group.instance_group_name)
    ]
  }

  filling = {
    for kind, groups in local.groups : kind => [for name in keys(groups) : name if !contains(local.staying[kind], name)]
  }

  positions = {
    for kind, groups in local.groups : kind => try([for name in local.live_cluster.order[kind] : name], [
      for position in range(length(groups)) :
      try(contains(local.staying[kind], local.live[kind][position].instance_group_name), false)
      ? local.live[kind][position].instance_group_name
      : local.filling[kind][length([
        for before in range(position) : before
        if !try(contains(local.staying[kind], local.live[kind][before].instance_group_name), false)
      ])]
    ])
  }

  # By attribute, what makes the provider send nothing. Sent once, it is not needed any more.
  nothing = {
    instance_groups = {
      whole = {
        instance_storage_configs    = []
        on_start_deep_health_checks = [null]
        image_id                    = "default"
      }
      inner = {
        override_vpc_config = {
          security_group_ids = [null]
          subnets            = [null]
        }
        capacity_requirements = {
          on_demand = "null"
          spot      = "null"
        }
        instance_requirements = {
          instance_types = [null]
        }
        kubernetes_config = {
          labels = {}
          taints = []
        }
      }
      own = ["image_id"]
    }
    restricted_instance_groups = {
      whole = {
        instance_storage_configs    = []
        on_start_deep_health_checks = [null]
      }
      inner = {
        override_vpc_config = {
          security_group_ids = [null]
          subnets            = [null]
        }
      }
      own = []
    }
  }

  # Who is to stand at each position, who stands there, and what it is now.
  places = {
    for kind, groups in local.groups : kind => [
      for position, name in local.positions[kind] : {
        group = groups[name]
        was   = try(local.live[kind][position], {})
        own   = merge([for group in local.live[kind] : group if group.instance_group_name == name]...)
      }
    ]
  }

  sent = {
    for kind, groups in local.groups : kind => [
      for place in local.places[kind] : merge(
        place.group,
        {
          for attribute, none in local.nothing[kind].whole : attribute => none
          if try(place.group[attribute] == null, false) && try(length(place.was[attribute]) > 0, place.was[attribute] != null, false)
        },
        {
          for attribute, members in local.nothing[kind].inner : attribute => merge(
            { for member, none in members : member => none if try(length(place.was[attribute][member]) > 0, place.was[attribute][member] != null, false) },
            try({ for member, value in place.group[attribute] : member => value if value != null }, {}),
          )
          if anytrue([for member in keys(members) : try(length(place.was[attribute][member]) > 0, place.was[attribute][member] != null, false)])
        },
        {
          for attribute, value in place.own : attribute => value
          if attribute == "instance_count" ? var.auto_scaling : (
            contains(local.nothing[kind].own, attribute) && value != null && place.group[attribute] == null
          )
        },
      )
    ]
  }

  # What the outputs say of a count that is no input's: every change of it would be one of an output.
  scaled = { for key in ["instance_count"] : key => "by Karpenter" if var.auto_scaling }
}

# It waits for the dependency chart, without which HyperPod makes no nodes, and for the S3 endpoint, through
# which nodes read their scripts.
resource "awscc_sagemaker_cluster" "this" {
  cluster_name               = var.cluster_name
  cluster_role               = var.node_provisioning_mode == "Continuous" ? var.karpenter_role_arn : null
  instance_groups            = length(local.instance_groups) == 0 ? null : local.sent.instance_groups
  node_provisioning_mode     = var.node_provisioning_mode
  node_recovery              = var.node_recovery
  orchestrator               = { eks = { cluster_arn = var.eks_cluster_arn } }
  restricted_instance_groups = length(local.restricted_instance_groups) == 0 ? null : local.sent.restricted_instance_groups

  auto_scaling = var.node_provisioning_mode == "Continuous" ? {
    mode             = var.auto_scaling ? "Enable" : "Disable"
    auto_scaler_type = var.auto_scaling ? "Karpenter" : null
  } : null

  restricted_instance_groups_config = var.restricted_shared_storage == null ? null : {
    shared_environment_config = {
      fsx_lustre_deletion_policy = var.restricted_shared_storage.deletion_policy
      fsx_lustre_config = {
        size_in_gi_b                = var.restricted_shared_storage.size_gib
        per_unit_storage_throughput = var.restricted_shared_storage.throughput
      }
    }
  }

  tiered_storage_config = length(local.restricted_instance_groups) > 0 ? null : {
    mode                                  = var.tiered_storage ? "Enable" : "Disable"
    instance_memory_allocation_percentage = var.tiered_storage ? var.tiered_storage_memory_percentage : null
  }

  vpc_config = {
    security_group_ids = local.security_group_ids
    subnets            = local.cluster_subnet_ids
  }

  tags = [
    for key, value in merge(var.tags, { SageMaker = "true" }) : { key = key, value = value }
  ]

  depends_on = [var.dependencies_release, var.s3_endpoint_id, var.interface_endpoint_ids]
}

check "region" {
  assert {
    error_message = "region is not among those that are known to offer HyperPod."

    condition = (
      var.partition != "aws" ||
      contains(
        [
          "ap-northeast-1",
          "ap-south-1",
          "ap-southeast-1",
          "ap-southeast-2",
          "ap-southeast-3",
          "ap-southeast-4",
          "ca-central-1",
          "eu-central-1",
          "eu-north-1",
          "eu-south-2",
          "eu-west-1",
          "eu-west-2",
          "sa-east-1",
          "us-east-1",
          "us-east-2",
          "us-west-1",
          "us-west-2"
        ],
        var.region
      )
    )
  }
}

check "autoscaling_counts" {
  assert {
    condition = !var.auto_scaling

    error_message = join("", [
      "With auto_scaling counts belong to Karpenter: a group's count is its first size only, 0 for those that Karpenter uses, and a later one is ",
      "not taken back. Without live_cluster every apply sends the file's counts."
    ])
  }
}

check "group_pods" {
  assert {
    condition = alltrue([
      for item in var.instance_groups :
      !anytrue([for type in concat([item.instance_type], item.instance_types) : contains(["ml.g5.xlarge"], type) if type != null])
      if item != null
    ])

    error_message = join("", [
      "A node of this type takes very few pods, fewer than the add-ons need",
      try(join("", [": ", join(", ", [
        for item in var.instance_groups : item.name
        if nonsensitive(anytrue([for type in concat([item.instance_type], item.instance_types) : contains(["ml.g5.xlarge"], type) if type != null]))
      ])]), ""),
      "."
    ])
  }
}

check "group_spot_lost" {
  assert {
    condition = alltrue([for item in var.instance_groups : !(item.spot && item.min_count >= 1) if item != null])

    error_message = join("", [
      "AWS takes Spot capacity back when it needs it: min_count counts only until the group is first there",
      try(join("", [": ", join(", ", [
        for item in var.instance_groups : item.name
        if nonsensitive(item.spot && item.min_count >= 1)
      ])]), ""),
      "."
    ])
  }
}

check "group_known_types" {
  assert {
    condition = alltrue([
      for item in var.instance_groups :
      alltrue([for type in concat([item.instance_type], item.instance_types) : contains(local.instance_types, type) if type != null])
      if item != null
    ])

    error_message = join("", [
      "This instance type is not among those that HyperPod is known to offer",
      try(join("", [": ", join(", ", [
        for item in var.instance_groups : item.name
        if nonsensitive(!alltrue([for type in concat([item.instance_type], item.instance_types) : contains(local.instance_types, type) if type != null]))
      ])]), ""),
      "."
    ])
  }
}

check "restricted_group_known_types" {
  assert {
    condition = alltrue([
      for item in var.restricted_instance_groups :
      alltrue([for type in [item.instance_type] : contains(local.instance_types, type) if type != null])
      if item != null
    ])

    error_message = join("", [
      "This instance type is not among those that HyperPod is known to offer",
      try(join("", [": ", join(", ", [
        for item in var.restricted_instance_groups : item.name
        if nonsensitive(!alltrue([for type in [item.instance_type] : contains(local.instance_types, type) if type != null]))
      ])]), ""),
      "."
    ])
  }
}

check "restricted_region" {
  assert {
    condition     = length(var.restricted_instance_groups) == 0 || contains(["eu-north-1", "eu-west-2", "us-east-1", "us-west-2"], var.region)
    error_message = "Restricted instance groups are known to exist in eu-north-1, eu-west-2, us-east-1, us-west-2 only."
  }
}

check "restricted_without" {
  assert {
    condition = length(var.restricted_instance_groups) == 0

    error_message = join("", [
      "AWS keeps the nodes of restricted instance groups to itself. Such a cluster goes without: lifecycle scripts (those of storage are not ",
      "run), instance_groups beside them, labels, taints, images, Spot capacity and scheduled updates, Continuous provisioning, Karpenter, ",
      "tiered storage, task governance, the training and inference operators, and the observability add-on."
    ])
  }
}
