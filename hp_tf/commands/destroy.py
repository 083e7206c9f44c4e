"""`hptf destroy`: take away a set of layers, consumers first, with what interrupted runs lost of it."""

from __future__ import annotations

from dataclasses import replace

from hp_tf.applying import applier
from hp_tf.commands.apply import Approve, Outcome
from hp_tf.errors import HptfError
from hp_tf.planning import kept_objects, planner
from hp_tf.planning.cluster_endpoint import destroyed_with
from hp_tf.planning.planner import Planned
from hp_tf.planning.selection import LayerOptions
from hp_tf.planning.states import read_states
from hp_tf.recovery import adoption, gone_cluster, settling
from hp_tf.run import journal
from hp_tf.run.context import Context


def destroy(context: Context, chosen: LayerOptions, *, approve: Approve) -> Outcome:
    """Destroy a set, consumers first, with what interrupted runs lost of it. Nothing is done before it is approved."""
    journal.prune(context.work)
    states, _ = read_states(context)
    gone = gone_cluster.find_gone(context, chosen, states)
    if gone is not None:
        states = gone.reading
    taking = adoption.plan_alone(context, chosen, states)
    planned = planner.plan(context, chosen, destroy=True, states=states)
    found = [
        *(gone.findings if gone is not None else ()),
        *(adoption.findings(taking.prepared.adoptions) if taking is not None else ()),
        *kept_objects.findings(context, planned),
    ]
    planned = replace(planned, findings=(*planned.findings, *found))
    if not planned.has_changes and not found:
        planned.run.update(status=journal.DONE)
        return Outcome(planned, None, approved=True)
    if not approve(planned):
        planned.run.update(status=journal.DONE)
        return Outcome(planned, None, approved=False)
    forgotten = gone.addresses if gone is not None else ()
    if gone is not None:
        gone_cluster.forget(context, gone)
    if taking is not None:
        applier.apply(context, taking)
        planned = _destroy_with(context, chosen, planned, taking)
    adopted = settling.imported(taking.plan) if taking is not None else ()
    layers = chosen.layers or tuple(context.contracts)
    in_cluster = {kind for kind, resource in context.resource_types.items() if resource.release is not None}
    leaving = in_cluster if destroyed_with(context, layers) else set()
    settling.settle(context, layers, adopted=adopted, before=states.states, leaving=leaving)
    applied = applier.apply(context, planned) if planned.has_changes else None
    settling.close(context, leaving)
    if applied is None:
        planned.run.update(status=journal.DONE)
    return Outcome(planned, applied, approved=True, forgotten=forgotten)


def _destroy_with(context: Context, chosen: LayerOptions, approved: Planned, taken: Planned) -> Planned:
    """Plan the destruction again with what was taken over.

    Raises:
        HptfError: if it does more than was approved.
    """
    approved.run.update(status=journal.DONE)
    planned = planner.plan(context, chosen, destroy=True)
    allowed = {item.address for item in taken.prepared.adoptions}
    allowed |= {change.address for change in approved.plan.changes()} if approved.plan is not None else set()
    changes = planned.plan.changes() if planned.plan is not None else ()
    more = [change.address for change in changes if change.address not in allowed]
    if more:
        raise HptfError(
            f"this would now destroy more than was approved: {', '.join(more)}",
            hint="repeat the command and look again",
        )
    return planned
