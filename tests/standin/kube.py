"""A Kubernetes API with config maps, secrets and namespaces: as much as the real helm needs for a small chart."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.standin.conftest import send

Json = dict[str, Any]
KINDS = {"configmaps": "ConfigMap", "secrets": "Secret", "namespaces": "Namespace"}
OPENAPI = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
ITEM = re.compile(r"/api/v1(?:/namespaces/([^/]+))?/(configmaps|secrets|namespaces)(?:/([^/]+))?$")


def wire(data: bytes) -> Iterator[tuple[int, Any]]:
    """(field number, value) of a protobuf message."""
    i = 0

    def varint() -> int:
        nonlocal i
        value = shift = 0
        while True:
            byte = data[i]
            i += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while i < len(data):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
        else:
            length = varint()
            yield key >> 3, data[i : i + length]
            i += length


def secret_from_protobuf(body: bytes) -> Json:
    """A Secret in Kubernetes' protobuf envelope (magic `k8s\\0`, then the raw object in field 2)."""
    raw = dict(wire(body[4:]))[2]
    metadata: Json = {"labels": {}}
    data, kind = {}, "Opaque"
    for number, value in wire(raw):
        if number == 1:
            for inner, content in wire(value):
                if inner in (1, 3):
                    metadata["name" if inner == 1 else "namespace"] = content.decode()
                if inner == 11:
                    pair = dict(wire(content))
                    metadata["labels"][pair[1].decode()] = pair[2].decode()
        elif number == 2:
            pair = dict(wire(value))
            data[pair[1].decode()] = base64.b64encode(pair[2]).decode()
        elif number == 3:
            kind = value.decode()
    return {"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "data": data, "type": kind}


class FakeKubernetes:
    """Objects by (namespace, plural, name)."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str, str], Json] = {}
        self.tokens: set[str] = set()
        self.requests: list[str] = []
        self.refuse: set[str] = set()

    def names(self, plural: str) -> list[str]:
        return sorted(name for _, kind, name in self.objects if kind == plural)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length)
        parts = urlsplit(handler.path)
        self.requests.append(f"{handler.command} {handler.path}")
        self.tokens.add(handler.headers.get("Authorization", ""))
        fixed = self.discovery(parts.path)
        if parts.path == "/openapi/v2":
            send(handler, 200, b"", OPENAPI)
        elif fixed is not None:
            send(handler, 200, fixed)
        elif match := ITEM.match(parts.path):
            send(handler, *self.item(handler.command, match.groups(), parse_qs(parts.query), body))
        else:
            send(handler, 404, self.status(404, f"no {parts.path}"))

    def discovery(self, path: str) -> Json | None:
        resources = [
            {"name": name, "kind": kind, "namespaced": name != "namespaces", "singularName": "", "verbs": ["get"]}
            for name, kind in KINDS.items()
        ]
        fixed: dict[str, Json] = {
            "/version": {"major": "1", "minor": "33", "gitVersion": "v1.33.0"},
            "/api": {"kind": "APIVersions", "versions": ["v1"]},
            "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": []},
            "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": resources},
            "/openapi/v3": {"paths": {}},
        }
        return fixed.get(path)

    @staticmethod
    def status(code: int, message: str) -> Json:
        reason = {404: "NotFound", 409: "AlreadyExists", 403: "Forbidden"}[code]
        return {
            "kind": "Status",
            "apiVersion": "v1",
            "status": "Failure",
            "code": code,
            "reason": reason,
            "message": message,
        }

    def item(
        self, method: str, path: tuple[str | Any, ...], query: dict[str, list[str]], body: bytes
    ) -> tuple[int, Json]:
        namespace, plural, name = path[0] or "", path[1], path[2]
        key = (namespace, plural, name)
        if method == "POST":
            made = secret_from_protobuf(body) if body.startswith(b"k8s\0") else json.loads(body)
            if made["metadata"]["name"] in self.refuse:
                return 403, self.status(403, f"{made['metadata']['name']} is refused")
            made["metadata"] |= {"uid": "1", "resourceVersion": "1", "creationTimestamp": "2026-01-01T00:00:00Z"}
            self.objects[namespace, plural, made["metadata"]["name"]] = made
            return 201, made
        if name is None:
            return 200, self.list(namespace, plural, query)
        if key not in self.objects:
            return 404, self.status(404, f'{plural} "{name}" not found')
        if method == "DELETE":
            return 200, self.objects.pop(key)
        if method == "PUT":
            self.objects[key] = secret_from_protobuf(body) if body.startswith(b"k8s\0") else json.loads(body)
        if method == "PATCH":
            self.objects[key] = merged(self.objects[key], json.loads(body))
        return 200, self.objects[key]

    def list(self, namespace: str, plural: str, query: dict[str, list[str]]) -> Json:
        wanted = dict(pair.split("=") for pair in query.get("labelSelector", [""])[0].split(",") if pair)
        items = [
            item
            for (space, kind, _), item in self.objects.items()
            if kind == plural
            and (not namespace or space == namespace)
            and wanted.items() <= item["metadata"].get("labels", {}).items()
        ]
        return {"apiVersion": "v1", "kind": f"{KINDS[plural]}List", "metadata": {}, "items": items}


def merged(old: Any, new: Any) -> Any:
    """A JSON merge patch (RFC 7386)."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    result = dict(old)
    for key, value in new.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(old.get(key), value)
    return result
