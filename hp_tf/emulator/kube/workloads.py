"""The status of workloads, which no controller keeps here: computed when an object is read.

With a ready node every workload is ready; without one, daemon sets have nothing to do and deployments wait.
"""

from __future__ import annotations

from typing import Any

from hp_tf.emulator.kube.kinds import Kind
from hp_tf.emulator.kube.store import KubeState, Object


def with_status(state: KubeState, kind: Kind, value: Object) -> Object:
    """`value` with the status that its controller would have given it; other kinds as they are."""
    if kind.group == "apps" and kind.kind in ("Deployment", "StatefulSet", "ReplicaSet", "DaemonSet"):
        return {**value, "status": _workload(state, kind.kind, value)}
    if kind.kind == "CustomResourceDefinition":
        names = (value.get("spec") or {}).get("names") or {}
        conditions = [
            {"type": name, "status": "True", "reason": "Accepted"} for name in ("NamesAccepted", "Established")
        ]
        return {**value, "status": {"acceptedNames": names, "conditions": conditions}}
    return value


def _workload(state: KubeState, kind: str, value: Object) -> dict[str, Any]:
    nodes = state.nodes_ready()
    generation = value["metadata"].get("generation", 1)
    if kind == "DaemonSet":
        return {
            "observedGeneration": generation,
            "desiredNumberScheduled": nodes,
            "currentNumberScheduled": nodes,
            "numberAvailable": nodes,
            "numberReady": nodes,
            "updatedNumberScheduled": nodes,
            "numberMisscheduled": 0,
        }
    wanted = (value.get("spec") or {}).get("replicas", 1)
    ready = wanted if nodes else 0
    available = "True" if ready == wanted else "False"
    return {
        "observedGeneration": generation,
        "replicas": wanted,
        "updatedReplicas": wanted,
        "readyReplicas": ready,
        "availableReplicas": ready,
        "unavailableReplicas": wanted - ready,
        "conditions": [{"type": "Available", "status": available, "reason": "NodesAvailable" if nodes else "NoNodes"}],
    }
