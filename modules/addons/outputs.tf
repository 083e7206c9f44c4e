# Generated from hp_tf/layers/addons/definition.py by `hptf synth`; edit there.

output "addon_versions" {
  description = "Versions of the add-ons by name, once they are active."
  value       = { for name, addon in aws_eks_addon.this : name => addon.addon_version }

  depends_on = [aws_eks_addon.this]
}

output "cert_manager_version" {
  description = "Version of cert-manager, once it is active; null without it."
  value       = one([for name, addon in aws_eks_addon.this : addon.addon_version if name == "cert-manager"])

  depends_on = [aws_eks_addon.this]
}

output "release_name" {
  description = "Name of the release of namespaces, classes, volumes and claims."
  value       = helm_release.this.name

  depends_on = [helm_release.this]
}

output "claims" {
  description = "Volumes by the claims that pods name: namespace/claim."
  value       = { for volume in local.volumes : "${volume.namespace}/${volume.claim}" => volume.name }

  depends_on = [helm_release.this]
}
