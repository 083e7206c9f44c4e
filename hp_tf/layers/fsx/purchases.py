"""What a file system costs by the hour."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.amounts import zone
from hp_tf.contract.purchases import Purchase, Unit
from hp_tf.contract.rules import Scope
from hp_tf.layers.fsx import throughput

_GIB_PER_TIB = 1024


def buys(inputs: Scope) -> Iterator[Purchase]:
    """Yield the file system: its capacity and what it can do a second."""
    kind, where = inputs["deployment_type"], zone(inputs, inputs["availability_zone_id"])
    capacity = inputs["storage_capacity_gib"]
    if inputs["storage_type"] == "INTELLIGENT_TIERING" or capacity is None:
        speed = inputs["throughput_capacity_mbps"]
        what = f"FSx for Lustre, {kind} with INTELLIGENT_TIERING, {speed} MB/s, storage as it is used, in {where}"
        yield Purchase("aws_fsx_lustre_file_system", None, what)
        return
    each = inputs["per_unit_storage_throughput"] or _usual(kind, inputs["storage_type"])
    whole = round(capacity * each / _GIB_PER_TIB)
    what = (
        f"FSx for Lustre, {kind} on {inputs['storage_type']}: {capacity:,} GiB, {each} MB/s per TiB "
        f"({whole:,} MB/s), in {where}"
    )
    yield Purchase("aws_fsx_lustre_file_system", None, what, {Unit.STORAGE: capacity})


def _usual(kind: str, storage: str) -> int:
    if kind.startswith("SCRATCH"):
        return throughput.SCRATCH
    if kind == "PERSISTENT_2":
        return throughput.PERSISTENT_2
    return throughput.PERSISTENT_1_SSD if storage == "SSD" else throughput.PERSISTENT_1_HDD
