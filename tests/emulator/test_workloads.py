"""What the controllers of the emulated Kubernetes would have added."""

from __future__ import annotations

from typing import Any

import pytest

from hp_tf.emulator.kube.kinds import BUILT_IN, Kind
from hp_tf.emulator.kube.store import KubeState
from hp_tf.emulator.kube.workloads import found, listed, with_defaults, with_status

KINDS: dict[str, Kind] = {kind.kind: kind for kind in BUILT_IN}


def _shown(name: str, spec: dict[str, Any], *, nodes: bool) -> dict[str, Any]:
    """The status of an object of this kind, in a cluster with or without a node."""
    state = KubeState("1.33")
    if nodes:
        state.put("", "nodes", {"metadata": {"name": "n"}})
    value = with_defaults(KINDS[name], {"metadata": {"name": "x"}, "spec": spec})
    status: dict[str, Any] = with_status(state, KINDS[name], value)["status"]
    return status


@pytest.mark.parametrize(
    ("kind", "spec", "waiting", "done"),
    [
        ("Job", {"completions": 2}, {"active": 1}, {"succeeded": 2}),
        ("Pod", {}, {"phase": "Pending"}, {"phase": "Running"}),
        ("Pod", {"restartPolicy": "Never"}, {"phase": "Pending"}, {"phase": "Succeeded"}),
        ("Deployment", {}, {"readyReplicas": 0}, {"readyReplicas": 1}),
        ("DaemonSet", {}, {"numberReady": 0}, {"numberReady": 1}),
    ],
)
def test_nodes_make_the_difference(kind: str, spec: dict[str, Any], waiting: Any, done: Any) -> None:
    assert _shown(kind, spec, nodes=False).items() >= waiting.items()
    assert _shown(kind, spec, nodes=True).items() >= done.items()


def test_a_service_has_an_address_unless_it_is_to_have_none() -> None:
    service = KINDS["Service"]
    first = with_defaults(service, {"metadata": {"name": "s"}})["spec"]["clusterIP"]
    assert first.startswith("10.100.")
    assert with_defaults(service, {"metadata": {"name": "s", "namespace": "n"}})["spec"]["clusterIP"] == first
    headless = {"metadata": {"name": "s"}, "spec": {"clusterIP": "None"}}
    assert with_defaults(service, headless)["spec"] == {"clusterIP": "None"}
    named = {"metadata": {"name": "s"}, "spec": {"type": "ExternalName"}}
    assert with_defaults(service, named) == named


def test_a_deployment_has_a_replica_set_of_its_newest_template() -> None:
    state = KubeState("1.33")
    template = {"metadata": {"labels": {"a": "b"}}, "spec": {}}
    made = state.create("apps", "deployments", "n", {"metadata": {"name": "d"}, "spec": {"template": template}})
    (first,) = listed(state, KINDS["ReplicaSet"], "n")
    assert first["metadata"]["ownerReferences"][0]["uid"] == made["metadata"]["uid"]
    assert first["spec"]["template"]["spec"] == {} and first["metadata"]["labels"]["a"] == "b"
    assert found(state, KINDS["ReplicaSet"], "n", first["metadata"]["name"]) == first
    changed = {"metadata": {"name": "d"}, "spec": {"template": {**template, "spec": {"hostNetwork": True}}}}
    state.replace("apps", "deployments", "n", "d", changed)
    (second,) = listed(state, KINDS["ReplicaSet"], None)
    assert second["metadata"]["name"] != first["metadata"]["name"]
    assert listed(state, KINDS["ReplicaSet"], "other") == []
