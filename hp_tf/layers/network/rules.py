"""Rules of the network layer about addresses, and about what only hptf knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from ipaddress import IPv4Network
from typing import Any

from hp_tf.contract.addresses import (
    DOCKER,
    PRIVATE,
    PRIVATE_BITS,
    PUBLIC_BITS,
    association_problem,
    block,
    misaligned,
    overlaps,
    zone_blocks,
    zone_number,
)
from hp_tf.contract.instance_addresses import addresses_per_node
from hp_tf.contract.role import configured, given
from hp_tf.contract.roles import HyperPodCluster, KubernetesApi
from hp_tf.contract.rules import (
    Expression,
    Path,
    PythonRule,
    Rule,
    Scope,
    both,
    choose,
    concat,
    either,
    element,
    implies,
    listed,
    negation,
    var,
)
from hp_tf.contract.rules import block as block_of_zone
from hp_tf.contract.shared_rules import zones_in_region
from hp_tf.contract.types import REGULAR_ZONE

# Of every subnet AWS keeps the first four addresses and the last.
RESERVED = 5

Failures = Iterator[tuple[Path, str]]


def zones(scope: Scope) -> list[str]:
    """Return the zones that look like zones; what does not is reported by the type."""
    listed = scope.get("availability_zone_ids")
    found = [zone for zone in listed if isinstance(zone, str)] if isinstance(listed, list) else []
    return [zone for zone in found if zone.rpartition("az")[2].isdecimal()]


def mapping(scope: Scope, name: str) -> Mapping[str, Any]:
    """Return a map of the inputs, empty where it is unknown or no map."""
    value = scope.get(name)
    return value if isinstance(value, Mapping) else {}


def private_blocks(scope: Scope) -> dict[str, IPv4Network | None]:
    """Return each zone's private block, None where there is none."""
    return zone_blocks(
        zones(scope), mapping(scope, "private_subnet_cidrs"), block(scope.get("private_cidr_range")), PRIVATE_BITS
    )


def public_blocks(scope: Scope) -> dict[str, IPv4Network | None]:
    """Return each zone's public block, None where there is none."""
    if scope.get("public_subnets") is not True:
        return {}
    return zone_blocks(zones(scope), mapping(scope, "public_subnet_cidrs"), block(scope.get("vpc_cidr")), PUBLIC_BITS)


def _place(scope: Scope, field: str, zone: str, otherwise: str) -> Path:
    """Return where a zone's block comes from: its own entry, or the range it is computed from."""
    return (field, zone) if zone in mapping(scope, field) else (otherwise,)


def aligned(scope: Scope) -> Failures:
    """Yield ranges with host bits set."""
    places: list[tuple[Path, Any]] = [((name,), scope.get(name)) for name in ("vpc_cidr", "private_cidr_range")]
    for name in ("further_vpc_cidrs", "public_subnet_cidrs", "private_subnet_cidrs"):
        places += [((name, zone), value) for zone, value in mapping(scope, name).items()]
    for path, value in places:
        right = misaligned(value) if isinstance(value, str) else None
        if right is not None:
            yield path, f"'{value}' has bits set behind its prefix; the range it lies in is '{right}'"


def in_range(scope: Scope) -> Failures:
    """Yield zones whose number has no block in the private range."""
    for zone, found in private_blocks(scope).items():
        if found is None and zone not in mapping(scope, "private_subnet_cidrs"):
            message = f"Zone '{zone}' has number {zone_number(zone)}, and private_cidr_range has blocks 0 to 15"
            yield ("availability_zone_ids",), f"{message}; name its block in private_subnet_cidrs"


def private(scope: Scope) -> Failures:
    """Yield blocks that are not private, or that Docker uses on every node."""
    blocks: list[tuple[Path, IPv4Network | None]] = [(("vpc_cidr",), block(scope.get("vpc_cidr")))]
    for zone, found in private_blocks(scope).items():
        blocks.append((_place(scope, "private_subnet_cidrs", zone, "private_cidr_range"), found))
    seen: set[Path] = set()
    for path, found in blocks:
        if found is None or path in seen:
            continue
        problem = None
        if not any(found.subnet_of(network) for network in PRIVATE):
            problem = f"{found} is not private; take a block of {', '.join(map(str, PRIVATE[:-1]))} or {PRIVATE[-1]}"
        elif scope.get("create_vpc") is True and found.overlaps(DOCKER):
            problem = f"{found} overlaps {DOCKER}, which Docker uses on every node; take another block"
        if problem is not None:
            seen.add(path)
            yield path, problem


def associable(scope: Scope) -> Failures:
    """Yield private blocks that AWS refuses as secondary blocks of this VPC."""
    vpc = block(scope.get("vpc_cidr"))
    if vpc is None or scope.get("associate_private_cidrs") is not True:
        return
    seen: set[Path] = set()
    for zone, found in private_blocks(scope).items():
        problem = association_problem(vpc, found) if found is not None else None
        path = _place(scope, "private_subnet_cidrs", zone, "private_cidr_range")
        if problem is not None and path not in seen:
            seen.add(path)
            yield path, problem


def _private_subnets(scope: Scope) -> Iterator[tuple[str, IPv4Network, Path]]:
    """Yield name, block and place of every private subnet that has a block."""
    for zone, found in private_blocks(scope).items():
        if found is not None:
            place = _place(scope, "private_subnet_cidrs", zone, "private_cidr_range")
            yield f"private subnet of {zone} ({found})", found, place


def _public_subnets(scope: Scope) -> Iterator[tuple[str, IPv4Network, Path]]:
    """Yield name, block and place of every public subnet that has a block."""
    for zone, found in public_blocks(scope).items():
        if found is not None:
            yield f"public subnet of {zone} ({found})", found, _place(scope, "public_subnet_cidrs", zone, "vpc_cidr")


def overlapping(scope: Scope) -> Failures:
    """Yield subnets that share addresses."""
    subnets = {name: (found, path) for name, found, path in (*_private_subnets(scope), *_public_subnets(scope))}
    for one, two in overlaps({name: found for name, (found, _) in subnets.items()}):
        place = two if len(subnets[two][1]) > 1 else one
        yield subnets[place][1], f"The {one} overlaps the {two}"


def in_primary_block(scope: Scope) -> Failures:
    """Yield private subnets whose blocks are added to the VPC although its own block has some of their addresses."""
    vpc = block(scope.get("vpc_cidr"))
    for name, found, path in _private_subnets(scope):
        if vpc is not None and found.overlaps(vpc):
            fix = "take another block"
            if found.subnet_of(vpc):
                fix += ", or set associate_private_cidrs to false: the VPC has this one already"
            yield path, f"The {name} overlaps vpc_cidr ({vpc}); {fix}"


def public_outside(scope: Scope) -> Failures:
    """Yield public subnets outside the VPC's block."""
    vpc = block(scope.get("vpc_cidr"))
    for name, found, path in _public_subnets(scope):
        if vpc is not None and not found.subnet_of(vpc):
            yield path, f"The {name} is not inside vpc_cidr ({vpc})"


def in_vpc(scope: Scope) -> Failures:
    """Yield private subnets outside a new VPC's block."""
    vpc = block(scope.get("vpc_cidr"))
    seen: set[Path] = set()
    for name, found, path in _private_subnets(scope):
        if vpc is not None and not found.subnet_of(vpc) and path not in seen:
            seen.add(path)
            message = f"The {name} is not inside vpc_cidr ({vpc})"
            yield path, f"{message}; take a block of it, or set associate_private_cidrs to true"


def further_apart(scope: Scope) -> Failures:
    """Yield further blocks that overlap the VPC's own or each other: a VPC's blocks are apart."""
    vpc = block(scope.get("vpc_cidr"))
    seen: dict[str, IPv4Network] = {"vpc_cidr": vpc} if vpc is not None else {}
    for name, value in mapping(scope, "further_vpc_cidrs").items():
        found = block(value)
        if found is None:
            continue
        other = next((key for key, there in seen.items() if found.overlaps(there)), None)
        if other is not None:
            yield ("further_vpc_cidrs", name), f"{found} overlaps {other} ({seen[other]}), and a VPC's blocks are apart"
        seen[name] = found


def further_private(scope: Scope) -> Failures:
    """Yield further blocks that are private subnets' already: EC2 refuses two rules for one block."""
    mine, added = private_blocks(scope), scope.get("associate_private_cidrs") is True
    for name, value in mapping(scope, "further_vpc_cidrs").items():
        found = block(value)
        if found is None:
            continue
        if found in mine.values():
            yield ("further_vpc_cidrs", name), f"{found} is a private subnet's block already; leave it out here"
        elif added and (subnet := next((own for own in mine.values() if own and own.overlaps(found)), None)):
            message = f"{found} overlaps {subnet}, which a private subnet adds to the VPC"
            yield ("further_vpc_cidrs", name), f"{message}; set associate_private_cidrs to false if the VPC has it"


def regular_or_named(blocks: str) -> Expression:
    """Return whether every zone is a regular one or has a block of its own in a map of blocks.

    A rule with ``each`` would be on the zones, and validations of two variables that refer to each other are a cycle
    to Terraform.
    """
    named = _ZONE.within(var(blocks).keys())
    return var("availability_zone_ids").every("zone", either(_ZONE.matches(REGULAR_ZONE), named))


def cluster_elsewhere(scope: Scope) -> Failures:
    """Yield a VPC that is created beside an EKS cluster that exists, whether its VPC is known yet or not."""
    if scope.get("create_vpc") is True and given(scope, KubernetesApi).get("vpc_id") is not None:
        message = "An existing EKS cluster is not in a VPC that does not exist yet: create_vpc must be false with the"
        yield ("create_vpc",), f"{message} cluster's vpc_id, or the network be given as existing"


def given_subnet(given: Scope) -> Failures:
    """Yield the primary zone's subnet of a network that exists, which is given as that of another zone."""
    subnet, primary, subnets = (
        given[key] for key in ("primary_private_subnet_id", "primary_availability_zone_id", "private_subnet_ids")
    )
    if isinstance(subnet, str) and isinstance(primary, str) and isinstance(subnets, Mapping):
        zones_of_it = [zone for zone, identity in subnets.items() if identity == subnet]
        if zones_of_it and primary not in zones_of_it:
            message = f"private_subnet_ids has {subnet} in {zones_of_it[0]}, and the primary zone is {primary}"
            yield ("primary_private_subnet_id",), f"{message}; name the subnet of the primary zone"


def room(scope: Scope) -> Failures:
    """Yield private subnets too small for the nodes of the instance groups. Types of unknown need count for nothing."""
    groups, primary = (
        configured(scope, HyperPodCluster).get("instance_groups"),
        scope.get("primary_availability_zone_id"),
    )
    if primary is None and len(zones(scope)) == 1:
        primary = zones(scope)[0]
    needs: dict[Any, int] = {}
    for group in groups if isinstance(groups, list) else []:
        per_node, count = addresses_per_node(group), group.get("count") if isinstance(group, Mapping) else None
        if isinstance(count, int):
            if group.get("availability_zone_ids") or group.get("subnet_ids") or group.get("own_network") is False:
                # In which of them the nodes come, nobody knows.
                continue
            zone = group.get("availability_zone_id") or primary
            needs[zone] = needs.get(zone, 0) + count * per_node
    for zone, found in private_blocks(scope).items():
        need, have = needs.get(zone, 0), found.num_addresses - RESERVED if found is not None else None
        if have is not None and need > have:
            message = f"The instance groups in {zone} take {need} addresses, and its private subnet {found} has {have}"
            fix = "a subnet keeps its block for life, so take a larger one before it is made"
            yield _place(scope, "private_subnet_cidrs", zone, "private_cidr_range"), f"{message}; {fix}"


def _sentences(check: Callable[[Scope], Failures]) -> Callable[[Scope], Iterable[tuple[Path, str]]]:
    """Return a check whose sentences have their full stop."""

    def run(scope: Scope) -> Iterable[tuple[Path, str]]:
        for path, message in check(scope):
            yield path, f"{message}."

    return run


def python_rule(
    identifier: str, check: Callable[[Scope], Failures], reason: str, *, related: tuple[str, ...] = ("vpc_cidr",)
) -> PythonRule:
    """Return a rule whose check yields sentences without their full stop."""
    return PythonRule(identifier, _sentences(check), reason, related=related)


def range_rule(
    identifier: str,
    on: str,
    check: Expression,
    message: str,
    details: Callable[[Scope], Failures],
    related: tuple[str, ...] = ("vpc_cidr",),
) -> Rule:
    """Return a rule about ranges whose ``details`` yield sentences without their full stop."""
    return Rule(identifier, on, check, message, details=_sentences(details), related=related)


GIVEN_SUBNET = python_rule(
    "network-given-subnet", given_subnet, "Nothing makes the layer, so no module of it is asked.", related=()
)
_BLOCKS = ("vpc_cidr", "private_cidr_range")
_BLOCK, _ZONE = element("block"), element("zone")
_VPC_CIDR = var("vpc_cidr")
_ZONES = var("availability_zone_ids")
_FURTHER = var("further_vpc_cidrs").values()
_ADDED = var("associate_private_cidrs")
_PRIVATE = _ZONES.each(
    "zone", block_of_zone(_ZONE, var("private_subnet_cidrs"), var("private_cidr_range"), PRIVATE_BITS)
)
_PUBLIC = _ZONES.each(
    "zone", block_of_zone(_ZONE, var("public_subnet_cidrs"), _VPC_CIDR, PUBLIC_BITS), var("public_subnets")
)

PYTHON_RULES: tuple[Rule | PythonRule, ...] = (
    zones_in_region("network"),
    python_rule("network-cidr-aligned", aligned, "The provider refuses such a range by itself.", related=_BLOCKS),
    python_rule(
        "network-private-block",
        in_range,
        "The module fails by itself, in cidrsubnet, with a poorer message.",
        related=_BLOCKS,
    ),
    python_rule("network-cidr-private", private, "AWS takes such blocks; it is nodes that fail.", related=_BLOCKS),
    python_rule(
        "network-cidr-association",
        associable,
        "The module holds the private ranges against each other, and not the rest of AWS's table.",
        related=_BLOCKS,
    ),
    range_rule(
        "network-private-outside",
        "private_cidr_range",
        implies(_ADDED, _PRIVATE.every("block", _BLOCK.apart(_VPC_CIDR))),
        "The private subnets' blocks are added to the VPC, so they must lie outside vpc_cidr; take other blocks, or "
        "set associate_private_cidrs to false for blocks of it.",
        in_primary_block,
        _BLOCKS,
    ),
    range_rule(
        "network-cidr-overlap",
        "private_cidr_range",
        implies(_ZONES.distinct(), concat(_PRIVATE, _PUBLIC).disjoint()),
        "Subnets must share no addresses; give private_cidr_range, private_subnet_cidrs or public_subnet_cidrs other "
        "blocks.",
        overlapping,
        _BLOCKS,
    ),
    range_rule(
        "network-public-inside",
        "vpc_cidr",
        implies(var("create_vpc"), _PUBLIC.every("block", _BLOCK.inside(_VPC_CIDR))),
        "The public subnets of a new VPC must lie in its vpc_cidr.",
        public_outside,
        _BLOCKS,
    ),
    range_rule(
        "network-private-inside",
        "private_cidr_range",
        implies(both(var("create_vpc"), negation(_ADDED)), _PRIVATE.every("block", _BLOCK.inside(_VPC_CIDR))),
        "With associate_private_cidrs false, the private subnets of a new VPC must lie in its vpc_cidr.",
        in_vpc,
        _BLOCKS,
    ),
    range_rule(
        "network-further-cidrs",
        "further_vpc_cidrs",
        concat(listed(_VPC_CIDR), _FURTHER).disjoint(),
        "A VPC's blocks are apart: further_vpc_cidrs must overlap neither each other nor vpc_cidr.",
        further_apart,
    ),
    range_rule(
        "network-further-private",
        "further_vpc_cidrs",
        _FURTHER.every(
            "block",
            choose(
                _ADDED,
                _PRIVATE.every("own", _BLOCK.apart(element("own"))),
                negation(_BLOCK.within(_PRIVATE)),
            ),
        ),
        "The private subnets' blocks are known: further_vpc_cidrs must not name them, nor overlap those that are added "
        "to the VPC.",
        further_private,
    ),
    python_rule("network-cluster-elsewhere", cluster_elsewhere, "The module does not know whether a cluster exists."),
    python_rule("network-room", room, "The module knows no instance groups."),
)
