output "hyperpod_cluster_arn" {
  description = "ARN of the HyperPod cluster."
  value       = module.hyperpod_slurm.cluster_arn
}

output "partitions" {
  description = "Groups of every partition."
  value       = module.hyperpod_slurm.partitions
}

output "session_target" {
  description = "Target of `aws ssm start-session` for a node: group and instance id take the places of the words in capitals."
  value       = "sagemaker-cluster:${module.hyperpod_slurm.cluster_id}_GROUP-INSTANCE"
}

output "session_document" {
  description = "Document of sessions: `aws ssm start-session --document-name`."
  value       = module.ssm.document_name
}
