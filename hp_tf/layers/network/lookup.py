"""What hptf finds out about a network that exists, from its VPC and its private subnets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Network
from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.lookup import Given, Lookup, NotThere, Unfit
from hp_tf.errors import HptfError


def _find(clients: Clients, given: Given) -> dict[str, Any]:
    """Return the outputs of an existing network.

    Args:
        given: ``vpc_id``, and ``private_subnet_ids`` by zone id.

    Raises:
        NotThere: if one does not exist.
        Unfit: if a subnet is in another VPC or zone, or public.
        HptfError: if it has no route table.
    """
    ec2, vpc_id = clients.client("ec2"), given["vpc_id"]
    zones = {subnet: zone for zone, subnet in given["private_subnet_ids"].items()}
    # Asked for by a filter: what does not exist is missing in the answer then, each by itself.
    vpcs = ec2.describe_vpcs(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["Vpcs"]
    subnets = ec2.describe_subnets(Filters=[{"Name": "subnet-id", "Values": sorted(zones)}])["Subnets"]
    missing = sorted(set(zones) - {item["SubnetId"] for item in subnets})
    unknown = [] if vpcs else [f"vpc_id {vpc_id}"]
    unknown += [f"private_subnet_ids {', '.join(missing)}"] if missing else []
    if unknown:
        raise NotThere(" and no ".join(unknown))
    _check(subnets, vpc_id, zones)
    _resolving(ec2, vpc_id)
    tables = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc_id]}])["RouteTables"]
    by_zone = {zones[item["SubnetId"]]: _table(tables, item["SubnetId"]) for item in subnets}
    _private(by_zone, {zone: subnet for subnet, zone in zones.items()})
    gateways = {zone: _nat_gateway(table) for zone, table in sorted(by_zone.items())}
    return {
        "vpc_cidr": vpcs[0]["CidrBlock"],
        "vpc_cidr_blocks": _blocks(vpcs[0], {zones[item["SubnetId"]]: item["CidrBlock"] for item in subnets}),
        "private_route_table_ids": {zone: table["RouteTableId"] for zone, table in sorted(by_zone.items())},
        "nat_gateway_ids": {zone: gateway for zone, gateway in gateways.items() if gateway is not None},
    }


def _check(subnets: Sequence[Mapping[str, Any]], vpc_id: str, zones: Mapping[str, str]) -> None:
    wrong = []
    for item in subnets:
        subnet = item["SubnetId"]
        if item["VpcId"] != vpc_id:
            wrong.append(f"{subnet} is in {item['VpcId']}, not in {vpc_id}")
        elif item["AvailabilityZoneId"] != zones[subnet]:
            wrong.append(f"{subnet} is in zone {item['AvailabilityZoneId']}, not in {zones[subnet]}")
    if wrong:
        raise Unfit("; ".join(sorted(wrong)))


def _resolving(ec2: Any, vpc_id: str) -> None:
    """Private endpoints are found by names that only a VPC with both of these resolves."""
    attributes = {"enableDnsSupport": "DNS support", "enableDnsHostnames": "DNS hostnames"}
    off = [
        words
        for name, words in attributes.items()
        if not ec2.describe_vpc_attribute(VpcId=vpc_id, Attribute=name)[name[0].upper() + name[1:]]["Value"]
    ]
    if off:
        raise Unfit(
            f"{vpc_id} has {' and '.join(off)} off, so that no private endpoint in it is found by its name",
            "turn DNS support and DNS hostnames of the VPC of {} on",
        )


def _table(tables: Sequence[dict[str, Any]], subnet: str) -> dict[str, Any]:
    """A subnet's route table: its own, else the VPC's main one."""
    main = None
    for table in tables:
        for association in table.get("Associations", ()):
            if association.get("SubnetId") == subnet:
                return table
            if association.get("Main"):
                main = table
    if main is None:
        raise HptfError(f"subnet {subnet} has no route table", hint="give it one, or name another subnet")
    return main


def _private(tables: Mapping[str, Mapping[str, Any]], subnets: Mapping[str, str]) -> None:
    """Nodes have no public addresses: a route to an internet gateway leads them nowhere."""
    public = []
    for zone, table in sorted(tables.items()):
        for route in table["Routes"]:
            gateway = str(route.get("GatewayId", ""))
            if route.get("DestinationCidrBlock") == "0.0.0.0/0" and gateway.startswith("igw-"):
                public.append(f"{subnets[zone]} is a public subnet: its default route leads to {gateway}")
    if public:
        raise Unfit(
            "; ".join(public),
            "name subnets that go out by a NAT gateway in {}.private_subnet_ids: nodes have no public addresses",
        )


def _nat_gateway(table: Mapping[str, Any]) -> str | None:
    for route in table["Routes"]:
        if route.get("DestinationCidrBlock") == "0.0.0.0/0" and route.get("NatGatewayId"):
            return str(route["NatGatewayId"])
    return None


def _blocks(vpc: Mapping[str, Any], subnets: Mapping[str, str]) -> dict[str, str]:
    """The VPC's blocks, each once: EC2 refuses a second rule for the same block.

    A block is called by the zone whose subnet is in it, as where the network is created; others by their association.
    """
    blocks = {"primary": str(vpc["CidrBlock"])}
    for item in vpc.get("CidrBlockAssociationSet", ()):
        found = str(item["CidrBlock"])
        if found in blocks.values() or item.get("CidrBlockState", {}).get("State") != "associated":
            continue
        inside = (zone for zone, cidr in sorted(subnets.items()) if IPv4Network(cidr).subnet_of(IPv4Network(found)))
        blocks[next(inside, str(item["AssociationId"]))] = found
    return blocks


LOOKUP = Lookup(
    identified_by=("vpc_id", "private_subnet_ids"),
    fills=("vpc_cidr", "vpc_cidr_blocks", "private_route_table_ids", "nat_gateway_ids"),
    find=_find,
)
