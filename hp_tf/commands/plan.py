"""`hptf plan`: what would change, and what there is to say of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hp_tf.commands import saved_plans
from hp_tf.planning import consent, plan_checks, saved_plan
from hp_tf.planning.planner import Planned
from hp_tf.planning.selection import LayerOptions
from hp_tf.recovery import adoption, orphans, releases, settling
from hp_tf.run import journal
from hp_tf.run.context import Context
from hp_tf.state.snapshot import Reading


def plan(
    context: Context,
    chosen: LayerOptions,
    *,
    out: Path | None = None,
    values: bool = True,
    states: Reading | None = None,
) -> Planned:
    """Plan a set, taking over what interrupted runs lost, and keep the plan if a folder is named.

    Args:
        values, states: as for ``planner.plan``.
    """
    if out is not None:
        saved_plan.check_folder(out)
    journal.prune(context.work)
    lost = orphans.recorded(context)
    seen = values or bool(lost) or bool(chosen.layers)
    planned = adoption.plan(context, chosen, lost, values=seen, states=states, releases=True)
    found = (
        *plan_checks.findings(context, planned),
        *settling.findings(context, lost, planned),
        *plan_checks.unsafe(context),
        *releases.findings(context, planned, lost),
    )
    planned = replace(planned, findings=found, allowances=context.environment.allow)
    if not planned.later and set(context.wiring.order) <= set(planned.prepared.members.present):
        planned = replace(planned, findings=(*planned.findings, *consent.unused(planned)))
    if out is not None:
        saved_plans.keep(context, planned, out)
    return planned


def review(context: Context, chosen: LayerOptions, *, out: Path | None = None, values: bool = True) -> Planned:
    """Plan a set for people to look at; the run ends here. ``values`` as for ``planner.plan``."""
    planned = plan(context, chosen, out=out, values=values)
    planned.run.update(status=journal.DONE)
    return planned
