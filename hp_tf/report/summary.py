"""Short answers after a command."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hp_tf.report.text import labelled, printable, told, totals

if TYPE_CHECKING:
    # A file is checked without the engine that runs it.
    from hp_tf.applying.applier import Applied
    from hp_tf.environment.model import Environment
    from hp_tf.environment.wiring import Wiring
    from hp_tf.planning.planner import Planned
    from hp_tf.run.context import Context


def environment(described: Environment, wiring: Wiring) -> str:
    """Return what a valid file describes."""
    path = printable(str(described.path))
    lines = [f"{path} is valid: {described.name}, {described.orchestrator}, {described.aws.region}"]
    for name, layer in described.layers.items():
        if layer.mode == "created":
            needs = ", ".join(sorted(wiring.producers(name)))
            lines.append(f"  {name}: to create{f', from {needs}' if needs else ''}")
        elif layer.mode == "existing":
            given = ", ".join(f"{key}={_written(value)}" for key, value in layer.existing.items())
            lines.append(f"  {name}: existing ({given})")
    lines += (labelled("warning", told(problem)) for problem in described.warnings)
    return "\n".join(lines)


def applied(context: Context, planned: Planned, done: Applied) -> str:
    """Return how an apply or destroy ended."""
    verb = "destroyed" if planned.kind == "destroy" else "applied"
    counts = totals(done.counts, done=True)
    where = context.target.description
    stages = f" in {done.stages} stages" if done.stages > 1 else ""
    return f"{context.environment.id} {verb}{stages} on {where}: {counts}"


def unchanged(context: Context, planned: Planned) -> str:
    """Return that an apply found nothing to do: in the environment, or in the layers that it was about."""
    name, layers = context.environment.id, planned.prepared.members.present
    if layers == context.wiring.order:
        return f"{name} is as its file says: nothing to change"
    return f"nothing to change in {', '.join(layers)} of {name}: as the file says"


def gone(context: Context, layers: Sequence[str], forgotten: Sequence[str]) -> str:
    """Return that a destroy found nothing to do.

    Args:
        layers: it was about; none means all.
        forgotten: addresses of what went with a cluster, and was forgotten.
    """
    name = context.environment.id
    if forgotten:
        return f"{name}: forgot {', '.join(forgotten)}, gone with the cluster; nothing else to destroy"
    if layers:
        return f"nothing to destroy in {', '.join(layers)} of {name}: no resources"
    return f"{name} has no resources: nothing to destroy"


def outputs(values: Mapping[str, Mapping[str, Any]]) -> str:
    """Return outputs, a layer at a time."""
    lines = []
    for layer, items in values.items():
        lines.append(layer)
        for name, value in items.items():
            lines.append(f"  {name} = {_short(value)}")
    return "\n".join(lines)


def _short(value: Any) -> str:
    """A value in a line; of what is nested only the names, which is all that fits."""
    if isinstance(value, Mapping) and any(isinstance(item, Mapping | list) for item in value.values()):
        return f"{printable(', '.join(value))} (output --json shows all of it)"
    return _written(value)


def _written(value: Any) -> str:
    return printable(value if isinstance(value, str) else json.dumps(value))
