"""What a file says of a file system that exists, and of what one is filled from."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.seeds import Given, Seed


def seed(given: Given) -> Iterator[Seed]:
    """Yield the file system, or the backup that a new one is filled from."""
    if given.existing is not None:
        facts = {"dns_name": given.existing.get("dns_name"), "type": "OPENZFS"}
        yield Seed("file_system", given.existing["file_system_id"], facts)
        return
    if given.inputs["backup_id"]:
        yield Seed("backup", given.inputs["backup_id"])
