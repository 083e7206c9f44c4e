"""What a network costs by the hour: its NAT gateways."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.purchases import Purchase, Unit
from hp_tf.contract.rules import Scope


def buys(inputs: Scope) -> Iterator[Purchase]:
    """Yield the NAT gateways that are made here."""
    zones = inputs["availability_zone_ids"]
    primary = inputs["primary_availability_zone_id"] or (zones[0] if zones else None)
    standing = {"single": [primary], "per_az": zones}.get(inputs["nat"], [])
    for zone in sorted(map(str, standing)):
        yield Purchase("aws_nat_gateway", None, f"NAT gateway in {zone}", {Unit.NAT: 1})
