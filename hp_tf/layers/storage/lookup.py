"""What hptf finds out about a bucket that exists."""

from __future__ import annotations

from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.lookup import Given, Lookup


def _find(clients: Clients, given: Given) -> dict[str, Any]:
    s3 = clients.client("s3")
    s3.head_bucket(Bucket=given["bucket_name"])
    return {"bucket_arn": f"arn:{s3.meta.partition}:s3:::{given['bucket_name']}"}


LOOKUP = Lookup(identified_by=("bucket_name",), fills=("bucket_arn",), find=_find)
