"""Which service and operation a request asks for."""

from __future__ import annotations

import re
import threading

from botocore.exceptions import DataNotFoundError

from hp_tf.emulator.awsjson import Route, load_model, operation_name, routes
from hp_tf.emulator.web import Request

# Signing names that differ from botocore's names of the services.
_SIGNING_NAMES = {
    "cloudcontrolapi": "cloudcontrol",
    "aps": "amp",
    "monitoring": "cloudwatch",
    "elasticfilesystem": "efs",
    "elasticloadbalancing": "elbv2",
    "tagging": "resourcegroupstaggingapi",
}
_SCOPE = re.compile(r"Credential=([^/,\s]+)/\d{8}/([a-z0-9-]+)/([A-Za-z0-9-]+)/aws4_request")


class Names:
    """Names requests. Keeps the routes of the REST services that it has met."""

    def __init__(self) -> None:
        self._routes: dict[str, list[Route]] = {}
        self._lock = threading.Lock()

    def scope(self, request: Request) -> tuple[str, str, str] | None:
        """Access key, region and service of a signed (or presigned) request; None if it is not signed."""
        match = _SCOPE.search(self.authorization(request))
        if match is None:
            return None
        key, region, service = match.groups()
        return key, region, _SIGNING_NAMES.get(service.lower(), service.lower())

    def authorization(self, request: Request) -> str:
        """The Authorization header, or what stands in for it in the query of a presigned request."""
        if "X-Amz-Credential" in request.query:
            return f"AWS4-HMAC-SHA256 Credential={request.parameters.get('X-Amz-Credential', '')}, Signature="
        return request.headers.get("authorization", "")

    def operation(self, service: str, request: Request) -> str:
        """The operation's name, or method and path where no model tells it."""
        return operation_name(request, self._routes_of(service, request)) or f"{request.method} {request.path}"

    def _routes_of(self, service: str, request: Request) -> list[Route]:
        """Loaded only for requests that need them: not for those that name their operation themselves."""
        if "x-amz-target" in request.headers or request.headers.get("content-type", "").startswith(
            "application/x-www-form-urlencoded"
        ):
            return []
        with self._lock:
            if service not in self._routes:
                try:
                    model = load_model(service)
                except DataNotFoundError:
                    model = {"metadata": {}, "operations": {}, "shapes": {}}
                rest = str(model["metadata"].get("protocol", "")).startswith("rest")
                self._routes[service] = routes(model) if rest else []
            return self._routes[service]
