"""Rules that several layers have in the same words: zones, keys and partition must be the region's."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hp_tf.contract.addresses import zone_prefix
from hp_tf.contract.regions import PARTITION
from hp_tf.contract.role import configured
from hp_tf.contract.roles import RestrictedGroups
from hp_tf.contract.rules import Expression, Path, PythonRule, Rule, Scope, both, element, implies, var


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


def one_thing(layer: str, what: str, name: str, arn: str) -> PythonRule:
    """Return the rule that a layer that exists is given by the name and the ARN of one thing, not of two."""

    def check(scope: Scope) -> Iterable[tuple[Path, str]]:
        wanted, given = scope[name], scope[arn]
        named = re.split("[:/]", given)[-1] if isinstance(given, str) else wanted
        if isinstance(wanted, str) and named != wanted:
            yield (arn,), f"this is the {what} '{named}', not '{wanted}'; leave out one of the two."

    return PythonRule(f"{layer}-given-{what}", check, "Nothing makes the layer, so no module of it is asked.")


def partition_of_region(layer: str) -> Rule:
    """Return the rule that ``partition`` is the one ``region`` is in: ARNs made of both would name nothing."""
    return Rule(
        f"{layer}-partition",
        on="partition",
        check=var("partition").eq(PARTITION),
        message="partition must be the region's: aws-cn for regions of China, aws-us-gov for those of GovCloud, aws "
        "for the other public ones.",
    )


def key_in_region(layer: str, key: str) -> Rule:
    """Return the rule that a key, given by its ARN, is one of ``region``: no service uses another region's.

    A region is of one partition, so that is right as well.
    """
    return Rule(
        f"{layer}-{key.removesuffix('_arn').replace('_', '-')}-region",
        on=key,
        check=implies(var(key).given(), var(key).part(":", 3).eq(var("region"))),
        message=f"A key of another region cannot be used: {key} must name a key of this region.",
    )


def arn_here(layer: str, name: str) -> Rule:
    """Return the rule that an input's ARN is of ``region``, which is of one partition, and of ``account_id``."""
    here = both(var(name).part(":", 3).eq(var("region")), var(name).part(":", 4).eq(var("account_id")))
    return Rule(
        f"{layer}-{name.removesuffix('_arn').replace('_', '-')}-here",
        on=name,
        check=implies(var(name).given(), here),
        message=f"{name} must be of this region and account.",
    )


def tag_keys_distinct(layer: str, when: Expression | None = None) -> Rule:
    """Return the rule that IAM, which reads ``Team`` and ``team`` as one key, can tell the tags apart.

    ``when``: whether the layer makes a role; always by default.
    """
    keys = var("tags").keys()
    small = keys.each("key", element("key").lower())
    return Rule(
        f"{layer}-tags-distinct",
        on="tags",
        check=small.distinct() if when is None else implies(when, small.distinct()),
        message="IAM does not tell capitals from small letters in the keys of tags: every key of tags must be another.",
        culprits=small.doubled(keys),
    )


def backups_of_file_system(layer: str) -> tuple[Rule, Rule]:
    """Return that what is said of a file system's backups goes with making some."""
    return (
        Rule(
            f"{layer}-backup-time",
            on="daily_automatic_backup_start_time",
            check=implies(
                var("daily_automatic_backup_start_time").given(), var("automatic_backup_retention_days").ge(1)
            ),
            message="daily_automatic_backup_start_time is given, so automatic_backup_retention_days must be at least "
            "1.",
        ),
        Rule(
            f"{layer}-final-tags",
            on="final_backup_tags",
            check=implies(var("final_backup_tags").length().ge(1), var("skip_final_backup").ne(True)),
            message="final_backup_tags are given, so skip_final_backup must be false.",
        ),
    )


def none_beside_restricted_groups(layer: str) -> PythonRule:
    """Return the rule that a cluster of restricted groups has no such layer: AWS serves them without it."""

    def check(scope: Scope) -> Iterable[tuple[Path, str]]:
        if configured(scope, RestrictedGroups).get("restricted_instance_groups"):
            yield (
                ("enabled",),
                f"Beside restricted instance groups {layer} has nothing to run on: enabled must be false.",
            )

    return PythonRule(f"{layer}-restricted", check, "the groups are another module's input")


def given_or_made(layer: str, name: str, switch: str, what: str) -> tuple[Rule, Rule]:
    """Return that a thing is made, or is given, as a switch says: that a value is given may not be known at plan."""
    about = name.removesuffix("_arn").removesuffix("_name").replace("_", "-")
    return (
        Rule(
            f"{layer}-{about}-given",
            on=name,
            check=implies(var(switch).eq(False), var(name).given()),
            message=f"{switch} is false, so {name} must name {what}.",
        ),
        Rule(
            f"{layer}-{about}-not-both",
            on=name,
            check=implies(var(name).given(), var(switch).eq(False)),
            message=f"{name} names {what}, so {switch} must be false.",
        ),
    )


def role_here(value: Expression) -> Expression:
    """Return whether a role's ARN is of the layer's account and partition."""
    return value.begins("arn:{partition}:iam::{account_id}:role/")


def key_here(value: Expression) -> Expression:
    """Return whether a KMS key's ARN is of the layer's region and partition. Another account may share its key."""
    return value.begins("arn:{partition}:kms:{region}:")
