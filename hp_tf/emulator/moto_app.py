"""moto behind our front: its failures become answers that an SDK does not repeat."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask, request
from flask.wrappers import Response as FlaskResponse
from moto.core.exceptions import ServiceException
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.exceptions import HTTPException

from hp_tf.emulator.awsjson import AwsError
from hp_tf.emulator.web import StartResponse

FAILURE = "hptf.failure"


class UnknownService(LookupError):
    """moto has no implementation of a service."""


class MotoApp:
    """moto's WSGI application. A call that it cannot serve raises AwsError instead of answering 404 or 500."""

    def __init__(self) -> None:
        self._app = DomainDispatcherApplication(_create)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def hold(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            started.append((status, headers))
            return None

        try:
            body: Iterable[bytes] = self._app(environ, hold)
        except UnknownService as error:
            raise AwsError("NotImplementedByEmulator", "the emulator has no such service") from error
        if FAILURE in environ:
            raise environ[FAILURE]
        start_response(*started[-1])
        return body


def _create(service: Any) -> Flask:
    if service is None:
        raise UnknownService
    app: Flask = create_backend_app(service)
    app.register_error_handler(Exception, _note_failure)
    return app


def _note_failure(error: Exception) -> Any:
    """Flask's last resort for any exception. The answer is replaced in `MotoApp.__call__`."""
    if isinstance(error, HTTPException) and type(error).__module__.startswith("moto."):
        return error  # one of moto's own answers that took the long way
    if isinstance(error, ServiceException):
        failure = AwsError(error.code, error.message)
    elif isinstance(error, NotImplementedError):
        failure = AwsError("NotImplementedByEmulator", str(error) or "moto does not implement this")
    elif isinstance(error, HTTPException):
        failure = AwsError("NotImplementedByEmulator", f"moto has no such operation ({error.code} {error.name})")
    else:
        text = f"moto failed: {type(error).__name__}: {error}"
        failure = AwsError("EmulatorFailure", text)
        failure.__cause__ = error
    request.environ[FAILURE] = failure
    return FlaskResponse(status=400)
