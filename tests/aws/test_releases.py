"""Against a TLS server that keeps Helm's Secrets as a cluster does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from hp_tf.aws import reach
from hp_tf.aws.finding import find
from hp_tf.aws.releases import Cluster, installed
from hp_tf.contract.resources.helm import RELEASE
from hp_tf.emulator.tls import make_certificate
from hp_tf.errors import HptfError
from tests.aws.stubs import StubClients

PLANNED = {"name": "hyperpod-dependencies", "namespace": "kube-system"}


class Api:
    """A cluster's API with the Secrets of some releases: (namespace, name, status)."""

    def __init__(self) -> None:
        self.releases: list[tuple[str, str, str]] = []
        self.tokens: list[str | None] = []
        self.status = 200

    def answer(self, path: str) -> dict[str, Any]:
        if path == "/version":
            return {"major": "1"}
        parts = urlsplit(path)
        space = parts.path.split("/")[4]
        selector = dict(item.split("=") for item in parse_qs(parts.query)["labelSelector"][0].split(","))
        assert selector["owner"] == "helm"
        return {
            "kind": "SecretList",
            "items": [
                {"metadata": {"labels": {"owner": "helm", "name": name, "status": status}}}
                for namespace, name, status in self.releases
                if (namespace, name) == (space, selector["name"])
            ],
        }


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def cluster(api: Api, tmp_path: Path) -> Iterator[Cluster]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            api.tokens.append(self.headers["Authorization"])
            self.send_response(api.status)
            self.end_headers()
            self.wfile.write(json.dumps(api.answer(self.path)).encode())

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    context, authority = make_certificate(tmp_path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Cluster("dev-eks", f"https://127.0.0.1:{server.server_port}", authority, lambda: "k8s-aws-v1.token")
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_release_is_found_by_its_secret(api: Api, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert not installed(cluster, "kube-system", "hyperpod-dependencies")
    api.releases = [("default", "hyperpod-dependencies", "deployed"), ("kube-system", "other", "deployed")]
    assert not installed(cluster, "kube-system", "hyperpod-dependencies")
    api.releases.append(("kube-system", "hyperpod-dependencies", "deployed"))
    assert installed(cluster, "kube-system", "hyperpod-dependencies")
    assert set(api.tokens) == {"Bearer k8s-aws-v1.token"}


@pytest.mark.parametrize(("status", "there"), [("pending-install", True), ("failed", True), ("uninstalled", False)])
def test_what_state_it_is_in(api: Api, cluster: Cluster, status: str, there: bool) -> None:
    api.releases = [("kube-system", "hyperpod-dependencies", status)]
    assert installed(cluster, "kube-system", "hyperpod-dependencies") is there


def test_find_looks_in_the_cluster(api: Api, cluster: Cluster) -> None:
    clients = StubClients()
    assert find(RELEASE, PLANNED, clients, set(), lambda: cluster) is None
    api.releases = [("kube-system", "hyperpod-dependencies", "deployed")]
    identity = "kube-system/hyperpod-dependencies"
    assert find(RELEASE, PLANNED, clients, set(), lambda: cluster) == identity
    assert find(RELEASE, PLANNED, clients, {identity}, lambda: cluster) is None
    assert find(RELEASE, PLANNED, clients, set()) is None, "no cluster, no release"
    assert find(RELEASE, {"name": "x"}, clients, set(), lambda: cluster) is None


def test_a_cluster_that_lets_nobody_in_or_cannot_be_reached_is_named(api: Api, cluster: Cluster) -> None:
    api.status = 403
    with pytest.raises(HptfError, match=r"the Kubernetes API of dev-eks at https://127\.0\.0\.1:\d+ does not say"):
        installed(cluster, "kube-system", "x")
    with pytest.raises(HptfError, match="does not say whether release x is installed"):
        installed(replace(cluster, endpoint="https://127.0.0.1:9"), "kube-system", "x")


def test_another_certificate_is_not_trusted(api: Api, cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    _, other = make_certificate(tmp_path / "other")
    with pytest.raises(HptfError, match="does not say"):
        installed(replace(cluster, certificate_authority=other), "kube-system", "x")
    with pytest.raises(HptfError, match="does not say"):
        installed(replace(cluster, certificate_authority="not base64!"), "kube-system", "x")
    assert api.tokens == []


@pytest.mark.parametrize(("status", "said"), [(200, None), (401, None), (403, None), (503, "HTTP status 503")])
def test_a_cluster_answers_also_by_a_refusal(api: Api, cluster: Cluster, status: int, said: str | None) -> None:
    api.status = status
    assert reach.unreachable(cluster) == said
    assert api.tokens == [None], "nobody's token is needed to ask"


def test_a_cluster_that_does_not_answer_is_said_why(cluster: Cluster) -> None:
    assert "refused" in str(reach.unreachable(replace(cluster, endpoint="https://127.0.0.1:9")))
    assert reach.unreachable(replace(cluster, certificate_authority="not base64!")) is not None


@pytest.mark.parametrize(("address", "private"), [("10.192.0.7", True), ("127.0.0.1", False), ("52.1.2.3", False)])
def test_an_endpoint_whose_address_is_inside_a_vpc_is_private(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, address: str, private: bool
) -> None:
    monkeypatch.setattr("socket.gethostbyname", lambda host: address)
    assert reach.private(cluster) is private
