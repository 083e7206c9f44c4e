"""The normal form of what Terraform and the service say: no ids, no times, only what differs."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

Json = dict[str, Any]
UNKNOWN = "(known after apply)"
# They differ from run to run.
TIMES = frozenset({"creation_time", "first_deployed", "last_deployed"})
# What a group's description repeats, and what the embedded service alone makes up.
_PLAIN = ("ClusterStatus", "NodeRecovery", "NodeProvisioningMode", "ClusterRole", "TieredStorageConfig", "Tags")
_DERIVED = frozenset({"Status", "TargetStateCount", "CurrentImageId", "InstanceGroupName"})


def combined(after: Any, unknown: Any) -> Any:
    """Return a planned value with a word where it is unknown."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict) and unknown:
        held = after if isinstance(after, dict) else {}
        return {key: combined(held.get(key), unknown.get(key)) for key in {**held, **unknown}}
    if isinstance(unknown, list) and unknown:
        items = after if isinstance(after, list) else []
        return [combined(item, mark) for item, mark in zip_longest(items, unknown)]
    return after


def differences(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yield (path, before, after) of everything that differs."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            if key not in TIMES:
                yield from differences(before.get(key), after.get(key), f"{path}.{key}".lstrip("."))
    elif isinstance(before, list) and isinstance(after, list):
        for number, pair in enumerate(zip_longest(before, after)):
            yield from differences(*pair, f"{path}[{number}]")
    elif before != after:
        yield path, whole(before), whole(after)


def whole(value: Any) -> Any:
    """Return a value without the members that are null: what a group leaves out is not worth a line."""
    if isinstance(value, dict):
        return {key: whole(item) for key, item in sorted(value.items()) if item is not None and key not in TIMES}
    return [whole(item) for item in value] if isinstance(value, list) else value


def plan(document: Json) -> Any:
    """Return what a plan does: "nothing", or for each address its action and what changes."""
    found = {}
    for entry in document.get("resource_changes", []):
        change = entry["change"]
        actions = [name for name in change["actions"] if name not in ("no-op", "read")]
        if not actions or not entry["type"].startswith(("awscc_", "helm_")):
            continue
        form: Json = {"action": "replace" if len(actions) > 1 else actions[0]}
        if change.get("replace_paths"):
            form["replaced for"] = sorted(".".join(map(str, path)) for path in change["replace_paths"])
        if form["action"] == "update":
            after = combined(change["after"], change["after_unknown"])
            form["changes"] = {path: [old, new] for path, old, new in differences(change["before"], after)}
        if change.get("importing") is not None:
            form["importing"] = True
        if entry.get("action_reason"):
            form["reason"] = entry["action_reason"]
        found[entry["address"]] = form
    return found or "nothing"


def drift(document: Json) -> list[str]:
    """Return the paths that a refresh found changed."""
    return [
        f"{entry['type']}: {path}"
        for entry in document.get("resource_drift", [])
        for path, _, _ in differences(entry["change"]["before"], entry["change"]["after"])
    ]


def cluster(found: Json | None) -> Any:
    """Return what DescribeCluster says, groups in the service's order."""
    if found is None:
        return "none"
    form = {key: found[key] for key in _PLAIN if found.get(key)}
    if found.get("AutoScaling"):
        form["AutoScaling"] = found["AutoScaling"]["Mode"]
    for key in ("InstanceGroups", "RestrictedInstanceGroups"):
        if found.get(key):
            form[key] = [{item["InstanceGroupName"]: _group(item)} for item in found[key]]
    return form


def _group(found: Json) -> Json:
    return {key: value for key, value in sorted(found.items()) if value not in (None, [], {}) and key not in _DERIVED}
