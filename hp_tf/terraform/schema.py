"""What providers' schemas say of attributes: which there are, and which of them are sets.

Plan JSON shows lists and sets alike; only the provider's schema tells them apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Json = Mapping[str, Any]
Names = tuple[str, ...]


def unordered(document: Json) -> Callable[[str, Names], bool]:
    """A predicate "is this attribute of this resource type a set?", from the output of `providers schema -json`.

    The path holds names of attributes and nested blocks, and no positions in lists. Sets inside maps are not told apart
    from
    lists: a path through a map has the map's keys, which no schema knows.
    """
    schemas = _blocks_of(document)
    known: dict[str, frozenset[Names]] = {}

    def is_set(kind: str, path: Names) -> bool:
        if kind not in known:
            found: set[Names] = set()
            _block(schemas.get(kind) or {}, (), found)
            known[kind] = frozenset(found)
        return path in known[kind]

    return is_set


def attributes(document: Json, kind: str) -> frozenset[Names]:
    """Return the paths of all attributes and nested blocks of a resource type, as for `unordered`; none if unknown."""
    found: set[Names] = set()
    _paths(_blocks_of(document).get(kind) or {}, (), found)
    return frozenset(found)


def _paths(block: Json, path: Names, found: set[Names]) -> None:
    for name, attribute in (block.get("attributes") or {}).items():
        found.add((*path, name))
        _paths(attribute.get("nested_type") or {}, (*path, name), found)
        _types(attribute.get("type"), (*path, name), found)
    for name, nested in (block.get("block_types") or {}).items():
        found.add((*path, name))
        _paths(nested.get("block") or {}, (*path, name), found)


def _types(kind: Any, path: Names, found: set[Names]) -> None:
    if not isinstance(kind, list) or len(kind) < 2:
        return
    if kind[0] == "object":
        for name, held in kind[1].items():
            found.add((*path, name))
            _types(held, (*path, name), found)
    else:
        _types(kind[1], path, found)


def _blocks_of(document: Json) -> dict[str, Json]:
    return {
        kind: schema.get("block") or {}
        for provider in (document.get("provider_schemas") or {}).values()
        for kind, schema in (provider.get("resource_schemas") or {}).items()
    }


def _block(block: Json, path: Names, found: set[Names]) -> None:
    _attributes(block.get("attributes") or {}, path, found)
    for name, nested in (block.get("block_types") or {}).items():
        here = (*path, name)
        if nested.get("nesting_mode") == "set":
            found.add(here)
        if nested.get("nesting_mode") != "map":
            _block(nested.get("block") or {}, here, found)


def _attributes(attributes: Json, path: Names, found: set[Names]) -> None:
    for name, attribute in attributes.items():
        here = (*path, name)
        nested = attribute.get("nested_type")
        if nested:
            if nested.get("nesting_mode") == "set":
                found.add(here)
            if nested.get("nesting_mode") != "map":
                _attributes(nested.get("attributes") or {}, here, found)
        else:
            _type(attribute.get("type"), here, found)


def _type(kind: Any, path: Names, found: set[Names]) -> None:
    """Terraform's notation of types: "string", ["set", T], ["list", T], ["map", T], ["object", {name: T}]."""
    if not isinstance(kind, list) or len(kind) < 2:
        return
    shape, inner = kind[0], kind[1]
    if shape == "set":
        found.add(path)
    if shape == "object":
        for name, held in inner.items():
            _type(held, (*path, name), found)
    elif shape in ("set", "list"):
        _type(inner, path, found)
