"""What expressions are computed with: plain data, of which some may not be known yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final


class _Unknown:
    def __init__(self, name: str) -> None:
        self._name = name

    def __repr__(self) -> str:
        return self._name


UNKNOWN: Final = _Unknown("UNKNOWN")
# Just as unknown, but never null: the output of another layer that always has a value.
NOT_NULL: Final = _Unknown("NOT_NULL")
Scope = Mapping[str, Any]


class Open(list[Any]):
    """A list of which only these elements are known: it may hold others."""


def unknown(value: Any) -> bool:
    """Return whether a value is not known yet, be it UNKNOWN or NOT_NULL."""
    return isinstance(value, _Unknown)
