"""The Kubernetes API over one cluster's objects: create, read, change, delete, list, watch."""

from __future__ import annotations

import json
import logging
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from hp_tf.emulator.awsjson import AwsError
from hp_tf.emulator.jsonpatch import PatchError, apply_patch, merge_patch
from hp_tf.emulator.kube import claims, discovery, kinds, workloads
from hp_tf.emulator.kube.kinds import Kind, find_kind
from hp_tf.emulator.kube.merge import strategic_merge
from hp_tf.emulator.kube.selectors import fields_match, labels_match
from hp_tf.emulator.kube.store import Conflict, Exists, KubeClusters, KubeState, Missing, Object
from hp_tf.emulator.kube.wire import BadBody, read_body
from hp_tf.emulator.kube.workloads import with_status
from hp_tf.emulator.web import MISTAKES, Dropped, Request, Response, json_response

log = logging.getLogger(__name__)

# Go's MIME parser refuses the `@` in the type that a real server gives; this one makes kubectl read an empty schema.
_OPENAPI_V2 = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
# What a client accepts that wants only the metadata of what it lists.
_PARTIAL = "PartialObjectMetadataList"
_REASONS = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    405: "MethodNotAllowed",
    409: "Conflict",
    422: "Invalid",
}


class StatusError(Exception):
    """A failure, as a Kubernetes Status object."""

    def __init__(self, code: int, message: str, reason: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.reason = reason or _REASONS[code]

    def response(self) -> Response:
        document = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": {},
            "status": "Failure",
            "message": self.message,
            "reason": self.reason,
            "code": self.code,
        }
        return json_response(document, self.code)


@dataclass(frozen=True)
class Target:
    """What a path names: a kind, in a namespace, and perhaps one object or a part of it."""

    kind: Kind
    space: str | None
    name: str | None
    part: str | None


class KubeApi:
    """Everything under /k8s/<cluster>.

    Attributes:
        clusters: the objects of each.
        allows: whether the caller with an Authorization header may use a cluster; None if the cluster does not know it.
    """

    def __init__(self, clusters: KubeClusters, allows: Callable[[str, str], bool | None]) -> None:
        self._clusters = clusters
        self._allows = allows

    def answer(self, request: Request, begin: Callable[[str, str], None] = lambda service, operation: None) -> Response:
        """Answer a request whose path begins with /k8s/<cluster>.

        Args:
            begin: applies the fault that concerns a call of a service, if there is one. Raises Dropped or AwsError.

        Raises:
            Dropped: if nobody answers.
        """
        _, _, cluster, *rest = request.path.split("/")
        try:
            begin("kubernetes", _operation(request.method, rest))
            state = self._clusters.find(unquote(cluster))
            if state is None:
                # The name of a cluster that is gone leads nowhere; nobody is there to answer 404.
                raise Dropped
            path = [unquote(step) for step in rest if step]
            allowed = self._allows(unquote(cluster), request.headers.get("authorization", ""))
            if allowed is None:
                raise StatusError(401, "Unauthorized")
            discovered = self._discover(state, path, request) if request.method == "GET" else None
            if discovered is not None:
                return discovered
            if not allowed:
                raise StatusError(403, "forbidden: the caller's access entry has neither an access policy nor groups")
            return self._route(state, request, path)
        except StatusError as error:
            return error.response()
        except AwsError as fault:
            return StatusError(fault.status, fault.message, fault.code).response()
        except BadBody as error:
            return StatusError(400, str(error)).response()
        except MISTAKES as error:
            log.exception("%s %s failed", request.method, request.path)
            return StatusError(400, f"the emulator failed: {type(error).__name__}: {error}").response()

    def _route(self, state: KubeState, request: Request, path: list[str]) -> Response:
        target = _target(state, path)
        if target.kind.plural == "selfsubjectaccessreviews":
            review = read_body(request.body, request.headers.get("content-type", ""))
            return json_response({**review, "status": {"allowed": True}}, 201)
        if target.name is None:
            return self._collection(state, target, request)
        return self._object(state, target, target.name, request)

    def _discover(self, state: KubeState, path: list[str], request: Request) -> Response | None:
        document: Any = None
        if path in (["api"], ["apis"]):
            whole = discovery.aggregated(state, path[0], request.headers.get("accept", ""))
            if whole is not None:
                return json_response(whole[0], headers={"Content-Type": whole[1]})
        if path == ["version"]:
            major, minor = state.version.split(".")
            document = {
                "major": major,
                "minor": minor,
                "gitVersion": f"v{state.version}.0-eks",
                "platform": "linux/amd64",
            }
        elif path == ["api"]:
            document = {"kind": "APIVersions", "apiVersion": "v1", "versions": ["v1"]}
        elif path == ["apis"]:
            document = discovery.group_list(state)
        elif path == ["openapi", "v3"]:
            document = {"paths": {}}
        elif path == ["openapi", "v2"]:
            return Response(200, b"", {"Content-Type": _OPENAPI_V2})
        elif path in (["healthz"], ["livez"], ["readyz"]):
            return Response(200, b"ok", {"Content-Type": "text/plain"})
        elif len(path) == 2 and path[0] == "api":
            document = discovery.resource_list(state, "", path[1])
        elif len(path) == 2 and path[0] == "apis":
            document = discovery.group_document(state, path[1])
        elif len(path) == 3 and path[0] == "apis":
            document = discovery.resource_list(state, path[1], path[2])
        return None if document is None else json_response(document)

    def _collection(self, state: KubeState, target: Target, request: Request) -> Response:
        kind, query = target.kind, request.parameters
        if request.method == "POST":
            return self._create(state, target, request)
        if request.method not in ("GET", "DELETE"):
            raise StatusError(405, f"{request.method} is not allowed on {kind.plural}")
        if request.method == "GET" and query.get("watch") in ("true", "1"):
            seconds = query.get("timeoutSeconds") or "300"
            if not seconds.isdigit():
                raise StatusError(400, f"timeoutSeconds is no number of seconds: {seconds!r}")
            stream = self._watch(state, target, query, int(seconds))
            return Response(200, stream, {"Content-Type": "application/json"})
        version = state.counter
        found = [item for item in workloads.listed(state, kind, target.space) if _selected(item, query)]
        if request.method == "DELETE":
            for item in found:
                state.remove(kind.group, kind.plural, item["metadata"].get("namespace"), item["metadata"]["name"])
        metadata = {"resourceVersion": str(version)}
        if _PARTIAL in request.headers.get("accept", ""):
            partial = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"}
            items = [{**partial, "metadata": item["metadata"]} for item in found]
            head = {"kind": _PARTIAL, "apiVersion": "meta.k8s.io/v1", "metadata": metadata}
        else:
            items = [with_status(state, kind, item) for item in found]
            head = {"kind": f"{kind.kind}List", "apiVersion": kind.api_version, "metadata": metadata}
        return json_response({**head, "items": items})

    def _create(self, state: KubeState, target: Target, request: Request) -> Response:
        kind = target.kind
        if kind.namespaced and target.space is None:
            raise StatusError(405, f"{kind.plural} are created in a namespace")
        value = read_body(request.body, request.headers.get("content-type", ""))
        self._check_namespace(state, target)
        value = _complete(state, kind, value)
        if "dryRun" in request.parameters:
            return json_response(value, 201)
        try:
            new = state.create(kind.group, kind.plural, target.space, value)
        except Exists as error:
            raise StatusError(409, f'{kind.plural} "{error}" already exists', "AlreadyExists") from error
        return json_response(with_status(state, kind, new), 201)

    def _check_namespace(self, state: KubeState, target: Target) -> None:
        if target.space is not None:
            try:
                state.get("", "namespaces", None, target.space)
            except Missing as error:
                raise StatusError(404, f'namespaces "{target.space}" not found') from error

    def _object(self, state: KubeState, target: Target, name: str, request: Request) -> Response:
        kind = target.kind
        try:
            if request.method == "GET":
                found = workloads.found(state, kind, target.space, name)
                return json_response(with_status(state, kind, found))
            if request.method == "DELETE":
                gone = state.get(kind.group, kind.plural, target.space, name)
                if "dryRun" not in request.parameters:
                    only = read_body(request.body, request.headers.get("content-type", "")).get("preconditions")
                    state.remove(kind.group, kind.plural, target.space, name, only)
                details = {"name": name, "kind": kind.plural, "uid": gone["metadata"].get("uid")}
                return json_response({"kind": "Status", "apiVersion": "v1", "status": "Success", "details": details})
            if request.method == "PUT":
                value = read_body(request.body, request.headers.get("content-type", ""))
                return self._write(state, target, name, value, request)
            if request.method == "PATCH":
                return self._patch(state, target, name, request)
        except Missing as error:
            raise StatusError(
                404, f'{kind.plural}{"." if kind.group else ""}{kind.group} "{name}" not found'
            ) from error
        except Conflict as error:
            text = f'Operation cannot be fulfilled on {kind.plural} "{name}": the object has been modified'
            raise StatusError(409, text) from error
        except PatchError as error:
            raise StatusError(422, str(error)) from error
        raise StatusError(405, f"{request.method} is not allowed on an object")

    def _write(self, state: KubeState, target: Target, name: str, value: Any, request: Request) -> Response:
        value = _complete(state, target.kind, value)
        old = state.get(target.kind.group, target.kind.plural, target.space, name)
        against = claims.forbidden(target.kind, old, value)
        if against is not None:
            raise StatusError(422, f'{target.kind.kind} "{name}" is invalid: {against}', "Invalid")
        if "dryRun" in request.parameters:
            return json_response(value)
        new = state.replace(target.kind.group, target.kind.plural, target.space, name, value)
        return json_response(with_status(state, target.kind, new))

    def _patch(self, state: KubeState, target: Target, name: str, request: Request) -> Response:
        kind = target.kind
        content_type = request.headers.get("content-type", "").partition(";")[0]
        patch = read_body(request.body, content_type)
        applying = content_type.startswith("application/apply-patch")
        try:
            old = state.get(kind.group, kind.plural, target.space, name)
        except Missing:
            if not applying:
                raise
            self._check_namespace(state, target)
            value = _complete(state, kind, patch)
            if "dryRun" in request.parameters:
                return json_response(value, 201)
            new = state.create(kind.group, kind.plural, target.space, value)
            return json_response(with_status(state, kind, new), 201)
        if content_type == "application/json-patch+json":
            value = apply_patch(old, patch)
        elif content_type == "application/merge-patch+json":
            value = merge_patch(old, patch)
        elif applying or content_type == "application/strategic-merge-patch+json":
            value = strategic_merge(old, patch)
        else:
            raise StatusError(400, f"there is no patch of type {content_type!r}")
        return self._write(state, target, name, value, request)

    def _watch(self, state: KubeState, target: Target, query: Mapping[str, str], seconds: int) -> Iterator[bytes]:
        kind = target.kind
        given = query.get("resourceVersion", "")
        after = int(given) if given.isdigit() and given != "0" else 0
        if after == 0:
            after = state.counter
            for item in state.list(kind.group, kind.plural, target.space):
                if _selected(item, query):
                    yield _event_line("ADDED", with_status(state, kind, item))
        for event in state.events(after, seconds=seconds):
            if event is None:
                yield b""  # lets the server notice that the client is gone
            elif (
                event.key[:2] == (kind.group, kind.plural)
                and target.space in (None, event.key[2])
                and _selected(event.value, query)
            ):
                yield _event_line(event.kind, with_status(state, kind, event.value))


def _operation(method: str, path: list[str]) -> str:
    """A request as faults name it: "get secrets", "get version"."""
    place = [step for step in path if step]
    skipped = {"api": 2, "apis": 3}.get(place[0] if place else "", 0)
    rest = place[skipped:] or place[:1]
    what = rest[2] if rest[:1] == ["namespaces"] and len(rest) > 2 else "".join(rest[:1])
    return f"{method.lower()} {what}"


def _event_line(kind: str, value: Object) -> bytes:
    return json.dumps({"type": kind, "object": value}, separators=(",", ":")).encode() + b"\n"


def _selected(value: Object, query: Mapping[str, str]) -> bool:
    labels = value["metadata"].get("labels") or {}
    if query.get("labelSelector") and not labels_match(labels, query["labelSelector"]):
        return False
    return not query.get("fieldSelector") or fields_match(value, query["fieldSelector"])


def _complete(state: KubeState, kind: Kind, value: Any) -> Object:
    """The object as it will be stored: kind and version filled in, Secret text encoded, nulls left out.

    Raises:
        StatusError: for one that could not be shown afterwards: a list with it would fail for ever.
    """
    if not isinstance(value, dict):
        raise StatusError(400, "the body is not an object")
    result: Object = {**_without_nulls(value), "apiVersion": kind.api_version, "kind": kind.kind}
    result.setdefault("metadata", {})
    for member in ("metadata", "spec", "status"):
        if not isinstance(result.get(member, {}), dict):
            raise StatusError(400, f"{member} must be an object")
    texts = {key: result["metadata"].get(key) or {} for key in ("labels", "annotations")}
    if kind.kind == "Secret" and not kind.group:
        texts["stringData"] = result.pop("stringData", {})
    for member, mapping in texts.items():
        if not isinstance(mapping, dict) or not all(isinstance(text, str) for text in mapping.values()):
            raise StatusError(400, f"{member} must be an object whose values are strings")
    for member in ("name", "generateName", "resourceVersion"):
        if not isinstance(result["metadata"].get(member, ""), str):
            raise StatusError(400, f"metadata.{member} must be a string")
    if kind.kind == "Secret" and not kind.group:
        encoded = {key: b64encode(text.encode()).decode() for key, text in texts["stringData"].items()}
        result["data"] = {**result.get("data", {}), **encoded}
        result.setdefault("type", "Opaque")
    if kind.kind == "Namespace":
        result["status"] = {"phase": "Active", **result.get("status", {})}
    try:
        if kind.kind == "CustomResourceDefinition":
            list(kinds.defined(result))
        result = workloads.with_defaults(kind, result)
        with_status(state, kind, result)
    except MISTAKES as error:
        raise StatusError(422, f"this is no {kind.kind}: {type(error).__name__}: {error}") from error
    return result


def _without_nulls(value: Any) -> Any:
    """A member that is null is a member that is not there, in Kubernetes."""
    if isinstance(value, dict):
        return {key: _without_nulls(member) for key, member in value.items() if member is not None}
    return [_without_nulls(item) for item in value] if isinstance(value, list) else value


def _target(state: KubeState, path: list[str]) -> Target:
    """What a resource path names.

    Raises:
        StatusError: for one that names nothing.
    """
    if path[:1] == ["api"] and len(path) >= 3:
        group, version, rest = "", path[1], path[2:]
    elif path[:1] == ["apis"] and len(path) >= 4:
        group, version, rest = path[1], path[2], path[3:]
    else:
        raise StatusError(404, "the server could not find the requested resource")
    space: str | None = None
    if rest[0] == "namespaces" and len(rest) >= 3 and rest[2] not in ("status", "finalize"):
        space, rest = rest[1], rest[2:]
    kind = find_kind(state, group, version, rest[0])
    if kind is None or len(rest) > 3:
        raise StatusError(404, "the server could not find the requested resource")
    name = rest[1] if len(rest) > 1 else None
    part = rest[2] if len(rest) > 2 else None
    if part not in (None, "status", "finalize"):
        raise StatusError(404, f"the emulator does not serve {kind.plural}/{part}")
    return Target(kind, space if kind.namespaced else None, name, part)
