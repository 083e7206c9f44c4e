"""Strategic merge and server-side apply, as far as charts need them: lists merge by what names their items."""

from __future__ import annotations

import copy
from typing import Any

# Members whose lists are merged item by item, and what identifies an item.
_LIST_KEYS: dict[str, tuple[str, ...]] = {
    "containers": ("name",),
    "initContainers": ("name",),
    "env": ("name",),
    "volumes": ("name",),
    "volumeMounts": ("mountPath",),
    "imagePullSecrets": ("name",),
    "secrets": ("name",),
    "ports": ("containerPort", "port"),
    "conditions": ("type",),
    "ownerReferences": ("uid",),
    "webhooks": ("name",),
    "hostAliases": ("ip",),
}


def strategic_merge(document: Any, patch: Any, member: str = "") -> Any:
    """`document` changed by a strategic merge patch, with `$patch: delete|replace` directives."""
    if isinstance(patch, dict):
        if patch.get("$patch") == "replace":
            return {key: copy.deepcopy(value) for key, value in patch.items() if key != "$patch"}
        result = dict(document) if isinstance(document, dict) else {}
        for key, value in patch.items():
            if key.startswith("$"):
                continue
            if value is None:
                result.pop(key, None)
            else:
                result[key] = strategic_merge(result.get(key), value, key)
        return result
    if isinstance(patch, list) and isinstance(document, list):
        keys = _LIST_KEYS.get(member)
        if keys and all(isinstance(item, dict) for item in (*patch, *document)):
            return _merge_lists(document, patch, keys)
    return copy.deepcopy(patch)


def _identity(item: dict[str, Any], keys: tuple[str, ...]) -> Any:
    return next(((key, item[key]) for key in keys if key in item), None)


def _merge_lists(document: list[Any], patch: list[Any], keys: tuple[str, ...]) -> list[Any]:
    result = [copy.deepcopy(item) for item in document]
    for item in patch:
        if item.get("$patch") == "replace":
            continue
        identity = _identity(item, keys)
        index = next((i for i, known in enumerate(result) if identity and _identity(known, keys) == identity), None)
        if item.get("$patch") == "delete":
            if index is not None:
                del result[index]
        elif index is None:
            result.append(copy.deepcopy(item))
        else:
            result[index] = strategic_merge(result[index], item)
    return result
