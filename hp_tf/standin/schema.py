"""The schemas under schemas/, as typed objects.

`tools/generate_standin_schemas.py` writes the files and documents where each fact comes from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any, Literal

Type = str | list[Any]
"""Terraform's JSON notation of a type: "string", ["list", "string"], ["object", {...}]."""

Nesting = Literal["single", "list", "set", "map"]
"""The nestings of the protocol. No committed schema has a map of objects; the generator writes one for a binding's."""

UNSET: Any = object()
"""An attribute without a default, or without a value of its own at creation. Null is a value."""


@dataclass(frozen=True)
class Limits:
    """What a value must satisfy. Lengths in characters, ranges inclusive, items counted."""

    enum: tuple[str, ...] = ()
    pattern: str | None = None
    min_length: int | None = None
    max_length: int | None = None
    min: float | None = None
    max: float | None = None
    min_items: int | None = None
    max_items: int | None = None
    integer: bool = False


@dataclass(frozen=True)
class Attribute:
    """One attribute: of a plain type, or (with `nesting`) an object or a collection of objects.

    not_null: must be set wherever its parent object is, though Terraform's schema calls it optional.
    replace: "always", or "if_configured" (a change forces replacement only if the configuration sets the value).
    default: the planned value when the configuration sets none.
    on_create: as default, at creation only.
    forget: any other change to the resource makes the value unknown.
    multiset: a list whose order means nothing.
    property_name: the name in the service's own document.
    json: a string that holds JSON, an object in the service's document.
    """

    name: str
    type: Type | None = None
    nesting: Nesting | None = None
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    required: bool = False
    optional: bool = False
    computed: bool = False
    sensitive: bool = False
    write_only: bool = False
    read_only: bool = False
    not_null: bool = False
    replace: Literal["always", "if_configured"] | None = None
    default: Any = UNSET
    on_create: Any = UNSET
    forget: bool = False
    multiset: bool = False
    property_name: str | None = None
    json: bool = False
    limits: Limits = Limits()
    item_limits: Limits = Limits()

    @property
    def kind(self) -> str:
        """What holds the value: string, number, bool, list, set, map, or single for one nested object."""
        if self.nesting:
            return self.nesting
        return self.type if isinstance(self.type, str) else str(self.type[0]) if self.type else "string"


@dataclass(frozen=True)
class Schema:
    """A resource's or a provider's schema.

    document: the whole file, for what only one backend needs.
    """

    attributes: Mapping[str, Attribute]
    version: int
    type_name: str
    document: Mapping[str, Any]


def _limits(raw: Mapping[str, Any]) -> Limits:
    names = Limits.__dataclass_fields__.keys() & raw.keys()
    known = {name: raw[name] for name in names}
    if "enum" in known:
        known["enum"] = tuple(known["enum"])
    return Limits(**known)


def _attributes(raw: Mapping[str, Any]) -> dict[str, Attribute]:
    return {name: _attribute(name, members) for name, members in sorted(raw.items())}


def _attribute(name: str, raw: Mapping[str, Any]) -> Attribute:
    flags = ("required", "optional", "computed", "sensitive", "write_only", "read_only", "not_null", "multiset", "json")
    return Attribute(
        name=name,
        type=raw.get("type"),
        nesting=raw.get("nesting"),
        attributes=_attributes(raw.get("attributes", {})),
        replace=raw.get("replace"),
        default=raw.get("default", UNSET),
        on_create=raw.get("on_create", UNSET),
        forget=raw.get("on_update") == "unknown",
        property_name=raw.get("property"),
        limits=_limits(raw),
        item_limits=_limits(raw.get("items", {})),
        **{flag: True for flag in flags if raw.get(flag)},
    )


def load(name: str) -> Schema:
    """Read schemas/<name>.json.

    Raises:
        FileNotFoundError: if there is no such schema.
    """
    text = (resources.files("hp_tf.standin") / "schemas" / f"{name}.json").read_text(encoding="utf-8")
    document: dict[str, Any] = json.loads(text)
    return Schema(
        attributes=_attributes(document["attributes"]),
        version=document.get("version", 0),
        type_name=document.get("type", ""),
        document=document,
    )


def as_data_source(schema: Schema) -> Schema:
    """The schema of the data source of the same name: found by `id`, everything else read."""

    def read(attributes: Mapping[str, Attribute]) -> dict[str, Attribute]:
        return {
            name: Attribute(
                name=name, type=a.type, nesting=a.nesting, attributes=read(a.attributes), computed=True,
                property_name=a.property_name, json=a.json,
            )
            for name, a in attributes.items()
        }  # fmt: skip

    attributes = read(schema.attributes) | {"id": Attribute(name="id", type="string", required=True)}
    return Schema(attributes, schema.version, schema.type_name, schema.document)


def cloudformation(name: str) -> dict[str, Any]:
    """CloudFormation's own schema of a type that Cloud Control serves, without its texts.

    Raises:
        FileNotFoundError: if there is no such schema.
    """
    text = (resources.files("hp_tf.standin") / "schemas" / f"cloudformation_{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)["schema"]
    return found
