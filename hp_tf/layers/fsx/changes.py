"""What FSx refuses of a Lustre file system's changes.

Sources: the FSx API (UpdateFileSystem, UpdateFileSystemLustreMetadataConfiguration); the Lustre user guide, "Managing
metadata performance" and "Managing storage capacity"; of both in one step hashicorp/terraform-provider-aws 44432, by
which releases before 6.15 raise the capacity first.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hp_tf.contract.resources.changes import Attributes, Judgement, Refused, at
from hp_tf.contract.resources.fsx import lost, unkept

# The metadata operations per second that come with the capacity, up to these GiB.
_INCLUDED = ((1200, 1500), (2400, 3000), (9600, 6000))
_STEP_GIB, _STEP_IOPS = 24000, 12000


def included_iops(capacity: int) -> int:
    """Return the metadata operations per second that FSx derives from a capacity in GiB, and asks for at least."""
    small = next((iops for limit, iops in _INCLUDED if capacity <= limit), None)
    return small if small is not None else max(1, capacity // _STEP_GIB) * _STEP_IOPS


def _metadata(attributes: Attributes) -> dict[str, Any] | None:
    found = at(attributes, "metadata_configuration", 0)
    return dict(found) if isinstance(found, dict) else None


def _refused(before: Attributes, after: Attributes) -> Iterator[Refused]:
    was, will = _metadata(before), _metadata(after)
    if not was and will:
        text = "FSx takes a metadata configuration only when the file system is made"
        yield Refused("metadata_configuration", text, "leave it out, or make a file system beside it and copy the data")
    yield from _capacity(before, after)
    if was and will:
        yield from _iops(before, after, was, will)
    old, new = before.get("throughput_capacity"), after.get("throughput_capacity")
    if old and new and new < old:
        yield Refused("throughput_capacity", "FSx only raises it", f"leave throughput_capacity_mbps at {old}")


def _capacity(before: Attributes, after: Attributes) -> Iterator[Refused]:
    old, new = before.get("storage_capacity"), after.get("storage_capacity")
    if old and new and new > old and after.get("deployment_type") == "SCRATCH_1":
        remedy = "make a file system beside it and copy the data"
        yield Refused("storage_capacity", "a SCRATCH_1 file system keeps its capacity", remedy)


def _iops(before: Attributes, after: Attributes, was: dict[str, Any], will: dict[str, Any]) -> Iterator[Refused]:
    old, new = was.get("iops"), will.get("iops")
    path = "metadata_configuration.iops"
    capacity, grown = before.get("storage_capacity") or 0, after.get("storage_capacity") or 0
    if will.get("mode") == "AUTOMATIC" and was.get("mode") == "USER_PROVISIONED":
        if old and grown and old > included_iops(grown):
            text = f"FSx does not lower them, and a file system of {grown} GiB would have {included_iops(grown)}"
            yield Refused("metadata_configuration.mode", text, f"leave mode at USER_PROVISIONED with {old} iops")
        return
    if old and new and will.get("mode") == "USER_PROVISIONED" and new < old:
        yield Refused(path, "FSx does not lower them", f"leave iops at {old}")
    elif old and new and new > old and grown > capacity and old < included_iops(grown):
        text = f"{grown} GiB need them before the capacity is raised, and the provider (before 6.15) raises that first"
        yield Refused(path, text, f"raise iops to {new} in an apply of its own, and storage_capacity_gib after it")


JUDGEMENT = Judgement(refused=_refused, lost=lost, told=unkept)
