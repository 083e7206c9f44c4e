output "eks_cluster_name" {
  description = "Name of the EKS cluster."
  value       = module.eks.cluster_name
}

output "hyperpod_cluster_arn" {
  description = "ARN of the HyperPod cluster."
  value       = module.hyperpod.cluster_arn
}

output "file_system" {
  description = "What a client mounts."
  value = {
    dns_name   = module.fsx.dns_name
    mount_name = module.fsx.mount_name
  }
}
