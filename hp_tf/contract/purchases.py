"""What a layer buys: what of it is paid for by the hour, as its inputs say it, before anything exists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum


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
