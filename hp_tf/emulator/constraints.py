"""What botocore's model says about a request's parameters, checked as the real services check it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "character": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "list": list,
    "map": dict,
    "structure": dict,
}


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    r"""The model's patterns are Java's; one that Python cannot read (`\p{L}`) is not checked."""
    try:
        return re.compile(pattern)
    except re.error:
        return None


def violations(shape: Shape, value: Any, path: str = "") -> list[str]:
    """Every way in which `value` breaks `shape`: unknown and missing members, types, enums, lengths, ranges, patterns.

    Paths are written as the services write them, `instanceGroups.1.member.instanceType` shortened to
    `InstanceGroups[0].InstanceType`.
    """
    return list(_walk(shape, value, path))


def _walk(shape: Shape, value: Any, path: str) -> Iterator[str]:
    name = path or "the request"
    expected = _TYPES.get(shape.type_name)
    wrong_boolean = isinstance(value, bool) and shape.type_name != "boolean"
    if expected is not None and (not isinstance(value, expected) or wrong_boolean):
        yield f"Value at '{name}' must be a {shape.type_name}"
        return
    if isinstance(shape, StructureShape):
        yield from _structure(shape, value, path)
    elif isinstance(shape, ListShape):
        yield from _bounds(shape, len(value), name, "length")
        for index, item in enumerate(value):
            yield from _walk(shape.member, item, f"{path}[{index}]")
    elif isinstance(shape, MapShape):
        yield from _bounds(shape, len(value), name, "length")
        for key, item in value.items():
            yield from _walk(shape.key, key, f"{path} (key {key})")
            yield from _walk(shape.value, item, f"{path}.{key}")
    elif isinstance(shape, StringShape):
        yield from _string(shape, value, name)
    elif shape.type_name in ("integer", "long", "float", "double"):
        yield from _bounds(shape, value, name, "value")


def _structure(shape: StructureShape, value: Mapping[str, Any], path: str) -> Iterator[str]:
    prefix = f"{path}." if path else ""
    for required in shape.required_members:
        if value.get(required) is None:
            yield f"Value null at '{prefix}{required}' failed to satisfy constraint: Member must not be null"
    given = [key for key, item in value.items() if item is not None]
    if shape.is_tagged_union and len(given) != 1:
        yield f"Value at '{path or 'the request'}' must have one of {', '.join(shape.members)}, found {len(given)}"
    for key, item in value.items():
        member = shape.members.get(key)
        if member is None:
            yield f"Unknown member '{prefix}{key}'"
        elif item is not None:
            yield from _walk(member, item, f"{prefix}{key}")


def _string(shape: StringShape, value: str, name: str) -> Iterator[str]:
    yield from _bounds(shape, len(value), name, "length")
    if shape.enum and value not in shape.enum:
        # A long list (the instance types) would bury the message.
        allowed = ", ".join(shape.enum) if len(shape.enum) <= 12 else f"{', '.join(shape.enum[:12])}, ..."
        yield (
            f"Value '{value}' at '{name}' failed to satisfy constraint: Member must satisfy enum value set: [{allowed}]"
        )
    pattern = shape.metadata.get("pattern")
    compiled = _compiled(pattern) if pattern else None
    # Some services' patterns are written without anchors, and mean the whole value all the same.
    anchored = pattern is not None and (pattern.startswith("^") or pattern.endswith("$"))
    if compiled is not None and not (compiled.search(value) if anchored else compiled.fullmatch(value)):
        yield (
            f"Value '{value}' at '{name}' failed to satisfy constraint: "
            f"Member must satisfy regular expression pattern: {pattern}"
        )


def _bounds(shape: Shape, measure: float, name: str, what: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and measure < low:
        yield f"Value at '{name}' failed to satisfy constraint: Member must have {what} greater than or equal to {low}"
    if high is not None and measure > high:
        yield f"Value at '{name}' failed to satisfy constraint: Member must have {what} less than or equal to {high}"
