"""How much nodes are, and where things stand that name no zone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hp_tf.contract.expressions.values import Scope
from hp_tf.contract.instance_types import GPUS, TRAINIUM_CHIPS, accelerators_known, vcpus
from hp_tf.contract.purchases import Unit
from hp_tf.contract.role import configured, given
from hp_tf.contract.roles import Network


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
