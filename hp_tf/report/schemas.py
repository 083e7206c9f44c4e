"""The JSON Schemas of what commands print, made from the documents' own types."""

from __future__ import annotations

import json
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints, is_typeddict

from hp_tf.report.document import OutcomeDocument, PlanDocument, PlanFailure
from hp_tf.report.findings import ValidationDocument

Schema = dict[str, Any]
_NAMES = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}


def plan() -> str:
    """Return the schema of ``hptf plan ENV --json`` as the text of ``schema/plan.json``."""
    return _rendered("hptf plan --json", PlanDocument | PlanFailure)


def outcome() -> str:
    """Return the schema of ``apply --json`` and ``destroy --json`` as the text of ``schema/outcome.json``."""
    return _rendered("hptf apply --json, hptf destroy --json", OutcomeDocument | PlanFailure)


def validation() -> str:
    """Return the schema of ``hptf validate ENV --json`` as the text of ``schema/validate.json``."""
    return _rendered("hptf validate --json", ValidationDocument)


def _rendered(title: str, document: Any) -> str:
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title}
    return json.dumps({**head, **schema_of(document)}, indent=2, ensure_ascii=False) + "\n"


def schema_of(kind: Any) -> Schema:
    """Return the schema of a type: typed dicts, lists, mappings, literals, unions, and what JSON has itself."""
    origin, arguments = get_origin(kind), get_args(kind)
    if is_typeddict(kind):
        fields = get_type_hints(kind)
        return {
            "type": "object",
            "description": (kind.__doc__ or "").split("\n\n")[0],
            "properties": {name: schema_of(inner) for name, inner in fields.items()},
            "required": sorted(kind.__required_keys__),
            "additionalProperties": False,
        }
    if origin is list:
        return {"type": "array", "items": schema_of(arguments[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": schema_of(arguments[1])}
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, UnionType):
        return {"anyOf": [schema_of(inner) for inner in arguments]}
    return {} if kind is Any else {"type": _NAMES[kind]}
