"""The values in a plan file, as `terraform show -json` gives them.

Terraform writes them in msgpack against the provider's schema, which the file does not hold. Without it one thing is
not to be seen: whether a text that reads like a number is one, for a number that fits no machine type is a text there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from hp_tf.wire import UNKNOWN, decode

Steps = tuple[str | int, ...]
# Where a value is: a resource's type, and the names down to it; positions in lists do not count.
Place = tuple[str, ...]

# As Go writes a number that is neither a 64-bit integer nor exact as a float.
_NUMERAL = re.compile(r"-?(0|[1-9]\d*)(\.\d*[1-9])?")


@dataclass
class Kinds:
    """Which places hold numbers and which hold texts, as far as is known; `unclear` are those that had to be known."""

    known: Mapping[Place, bool]
    unclear: set[Place] = field(default_factory=set)

    def is_number(self, place: Place) -> bool:
        if place not in self.known:
            self.unclear.add(place)
        return self.known.get(place, False)


def may_be_number(text: str) -> bool:
    """Return whether Terraform would have written a number as this text."""
    if not _NUMERAL.fullmatch(text) or text == "-0":
        return False
    if "." in text:
        return Fraction(text) != Fraction(float(text))
    return not -(2**63) <= int(text) < 2**63


def known_kinds(place: Place, value: Any) -> Iterator[tuple[Place, bool]]:
    """Yield what a value out of `show -json` tells of its places: where numbers are, and texts that may be taken so."""
    if isinstance(value, dict):
        for key, held in value.items():
            yield from known_kinds((*place, key), held)
    elif isinstance(value, list):
        for held in value:
            yield from known_kinds(place, held)
    elif isinstance(value, str):
        if may_be_number(value):
            yield place, False
    elif isinstance(value, float):
        yield place, True


def load(data: bytes, place: Place, kinds: Kinds) -> Any:
    """Return a value with UNKNOWN where it is so."""
    return _typed(decode(data), None, place, kinds)


def _typed(value: Any, kind: Any, place: Place, kinds: Kinds) -> Any:
    """A value as its type says; without a type (None), as it looks. Types are in Terraform's notation."""
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, str):
        numeral = kind == "number" or (kind is None and may_be_number(value) and kinds.is_number(place))
        return json.loads(value) if numeral else value
    if isinstance(value, list):
        # A value whose type the schema leaves open comes with it; nothing else is written as bytes.
        if len(value) == 2 and isinstance(value[0], bytes):
            return _typed(value[1], json.loads(value[0]), place, kinds)
        of: Any = kind[1] if kind else None
        each: Any = of if kind and kind[0] == "tuple" else [of] * len(value)
        return [_typed(held, inner, place, kinds) for held, inner in zip(value, each, strict=True)]
    if isinstance(value, dict):
        of = kind[1] if kind else None
        each = of if kind and kind[0] == "object" else dict.fromkeys(value, of)
        return {key: _typed(held, each[key], (*place, key), kinds) for key, held in value.items()}
    return value


def is_known(value: Any) -> bool:
    """Return whether nothing in a value is unknown."""
    if isinstance(value, dict):
        return all(map(is_known, value.values()))
    return all(map(is_known, value)) if isinstance(value, list) else value is not UNKNOWN


def without_unknown(value: Any) -> Any:
    """Return plain data: unknown members left out, unknown elements null, as their place in the list tells them."""
    if isinstance(value, dict):
        return {key: without_unknown(held) for key, held in value.items() if held is not UNKNOWN}
    if isinstance(value, list):
        return [without_unknown(held) for held in value]
    return None if value is UNKNOWN else value


def unknown_shadow(value: Any) -> Any:
    """Return the shadow of what is unknown, see `hp_tf.terraform.values`."""
    if isinstance(value, dict):
        shadows = {key: unknown_shadow(held) for key, held in value.items()}
        return {key: shadow for key, shadow in shadows.items() if shadow is not False}
    return [unknown_shadow(held) for held in value] if isinstance(value, list) else value is UNKNOWN


def sensitive_shadow(value: Any, paths: Iterable[Steps]) -> Any:
    """Return the shadow of what lies at these paths."""
    below: dict[str | int, list[Steps]] = {}
    for path in paths:
        # An element of a set has no position: the set is sensitive.
        if not path or (isinstance(value, list) and not isinstance(path[0], int)):
            return True
        below.setdefault(path[0], []).append(path[1:])
    if isinstance(value, dict):
        shadows = {key: sensitive_shadow(held, below.get(key, ())) for key, held in value.items()}
        return {key: shadow for key, shadow in shadows.items() if shadow is not False}
    if isinstance(value, list):
        return [sensitive_shadow(held, below.get(at, ())) for at, held in enumerate(value)]
    return False
