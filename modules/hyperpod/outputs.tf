# Generated from hp_tf/layers/hyperpod/definition.py by `hptf synth`; edit there.

output "cluster_arn" {
  description = "ARN of the HyperPod cluster."
  value       = awscc_sagemaker_cluster.this.cluster_arn
}

output "cluster_name" {
  description = "Name of the HyperPod cluster."
  value       = awscc_sagemaker_cluster.this.cluster_name
}

output "cluster_id" {
  description = "The last part of the ARN, by which log groups and SSM targets name it."
  value       = element(split("/", awscc_sagemaker_cluster.this.cluster_arn), -1)
}

output "instance_groups" {
  description = "Groups of instances by name, as the inputs want them: a plan shows here, group by group, what changes."
  value       = { for name, group in local.instance_groups : name => merge(group, local.scaled) }
}

output "restricted_instance_groups" {
  description = "Restricted groups by name, likewise."
  value       = { for name, group in local.restricted_instance_groups : name => merge(group, local.scaled) }
}
