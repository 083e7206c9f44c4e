"""A plan as one JSON document, sensitive values masked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hp_tf.errors import BadInput, HptfError, Problem
from hp_tf.planning.planner import Planned
from hp_tf.report.masking import masked, masked_resource
from hp_tf.run.context import Context
from hp_tf.terraform.events import Diagnostic

FORMAT = "1.0"


def plan(context: Context, planned: Planned, said: Sequence[str] = ()) -> dict[str, Any]:
    """Return ``plan --json``: environment, stages, and per layer counts and Terraform's own resource changes.

    Args:
        said: what hptf said on the way, of interrupted runs it finished for example.
    """
    shown = planned.plan
    layers = {}
    for name in planned.prepared.members.all:
        counts = shown.counts(name) if shown else None
        layers[name] = {
            "add": counts.add if counts else 0,
            "change": counts.change if counts else 0,
            "destroy": counts.destroy if counts else 0,
            "replace": counts.replace if counts else 0,
            "import": counts.imported if counts else 0,
            "forget": counts.forget if counts else 0,
            "resource_changes": [masked_resource(change) for change in shown.changes(name)] if shown else [],
        }
    return {
        "format_version": FORMAT,
        "environment": context.environment.id,
        "target": context.target.description,
        "kind": planned.kind,
        "stages": [list(stage) for stage in planned.stages.layers],
        "layers": layers,
        "outputs": {name: masked(change) for name, change in (shown.outputs if shown else {}).items()},
        "drift": list(planned.drift),
        "later": list(planned.later),
        "notes": list(planned.notes),
        "messages": list(said),
        "diagnostics": [_diagnostic(item) for item in planned.warnings],
    }


def failure(environment: str, error: HptfError, said: Sequence[str] = ()) -> dict[str, Any]:
    """Return ``plan --json`` where there is no plan: what is wrong, all of it. ``said`` as for `plan`."""
    if isinstance(error, BadInput):
        found = [_problem(item) for item in error.problems]
    else:
        found = [_problem(Problem(error.message, remedy=error.hint))]
        found += [_diagnostic(item) for item in getattr(error, "diagnostics", ())]
    return {"format_version": FORMAT, "environment": environment, "messages": list(said), "diagnostics": found}


def _diagnostic(item: Diagnostic) -> dict[str, Any]:
    return {"severity": item.severity, "summary": item.summary, "detail": item.detail, "address": item.address}


def _problem(item: Problem) -> dict[str, Any]:
    place = item.location
    where = {"file": place.file, "line": place.line, "column": place.column} if place is not None else {}
    return {"severity": "error", "summary": item.message, "detail": item.remedy or "", "address": None, **where}
