"""Conditions on the instance types of a group, which has one or, if it is no restricted one, several."""

from __future__ import annotations

from hp_tf.contract.rules import Expression, choose, element, item, listed, negation

_ALONE = item().field("instance_type")
TYPES = choose(_ALONE.missing(), item().optional_field("instance_types"), listed(_ALONE))
"""The instance type of ``item()``, or those it tries one after the other."""


def all_types(pattern: str) -> Expression:
    """Return whether every type of a group matches a pattern (RE2 subset)."""
    return TYPES.every("type", element("type").matches(pattern))


def no_type(pattern: str) -> Expression:
    """Return whether no type of a group matches a pattern (RE2 subset)."""
    return negation(TYPES.some("type", element("type").matches(pattern)))
