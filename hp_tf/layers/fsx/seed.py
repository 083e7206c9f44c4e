"""What a file says of a file system that exists, and of what one is filled from."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.seeds import Given, Seed


def seed(given: Given) -> Iterator[Seed]:
    """Yield the file system, or the bucket or backup that a new one is filled from."""
    if given.existing is not None:
        facts = {name: given.existing.get(name) for name in ("dns_name", "mount_name")}
        yield Seed("file_system", given.existing["file_system_id"], facts)
        return
    if given.inputs["import_path"]:
        yield Seed("bucket", given.inputs["import_path"].split("/")[2])
    if given.inputs["backup_id"]:
        yield Seed("backup", given.inputs["backup_id"])
