"""S3's resource types that several layers make."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.resources.base import ResourceType
from hp_tf.contract.resources.changes import Change, Judgement, Told

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


OBJECT = ResourceType(
    "aws_s3_object",
    import_id="{bucket}/{key}",
    own_id=True,
    exists=lambda planned, account: bool(
        account.client("s3").head_object(Bucket=planned["bucket"], Key=planned["key"])
    ),
    judgement=Judgement(told=_read_once),
)
