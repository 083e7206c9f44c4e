"""Values of a plan in words that are safe to show: what is secret or not known yet says just that."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any

from hp_tf.report.text import printable
from hp_tf.terraform.plan import MASK

UNKNOWN_TEXT = "(known after apply)"


class Hidden:
    """A sensitive value: it can be compared, and not seen."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hidden) and bool(self._value == other._value)

    def __hash__(self) -> int:
        return 0

    def __str__(self) -> str:
        return MASK


class _Unknown:
    def __str__(self) -> str:
        return UNKNOWN_TEXT


UNKNOWN = _Unknown()


def tree(value: Any, hidden: Any, unknown: Any) -> Any:
    """Return a value with its sensitive and its unknown parts put in place, as Terraform's marks say."""
    if unknown is True:
        return UNKNOWN
    if not hidden and not unknown:
        return value
    if isinstance(value, Mapping) and not (hidden and not isinstance(hidden, Mapping)):
        more = unknown if isinstance(unknown, Mapping) else {}
        covered = hidden if isinstance(hidden, Mapping) else {}
        keys = [*value, *(key for key in more if key not in value and _any(more[key]))]
        return {key: tree(value.get(key), covered.get(key), more.get(key)) for key in keys}
    if isinstance(value, list) and not (hidden and not isinstance(hidden, list)):
        holes = unknown if isinstance(unknown, list) else []
        secrets = hidden if isinstance(hidden, list) else []
        rows = zip_longest(value, secrets[: len(value)], holes[: len(value)])
        return [tree(item, mark, missing) for item, mark, missing in rows]
    if hidden:
        return Hidden(value)
    return UNKNOWN if _any(unknown) else value


def same(one: Any, other: Any) -> bool:
    """Return whether two values are one; true and 1 are not."""
    return type(one) is type(other) and bool(one == other)


def words(value: Any) -> str:
    """Return a value in one line of words."""
    if isinstance(value, Hidden | _Unknown):
        return str(value)
    return printable(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str))


def _any(unknown: Any) -> bool:
    if isinstance(unknown, Mapping):
        return any(map(_any, unknown.values()))
    return any(map(_any, unknown)) if isinstance(unknown, list) else bool(unknown)
