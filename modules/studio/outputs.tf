# Generated from hp_tf/layers/studio/definition.py by `hptf synth`; edit there.

output "domain_id" {
  description = "Id of the domain."
  value       = local.domain_id
}

output "execution_role_arn" {
  description = "ARN of the editors' role, once it may use the cluster."
  value       = local.role_arn

  depends_on = [
    aws_eks_access_entry.this,
    aws_eks_access_policy_association.this,
    aws_iam_role_policy.this,
    aws_iam_role_policy_attachment.additional,
  ]
}

output "space_names" {
  description = "Spaces by user."
  value       = { for user, space in aws_sagemaker_space.this : user => space.space_name }
}

output "user_profile_arns" {
  description = "ARNs of the profiles by user."
  value       = { for user, profile in aws_sagemaker_user_profile.this : user => profile.arn }
}
