"""A plan as one JSON document, sensitive values masked."""

from __future__ import annotations

from typing import Any

from hp_tf.orchestration.context import Context
from hp_tf.orchestration.planning import Planned
from hp_tf.report.masking import masked, masked_resource

FORMAT = "1.0"


def plan(context: Context, planned: Planned) -> dict[str, Any]:
    """Return ``plan --json``: environment, stages, and per layer counts and Terraform's own resource changes."""
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
        "diagnostics": [
            {"severity": item.severity, "summary": item.summary, "detail": item.detail, "address": item.address}
            for item in planned.warnings
        ],
    }
