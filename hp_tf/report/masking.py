"""Sensitive values out of what people and programs see.

Terraform marks before and after apart. A value that becomes sensitive, or ceases to be, is one secret with one mark:
here a mark on either side hides both.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from hp_tf.terraform.plan import ResourceChange, mask_change

_SIDES = ("before_sensitive", "after_sensitive")


def marks(change: Mapping[str, Any]) -> Any:
    """Return what is sensitive on either side of a change object: true, false, or marks in the value's shape."""
    return _either(change.get(_SIDES[0], False), change.get(_SIDES[1], False))


def masked(change: Mapping[str, Any]) -> dict[str, Any]:
    """Return a change object of Terraform's (of a resource or an output) without its sensitive values."""
    hidden = mask_change({**change, **dict.fromkeys(_SIDES, marks(change))})
    return {name: value if name in _SIDES else hidden[name] for name, value in change.items()}


def masked_resource(change: ResourceChange) -> dict[str, Any]:
    """Return Terraform's own object for a resource without its sensitive values."""
    return {**change.raw, "change": masked(change.raw.get("change") or {})}


def _either(one: Any, other: Any) -> Any:
    if one is True or other is True:
        return True
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return {key: _either(one.get(key, False), other.get(key, False)) for key in {**one, **other}}
    if isinstance(one, list) and isinstance(other, list):
        return [_either(mine, theirs) for mine, theirs in zip_longest(one, other, fillvalue=False)]
    if one and other:
        return True  # marks of two shapes: better too little shown than too much
    return one or other
