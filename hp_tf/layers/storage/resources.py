"""The resource types of the bucket with the lifecycle scripts."""

from __future__ import annotations

from hp_tf.contract.resources.base import Account, Attributes, ResourceType
from hp_tf.contract.resources.changes import Judgement
from hp_tf.contract.resources.pages import pages
from hp_tf.contract.resources.s3 import OBJECT


def _part(kind: str, call: str, key: str) -> ResourceType:
    """Return a part of a bucket: there if S3 has an answer, and the answer says something."""

    def exists(planned: Attributes, account: Account) -> bool:
        return bool(getattr(account.client("s3"), call)(Bucket=planned["bucket"]).get(key))

    return ResourceType(f"aws_s3_bucket_{kind}", import_id="{bucket}", exists=exists)


def _lost(bucket: Attributes) -> str | None:
    return f"every object in {bucket.get('bucket')}, old versions too" if bucket.get("force_destroy") else None


RESOURCES = (
    ResourceType(
        "aws_s3_bucket",
        import_id="{bucket}",
        exists=lambda planned, account: bool(account.client("s3").head_bucket(Bucket=planned["bucket"])),
        inventory=lambda clients: (item["Name"] for item in pages(clients.client("s3"), "list_buckets", "Buckets")),
        protected=True,
        judgement=Judgement(lost=_lost),
    ),
    _part("lifecycle_configuration", "get_bucket_lifecycle_configuration", "Rules"),
    _part("logging", "get_bucket_logging", "LoggingEnabled"),
    _part("ownership_controls", "get_bucket_ownership_controls", "OwnershipControls"),
    _part("policy", "get_bucket_policy", "Policy"),
    _part("public_access_block", "get_public_access_block", "PublicAccessBlockConfiguration"),
    _part("server_side_encryption_configuration", "get_bucket_encryption", "ServerSideEncryptionConfiguration"),
    _part("versioning", "get_bucket_versioning", "Status"),
    OBJECT,
)
