"""What moto does wrong for our layers, mended in place.

Each patch has a test that the patched attribute still exists and that moto without the patch is still wrong, so that a
patch goes when moto no longer needs it.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterable
from typing import Any

from moto.ec2.exceptions import DependencyViolationError, EC2ClientError
from moto.ec2.models.elastic_ip_addresses import ElasticAddressBackend
from moto.ec2.models.internet_gateways import InternetGatewayBackend
from moto.ec2.models.nat_gateways import NatGatewayBackend
from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule
from moto.ec2.models.subnets import SubnetBackend
from moto.ec2.models.vpcs import VPCBackend
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.rds.models import DBParameterGroup
from moto.s3.models import FakeBucket

_update_parameters = DBParameterGroup.update_parameters
_delete_subnet = SubnetBackend.delete_subnet
_delete_group = SecurityGroupBackend._delete_security_group
_delete_nat_gateway = NatGatewayBackend.delete_nat_gateway
_modify_rules = SecurityGroupBackend.modify_security_group_rules
_delete_vpc = VPCBackend.delete_vpc
_associate_block = VPCBackend.associate_vpc_cidr_block
_modify_endpoint = VPCBackend.modify_vpc_endpoint
_disassociate_block = VPCBackend.disassociate_vpc_cidr_block
_detach_gateway = InternetGatewayBackend.detach_internet_gateway
_disassociate_address = ElasticAddressBackend.disassociate_address


def rule_description(rule: Any) -> str | None:
    """A rule's description, wherever its peer is kept. moto looks at address ranges only.

    A description on a rule whose peer is a security group is lost otherwise: every plan would show it as a change.
    """
    text = rule.ip_range.get("Description") or rule.source_group.get("Description")
    return str(text) if text else None


def bucket_permission(bucket: Any, action: str, resource: str) -> Any:
    """What a bucket's policy says, without the statements that have conditions. moto ignores the conditions.

    The usual statement that denies requests without TLS would deny every request otherwise.
    """
    if bucket.policy is None:
        return PermissionResult.NEUTRAL
    document = json.loads(bucket.policy)
    statements = document.get("Statement", [])
    if isinstance(statements, dict):
        statements = [statements]
    document["Statement"] = [statement for statement in statements if not statement.get("Condition")]
    return IAMPolicy(json.dumps(document)).is_action_permitted(action, resource)


def update_parameters(group: Any, parameters: Iterable[dict[str, Any]]) -> None:
    """Change parameters of databases. moto does not say that a user did, and Terraform takes them for the default."""
    _update_parameters(group, [{**parameter, "Source": "user"} for parameter in parameters])


def delete_subnet(backend: Any, subnet_id: str) -> Any:
    """Delete a subnet, if nothing is in it. moto deletes any: a wrong order of destruction would not be seen."""
    if any(interface.subnet.id == subnet_id for interface in list(backend.enis.values())):
        raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    return _delete_subnet(backend, subnet_id)


def delete_group(backend: Any, vpc_id: str | None, group_id: str) -> None:
    """Delete a security group that no interface, no endpoint and no rule of another group names."""
    interfaces = (group.id for interface in list(backend.enis.values()) for group in interface.group_set)
    endpoints = (
        identifier
        for endpoint in list(backend.vpc_end_points.values())
        if endpoint.state != "deleted"
        for identifier in endpoint.security_group_ids
    )
    rules = (
        rule.source_group.get("GroupId")
        for groups in list(backend.groups.values())
        for group in list(groups.values())
        if group.id != group_id
        for rule in (*group.ingress_rules, *group.egress_rules)
    )
    if any(group_id in named for named in (interfaces, endpoints, rules)):
        raise DependencyViolationError(f"resource {group_id} has a dependent object")
    _delete_group(backend, vpc_id, group_id)


def modify_rules(backend: Any, group_id: str, rules: dict[str, dict[str, Any]]) -> None:
    """Change rules of a group. One for all protocols has no ports, and moto wants some from it too."""
    portless = [name for name, rule in rules.items() if rule.get("IpProtocol") == "-1"]
    for name in portless:
        rules[name].update(FromPort=-1, ToPort=-1)
    _modify_rules(backend, group_id, rules)
    for name in portless:
        changed = backend.get_security_group_by_name_or_id(group_id).get_rule(name)
        changed.from_port = changed.to_port = None


def delete_nat_gateway(backend: Any, nat_gateway_id: str) -> Any:
    """Delete a NAT gateway and its interface, which moto leaves behind with the address on it."""
    gateway = _delete_nat_gateway(backend, nat_gateway_id)
    for address in backend.addresses:
        if address.eni is gateway._eni:
            address.eni = address.association_id = None
    backend.enis.pop(gateway._eni.id, None)
    return gateway


def delete_vpc(backend: Any, vpc_id: str) -> Any:
    """Delete a VPC, if nothing is in it. moto looks at subnets and route tables only."""
    groups = (group.name != "default" for group in list(backend.groups.get(vpc_id, {}).values()))
    gateways = (bool(gateway.vpc) and gateway.vpc.id == vpc_id for gateway in list(backend.internet_gateways.values()))
    endpoints = (
        endpoint.vpc_id == vpc_id and endpoint.state != "deleted" for endpoint in list(backend.vpc_end_points.values())
    )
    if any(groups) or any(gateways) or any(endpoints):
        raise DependencyViolationError(f"The vpc '{vpc_id}' has dependencies and cannot be deleted.")
    return _delete_vpc(backend, vpc_id)


def associate_block(
    backend: Any, vpc_id: str, cidr_block: str, amazon_provided_ipv6_cidr_block: bool = False
) -> dict[str, Any]:
    """Give a VPC a further block of addresses, if it overlaps none that the VPC has. moto takes the same one again."""
    if cidr_block:
        _check_range(backend.get_vpc(vpc_id).cidr_block, cidr_block)
    for block in backend.get_vpc(vpc_id).get_cidr_block_association_set() if cidr_block else ():
        # moto shows one that was taken away until the next is given.
        if block["cidr_block_state"]["state"] == "associated" and ipaddress.IPv4Network(block["cidr_block"]).overlaps(
            ipaddress.IPv4Network(cidr_block)
        ):
            # Source of the rule: Amazon VPC's guide, "VPC CIDR blocks". The words are ours.
            raise EC2ClientError(
                "InvalidVpc.Conflict", f"The CIDR '{cidr_block}' conflicts with {block['cidr_block']} of {vpc_id}"
            )
    found: dict[str, Any] = _associate_block(backend, vpc_id, cidr_block, amazon_provided_ipv6_cidr_block)
    return found


# Source: Amazon VPC's guide, "IPv4 CIDR block association restrictions". The words are ours.
_PRIVATE = tuple(map(ipaddress.IPv4Network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
_NEVER = ipaddress.IPv4Network("198.19.0.0/16")


def _check_range(primary: str, block: str) -> None:
    """Refuse a block of another private range than the VPC's own."""
    own, more = ipaddress.IPv4Network(primary), ipaddress.IPv4Network(block)
    for network in (*_PRIVATE, _NEVER):
        if more.overlaps(network) and not (network != _NEVER and own.subnet_of(network)):
            raise EC2ClientError("InvalidVpc.Range", f"The CIDR '{block}' is restricted for a VPC of {primary}")


def modify_endpoint(
    backend: Any,
    vpc_id: str,
    policy_doc: str,
    add_subnets: list[str] | None,
    remove_subnets: list[str] | None,
    remove_route_tables: list[str] | None,
    add_route_tables: list[str] | None,
    add_security_groups: list[str] | None,
    remove_security_groups: list[str] | None,
) -> None:
    """Change an endpoint, if no table is to lead to two of one service. ``vpc_id`` is the endpoint's id.

    Source: Amazon VPC's guide, "Gateway endpoints": a route table has one route for a service. EC2 answers a second one
    with RouteAlreadyExists.
    """
    endpoint = backend.describe_vpc_endpoints(vpc_end_point_ids=[vpc_id])[0]
    for other in list(backend.vpc_end_points.values()):
        held = set(other.route_table_ids or ()) if other.state != "deleted" else set()
        taken = sorted(held & set(add_route_tables or ()))
        if other.id != endpoint.id and other.service_name == endpoint.service_name and taken:
            raise EC2ClientError(
                "RouteAlreadyExists",
                f"route table {taken[0]} already has a route to {other.service_name}, by {other.id}",
            )
    _modify_endpoint(
        backend,
        vpc_id,
        policy_doc,
        add_subnets,
        remove_subnets,
        remove_route_tables,
        add_route_tables,
        add_security_groups,
        remove_security_groups,
    )


def disassociate_block(backend: Any, association_id: str) -> Any:
    """Take a further block of addresses from a VPC, if no subnet lies in it."""
    for vpc in list(backend.vpcs.values()):
        for block in vpc.get_cidr_block_association_set():
            if block["association_id"] == association_id and block["cidr_block"] != vpc.cidr_block:
                _check_unused(backend, vpc.id, block)
    return _disassociate_block(backend, association_id)


def _check_unused(backend: Any, vpc_id: str, block: dict[str, Any]) -> None:
    network = ipaddress.IPv4Network(block["cidr_block"])
    for zone in list(backend.subnets.values()):
        for subnet in list(zone.values()):
            if subnet.vpc_id == vpc_id and ipaddress.IPv4Network(subnet.cidr_block).subnet_of(network):
                raise EC2ClientError(
                    "InvalidCidrBlock.InUse",
                    f"The vpc CIDR block with association ID {block['association_id']} may not be disassociated. "
                    f"The subnet {subnet.id} is in it",
                )


def detach_gateway(backend: Any, internet_gateway_id: str, vpc_id: str) -> None:
    """Detach an internet gateway, if no interface of the VPC has a public address."""
    if any(interface.public_ip and interface.subnet.vpc_id == vpc_id for interface in list(backend.enis.values())):
        raise DependencyViolationError(
            f"Network {vpc_id} has some mapped public address(es). Please unmap those public address(es) before "
            "detaching the gateway."
        )
    _detach_gateway(backend, internet_gateway_id, vpc_id)


def disassociate_address(backend: Any, address: str | None = None, association_id: str | None = None) -> None:
    """Take an address from its interface, but not from a NAT gateway's. moto releases addresses by this call too.

    The real service speaks of missing permission here, whoever asks.
    """
    found = backend.address_by_ip([address]) if address else backend.address_by_association([association_id])
    held = (gateway._eni for gateway in list(backend.nat_gateways.values()) if gateway.state != "deleted")
    if any(interface is found[0].eni for interface in held):
        raise EC2ClientError("AuthFailure", "You do not have permission to access the specified resource.")
    _disassociate_address(backend, address, association_id)


# What each patch replaces, and by what.
PATCHES: tuple[tuple[type, str, Any], ...] = (
    (SecurityGroupRule, "description", property(rule_description)),
    (DBParameterGroup, "update_parameters", update_parameters),
    (FakeBucket, "get_permission", bucket_permission),
    (SubnetBackend, "delete_subnet", delete_subnet),
    (SecurityGroupBackend, "_delete_security_group", delete_group),
    (SecurityGroupBackend, "modify_security_group_rules", modify_rules),
    (NatGatewayBackend, "delete_nat_gateway", delete_nat_gateway),
    (VPCBackend, "delete_vpc", delete_vpc),
    (VPCBackend, "associate_vpc_cidr_block", associate_block),
    (VPCBackend, "modify_vpc_endpoint", modify_endpoint),
    (VPCBackend, "disassociate_vpc_cidr_block", disassociate_block),
    (InternetGatewayBackend, "detach_internet_gateway", detach_gateway),
    (ElasticAddressBackend, "disassociate_address", disassociate_address),
)


def apply_patches() -> None:
    """Mend moto in this process. Applying them twice changes nothing."""
    for owner, name, value in PATCHES:
        # setattr: mypy would refuse to replace a property and a method, which is what a patch does.
        setattr(owner, name, value)
