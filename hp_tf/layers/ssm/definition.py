"""The ssm module: a session document, and where sessions are logged."""

from __future__ import annotations

from cdktn_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktn_provider_aws.iam_role_policy import IamRolePolicy
from cdktn_provider_aws.ssm_document import SsmDocument

from hp_tf.synth.module import Module
from hp_tf.synth.snippets import bare

_TO_BUCKET = 'var.session_logs == "s3"'
_TO_GROUP = 'var.session_logs == "cloudwatch"'

_CONTENT = """${jsonencode({
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
})}"""

_STATEMENTS = """${jsonencode({
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
})}"""


def define(module: Module) -> None:
    """Write the module."""
    module.local("document_name", bare(module.name("document")))
    module.local("to_bucket", _TO_BUCKET)
    module.local("to_group", _TO_GROUP)
    module.local(
        "log_group_arn",
        f'"arn:${{var.partition}}:logs:${{var.region}}:${{var.account_id}}:log-group:{module.name("log_group")}"',
    )
    group = CloudwatchLogGroup(
        module,
        "cloudwatch_log_group.sessions",
        name=module.name("log_group"),
        retention_in_days=module.number("${var.session_log_retention_days}"),
        kms_key_id=module.ref("kms_key_arn"),
        tags=module.mapping("${var.tags}"),
    )
    module.count(group, "${local.to_group ? 1 : 0}")
    policy = IamRolePolicy(
        module,
        "iam_role_policy.session_logs",
        name="session-logs",
        role=module.ref("execution_role_name"),
        policy=_STATEMENTS,
    )
    module.count(policy, "${var.grant_logs && (local.to_bucket || local.to_group || var.kms_key_arn != null) ? 1 : 0}")
    document = SsmDocument(
        module,
        "document.this",
        name="${local.document_name}",
        document_type="Session",
        content=_CONTENT,
        tags=module.mapping("${var.tags}"),
    )
    module.count(document, "${var.create_document ? 1 : 0}")
    module.made_first(document)
    module.output("document_name", "${local.document_name}", depends_on=[document, policy])
    module.output("session_log_group_name", "${one(aws_cloudwatch_log_group.sessions[*].name)}")
