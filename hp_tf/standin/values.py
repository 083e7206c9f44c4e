"""Terraform's values as Python's, and their encoding on the wire.

A value is None, UNKNOWN, bool, int, float, str, a list (lists and sets) or a dict (objects and maps). On the wire it is
msgpack as go-cty writes it: an unknown is an extension type, a number that fits no machine type is a string.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgpack

from hp_tf.standin.schema import Attribute, Type
from hp_tf.wire import Unknown

Value = Any
Object = dict[str, Any]
Attributes = Mapping[str, Attribute]


def _to_wire(value: Value) -> Value:
    if isinstance(value, Unknown):
        return msgpack.ExtType(0, b"\x00")
    raise TypeError(f"{type(value).__name__} has no form in Terraform")


def encode(value: Value) -> bytes:
    """The msgpack of a value."""
    packed: bytes = msgpack.packb(_written(value), default=_to_wire, use_bin_type=True)
    return packed


def _written(value: Value) -> Value:
    """Numbers in the form Terraform itself writes: whole ones as ints, and as text where they fit no machine type."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return str(value)
    if isinstance(value, dict):
        return {key: _written(item) for key, item in value.items()}
    return [_written(item) for item in value] if isinstance(value, list) else value


def conform(attributes: Attributes, value: Value) -> Value:
    """The object with exactly the schema's attributes: missing ones null, others dropped, numeric strings as numbers.

    Reads a state written for an older schema, or in JSON.
    """
    if not isinstance(value, dict):
        return value
    return {name: _conform(attribute, value.get(name)) for name, attribute in attributes.items()}


def _conform(attribute: Attribute, value: Value) -> Value:
    if value is None or isinstance(value, Unknown):
        return value
    if attribute.nesting:
        return each_object(attribute, value, lambda item: conform(attribute.attributes, item))
    return _scalar(attribute.type, value)


def _scalar(kind: Type | None, value: Value) -> Value:
    if kind == "number" and isinstance(value, str):
        return int(value) if value.lstrip("-").isdecimal() else float(value)
    if isinstance(kind, list) and isinstance(value, list):
        return [_scalar(kind[1], item) for item in value]
    if isinstance(kind, list) and isinstance(value, dict) and kind[0] == "map":
        return {key: _scalar(kind[1], item) for key, item in value.items()}
    return value


def each_object(attribute: Attribute, value: Value, change: Callable[[Value], Value]) -> Value:
    """A nested attribute's value with `change` applied to every object in it."""
    if value is None or isinstance(value, Unknown):
        return value
    if attribute.nesting == "single":
        return change(value)
    if attribute.nesting == "map":
        return {key: change(item) for key, item in value.items()}
    return [change(item) for item in value]


def same(attribute: Attribute, left: Value, right: Value) -> bool:
    """Whether two values of an attribute are equal: order counts in lists only, an unknown equals only an unknown."""
    if isinstance(left, Unknown) or isinstance(right, Unknown) or left is None or right is None:
        return left is right
    if attribute.kind == "set":
        return _same_items(left, right, lambda a, b: _same_item(attribute, a, b))
    if attribute.nesting == "single":
        return same_object(attribute.attributes, left, right)
    if isinstance(left, list):
        return len(left) == len(right) and all(_same_item(attribute, a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(_same_item(attribute, left[key], right[key]) for key in left)
    return bool(left == right) and isinstance(left, bool) == isinstance(right, bool)


def _same_item(attribute: Attribute, left: Value, right: Value) -> bool:
    if attribute.nesting and isinstance(left, dict) and isinstance(right, dict):
        return same_object(attribute.attributes, left, right)
    return left is right if isinstance(left, Unknown) or isinstance(right, Unknown) else bool(left == right)


def _same_items(left: list[Value], right: list[Value], equal: Callable[[Value, Value], bool]) -> bool:
    return len(left) == len(right) and match_all(left, right, equal) is not None


def same_object(attributes: Attributes, left: Value, right: Value) -> bool:
    """Whether two objects of one schema are equal."""
    if left is None or right is None or isinstance(left, Unknown) or isinstance(right, Unknown):
        return left is right
    return all(same(attribute, left.get(name), right.get(name)) for name, attribute in attributes.items())


def match_all(left: list[Value], right: list[Value], fits: Callable[[Value, Value], bool]) -> list[Value] | None:
    """For each item of `left` an item of `right` of its own that fits, in left's order; None if one has none."""
    free = list(range(len(right)))
    chosen = []
    for item in left:
        found = next((i for i in free if fits(item, right[i])), None)
        if found is None:
            return None
        free.remove(found)
        chosen.append(right[found])
    return chosen
