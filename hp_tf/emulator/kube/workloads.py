"""What the controllers of a cluster would add, of which none runs here: computed when an object is read.

With a ready node every workload is ready and every job done; without one they wait, but for daemon sets, which have
nothing to do then. A workload waits for its claims, too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from hp_tf.emulator.kube import claims
from hp_tf.emulator.kube.kinds import Kind
from hp_tf.emulator.kube.store import KubeState, Missing, Object

REPLICATED = ("Deployment", "StatefulSet", "ReplicaSet")
_HASH = "pod-template-hash"


def with_defaults(kind: Kind, value: Object) -> Object:
    """`value` with the defaults of the real API that clients count on: helm fails without them."""
    defaults: dict[str, Any] = {}
    if kind.group == "apps" and kind.kind in REPLICATED:
        defaults = {"replicas": 1}
    elif kind.group == "batch" and kind.kind == "Job":
        defaults = {"backoffLimit": 6, "completions": 1, "parallelism": 1}
    elif not kind.group and kind.kind == "Service" and (value.get("spec") or {}).get("type") != "ExternalName":
        defaults = {"clusterIP": _address(value)}
    return {**value, "spec": {**defaults, **(value.get("spec") or {})}} if defaults else value


def _address(service: Object) -> str:
    """An address of the default service range that stays the same for a name. Two services may share one."""
    digest = hashlib.sha256(str(service["metadata"].get("name")).encode()).digest()
    return f"10.100.{digest[0]}.{digest[1] % 254 + 1}"


def with_status(state: KubeState, kind: Kind, value: Object) -> Object:
    """`value` with the status that its controller would have given it; other kinds as they are."""
    status: dict[str, Any] | None = None
    ready = state.nodes_ready() > 0
    if kind.group == "apps" and kind.kind == "DaemonSet":
        status = _daemon_set(state, value)
    elif kind.group == "apps" and kind.kind in REPLICATED:
        template = (value.get("spec") or {}).get("template")
        status = _replicated(value, ready=ready and not _claims(state, value, template))
    elif kind.group == "batch" and kind.kind == "Job":
        status = _job(value, ready=ready)
    elif not kind.group and kind.kind == "Pod":
        status = _pod(value, ready=ready, unbound=_claims(state, value, value))
    elif not kind.group and kind.kind == "PersistentVolumeClaim":
        volume, status = claims.claim_status(state, value)
        value = value if volume is None else {**value, "spec": {**(value.get("spec") or {}), "volumeName": volume}}
    elif not kind.group and kind.kind == "PersistentVolume":
        status = claims.volume_status(state, value)
    elif kind.kind == "CustomResourceDefinition":
        names = (value.get("spec") or {}).get("names") or {}
        conditions = [
            {"type": name, "status": "True", "reason": "Accepted"} for name in ("NamesAccepted", "Established")
        ]
        status = {"acceptedNames": names, "conditions": conditions}
    return value if status is None else {**value, "status": status}


def _daemon_set(state: KubeState, value: Object) -> dict[str, Any]:
    nodes = state.nodes_ready()
    return {
        "observedGeneration": value["metadata"].get("generation", 1),
        "desiredNumberScheduled": nodes,
        "currentNumberScheduled": nodes,
        "numberAvailable": nodes,
        "numberReady": nodes,
        "updatedNumberScheduled": nodes,
        "numberMisscheduled": 0,
    }


def _replicated(value: Object, *, ready: bool) -> dict[str, Any]:
    wanted = (value.get("spec") or {}).get("replicas", 1)
    running = wanted if ready else 0
    available = "True" if running == wanted else "False"
    return {
        "observedGeneration": value["metadata"].get("generation", 1),
        "replicas": wanted,
        "updatedReplicas": wanted,
        "readyReplicas": running,
        "availableReplicas": running,
        "unavailableReplicas": wanted - running,
        "conditions": [{"type": "Available", "status": available, "reason": "NodesAvailable" if ready else "NoNodes"}],
    }


def _job(value: Object, *, ready: bool) -> dict[str, Any]:
    if not ready:
        return {"active": (value.get("spec") or {}).get("parallelism", 1)}
    return {
        "succeeded": (value.get("spec") or {}).get("completions", 1),
        "conditions": [{"type": "Complete", "status": "True", "reason": "CompletionsReached"}],
    }


def _claims(state: KubeState, owner: Object, pod: Object | None) -> list[str]:
    return claims.unbound(state, str(owner["metadata"].get("namespace")), pod or {})


def _pod(value: Object, *, ready: bool, unbound: Sequence[str]) -> dict[str, Any]:
    if unbound:
        message = f"pod has unbound immediate PersistentVolumeClaims: {', '.join(unbound)}"
        waiting = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": message}
        return {"phase": "Pending", "conditions": [waiting]}
    if not ready:
        return {"phase": "Pending", "conditions": [{"type": "PodScheduled", "status": "False", "reason": "NoNodes"}]}
    # A pod that is never started again runs to its end.
    if (value.get("spec") or {}).get("restartPolicy", "Always") != "Always":
        return {"phase": "Succeeded", "conditions": [{"type": "Ready", "status": "False", "reason": "PodCompleted"}]}
    return {"phase": "Running", "conditions": [{"type": kind, "status": "True"} for kind in ("PodScheduled", "Ready")]}


def listed(state: KubeState, kind: Kind, space: str | None) -> list[Object]:
    """The objects of a kind, and those that controllers would have made: replica sets, volumes of a class."""
    return [*state.list(kind.group, kind.plural, space), *_made(state, kind, space)]


def found(state: KubeState, kind: Kind, space: str | None, name: str) -> Object:
    """The object of that name, one that a controller would have made too. Raises Missing."""
    try:
        return state.get(kind.group, kind.plural, space, name)
    except Missing:
        made = {item["metadata"]["name"]: item for item in _made(state, kind, space)}
        if name in made:
            return made[name]
        raise


def _made(state: KubeState, kind: Kind, space: str | None) -> list[Object]:
    if (kind.group, kind.kind) == ("apps", "ReplicaSet"):
        return [_replica_set(deployment) for deployment in state.list("apps", "deployments", space)]
    if (kind.group, kind.kind) == ("", "PersistentVolume"):
        return list(claims.made(state))
    return []


def _replica_set(deployment: Object) -> Object:
    """The replica set of a deployment's newest revision: helm waits for it, and knows it by owner and template."""
    owner, spec = deployment["metadata"], deployment.get("spec") or {}
    template: Mapping[str, Any] = spec.get("template") or {}
    mark = hashlib.sha256(json.dumps(template, sort_keys=True).encode()).hexdigest()[:10]
    metadata: Mapping[str, Any] = template.get("metadata") or {}
    labels = {**(metadata.get("labels") or {}), _HASH: mark}
    reference = {"apiVersion": "apps/v1", "kind": "Deployment", "name": owner["name"], "uid": owner["uid"]}
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            **{key: owner[key] for key in ("namespace", "creationTimestamp", "resourceVersion") if key in owner},
            "name": f"{owner['name']}-{mark}",
            "uid": f"{owner['uid']}-{mark}",
            "generation": 1,
            "labels": labels,
            "ownerReferences": [{**reference, "controller": True, "blockOwnerDeletion": True}],
        },
        "spec": {
            "replicas": spec.get("replicas", 1),
            "selector": spec.get("selector") or {},
            "template": {**template, "metadata": {**metadata, "labels": labels}},
        },
    }
