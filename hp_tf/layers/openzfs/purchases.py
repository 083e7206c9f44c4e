"""What a file system costs by the hour."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.amounts import zone
from hp_tf.contract.purchases import Purchase, Unit
from hp_tf.contract.rules import Scope


def buys(inputs: Scope) -> Iterator[Purchase]:
    """Yield the file system: its capacity and what it can do a second."""
    capacity, where = inputs["storage_capacity_gib"], zone(inputs, inputs["availability_zone_id"])
    if inputs["standby_availability_zone_id"]:
        where = f"{where} and {inputs['standby_availability_zone_id']}"
    what = (
        f"FSx for OpenZFS, {inputs['deployment_type']}: {capacity:,} GiB, {inputs['throughput_capacity_mbps']:,} MB/s, "
        f"in {where}"
    )
    yield Purchase("aws_fsx_openzfs_file_system", None, what, {Unit.STORAGE: capacity})
