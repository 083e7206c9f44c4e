"""VPCs and what is in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from typing import Any

from hp_tf.emulator.awsjson import AwsError
from hp_tf.emulator.cloud import ANYWHERE
from hp_tf.emulator.seeding.ids import wanted
from hp_tf.emulator.seeding.scene import Facts, Scene, fitted

# The default of network.vpc_cidr.
_BLOCK = "10.192.0.0/16"
# A subnet made to fit takes a sixteenth of its VPC's primary block; what only has to be there, the least there is.
_SIXTEENTH = 4
_LEAST = 28
# What a security group for HyperPod nodes lets pass.
_RULES: tuple[dict[str, Any], ...] = (
    {"egress": False, "protocol": "-1"},
    {"egress": True, "protocol": "-1"},
    {"egress": True, "protocol": "-1", "anywhere": True},
)


def reserved(scene: Scene, identity: str, facts: Facts) -> bool:
    """Keep a block free: the environment will make a subnet there."""
    return False


def vpc(scene: Scene, identity: str, facts: Facts) -> bool:
    """A VPC. Facts: `blocks`, its primary one first."""
    backend = scene.ec2
    blocks = facts.get("blocks") or [_BLOCK]
    made = identity not in backend.vpcs
    if made:
        with wanted(identity):
            backend.create_vpc(blocks[0])
        for name in ("enable_dns_support", "enable_dns_hostnames"):
            backend.modify_vpc_attribute(identity, name, "true")
    held = {str(block) for block in _blocks(scene, identity)}
    for block in blocks:
        if block not in held:
            backend.associate_vpc_cidr_block(identity, block, False)
            held.add(block)
    return made


def subnet(scene: Scene, identity: str, facts: Facts) -> bool:
    """A subnet. Facts: `zone` (its id), `block`, `vpc`."""
    if scene.own.world.cloud.subnet(scene.caller.region, identity) is not None:
        return False
    home = scene.vpc(facts)
    block = facts.get("block") or _free(scene, home, facts.get("size"))
    with wanted(identity):
        scene.ec2.create_subnet(home, block, availability_zone=_zone(scene, facts.get("zone")))
    return True


def fitted_subnet(scene: Scene, home: str, zone: str | None, purpose: str) -> str:
    """Return a small subnet of a VPC that is there for something else."""
    facts = {"vpc": home, "zone": zone, "size": _LEAST}
    return scene.ensure("subnet", fitted("subnet", home, str(zone), purpose), facts)


def internet_gateway(scene: Scene, identity: str, facts: Facts) -> bool:
    """An internet gateway. Facts: `vpc`."""
    if identity in scene.ec2.internet_gateways:
        return False
    with wanted(identity):
        scene.ec2.create_internet_gateway()
    scene.ec2.attach_internet_gateway(identity, scene.vpc(facts))
    return True


def nat_gateway(scene: Scene, identity: str, facts: Facts) -> bool:
    """A NAT gateway, in a subnet of its own. Facts: `zone`, `vpc`."""
    if identity in scene.ec2.nat_gateways:
        return False
    home = fitted_subnet(scene, scene.vpc(facts), facts.get("zone"), identity)
    address = scene.ec2.allocate_address("vpc")
    with wanted(identity):
        scene.ec2.create_nat_gateway(home, address.allocation_id)
    return True


def address(scene: Scene, identity: str, facts: Facts) -> bool:
    """An elastic IP address that nothing has yet."""
    if any(held.allocation_id == identity for held in scene.ec2.addresses):
        return False
    with wanted(identity):
        scene.ec2.allocate_address("vpc")
    return True


def transit_gateway(scene: Scene, identity: str, facts: Facts) -> bool:
    """A transit gateway."""
    if identity in scene.ec2.transit_gateways:
        return False
    with wanted(identity):
        scene.ec2.create_transit_gateway("Given.")
    return True


def route_table(scene: Scene, identity: str, facts: Facts) -> bool:
    """A route table. Facts: its `subnets`, and the `nat_gateway` or `internet_gateway` its default route leads to."""
    backend = scene.ec2
    if identity in backend.route_tables:
        return False
    with wanted(identity):
        backend.create_route_table(scene.vpc(facts))
    for name in facts.get("subnets") or ():
        backend.associate_route_table(identity, subnet_id=name)
    if facts.get("nat_gateway"):
        backend.create_route(identity, ANYWHERE, nat_gateway_id=facts["nat_gateway"])
    elif facts.get("internet_gateway"):
        backend.create_route(identity, ANYWHERE, gateway_id=facts["internet_gateway"])
    return True


def security_group(scene: Scene, identity: str, facts: Facts) -> bool:
    """A security group. Facts: `vpc`, `rules`, and the EKS `cluster` that made it.

    A rule has `egress`, `protocol`, `ports`, and `anywhere`: without it, it is about members of the group.
    """
    if scene.ec2.get_security_group_from_id(identity) is not None:
        return False
    name, cluster = f"given-{identity[3:]}", facts.get("cluster")
    tags = {"aws:eks:cluster-name": cluster, f"kubernetes.io/cluster/{cluster}": "owned"} if cluster else {}
    with wanted(identity):
        group = scene.ec2.create_security_group(name, "Given.", vpc_id=scene.vpc(facts), tags=tags)
    group.egress_rules.clear()
    rules = facts.get("rules")
    for rule in _RULES if rules is None else rules:
        _allow(scene, identity, rule)
    return True


def _allow(scene: Scene, group: str, rule: Mapping[str, Any]) -> None:
    egress, ingress = scene.ec2.authorize_security_group_egress, scene.ec2.authorize_security_group_ingress
    ports = rule.get("ports") or (None, None)
    ranges = [{"CidrIp": ANYWHERE}] if rule.get("anywhere") else []
    groups = [] if ranges else [{"GroupId": group}]
    add = egress if rule["egress"] else ingress
    add(group, rule["protocol"], ports[0], ports[1], ip_ranges=ranges, source_groups=groups)


def _zone(scene: Scene, zone_id: str | None) -> str:
    """Return the name of a zone, by default of the region's first."""
    zones = {zone.zone_id: zone.name for zone in scene.ec2.zones[scene.caller.region]}
    if zone_id is not None and zone_id not in zones:
        raise AwsError("InvalidParameterValue", f"the embedded AWS has no zone {zone_id}")
    return str(zones[zone_id] if zone_id else next(iter(zones.values())))


def _blocks(scene: Scene, vpc_id: str) -> list[IPv4Network]:
    """Return the blocks of a VPC, its primary one first."""
    held = scene.ec2.get_vpc(vpc_id)
    found = [str(item["cidr_block"]) for item in held.get_cidr_block_association_set()]
    return [IPv4Network(block) for block in sorted(found, key=lambda block: block != held.cidr_block)]


def _free(scene: Scene, vpc_id: str, size: int | None) -> str:
    """Return a block of a VPC in which nothing is, and nothing is to be."""
    blocks = _blocks(scene, vpc_id)
    prefix = size or min(blocks[0].prefixlen + _SIXTEENTH, _LEAST)
    taken = list(_taken(scene, vpc_id))
    for block in blocks:
        for candidate in block.subnets(new_prefix=prefix) if block.prefixlen <= prefix else ():
            if not any(candidate.overlaps(other) for other in taken):
                return str(candidate)
    raise AwsError("InvalidParameterValue", f"there is no block of /{prefix} free in {vpc_id} for it")


def _taken(scene: Scene, vpc_id: str) -> Iterator[IPv4Network]:
    for zone in scene.ec2.subnets.values():
        yield from (IPv4Network(found.cidr_block) for found in zone.values() if found.vpc_id == vpc_id)
    for item in scene.items:
        block: Any = item.id if item.kind == "reserved" else item.facts.get("block")
        if block:
            yield IPv4Network(block)
