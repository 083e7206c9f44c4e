# Generated from hp_tf/layers/training/definition.py by `hptf synth`; edit there.

output "addon_version" {
  description = "Version of the add-on, once it is active."
  value       = aws_eks_addon.this.addon_version
}

output "role_arn" {
  description = "ARN of the operator's role."
  value       = local.role_arn
}
