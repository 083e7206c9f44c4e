"""What Helm leaves in a cluster that stays, when a release goes.

Helm installs what a chart has under ``crds/`` and makes a namespace it is asked for, and deletes neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from hp_tf import codes
from hp_tf.contract.resources.base import Release
from hp_tf.findings import Finding
from hp_tf.planning import installed
from hp_tf.planning.cluster_endpoint import destroyed_with
from hp_tf.planning.planner import Planned
from hp_tf.run.context import Context
from hp_tf.terraform.plan import ResourceChange

_DEFINITION = re.compile(r"^kind: *CustomResourceDefinition *$", re.MULTILINE)


def findings(context: Context, planned: Planned) -> Iterator[Finding]:
    """Yield what stays of each release that a plan deletes, unless its cluster goes as well."""
    for change, release in _going(context, planned):
        members = planned.prepared.members
        if destroyed_with(context, members.all if planned.kind == "destroy" else members.leaving):
            return
        left = _left(planned.prepared.folder / release.folder, change.before.known or {}, release.namespace)
        if left:
            yield codes.RELEASE_LEFTOVERS.about(
                change.address,
                f"{change.address} leaves in the cluster what Helm never deletes: {' and '.join(left)}",
                "delete them with kubectl once nothing of their kind is wanted any more",
            )


def _going(context: Context, planned: Planned) -> Iterator[tuple[ResourceChange, Release]]:
    for change in planned.plan.changes() if planned.plan is not None else ():
        if change.action.destroys and not change.action.replaces:
            release = installed.planned_release(context, change, before=True)
            if release is not None:
                yield change, release


def _left(chart: Path, attributes: dict[str, object], namespace: str) -> list[str]:
    count = definitions(chart)
    return [
        *([f"the {count} CustomResourceDefinitions of its chart"] if count else []),
        *([f"the namespace {namespace}"] if attributes.get("create_namespace") is True else []),
    ]


def definitions(chart: Path) -> int:
    """Return how many CustomResourceDefinitions a chart and those in it have under ``crds/``; 0 if it is not there."""
    files = (path for folder in chart.rglob("crds") for path in folder.rglob("*") if path.suffix in (".yaml", ".yml"))
    return sum(len(_DEFINITION.findall(path.read_text(encoding="utf-8"))) for path in files)
