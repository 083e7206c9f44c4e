# Generated from hp_tf/layers/ssm/definition.py by `hptf synth`; edit there.

locals {
  document_name = coalesce(var.document_name, "${var.name}-session")
  to_bucket     = var.session_logs == "s3"
  to_group      = var.session_logs == "cloudwatch"
  log_group_arn = "arn:${var.partition}:logs:${var.region}:${var.account_id}:log-group:/aws/ssm/${var.name}/sessions"
}

resource "aws_cloudwatch_log_group" "sessions" {
  count = local.to_group ? 1 : 0

  kms_key_id        = var.kms_key_arn
  name              = "/aws/ssm/${var.name}/sessions"
  retention_in_days = var.session_log_retention_days
  tags              = var.tags
}

resource "aws_iam_role_policy" "session_logs" {
  count = var.grant_logs && (local.to_bucket || local.to_group || var.kms_key_arn != null) ? 1 : 0

  name = "session-logs"
  role = var.execution_role_name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        for statement in [
          {
            Sid      = "WriteLogs"
            Effect   = "Allow"
            Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
            Resource = "${local.log_group_arn}:*"
          },
          # What AWS allows on no narrower resource.
          {
            Sid      = "FindLogGroup"
            Effect   = "Allow"
            Action   = ["logs:DescribeLogGroups"]
            Resource = "*"
          },
        ] : statement if local.to_group
      ],
      [
        for statement in [
          {
            Sid      = "WriteLogObjects"
            Effect   = "Allow"
            Action   = ["s3:PutObject"]
            Resource = "arn:${var.partition}:s3:::${var.bucket_name}/${var.session_log_prefix}/*"
          },
          {
            Sid      = "SeeEncryption"
            Effect   = "Allow"
            Action   = ["s3:GetEncryptionConfiguration"]
            Resource = "arn:${var.partition}:s3:::${var.bucket_name}"
          },
        ] : statement if local.to_bucket
      ],
      [
        for arn in compact([var.kms_key_arn]) : {
          Sid      = "UseKey"
          Effect   = "Allow"
          Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
          Resource = arn
        }
      ],
    )
  })
}

resource "aws_ssm_document" "this" {
  count = var.create_document ? 1 : 0

  document_type = "Session"
  name          = local.document_name
  tags          = var.tags

  content = jsonencode({
    schemaVersion = "1.0"
    description   = "Sessions on the nodes of ${var.name}"
    sessionType   = "Standard_Stream"
    inputs = {
      runAsEnabled                = true
      runAsDefaultUser            = var.default_user == null ? "" : var.default_user
      idleSessionTimeout          = tostring(var.idle_timeout_minutes)
      maxSessionDuration          = var.longest_session_minutes == null ? "" : tostring(var.longest_session_minutes)
      shellProfile                = { linux = var.shell_profile }
      kmsKeyId                    = var.kms_key_arn == null ? "" : var.kms_key_arn
      s3BucketName                = local.to_bucket ? var.bucket_name : ""
      s3KeyPrefix                 = local.to_bucket ? var.session_log_prefix : ""
      s3EncryptionEnabled         = true
      cloudWatchLogGroupName      = local.to_group ? aws_cloudwatch_log_group.sessions[0].name : ""
      cloudWatchEncryptionEnabled = var.kms_key_arn != null
      cloudWatchStreamingEnabled  = true
    }
  })

  lifecycle {
    create_before_destroy = true
  }
}
