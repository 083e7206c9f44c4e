"""A small framework for AWS services that speak JSON, driven by botocore's service models.

A service is a class whose methods carry `@operation("CreateCluster")`. The framework finds the operation of a request,
reads its parameters from path, query, headers and body, checks them against the model, and writes the answer or the
error in the service's protocol (`rest-json` or `json` 1.x, the only ones our own services use).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, unquote

from botocore.loaders import Loader
from botocore.model import ListShape, OperationModel, ServiceModel, Shape, StructureShape

from hp_tf.emulator.constraints import violations
from hp_tf.emulator.web import Request, Response

Parameters = dict[str, Any]


class AwsError(Exception):
    """An error that an AWS service answers with.

    Attributes:
        code: the error's name, as an SDK shows it.
        message: one sentence.
        status: HTTP status. Never 500: SDKs retry that for minutes.
        fields: further members of the error's shape.
    """

    def __init__(self, code: str, message: str, *, status: int = 400, **fields: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.fields = fields


@dataclass(frozen=True)
class Caller:
    """Who calls: account, region and its partition, the access key, and the user agent."""

    account_id: str
    region: str
    partition: str
    access_key: str = ""
    user_agent: str = ""

    @property
    def is_terraform(self) -> bool:
        return "Terraform/" in self.user_agent


Handler = Callable[[Caller, Parameters], Mapping[str, Any]]


def operation(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a method `(self, caller, parameters) -> mapping` as the handler of the AWS operation `name`."""

    def mark(method: Callable[..., Any]) -> Callable[..., Any]:
        method.__dict__["aws_operation"] = name
        return method

    return mark


def handlers(*parts: object) -> dict[str, Handler]:
    """The handlers of the objects that together make a service, by operation name."""
    found: dict[str, Handler] = {}
    for part in parts:
        for attribute in dir(type(part)):
            name = getattr(getattr(type(part), attribute), "aws_operation", None)
            if name is not None:
                found[name] = getattr(part, attribute)
    return found


@dataclass(frozen=True)
class Route:
    """One operation's method, path pattern and the query parameters that single it out."""

    name: str
    method: str
    pattern: re.Pattern[str]
    query: Mapping[str, str]
    headers: frozenset[str]
    weight: int

    def matches(self, request: Request, query: Mapping[str, list[str]]) -> re.Match[str] | None:
        if request.method != self.method or not self.headers.issubset(request.headers):
            return None
        for key, value in self.query.items():
            if key not in query or (value and value not in query[key]):
                return None
        return self.pattern.fullmatch(request.path or "/")


def _route(name: str, method: str, uri: str, required_query: Iterable[str], required_headers: Iterable[str]) -> Route:
    path, _, literal_query = uri.partition("?")
    pieces = re.split(r"(\{[^}]+\})", path.rstrip("/") or "/")
    pattern = ""
    literal = 0
    for piece in pieces:
        if piece.startswith("{"):
            label = piece[1:-1]
            # A greedy label (`{Key+}`) may hold slashes; names like `x-id` are no valid group names, hence the prefix.
            body = ".+" if label.endswith("+") else "[^/]+"
            pattern += f"(?P<_{re.sub('[^A-Za-z0-9]', '_', label.rstrip('+'))}>{body})"
        else:
            pattern += re.escape(piece)
            literal += len(piece)
    query = {key: values[0] for key, values in parse_qs(literal_query, keep_blank_values=True).items()}
    query.pop("x-id", None)  # SDKs add it as a hint; other clients do not send it
    query.update(dict.fromkeys(required_query, ""))
    headers = frozenset(header.lower() for header in required_headers)
    return Route(
        name, method, re.compile(f"{pattern}/?"), query, headers, literal + 100 * len(query) + 90 * len(headers)
    )


def load_model(service: str) -> dict[str, Any]:
    """Botocore's description of `service` (its latest version), as a dictionary."""
    model: dict[str, Any] = Loader().load_service_model(service, "service-2")
    return model


def routes(model: Mapping[str, Any]) -> list[Route]:
    """The routes of a REST service, the most specific first."""
    found = []
    for name, description in model["operations"].items():
        http = description["http"]
        shape = model["shapes"].get(description.get("input", {}).get("shape", ""), {})
        required = {
            place: [
                member["locationName"]
                for key, member in shape.get("members", {}).items()
                if member.get("location") == place and key in shape.get("required", ())
            ]
            for place in ("querystring", "header")
        }
        found.append(_route(name, http["method"], http["requestUri"], required["querystring"], required["header"]))
    return sorted(found, key=lambda route: -route.weight)


def trim(model: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """`model` with only the operations `names` and the shapes that they reach: SageMaker's is large."""
    kept = {name: model["operations"][name] for name in names if name in model["operations"]}
    shapes: dict[str, Any] = {}
    waiting = [
        reference["shape"]
        for description in kept.values()
        for reference in (description.get("input"), description.get("output"), *description.get("errors", ()))
        if reference
    ]
    while waiting:
        name = waiting.pop()
        if name in shapes:
            continue
        shapes[name] = shape = {key: value for key, value in model["shapes"][name].items() if key != "documentation"}
        references = [*shape.get("members", {}).values(), shape.get("member"), shape.get("key"), shape.get("value")]
        waiting += [reference["shape"] for reference in references if reference]
    return {"metadata": model["metadata"], "operations": kept, "shapes": shapes}


class Service:
    """One AWS service: its model and its handlers.

    Attributes:
        name: botocore's name of the service.
        operations: handlers by operation name, from `handlers`.
        invalid: code of the error that this service gives for a parameter that breaks its model.
        whole: False if operations without a handler are another implementation's (moto's), True if they are
            unsupported.
    """

    def __init__(
        self, name: str, operations: Mapping[str, Handler], *, invalid: str = "ValidationException", whole: bool = True
    ) -> None:
        self.name = name
        self.whole = whole
        self.operations = dict(operations)
        self._invalid = invalid
        model = load_model(name)
        self._routes = routes(model) if model["metadata"]["protocol"] == "rest-json" else []
        self._model = ServiceModel(trim(model, self.operations), name)

    def operation_of(self, request: Request) -> str | None:
        """The name of the operation that `request` asks for, or None if the model has none such."""
        return operation_name(request, self._routes)

    def call(self, caller: Caller, name: str, parameters: Parameters) -> Mapping[str, Any]:
        """Check `parameters` against the model and run the operation. Raises AwsError."""
        shape = self._model.operation_model(name).input_shape
        if shape is not None:
            problems = violations(shape, parameters)
            if problems:
                text = "; ".join(problems)
                raise AwsError(self._invalid, f"{len(problems)} validation error(s) detected: {text}")
        return self.operations[name](caller, parameters)

    def parse(self, name: str, request: Request) -> Parameters:
        """The parameters of the operation `name` in `request`.

        Raises:
            AwsError: if the body is no JSON object.
        """
        try:
            body = json.loads(request.body or b"{}")
        except ValueError as error:
            raise AwsError("SerializationException", f"the request's body is not JSON: {error}") from error
        if not isinstance(body, dict):
            raise AwsError("SerializationException", "the request's body is not a JSON object")
        operation_model = self._model.operation_model(name)
        if not self._routes or operation_model.input_shape is None:
            return body
        return self._parse_rest(operation_model, operation_model.input_shape, request, body)

    def _parse_rest(
        self, model: OperationModel, shape: StructureShape, request: Request, body: Parameters
    ) -> Parameters:
        route = next(route for route in self._routes if route.name == model.name)
        match = route.pattern.fullmatch(request.path)
        labels = match.groupdict() if match else {}
        query = parse_qs(request.query, keep_blank_values=True)
        parameters: Parameters = {}
        for key, member in shape.members.items():
            place = member.serialization.get("location")
            wire = member.serialization.get("name", key)
            if place == "uri":
                parameters[key] = unquote(labels[f"_{re.sub('[^A-Za-z0-9]', '_', wire)}"])
            elif place == "querystring" and wire in query:
                parameters[key] = _from_text(member, query[wire])
            elif place == "header" and wire.lower() in request.headers:
                parameters[key] = _from_text(member, [request.headers[wire.lower()]])
            elif place is None and body.get(wire) is not None:
                parameters[key] = body[wire]
        return parameters

    def answer(self, result: Mapping[str, Any]) -> Response:
        """The HTTP response for an operation's result. Members that are None are left out."""
        body = json.dumps(_wire(result), separators=(",", ":")).encode()
        return Response(200, body, {"Content-Type": self._content_type})

    def fail(self, error: AwsError) -> Response:
        """The HTTP response for an error."""
        return json_error(error, self._content_type)

    @property
    def _content_type(self) -> str:
        if self._routes:
            return "application/json"
        return f"application/x-amz-json-{self._model.metadata.get('jsonVersion', '1.1')}"


def operation_name(request: Request, rest_routes: Iterable[Route]) -> str | None:
    """The operation of a request in any AWS protocol: JSON target, query `Action`, or a REST route."""
    target = request.headers.get("x-amz-target")
    if target:
        return target.rpartition(".")[2]
    if request.headers["content-type"].startswith("application/x-www-form-urlencoded"):
        action = parse_qs(request.body.decode("utf-8", "replace")).get("Action")
        if action:
            return action[0]
    query = parse_qs(request.query, keep_blank_values=True)
    if "Action" in query:
        return query["Action"][0]
    return next((route.name for route in rest_routes if route.matches(request, query)), None)


def json_error(error: AwsError, content_type: str = "application/json") -> Response:
    """`error` as the JSON protocols write it."""
    body = {"__type": error.code, "message": error.message, **error.fields}
    headers = {"Content-Type": content_type, "x-amzn-ErrorType": error.code}
    return Response(error.status, json.dumps(body).encode(), headers)


def _from_text(shape: Shape, values: list[str]) -> Any:
    if isinstance(shape, ListShape):
        return [_from_text(shape.member, [value]) for value in values]
    text = values[-1]
    if shape.type_name == "boolean":
        return text == "true"
    if shape.type_name in ("integer", "long"):
        return int(text)
    return text


def _wire(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, Mapping):
        return {key: _wire(item) for key, item in value.items() if item is not None}
    if isinstance(value, list | tuple | set | frozenset):
        return [_wire(item) for item in value]
    return value
