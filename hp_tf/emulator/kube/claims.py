"""Volumes and claims: what binds to what, as the controllers would decide, and what nobody may change.

Computed when an object is read, as all that controllers would do. A class makes a volume where its driver is installed
and a node runs it; what the driver would make outside of the cluster, a file system, is not made.

Sources: the Kubernetes documentation, "Persistent Volumes" (binding, reserving, classes) and "Storage Classes"; the
messages of its API server's validation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from hp_tf.emulator.kube.kinds import Kind
from hp_tf.emulator.kube.store import KubeState, Object

STORAGE = "storage.k8s.io"
DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"
_UNITS = {unit: 1024**power for power, unit in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi"), 1)} | {
    unit: 1000**power for power, unit in enumerate(("k", "M", "G", "T", "P"), 1)
}
_QUANTITY = re.compile(r"([0-9]+(?:\.[0-9]+)?)([A-Za-z]*)")
Claim = tuple[str, str]


def bindings(state: KubeState) -> dict[Claim, str]:
    """Return the volume of every claim that is bound, by the claim's namespace and name."""
    volumes = {volume["metadata"]["name"]: volume for volume in state.held("", "persistentvolumes")}
    found: dict[Claim, str] = {}
    claims = sorted(state.held("", "persistentvolumeclaims"), key=lambda claim: str(claim["metadata"].get("uid")))
    # Who names a volume, or is named by one, comes before who takes what is left.
    for claim in sorted(claims, key=lambda claim: not _reserved(volumes, claim)):
        taken = set(found.values())
        free = {name: volume for name, volume in volumes.items() if name not in taken}
        name = _volume(state, claim, free)
        if name is not None:
            found[_key(claim)] = name
    return found


def claim_status(state: KubeState, claim: Object) -> tuple[str | None, dict[str, Any]]:
    """Return the volume of a claim, None if it has none, and the claim's status. Raises ValueError for a wrong one."""
    _bytes(_request(claim))
    name = bindings(state).get(_key(claim))
    if name is None:
        return None, {"phase": "Pending"}
    spec = claim.get("spec") or {}
    capacity = {"storage": (spec.get("resources") or {}).get("requests", {}).get("storage", "0")}
    return name, {"phase": "Bound", "accessModes": spec.get("accessModes") or [], "capacity": capacity}


def volume_status(state: KubeState, volume: Object) -> dict[str, Any]:
    """Return the status of a volume. Raises ValueError for a wrong one."""
    _bytes(_capacity(volume))
    bound = volume["metadata"].get("name") in bindings(state).values()
    return {"phase": "Bound" if bound else "Available"}


def made(state: KubeState) -> Iterator[Object]:
    """Yield the volumes that drivers have made for claims of a class."""
    names = bindings(state)
    for claim in state.held("", "persistentvolumeclaims"):
        driver = _driver(state, claim)
        if driver is None or names.get(_key(claim)) != _made_name(claim):
            continue
        space, name = _key(claim)
        spec, its_class = claim["spec"], _class_of(state, claim)
        parameters = next(
            (item for item in state.held(STORAGE, "storageclasses") if item["metadata"]["name"] == its_class), {}
        )
        yield {
            "apiVersion": "v1",
            "kind": "PersistentVolume",
            "metadata": {
                "name": _made_name(claim),
                "uid": f"{claim['metadata']['uid']}-volume",
                "creationTimestamp": claim["metadata"].get("creationTimestamp"),
                "resourceVersion": claim["metadata"].get("resourceVersion"),
                "annotations": {"pv.kubernetes.io/provisioned-by": driver},
            },
            "spec": {
                "accessModes": spec.get("accessModes") or [],
                "capacity": {"storage": spec["resources"]["requests"]["storage"]},
                "claimRef": {"namespace": space, "name": name, "uid": claim["metadata"]["uid"]},
                "persistentVolumeReclaimPolicy": parameters.get("reclaimPolicy", "Delete"),
                "storageClassName": its_class,
                "csi": {"driver": driver, "volumeHandle": _made_name(claim)},
            },
        }


def unbound(state: KubeState, space: str, pod: Object) -> list[str]:
    """Return the claims of a pod, or of a template of one, that are not bound: it waits for them."""
    volumes = (pod.get("spec") or {}).get("volumes") or ()
    names = [item["persistentVolumeClaim"]["claimName"] for item in volumes if item.get("persistentVolumeClaim")]
    bound = bindings(state) if names else {}
    return [name for name in names if (space, name) not in bound]


def forbidden(kind: Kind, old: Object, new: Object) -> str | None:
    """Return what the API server has against a change; None if nothing."""
    before, after = old.get("spec") or {}, new.get("spec") or {}
    if kind.kind == "PersistentVolumeClaim":
        # The controller writes the volume's name, and the request may grow.
        free = {"resources", *(() if before.get("volumeName") else ("volumeName",))}
        if any(before.get(name) != after.get(name) for name in {*before, *after} - free):
            return (
                "spec: Forbidden: spec is immutable after creation except resources.requests and "
                "volumeAttributesClassName for bound claims"
            )
    elif kind.kind == "PersistentVolume" and before.get("csi") != after.get("csi"):
        return "spec.persistentvolumesource: Forbidden: spec.persistentvolumesource is immutable after creation"
    elif kind.kind == "StorageClass":
        for name in ("parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"):
            if old.get(name) != new.get(name):
                return f"{name}: Forbidden: updates to {name} are forbidden."
    return None


def _key(claim: Object) -> Claim:
    return str(claim["metadata"].get("namespace")), str(claim["metadata"].get("name"))


def _reserved(volumes: dict[str, Object], claim: Object) -> bool:
    return bool((claim.get("spec") or {}).get("volumeName")) or any(
        _reference(volume) == _key(claim) for volume in volumes.values()
    )


def _reference(volume: Object) -> Claim | None:
    reference = (volume.get("spec") or {}).get("claimRef")
    return None if reference is None else (str(reference.get("namespace")), str(reference.get("name")))


def _volume(state: KubeState, claim: Object, free: dict[str, Object]) -> str | None:
    spec = claim.get("spec") or {}
    wanted = spec.get("volumeName")
    named = [wanted] if wanted else sorted(free, key=lambda name: _bytes(_capacity(free[name])))
    fitting = (name for name in named if name in free and _fits(state, claim, free[name]))
    found = next(fitting, None)
    if found is not None:
        return found
    made = _made_name(claim)
    return made if _driver(state, claim) is not None and wanted in (None, made) else None


def _fits(state: KubeState, claim: Object, volume: Object) -> bool:
    """Whether a claim may have a volume: reserved for it or nobody, of its class, large enough, with all its modes."""
    spec, offered = claim.get("spec") or {}, volume.get("spec") or {}
    return (
        _reference(volume) in (None, _key(claim))
        and (offered.get("storageClassName") or "") == (_class_of(state, claim) or "")
        and _bytes(_request(claim)) <= _bytes(_capacity(volume))
        and set(spec.get("accessModes") or ()) <= set(offered.get("accessModes") or ())
    )


def _class_of(state: KubeState, claim: Object) -> str | None:
    """Return the class of a claim: the default one if it names none; empty if it wants none."""
    named = (claim.get("spec") or {}).get("storageClassName")
    if named is not None:
        return str(named)
    return next(
        (
            str(item["metadata"]["name"])
            for item in state.held(STORAGE, "storageclasses")
            if (item["metadata"].get("annotations") or {}).get(DEFAULT_CLASS) == "true"
        ),
        None,
    )


def _driver(state: KubeState, claim: Object) -> str | None:
    """Return the driver that makes a volume for a claim; None if none does: no class, no driver, or no node for it."""
    name = _class_of(state, claim)
    found = next((item for item in state.held(STORAGE, "storageclasses") if item["metadata"]["name"] == name), None)
    installed = {driver["metadata"]["name"] for driver in state.held(STORAGE, "csidrivers")}
    if found is None or found.get("provisioner") not in installed or not state.nodes_ready():
        return None
    if found.get("volumeBindingMode") == "WaitForFirstConsumer" and not _used(state, claim):
        return None
    return str(found["provisioner"])


def _used(state: KubeState, claim: Object) -> bool:
    space, name = _key(claim)
    return any(
        item.get("persistentVolumeClaim", {}).get("claimName") == name
        for pod in state.list("", "pods", space)
        for item in (pod.get("spec") or {}).get("volumes") or ()
    )


def _made_name(claim: Object) -> str:
    return f"pvc-{claim['metadata'].get('uid')}"


def _request(claim: Object) -> str:
    return str(((claim.get("spec") or {}).get("resources") or {}).get("requests", {}).get("storage", "0"))


def _capacity(volume: Object) -> str:
    return str(((volume.get("spec") or {}).get("capacity") or {}).get("storage", "0"))


def _bytes(quantity: str) -> float:
    """Return a quantity as a number. Raises ValueError for what is none."""
    found = _QUANTITY.fullmatch(quantity)
    if found is None or (found[2] and found[2] not in _UNITS):
        raise ValueError(f"{quantity!r} is no quantity")
    unit: int = _UNITS.get(found[2], 1)
    return float(found[1]) * unit
