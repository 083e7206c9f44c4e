"""JSON Patch (RFC 6902) and JSON Merge Patch (RFC 7386)."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any


class PatchError(ValueError):
    """A patch that cannot be applied to the document."""


def _steps(pointer: str) -> list[str]:
    if pointer == "":
        return []
    if not pointer.startswith("/"):
        raise PatchError(f"{pointer!r} is not a JSON pointer")
    return [step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/")]


def _index(container: Sequence[Any], step: str, *, appending: bool) -> int:
    if step == "-" and appending:
        return len(container)
    limit = len(container) + (1 if appending else 0)
    if not step.isdigit() or int(step) >= limit:
        raise PatchError(f"there is no item {step!r} in a list of {len(container)}")
    return int(step)


def _child(container: Any, step: str) -> Any:
    if isinstance(container, list):
        return container[_index(container, step, appending=False)]
    if isinstance(container, dict) and step in container:
        return container[step]
    raise PatchError(f"there is no member {step!r}")


def _parent(document: Any, pointer: str) -> tuple[Any, str]:
    steps = _steps(pointer)
    for step in steps[:-1]:
        document = _child(document, step)
    return document, steps[-1]


def _get(document: Any, pointer: str) -> Any:
    for step in _steps(pointer):
        document = _child(document, step)
    return document


def _add(document: Any, pointer: str, value: Any) -> Any:
    if pointer == "":
        return value
    container, step = _parent(document, pointer)
    if isinstance(container, list):
        container.insert(_index(container, step, appending=True), value)
    elif isinstance(container, dict):
        container[step] = value
    else:
        raise PatchError(f"{pointer!r} lies inside a value that has no members")
    return document


def _remove(document: Any, pointer: str) -> Any:
    if pointer == "":
        return None
    container, step = _parent(document, pointer)
    _child(container, step)
    if isinstance(container, list):
        del container[int(step)]
    else:
        del container[step]
    return document


def apply_patch(document: Any, operations: Sequence[Mapping[str, Any]]) -> Any:
    """A copy of `document` with the operations applied in order. Raises PatchError."""
    document = copy.deepcopy(document)
    for entry in operations:
        try:
            kind, path = entry["op"], entry["path"]
            if kind == "test":
                if _get(document, path) != entry["value"]:
                    raise PatchError(f"the value at {path!r} is not the expected one")
            elif kind == "remove":
                document = _remove(document, path)
            elif kind == "add":
                document = _add(document, path, copy.deepcopy(entry["value"]))
            elif kind == "replace":
                if path != "":
                    _get(document, path)
                    document = _add(_remove(document, path), path, copy.deepcopy(entry["value"]))
                else:
                    document = copy.deepcopy(entry["value"])
            elif kind in ("copy", "move"):
                value = copy.deepcopy(_get(document, entry["from"]))
                if kind == "move":
                    document = _remove(document, entry["from"])
                document = _add(document, path, value)
            else:
                raise PatchError(f"there is no patch operation {kind!r}")
        except (KeyError, TypeError) as error:
            raise PatchError(f"a patch operation is incomplete: {error}") from error
    return document


def merge_patch(document: Any, patch: Any) -> Any:
    """`document` changed by a merge patch: null removes, objects merge, everything else replaces."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    result = dict(document) if isinstance(document, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge_patch(result.get(key), value)
    return result
