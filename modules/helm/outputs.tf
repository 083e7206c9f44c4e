# Generated from hp_tf/layers/helm/definition.py by `hptf synth`; edit there.

output "release_name" {
  description = "Name of the release, once it is installed."
  value       = helm_release.this.name

  depends_on = [helm_release.this]
}

output "release_namespace" {
  description = "Namespace of the release, once it is installed."
  value       = helm_release.this.namespace

  depends_on = [helm_release.this]
}
