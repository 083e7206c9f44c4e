"""Conditions on the instance types of a group, which has one or, if it is no restricted one, several."""

from __future__ import annotations

from hp_tf.contract.rules import Expression, concat, element, item, listed, negation

TYPE = element("type")
_ALONE = item().field("instance_type")


def types_of(*, several: bool) -> Expression:
    """Return the types of a group, that are given and null. ``several``: it may have more than one."""
    alone = listed(_ALONE)
    return concat(alone, item().field("instance_types")) if several else alone


def all_types(pattern: str, *, several: bool) -> Expression:
    """Return whether every type of a group matches a pattern (RE2 subset)."""
    if not several:
        return _ALONE.matches(pattern)
    return types_of(several=True).every("type", TYPE.matches(pattern), TYPE.given())


def no_type(pattern: str, *, several: bool) -> Expression:
    """Return whether no type of a group matches a pattern (RE2 subset)."""
    some = types_of(several=True).some("type", TYPE.matches(pattern)) if several else _ALONE.matches(pattern)
    return negation(some)
