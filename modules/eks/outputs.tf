# Generated from hp_tf/layers/eks/definition.py by `hptf synth`; edit there.

output "cluster_name" {
  description = "Name of the cluster, once its access entries and add-ons are there."
  value       = aws_eks_cluster.this.name

  depends_on = [
    aws_eks_addon.this,
    aws_eks_access_entry.this,
    aws_eks_access_policy_association.this,
    aws_vpc_security_group_ingress_rule.private_access,
  ]
}

output "cluster_arn" {
  description = "ARN of the cluster."
  value       = aws_eks_cluster.this.arn
}

output "cluster_endpoint" {
  description = "URL of the Kubernetes API server."
  value       = aws_eks_cluster.this.endpoint
}

output "cluster_certificate_authority" {
  description = "Certificate of the API server's authority, PEM in base64 as EKS gives it."
  value       = aws_eks_cluster.this.certificate_authority[0].data
}

output "cluster_security_group_id" {
  description = "Security group that EKS made for the cluster."
  value       = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
}

output "secrets_key_arn" {
  description = "ARN of the key that encrypts Kubernetes secrets, made here or given; null for EKS's own."
  value       = one(local.encryption_keys)
}

output "kubernetes_version" {
  description = "Kubernetes version of the control plane."
  value       = aws_eks_cluster.this.version
}

output "role_name" {
  description = "Name of the cluster's role."
  value       = aws_iam_role.this.name
}

output "role_arn" {
  description = "ARN of the cluster's role."
  value       = aws_iam_role.this.arn
}

output "log_group_name" {
  description = "Name of the log group of the control plane."
  value       = aws_cloudwatch_log_group.this.name
}

output "log_group_arn" {
  description = "ARN of the log group of the control plane."
  value       = aws_cloudwatch_log_group.this.arn
}

output "control_plane_subnet_cidrs" {
  description = "Blocks of the control-plane subnets made here by zone id."
  value       = local.subnet_cidrs
}

output "oidc_issuer_url" {
  description = "URL of the cluster's OpenID Connect issuer, for IRSA."
  value       = aws_eks_cluster.this.identity[0].oidc[0].issuer
}

output "vpc_id" {
  description = "VPC of the cluster."
  value       = var.vpc_id
}

output "control_plane_subnet_ids" {
  description = "Subnets of the control plane's network interfaces by zone id."
  value       = local.subnet_ids
}

output "control_plane_route_table_ids" {
  description = "Route tables of the control-plane subnets made here by zone id."
  value       = { for zone, table in aws_route_table.control_plane : zone => table.id }
}
