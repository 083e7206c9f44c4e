"""S3's resource types that several layers make."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.resources.base import Account, Attributes, ResourceType
from hp_tf.contract.resources.changes import Change, Judgement, Told
from hp_tf.contract.resources.pages import pages

# What nodes read beside their lifecycle scripts when they are made.
_READ_ONCE = "config.py"


def _read_once(change: Change) -> Iterator[Told]:
    name = str((change.before or {}).get("key")).rpartition("/")[2]
    if name == _READ_ONCE and change.after and change.became("content"):
        yield Told(
            "nodes-behind",
            f"{name} changes what lifecycle scripts set up: new and replaced nodes read it, those that run do not",
            "after the apply, replace the nodes that need it, or run the scripts on them by hand",
        )


def _part(kind: str, call: str, key: str) -> ResourceType:
    """Return a part of a bucket: there if S3 has an answer, and the answer says something."""

    def exists(planned: Attributes, account: Account) -> bool:
        return bool(getattr(account.client("s3"), call)(Bucket=planned["bucket"]).get(key))

    return ResourceType(f"aws_s3_bucket_{kind}", import_id="{bucket}", exists=exists)


def _lost(bucket: Attributes) -> str | None:
    return f"every object in {bucket.get('bucket')}, old versions too" if bucket.get("force_destroy") else None


BUCKET = ResourceType(
    "aws_s3_bucket",
    import_id="{bucket}",
    exists=lambda planned, account: bool(account.client("s3").head_bucket(Bucket=planned["bucket"])),
    inventory=lambda clients: (item["Name"] for item in pages(clients.client("s3"), "list_buckets", "Buckets")),
    protected=True,
    judgement=Judgement(lost=_lost),
)
LIFECYCLE_CONFIGURATION = _part("lifecycle_configuration", "get_bucket_lifecycle_configuration", "Rules")
LOGGING = _part("logging", "get_bucket_logging", "LoggingEnabled")
OWNERSHIP_CONTROLS = _part("ownership_controls", "get_bucket_ownership_controls", "OwnershipControls")
POLICY = _part("policy", "get_bucket_policy", "Policy")
PUBLIC_ACCESS_BLOCK = _part("public_access_block", "get_public_access_block", "PublicAccessBlockConfiguration")
ENCRYPTION = _part("server_side_encryption_configuration", "get_bucket_encryption", "ServerSideEncryptionConfiguration")
VERSIONING = _part("versioning", "get_bucket_versioning", "Status")
OBJECT = ResourceType(
    "aws_s3_object",
    import_id="{bucket}/{key}",
    own_id=True,
    exists=lambda planned, account: bool(
        account.client("s3").head_object(Bucket=planned["bucket"], Key=planned["key"])
    ),
    judgement=Judgement(told=_read_once),
)
