# Generated from hp_tf/layers/observability/definition.py by `hptf synth`; edit there.

locals {
  creates_prometheus = var.prometheus_workspace == "created"
  creates_grafana    = var.grafana_workspace == "created"
  prometheus_id      = local.creates_prometheus ? aws_prometheus_workspace.this[0].id : var.prometheus_workspace_id

  prometheus_arn = (
    local.creates_prometheus ? aws_prometheus_workspace.this[0].arn :
    "arn:${var.partition}:aps:${var.region}:${var.account_id}:workspace/${var.prometheus_workspace_id}"
  )

  # Conditions over what the nodes' exporters tell.
  default_alerts = {
    GpuHot = {
      expression  = "DCGM_FI_DEV_GPU_TEMP > 80"
      for_minutes = 5
      severity    = "warning"
      summary     = "A GPU is hotter than 80 °C."
    }
    GpuTooHot = {
      expression  = "DCGM_FI_DEV_GPU_TEMP > 85"
      for_minutes = 1
      severity    = "critical"
      summary     = "A GPU is hotter than 85 °C."
    }
    GpuMemoryErrors = {
      expression  = "increase(DCGM_FI_DEV_ECC_DBE_VOL_TOTAL[5m]) > 0"
      for_minutes = 0
      severity    = "critical"
      summary     = "A GPU's memory had double-bit errors."
    }
    GpuLinkErrors = {
      expression  = "increase(DCGM_FI_DEV_NVLINK_CRC_FLIT_ERROR_COUNT_TOTAL[5m]) > 0"
      for_minutes = 1
      severity    = "warning"
      summary     = "NVLink had errors."
    }
    GpuThrottled = {
      expression  = "increase(DCGM_FI_DEV_THERMAL_VIOLATION[5m]) > 0"
      for_minutes = 1
      severity    = "warning"
      summary     = "A GPU runs slower because of its heat."
    }
    GpuXidError = {
      expression  = "DCGM_FI_DEV_XID_ERRORS > 0"
      for_minutes = 0
      severity    = "critical"
      summary     = "The NVIDIA driver reports an XID error."
    }
    DiskFull = {
      expression  = "100 - 100 * node_filesystem_avail_bytes{fstype=~\"ext4|xfs\"} / node_filesystem_size_bytes{fstype=~\"ext4|xfs\"} > 90"
      for_minutes = 5
      severity    = "warning"
      summary     = "More than 90 % of a node's disk is used."
    }
    LustreFull = {
      expression  = "100 - 100 * node_filesystem_avail_bytes{fstype=\"lustre\"} / node_filesystem_size_bytes{fstype=\"lustre\"} > 80"
      for_minutes = 5
      severity    = "warning"
      summary     = "More than 80 % of the Lustre file system is used."
    }
  }

  alerts = merge(
    {
      for name, alert in local.default_alerts : name => alert
      if var.default_alerts && !contains(var.without_alerts, name)
    },
    var.alerts,
  )

  creates_role = local.creates_grafana && var.grafana_role_arn == null
  grafana_name = coalesce(var.grafana_workspace_name, "${var.name}")
  grafana_id   = local.creates_grafana ? aws_grafana_workspace.this[0].id : var.grafana_workspace == "given" ? var.grafana_workspace_id : null
}

resource "aws_cloudwatch_log_group" "prometheus" {
  count = local.creates_prometheus && var.prometheus_logs ? 1 : 0

  kms_key_id        = var.kms_key_arn
  name              = "/aws/vendedlogs/prometheus/${var.name}"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

resource "aws_prometheus_workspace" "this" {
  count = local.creates_prometheus ? 1 : 0

  alias       = var.name
  kms_key_arn = var.kms_key_arn
  tags        = merge(var.tags, { Name = var.name, SageMaker = "true" })

  dynamic "logging_configuration" {
    for_each = aws_cloudwatch_log_group.prometheus[*].arn

    content {
      log_group_arn = "${logging_configuration.value}:*"
    }
  }
}

resource "aws_prometheus_workspace_configuration" "this" {
  count = local.creates_prometheus ? 1 : 0

  retention_period_in_days = var.prometheus_retention_days
  workspace_id             = aws_prometheus_workspace.this[0].id
}

resource "aws_prometheus_rule_group_namespace" "this" {
  count = length(local.alerts) > 0 ? 1 : 0

  name         = var.name
  workspace_id = local.prometheus_id
  tags         = var.tags

  data = yamlencode({
    groups = [{
      name = "hyperpod"
      rules = [
        for name, alert in local.alerts : {
          alert       = name
          expr        = alert.expression
          for         = "${alert.for_minutes}m"
          labels      = { severity = alert.severity }
          annotations = { summary = alert.summary }
        }
      ]
    }]
  })
}

resource "aws_prometheus_alert_manager_definition" "this" {
  count = var.alert_topic_arn != null ? 1 : 0

  workspace_id = local.prometheus_id

  definition = yamlencode({
    alertmanager_config = yamlencode({
      route = { receiver = "topic", group_by = ["alertname", "severity"] }
      receivers = [{
        name = "topic"
        sns_configs = [{
          topic_arn     = var.alert_topic_arn
          sigv4         = { region = var.region }
          send_resolved = true
        }]
      }]
    })
  })
}

resource "aws_iam_role_policy" "remote_write" {
  count = (var.grant_remote_write == null ? var.orchestrator == "slurm" : var.grant_remote_write) ? 1 : 0

  name = "metrics"
  role = var.execution_role_name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "SendMetrics"
      Effect   = "Allow"
      Action   = ["aps:RemoteWrite"]
      Resource = local.prometheus_arn
    }]
  })
}

resource "aws_iam_role" "grafana" {
  count = local.creates_role ? 1 : 0

  description           = "Grafana of ${var.name}, which reads metrics."
  force_detach_policies = true
  name                  = "${var.name}-grafana-${var.region}"
  path                  = var.role_path
  permissions_boundary  = var.permissions_boundary_arn
  tags                  = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = "sts:AssumeRole"
      Principal = {
        Service = "grafana.amazonaws.com"
      }
      Condition = {
        StringEquals = {
          "aws:SourceAccount" = var.account_id
        }
      }
    }]
  })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_iam_role_policy" "grafana" {
  count = local.creates_role ? 1 : 0

  name = "read"
  role = aws_iam_role.grafana[0].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "ReadPrometheus"
        Effect = "Allow"
        Action = [
          "aps:DeleteAlertManagerSilence",
          "aps:DescribeWorkspace",
          "aps:GetAlertManagerStatus",
          "aps:GetLabels",
          "aps:GetMetricMetadata",
          "aps:GetSeries",
          "aps:ListAlertManagerAlertGroups",
          "aps:ListAlertManagerAlerts",
          "aps:ListAlertManagerSilences",
          "aps:ListRules",
          "aps:PutAlertManagerSilences",
          "aps:QueryMetrics",
        ]
        Resource = local.prometheus_arn
      },
      {
        Sid      = "ReadAlarms"
        Effect   = "Allow"
        Action   = ["cloudwatch:DescribeAlarmHistory", "cloudwatch:DescribeAlarms"]
        Resource = "arn:${var.partition}:cloudwatch:${var.region}:${var.account_id}:alarm:*"
      },
      {
        Sid    = "ReadLogs"
        Effect = "Allow"
        Action = ["logs:GetLogEvents", "logs:GetLogGroupFields", "logs:StartQuery"]
        Resource = [
          for group in ["/aws/eks/*", "/aws/sagemaker/Clusters/*"] :
          "arn:${var.partition}:logs:${var.region}:${var.account_id}:log-group:${group}"
        ]
      },
      # What AWS allows on no narrower resource: lists of everything, metrics, and the answer to a query by its id.
      {
        Sid    = "LookUp"
        Effect = "Allow"
        Action = [
          "aps:ListWorkspaces",
          "cloudwatch:DescribeAlarmsForMetric",
          "cloudwatch:GetMetricData",
          "cloudwatch:GetMetricStatistics",
          "cloudwatch:ListMetrics",
          "ec2:DescribeInstances",
          "ec2:DescribeRegions",
          "ec2:DescribeTags",
          "logs:DescribeLogGroups",
          "logs:GetQueryResults",
          "logs:StopQuery",
          "tag:GetResources",
        ]
        Resource = "*"
      },
    ]
  })
}

resource "aws_grafana_workspace" "this" {
  count = local.creates_grafana ? 1 : 0

  account_access_type      = "CURRENT_ACCOUNT"
  authentication_providers = var.grafana_authentication
  data_sources             = ["CLOUDWATCH", "PROMETHEUS"]
  description              = "Metrics of the HyperPod cluster of ${var.name}."
  grafana_version          = var.grafana_version
  name                     = local.grafana_name
  permission_type          = "CUSTOMER_MANAGED"
  role_arn                 = local.creates_role ? aws_iam_role.grafana[0].arn : var.grafana_role_arn
  tags                     = merge(var.tags, { Name = local.grafana_name, SageMaker = "true" })

  configuration = jsonencode({
    plugins         = { pluginAdminEnabled = var.grafana_plugin_admin }
    unifiedAlerting = { enabled = true }
  })
}

resource "aws_grafana_role_association" "this" {
  for_each = var.grafana_access

  group_ids    = length(each.value.group_ids) > 0 ? each.value.group_ids : null
  role         = each.key
  user_ids     = length(each.value.user_ids) > 0 ? each.value.user_ids : null
  workspace_id = local.grafana_id
}
