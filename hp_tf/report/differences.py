"""What changes inside a resource, path by path, in words that are safe to show."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from hp_tf.report.masking import marks
from hp_tf.report.text import printable
from hp_tf.terraform.plan import MASK, ResourceChange

UNKNOWN_TEXT = "(known after apply)"
# By what the elements of a list are told apart: a position says nothing to a reader.
_NAMES = ("instance_group_name", "name", "key", "Sid")


@dataclass(frozen=True)
class Difference:
    """One value that changes: ``before`` and ``after`` in words, ``forces`` if it makes the resource be replaced."""

    path: str
    before: str
    after: str
    forces: bool = False


class _Hidden:
    """A sensitive value: it can be compared, and not seen."""

    def __init__(self, value: Any) -> None:
        self._value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hidden) and bool(self._value == other._value)

    def __hash__(self) -> int:
        return 0

    def __str__(self) -> str:
        return MASK


class _Unknown:
    def __str__(self) -> str:
        return UNKNOWN_TEXT


_UNKNOWN = _Unknown()


def differences(change: ResourceChange) -> Iterator[Difference]:
    """Yield what an update or a replacement changes, by attribute, sorted.

    A replacement makes every computed attribute unknown; of those only the ones that force it are told.
    """
    hidden = marks(change.raw.get("change") or {})
    before = _tree(change.before or {}, hidden, False)
    after = _tree(change.after or {}, hidden, change.after_unknown)
    if not isinstance(before, dict) or not isinstance(after, dict):
        if not _same(before, after):
            yield Difference("(everything)", _text(before), _text(after))
        return
    forcing = {str(path[0]) for path in change.replace_paths if path}
    for name in sorted({*before, *after}):
        new = after.get(name)
        if new is _UNKNOWN and change.action.replaces and name not in forcing:
            continue
        for path, old_text, new_text in _walk(name, before.get(name), new):
            yield Difference(path, old_text, new_text, name in forcing)


def _tree(value: Any, hidden: Any, unknown: Any) -> Any:
    """A value with its sensitive and its unknown parts put in place."""
    if unknown is True:
        return _UNKNOWN
    if not hidden and not unknown:
        return value
    if isinstance(value, Mapping) and not (hidden and not isinstance(hidden, Mapping)):
        more = unknown if isinstance(unknown, Mapping) else {}
        covered = hidden if isinstance(hidden, Mapping) else {}
        keys = [*value, *(key for key in more if key not in value and _any(more[key]))]
        return {key: _tree(value.get(key), covered.get(key), more.get(key)) for key in keys}
    if isinstance(value, list) and not (hidden and not isinstance(hidden, list)):
        holes = unknown if isinstance(unknown, list) else []
        secrets = hidden if isinstance(hidden, list) else []
        rows = zip_longest(value, secrets[: len(value)], holes[: len(value)])
        return [_tree(item, mark, missing) for item, mark, missing in rows]
    if hidden:
        return _Hidden(value)
    return _UNKNOWN if _any(unknown) else value


def _any(unknown: Any) -> bool:
    if isinstance(unknown, Mapping):
        return any(map(_any, unknown.values()))
    return any(map(_any, unknown)) if isinstance(unknown, list) else bool(unknown)


def _walk(path: str, before: Any, after: Any) -> Iterator[tuple[str, str, str]]:
    if before is after or _same(before, after):
        return
    before, after = _document(before, after)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after}):
            yield from _walk(f"{path}.{key}", before.get(key), after.get(key))
        return
    if isinstance(before, list) and isinstance(after, list):
        for key in _NAMES:
            old, new = _by_name(before, key), _by_name(after, key)
            if old is not None and new is not None:
                for name in sorted({*old, *new}):
                    yield from _walk(f'{path}["{name}"]', old.get(name), new.get(name))
                return
    yield printable(path), _text(before), _text(after)


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _document(before: Any, after: Any) -> tuple[Any, Any]:
    """Policies are documents inside strings: what changed in one is worth more than two long strings."""
    if not (isinstance(before, str) and isinstance(after, str)) or before[:1] not in ("{", "["):
        return before, after
    try:
        one, other = json.loads(before), json.loads(after)
    except ValueError:
        return before, after
    return (before, after) if _same(one, other) else (one, other)


def _by_name(items: list[Any], key: str) -> dict[str, Any] | None:
    """A list's elements by name, where every element has one of its own. An empty list has no element without."""
    if not all(isinstance(item, Mapping) and isinstance(item.get(key), str) for item in items):
        return None
    found = {item[key]: item for item in items}
    return found if len(found) == len(items) else None


def _text(value: Any) -> str:
    if isinstance(value, _Hidden | _Unknown):
        return str(value)
    return printable(json.dumps(value, sort_keys=True, ensure_ascii=False, default=str))
