"""The resource types of the bucket with the lifecycle scripts."""

from __future__ import annotations

from hp_tf.contract.resources import s3

RESOURCES = (
    s3.BUCKET,
    s3.LIFECYCLE_CONFIGURATION,
    s3.LOGGING,
    s3.OWNERSHIP_CONTROLS,
    s3.POLICY,
    s3.PUBLIC_ACCESS_BLOCK,
    s3.ENCRYPTION,
    s3.VERSIONING,
    s3.OBJECT,
)
