"""Buckets, as several definitions write them. Each is there or not: ``aws_s3_bucket.<name>`` has a count."""

from __future__ import annotations

from cdktn_provider_aws.s3_bucket_ownership_controls import (
    S3BucketOwnershipControls,
    S3BucketOwnershipControlsRule,
)
from cdktn_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktn_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktn_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
)
from cdktn_provider_aws.s3_bucket_versioning import S3BucketVersioningA, S3BucketVersioningVersioningConfiguration

from hp_tf.synth.module import Module

TLS_ONLY = """    {
      Sid       = "TlsOnly"
      Effect    = "Deny"
      Principal = { AWS = "*" }
      Action    = "s3:*"
      Resource  = ["arn:${var.partition}:s3:::%(bucket)s", "arn:${var.partition}:s3:::%(bucket)s/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    },
"""


def settings(module: Module, name: str, count: str, *, kms: bool) -> list[str]:
    """Write what every bucket of ours has: no public access, no ACLs, encryption. Return the addresses."""
    bucket = f"${{aws_s3_bucket.{name}[0].id}}"
    access = S3BucketPublicAccessBlock(
        module,
        f"public_access_block.{name}",
        bucket=bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
    )
    owner = S3BucketOwnershipControls(
        module,
        f"ownership_controls.{name}",
        bucket=bucket,
        rule=S3BucketOwnershipControlsRule(object_ownership="BucketOwnerEnforced"),
    )
    # S3 delivers access logs to buckets encrypted with its own keys only.
    encryption = S3BucketServerSideEncryptionConfigurationA(
        module,
        f"encryption.{name}",
        bucket=bucket,
        rule=[
            S3BucketServerSideEncryptionConfigurationRuleA(
                bucket_key_enabled=module.boolean("${var.kms_key_arn != null}") if kms else None,
                apply_server_side_encryption_by_default=(
                    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
                        sse_algorithm='${var.kms_key_arn == null ? "AES256" : "aws:kms"}' if kms else "AES256",
                        kms_master_key_id="${var.kms_key_arn}" if kms else None,
                    )
                ),
            )
        ],
    )
    for setting in (access, owner, encryption):
        module.count(setting, count)
    return [module.address(setting) for setting in (access, owner, encryption)]


def versions(module: Module, name: str, count: str) -> str:
    """Write that a bucket keeps old versions; return the address."""
    versions = S3BucketVersioningA(
        module,
        f"versioning.{name}",
        bucket=f"${{aws_s3_bucket.{name}[0].id}}",
        versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
    )
    module.count(versions, count)
    return module.address(versions)


def bucket_policy(module: Module, name: str, count: str, statements: str) -> str:
    """Write a bucket's policy; return its address."""
    text = statements.replace("%(bucket)s", f"${{aws_s3_bucket.{name}[0].bucket}}")
    policy = S3BucketPolicy(
        module,
        f"policy.{name}",
        bucket=f"${{aws_s3_bucket.{name}[0].id}}",
        policy=f'${{jsonencode({{\n  Version = "2012-10-17"\n  Statement = [\n{text}  ]\n}})}}',
    )
    module.count(policy, count)
    # S3 refuses two changes of a bucket's access at once.
    module.depends_on(policy, [f"aws_s3_bucket_public_access_block.{name}"])
    return module.address(policy)
