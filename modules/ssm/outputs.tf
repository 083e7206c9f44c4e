# Generated from hp_tf/layers/ssm/definition.py by `hptf synth`; edit there.

output "document_name" {
  description = "Name of the session document: aws ssm start-session --document-name."
  value       = local.document_name

  depends_on = [aws_ssm_document.this, aws_iam_role_policy.session_logs]
}

output "session_log_group_name" {
  description = "Log group of sessions; null without one."
  value       = one(aws_cloudwatch_log_group.sessions[*].name)
}
