"""In which order awscc reads the lists of a document (internal/generic/translate.go, from 1.85 on).

A list of plain values, or of objects with a key, comes in the order of the state, and what the state has not sorted at
the end. Inside a list of other objects nothing is compared with the state: plain values come sorted there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]


def arranged(document: Json, prior: Json | None) -> Json:
    """Return a document with its lists in awscc's order.

    Args:
        prior: the document of the state; None at an import, where objects with a key are sorted and all else is kept.
    """
    return _by_key_alone(document) if prior is None else _like(document, prior)


def _like(document: Json, prior: Json) -> Json:
    found: Json = {}
    for name, value in document.items():
        was = prior.get(name)
        if isinstance(value, dict) and isinstance(was, dict):
            found[name] = _like(value, was)
        elif isinstance(value, list) and value:
            found[name] = _list_like(value, was if isinstance(was, list) else [])
        else:
            found[name] = value
    return found


def _list_like(items: list[Any], prior: list[Any]) -> list[Any]:
    if _keyed(items):
        return _in_order(items, [item for item in prior if isinstance(item, dict)], _key)
    if all(isinstance(item, str) for item in items) or all(type(item) in (int, float) for item in items):
        return _in_order(items, prior, str)
    return [_like(item, {}) if isinstance(item, dict) else item for item in items]


def _in_order(items: list[Any], prior: list[Any], key: Callable[[Any], str]) -> list[Any]:
    held = {key(item): item for item in items}
    known = [name for name in dict.fromkeys(map(key, prior)) if name in held]
    return [held[name] for name in [*known, *sorted(held.keys() - set(known))]]


def _by_key_alone(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _by_key_alone(item) for name, item in value.items()}
    if not isinstance(value, list):
        return value
    return sorted(value, key=_key) if value and _keyed(value) else [_by_key_alone(item) for item in value]


def _keyed(items: list[Any]) -> bool:
    return all(isinstance(item, dict) and ("Key" in item or "key" in item) for item in items)


def _key(item: Json) -> str:
    return str(item.get("Key", item.get("key", "")))
