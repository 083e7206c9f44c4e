"""S3's resource types that several layers make."""

from __future__ import annotations

from hp_tf.contract.resources.base import ResourceType

OBJECT = ResourceType(
    "aws_s3_object",
    import_id="{bucket}/{key}",
    own_id=True,
    exists=lambda planned, account: bool(
        account.client("s3").head_object(Bucket=planned["bucket"], Key=planned["key"])
    ),
)
