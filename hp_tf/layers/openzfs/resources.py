"""The resource types of the home directories' file system."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.resources.base import Attributes, ResourceType
from hp_tf.contract.resources.changes import Judgement, Refused
from hp_tf.contract.resources.fsx import CREATION, file_systems, lost, unkept


def _refused(before: Attributes, after: Attributes) -> Iterator[Refused]:
    """Yield a capacity that grows by too little. Source: the FSx API, UpdateFileSystem, StorageCapacity."""
    old, new = before.get("storage_capacity"), after.get("storage_capacity")
    if old and new and new > old and new * 10 < old * 11:
        text = f"FSx raises it by at least a tenth, and this is {old} to {new} GiB"
        yield Refused("storage_capacity", text, f"raise storage_capacity_gib to {-(-old * 11 // 10)} or more")


RESOURCES = (
    ResourceType(
        "aws_fsx_openzfs_file_system",
        candidates=file_systems,
        creation=CREATION,
        protected=True,
        judgement=Judgement(refused=_refused, lost=lost, told=unkept),
    ),
)
