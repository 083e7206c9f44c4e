"""Which layers a run that failed leaves complete, and what failed in the others."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from hp_tf.errors import HptfError
from hp_tf.planning.planner import Planned
from hp_tf.run.context import Context
from hp_tf.run.journal import Run
from hp_tf.state import markers
from hp_tf.state.document import State
from hp_tf.terraform.failures import TerraformFailed


def mark(
    context: Context,
    planned: Planned,
    run: Run,
    *,
    before: Mapping[str, State | None],
    after: Mapping[str, State | None],
    error: TerraformFailed,
) -> None:
    """Write both down for the runs that will want outputs of these layers.

    Args:
        before, after: the layers' states.
    """
    # What failed is being said now; a store that fails as well must not stand before it.
    with suppress(HptfError):
        for layer in planned.prepared.members.present:
            now = after.get(layer)
            if markers.complete(context.store, layer, now):
                continue
            if _has_nothing_due(planned, layer) and markers.complete(context.store, layer, before.get(layer)):
                # Terraform wrote what it had read anew, and nothing else.
                markers.write(context.store, layer, run.id, now)
                continue
            about = [str(item) for item in error.diagnostics if item.severity == "error" and item.layer == layer]
            if about:
                markers.note_failed(context.store, layer, about)


def _has_nothing_due(planned: Planned, layer: str) -> bool:
    """Whether a plan does nothing in a layer, and leaves all its outputs as they are."""
    if planned.plan is None or planned.plan.changes(layer):
        return False
    own = [item for name, item in planned.plan.outputs.items() if name.startswith(f"{layer}__")]
    return all(item.get("actions") == ["no-op"] for item in own)
