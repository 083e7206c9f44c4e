"""The storage module: the bucket of the lifecycle scripts, the scripts, and optional access logs."""

from __future__ import annotations

from importlib.resources import files

from cdktn_provider_aws.s3_bucket import S3Bucket
from cdktn_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleExpiration,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
)
from cdktn_provider_aws.s3_bucket_logging import S3BucketLoggingA
from cdktn_provider_aws.s3_object import S3Object

from hp_tf.layers.storage.scripts import SLURM_PREFIX
from hp_tf.synth.buckets import TLS_ONLY, bucket_policy, settings, versions
from hp_tf.synth.module import Module

CREATED = "${var.create_bucket ? 1 : 0}"
LOGS = '${var.access_logs == "created" ? 1 : 0}'

EVERYTHING = [S3BucketLifecycleConfigurationRuleFilter(prefix="")]
ABORTED = [S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(days_after_initiation=7)]
NOTHING_LISTENS = "Nothing acts on what happens to its objects"

LOG_DELIVERY = """    {
      Sid       = "AccessLogDelivery"
      Effect    = "Allow"
      Principal = { Service = "logging.s3.amazonaws.com" }
      Action    = "s3:PutObject"
      Resource  = "arn:${var.partition}:s3:::%(bucket)s/*"
      Condition = {
        ArnLike      = { "aws:SourceArn" = "arn:${var.partition}:s3:::${local.bucket_name}" }
        StringEquals = { "aws:SourceAccount" = var.account_id }
      }
    },
"""


def define(module: Module) -> None:
    """Write the module."""
    settled = _bucket(module)
    _access_logs(module)
    scripts = _scripts(module, settled)

    module.output("bucket_name", "${local.bucket_name}")
    module.output("bucket_arn", "arn:${var.partition}:s3:::${local.bucket_name}")
    module.output(
        "lifecycle_script_uri",
        's3://${local.bucket_name}${local.lifecycle_prefix == "" ? "" : "/${local.lifecycle_prefix}"}',
        depends_on=[scripts],
        # A folder that is not there has no files, so there would be no object to hold this condition.
        precondition=(
            "${!var.upload_lifecycle_scripts || contains(keys(local.lifecycle_files), var.lifecycle_on_create)}",
            "The folder lifecycle_directory has no file of the name lifecycle_on_create gives.",
        ),
    )
    module.output("lifecycle_on_create", module.ref("lifecycle_on_create"), depends_on=[scripts])


def _bucket(module: Module) -> list[str]:
    """Write the bucket and its settings; return what must be in place before an object is."""
    bucket = S3Bucket(
        module,
        "bucket.this",
        bucket=module.name("bucket"),
        force_destroy=module.boolean("${var.force_destroy}"),
        tags=module.mapping("${var.tags}"),
    )
    module.count(bucket, CREATED)
    module.accept(bucket, "CKV2_AWS_62", NOTHING_LISTENS)
    module.accept(bucket, "CKV_AWS_144", "What is in it comes from this module, which can make it anew elsewhere")
    module.local("bucket_name", "var.create_bucket ? aws_s3_bucket.this[0].bucket : var.bucket_name")

    settled = settings(module, "this", CREATED, kms=True)
    policy = bucket_policy(module, "this", CREATED, TLS_ONLY)

    kept = versions(module, "this", CREATED)
    _expiry(
        module,
        "this",
        "${var.noncurrent_version_days == null ? 0 : 1}",
        S3BucketLifecycleConfigurationRule(
            id="old-versions",
            status="Enabled",
            filter=EVERYTHING,
            noncurrent_version_expiration=[
                S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(
                    noncurrent_days=module.number("${var.noncurrent_version_days}")
                )
            ],
            abort_incomplete_multipart_upload=ABORTED,
        ),
    )
    return [*settled, policy, kept]


def _expiry(module: Module, name: str, count: str, rule: S3BucketLifecycleConfigurationRule) -> None:
    """Write what goes from a bucket by itself."""
    expiry = S3BucketLifecycleConfiguration(
        module, f"lifecycle_configuration.{name}", bucket=f"${{aws_s3_bucket.{name}[0].id}}", rule=[rule]
    )
    module.count(expiry, count)
    module.depends_on(expiry, [f"aws_s3_bucket_versioning.{name}"])


def _access_logs(module: Module) -> None:
    bucket = S3Bucket(
        module,
        "bucket.logs",
        bucket=module.name("log_bucket"),
        force_destroy=module.boolean("${var.force_destroy}"),
        tags=module.mapping("${var.tags}"),
    )
    module.count(bucket, LOGS)
    module.accept(bucket, "CKV2_AWS_62", NOTHING_LISTENS)
    module.accept(bucket, "CKV_AWS_144", "Logs of one bucket's requests are not worth a second region")
    module.accept(bucket, "CKV_AWS_145", "S3 delivers access logs only to buckets encrypted with its own keys")
    settings(module, "logs", LOGS, kms=False)
    versions(module, "logs", LOGS)
    _expiry(
        module,
        "logs",
        '${var.access_logs == "created" && var.access_log_days != null ? 1 : 0}',
        S3BucketLifecycleConfigurationRule(
            id="old-logs",
            status="Enabled",
            filter=EVERYTHING,
            expiration=[S3BucketLifecycleConfigurationRuleExpiration(days=module.number("${var.access_log_days}"))],
            noncurrent_version_expiration=[
                S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(noncurrent_days=7)
            ],
            abort_incomplete_multipart_upload=ABORTED,
        ),
    )
    policy = bucket_policy(module, "logs", LOGS, TLS_ONLY + LOG_DELIVERY)
    logging = S3BucketLoggingA(
        module,
        "logging.this",
        bucket="${aws_s3_bucket.this[0].id}",
        target_bucket='${var.access_logs == "created" ? aws_s3_bucket.logs[0].id : var.access_log_bucket_name}',
        target_prefix="${local.bucket_name}/",
    )
    module.count(logging, '${var.access_logs == "none" ? 0 : 1}')
    module.depends_on(logging, [policy])
    module.output("access_log_bucket_name", "${one(aws_s3_bucket_logging.this[*].target_bucket)}")


def _scripts(module: Module, settled: list[str]) -> S3Object:
    """Write the scripts' objects."""
    script = (files("hp_tf.layers.storage") / "on_create.sh").read_text(encoding="utf-8")
    packaged = module.asset("scripts/on_create.sh", script).removeprefix("${path.module}/")
    # The script looks whether it is there.
    marker = module.asset("scripts/lustre_over_efa", "The Lustre client is to go over EFA.\n")
    marker = marker.removeprefix("${path.module}/")
    module.local(
        "lifecycle_prefix",
        "var.lifecycle_prefix != null ? var.lifecycle_prefix : "
        f'var.slurm_configuration == null ? "" : "{SLURM_PREFIX}"',
    )
    module.local(
        "written_elsewhere",
        'concat(\n  var.slurm_configuration == null ? [] : ["provisioning_parameters.json"],\n'
        '  var.slurm_configuration == "scripts" ? ["config.py"] : [],\n)',
        comment="What the cluster's module writes beside the scripts, or must not be there.",
    )
    module.local(
        "lifecycle_files",
        "var.lifecycle_directory == null ? tomap({\n"
        f'  for file, place in {{ (var.lifecycle_on_create) = "{packaged}", lustre_over_efa = "{marker}" }} :\n'
        '  file => "${path.module}/${place}" if file != "lustre_over_efa" || var.lustre_over_efa\n'
        "}) : tomap({\n"
        '  for file in fileset(var.lifecycle_directory, "**") : file => "${var.lifecycle_directory}/${file}"\n'
        "  if !contains(local.written_elsewhere, file)\n"
        "})",
        comment="The scripts by their name below the prefix: the one that comes with this module, or the user's.",
    )
    module.local("hashed", "var.create_bucket && var.kms_key_arn == null")
    scripts = S3Object(
        module,
        "object.lifecycle",
        bucket="${local.bucket_name}",
        key='${join("/", compact([local.lifecycle_prefix, each.key]))}',
        content="${try(file(each.value), null)}",
        content_base64="${can(file(each.value)) ? null : filebase64(each.value)}",
        # S3 tells what is there: the hash of the content where it encrypts with keys of its own and the object came in
        # one part, else what it was sent with, which is gone once somebody writes over it.
        etag="${local.hashed && length(filebase64(each.value)) < 5000000 ? filemd5(each.value) : null}",
        metadata={"sha256": "${filesha256(each.value)}"},
        content_type='${can(file(each.value)) ? "text/plain; charset=utf-8" : "application/octet-stream"}',
    )
    module.comment(
        scripts,
        "The content rather than a path: a path would differ between the roots that call this module.\n"
        "Under another prefix or name it is there before the cluster names it, and the old one until then.\n"
        "No tags: an object takes ten, an environment may have more.",
    )
    module.for_each(
        scripts, "${{ for name, path in local.lifecycle_files : name => path if var.upload_lifecycle_scripts }}"
    )
    module.made_first(scripts)
    # What a provider tags by default may be more than the ten tags that an object takes.
    module.set(scripts, "override_provider", [{"default_tags": [{"tags": {}}]}])
    module.depends_on(scripts, settled)
    return scripts
