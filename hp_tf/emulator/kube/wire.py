"""Bodies that clients send: JSON, YAML, and Kubernetes' protobuf envelope for the few kinds that helm writes so."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.constructor import SafeConstructor
from ruamel.yaml.error import YAMLError

from hp_tf.wire import fields

MAGIC = b"k8s\x00"

# Field numbers of the messages, from Kubernetes' published .proto files: number -> (name, how to read it).
_Fields = Mapping[int, tuple[str, Any]]
_METADATA: _Fields = {
    1: ("name", "text"),
    2: ("generateName", "text"),
    3: ("namespace", "text"),
    5: ("uid", "text"),
    6: ("resourceVersion", "text"),
    11: ("labels", "text map"),
    12: ("annotations", "text map"),
    14: ("finalizers", "texts"),
}
_MESSAGES: Mapping[str, _Fields] = {
    "Secret": {
        1: ("metadata", _METADATA),
        2: ("data", "bytes map"),
        3: ("type", "text"),
        4: ("stringData", "text map"),
        5: ("immutable", "flag"),
    },
    "ConfigMap": {
        1: ("metadata", _METADATA),
        2: ("data", "text map"),
        3: ("binaryData", "bytes map"),
        4: ("immutable", "flag"),
    },
    "Namespace": {1: ("metadata", _METADATA), 2: ("spec", {1: ("finalizers", "texts")})},
    "ServiceAccount": {1: ("metadata", _METADATA)},
    "DeleteOptions": {
        2: ("preconditions", {1: ("uid", "text"), 2: ("resourceVersion", "text")}),
        4: ("propagationPolicy", "text"),
    },
}


class BadBody(ValueError):
    """A body that cannot be read."""


def read_body(body: bytes, content_type: str) -> Any:
    """The object in a request's body; an empty body is an empty object. Raises BadBody."""
    if not body:
        return {}
    try:
        if body.startswith(MAGIC):
            return _protobuf(body[len(MAGIC) :])
        return _as_json(_yaml(body) if "yaml" in content_type else json.loads(body))
    except BadBody:
        raise
    except (TypeError, ValueError, YAMLError) as error:
        raise BadBody(f"the body cannot be read: {error}") from error


class _Constructor(SafeConstructor):
    """Reads YAML as Kubernetes does: by way of JSON, which has no dates."""


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str)


def _yaml(body: bytes) -> Any:
    reader = YAML(typ="safe", pure=True)
    reader.Constructor = _Constructor
    return reader.load(body)


def _as_json(document: Any) -> Any:
    """The document as JSON has it. Raises TypeError or ValueError for what JSON cannot say: sets, bytes, infinity."""
    return json.loads(json.dumps(document, allow_nan=False))


def _protobuf(data: bytes) -> dict[str, Any]:
    envelope = dict(fields(data))
    head = dict(fields(_as_bytes(envelope.get(1, b""))))
    api_version, kind = _as_bytes(head.get(1, b"")).decode(), _as_bytes(head.get(2, b"")).decode()
    raw = _as_bytes(envelope.get(2, b""))
    if raw[:1] == b"{":
        return dict(_as_json(json.loads(raw)))
    known = _MESSAGES.get(kind)
    if known is None:
        raise BadBody(f"{kind} in protobuf is not known here; send it as JSON")
    return {"apiVersion": api_version, "kind": kind, **_message(raw, known)}


def _message(data: bytes, known: _Fields) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for number, value in fields(data):
        if number not in known:
            continue
        name, reading = known[number]
        if isinstance(reading, Mapping):
            result[name] = _message(_as_bytes(value), reading)
        elif reading == "flag":
            result[name] = bool(value)
        elif reading == "text":
            if value:
                result[name] = _as_bytes(value).decode()
        elif reading == "texts":
            result.setdefault(name, []).append(_as_bytes(value).decode())
        else:
            pair = dict(fields(_as_bytes(value)))
            content = _as_bytes(pair.get(2, b""))
            text = base64.b64encode(content).decode() if reading == "bytes map" else content.decode()
            result.setdefault(name, {})[_as_bytes(pair.get(1, b"")).decode()] = text
    return result


def _as_bytes(value: int | bytes) -> bytes:
    if isinstance(value, int):
        raise BadBody("the protobuf body has a number where a message was expected")
    return value
