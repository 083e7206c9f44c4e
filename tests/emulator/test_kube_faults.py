"""A Kubernetes API that fails on demand, and what it spares a client and itself."""

from __future__ import annotations

import http.client
import json
import ssl
import time
import urllib.error
import urllib.request
from typing import Any

import pytest

from hp_tf.emulator.clients import EmulatorSession
from hp_tf.emulator.daemon import Emulator
from hp_tf.emulator.kube.discovery import aggregated
from hp_tf.emulator.kube.kinds import find_kind, kinds
from hp_tf.emulator.kube.store import KubeState
from tests.emulator.conftest import kube, post

SECRETS = "/api/v1/namespaces/kube-system/secrets"
DROPPED = (http.client.RemoteDisconnected, ConnectionResetError, ssl.SSLEOFError, urllib.error.URLError)
AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"


def fault(emulator: Emulator, operation: str, **what: Any) -> None:
    post(emulator, "/_hptf/faults", {"service": "kubernetes", "operation": operation, **what})


@pytest.mark.parametrize(
    ("status", "reason"), [(401, "Unauthorized"), (403, "Forbidden"), (404, "NotFound"), (503, "ServiceUnavailable")]
)
def test_it_refuses_once_as_it_is_told(emulator: Emulator, eks: dict[str, Any], status: int, reason: str) -> None:
    fault(emulator, "get secrets", status=status, error=reason)
    assert kube(eks, "GET", "/version")["major"] == "1", "another operation"
    refused = kube(eks, "GET", SECRETS)
    assert (refused["kind"], refused["code"], refused["reason"]) == ("Status", status, reason)
    assert kube(eks, "GET", SECRETS)["kind"] == "SecretList", "once"


def test_a_connection_can_be_dropped(emulator: Emulator, eks: dict[str, Any]) -> None:
    fault(emulator, "*", drop=True)
    with pytest.raises(DROPPED):
        kube(eks, "GET", "/version")
    assert kube(eks, "GET", "/version")["major"] == "1"


def test_a_cluster_that_is_gone_answers_nothing(aws: EmulatorSession, eks: dict[str, Any]) -> None:
    """Its name leads nowhere: a 404 would be an answer, and nobody is there to give it."""
    aws.client("eks").delete_cluster(name="k")
    with pytest.raises(DROPPED):
        kube(eks, "GET", "/version")


def test_metadata_alone_can_be_listed(eks: dict[str, Any]) -> None:
    kube(eks, "POST", SECRETS, {"metadata": {"name": "s", "labels": {"a": "b"}}, "stringData": {"x": "y"}})
    asked = kube(eks, "GET", SECRETS, accept="application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io")
    assert asked["kind"] == "PartialObjectMetadataList"
    (item,) = asked["items"]
    assert set(item) == {"kind", "apiVersion", "metadata"}
    assert item["metadata"]["labels"] == {"a": "b"}


def test_what_changed_since_is_not_deleted(eks: dict[str, Any]) -> None:
    kept = kube(eks, "POST", SECRETS, {"metadata": {"name": "s"}})["metadata"]
    other = {"preconditions": {"uid": kept["uid"], "resourceVersion": "1"}}
    assert kube(eks, "DELETE", f"{SECRETS}/s", other)["code"] == 409
    same = {"preconditions": {"uid": kept["uid"], "resourceVersion": kept["resourceVersion"]}}
    assert kube(eks, "DELETE", f"{SECRETS}/s", same)["status"] == "Success"


def definition(number: int) -> dict[str, Any]:
    names = {"kind": f"Thing{number}", "plural": f"thing{number}s"}
    spec = {"group": "example.org", "names": names, "versions": [{"name": "v1", "schema": {"x": ["y"] * 2000}}]}
    return {"metadata": {"name": f"thing{number}s.example.org"}, "spec": spec}


def test_a_request_copies_no_definition(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real chart brings 1.4 MB of them, and helm asks two thousand times."""
    state = KubeState("1.34")
    for number in range(30):
        state.create("apiextensions.k8s.io", "customresourcedefinitions", None, definition(number))

    def no_copy(value: object) -> object:
        raise AssertionError("a copy")

    monkeypatch.setattr("hp_tf.emulator.kube.store.copy.deepcopy", no_copy)
    started = time.perf_counter()
    for _ in range(20):
        assert find_kind(state, "example.org", "v1", "thing29s") is not None
    assert time.perf_counter() - started < 1


def test_discovery_takes_two_documents(eks: dict[str, Any]) -> None:
    listed = {root: kube(eks, "GET", f"/{root}", accept=AGGREGATED) for root in ("api", "apis")}
    served = {
        (group["metadata"].get("name", ""), version["version"], item["resource"], item["scope"] == "Namespaced")
        for document in listed.values()
        for group in document["items"]
        for version in group["versions"]
        for item in version["resources"]
    }
    assert served == {(kind.group, kind.version, kind.plural, kind.namespaced) for kind in kinds(KubeState("1.34"))}
    assert aggregated(KubeState("1.34"), "apis", "application/json") is None, "an old client gets the old document"
    assert json.dumps(listed["api"]).count("APIGroupDiscoveryList") == 1
