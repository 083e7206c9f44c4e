"""What a file says of a network that exists: its blocks, zones and routes."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.addresses import PRIVATE_BITS, PUBLIC_BITS, block, zone_blocks
from hp_tf.contract.seeds import Given, Seed, Values, fitted_id

# Of a VPC of which the file does not say it.
_USUAL = "10.192.0.0/16"


def seed(given: Given) -> Iterator[Seed]:
    """Yield the network, or the VPC that a network is made in."""
    if given.existing is not None:
        yield from _network(given.existing)
    elif given.inputs["create_vpc"] is False:
        yield from _vpc(given.inputs)


def _vpc(inputs: Values) -> Iterator[Seed]:
    """Yield the VPC with the blocks that the subnets made here lie in, which nothing else may take."""
    zones = inputs["availability_zone_ids"]
    parent = block(inputs["private_cidr_range"])
    private = zone_blocks(zones, inputs["private_subnet_cidrs"], parent, PRIVATE_BITS)
    primary = inputs.get("vpc_cidr") or _USUAL
    public = zone_blocks(zones, inputs["public_subnet_cidrs"], block(primary), PUBLIC_BITS)
    blocks = [primary, *inputs["further_vpc_cidrs"].values()]
    if not inputs["associate_private_cidrs"]:
        present = [found for found in map(block, blocks) if found is not None]
        blocks += [
            str(found) for found in private.values() if found and not any(found.subnet_of(other) for other in present)
        ]
    yield Seed("vpc", inputs["vpc_id"], {"blocks": blocks})
    for found in [*private.values(), *(public.values() if inputs["public_subnets"] else ())]:
        yield Seed("reserved", str(found), fitted=True)


def _network(outputs: Values) -> Iterator[Seed]:
    """Yield the VPC, its subnets, and the tables that lead the private ones to NAT gateways."""
    blocks = outputs.get("vpc_cidr_blocks") or {}
    primary = outputs.get("vpc_cidr") or blocks.get("primary")
    yield Seed("vpc", outputs["vpc_id"], {"blocks": [*([primary] if primary else ()), *blocks.values()]})
    subnets, gateways = outputs["private_subnet_ids"], outputs.get("nat_gateway_ids")
    if gateways is None:
        gateways = dict.fromkeys(list(subnets)[:1], fitted_id("nat", "nat_gateway_ids"))
        for zone, gateway in gateways.items():
            yield Seed("nat_gateway", gateway, {"zone": zone}, fitted=True)
    tables = outputs.get("private_route_table_ids") or {}
    for zone, subnet in subnets.items():
        yield Seed("subnet", subnet, {"zone": zone, "block": blocks.get(zone)})
        table = tables.get(zone) or fitted_id("rtb", f"private_route_table_ids.{zone}")
        way_out = gateways.get(zone) or next(iter(gateways.values()), None)
        yield Seed("route_table", table, {"subnets": [subnet], "nat_gateway": way_out}, fitted=True)
    yield from _public(outputs)


def _public(outputs: Values) -> Iterator[Seed]:
    subnets = list((outputs.get("public_subnet_ids") or {}).values())
    table = outputs.get("public_route_table_id")
    if subnets or table:
        gateway = outputs.get("internet_gateway_id") or fitted_id("igw", "internet_gateway_id")
        yield Seed("internet_gateway", gateway, fitted=True)
        facts = {"subnets": subnets, "internet_gateway": gateway}
        yield Seed("route_table", table or fitted_id("rtb", "public_route_table_id"), facts, fitted=True)
