"""Reading one Terraform state: a JSON document of format 4, held as plain dicts.

Numbers keep every digit: Terraform writes numbers of up to 512 bits, so those that a float cannot hold stay `Decimal`
in the document and are written back exactly as they were read.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from hp_tf.addresses import layer_of

State = dict[str, Any]

# Stands behind the address of an object that a replacement has not deleted yet.
DEPOSED = " (deposed object "

_PROVIDER = re.compile(r'(?:^|\.)provider\["([^"]+)"\](?:\.(.+))?$')
_QUOTED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}
_COMPACT = (",", ":")


class Output(NamedTuple):
    """The value of a root output, and whether Terraform holds it for sensitive."""

    value: Any
    sensitive: bool


def loads(body: bytes) -> State:
    """Parse the bytes of a state.

    Raises:
        ValueError: if they are not one JSON object.
    """
    state = json.loads(body, parse_float=_exact)
    if not isinstance(state, dict):
        raise ValueError("a state is a JSON object")
    if "encrypted_data" in state:
        raise ValueError("it is encrypted by OpenTofu; hptf joins and parts states, and can do so only with plain ones")
    return state


def dumps(state: Mapping[str, Any]) -> bytes:
    """Write a state with one line for each output, resource and check result: versions can be compared by eye.

    Indenting further would leave the fast JSON encoder, which matters with thousands of resources.
    """
    encoder = _Encoder()
    lines = []
    for key, value in state.items():
        name = json.dumps(key)
        if isinstance(value, list) and value:
            items = ",\n".join(f"    {encoder.text(item)}" for item in value)
            lines.append(f"  {name}: [\n{items}\n  ]")
        elif isinstance(value, dict) and value:
            items = ",\n".join(f"    {json.dumps(inner)}: {encoder.text(item)}" for inner, item in value.items())
            lines.append(f"  {name}: {{\n{items}\n  }}")
        else:
            lines.append(f"  {name}: {encoder.text(value)}")
    return encoder.finish("{\n" + ",\n".join(lines) + "\n}\n").encode()


class _Encoder:
    """JSON with `Decimal`s written as numbers: each is first written as a marked string, and unquoted at the end."""

    def __init__(self) -> None:
        self._token = uuid.uuid4().hex
        self._used = False

    def text(self, value: Any) -> str:
        return json.dumps(value, default=self._number)

    def _number(self, value: Any) -> str:
        if not isinstance(value, Decimal):
            raise TypeError(f"{type(value).__name__} has no place in a state")
        self._used = True
        return f"{self._token}{value}"

    def finish(self, text: str) -> str:
        return re.sub(f'"{self._token}([^"]*)"', r"\1", text) if self._used else text


def _exact(text: str) -> float | Decimal:
    number = float(text)
    exact = Decimal(text)
    return number if Decimal(repr(number)) == exact else exact


def same_content(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two states say the same, as `digest` sees it; quicker where they are the same in every place."""
    quick = all(_same(one.get(key) or None, other.get(key) or None) for key in ("outputs", "resources"))
    return quick or digest(one) == digest(other)


def _same(one: Any, other: Any) -> bool:
    """Equality that tells True from 1."""
    kind = type(one)
    if kind is not type(other):
        return False
    if kind is dict:
        return len(one) == len(other) and all(key in other and _same(value, other[key]) for key, value in one.items())
    if kind is list:
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)


def digest(state: Mapping[str, Any]) -> str:
    """SHA-256 of what a state says: its outputs and resources.

    Serial, lineage, Terraform's version and check results are left out, and so is the order of resources, instances,
    dependencies and sensitive paths, none of which means anything to Terraform.
    """
    content = {
        "outputs": state.get("outputs") or {},
        "resources": [_canonical(resource) for resource in sorted(state.get("resources") or [], key=_place)],
    }
    # One call for the whole state: an encoder for each resource takes twice as long.
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=_COMPACT, default=str).encode()).hexdigest()


def _place(resource: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(resource.get(key) or "") for key in ("module", "mode", "type", "name", "provider"))


def _canonical(resource: Mapping[str, Any]) -> dict[str, Any]:
    instances = resource.get("instances") or []
    if len(instances) > 1:
        instances = sorted(instances, key=_instance_place)
    return {**resource, "instances": [_canonical_instance(instance) for instance in instances]}


def _instance_place(instance: Mapping[str, Any]) -> tuple[str, str]:
    return repr(instance.get("index_key")), str(instance.get("deposed") or "")


def _canonical_instance(instance: dict[str, Any]) -> dict[str, Any]:
    # An empty list and an absent one say the same.
    plain = {key: value for key, value in instance.items() if value != []}
    # From 1.12 on Terraform notes of every resource that its identity has no schema yet.
    if plain.get("identity_schema_version") == 0 and not plain.get("identity"):
        del plain["identity_schema_version"]
    if dependencies := plain.get("dependencies"):
        plain["dependencies"] = sorted(dependencies)
    if sensitive := plain.get("sensitive_attributes"):
        plain["sensitive_attributes"] = sorted(sensitive, key=json.dumps)
    return plain


def resources(state: Mapping[str, Any] | None) -> int:
    """How many managed resource instances a state holds, deposed ones included."""
    return sum(len(resource.get("instances") or []) for resource in managed(state))


def has_resources(state: Mapping[str, Any] | None) -> bool:
    """Whether a state holds a managed resource instance; data that was read does not count."""
    return any(resource.get("instances") for resource in managed(state))


def managed(state: Mapping[str, Any] | None) -> Iterator[dict[str, Any]]:
    """A state's managed resources; data that was read are none."""
    for resource in (state or {}).get("resources") or []:
        if resource.get("mode") == "managed":
            yield resource


def providers(state: Mapping[str, Any] | None) -> set[str]:
    """The providers that a state's resources name, as source address, with `.alias` behind it for an aliased one.

    `registry.terraform.io/hashicorp/aws`, `registry.terraform.io/hashicorp/aws.west`: the last part of a source address
    holds no dot, so what follows one is the alias.
    """
    found = set()
    for resource in (state or {}).get("resources") or []:
        match = _PROVIDER.search(resource.get("provider") or "")
        if match:
            found.add(f"{match[1]}.{match[2]}" if match[2] else match[1])
    return found


def needed_layers(state: Mapping[str, Any] | None) -> set[str | None]:
    """The layers that a state's resources depend upon, as Terraform noted it when they were made."""
    return {
        layer_of(dependency)
        for resource in managed(state)
        for instance in resource.get("instances") or []
        for dependency in instance.get("dependencies") or []
    }


def address_of(resource: Mapping[str, Any]) -> str:
    """A resource's address without instance key: `module.network.aws_subnet.private`."""
    module = f"{resource['module']}." if resource.get("module") else ""
    data = "data." if resource.get("mode") == "data" else ""
    return f"{module}{data}{resource.get('type')}.{resource.get('name')}"


def instances(state: Mapping[str, Any] | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every managed instance by its address, which has its instance key as Terraform writes it.

    A deposed object (the old one of a replacement that did not finish) has ` (deposed object KEY)` behind its address.
    """
    for resource in managed(state):
        yield from _instances_of(resource)


def addresses(state: Mapping[str, Any] | None) -> Iterator[tuple[str, str, str | None]]:
    """Every managed instance as (address, type, id): addresses as of `instances`.

    The id is the attribute `id`, None where the resource has none.
    """
    for resource in managed(state):
        for address, instance in _instances_of(resource):
            identifier = (instance.get("attributes") or {}).get("id")
            yield address, str(resource.get("type")), None if identifier is None else str(identifier)


def without(state: State, gone: Collection[tuple[str, str | None]]) -> State:
    """Return a state less the instances at some addresses with some ids; the same one if it has none of them.

    Args:
        gone: as (address, id) of `addresses`; a deposed object has an address of its own.
    """
    left = []
    for resource in state.get("resources") or []:
        kept = [
            instance
            for instance in resource.get("instances") or []
            if resource.get("mode") != "managed" or _named({**resource, "instances": [instance]}) not in gone
        ]
        if kept or not resource.get("instances"):
            left.append({**resource, "instances": kept})
    if sum(len(item["instances"]) for item in left if item.get("mode") == "managed") == resources(state):
        return state
    return {**state, "resources": left, "serial": int(state.get("serial", 0)) + 1}


def _named(resource: Mapping[str, Any]) -> tuple[str, str | None]:
    ((address, _, identity),) = addresses({"resources": [resource]})
    return address, identity


def _instances_of(resource: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    base = address_of(resource)
    for instance in resource.get("instances") or []:
        address = base + _index(instance.get("index_key"))
        yield address + (f"{DEPOSED}{instance['deposed']})" if instance.get("deposed") else ""), instance


def _index(key: Any) -> str:
    if key is None:
        return ""
    if not isinstance(key, str):
        return f"[{key}]"
    quoted = "".join(_QUOTED.get(letter, letter) for letter in key)
    return '["' + re.sub(r"([$%])\{", r"\1\1{", quoted) + '"]'


def outputs(state: Mapping[str, Any] | None) -> dict[str, Output]:
    """A state's root outputs by name."""
    return {
        name: Output(output.get("value"), bool(output.get("sensitive")))
        for name, output in ((state or {}).get("outputs") or {}).items()
    }
