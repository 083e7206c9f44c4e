# Generated from hp_tf/layers/hyperpod_slurm/definition.py by `hptf synth`; edit there.

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
  value       = local.instance_groups
}

output "partitions" {
  description = "Names of the Compute groups of every partition."
  value       = { for name, partition in local.partition_of : partition => name... }
}
