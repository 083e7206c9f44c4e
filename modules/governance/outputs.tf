# Generated from hp_tf/layers/governance/definition.py by `hptf synth`; edit there.

output "addon_name" {
  description = "Name of the add-on, once it is active; null where it is not made here."
  value       = one(aws_eks_addon.this[*].addon_name)
}

output "scheduler_config_arn" {
  description = "ARN of the scheduler configuration; null where it is not made here."
  value       = one(awscc_sagemaker_cluster_scheduler_config.this[*].cluster_scheduler_config_arn)
}

output "scheduler_config_id" {
  description = "Id of the scheduler configuration; null where it is not made here."
  value       = one(awscc_sagemaker_cluster_scheduler_config.this[*].cluster_scheduler_config_id)
}

output "compute_quota_arns" {
  description = "ARNs of the quotas by team."
  value       = { for team, quota in aws_cloudcontrolapi_resource.this : team => quota.id }
}

output "team_namespaces" {
  description = "Namespaces of the teams."
  value       = { for team in keys(var.teams) : team => "hyperpod-ns-${team}" }
}
