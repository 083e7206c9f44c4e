"""`hptf apply`: plan or take a kept plan, ask, and carry it out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path

from hp_tf.applying import applier
from hp_tf.applying.applier import Applied
from hp_tf.commands import saved_plans
from hp_tf.commands.plan import plan
from hp_tf.errors import BadInput
from hp_tf.planning import consent, saved_plan
from hp_tf.planning.planner import Planned
from hp_tf.planning.selection import LayerOptions
from hp_tf.planning.states import read_states
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
    untainted = untaint.find_tainted(context, keep, read_states(context)[0]) if keep else None
    if kept is not None:
        planned = saved_plans.take(context, kept)
    elif untainted is not None:
        planned = plan(context, chosen, values=values, states=untainted.reading)
    else:
        planned = plan(context, chosen, values=values)
    options = consent.addressed(options, planned)
    planned = replace(planned, allowances=(*options, *context.environment.allow))
    refused = [*consent.idle(planned, options), *consent.unsettled(planned)]
    if refused:
        raise BadInput(refused)
    mended = untainted.findings if untainted is not None else ()
    if (planned.has_changes or mended) and not approve(replace(planned, findings=(*planned.findings, *mended))):
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
