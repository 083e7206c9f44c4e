"""The emulator's Kubernetes API, served in this process, with what the tests ask of it."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler
from typing import Any

from hp_tf.emulator.kube.api import KubeApi
from hp_tf.emulator.kube.store import KubeClusters, KubeState
from hp_tf.emulator.web import Request
from tests.standin.conftest import send

Json = dict[str, Any]
CLUSTER = "one"
TOKEN = "k8s-aws-v1.secret"


class Kubernetes:
    """One cluster.

    Attributes:
        refuse: the names of objects that nobody may create.
        hold: the name of an object whose creation waits until `let_go` is set.
        fail_after: how often the version is told, before it is not; None for always.
        requests: what was asked.
    """

    def __init__(self) -> None:
        self._clusters = KubeClusters()
        self._clusters.create(CLUSTER, "1.33")
        self._api = KubeApi(self._clusters, lambda cluster, authorization: authorization == f"Bearer {TOKEN}" or None)
        self.requests: list[str] = []
        self.tokens: set[str] = set()
        self.refuse: set[str] = set()
        self.hold: str | None = None
        self.fail_after: int | None = None
        self.let_go = threading.Event()

    @property
    def _state(self) -> KubeState:
        return self._clusters.get(CLUSTER)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one HTTP request."""
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0))
        path, _, query = handler.path.partition("?")
        headers = {name.lower(): value for name, value in handler.headers.items()}
        self.requests.append(f"{handler.command} {path}")
        self.tokens.add(headers.get("authorization", ""))
        headers.setdefault("authorization", f"Bearer {TOKEN}")  # helm sends none without TLS
        if handler.command == "POST" and any(f'"name":"{name}"'.encode() in body for name in self.refuse):
            refused = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 403, "reason": "Forbidden"}
            send(handler, 403, {**refused, "message": f"{', '.join(self.refuse)} is refused"})
            return
        if path.endswith("/version") and self.fail_after is not None:
            self.fail_after -= 1
            if self.fail_after < 0:
                send(handler, 503, {"kind": "Status", "message": "not now", "code": 503})
                return
        if self.hold and handler.command == "POST" and f'"name":"{self.hold}"'.encode() in body:
            self.let_go.wait(60)
        answered = self._api.answer(Request(handler.command, path, query, headers, body))
        assert isinstance(answered.body, bytes), f"{handler.path} is a watch, which no release of these tests needs"
        send(handler, answered.status, answered.body, answered.headers["Content-Type"])

    def held(self) -> dict[str, Json]:
        """Every config map and secret, by kind and name."""
        return {
            f"{plural}/{item['metadata']['name']}": item
            for plural in ("configmaps", "secrets")
            for item in self._state.list("", plural, None)
        }

    def statuses(self) -> dict[str, str]:
        """The status of every revision of a release, by the secret that keeps it."""
        return {name: item["metadata"]["labels"]["status"] for name, item in self.held().items() if "secrets/" in name}

    def settings(self) -> Json:
        """The data of the chart's config map."""
        found: Json = self.held()["configmaps/deps-settings"]["data"]
        return found

    def forget(self) -> None:
        """Lose everything that was installed."""
        self._clusters.create(CLUSTER, "1.33")


def credential() -> str:
    """What a credential plugin prints."""
    return json.dumps({"kind": "ExecCredential", "status": {"token": TOKEN}})
