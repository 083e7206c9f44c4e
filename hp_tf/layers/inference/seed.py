"""What a file gives the inference operator as existing."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.seeds import Given, Seed


def seed(given: Given) -> Iterator[Seed]:
    """Yield the buckets, which a file names without an ARN."""
    if given.existing is not None:
        yield Seed("bucket", given.existing["tls_bucket_name"])
        return
    for name in ("tls_bucket_name", "access_log_bucket_name"):
        if given.inputs[name]:
            yield Seed("bucket", given.inputs[name])
