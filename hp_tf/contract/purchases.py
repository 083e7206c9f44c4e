"""What a layer buys: what of it is paid for by the hour, as its inputs say it, before anything exists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from hp_tf.contract.expressions.values import Scope
from hp_tf.contract.instance_types import GPUS, TRAINIUM_CHIPS, accelerators_known, vcpus
from hp_tf.contract.role import configured, given
from hp_tf.contract.roles import Network


class Unit(Enum):
    """What purchases are added up in: the name in JSON; for people, of one and of several."""

    NODES = ("nodes", "node", "nodes")
    GPUS = ("gpus", "GPU", "GPUs")
    CHIPS = ("trainium_chips", "Trainium chip", "Trainium chips")
    VCPUS = ("vcpus", "vCPU", "vCPUs")
    STORAGE = ("file_system_gib", "GiB of file systems", "GiB of file systems")
    NAT = ("nat_gateways", "NAT gateway", "NAT gateways")

    def of(self, number: int) -> str:
        """Return so much of it, for people."""
        return f"{number:,} {self.value[1 if number == 1 else 2]}"


@dataclass(frozen=True)
class Purchase:
    """One thing that is paid for.

    Attributes:
        resource: the type of the resource that it is, or is a part of.
        name: by which the file knows it; None where it has none.
        what: what it is, in a line.
        amounts: what it adds to the totals.
        uncounted: instance types of which it is not known what they have.
    """

    resource: str
    name: str | None
    what: str
    amounts: Mapping[Unit, int] = field(default_factory=dict)
    uncounted: tuple[str, ...] = ()


def totals(purchases: Iterable[Purchase]) -> dict[Unit, int]:
    """Return what purchases add up to, in the order of the units, without those that there are none of."""
    found: Counter[Unit] = Counter()
    for item in purchases:
        found.update(item.amounts)
    return {unit: found[unit] for unit in Unit if found[unit]}


def nodes(count: int, types: Iterable[str], threads_per_core: int | None) -> tuple[dict[Unit, int], tuple[str, ...]]:
    """Return what nodes add to the totals, and the types of which that is not known.

    Args:
        types: of which each node may be; the largest one counts.
    """
    kinds = tuple(types)
    each = {
        Unit.GPUS: max((GPUS.get(kind, 0) for kind in kinds), default=0),
        Unit.CHIPS: max((TRAINIUM_CHIPS.get(kind, 0) for kind in kinds), default=0),
        Unit.VCPUS: max((vcpus(kind, threads_per_core) or 0 for kind in kinds), default=0),
    }
    unknown = tuple(kind for kind in kinds if vcpus(kind) is None or not accelerators_known(kind))
    amounts = {unit: number * count for unit, number in each.items() if number * count}
    return {Unit.NODES: count, **amounts}, unknown if count else ()


def zone(scope: Scope, chosen: Any) -> str:
    """Return the zone of something that is in a chosen zone, or in the primary one; in words where it is not known."""
    found = chosen or scope.get("primary_availability_zone_id")
    if isinstance(found, str):
        return found
    made, there = configured(scope, Network), given(scope, Network)
    primary = made.get("primary_availability_zone_id") or there.get("primary_availability_zone_id")
    zones = list(made.get("availability_zone_ids") or there.get("private_subnet_ids") or ())
    if isinstance(primary, str):
        return primary
    return str(zones[0]) if len(zones) == 1 else "the primary zone"
