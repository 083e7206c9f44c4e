"""Against a TLS server that keeps Helm's Secrets as a cluster does."""

from __future__ import annotations

import base64
import gzip
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from hp_tf.aws import reach, releases
from hp_tf.aws.finding import find
from hp_tf.aws.releases import Cluster, NotRead, chart_of, forget, installed, revisions
from hp_tf.contract.resources.base import Release
from hp_tf.contract.resources.helm import RELEASE
from hp_tf.emulator.tls import make_certificate
from hp_tf.exec_plugin import PluginFailed
from tests.aws.stubs import StubClients

CHART = "hyperpod-helm-chart"
PLANNED = {"name": "hyperpod-dependencies", "namespace": "kube-system", "chart": "./charts/x"}
WANTED = Release("kube-system", "hyperpod-dependencies", "./charts/x")


class Api:
    """A cluster's API with revisions of releases: (namespace, name, status, chart), numbered as they come.

    Attributes:
        statuses: of the answers; the last one goes on.
        tokens: that were given.
        deleted: bodies of deletions.
    """

    def __init__(self) -> None:
        self.releases: list[tuple[str, str, str, str]] = []
        self.tokens: list[str | None] = []
        self.statuses = [200]
        self.deleted: list[Any] = []

    def answer(self, path: str, accept: str) -> dict[str, Any]:
        parts = urlsplit(path)
        _, _, _, _, space, _, *rest = parts.path.split("/")
        items = [
            secret(number, name, status, chart)
            for number, (namespace, name, status, chart) in enumerate(self.releases, 1)
            if namespace == space
        ]
        if rest:
            return next(item for item in items if item["metadata"]["name"] == rest[0])
        assert "PartialObjectMetadataList" in accept, "charts are not wanted here"
        selector = dict(item.split("=") for item in parse_qs(parts.query)["labelSelector"][0].split(","))
        assert selector["owner"] == "helm"
        found = [{"metadata": item["metadata"]} for item in items]
        return {"items": [item for item in found if item["metadata"]["labels"]["name"] == selector["name"]]}


def secret(number: int, name: str, status: str, chart: str) -> dict[str, Any]:
    """One as Helm keeps it."""
    document = {"chart": {"metadata": {"name": chart}}, "version": number}
    packed = base64.b64encode(gzip.compress(json.dumps(document).encode()))
    labels = {"owner": "helm", "name": name, "status": status, "version": str(number), "createdAt": "1764578377"}
    return {
        "metadata": {
            "name": f"sh.helm.release.v1.{name}.v{number}",
            "labels": labels,
            "uid": "u",
            "resourceVersion": "7",
        },
        "data": {"release": base64.b64encode(packed).decode()},
    }


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def cluster(api: Api, tmp_path: Path) -> Iterator[Cluster]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            api.tokens.append(self.headers["Authorization"])
            status = api.statuses.pop(0) if len(api.statuses) > 1 else api.statuses[0]
            if status == 0:
                self.close_connection = True
                return
            self.send_response(status)
            self.end_headers()
            answer = (
                api.answer(self.path, self.headers["Accept"]) if status == 200 else {"message": "secrets is refused"}
            )
            self.wfile.write(json.dumps(answer).encode())

        def do_DELETE(self) -> None:
            api.deleted.append((self.path, json.loads(self.rfile.read(int(self.headers["Content-Length"])))))
            self.send_response(api.statuses[0])
            self.end_headers()
            self.wfile.write(b"{}")

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


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releases, "_PAUSE", 0)


def put(api: Api, *found: tuple[str, str, str]) -> None:
    """Put releases into the cluster: (namespace, name, status), of our chart."""
    api.releases += [(*item, CHART) for item in found]


def statuses(cluster: Cluster) -> list[str]:
    return [item.status for item in revisions(cluster, "kube-system", "hyperpod-dependencies")]


def test_a_release_is_found_by_its_secrets(api: Api, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert statuses(cluster) == []
    put(api, ("default", "hyperpod-dependencies", "deployed"), ("kube-system", "other", "deployed"))
    assert statuses(cluster) == []
    put(
        api,
        ("kube-system", "hyperpod-dependencies", "superseded"),
        ("kube-system", "hyperpod-dependencies", "deployed"),
    )
    assert statuses(cluster) == ["superseded", "deployed"]
    last = revisions(cluster, "kube-system", "hyperpod-dependencies")[-1]
    assert (last.number, last.since, last.uid, last.version) == (4, 1764578377, "u", "7")
    assert chart_of(cluster, "kube-system", last) == CHART
    assert set(api.tokens) == {"Bearer k8s-aws-v1.token"}


@pytest.mark.parametrize(
    ("found", "chart"),
    [
        (["deployed"], CHART),
        (["failed"], CHART),
        (["uninstalled"], None),
        (["pending-install"], None),
        (["deployed", "pending-upgrade"], CHART),
    ],
)
def test_what_is_installed(api: Api, cluster: Cluster, found: list[str], chart: str | None) -> None:
    put(api, *(("kube-system", "hyperpod-dependencies", status) for status in found))
    assert installed(cluster, WANTED) == chart


def test_find_takes_our_chart_only(api: Api, cluster: Cluster, tmp_path: Path) -> None:
    clients, identity = StubClients(), "kube-system/hyperpod-dependencies"
    (tmp_path / "charts" / "x").mkdir(parents=True)
    (tmp_path / "charts" / "x" / "Chart.yaml").write_text(f"apiVersion: v2\nname: {CHART}\nversion: 0.1.0\n")

    def found(planned: dict[str, str] = PLANNED, known: frozenset[str] = frozenset()) -> str | None:
        return find(RELEASE, planned, clients, known, lambda: cluster, tmp_path)

    assert found() is None
    put(api, ("kube-system", "hyperpod-dependencies", "deployed"))
    assert found() == identity
    assert found(known=frozenset({identity})) is None
    assert find(RELEASE, PLANNED, clients, set()) is None, "no cluster, no release"
    assert found({"name": "x"}) is None
    api.releases = [("kube-system", "hyperpod-dependencies", "deployed", "somebody-elses")]
    assert found() is None


def test_one_bad_answer_is_asked_again(api: Api, cluster: Cluster) -> None:
    put(api, ("kube-system", "hyperpod-dependencies", "deployed"))
    for once in (503, 429, 0):
        api.statuses = [once, 200]
        assert statuses(cluster) == ["deployed"]


@pytest.mark.parametrize(("status", "asked"), [(401, 1), (403, 1), (404, 1), (500, 3), (503, 3)])
def test_only_a_good_answer_says_that_there_is_none(api: Api, cluster: Cluster, status: int, asked: int) -> None:
    api.statuses = [status]
    with pytest.raises(NotRead, match=rf"HTTP status {status}: secrets is refused") as raised:
        statuses(cluster)
    assert raised.value.status == status
    assert len(api.tokens) == asked


def test_a_cluster_that_cannot_be_reached_is_named(cluster: Cluster) -> None:
    with pytest.raises(
        NotRead, match=r"the Kubernetes API of dev-eks at https://127\.0\.0\.1:9 does not answer: .*refused"
    ):
        statuses(replace(cluster, endpoint="https://127.0.0.1:9"))


def test_what_the_plugin_said_is_said(api: Api, cluster: Cluster) -> None:
    def token() -> str:
        raise PluginFailed("`hptf token` ended with 1: the session has expired")

    with pytest.raises(NotRead, match=r"there is no credential for it: .*the session has expired"):
        statuses(replace(cluster, token=token))
    assert api.tokens == []


def test_the_record_of_a_revision_is_deleted_as_it_was_read(api: Api, cluster: Cluster) -> None:
    put(api, ("kube-system", "hyperpod-dependencies", "pending-install"))
    (one,) = revisions(cluster, "kube-system", "hyperpod-dependencies")
    forget(cluster, "kube-system", one)
    ((path, body),) = api.deleted
    assert path == "/api/v1/namespaces/kube-system/secrets/sh.helm.release.v1.hyperpod-dependencies.v1"
    assert body["preconditions"] == {"uid": "u", "resourceVersion": "7"}
    api.statuses = [409]
    with pytest.raises(NotRead):
        forget(cluster, "kube-system", one)


def test_another_certificate_is_not_trusted(api: Api, cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    _, other = make_certificate(tmp_path / "other")
    for authority in (other, "not base64!"):
        with pytest.raises(NotRead):
            statuses(replace(cluster, certificate_authority=authority))
    assert api.tokens == []


@pytest.mark.parametrize(("address", "private"), [("10.192.0.7", True), ("127.0.0.1", False), ("52.1.2.3", False)])
def test_an_endpoint_whose_address_is_inside_a_vpc_is_private(
    cluster: Cluster, monkeypatch: pytest.MonkeyPatch, address: str, private: bool
) -> None:
    monkeypatch.setattr("socket.gethostbyname", lambda host: address)
    assert reach.private(cluster) is private
