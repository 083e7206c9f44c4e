"""The resource types that the network is made of."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.clients import Clients
from hp_tf.contract.resources import ec2, iam, logs
from hp_tf.contract.resources.base import Account, Attributes, ResourceType
from hp_tf.contract.resources.changes import Change, Judgement, Told, at
from hp_tf.contract.resources.creation import Creation


def _vpcs(clients: Clients) -> Iterator[ec2.Item]:
    """Yield the VPCs that somebody made."""
    return (vpc for vpc in ec2.described(clients, "describe_vpcs", "Vpcs") if not vpc.get("IsDefault"))


def _blocks(vpc: ec2.Item, states: frozenset[str]) -> Iterator[ec2.Item]:
    """Yield a VPC's further CIDR blocks: its first one is part of it."""
    for block in vpc.get("CidrBlockAssociationSet", ()):
        if block["CidrBlock"] != vpc["CidrBlock"] and block.get("CidrBlockState", {}).get("State") in states:
            yield block


def _fitting_blocks(planned: Attributes, clients: Clients) -> Iterator[str]:
    if not planned.get("vpc_id"):
        return
    vpc = clients.client("ec2").describe_vpcs(VpcIds=[planned["vpc_id"]])["Vpcs"][0]
    for block in _blocks(vpc, frozenset({"associating", "associated"})):
        if block["CidrBlock"] == planned.get("cidr_block"):
            yield block["AssociationId"]


def _all_blocks(clients: Clients) -> Iterator[str]:
    for vpc in _vpcs(clients):
        yield from (block["AssociationId"] for block in _blocks(vpc, frozenset({"associated"})))


def _fitting_gateways(planned: Attributes, clients: Clients) -> Iterator[str]:
    """Yield internet gateways: made first and attached after, a run may have been killed between the two."""
    name, vpc = ec2.name_tag(planned), planned.get("vpc_id")
    if name is None or not vpc:
        return
    for item in ec2.described(clients, "describe_internet_gateways", "InternetGateways", {"tag:Name": name}):
        attached = {at["VpcId"] for at in item.get("Attachments", ())}
        if not attached or vpc in attached:
            yield item["InternetGatewayId"]


def _all_gateways(clients: Clients) -> Iterator[str]:
    default = ec2.default_vpcs(clients)
    for gateway in ec2.described(clients, "describe_internet_gateways", "InternetGateways"):
        if not any(attachment["VpcId"] in default for attachment in gateway.get("Attachments", ())):
            yield gateway["InternetGatewayId"]


def _route_exists(planned: Attributes, account: Account) -> bool:
    wanted = planned["destination_cidr_block"]
    tables = ec2.route_tables(planned, account)
    return any(route.get("DestinationCidrBlock") == wanted for table in tables for route in table["Routes"])


def _gateway_status(clients: Clients, identity: str) -> str:
    return str(clients.client("ec2").describe_nat_gateways(NatGatewayIds=[identity])["NatGateways"][0]["State"])


def _way_out(change: Change) -> Iterator[Told]:
    """Yield that the nodes of a zone, which stays, have no way out any more."""
    was, will = at(change.before, "nat_gateway_id"), at(change.after, "nat_gateway_id")
    zone_goes = f'aws_subnet.private["{change.key}"]' in change.gone
    if was and change.after is None and not zone_goes:
        text = (
            f"nodes in {change.key} lose their way to the internet: what they pull from registries, package "
            "repositories and AWS services without an endpoint is cut off"
        )
        yield Told("way-out-lost", text, "endpoints.interface_endpoints lists what the services need")
    elif was and change.after is not None and was != will:
        yield Told("address-lost", f"nodes in {change.key} go out by another public address from then on")


def _address(change: Change) -> Iterator[Told]:
    address = at(change.before, "public_ip")
    if address and (change.after is None or change.replaced):
        text = f"the NAT gateway of {change.key} goes with its public address {address}"
        yield Told("address-lost", text, "tell those who let it in by its address, such as eks.public_access_cidrs")


RESOURCES = (
    ResourceType(
        "aws_vpc",
        candidates=ec2.tagged("describe_vpcs", "Vpcs", "VpcId", {"cidr_block": "cidr"}),
        inventory=lambda clients: (vpc["VpcId"] for vpc in _vpcs(clients)),
    ),
    ResourceType("aws_vpc_ipv4_cidr_block_association", candidates=_fitting_blocks, single=True, inventory=_all_blocks),
    # Every VPC has one: Terraform takes it over either way.
    ResourceType(
        "aws_default_security_group",
        candidates=lambda planned, clients: ec2.security_groups({**planned, "name": "default"}, clients),
        single=True,
    ),
    ec2.SUBNET,
    ResourceType("aws_internet_gateway", candidates=_fitting_gateways, inventory=_all_gateways),
    ResourceType(
        "aws_eip",
        candidates=ec2.tagged("describe_addresses", "Addresses", "AllocationId", {}),
        inventory=ec2.listed("describe_addresses", "Addresses", "AllocationId"),
    ),
    ResourceType(
        "aws_nat_gateway",
        candidates=ec2.tagged("describe_nat_gateways", "NatGateways", "NatGatewayId", {"subnet_id": "subnet-id"}),
        inventory=ec2.listed("describe_nat_gateways", "NatGateways", "NatGatewayId"),
        creation=Creation(_gateway_status, coming=frozenset({"pending"}), well=frozenset({"available"})),
        judgement=Judgement(told=_address),
    ),
    ec2.ROUTE_TABLE,
    ec2.ROUTE_TABLE_ASSOCIATION,
    ResourceType(
        "aws_route",
        import_id="{route_table_id}_{destination_cidr_block}",
        own_id=True,
        exists=_route_exists,
        judgement=Judgement(told=_way_out),
    ),
    ResourceType(
        "aws_flow_log",
        candidates=ec2.tagged("describe_flow_logs", "FlowLogs", "FlowLogId", {"vpc_id": "resource-id"}),
        inventory=ec2.listed("describe_flow_logs", "FlowLogs", "FlowLogId"),
    ),
    logs.LOG_GROUP,
    iam.ROLE,
    iam.ROLE_POLICY,
)
