"""The governance module: the add-on, one scheduler configuration, and quotas by Cloud Control."""

from __future__ import annotations

from cdktn import DataResource
from cdktn_provider_aws.cloudcontrolapi_resource import CloudcontrolapiResource
from cdktn_provider_aws.eks_addon import EksAddon
from cdktn_provider_awscc.sagemaker_cluster_scheduler_config import SagemakerClusterSchedulerConfig

from hp_tf.layers.governance.rules import ADDON, LISTS
from hp_tf.layers.governance.teams import NAMESPACE
from hp_tf.synth.addons import addon
from hp_tf.synth.module import Module

# By type, whatever the order in the file. What is null is left out.
_SHARES = """{
  for team, quota in var.teams : team => [
    for share in values({
      for share in quota.KIND : "${share.instance_type} ${try(share.accelerator_partition.profile, "")}" => share
    }) : {
      for property, value in {
        InstanceType = share.instance_type
        Count        = share.count
        Accelerators = share.accelerators
        AcceleratorPartition = share.accelerator_partition == null ? null : {
          Type  = share.accelerator_partition.profile
          Count = share.accelerator_partition.count
        }
        VCpu        = share.vcpu
        MemoryInGiB = share.memory_gib
      } : property => value if value != null
    }
  ]
}"""

_DESIRED = """${jsonencode({
  for property, value in {
    Name            = coalesce(each.value.quota_name, "${each.key}-quota")
    ClusterArn      = var.hyperpod_cluster_arn
    Description     = each.value.description
    ActivationState = each.value.enabled ? "Enabled" : "Disabled"
    ComputeQuotaTarget = {
      TeamName        = each.key
      FairShareWeight = each.value.fair_share_weight
    }
    ComputeQuotaConfig = {
      ComputeQuotaResources = local.resources[each.key]
      ResourceSharingConfig = local.sharing[each.key]
      PreemptTeamTasks      = each.value.preempt_team_tasks
    }
    Tags = length(var.tags) == 0 ? null : [for key, value in var.tags : { Key = key, Value = value }]
  } : property => value if value != null
})}"""

_SHARING = """{
  for team, quota in var.teams : team => {
    for property, value in {
      Strategy    = quota.sharing
      BorrowLimit = quota.sharing == "LendAndBorrow" ? quota.borrow_limit_percent : null
      AbsoluteBorrowLimits = (
        quota.sharing == "LendAndBorrow" && length(quota.borrow_limits) > 0 ? local.borrow_limits[team] : null
      )
    } : property => value if value != null
  }
}"""


def define(module: Module) -> None:
    """Write the module."""
    made = addon(
        module,
        "addon.this",
        cluster=module.ref("cluster_name"),
        name=ADDON,
        version=module.ref("addon_version"),
        configuration=module.ref("addon_configuration"),
    )
    module.count(made, "${var.create_addon ? 1 : 0}")
    module.depends_on(made, [module.ref("hyperpod_cluster_arn"), module.ref("cert_manager_version")])
    module.comment(
        made,
        "It becomes active on nodes, so it waits for the cluster. cert-manager is first: while the add-on's webhook\n"
        "is not up yet, the installation of others fails.",
    )
    _scheduler(module, made)
    _quotas(module, made)
    module.output("addon_name", "${one(aws_eks_addon.this[*].addon_name)}")
    module.output("team_namespaces", f'${{{{ for team in keys(var.teams) : team => "{NAMESPACE}${{team}}" }}}}')


def _scheduler(module: Module, made: EksAddon) -> None:
    policy = SagemakerClusterSchedulerConfig(
        module,
        "scheduler_config.this",
        name=f'${{coalesce(var.scheduler_config_name, "{module.name("scheduler_config")}")}}',
        cluster_arn=module.ref("hyperpod_cluster_arn"),
        scheduler_config={},
    )
    module.set(policy, "description", "${var.scheduler_config_description}")
    module.set(
        policy,
        "scheduler_config",
        """${{
  fair_share            = var.fair_share ? "Enabled" : "Disabled"
  idle_resource_sharing = var.idle_resource_sharing ? "Enabled" : "Disabled"
  priority_classes      = [for name, weight in var.priority_classes : { name = name, weight = weight }]
}}""",
    )
    module.set(
        policy,
        "tags",
        "${length(var.tags) == 0 ? null : [for key, value in var.tags : { key = key, value = value }]}",
    )
    module.count(policy, "${var.create_scheduler_config ? 1 : 0}")
    module.depends_on(policy, [made])
    for output, attribute in (
        ("scheduler_config_arn", "cluster_scheduler_config_arn"),
        ("scheduler_config_id", "cluster_scheduler_config_id"),
    ):
        module.output(output, f"${{one(awscc_sagemaker_cluster_scheduler_config.this[*].{attribute})}}")


def _quotas(module: Module, made: EksAddon) -> None:
    for kind in LISTS:
        module.local(kind, _SHARES.replace("KIND", kind))
    module.local("sharing", _SHARING)
    cluster = DataResource(module, "cluster.this")
    module.set(cluster, "triggers_replace", "${var.hyperpod_cluster_arn}")
    module.comment(
        cluster,
        "Quotas go with their cluster: of one whose cluster is not known yet the provider would plan an update.",
    )
    quota = CloudcontrolapiResource(
        module, "quota.this", type_name="AWS::SageMaker::ComputeQuota", desired_state=_DESIRED
    )
    module.for_each(quota, "${var.teams}")
    module.depends_on(quota, [made, "awscc_sagemaker_cluster_scheduler_config.this"])
    quota.add_override("lifecycle.replace_triggered_by", ["terraform_data.this"])
    module.comment(
        quota,
        "By Cloud Control: no provider has a type for it. Terraform keeps what it sent, so what SageMaker fills in is\n"
        "no difference, and changes are sent as patches of what there is.",
    )
    module.output(
        "compute_quota_arns",
        "${{ for team, quota in aws_cloudcontrolapi_resource.this : team => quota.id }}",
    )
