"""Which volume a claim is bound to, in the emulated Kubernetes."""

from __future__ import annotations

from typing import Any

import pytest

from hp_tf.emulator.kube.claims import STORAGE, forbidden
from hp_tf.emulator.kube.kinds import BUILT_IN, Kind
from hp_tf.emulator.kube.store import KubeState, Object
from hp_tf.emulator.kube.workloads import found, listed, with_status

KINDS: dict[str, Kind] = {kind.kind: kind for kind in BUILT_IN}
CLAIM, VOLUME, CLASS = KINDS["PersistentVolumeClaim"], KINDS["PersistentVolume"], KINDS["StorageClass"]
MANY = ["ReadWriteMany"]


@pytest.fixture
def state() -> KubeState:
    """A cluster with a node and the FSx driver."""
    made = KubeState("1.34")
    made.put("", "nodes", {"metadata": {"name": "n"}})
    made.put(STORAGE, "csidrivers", {"metadata": {"name": "fsx.csi.aws.com"}})
    return made


def claim(state: KubeState, name: str = "c", request: str = "1200Gi", **spec: Any) -> Object:
    wanted = {"accessModes": MANY, "resources": {"requests": {"storage": request}}, "storageClassName": "", **spec}
    state.create("", "persistentvolumeclaims", "ml", {"metadata": {"name": name}, "spec": wanted})
    return shown(state, name)


def shown(state: KubeState, name: str = "c") -> Object:
    return with_status(state, CLAIM, state.get("", "persistentvolumeclaims", "ml", name))


def volume(state: KubeState, name: str = "v", capacity: str = "1200Gi", **spec: Any) -> None:
    offered = {"accessModes": MANY, "capacity": {"storage": capacity}, "storageClassName": "", **spec}
    state.create("", "persistentvolumes", None, {"metadata": {"name": name}, "spec": offered})


def of_class(state: KubeState, name: str, default: bool = False, **more: Any) -> None:
    annotations = {"storageclass.kubernetes.io/is-default-class": "true"} if default else {}
    value = {"metadata": {"name": name, "annotations": annotations}, "provisioner": "fsx.csi.aws.com", **more}
    state.create(STORAGE, "storageclasses", None, value)


@pytest.mark.parametrize(
    ("offered", "wanted", "phase"),
    [
        ({}, {}, "Bound"),
        ({}, {"volumeName": "v"}, "Bound"),
        ({"capacity": "1.2Ti"}, {}, "Bound"),
        # What AWS's dependency chart made: a volume without a class, and a claim that names one nobody makes.
        ({}, {"storageClassName": "fsx-sc"}, "Pending"),
        ({"capacity": "1000Gi"}, {}, "Pending"),
        ({"accessModes": ["ReadOnlyMany"]}, {}, "Pending"),
        ({}, {"volumeName": "other"}, "Pending"),
        ({"claimRef": {"namespace": "ml", "name": "c"}}, {}, "Bound"),
        ({"claimRef": {"namespace": "other", "name": "c"}}, {}, "Pending"),
        ({"storageClassName": "slow"}, {"storageClassName": "slow"}, "Bound"),
    ],
)
def test_a_claim_is_bound_to_a_volume_that_fits(
    state: KubeState, offered: dict[str, Any], wanted: dict[str, Any], phase: str
) -> None:
    volume(state, **offered)
    assert claim(state, **wanted)["status"]["phase"] == phase
    available = "Bound" if phase == "Bound" else "Available"
    assert with_status(state, VOLUME, state.get("", "persistentvolumes", None, "v"))["status"] == {"phase": available}


def test_a_volume_is_of_one_claim_and_first_of_the_one_it_is_reserved_for(state: KubeState) -> None:
    volume(state, claimRef={"namespace": "ml", "name": "late"})
    assert claim(state, "early")["status"]["phase"] == "Pending"
    assert claim(state, "late")["spec"]["volumeName"] == "v"
    volume(state, "w", capacity="9600Gi")
    volume(state, "x", capacity="2400Gi")
    # The smallest that is large enough.
    assert shown(state, "early")["spec"]["volumeName"] == "x"


def test_a_class_makes_a_volume_where_its_driver_runs(state: KubeState) -> None:
    assert claim(state, storageClassName="scratch")["status"]["phase"] == "Pending"
    of_class(state, "scratch", reclaimPolicy="Retain")
    name = shown(state)["spec"]["volumeName"]
    made = found(state, VOLUME, None, name)
    assert made["spec"]["persistentVolumeReclaimPolicy"] == "Retain"
    assert [item["metadata"]["name"] for item in listed(state, VOLUME, None)] == [name]
    assert with_status(state, VOLUME, made)["status"] == {"phase": "Bound"}
    state.remove(STORAGE, "csidrivers", None, "fsx.csi.aws.com")
    assert shown(state)["status"]["phase"] == "Pending" and listed(state, VOLUME, None) == []
    state.put(STORAGE, "csidrivers", {"metadata": {"name": "fsx.csi.aws.com"}})
    state.remove("", "nodes", None, "n")
    assert shown(state)["status"]["phase"] == "Pending"


def test_a_claim_that_names_no_class_takes_the_default_one(state: KubeState) -> None:
    wanted = {"accessModes": MANY, "resources": {"requests": {"storage": "1200Gi"}}}
    state.create("", "persistentvolumeclaims", "ml", {"metadata": {"name": "c"}, "spec": wanted})
    of_class(state, "plain")
    assert shown(state)["status"]["phase"] == "Pending"
    of_class(state, "usual", default=True)
    assert shown(state)["status"]["phase"] == "Bound"
    assert claim(state, "none")["status"]["phase"] == "Pending"


def test_some_classes_wait_for_a_pod_and_pods_wait_for_their_claims(state: KubeState) -> None:
    of_class(state, "late", volumeBindingMode="WaitForFirstConsumer")
    assert claim(state, storageClassName="late")["status"]["phase"] == "Pending"
    volumes = [{"name": "v", "persistentVolumeClaim": {"claimName": "c"}}]
    pod = state.create("", "pods", "ml", {"metadata": {"name": "p"}, "spec": {"volumes": volumes}})
    assert shown(state)["status"]["phase"] == "Bound"
    assert with_status(state, KINDS["Pod"], pod)["status"]["phase"] == "Running"
    state.remove("", "persistentvolumeclaims", "ml", "c")
    assert "unbound" in with_status(state, KINDS["Pod"], pod)["status"]["conditions"][0]["message"]
    deployment = {"metadata": {"name": "d", "namespace": "ml"}, "spec": {"template": {"spec": {"volumes": volumes}}}}
    assert with_status(state, KINDS["Deployment"], deployment)["status"]["readyReplicas"] == 0


@pytest.mark.parametrize(
    ("kind", "old", "new", "message"),
    [
        (CLAIM, {"spec": {"storageClassName": ""}}, {"spec": {"storageClassName": "a"}}, "immutable after creation"),
        (CLAIM, {"spec": {"volumeName": "a"}}, {"spec": {"volumeName": "b"}}, "immutable after creation"),
        # Its controller writes it, and a client sends back what it read.
        (CLAIM, {"spec": {}}, {"spec": {"volumeName": "b"}}, None),
        (CLAIM, {"spec": {"resources": {}}}, {"spec": {"resources": {"requests": {"storage": "2Ti"}}}}, None),
        (VOLUME, {"spec": {"csi": {"a": "1"}}}, {"spec": {"csi": {"a": "2"}}}, "persistentvolumesource"),
        (VOLUME, {"spec": {"mountOptions": []}}, {"spec": {"mountOptions": ["flock"]}}, None),
        (CLASS, {"parameters": {"a": "1"}}, {"parameters": {"a": "2"}}, "updates to parameters are forbidden"),
        (CLASS, {"allowVolumeExpansion": True}, {"allowVolumeExpansion": False}, None),
    ],
)
def test_what_the_api_fixes(kind: Kind, old: Object, new: Object, message: str | None) -> None:
    said = forbidden(kind, old, new)
    assert said is None if message is None else message in str(said)


@pytest.mark.parametrize("quantity", ["much", "12GiB", ""])
def test_a_quantity_that_is_none_is_refused(state: KubeState, quantity: str) -> None:
    value = {"metadata": {"name": "c"}, "spec": {"resources": {"requests": {"storage": quantity}}}}
    with pytest.raises(ValueError, match="is no quantity"):
        with_status(state, CLAIM, value)
