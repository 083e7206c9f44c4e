"""Conditions on the instance types of a group, which has one or, if it is no restricted one, several."""

from __future__ import annotations

from hp_tf.contract.rules import Expression, concat, element, item, listed, negation

TYPE = element("type")
_ALONE = item().field("instance_type")


def types_of(kind: str) -> Expression:
    """Return the types of a group of one kind, that are given and null."""
    alone = listed(_ALONE)
    return concat(alone, item().field("instance_types")) if kind == "instance_groups" else alone


def all_types(kind: str, pattern: str) -> Expression:
    """Return whether every type of a group matches a pattern (RE2 subset)."""
    if kind != "instance_groups":
        return _ALONE.matches(pattern)
    return types_of(kind).every("type", TYPE.matches(pattern), TYPE.given())


def no_type(kind: str, pattern: str) -> Expression:
    """Return whether no type of a group matches a pattern (RE2 subset)."""
    some = types_of(kind).some("type", TYPE.matches(pattern)) if kind == "instance_groups" else _ALONE.matches(pattern)
    return negation(some)
