"""Whether a configuration is valid: required values, enumerations, patterns, lengths, ranges and counts.

A pattern with a lookahead is left to the service: the providers are written in Go, whose expressions have none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from hp_tf.standin.planning import Path
from hp_tf.standin.schema import Attribute, Limits
from hp_tf.standin.values import Attributes, Value
from hp_tf.wire import Unknown


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a configuration, and the path of the value."""

    path: Path
    summary: str
    detail: str


def dotted(path: Path) -> str:
    """A path as Terraform writes it: instance_groups[0].instance_type."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def check(attributes: Attributes, config: dict[str, Value], path: Path = ()) -> Iterator[Finding]:
    """Every problem of a configuration. Unknown values are not judged."""
    for name, attribute in attributes.items():
        value = config.get(name)
        here = (*path, name)
        if value is None:
            if attribute.not_null:
                detail = f"{dotted(here)} must be set: the service requires it where its parent is given."
                yield Finding(path or here, "Missing Attribute Value", detail)
        elif not isinstance(value, Unknown):
            yield from _check_value(attribute, value, here)


def _check_value(attribute: Attribute, value: Value, path: Path) -> Iterator[Finding]:
    if isinstance(value, list):
        yield from _check_count(attribute.limits, len(value), path)
        for i, item in enumerate(value):
            # A set has no positions: Terraform finds its items by value, so the set itself is named.
            inside = path if attribute.kind == "set" else (*path, i)
            if attribute.nesting and (isinstance(item, dict) or item is None):
                found = check(attribute.attributes, item or {}, inside)
                yield from (Finding(path, f.summary, f.detail) for f in found) if attribute.kind == "set" else found
            elif not attribute.nesting:
                yield from _check_scalar(attribute.item_limits, item, inside)
    elif isinstance(value, dict):
        if attribute.nesting == "single":
            yield from check(attribute.attributes, value, path)
        elif attribute.nesting == "map":
            for key, item in value.items():
                yield from check(attribute.attributes, item or {}, (*path, key))
    else:
        yield from _check_scalar(attribute.limits, value, path)


def _check_count(limits: Limits, count: int, path: Path) -> Iterator[Finding]:
    if not _within(count, limits.min_items, limits.max_items):
        wanted = _between(limits.min_items, limits.max_items)
        detail = f"{dotted(path)} has {count} elements and must have {wanted}."
        yield Finding(path, "Invalid Attribute Value", detail)


def _check_scalar(limits: Limits, value: Value, path: Path) -> Iterator[Finding]:
    if value is None or isinstance(value, Unknown):
        return
    name = dotted(path)
    if limits.enum and value not in limits.enum:
        choices = ", ".join(limits.enum) if len(limits.enum) <= 12 else _near(str(value), limits.enum)
        yield Finding(path, "Invalid Attribute Value Match", f'{name} is "{value}" and must be one of: {choices}.')
    elif isinstance(value, str):
        if not _within(len(value), limits.min_length, limits.max_length):
            wanted = _between(limits.min_length, limits.max_length)
            yield Finding(
                path, "Invalid Attribute Value Length", f"{name} has {len(value)} characters and must have {wanted}."
            )
        expression = compiled(limits.pattern) if limits.pattern else None
        if expression and not expression.search(value):
            yield Finding(path, "Invalid Attribute Value Match", f'{name} is "{value}" and must match {limits.pattern}')
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if limits.integer and value != int(value):
            yield Finding(path, "Invalid Attribute Value", f"{name} is {value} and must be a whole number.")
        elif not _within(value, limits.min, limits.max):
            wanted = _between(limits.min, limits.max)
            yield Finding(path, "Invalid Attribute Value", f"{name} is {value} and must be {wanted}.")


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def _between(low: float | None, high: float | None) -> str:
    if low is None:
        return f"at most {high}"
    return f"at least {low}" if high is None else f"between {low} and {high}"


def _near(value: str, choices: tuple[str, ...]) -> str:
    family = value.rpartition(".")[0]
    near = [choice for choice in choices if family and choice.startswith(family)] or list(choices[:6])
    return ", ".join(near) + f" (and {len(choices) - len(near)} more)"


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str] | None:
    r"""The pattern for Python, or None if the providers cannot express it.

    Unicode classes are approximated: letters and digits by \w, separators by \s. To Go, $ is the very end, to Python
    also what stands before a last line break.
    """
    if "(?!" in pattern or "(?=" in pattern:
        return None
    pattern = f"{pattern[:-1]}\\Z" if pattern.endswith("$") and not pattern.endswith("\\$") else pattern
    return re.compile(pattern.replace(r"\p{L}", r"\w").replace(r"\p{N}", r"\d").replace(r"\p{Z}", r"\s"))
