# Generated from hp_tf/layers/accounting/definition.py by `hptf synth`; edit there.

output "database_endpoint" {
  description = "Host name of the database."
  value       = aws_db_instance.this.address

  depends_on = [aws_vpc_security_group_ingress_rule.nodes]
}

output "database_port" {
  description = "Port of the database."
  value       = aws_db_instance.this.port
}

output "database_name" {
  description = "Database that slurmdbd writes."
  value       = aws_db_instance.this.db_name
}

output "database_username" {
  description = "User of the database."
  value       = aws_db_instance.this.username
}

output "database_secret_arn" {
  description = "Secret with the user's password, readable for the nodes."
  value       = aws_db_instance.this.master_user_secret[0].secret_arn

  depends_on = [aws_iam_role_policy.secret]
}

output "failover_topic_arn" {
  description = "Topic that controllers tell when another takes over, usable for the nodes; null without one."
  value       = one(aws_sns_topic.failover[*].arn)

  depends_on = [aws_iam_role_policy.secret]
}
