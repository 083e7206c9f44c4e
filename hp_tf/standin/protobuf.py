"""Schemas, diagnostics and values as messages of Terraform's plugin protocol 6."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tf.gen import tfplugin_pb2 as pb

from hp_tf.standin.planning import Path
from hp_tf.standin.schema import Attribute, Schema
from hp_tf.standin.values import Attributes, Value, conform, encode
from hp_tf.wire import decode

WRITE_ONLY = b"\x58\x01"
"""Field 11 of Schema.Attribute, true. The generated messages are older than the field; protobuf passes it on."""

NESTING = {"single": "SINGLE", "list": "LIST", "set": "SET", "map": "MAP"}


def attribute_message(attribute: Attribute) -> Any:
    """One attribute's schema."""
    message = pb.Schema.Attribute(
        name=attribute.name,
        required=attribute.required,
        optional=attribute.optional,
        computed=attribute.computed,
        sensitive=attribute.sensitive,
    )
    if attribute.nesting:
        mode = getattr(pb.Schema.Object, NESTING[attribute.nesting])
        message.nested_type.CopyFrom(
            pb.Schema.Object(nesting=mode, attributes=[attribute_message(a) for a in attribute.attributes.values()])
        )
    else:
        message.type = json.dumps(attribute.type).encode()
    if attribute.write_only:
        message.MergeFromString(WRITE_ONLY)
    return message


def schema_message(schema: Schema) -> Any:
    """A resource's, data source's or provider's schema."""
    attributes = [attribute_message(attribute) for attribute in schema.attributes.values()]
    return pb.Schema(version=schema.version, block=pb.Schema.Block(attributes=attributes))


def path_message(path: Path) -> Any:
    """A path: names are attributes, numbers are positions."""
    steps = [
        pb.AttributePath.Step(element_key_int=step)
        if isinstance(step, int)
        else pb.AttributePath.Step(attribute_name=step)
        for step in path
    ]
    return pb.AttributePath(steps=steps)


def diagnostic(summary: str, detail: str = "", path: Path = (), *, warning: bool = False) -> Any:
    """An error, or a warning. With a path Terraform shows the file and line of the value."""
    severity = pb.Diagnostic.WARNING if warning else pb.Diagnostic.ERROR
    message = pb.Diagnostic(severity=severity, summary=summary, detail=detail)
    if path:
        message.attribute.CopyFrom(path_message(path))
    return message


def dynamic(value: Value) -> Any:
    """A value for Terraform."""
    return pb.DynamicValue(msgpack=encode(value))


def value_of(attributes: Attributes, message: Any) -> Value:
    """A value from Terraform, in msgpack or JSON, with exactly the schema's attributes."""
    if message.msgpack:
        return conform(attributes, decode(message.msgpack))
    return conform(attributes, json.loads(message.json)) if message.json else None


def schemas(definitions: Mapping[str, Schema]) -> dict[str, Any]:
    """Type name -> schema message."""
    return {name: schema_message(schema) for name, schema in definitions.items()}
