# Generated from hp_tf/layers/iam/definition.py by `hptf synth`; edit there.

output "execution_role_arn" {
  description = "ARN of the nodes' role, once its policies are attached."
  value       = var.create_execution_role ? one(aws_iam_role.execution[*].arn) : var.execution_role_arn

  depends_on = [
    aws_iam_role_policy_attachment.managed,
    aws_iam_role_policy_attachment.additional,
    aws_iam_role_policy.execution,
  ]
}

output "execution_role_name" {
  description = "Name of the nodes' role."
  value       = var.create_execution_role ? one(aws_iam_role.execution[*].name) : element(split("/", var.execution_role_arn), -1)

  depends_on = [
    aws_iam_role_policy_attachment.managed,
    aws_iam_role_policy_attachment.additional,
    aws_iam_role_policy.execution,
  ]
}

output "karpenter_role_arn" {
  description = "ARN of Karpenter's role; null where none is made."
  value       = one(aws_iam_role.karpenter[*].arn)

  depends_on = [aws_iam_role_policy.karpenter]
}

output "karpenter_role_name" {
  description = "Name of Karpenter's role; null where none is made."
  value       = one(aws_iam_role.karpenter[*].name)

  depends_on = [aws_iam_role_policy.karpenter]
}
