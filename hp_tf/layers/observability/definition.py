"""The observability module: a Prometheus workspace, its alerts, and a Grafana workspace with its role."""

from __future__ import annotations

from cdktn_provider_aws.grafana_role_association import GrafanaRoleAssociation
from cdktn_provider_aws.grafana_workspace import GrafanaWorkspace
from cdktn_provider_aws.iam_role_policy import IamRolePolicy
from cdktn_provider_aws.prometheus_alert_manager_definition import PrometheusAlertManagerDefinition
from cdktn_provider_aws.prometheus_rule_group_namespace import PrometheusRuleGroupNamespace
from cdktn_provider_aws.prometheus_workspace import PrometheusWorkspace
from cdktn_provider_aws.prometheus_workspace_configuration import PrometheusWorkspaceConfiguration

from hp_tf.layers.observability.alerts import ALERTS
from hp_tf.synth.expressions import expression
from hp_tf.synth.module import Module
from hp_tf.synth.roles import log_group, role
from hp_tf.synth.snippets import tags

_RULES = """${yamlencode({
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
})}"""

# A document in a document, as the service takes it.
_TO_TOPIC = """${yamlencode({
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
})}"""

_READ = """${jsonencode({
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
})}"""

_WORKSPACES = "https://aps-workspaces.${var.region}.amazonaws.com/workspaces"


def define(module: Module) -> None:
    """Write the module."""
    module.local("creates_prometheus", 'var.prometheus_workspace == "created"')
    module.local("creates_grafana", 'var.grafana_workspace == "created"')
    module.local(
        "prometheus_id", "local.creates_prometheus ? aws_prometheus_workspace.this[0].id : var.prometheus_workspace_id"
    )
    module.local(
        "prometheus_arn",
        "(\nlocal.creates_prometheus ? aws_prometheus_workspace.this[0].arn :\n"
        '"arn:${var.partition}:aps:${var.region}:${var.account_id}:workspace/${var.prometheus_workspace_id}"\n)',
    )
    _prometheus(module)
    rules = _alerts(module)
    granted = _remote_write(module)
    module.output("prometheus_workspace_id", "${local.prometheus_id}")
    module.output("prometheus_workspace_arn", "${local.prometheus_arn}", depends_on=[rules, granted])
    module.output("prometheus_endpoint", f"{_WORKSPACES}/${{local.prometheus_id}}")
    _grafana(module)


def _prometheus(module: Module) -> None:
    logs = log_group(module, "log_group.prometheus", module.name("log_group"), "log_retention_days", "kms_key_arn")
    module.count(logs, "${local.creates_prometheus && var.prometheus_logs ? 1 : 0}")
    workspace = PrometheusWorkspace(
        module,
        "prometheus_workspace.this",
        alias=module.name("prometheus"),
        kms_key_arn=module.ref("kms_key_arn"),
        # SageMaker's console looks for this tag.
        tags=tags(module, module.name("prometheus"), {"SageMaker": "true"}),
    )
    module.count(workspace, "${local.creates_prometheus ? 1 : 0}")
    module.dynamic(
        workspace,
        "logging_configuration",
        "${aws_cloudwatch_log_group.prometheus[*].arn}",
        {"log_group_arn": "${logging_configuration.value}:*"},
    )
    kept = PrometheusWorkspaceConfiguration(
        module,
        "prometheus_configuration.this",
        workspace_id="${aws_prometheus_workspace.this[0].id}",
        retention_period_in_days=module.number("${var.prometheus_retention_days}"),
    )
    module.count(kept, "${local.creates_prometheus ? 1 : 0}")


def _alerts(module: Module) -> PrometheusRuleGroupNamespace:
    module.local("default_alerts", expression(ALERTS), comment="Conditions over what the nodes' exporters tell.")
    module.local(
        "alerts",
        "merge(\n  {\n    for name, alert in local.default_alerts : name => alert\n"
        "    if var.default_alerts && !contains(var.without_alerts, name)\n  },\n  var.alerts,\n)",
    )
    rules = PrometheusRuleGroupNamespace(
        module,
        "rule_group_namespace.this",
        name=module.name("rules"),
        workspace_id="${local.prometheus_id}",
        data=_RULES,
        tags=module.mapping("${var.tags}"),
    )
    module.count(rules, "${length(local.alerts) > 0 ? 1 : 0}")
    told = PrometheusAlertManagerDefinition(
        module, "alert_manager_definition.this", workspace_id="${local.prometheus_id}", definition=_TO_TOPIC
    )
    module.count(told, "${var.alert_topic_arn != null ? 1 : 0}")
    return rules


def _remote_write(module: Module) -> IamRolePolicy:
    policy = IamRolePolicy(
        module,
        "iam_role_policy.remote_write",
        name="metrics",
        role=module.ref("execution_role_name"),
        policy=module.json(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Sid": "SendMetrics",
                        "Effect": "Allow",
                        "Action": ["aps:RemoteWrite"],
                        "Resource": "${local.prometheus_arn}",
                    }
                ],
            }
        ),
    )
    module.count(
        policy,
        '${(var.grant_remote_write == null ? var.orchestrator == "slurm" : var.grant_remote_write) ? 1 : 0}',
    )
    return policy


def _grafana(module: Module) -> None:
    module.local("creates_role", "local.creates_grafana && var.grafana_role_arn == null")
    reader = role(
        module,
        "role.grafana",
        "grafana_role",
        "grafana.amazonaws.com",
        "Grafana of ${var.name}, which reads metrics.",
        for_account=True,
    )
    module.count(reader, "${local.creates_role ? 1 : 0}")
    reads = IamRolePolicy(
        module, "iam_role_policy.grafana", name="read", role="${aws_iam_role.grafana[0].name}", policy=_READ
    )
    module.count(reads, "${local.creates_role ? 1 : 0}")
    module.local("grafana_name", f'coalesce(var.grafana_workspace_name, "{module.name("grafana")}")')
    workspace = GrafanaWorkspace(
        module,
        "grafana_workspace.this",
        name="${local.grafana_name}",
        description="Metrics of the HyperPod cluster of ${var.name}.",
        account_access_type="CURRENT_ACCOUNT",
        permission_type="CUSTOMER_MANAGED",
        authentication_providers=module.strings("${var.grafana_authentication}"),
        role_arn="${local.creates_role ? aws_iam_role.grafana[0].arn : var.grafana_role_arn}",
        grafana_version=module.ref("grafana_version"),
        data_sources=["CLOUDWATCH", "PROMETHEUS"],
        configuration="${jsonencode({\n"
        "  plugins         = { pluginAdminEnabled = var.grafana_plugin_admin }\n"
        "  unifiedAlerting = { enabled = true }\n"
        "})}",
        # SageMaker's console looks for this tag.
        tags=tags(module, "${local.grafana_name}", {"SageMaker": "true"}),
    )
    module.count(workspace, "${local.creates_grafana ? 1 : 0}")
    module.local(
        "grafana_id",
        'local.creates_grafana ? aws_grafana_workspace.this[0].id : var.grafana_workspace == "given" ? '
        "var.grafana_workspace_id : null",
    )
    access = GrafanaRoleAssociation(
        module,
        "grafana_role_association.this",
        workspace_id="${local.grafana_id}",
        role="${each.key}",
        user_ids=module.strings("${length(each.value.user_ids) > 0 ? each.value.user_ids : null}"),
        group_ids=module.strings("${length(each.value.group_ids) > 0 ? each.value.group_ids : null}"),
    )
    module.for_each(access, "${var.grafana_access}")
    module.output("grafana_workspace_id", "${local.grafana_id}", depends_on=[access, reads])
    module.output(
        "grafana_workspace_arn",
        "${local.grafana_id == null ? null : "
        '"arn:${var.partition}:grafana:${var.region}:${var.account_id}:/workspaces/${local.grafana_id}"}',
    )
    module.output("grafana_workspace_name", '${var.grafana_workspace == "none" ? null : local.grafana_name}')
    module.output(
        "grafana_endpoint",
        "${local.grafana_id == null ? null : "
        '"https://${local.grafana_id}.grafana-workspace.${var.region}.amazonaws.com"}',
    )
