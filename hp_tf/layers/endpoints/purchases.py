"""What endpoints cost by the hour: the interfaces; gateways are free."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.purchases import Purchase
from hp_tf.contract.rules import Scope


def buys(inputs: Scope) -> Iterator[Purchase]:
    """Yield the interface endpoints that are made here."""
    zones = inputs["interface_availability_zone_ids"]
    where = f"in {', '.join(map(str, zones))}" if isinstance(zones, list) else "in every zone"
    services = inputs["interface_endpoints"]
    if services:
        many = "interface endpoints" if len(services) > 1 else "interface endpoint"
        yield Purchase("aws_vpc_endpoint", None, f"{len(services)} {many} {where}: {', '.join(map(str, services))}")
