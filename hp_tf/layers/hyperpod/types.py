"""Conditions on the instance types of a group, which has one or several."""

from __future__ import annotations

from hp_tf.contract.rules import Expression, choose, element, item, listed, negation


def types_of(kind: str) -> Expression:
    """Return the instance type of ``item()``, or those it tries one after the other.

    ``kind``: the input that holds the group.
    """
    alone = item().field("instance_type")
    if kind == "restricted_instance_groups":
        return listed(alone)
    return choose(alone.missing(), item().field("instance_types"), listed(alone))


def all_types(kind: str, pattern: str) -> Expression:
    """Return whether every type of a group matches a pattern (RE2 subset)."""
    return types_of(kind).every("type", element("type").matches(pattern))


def no_type(kind: str, pattern: str) -> Expression:
    """Return whether no type of a group matches a pattern (RE2 subset)."""
    return negation(types_of(kind).some("type", element("type").matches(pattern)))
