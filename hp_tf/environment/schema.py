"""The JSON Schema of an environment's file, for completion and hints in editors.

It says what each line may hold. What it cannot say (which lines are needed once ``extends`` is followed, rules between
fields, wiring) is checked by ``hptf validate``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, get_args, get_origin

from annotated_types import MaxLen, MinLen
from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from hp_tf.contract.base import (
    Configured,
    Contract,
    Found,
    FromEnvironment,
    Known,
    Text,
    Wired,
    annotations_of,
    described,
)
from hp_tf.contract.roles import sources
from hp_tf.environment.fields import accepts_null, bare, block_of, default_of, fields_of
from hp_tf.environment.inherit import NAME
from hp_tf.environment.sections import FileSections
from hp_tf.environment.shapes import usable_orchestrators

Schema = dict[str, Any]


def json_schema(contracts: Mapping[str, Contract]) -> Schema:
    """Return the schema (draft 2020-12) of environment files over these layers.

    Nothing is required where a parent may supply it: only elements of lists are complete in themselves. Null stands
    everywhere, to take an inherited value away.
    """
    parent = {"type": "string", "pattern": _whole(NAME.pattern)}
    top = _block(FileSections, complete=False)
    top["properties"]["orchestrator"]["enum"] = [*usable_orchestrators(contracts), None]
    extends = {
        "description": "A file beside this one, without .yaml, whose lines hold unless this file says otherwise; or "
        "a list of such files, of which later ones win.",
        "anyOf": [parent, {"type": "array", "items": parent, "minItems": 1}, {"type": "null"}],
    }
    layers = {
        "type": ["object", "null"],
        "description": "The layers' inputs. A layer that is not mentioned has its defaults.",
        "properties": {name: _layer(contract, contracts) for name, contract in contracts.items()},
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "hptf environment",
        "description": "One environment: a HyperPod cluster and everything around it.",
        **top,
        "properties": {"extends": extends, **top["properties"], "layers": layers},
        "allOf": [_of(orchestrator, contracts) for orchestrator in usable_orchestrators(contracts)],
    }


def render(contracts: Mapping[str, Contract]) -> str:
    """Return the schema as the text of ``schema/environment.json``; the same contracts give the same bytes."""
    return json.dumps(json_schema(contracts), indent=2, ensure_ascii=False) + "\n"


def _of(orchestrator: str, contracts: Mapping[str, Contract]) -> Schema:
    """Return that a file which names an orchestrator has no section of another one's layers."""
    others = [name for name, contract in contracts.items() if orchestrator not in contract.orchestrators]
    return {
        "if": {"properties": {"orchestrator": {"const": orchestrator}}, "required": ["orchestrator"]},
        "then": {"properties": {"layers": {"properties": {name: {"type": "null"} for name in others}}}},
    }


def _layer(contract: Contract, contracts: Mapping[str, Contract]) -> Schema:
    found = _or_null(_block(contract.inputs, complete=False))
    for name, info in fields_of(contract.inputs).items():
        for origin in annotations_of(info, Configured):
            followed = " and ".join(sources(origin, contracts.values()))
            found["properties"][name]["description"] += f" Follows {followed} unless given."
    enabled = {
        "type": ["boolean", "null"],
        "description": "Whether this environment has the layer.",
        "default": contract.enabled,
    }
    existing = _or_null(_block(contract.outputs, complete=False))
    existing["description"] = "The layer exists already and is not created: its outputs, by value."
    return {
        **found,
        "description": contract.summary,
        "properties": {"enabled": enabled, "existing": existing, **found["properties"]},
    }


def _block(block: type[BaseModel], *, complete: bool) -> Schema:
    fields = fields_of(block)
    found: Schema = {
        "type": "object",
        "properties": {
            # Null takes an inherited value away; inside a list nothing is inherited.
            name: _field(info, complete=complete, null=not (complete and info.is_required()))
            for name, info in fields.items()
        },
        "additionalProperties": False,
    }
    required = [name for name, info in fields.items() if info.is_required()]
    if complete and required:
        found["required"] = required
    return found


def _field(info: FieldInfo, *, complete: bool, null: bool) -> Schema:
    found = _type(info.annotation, info.metadata, complete=complete)
    found = _or_null(found) if null else found
    found["description"] = " ".join([described(info), *_origins(info)]).strip()
    if not info.is_required() and default_of(info) is not None:
        found["default"] = default_of(info)
    return found


def _condition(wire: Wired) -> str:
    if wire.only_when is not None:
        return f" (if {wire.only_when.said})"
    return f" (if {wire.only_if} is true)" if wire.only_if else ""


def _origins(info: FieldInfo) -> Iterable[str]:
    wires = annotations_of(info, Wired)
    outputs = [wire.source + _condition(wire) for wire in wires]
    if outputs:
        yield f"Taken from {' or '.join(outputs)} unless given."
    for found in annotations_of(info, Found):
        yield f"Looked up in AWS unless given or {found.unless} is true."
    for fact in annotations_of(info, FromEnvironment):
        yield f"The environment's {fact.value} unless given."


def _type(kind: Any, metadata: Iterable[Any], *, complete: bool) -> Schema:
    if get_origin(kind) is Annotated:
        inner, *more = get_args(kind)
        return _type(inner, [*metadata, *more], complete=complete)
    if accepts_null(kind):
        arguments = [argument for argument in get_args(kind) if argument is not type(None)]
        return _or_null(_type(arguments[0], metadata, complete=complete))
    marks = [mark for item in metadata for mark in (item.metadata if isinstance(item, FieldInfo) else [item])]
    block = block_of(kind)
    if block is not None:
        return _block(block, complete=complete)
    if get_origin(bare(kind)) is list:
        items = _type(get_args(kind)[0], (), complete=True)
        return {"type": "array", "items": items, **_lengths(marks, "minItems", "maxItems")}
    if get_origin(bare(kind)) is dict:
        keys, values = get_args(kind)
        entry, names = (_type(part, (), complete=complete) for part in (values, keys))
        found = {"type": "object", "additionalProperties": entry if complete else _or_null(entry)}
        found |= {"propertyNames": names} if len(names) > 1 else {}
        return {**found, **_lengths(marks, "minProperties", "maxProperties")}
    return _scalar(kind, marks)


def _scalar(kind: Any, marks: list[Any]) -> Schema:
    constraints = [mark for mark in marks if type(mark).__module__.startswith(("annotated_types", "pydantic"))]
    found: Schema = TypeAdapter(Annotated[kind, *constraints] if constraints else kind).json_schema()
    if "const" in found:
        found = {"type": found.get("type", "string"), "enum": [found["const"]]}
    for known in [mark for mark in marks if isinstance(mark, Known)]:
        # Editors offer the values, and take others of the form.
        found["anyOf"] = [{"enum": list(known.values)}, {}]
    for text in [mark for mark in marks if isinstance(mark, Text)]:
        found["pattern"] = _whole(text.pattern)
        if text.min_length:
            found["minLength"] = text.min_length
        if text.max_length is not None:
            found["maxLength"] = text.max_length
    return found


def _lengths(marks: list[Any], least: str, most: str) -> Schema:
    found: Schema = {}
    for mark in marks:
        if isinstance(mark, MinLen):
            found[least] = mark.min_length
        elif isinstance(mark, MaxLen):
            found[most] = mark.max_length
    return found


def _or_null(schema: Schema) -> Schema:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if "null" in kinds:
        return schema
    nulled = {**schema, "type": [*kinds, "null"]}
    if "enum" in schema:
        nulled["enum"] = [*schema["enum"], None]
    return nulled


def _whole(pattern: str) -> str:
    return f"^(?:{pattern})$"
