"""Another emulator behind ours: what is not ours is passed on to it as it came."""

from __future__ import annotations

import http.client
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from hp_tf.emulator.awsjson import AwsError
from hp_tf.emulator.web import StartResponse, read_request

# Headers that belong to one connection, not to the message.
_OF_THE_CONNECTION = {"connection", "keep-alive", "transfer-encoding", "te", "trailer", "upgrade", "host", "expect"}


class Upstream:
    """A WSGI application that forwards every request.

    Attributes:
        url: `http://HOST:PORT` of the other emulator.
        timeout: seconds to wait for an answer.
    """

    def __init__(self, url: str, *, timeout: float = 120.0) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or "localhost"
        self._port = parts.port or 4566
        self._timeout = timeout
        self.url = url

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        request = read_request(environ)
        target = f"{request.path}?{request.query}" if request.query else request.path
        headers = {key: value for key, value in request.headers.items() if key not in _OF_THE_CONNECTION and value}
        headers["content-length"] = str(len(request.body))
        connection = http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)
        try:
            connection.request(request.method, target, request.body, headers)
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise AwsError("UpstreamUnreachable", f"the emulator at {self.url} does not answer: {error}") from error
        finally:
            connection.close()
        kept = [(key, value) for key, value in response.getheaders() if key.lower() not in _OF_THE_CONNECTION]
        if "content-length" not in {key.lower() for key, _ in kept}:
            kept.append(("Content-Length", str(len(body))))
        start_response(f"{response.status} {response.reason or 'OK'}", kept)
        return [body]
