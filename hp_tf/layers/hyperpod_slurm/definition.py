"""The hyperpod_slurm module: one HyperPod cluster with Slurm, and what AWS's lifecycle scripts read of it."""

from __future__ import annotations

from collections.abc import Mapping

from cdktn_provider_aws.s3_object import S3Object
from cdktn_provider_awscc.sagemaker_cluster import SagemakerCluster

from hp_tf.layers.hyperpod import positions
from hp_tf.layers.hyperpod.definition import (
    CLUSTER,
    PLAIN_GROUP,
    by_name,
    storage,
    threads,
    write_outputs,
    write_shared,
)
from hp_tf.layers.hyperpod.resources import KEYED_LISTS
from hp_tf.synth.module import Module

_KIND = "instance_groups"
_PARTITION = """group.node_type != "Compute" ? null : coalesce(
  group.partition,
  replace(group.instance_type, ".", "-"),
)"""

_GROUP: Mapping[str, str] = {
    **PLAIN_GROUP,
    "threads_per_core": threads("[group.instance_type]"),
    "life_cycle_config": """!var.lifecycle_scripts ? null : {
  source_s3_uri = coalesce(group.lifecycle_script_uri, var.lifecycle_script_uri)
  on_create     = coalesce(group.lifecycle_on_create, var.lifecycle_on_create)
}""",
    "slurm_config": """!local.by_api ? null : {
  node_type       = group.node_type
  partition_names = group.node_type == "Compute" ? [local.partition_of[group.name]] : null
}""",
}

_CLUSTER: Mapping[str, str] = {
    **{name: CLUSTER[name] for name in ("cluster_name", "vpc_config", "node_recovery", "tags")},
    "node_provisioning_mode": "var.node_provisioning_mode",
    "orchestrator": """!local.by_api ? null : {
  slurm = {
    slurm_config_strategy = var.strategy
    accounting_database = !var.accounting ? null : {
      endpoint   = var.database_endpoint
      port       = var.database_port
      name       = var.database_name
      secret_arn = var.database_secret_arn
    }
  }
}""",
    _KIND: f"local.sent.{_KIND}",
}

# The service mounts by the API; AWS's scripts mount what provisioning_parameters.json names.
_LUSTRE = """[
  for path in [var.lustre_mount_path] : {
    fsx_lustre_config = {
      dns_name   = var.lustre_dns_name
      mount_name = var.lustre_mount_name
      mount_path = path
    }
  } if var.mount_lustre && local.by_api
]"""
_OPENZFS = """[
  for path in [var.openzfs_mount_path] : {
    fsx_open_zfs_config = { dns_name = var.openzfs_dns_name, mount_path = path }
  } if var.mount_openzfs && local.by_api
]"""

_PARAMETERS = """merge(
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
)"""

_SWITCHES = """{
  enable_docker_enroot_pyxis = try(var.script_features.docker_enroot_pyxis, true)
  enable_fsx_openzfs         = var.mount_openzfs
  enable_mount_s3            = var.mount_s3_bucket_name != null
  enable_observability       = var.observability
  enable_pam_slurm_adopt     = try(var.script_features.pam_slurm_adopt, false)
  enable_slurm_log_rotation  = try(var.script_features.slurm_log_rotation, true)
  enable_sssd                = var.sssd != null
  enable_update_neuron_sdk   = try(var.script_features.update_neuron_sdk, false)
}"""

# A string, a list and an object of them are written in JSON as they are in Python; true and false are not.
_CONFIG = r"""join("\n", concat(
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
))"""
_SSSD = r"""join("\n", concat(
  ["", "", "class SssdConfig:"],
  [for name, value in local.sssd_settings : "    ${name} = ${jsonencode(value)}"],
  [
    "    ssh_allow_groups = ${jsonencode(try(var.sssd.ssh_allow_groups, {}))}",
    "    sudoers_groups = ${jsonencode(try(var.sssd.sudoers_groups, {}))}",
    "",
  ],
))"""
_SSSD_SETTINGS = """{
  domain                    = try(var.sssd.domain, null)
  ldap_uri                  = try(var.sssd.ldap_uri, null)
  ldap_search_base          = try(var.sssd.search_base, null)
  ldap_default_bind_dn      = try(var.sssd.bind_dn, null)
  ldap_default_authtok_type = try(var.sssd.password_type, null)
  ldap_default_authtok      = var.sssd_password
  ssh_auth_method           = try(var.sssd.ssh_auth_method, null)
  override_homedir          = try(var.sssd.override_homedir, null)
}"""


def define(module: Module) -> None:
    """Write the module."""
    module.local("by_api", 'var.configuration == "api"')
    module.local(
        "partition_of",
        f'{{ for group in var.{_KIND} : group.name => {_PARTITION} if group.node_type == "Compute" }}',
        comment="Partitions of Compute groups: one for every type, unless a group names its own.",
    )
    write_shared(module)
    module.local(
        "storage",
        storage(f"var.{_KIND}", _LUSTRE, _OPENZFS),
        comment="Volumes and file systems of every group by its name. No list is sent for none: the provider reads an\n"
        "empty one back as null, and would plan it again and again.",
    )
    module.local(_KIND, by_name(_KIND, _GROUP), comment="By name, so that their order among the inputs means nothing.")
    for item in positions.locals_of({_KIND: KEYED_LISTS[_KIND]}, _GROUP):
        module.local(item.name, item.value, comment=item.comment)
    files = _files(module)
    cluster = SagemakerCluster(module, "cluster.this")
    for attribute, expression in _CLUSTER.items():
        module.set(cluster, attribute, f"${{{expression}}}")
    module.comment(
        cluster,
        "It waits for the S3 endpoint, through which nodes read their scripts, and for what these read beside them:\n"
        "a node of a group that is not in provisioning_parameters.json does not come up.",
    )
    module.depends_on(cluster, [module.ref("s3_endpoint_id"), module.ref("interface_endpoint_ids"), *files])
    write_outputs(module)
    module.output(_KIND, f"${{local.{_KIND}}}")
    module.output(
        "partitions",
        "${{ for name, partition in local.partition_of : partition => name... }}",
    )


def _files(module: Module) -> list[S3Object]:
    """Write the files that AWS's lifecycle scripts read."""
    module.local(
        "provisioning_parameters",
        _PARAMETERS,
        comment="What AWS's lifecycle scripts read: the same groups as the cluster's, by the same names.",
    )
    module.local("script_switches", _SWITCHES, comment="What they set up, by their own names.")
    module.local(
        "remote_write_url",
        'var.prometheus_endpoint == null ? "" : "${var.prometheus_endpoint}/api/v1/remote_write"',
    )
    module.local("script_config", _CONFIG)
    module.local("sssd_settings", _SSSD_SETTINGS)
    module.local("sssd_config", _SSSD, comment="By itself: with the password in it, a plan does not show it.")
    module.local(
        "script_place",
        'split("/", trimprefix(trimsuffix(coalesce(var.lifecycle_script_uri, "s3://none"), "/"), "s3://"))',
        comment="Bucket and folders of the scripts.",
    )
    return [
        _file(module, "parameters", "provisioning_parameters.json", "jsonencode(local.provisioning_parameters)"),
        _file(
            module,
            "config",
            "config.py",
            'var.sssd == null ? local.script_config : "${local.script_config}${local.sssd_config}"',
        ),
    ]


def _file(module: Module, name: str, file: str, content: str) -> S3Object:
    """Write a file beside the scripts."""
    item = S3Object(
        module,
        f"object.{name}",
        bucket="${local.script_place[0]}",
        key=f'${{join("/", concat(slice(local.script_place, 1, length(local.script_place)), ["{file}"]))}}',
        content=f"${{{content}}}",
        content_type="application/json" if file.endswith(".json") else "text/x-python",
    )
    module.comment(item, "No tags: an object takes ten. Not made first: SageMaker wants it gone before the groups.")
    module.count(item, "${local.by_api ? 0 : 1}")
    # What a provider tags by default may be more than the ten tags that an object takes.
    module.set(item, "override_provider", [{"default_tags": [{"tags": {}}]}])
    return item
