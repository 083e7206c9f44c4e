"""Rules that several layers have in the same words: zones and keys must be of the environment's region."""

from __future__ import annotations

from collections.abc import Iterable

from hp_tf.contracts.addresses import zone_prefix
from hp_tf.contracts.rules import Path, PythonRule, Rule, Scope, implies, var
from hp_tf.contracts.types_cluster import compare


def zones_in_region(layer: str) -> PythonRule:
    """Return the rule that every zone of ``availability_zone_ids`` is one of ``region``'s."""

    def check(scope: Scope) -> Iterable[tuple[Path, str]]:
        region, zones = scope.get("region"), scope.get("availability_zone_ids")
        prefix = zone_prefix(region) if isinstance(region, str) else None
        if prefix is None or not isinstance(zones, list):
            return
        for index, zone in enumerate(zones):
            if isinstance(zone, str) and not zone.startswith(f"{prefix}-"):
                message = f"Zone '{zone}' is not in region {region}, whose zone ids begin with '{prefix}-'."
                yield ("availability_zone_ids", index), message

    reason = "HCL would need the table of the directions' abbreviations."
    return PythonRule(f"{layer}-zone-region", check, reason, related=("region",))


def key_in_region(layer: str, key: str) -> Rule:
    """Return the rule that a key, given by its ARN, is one of ``region``: no service uses another region's.

    A region is of one partition, so that is right as well.
    """
    return Rule(
        f"{layer}-{key.removesuffix('_arn').replace('_', '-')}-region",
        on=key,
        check=implies(
            var(key).given(),
            compare(
                lambda _, scope: str(scope[key]).split(":")[3:4] == [scope["region"]],
                f'try(split(":", var.{key})[3], "") == var.region',
                key,
                "region",
            ),
        ),
        message=f"A key of another region cannot be used: {key} must name a key of this region.",
    )
