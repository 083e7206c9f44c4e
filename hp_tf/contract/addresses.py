"""The address plan of a network: which block belongs to which zone, and what AWS accepts.

Pure functions on plain data. Blocks follow from a zone's own number (``usw2-az3``: 3), never from its place in a list,
so that adding or reordering zones moves no block. The module's HCL computes the same with ``cidrsubnet``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Network
from itertools import combinations
from typing import Any

# The extra prefix bits of a zone's block: 16 private blocks in the private range, 256 public ones in the VPC.
PRIVATE_BITS = 4
PUBLIC_BITS = 8
# The control plane's blocks: 16 in the last 256 addresses of the VPC.
CONTROL_PLANE_BITS = 4

RFC1918 = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
PRIVATE = (*RFC1918, IPv4Network("100.64.0.0/10"))
# Docker's own bridge on every node; AWS documents that SageMaker conflicts with it.
DOCKER = IPv4Network("172.17.0.0/16")


def block(value: Any) -> IPv4Network | None:
    """Return an IPv4 range, or None if the value is none (unknown, absent, or rejected elsewhere)."""
    try:
        return IPv4Network(value, strict=False) if isinstance(value, str) else None
    except ValueError:
        return None


def misaligned(value: str) -> str | None:
    """Return the range meant by one with host bits set (10.0.1.0/16), None if it is well formed or no range."""
    network = block(value)
    return None if network is None or str(network) == value else str(network)


def zone_number(zone: str) -> int:
    """Return a zone's own number: ``usw2-az3`` is 3.

    Raises:
        ValueError: if it has none.
    """
    match = re.search(r"az([0-9]+)$", zone)
    if match is None:
        raise ValueError(zone)
    return int(match[1])


def child(parent: IPv4Network, bits: int, number: int) -> IPv4Network | None:
    """Return block ``number`` of a range split by ``bits`` more prefix bits, None if there is no such block."""
    prefix = parent.prefixlen + bits
    if prefix > 32 or number >= 1 << bits:
        return None
    return IPv4Network((int(parent.network_address) + (number << (32 - prefix)), prefix))


def last_256(parent: IPv4Network) -> IPv4Network | None:
    """Return the last 256 addresses of a range, None if it has fewer."""
    bits = 24 - parent.prefixlen
    return child(parent, bits, (1 << bits) - 1) if bits >= 0 else None


def zone_blocks(
    zones: list[str], given: Mapping[str, Any], parent: IPv4Network | None, bits: int
) -> dict[str, IPv4Network | None]:
    """Return each zone's block: the given one, else the one of the zone's number; None where there is none."""
    blocks: dict[str, IPv4Network | None] = {}
    for zone in zones:
        if zone in given:
            blocks[zone] = block(given[zone])
        else:
            blocks[zone] = None if parent is None else child(parent, bits, zone_number(zone))
    return blocks


def overlaps(blocks: Mapping[str, IPv4Network]) -> Iterator[tuple[str, str]]:
    """Yield the names of every two blocks that share addresses."""
    for (one, a), (two, b) in combinations(blocks.items(), 2):
        if a.overlaps(b):
            yield one, two


def association_problem(vpc: IPv4Network, secondary: IPv4Network) -> str | None:
    """Return why AWS refuses a secondary block for a VPC, or None.

    The table "IPv4 CIDR block association restrictions" of the VPC user guide.
    """
    home = next((network for network in RFC1918 if vpc.subnet_of(network)), None)
    other = next((network for network in RFC1918 if secondary.overlaps(network)), None)
    if other is not None and other != home:
        fitting = f"{home} or 100.64.0.0/10" if home else "100.64.0.0/10"
        return f"AWS does not associate a block of {other} with a VPC of {vpc}; take one of {fitting}"
    low = IPv4Network("10.0.0.0/16")
    if vpc.subnet_of(IPv4Network("10.0.0.0/15")) and secondary.overlaps(low):
        return f"AWS does not associate a block of {low} with a VPC of {vpc}"
    if home == RFC1918[1] and secondary.overlaps(IPv4Network("172.31.0.0/16")):
        return f"AWS does not associate a block of 172.31.0.0/16 with a VPC of {vpc}"
    if secondary.overlaps(IPv4Network("198.19.0.0/16")):
        return "AWS does not associate a block of 198.19.0.0/16 with any VPC"
    return None


DIRECTIONS = {
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "central": "c",
    "northeast": "ne",
    "northwest": "nw",
    "southeast": "se",
    "southwest": "sw",
}


def zone_prefix(region: str) -> str | None:
    """Return what the ids of a region's zones begin with (``us-west-2``: ``usw2``), None for an unknown form."""
    match = re.fullmatch(r"([a-z]{2})-(gov-)?([a-z]+)-([0-9])", region)
    if match is None or match[3] not in DIRECTIONS:
        return None
    return f"{match[1]}{'g' if match[2] else ''}{DIRECTIONS[match[3]]}{match[4]}"
