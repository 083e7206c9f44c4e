# Generated from hp_tf/layers/observability_eks/definition.py by `hptf synth`; edit there.

locals {
  levels = {
    trainingMetrics           = var.training_metrics
    inferenceMetrics          = var.inference_metrics
    taskGovernanceMetrics     = var.task_governance_metrics
    scalingMetrics            = var.scaling_metrics
    clusterMetrics            = var.cluster_metrics
    nodeMetrics               = var.node_metrics
    acceleratedComputeMetrics = var.accelerated_compute_metrics
    networkMetrics            = var.network_metrics
  }

  configuration = merge(
    {
      ampWorkspace = { prometheusEndpoint = var.prometheus_endpoint, arn = var.prometheus_workspace_arn }
      metricsProvider = {
        for key, level in local.levels : key => { level = level, scrapeInterval = var.scrape_interval_seconds }
      }
      logging = { enabled = var.logging }
    },
    {
      for key, arn in { amgWorkspace = var.grafana_workspace_arn } :
      key => { workspaceName = var.grafana_workspace_name, arn = arn } if arn != null
    },
    jsondecode(var.addon_configuration == null ? "{}" : var.addon_configuration),
  )

  own_uids = {
    accelerators = "hyperpod-accelerators"
    cluster      = "hyperpod-cluster"
    network      = "hyperpod-network"
    tasks        = "hyperpod-tasks"
  }
}

resource "aws_iam_role" "addon" {
  description           = "Metrics of the EKS cluster of ${var.name}."
  force_detach_policies = true
  name                  = "${var.name}-metrics-${var.region}"
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
          "aws:RequestTag/kubernetes-namespace"       = "hyperpod-observability"
          "aws:RequestTag/kubernetes-service-account" = "hyperpod-observability-operator-otel-collector"
        }
        ArnEquals = {
          "aws:SourceArn" = "arn:${var.partition}:eks:${var.region}:${var.account_id}:cluster/${var.cluster_name}"
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "addon" {
  name = "metrics"
  role = aws_iam_role.addon.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "SendMetrics"
        Effect   = "Allow"
        Action   = ["aps:RemoteWrite"]
        Resource = var.prometheus_workspace_arn
      },
      {
        Sid    = "WriteLogs"
        Effect = "Allow"
        Action = [
          "logs:CreateLogGroup",
          "logs:CreateLogStream",
          "logs:DescribeLogStreams",
          "logs:FilterLogEvents",
          "logs:GetLogEvents",
          "logs:PutLogEvents",
          "logs:StartQuery",
        ]
        Resource = "arn:${var.partition}:logs:${var.region}:${var.account_id}:log-group:/aws/sagemaker/Clusters/*"
      },
      {
        Sid    = "LookUp"
        Effect = "Allow"
        Action = [
          "logs:DescribeLogGroups",
          "logs:GetLogRecord",
          "logs:GetQueryResults",
          "logs:StopQuery",
        ]
        Resource = "*"
      },
    ]
  })
}

# It becomes active on nodes, so it waits for the cluster.
resource "aws_eks_addon" "this" {
  addon_name                  = "amazon-sagemaker-hyperpod-observability"
  addon_version               = var.addon_version
  cluster_name                = var.cluster_name
  configuration_values        = jsonencode(local.configuration)
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
  tags                        = var.tags

  dynamic "pod_identity_association" {
    for_each = { "hyperpod-observability-operator-otel-collector" = aws_iam_role.addon.arn }

    content {
      role_arn        = pod_identity_association.value
      service_account = pod_identity_association.key
    }
  }

  depends_on = [aws_iam_role_policy.addon, var.hyperpod_cluster_name, var.governance_addon]
}

resource "aws_iam_role" "dashboards" {
  count = var.dashboards ? 1 : 0

  description           = "Puts dashboards of ${var.name} into Grafana."
  force_detach_policies = true
  name                  = "${var.name}-dashboards-${var.region}"
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
          "aws:RequestTag/kubernetes-namespace"       = "hyperpod-observability"
          "aws:RequestTag/kubernetes-service-account" = "hyperpod-dashboards"
        }
        ArnEquals = {
          "aws:SourceArn" = "arn:${var.partition}:eks:${var.region}:${var.account_id}:cluster/${var.cluster_name}"
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "dashboards" {
  count = var.dashboards ? 1 : 0

  name = "grafana"
  role = aws_iam_role.dashboards[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid    = "BorrowToken"
      Effect = "Allow"
      Action = [
        "grafana:CreateWorkspaceServiceAccount",
        "grafana:CreateWorkspaceServiceAccountToken",
        "grafana:DeleteWorkspaceServiceAccount",
        "grafana:ListWorkspaceServiceAccounts",
      ]
      Resource = var.grafana_workspace_arn
    }]
  })
}

resource "aws_eks_pod_identity_association" "dashboards" {
  count = var.dashboards ? 1 : 0

  cluster_name    = var.cluster_name
  namespace       = "hyperpod-observability"
  role_arn        = aws_iam_role.dashboards[0].arn
  service_account = "hyperpod-dashboards"
  tags            = var.tags
}

# No version: a chart in a folder has its own, which changes with the chart's content.
resource "helm_release" "dashboards" {
  count = var.dashboards ? 1 : 0

  chart     = "${path.module}/chart"
  name      = "${var.name}-dashboards"
  namespace = "hyperpod-observability"

  values = [
    yamlencode({
      name          = "hyperpod-dashboards"
      image         = var.dashboard_image
      region        = var.region
      workspace     = var.grafana_workspace_id
      prometheusUrl = var.prometheus_endpoint
      folder        = var.dashboard_folder
      further       = var.further_dashboards
    }),
  ]

  depends_on = [
    aws_eks_addon.this,
    aws_eks_pod_identity_association.dashboards,
    aws_iam_role_policy.dashboards,
  ]
}
