# Generated from hp_tf/layers/training/definition.py by `hptf synth`; edit there.

locals {
  role_arn = var.create_role ? one(aws_iam_role.this[*].arn) : var.role_arn
}

resource "aws_iam_role" "this" {
  count = var.create_role ? 1 : 0

  description           = "Training operator of the EKS cluster of ${var.name}."
  force_detach_policies = true
  name                  = "${var.name}-training-operator-${var.region}"
  path                  = var.role_path
  permissions_boundary  = var.permissions_boundary_arn
  tags                  = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = ["sts:AssumeRole", "sts:TagSession"]
      Principal = {
        Service = "pods.eks.amazonaws.com"
      }
      Condition = {
        StringEquals = {
          "aws:SourceAccount"                         = var.account_id
          "aws:RequestTag/kubernetes-namespace"       = "aws-hyperpod"
          "aws:RequestTag/kubernetes-service-account" = "hp-training-operator-controller-manager"
        }
        ArnEquals = {
          "aws:SourceArn" = "arn:${var.partition}:eks:${var.region}:${var.account_id}:cluster/${var.cluster_name}"
        }
      }
    }]
  })
}

# What AmazonSageMakerHyperPodTrainingOperatorAccess allows for every cluster of the account that is tagged.
resource "aws_iam_role_policy" "this" {
  count = var.create_role ? 1 : 0

  name = "training-operator"
  role = aws_iam_role.this[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "AskAboutNodes"
      Effect   = "Allow"
      Action   = ["sagemaker:DescribeClusterNode"]
      Resource = var.hyperpod_cluster_arn
    }]
  })
}

# It becomes active on nodes, and with cert-manager only.
resource "aws_eks_addon" "this" {
  addon_name                  = "amazon-sagemaker-hyperpod-training-operator"
  addon_version               = var.addon_version
  cluster_name                = var.cluster_name
  configuration_values        = var.addon_configuration
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
  tags                        = var.tags

  dynamic "pod_identity_association" {
    for_each = { "hp-training-operator-controller-manager" = local.role_arn }

    content {
      role_arn        = pod_identity_association.value
      service_account = pod_identity_association.key
    }
  }

  depends_on = [
    aws_iam_role_policy.this,
    var.hyperpod_cluster_arn,
    var.cert_manager_version,
    var.governance_addon_name,
  ]
}
