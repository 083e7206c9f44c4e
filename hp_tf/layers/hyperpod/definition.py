"""The hyperpod module: one HyperPod cluster.

The tables below say which of our names becomes which of awscc's. Nearly every attribute of the resource is optional
and computed: one that is left out keeps its last value, so what has a neutral value is always sent. For what has none,
an empty list of checks, labels or taints among it, ``positions.py`` says what is sent once.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from cdktn_provider_awscc.sagemaker_cluster import SagemakerCluster

from hp_tf.contract.instance_types import SINGLE_THREADED
from hp_tf.layers.hyperpod import positions
from hp_tf.layers.hyperpod.resources import KEYED_LISTS
from hp_tf.synth.module import Module

CONTINUOUS = 'var.node_provisioning_mode == "Continuous"'

# The second volume, which nearly every group has, comes first: what stood at a position lends to what comes to stand
# there.
_STORAGE = """    group.volume_size_gb == 0 ? [] : [{
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
"""


def storage(groups: str, *mounts: str) -> str:
    """Return what the groups of an expression have of volumes and file systems, by name.

    Args:
        groups: the expression.
        mounts: lists of further file systems that every group has: expressions.
    """
    more = "".join(f"    {mount},\n" for mount in mounts)
    return f"{{\n  for group in {groups} : group.name => concat(\n{_STORAGE}{more}  )\n}}"


# Also for the primary zone: what is left out would take another group's network when groups move in the list.
OVERRIDE = """!group.own_network ? null : {
  security_group_ids = length(group.security_group_ids) == 0 ? local.security_group_ids : group.security_group_ids
  subnets = length(group.subnet_ids) > 0 ? group.subnet_ids : [
    for zone in(
      length(group.availability_zone_ids) > 0
      ? group.availability_zone_ids
      : [coalesce(group.availability_zone_id, var.primary_availability_zone_id)]
    ) : var.private_subnet_ids[zone]
  ]
}"""


def threads(types: str) -> str:
    """Return the threads per core of a group whose types an expression lists."""
    return (
        "group.threads_per_core != null ? group.threads_per_core : anytrue([\n"
        f"  for type in {types} : can(regex(local.single_threaded, type))\n"
        "]) ? 1 : 2"
    )


def _deployment(deployment: str) -> str:
    """Return a deployment's configuration; ``deployment`` is the expression of ours. Batches have awscc's own names."""
    return f"""{deployment} == null ? null : {{
  auto_rollback_configuration = length({deployment}.alarm_names) == 0 ? null : [
    for name in {deployment}.alarm_names : {{ alarm_name = name }}
  ]
  rolling_update_policy    = {deployment}.rolling_update
  wait_interval_in_seconds = {deployment}.wait_interval_seconds
}}"""


# awscc's name: the expression of ours, for every kind of group with every orchestrator.
PLAIN_GROUP: Mapping[str, str] = {
    "instance_group_name": "group.name",
    "instance_type": "group.instance_type",
    "instance_count": "group.count",
    "execution_role": "coalesce(group.execution_role_arn, var.execution_role_arn)",
    "training_plan_arn": "group.training_plan_arn",
    "instance_storage_configs": "length(local.storage[group.name]) == 0 ? null : local.storage[group.name]",
    "override_vpc_config": OVERRIDE,
}

EVERY_GROUP: Mapping[str, str] = {
    **PLAIN_GROUP,
    "on_start_deep_health_checks": "length(group.deep_health_checks) == 0 ? null : sort(group.deep_health_checks)",
}

INSTANCE_GROUP: Mapping[str, str] = {
    **EVERY_GROUP,
    "instance_requirements": ("length(group.instance_types) == 0 ? null : { instance_types = group.instance_types }"),
    "threads_per_core": threads("concat(compact([group.instance_type]), group.instance_types)"),
    "min_instance_count": f"{CONTINUOUS} ? group.min_count : null",
    "image_id": "group.image_id",
    "life_cycle_config": """!group.lifecycle_scripts ? null : {
  source_s3_uri = coalesce(group.lifecycle_script_uri, var.lifecycle_script_uri)
  on_create = (
    group.lifecycle_on_create == null && group.lifecycle_on_init_complete == null
    ? var.lifecycle_on_create
    : group.lifecycle_on_create
  )
  on_init_complete = group.lifecycle_on_init_complete
}""",
    "kubernetes_config": """length(group.labels) + length(group.taints) == 0 ? null : {
  labels = length(group.labels) == 0 ? null : group.labels
  taints = length(group.taints) == 0 ? null : group.taints
}""",
    "capacity_requirements": f"""{CONTINUOUS} ? {{
  spot      = group.spot ? jsonencode({{}}) : null
  on_demand = group.spot ? null : jsonencode({{}})
}} : null""",
    "network_interface": (
        "group.network_interface_type == null ? null : { interface_type = group.network_interface_type }"
    ),
    "scheduled_update_config": f"""group.scheduled_update == null ? null : {{
  schedule_expression = group.scheduled_update.schedule
  deployment_config = {_deployment("group.scheduled_update.deployment")}
}}""",
    "auto_patch_config": f"""group.auto_patch == null ? null : {{
  patching_strategy = group.auto_patch.strategy
  deployment_config = {_deployment("group.auto_patch.deployment")}
}}""",
}

RESTRICTED_GROUP: Mapping[str, str] = {
    **EVERY_GROUP,
    "threads_per_core": threads("[group.instance_type]"),
    "environment_config": """group.storage == null ? null : {
  fsx_lustre_config = {
    size_in_gi_b                = group.storage.size_gib
    per_unit_storage_throughput = group.storage.throughput
  }
}""",
}

# awscc's name: the expression, for the cluster itself.
CLUSTER: Mapping[str, str] = {
    "cluster_name": "var.cluster_name",
    "orchestrator": "{ eks = { cluster_arn = var.eks_cluster_arn } }",
    "vpc_config": """{
  security_group_ids = local.security_group_ids
  subnets            = local.cluster_subnet_ids
}""",
    **{kind: f"length(local.{kind}) == 0 ? null : local.sent.{kind}" for kind in KEYED_LISTS},
    "restricted_instance_groups_config": """var.restricted_shared_storage == null ? null : {
  shared_environment_config = {
    fsx_lustre_deletion_policy = var.restricted_shared_storage.deletion_policy
    fsx_lustre_config = {
      size_in_gi_b                = var.restricted_shared_storage.size_gib
      per_unit_storage_throughput = var.restricted_shared_storage.throughput
    }
  }
}""",
    "node_recovery": "var.node_recovery",
    "node_provisioning_mode": "var.node_provisioning_mode",
    "auto_scaling": f"""{CONTINUOUS} ? {{
  mode             = var.auto_scaling ? "Enable" : "Disable"
  auto_scaler_type = var.auto_scaling ? "Karpenter" : null
}} : null""",
    # The service keeps the role when scaling is switched off, and every later update names it.
    "cluster_role": f"{CONTINUOUS} ? var.karpenter_role_arn : null",
    "tiered_storage_config": """length(local.restricted_instance_groups) > 0 ? null : {
  mode                                  = var.tiered_storage ? "Enable" : "Disable"
  instance_memory_allocation_percentage = var.tiered_storage ? var.tiered_storage_memory_percentage : null
}""",
    "tags": """[
  for key, value in merge(var.tags, { SageMaker = "true" }) : { key = key, value = value }
]""",
}


def define(module: Module) -> None:
    """Write the module."""
    write_shared(module)
    module.local(
        "storage",
        storage("concat(var.instance_groups, var.restricted_instance_groups)"),
        comment="Volumes and file systems of every group by its name. No list is sent for none: the provider reads an\n"
        "empty one back as null, and would plan it again and again.",
    )
    module.local(
        "instance_groups",
        by_name("instance_groups", INSTANCE_GROUP),
        comment="By name, so that their order in the file means nothing.",
    )
    module.local("restricted_instance_groups", by_name("restricted_instance_groups", RESTRICTED_GROUP))
    for item in positions.locals_of(KEYED_LISTS, {*INSTANCE_GROUP, *RESTRICTED_GROUP}, count="var.auto_scaling"):
        module.local(item.name, item.value, comment=item.comment)
    cluster = SagemakerCluster(module, "cluster.this")
    for attribute, expression in CLUSTER.items():
        module.set(cluster, attribute, f"${{{expression}}}")
    module.comment(
        cluster,
        "It waits for the dependency chart, without which HyperPod makes no nodes, and for the S3 endpoint, through\n"
        "which nodes read their scripts.",
    )
    module.depends_on(
        cluster,
        [module.ref("dependencies_release"), module.ref("s3_endpoint_id"), module.ref("interface_endpoint_ids")],
    )
    write_outputs(module)
    module.local(
        "scaled",
        '{ for key in ["instance_count"] : key => "by Karpenter" if var.auto_scaling }',
        comment="What the outputs say of a count that is no input's: every change of it would be one of an output.",
    )
    for groups in KEYED_LISTS:
        module.output(groups, f"${{{{ for name, group in local.{groups} : name => merge(group, local.scaled) }}}}")


def write_shared(module: Module) -> None:
    """Write the locals that the tables of groups read."""
    module.local("security_group_ids", "concat([var.security_group_id], var.additional_security_group_ids)")
    module.local(
        "cluster_subnet_ids",
        """length(var.cluster_subnet_ids) > 0 ? var.cluster_subnet_ids : [
  for zone in(
    length(var.cluster_availability_zone_ids) > 0
    ? var.cluster_availability_zone_ids
    : [var.primary_availability_zone_id]
  ) : var.private_subnet_ids[zone]
]""",
    )
    module.local(
        "single_threaded",
        json.dumps(f"^(?:{SINGLE_THREADED})$"),
        comment="Types whose cores run one thread; 1 on any other would halve its vCPUs.",
    )


def write_outputs(module: Module) -> None:
    """Write what every cluster tells of itself."""
    module.output("cluster_arn", "${awscc_sagemaker_cluster.this.cluster_arn}")
    module.output("cluster_name", "${awscc_sagemaker_cluster.this.cluster_name}")
    module.output("cluster_id", '${element(split("/", awscc_sagemaker_cluster.this.cluster_arn), -1)}')


def by_name(variable: str, attributes: Mapping[str, str]) -> str:
    """Return groups by name, with awscc's attributes."""
    entries = "".join(f"{name} = {expression}\n" for name, expression in attributes.items())
    return f"{{\nfor group in var.{variable} : group.name => {{\n{entries}}}\n}}"
