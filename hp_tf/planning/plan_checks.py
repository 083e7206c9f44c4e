"""Judge a plan before it is applied: what has to be asked for by name, and what cannot be done at all."""

from __future__ import annotations

from collections.abc import Collection

from hp_tf.errors import BadInput, Problem
from hp_tf.planning import endpoint_barrier, list_elements, selection
from hp_tf.planning.planner import Planned
from hp_tf.planning.selection import Selection
from hp_tf.run.context import Context
from hp_tf.terraform.plan import cut_off, protected


def check(context: Context, planned: Planned, chosen: Selection, allowed: Collection[str]) -> None:
    """Refuse a plan that does what must be asked for by name.

    Raises:
        BadInput: with everything refused, at once.
    """
    prepared = planned.prepared
    selection.refuse_leaving(prepared.members, chosen)
    selection.refuse_live_consumers(
        context.wiring, context.contracts, prepared.members, prepared.reading.states, destroy=False
    )
    refuse_idle(planned, chosen, allowed)
    if planned.plan is None:
        return
    refused = [address for address in deleted_for_good(context, planned) if address not in allowed]
    if refused:
        half_made = _half_made(planned)
        raise BadInput([_needs_permission(address, half_made=address in half_made) for address in refused])
    impossible = refusals(context, planned)
    if impossible:
        raise BadInput(impossible)
    left_out = consumers_left_out(context, planned)
    if left_out:
        raise BadInput(left_out)


def _half_made(planned: Planned) -> set[str]:
    return {change.address for change in planned.plan.changes() if cut_off(change)} if planned.plan else set()


def _needs_permission(address: str, *, half_made: bool) -> Problem:
    if half_made:
        return Problem(
            f"{address} would be replaced: its creation was cut off, and Terraform cannot know how it ended",
            remedy=f"if it is there and well, add --keep '{address}'; to make it anew, add --allow-destroy '{address}'",
        )
    return Problem(
        f"{address} would be deleted or replaced", remedy=f"if that is meant, add --allow-destroy '{address}'"
    )


def deleted_for_good(context: Context, planned: Planned) -> list[str]:
    """Return the addresses of protected resources that a plan deletes or replaces."""
    types = [item.type for item in context.resource_types.values() if item.protected]
    return protected(planned.plan, types) if planned.plan is not None else []


def permissions(context: Context, planned: Planned) -> tuple[str, ...]:
    """Return what an apply of a plan must be told to do it, as sentences for whoever reviews the plan."""
    options = [f"--remove-layer {name}" for name in planned.prepared.members.leaving]
    destroyed, half_made = deleted_for_good(context, planned), _half_made(planned)
    options += [f"--allow-destroy '{address}'" for address in destroyed if address not in half_made]
    said = [f"apply does this only with {' '.join(options)}"] if options and planned.kind != "destroy" else []
    kept = [_needs_permission(address, half_made=True) for address in destroyed if address in half_made]
    return (*said, *list_elements.notes(kept))


def refusals(context: Context, planned: Planned) -> list[Problem]:
    """Return the updates of a plan that the service would refuse, or that would do something else."""
    return list_elements.refusals(planned.plan, planned.reordered, context.contracts)


def refuse_idle(planned: Planned, chosen: Selection, allowed: Collection[str]) -> None:
    """Raise BadInput for a permission that nothing in the plan asks for.

    A plan that a barrier cuts says nothing of what comes after it.
    """
    changes = planned.plan.resource_changes if planned.plan is not None else ()
    destroyed = {change.address for change in changes if change.action.destroys}
    staying = sorted(chosen.remove - set(planned.prepared.members.leaving))
    idle = sorted(set(allowed) - destroyed)
    problems = [
        Problem(
            f"--remove-layer {name}: no layer of this name leaves the environment in this run",
            remedy=f"to let it leave, disable {name} in the file, or describe it under layers.{name}.existing",
        )
        for name in staying
    ]
    problems += [
        Problem(
            f"--allow-destroy {address}: the plan neither deletes nor replaces it",
            remedy="give the address as the plan shows it, or leave the option out",
        )
        for address in idle
    ]
    if problems and not planned.later:
        raise BadInput(problems)


def consumers_left_out(context: Context, planned: Planned) -> list[Problem]:
    """Return a problem for every consumed output that changes while a consumer with resources stays out.

    What is in a cluster that is made anew is gone with it, and comes again after it: nothing is left out there.
    """
    if planned.plan is None:
        return []
    prepared = planned.prepared
    states = prepared.reading.states
    gone = [
        name for name in planned.later if endpoint_barrier.goes_with_cluster(context.contracts[name], states.get(name))
    ]
    changed = {
        tuple(name.split("__", 1))
        for name, change in planned.plan.outputs.items()
        if change.get("actions") not in (["no-op"], [])
    }
    found = {
        (f"{edge.producer}.{edge.output}", edge.consumer)
        for edge in context.wiring.edges
        if (edge.producer, edge.output) in changed
        and edge.consumer in prepared.live
        and edge.consumer not in (*prepared.members.all, *gone)
    }
    return [_left_out(context, planned, name, consumer) for name, consumer in sorted(found)]


def _left_out(context: Context, planned: Planned, name: str, consumer: str) -> Problem:
    if consumer not in planned.later:
        return Problem(
            f"output {name} changes, and layer '{consumer}', which uses it, is not part of this run",
            remedy=f"add --layer {consumer}",
        )
    live = [layer for layer in (consumer, *context.wiring.downstream(consumer)) if layer in planned.prepared.live]
    layers = [word for layer in live for word in ("--layer", layer)]
    return Problem(
        f"layer '{consumer}' has resources made with {name}: they would stay attached to a cluster that is deleted",
        remedy=f"destroy them first: {context.asked.again('destroy', *layers)}",
    )
