"""How much an apply did, as its event stream says: what was planned is no proof."""

from __future__ import annotations

from collections import Counter

from hp_tf.planning.planner import Planned
from hp_tf.terraform.commands import ApplyResult
from hp_tf.terraform.plan import Action, Counts


def done(planned: Planned, result: ApplyResult) -> Counts:
    """Return what an apply that ended well did. A replacement counts once.

    That something was forgotten has no event: an apply that ended well did it.
    """
    by_action: dict[str, Counter[str]] = {action: Counter() for action in ("create", "update", "delete")}
    for event in result.done:
        if event.resource is not None and event.action in by_action:
            by_action[event.action][event.resource.address] += 1
    made, deleted = by_action["create"], by_action["delete"]
    replaced = made & deleted
    changes = planned.plan.changes() if planned.plan is not None else ()
    return Counts(
        add=(made - replaced).total(),
        change=by_action["update"].total(),
        destroy=(deleted - replaced).total(),
        replace=replaced.total(),
        imported=result.change_summary.imported if result.change_summary is not None else 0,
        forget=sum(change.action is Action.FORGET for change in changes),
    )
