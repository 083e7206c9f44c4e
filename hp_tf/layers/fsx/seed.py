"""What a file says of a file system that exists, and of the bucket that one is filled from."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.seeds import Given, Seed


def seed(given: Given) -> Iterator[Seed]:
    """Yield the file system, or the bucket of ``import_path``."""
    if given.existing is not None:
        facts = {name: given.existing.get(name) for name in ("dns_name", "mount_name")}
        yield Seed("file_system", given.existing["file_system_id"], facts)
    elif given.inputs["import_path"]:
        yield Seed("bucket", given.inputs["import_path"].split("/")[2])
