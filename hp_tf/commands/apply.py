"""`hptf apply`: plan or take a kept plan, ask, and carry it out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from hp_tf import codes
from hp_tf.applying import applier
from hp_tf.applying.applier import Applied
from hp_tf.commands import saved_plans
from hp_tf.commands.plan import plan
from hp_tf.errors import BadInput
from hp_tf.planning import consent, planner, saved_plan
from hp_tf.planning.planner import Planned
from hp_tf.planning.selection import LayerOptions
from hp_tf.recovery import releases, settling, untaint
from hp_tf.run import journal
from hp_tf.run.context import Context

Approve = Callable[[Planned], bool]


@dataclass(frozen=True)
class Outcome:
    """How an apply or destroy went.

    Attributes:
        applied: None where there was nothing to do or it was not approved.
        forgotten: addresses of what was in a cluster that is gone.
    """

    planned: Planned
    applied: Applied | None
    approved: bool
    forgotten: tuple[str, ...] = ()


def apply(
    context: Context,
    chosen: LayerOptions,
    *,
    approve: Approve,
    allow_destroy: Collection[str] = (),
    allow: Collection[str] = (),
    kept: Path | None = None,
    values: bool = False,
    keep: Collection[str] = (),
) -> Outcome:
    """Plan (or take a kept plan), ask, and carry it out.

    Args:
        allow_destroy: addresses of protected resources that may be deleted or replaced.
        allow: what else may be done, as ``CODE=SUBJECT``.
        kept: the folder of a plan made before.
        values: as for ``planner.plan``.
        keep: addresses of resources whose creation was cut off: the plan takes them for whole, and so do the states
            once it is approved.

    Raises:
        BadInput: with every finding that blocks or needs consent and is not allowed, and every option that allows
            what nothing asks for.
    """
    options = consent.of_options(allow_destroy, chosen.remove, allow)
    if kept is not None:
        untainted = saved_plans.kept_by(context, kept)
        planned = saved_plans.take(context, kept, untainted)
    else:
        allowed = (*options, *context.environment.allow)
        anew = {item.subject for item in allowed if codes.CREATION_CUT_OFF.name in item.codes}
        reading = planner.read(context, chosen)
        untainted = untaint.find(context, reading, layers=chosen.layers, keep=keep, anew=anew, wait=True)
        planned = plan(context, chosen, values=values, cut_off=untainted, wait=True)
    options = consent.addressed(options, planned)
    planned = replace(planned, allowances=(*options, *context.environment.allow))
    refused = [*consent.idle(planned, options), *consent.unsettled(planned)]
    if refused:
        raise BadInput(refused)
    mended = bool(untainted is not None and untainted.addresses)
    if (planned.has_changes or mended) and not approve(planned):
        planned.run.update(status=journal.DONE)
        return Outcome(planned, None, approved=False)
    if untainted is not None:
        untaint.keep(context, untainted)
    if not planned.has_changes:
        applier.record_done(context, planned)
        _settle(context, planned)
        return Outcome(planned, None, approved=True)
    releases.clear(context, planned)
    applied = applier.apply(context, planned)
    if kept is not None:
        saved_plan.consume(kept)
    _settle(context, planned)
    return Outcome(planned, applied, approved=True)


def _settle(context: Context, planned: Planned) -> None:
    members = planned.prepared.members
    whole = set(context.wiring.order) <= set(members.present)
    layers = tuple(context.contracts) if whole else members.all
    adopted = settling.imported(planned.plan)
    settling.settle(context, layers, adopted=adopted, before=planned.prepared.reading.states)
