"""Rules of the eks layer about addresses: the control plane's subnets, Kubernetes services, and who reaches the API."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Network
from typing import Any

from hp_tf.contract.addresses import (
    CONTROL_PLANE_BITS,
    PRIVATE,
    block,
    last_256,
    misaligned,
    overlaps,
    zone_blocks,
    zone_number,
)
from hp_tf.contract.role import configured
from hp_tf.contract.roles import Network
from hp_tf.contract.rules import (
    Path,
    PythonRule,
    Rule,
    Scope,
    choose,
    concat,
    element,
    evaluate,
    implies,
    listed,
    other,
    var,
)
from hp_tf.contract.shared_rules import zones_in_region
from hp_tf.layers.network.rules import (
    Failures,
    mapping,
    private_blocks,
    public_blocks,
    python_rule,
    range_rule,
    zones,
)

# The VPC's range: the layer's own input, or as the network is configured where that does not exist yet.
VPC_CIDR = var("vpc_cidr").foreseen(other(Network, "vpc_cidr"))


def _vpc(scope: Scope) -> IPv4Network | None:
    return block(evaluate(VPC_CIDR, scope))


def _subnets(scope: Scope) -> dict[str, IPv4Network | None]:
    """Each zone's control-plane block, as the module computes it; None where there is none."""
    if scope.get("create_subnets") is not True:
        return {}
    vpc = _vpc(scope)
    parent = last_256(vpc) if vpc is not None else None
    return zone_blocks(zones(scope), mapping(scope, "subnet_cidrs"), parent, CONTROL_PLANE_BITS)


def _place(scope: Scope, zone: str) -> Path:
    return ("subnet_cidrs", zone) if zone in mapping(scope, "subnet_cidrs") else ("subnet_cidrs",)


def _others(scope: Scope) -> dict[str, IPv4Network]:
    """The network's subnets by what they are, as far as the file says."""
    plan = configured(scope, Network)
    kinds = {"private": private_blocks(plan), "public": public_blocks(plan)}
    return {
        f"{kind} subnet of {zone} ({found})": found
        for kind, blocks in kinds.items()
        for zone, found in blocks.items()
        if found is not None
    }


def aligned(scope: Scope) -> Failures:
    """Yield ranges with host bits set."""
    places: list[tuple[Path, Any]] = [(("service_ipv4_cidr",), scope.get("service_ipv4_cidr"))]
    for name in ("subnet_cidrs", "private_access_cidrs"):
        places += [((name, key), value) for key, value in mapping(scope, name).items()]
    listed = scope.get("public_access_cidrs")
    for index, value in enumerate(listed if isinstance(listed, list) else []):
        places.append((("public_access_cidrs", index), value))
    for path, value in places:
        right = misaligned(value) if isinstance(value, str) else None
        if right is not None:
            yield path, f"'{value}' has bits set behind its prefix; the range it lies in is '{right}'"


def in_tail(scope: Scope) -> Failures:
    """Yield zones whose number has no block in the VPC's last 256 addresses. A smaller VPC is another rule's."""
    vpc = _vpc(scope)
    if vpc is None or last_256(vpc) is None:
        return
    for zone, found in _subnets(scope).items():
        if found is None and zone not in mapping(scope, "subnet_cidrs"):
            message = f"Zone '{zone}' has number {zone_number(zone)}, and the VPC's end has blocks 0 to 15"
            yield ("availability_zone_ids",), f"{message}; name its range in subnet_cidrs"


def placed(scope: Scope) -> Failures:
    """Yield ranges that are not private, or outside a VPC made here, which has no other block they could lie in."""
    vpc = _vpc(scope) if configured(scope, Network).get("create_vpc") is True else None
    for zone, value in mapping(scope, "subnet_cidrs").items():
        found = block(value)
        if found is None:
            continue
        if vpc is not None and not found.subnet_of(vpc):
            yield ("subnet_cidrs", zone), f"The control-plane subnet of {zone} ({found}) is not inside vpc_cidr ({vpc})"
        elif not any(found.subnet_of(network) for network in PRIVATE):
            yield ("subnet_cidrs", zone), f"{found} is not private; take a range of the VPC"


def disjoint(scope: Scope) -> Failures:
    """Yield control-plane subnets that share addresses with each other or with the network's subnets."""
    mine = {
        f"control-plane subnet of {zone} ({found})": (zone, found)
        for zone, found in _subnets(scope).items()
        if found is not None
    }
    blocks = {**{name: found for name, (_, found) in mine.items()}, **_others(scope)}
    for one, two in overlaps(blocks):
        if one in mine:
            zone, _ = mine.get(two, mine[one])
            yield _place(scope, zone), f"The {one} overlaps the {two}; name another range in subnet_cidrs"


def _hidden(scope: Scope, blocks: Mapping[str, IPv4Network | None]) -> Failures:
    """Yield the range of services where it overlaps one of these blocks: those addresses could not be reached."""
    services = block(scope.get("service_ipv4_cidr"))
    other = next((name for name, found in blocks.items() if services and found and services.overlaps(found)), None)
    if other is not None:
        message = f"The range of services ({services}) overlaps the {other}; take another, such as 172.20.0.0/16"
        yield ("service_ipv4_cidr",), message


def _named(blocks: Mapping[str, Any]) -> dict[str, IPv4Network | None]:
    return {f"VPC's block '{name}' ({value})": block(value) for name, value in blocks.items()}


def services_apart(scope: Scope) -> Failures:
    """Yield a range of services that the VPC uses."""
    vpc = _vpc(scope)
    yield from _hidden(scope, {f"VPC ({vpc})": vpc, **_named(mapping(scope, "vpc_cidr_blocks"))})


def services_apart_from_plan(scope: Scope) -> Failures:
    """Yield a range of services that a network made here is going to use."""
    if evaluate(_SERVICES_APART, scope) is not False:
        yield from _hidden(
            scope, {**_others(scope), **_named(mapping(configured(scope, Network), "further_vpc_cidrs"))}
        )


def nodes_reach_api(scope: Scope) -> Failures:
    """Yield a private endpoint that is off where nodes have no way to the public one."""
    if scope.get("endpoint_private_access") is False and configured(scope, Network).get("nat") == "none":
        message = "Without NAT the nodes cannot reach a public API server: endpoint_private_access must be true"
        yield ("endpoint_private_access",), message


def given_vpc(given: Scope) -> Failures:
    """Yield a cluster that exists in another VPC than the network is made in.

    Of a network that exists too, a rule of the security group says so.
    """
    mine, others = given["vpc_id"], configured(given, Network).get("vpc_id")
    if isinstance(mine, str) and isinstance(others, str) and mine != others:
        message = f"the cluster is in {mine}, and the network in {others}"
        yield ("vpc_id",), f"{message}; the nodes' subnets must be in the cluster's VPC"


_BLOCKS = concat(listed(VPC_CIDR), choose(var("vpc_cidr_blocks").missing(), (), var("vpc_cidr_blocks").values()))
_SERVICES_APART = implies(
    var("service_ipv4_cidr").given(), _BLOCKS.every("block", element("block").apart(var("service_ipv4_cidr")))
)

PYTHON_RULES: tuple[Rule | PythonRule, ...] = (
    zones_in_region("eks"),
    python_rule("eks-cidr-aligned", aligned, "The provider refuses such a range by itself."),
    python_rule("eks-subnet-block", in_tail, "The module fails by itself, in cidrsubnet, with a poorer message."),
    python_rule("eks-subnet-place", placed, "The module does not know whether the VPC has other blocks."),
    python_rule("eks-cidr-overlap", disjoint, "The module does not know the network's subnets."),
    range_rule(
        "eks-service-overlap",
        "service_ipv4_cidr",
        _SERVICES_APART,
        "Addresses of services would hide those of the VPC: service_ipv4_cidr must be apart from vpc_cidr and "
        "vpc_cidr_blocks; take another, such as 172.20.0.0/16.",
        services_apart,
    ),
    python_rule("eks-service-planned", services_apart_from_plan, "The module does not know the network's subnets."),
    python_rule("eks-nodes-reach-api", nodes_reach_api, "The module does not know the network's way out."),
)
GIVEN_VPC = python_rule("eks-given-vpc", given_vpc, "Nothing makes the layer, so no module of it is asked.", related=())
