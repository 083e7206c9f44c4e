# Generated from hp_tf/layers/observability_eks/definition.py by `hptf synth`; edit there.

output "addon_version" {
  description = "Version of the add-on, once it is active."
  value       = aws_eks_addon.this.addon_version
}

output "dashboard_uids" {
  description = "Uids of the dashboards by name, once they are in Grafana."
  value = var.dashboards ? merge(local.own_uids, {
    for name, text in var.further_dashboards : name => jsondecode(text).uid
  }) : {}

  depends_on = [helm_release.dashboards]
}
