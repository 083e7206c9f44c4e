"""JSON Patch (RFC 6902), by the library, and JSON Merge Patch (RFC 7386)."""

from __future__ import annotations

import copy
from typing import Any

from jsonpatch import JsonPatch, JsonPatchException, JsonPointerException


class PatchError(ValueError):
    """A patch that cannot be applied to the document."""


def apply_patch(document: Any, operations: Any) -> Any:
    """Return a copy of a document with the operations applied in order.

    Raises:
        PatchError: if they are no operations, or not for this document.
    """
    try:
        return JsonPatch(operations).apply(document)
    except (JsonPatchException, JsonPointerException) as error:
        raise PatchError(str(error)) from error


def merge_patch(document: Any, patch: Any) -> Any:
    """Return a document changed by a merge patch: null removes, objects merge, everything else replaces."""
    if not isinstance(patch, dict):
        return copy.deepcopy(patch)
    result = dict(document) if isinstance(document, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge_patch(result.get(key), value)
    return result
