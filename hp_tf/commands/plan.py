"""`hptf plan`: what would change, and what there is to say of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hp_tf.commands import saved_plans
from hp_tf.planning import consent, plan_checks, planner, saved_plan
from hp_tf.planning.planner import Planned
from hp_tf.planning.selection import LayerOptions
from hp_tf.recovery import adoption, orphans, releases, settling, untaint
from hp_tf.recovery.untaint import Untainted
from hp_tf.run import journal
from hp_tf.run.context import Context


def plan(
    context: Context,
    chosen: LayerOptions,
    *,
    out: Path | None = None,
    values: bool = True,
    cut_off: Untainted | None = None,
    wait: bool = False,
) -> Planned:
    """Plan a set, taking over what interrupted runs lost, and keep the plan if a folder is named.

    Args:
        values: as for ``planner.plan``.
        cut_off: what is taken for whole though its creation was cut off.
        wait: for what is found, and is still being made.
    """
    if out is not None:
        saved_plan.check_folder(out)
    journal.prune(context.work)
    lost = orphans.recorded(context)
    seen = values or bool(lost) or bool(chosen.layers)
    states = cut_off.reading if cut_off is not None else None
    planned = adoption.plan(context, chosen, lost, values=seen, states=states, with_releases=True, wait=wait)
    found = (
        *planned.findings,
        *plan_checks.findings(context, planned, cut_off.failed if cut_off is not None else {}),
        *(cut_off.findings if cut_off is not None else ()),
        *settling.findings(context, lost, planned),
        *plan_checks.unsafe(context),
        *releases.findings(context, planned, lost),
        *adoption.foreign(planned, lost),
    )
    planned = replace(planned, findings=found, allowances=context.environment.allow)
    if not planned.later and set(context.wiring.order) <= set(planned.prepared.members.present):
        planned = replace(planned, findings=(*planned.findings, *consent.unused(planned)))
    if out is not None:
        saved_plans.keep(context, planned, out, cut_off.addresses if cut_off is not None else ())
    return planned


def review(context: Context, chosen: LayerOptions, *, out: Path | None = None, values: bool = True) -> Planned:
    """Plan a set for people to look at; the run ends here. ``values`` as for ``planner.plan``."""
    cut_off = untaint.find(context, planner.read(context, chosen), layers=chosen.layers)
    planned = plan(context, chosen, out=out, values=values, cut_off=cut_off)
    planned.run.update(status=journal.DONE)
    return planned
