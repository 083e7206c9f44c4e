# Generated from hp_tf/layers/inference/definition.py by `hptf synth`; edit there.

output "addon_version" {
  description = "Version of the add-on, once it is active; null where it is not made here."
  value       = one(aws_eks_addon.this[*].addon_version)
}

output "chart_values" {
  description = <<-EOT
    Values of AWS's chart of the operator, as YAML, for who installs that instead of the add-on. Drivers and cert-manager are off in it:
    add-ons have them.
  EOT
  value = yamlencode(merge(concat(
    [{
      region                 = var.region
      eksClusterName         = var.cluster_name
      hyperpodClusterArn     = var.hyperpod_cluster_arn
      executionRoleArn       = local.operator_role_arn
      tlsCertificateS3Bucket = "s3://${local.tls_bucket_name}"
      s3                     = { enabled = false }
      fsx                    = { enabled = false }
      cert-manager           = { enabled = false }
      keda = merge(concat(
        [{ enabled = var.keda }],
        [for arn in local.keda_role_arns : { podIdentity = { aws = { irsa = { enabled = true, roleArn = arn } } } }],
      )...)
      alb = merge(concat(
        [{
          enabled     = var.load_balancer_controller
          region      = var.region
          clusterName = var.cluster_name
          vpcId       = var.vpc_id
          tolerations = [{
            key      = "sagemaker.amazonaws.com/node-health-status"
            operator = "Equal"
            value    = "Unschedulable"
            effect   = "NoSchedule"
          }]
        }],
        [
          for arn in local.load_balancer_role_arns : {
            serviceAccount = { create = true, annotations = { "eks.amazonaws.com/role-arn" = arn } }
          }
        ],
      )...)
    }],
    [for arn in local.gated_role_arns : { jumpstartGatedModelDownloadRoleArn = arn }],
  )...))

  depends_on = [
    aws_iam_role_policy.operator,
    aws_iam_role_policy.keda,
    aws_iam_role_policy.load_balancer,
    aws_iam_role_policy.gated,
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_ownership_controls.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_versioning.this,
    aws_s3_bucket_policy.this,
  ]
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
