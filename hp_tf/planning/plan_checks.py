"""What there is to say of a plan before it is applied: what blocks it, what must be allowed, what is worth knowing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hp_tf import codes
from hp_tf.findings import Finding
from hp_tf.planning import (
    cluster_endpoint,
    endpoint_barrier,
    judged,
    kept,
    kept_objects,
    list_elements,
    selection,
    still_named,
)
from hp_tf.planning.planner import Planned
from hp_tf.run.context import Context
from hp_tf.terraform.plan import cut_off, protected


def findings(context: Context, planned: Planned, failed: Mapping[str, str] | None = None) -> tuple[Finding, ...]:
    """Return everything there is to say of a plan that brings an environment to what its file says.

    Args:
        failed: of creations that were cut off, what the service says of those that failed, by address.
    """
    prepared = planned.prepared
    members, states = prepared.members, prepared.reading.states
    return (
        *selection.leaving(members),
        *selection.consumers_that_stay(context.wiring, context.contracts, members, states, destroy=False),
        *_destroyed(context, planned, failed or {}),
        *refusals(context, planned),
        *_consumers_left_out(context, planned),
        *cluster_endpoint.private_to_be(context, members.present, prepared.live),
        *endpoint_barrier.cut(context.wiring, planned.later),
        *list_elements.losses(planned.plan, context.contracts),
        *kept_objects.findings(context, planned),
        *still_named.findings(planned.plan),
        *kept.findings(context, planned),
        *judged.findings(planned.plan, context.contracts, context.resource_types, _caller(context)),
    )


def _caller(context: Context) -> str | None:
    """The ARN of the role that the file says to take up."""
    role = context.environment.aws.assume_role
    return None if role is None else str(role.role_arn)


def unsafe(context: Context) -> list[Finding]:
    """Return what makes the store no good place; that of an emulator is gone with it anyway."""
    if context.target.emulator is not None:
        return []
    place, way = context.store.describe(), context.command_line.of("state init")
    return [codes.STORE_UNSAFE.about(place, text, way) for text in context.store.shortcomings()]


def refusals(context: Context, planned: Planned) -> list[Finding]:
    """Return the updates of a plan that the service would refuse, or that would do something else."""
    return list_elements.refusals(planned.plan, context.contracts)


def _destroyed(context: Context, planned: Planned, failed: Mapping[str, str]) -> Iterator[Finding]:
    """Protected resources that a plan deletes or replaces."""
    if planned.plan is None:
        return
    types = [item.type for item in context.resource_types.values() if item.protected]
    half_made = {change.address for change in planned.plan.changes() if cut_off(change)}
    goes = {change.address: judged.lost(change, context.resource_types) for change in planned.plan.changes()}
    for address in protected(planned.plan, types):
        if address in failed:
            yield codes.PROTECTED_DESTROYED.about(
                address,
                f"{address} would be made anew: its creation was cut off, and AWS says of it: {failed[address]}",
                f"to have it made anew, apply with --allow-destroy '{address}'",
            )
        elif address in half_made:
            yield codes.CREATION_CUT_OFF.about(
                address,
                f"{address} would be replaced: its creation was cut off, and Terraform cannot know how it ended",
                f"if it is well, apply with --keep '{address}'; "
                f"to make it anew, apply with --allow-destroy '{address}'",
            )
        else:
            yield codes.PROTECTED_DESTROYED.about(
                address,
                f"{address} would be deleted or replaced{f', and with it {goes[address]}' if goes[address] else ''}",
                f"if that is meant, apply with --allow-destroy '{address}'",
            )


def _consumers_left_out(context: Context, planned: Planned) -> list[Finding]:
    """Consumed outputs that change while a consumer with resources stays out.

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


def _left_out(context: Context, planned: Planned, name: str, consumer: str) -> Finding:
    if consumer not in planned.later:
        return codes.CONSUMER_LEFT_OUT.about(
            consumer,
            f"output {name} changes, and layer '{consumer}', which uses it, is not part of this run",
            f"add --layer {consumer}",
        )
    live = [layer for layer in (consumer, *context.wiring.downstream(consumer)) if layer in planned.prepared.live]
    layers = [word for layer in live for word in ("--layer", layer)]
    return codes.CONSUMER_LEFT_ATTACHED.about(
        consumer,
        f"layer '{consumer}' has resources made with {name}: they would stay attached to a cluster that is deleted",
        f"destroy them first: {context.command_line.of('destroy', *layers)}",
    )
