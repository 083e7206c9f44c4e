"""Requests and responses as plain values, and the way from and to WSGI."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

# What a mistake in a handler of ours raises. It ends in an answer with its name, not in a broken connection.
MISTAKES = (ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError)

StartResponse = Callable[[str, list[tuple[str, str]]], Any]


class Dropped(Exception):
    """The connection ends without an answer."""


@dataclass(frozen=True)
class Request:
    """One HTTP request, read to its end.

    Attributes:
        method: upper case.
        path: as sent, still percent-encoded: an ARN inside a path segment keeps its `%2F`.
        query: the raw query string.
        headers: names in lower case.
        body: all of it.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def parameters(self) -> dict[str, str]:
        """The query's parameters; of a repeated one, the last."""
        return dict(parse_qsl(self.query, keep_blank_values=True))


@dataclass(frozen=True)
class Response:
    """One HTTP response. A body that is not bytes is streamed, one chunk per item."""

    status: int
    body: bytes | Iterable[bytes] = b""
    headers: Mapping[str, str] = field(default_factory=dict)


def json_response(document: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A response with `document` as JSON."""
    body = json.dumps(document, separators=(",", ":")).encode()
    return Response(status, body, {"Content-Type": "application/json", **(headers or {})})


def read_request(environ: Mapping[str, Any]) -> Request:
    """The request of a WSGI environment whose input has been buffered (`server` does that)."""
    raw = str(environ.get("RAW_URI") or environ.get("PATH_INFO", "/"))
    path, _, query = raw.partition("?")
    headers = {key[5:].replace("_", "-").lower(): str(value) for key, value in environ.items() if key[:5] == "HTTP_"}
    headers["content-type"] = str(environ.get("CONTENT_TYPE", ""))
    stream = environ["wsgi.input"]
    body = bytes(stream.read())
    stream.seek(0)
    return Request(str(environ["REQUEST_METHOD"]), path, query, headers, body)


def send(response: Response, start_response: StartResponse) -> Iterable[bytes]:
    """Answer a WSGI call with `response`."""
    headers = list(response.headers.items())
    phrase = HTTPStatus(response.status).phrase
    if isinstance(response.body, bytes):
        headers.append(("Content-Length", str(len(response.body))))
        start_response(f"{response.status} {phrase}", headers)
        return [response.body]
    start_response(f"{response.status} {phrase}", headers)
    return response.body
