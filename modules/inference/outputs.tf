# Generated from hp_tf/layers/inference/definition.py by `hptf synth`; edit there.

output "addon_version" {
  description = "Version of the add-on, once it is active."
  value       = aws_eks_addon.this.addon_version
}

output "oidc_provider_arn" {
  description = "ARN of the provider for the issuer, made here or given."
  value       = local.oidc_provider_arn
}

output "tls_bucket_name" {
  description = "Name of the bucket of TLS certificates."
  value       = local.tls_bucket_name
}

output "tls_bucket_arn" {
  description = "ARN of the bucket of TLS certificates."
  value       = local.tls_bucket_arn
}

output "operator_role_arn" {
  description = "ARN of the operator's role."
  value       = local.operator_role_arn
}

output "operator_role_name" {
  description = "Name of the operator's role."
  value       = element(split("/", local.operator_role_arn), -1)
}

output "keda_role_arn" {
  description = "ARN of KEDA's role; null without KEDA."
  value       = one(local.keda_role_arns)
}

output "keda_role_name" {
  description = "Name of KEDA's role; null without KEDA."
  value       = one([for arn in local.keda_role_arns : element(split("/", arn), -1)])
}

output "load_balancer_role_arn" {
  description = "ARN of the load balancer controller's role; null without it."
  value       = one(local.load_balancer_role_arns)
}

output "load_balancer_role_name" {
  description = "Name of the load balancer controller's role; null without it."
  value       = one([for arn in local.load_balancer_role_arns : element(split("/", arn), -1)])
}

output "gated_role_arn" {
  description = "ARN of the role of gated downloads; null without them."
  value       = one(local.gated_role_arns)
}

output "gated_role_name" {
  description = "Name of the role of gated downloads; null without them."
  value       = one([for arn in local.gated_role_arns : element(split("/", arn), -1)])
}
