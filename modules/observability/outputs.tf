# Generated from hp_tf/layers/observability/definition.py by `hptf synth`; edit there.

output "prometheus_workspace_id" {
  description = "Id of the Prometheus workspace."
  value       = local.prometheus_id
}

output "prometheus_workspace_arn" {
  description = "ARN of the Prometheus workspace, once its rules are there and the nodes may write to it."
  value       = local.prometheus_arn

  depends_on = [aws_prometheus_rule_group_namespace.this, aws_iam_role_policy.remote_write]
}

output "prometheus_endpoint" {
  description = "URL of the Prometheus workspace without a slash at its end; /api/v1/remote_write takes metrics."
  value       = "https://aps-workspaces.${var.region}.amazonaws.com/workspaces/${local.prometheus_id}"
}

output "grafana_workspace_id" {
  description = "Id of the Grafana workspace; null without one."
  value       = local.grafana_id

  depends_on = [aws_grafana_role_association.this, aws_iam_role_policy.grafana]
}

output "grafana_workspace_arn" {
  description = "ARN of the Grafana workspace; null without one."
  value       = local.grafana_id == null ? null : "arn:${var.partition}:grafana:${var.region}:${var.account_id}:/workspaces/${local.grafana_id}"
}

output "grafana_workspace_name" {
  description = "Name of the Grafana workspace; null without one."
  value       = var.grafana_workspace == "none" ? null : local.grafana_name
}

output "grafana_endpoint" {
  description = "URL of the Grafana workspace; null without one."
  value       = local.grafana_id == null ? null : "https://${local.grafana_id}.grafana-workspace.${var.region}.amazonaws.com"
}
