"""The documents by which clients discover what the API serves: one by one, and aggregated into two."""

from __future__ import annotations

from typing import Any

from hp_tf.emulator.kube.kinds import Kind, kinds
from hp_tf.emulator.kube.store import KubeState

_VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
_STATUS_VERBS = ["get", "patch", "update"]
_AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


def aggregated(state: KubeState, root: str, accept: str) -> tuple[dict[str, Any], str] | None:
    """The document under /api or /apis with all that is below it, and its type; None if that is not asked for.

    Source: apidiscovery.k8s.io/v2, served since Kubernetes 1.30. Without it a client asks for each group by itself.
    """
    if not any(offer.replace(" ", "").startswith(_AGGREGATED) for offer in accept.split(",")):
        return None
    groups: dict[str, dict[str, list[Kind]]] = {}
    for kind in kinds(state):
        if bool(kind.group) == (root == "apis"):
            groups.setdefault(kind.group, {}).setdefault(kind.version, []).append(kind)
    items = [
        {
            "metadata": {"name": group} if group else {},
            "versions": [
                {"version": version, "resources": [_discovered(kind) for kind in found], "freshness": "Current"}
                for version, found in versions.items()
            ],
        }
        for group, versions in groups.items()
    ]
    head = {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}}
    return {**head, "items": items}, _AGGREGATED


def _discovered(kind: Kind) -> dict[str, Any]:
    response = {"group": kind.group, "version": kind.version, "kind": kind.kind}
    return {
        "resource": kind.plural,
        "responseKind": response,
        "scope": "Namespaced" if kind.namespaced else "Cluster",
        "singularResource": kind.kind.lower(),
        "verbs": _VERBS,
        "shortNames": list(kind.short),
        "subresources": [{"subresource": "status", "responseKind": response, "verbs": _STATUS_VERBS}],
    }


def group_list(state: KubeState) -> dict[str, Any]:
    """The document under /apis."""
    versions: dict[str, list[str]] = {}
    for kind in kinds(state):
        if kind.group and kind.version not in versions.setdefault(kind.group, []):
            versions[kind.group].append(kind.version)
    return {
        "kind": "APIGroupList",
        "apiVersion": "v1",
        "groups": [_group(name, found) for name, found in versions.items()],
    }


def _group(name: str, versions: list[str]) -> dict[str, Any]:
    entries = [{"groupVersion": f"{name}/{version}", "version": version} for version in versions]
    return {"name": name, "versions": entries, "preferredVersion": entries[0]}


def group_document(state: KubeState, name: str) -> dict[str, Any] | None:
    """The document under /apis/<group>, or None for a group that is not served."""
    found = next((group for group in group_list(state)["groups"] if group["name"] == name), None)
    return {"kind": "APIGroup", "apiVersion": "v1", **found} if found else None


def resource_list(state: KubeState, group: str, version: str) -> dict[str, Any] | None:
    """The document under /api/v1 or /apis/<group>/<version>, or None if nothing is served there."""
    found = [kind for kind in kinds(state) if (kind.group, kind.version) == (group, version)]
    if not found:
        return None
    entries = []
    for kind in found:
        base = {"singularName": kind.kind.lower(), "namespaced": kind.namespaced, "kind": kind.kind}
        entries.append({"name": kind.plural, **base, "verbs": _VERBS, "shortNames": list(kind.short)})
        entries.append({"name": f"{kind.plural}/status", **base, "verbs": _STATUS_VERBS})
    return {
        "kind": "APIResourceList",
        "apiVersion": "v1",
        "groupVersion": f"{group}/{version}" if group else version,
        "resources": entries,
    }
