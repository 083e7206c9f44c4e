# Generated from hp_tf/layers/hyperpod_slurm/definition.py by `hptf synth`; edit there.

locals {
  by_api = var.configuration == "api"

  # Partitions of Compute groups: one for every type, unless a group names its own.
  partition_of = { for group in var.instance_groups : group.name => group.node_type != "Compute" ? null : coalesce(
    group.partition,
    replace(group.instance_type, ".", "-"),
  ) if group.node_type == "Compute" }

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
    for group in var.instance_groups : group.name => concat(
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
      [
        for path in [var.lustre_mount_path] : {
          fsx_lustre_config = {
            dns_name   = var.lustre_dns_name
            mount_name = var.lustre_mount_name
            mount_path = path
          }
        } if var.mount_lustre && local.by_api
      ],
      [
        for path in [var.openzfs_mount_path] : {
          fsx_open_zfs_config = { dns_name = var.openzfs_dns_name, mount_path = path }
        } if var.mount_openzfs && local.by_api
      ],
    )
  }

  # By name, so that their order among the inputs means nothing.
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
      threads_per_core = group.threads_per_core != null ? group.threads_per_core : anytrue([
        for type in [group.instance_type] : can(regex(local.single_threaded, type))
      ]) ? 1 : 2
      life_cycle_config = !var.lifecycle_scripts ? null : {
        source_s3_uri = coalesce(group.lifecycle_script_uri, var.lifecycle_script_uri)
        on_create     = coalesce(group.lifecycle_on_create, var.lifecycle_on_create)
      }
      slurm_config = !local.by_api ? null : {
        node_type       = group.node_type
        partition_names = group.node_type == "Compute" ? [local.partition_of[group.name]] : null
      }
    }
  }

  # The provider fills in what a group leaves out from the group at its position in the service's list.
  # From here to `sent`: who stands where, and what must be sent so that nobody gets what is another's.
  groups = {
    instance_groups = local.instance_groups
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
        instance_storage_configs = []
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
          if contains(local.nothing[kind].own, attribute) && value != null && place.group[attribute] == null
        },
      )
    ]
  }

  # What AWS's lifecycle scripts read: the same groups as the cluster's, by the same names.
  provisioning_parameters = merge(
    {
      version          = "1.0.0"
      workload_manager = "slurm"
      controller_group = one([for group in var.instance_groups : group.name if group.node_type == "Controller"])
      worker_groups = [
        for name, partition in local.partition_of : { instance_group_name = name, partition_name = partition }
      ]
    },
    { for group in var.instance_groups : "login_group" => group.name if group.node_type == "Login" },
    var.mount_lustre ? { fsx_dns_name = var.lustre_dns_name, fsx_mountname = var.lustre_mount_name } : {},
    var.mount_openzfs ? { fsx_openzfs_dns_name = var.openzfs_dns_name } : {},
    !var.accounting ? {} : {
      slurm_configurations = merge(
        {
          slurm_database_secret_arn = var.database_secret_arn
          slurm_database_endpoint   = var.database_endpoint
          slurm_database_user       = var.database_username
          slurm_shared_directory    = var.shared_directory
        },
        var.failover_topic_arn == null ? {} : { slurm_sns_arn = var.failover_topic_arn },
      )
    },
  )

  # What they set up, by their own names.
  script_switches = {
    enable_docker_enroot_pyxis = try(var.script_features.docker_enroot_pyxis, true)
    enable_fsx_openzfs         = var.mount_openzfs
    enable_mount_s3            = var.mount_s3_bucket_name != null
    enable_observability       = var.observability
    enable_pam_slurm_adopt     = try(var.script_features.pam_slurm_adopt, false)
    enable_slurm_log_rotation  = try(var.script_features.slurm_log_rotation, true)
    enable_sssd                = var.sssd != null
    enable_update_neuron_sdk   = try(var.script_features.update_neuron_sdk, false)
  }

  remote_write_url = var.prometheus_endpoint == null ? "" : "${var.prometheus_endpoint}/api/v1/remote_write"

  script_config = join("\n", concat(
    ["class Config:"],
    [for name, on in local.script_switches : "    ${name} = ${on ? "True" : "False"}"],
    ["    s3_bucket = ${jsonencode(var.mount_s3_bucket_name == null ? "" : var.mount_s3_bucket_name)}"],
    [
      "",
      "",
      "class ObservabilityConfig:",
      "    prometheus_remote_write_url = ${jsonencode(local.remote_write_url)}",
      "    advanced_metrics = ${var.advanced_metrics ? "True" : "False"}",
      "",
    ],
  ))

  sssd_settings = {
    domain                    = try(var.sssd.domain, null)
    ldap_uri                  = try(var.sssd.ldap_uri, null)
    ldap_search_base          = try(var.sssd.search_base, null)
    ldap_default_bind_dn      = try(var.sssd.bind_dn, null)
    ldap_default_authtok_type = try(var.sssd.password_type, null)
    ldap_default_authtok      = var.sssd_password
    ssh_auth_method           = try(var.sssd.ssh_auth_method, null)
    override_homedir          = try(var.sssd.override_homedir, null)
  }

  # By itself: with the password in it, a plan does not show it.
  sssd_config = join("\n", concat(
    ["", "", "class SssdConfig:"],
    [for name, value in local.sssd_settings : "    ${name} = ${jsonencode(value)}"],
    [
      "    ssh_allow_groups = ${jsonencode(try(var.sssd.ssh_allow_groups, {}))}",
      "    sudoers_groups = ${jsonencode(try(var.sssd.sudoers_groups, {}))}",
      "",
    ],
  ))

  # Bucket and folders of the scripts.
  script_place = split("/", trimprefix(trimsuffix(coalesce(var.lifecycle_script_uri, "s3://none"), "/"), "s3://"))
}

# No tags: an object takes ten. Not made first: SageMaker wants it gone before the groups.
resource "aws_s3_object" "parameters" {
  count = local.by_api ? 0 : 1

  bucket       = local.script_place[0]
  content      = jsonencode(local.provisioning_parameters)
  content_type = "application/json"
  key          = join("/", concat(slice(local.script_place, 1, length(local.script_place)), ["provisioning_parameters.json"]))

  override_provider {
    default_tags {
      tags = {}
    }
  }
}

# No tags: an object takes ten. Not made first: SageMaker wants it gone before the groups.
resource "aws_s3_object" "config" {
  count = local.by_api ? 0 : 1

  bucket       = local.script_place[0]
  content      = var.sssd == null ? local.script_config : "${local.script_config}${local.sssd_config}"
  content_type = "text/x-python"
  key          = join("/", concat(slice(local.script_place, 1, length(local.script_place)), ["config.py"]))

  override_provider {
    default_tags {
      tags = {}
    }
  }
}

# It waits for the S3 endpoint, through which nodes read their scripts, and for what these read beside them:
# a node of a group that is not in provisioning_parameters.json does not come up.
resource "awscc_sagemaker_cluster" "this" {
  cluster_name           = var.cluster_name
  instance_groups        = local.sent.instance_groups
  node_provisioning_mode = var.node_provisioning_mode
  node_recovery          = var.node_recovery

  orchestrator = !local.by_api ? null : {
    slurm = {
      slurm_config_strategy = var.strategy
      accounting_database = !var.accounting ? null : {
        endpoint   = var.database_endpoint
        port       = var.database_port
        name       = var.database_name
        secret_arn = var.database_secret_arn
      }
    }
  }

  vpc_config = {
    security_group_ids = local.security_group_ids
    subnets            = local.cluster_subnet_ids
  }

  tags = [
    for key, value in merge(var.tags, { SageMaker = "true" }) : { key = key, value = value }
  ]

  depends_on = [
    var.s3_endpoint_id,
    var.interface_endpoint_ids,
    aws_s3_object.parameters,
    aws_s3_object.config,
  ]
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

check "small_controller" {
  assert {
    error_message = "A controller of ml.t3 does not keep up with a group of more than 32 nodes."

    condition = alltrue([
      for item in var.instance_groups :
      item.node_type == "Controller" ?
      (
        can(regex("^(?:ml\\.t3\\..*)$", item.instance_type)) ?
        !anytrue([for group in var.instance_groups : group.node_type == "Compute" ? group.count > 32 : false]) : true
      ) : true
      if item != null
    ])
  }
}

check "group_known_types" {
  assert {
    condition = alltrue([
      for item in var.instance_groups :
      alltrue([for type in [item.instance_type] : contains(local.instance_types, type) if type != null])
      if item != null
    ])

    error_message = join("", [
      "This instance type is not among those that HyperPod is known to offer",
      try(join("", [": ", join(", ", [
        for item in var.instance_groups : item.name
        if nonsensitive(!alltrue([for type in [item.instance_type] : contains(local.instance_types, type) if type != null]))
      ])]), ""),
      "."
    ])
  }
}
