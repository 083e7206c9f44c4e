"""What the accounting database costs by the hour."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.purchases import Purchase
from hp_tf.contract.rules import Scope


def buys(inputs: Scope) -> Iterator[Purchase]:
    """Yield the database."""
    standby = ", and a standby in another zone" if inputs["standby"] else ""
    what = (
        f"MariaDB {inputs['engine_version']} on {inputs['instance_class']} with {inputs['storage_gib']:,} GiB{standby}"
    )
    yield Purchase("aws_db_instance", None, what)
