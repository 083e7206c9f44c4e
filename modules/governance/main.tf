# Generated from hp_tf/layers/governance/definition.py by `hptf synth`; edit there.

locals {
  resources = {
    for team, quota in var.teams : team => [
      for share in values({
        for share in quota.resources : "${share.instance_type} ${try(share.accelerator_partition.profile, "")}" => share
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
  }

  borrow_limits = {
    for team, quota in var.teams : team => [
      for share in values({
        for share in quota.borrow_limits : "${share.instance_type} ${try(share.accelerator_partition.profile, "")}" => share
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
  }

  sharing = {
    for team, quota in var.teams : team => {
      for property, value in {
        Strategy    = quota.sharing
        BorrowLimit = quota.sharing == "LendAndBorrow" ? quota.borrow_limit_percent : null
        AbsoluteBorrowLimits = (
          quota.sharing == "LendAndBorrow" && length(quota.borrow_limits) > 0 ? local.borrow_limits[team] : null
        )
      } : property => value if value != null
    }
  }
}

# It becomes active on nodes, so it waits for the cluster. cert-manager is first: while the add-on's webhook
# is not up yet, the installation of others fails.
resource "aws_eks_addon" "this" {
  count = var.create_addon ? 1 : 0

  addon_name                  = "amazon-sagemaker-hyperpod-taskgovernance"
  addon_version               = var.addon_version
  cluster_name                = var.cluster_name
  configuration_values        = var.addon_configuration
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
  tags                        = var.tags

  depends_on = [var.hyperpod_cluster_arn, var.cert_manager_version]
}

resource "awscc_sagemaker_cluster_scheduler_config" "this" {
  count = var.create_scheduler_config ? 1 : 0

  cluster_arn = var.hyperpod_cluster_arn
  description = var.scheduler_config_description
  name        = coalesce(var.scheduler_config_name, "${var.name}-scheduler-config")
  tags        = length(var.tags) == 0 ? null : [for key, value in var.tags : { key = key, value = value }]

  scheduler_config = {
    fair_share            = var.fair_share ? "Enabled" : "Disabled"
    idle_resource_sharing = var.idle_resource_sharing ? "Enabled" : "Disabled"
    priority_classes      = [for name, weight in var.priority_classes : { name = name, weight = weight }]
  }

  depends_on = [aws_eks_addon.this]
}

# Quotas go with their cluster: of one whose cluster is not known yet the provider would plan an update.
resource "terraform_data" "this" {
  triggers_replace = var.hyperpod_cluster_arn
}

# By Cloud Control: no provider has a type for it. Terraform keeps what it sent, so what SageMaker fills in is
# no difference, and changes are sent as patches of what there is.
resource "aws_cloudcontrolapi_resource" "this" {
  for_each = var.teams

  type_name = "AWS::SageMaker::ComputeQuota"

  desired_state = jsonencode({
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
  })

  lifecycle {
    replace_triggered_by = [terraform_data.this]
  }

  depends_on = [aws_eks_addon.this, awscc_sagemaker_cluster_scheduler_config.this]
}

check "resources_whole" {
  assert {
    condition = alltrue([
      for item in var.teams :
      alltrue([
        for share in item.resources :
        share.count != null ||
        (
          share.vcpu != null &&
          share.memory_gib != null &&
          (
            share.accelerators != null ||
            share.accelerator_partition != null ||
            !can(regex("^(?:ml\\.(g|p|trn)[a-z0-9-]*\\.[a-z0-9]+)$", share.instance_type))
          )
        )
        if share != null
      ])
      if item != null
    ])

    error_message = join("", [
      "An entry of resources leaves out some of accelerators, vcpu and memory_gib. SageMaker fills that in by ratio when the quota is made, and ",
      "keeps it when the rest is changed: give all of them before you change one."
    ])
  }
}

check "borrow_limits_whole" {
  assert {
    condition = alltrue([
      for item in var.teams :
      alltrue([
        for share in item.borrow_limits :
        share.count != null ||
        (
          share.vcpu != null &&
          share.memory_gib != null &&
          (
            share.accelerators != null ||
            share.accelerator_partition != null ||
            !can(regex("^(?:ml\\.(g|p|trn)[a-z0-9-]*\\.[a-z0-9]+)$", share.instance_type))
          )
        )
        if share != null
      ])
      if item != null
    ])

    error_message = join("", [
      "An entry of borrow_limits leaves out some of accelerators, vcpu and memory_gib. SageMaker fills that in by ratio when the quota is made, ",
      "and keeps it when the rest is changed: give all of them before you change one."
    ])
  }
}
