"""Plan a set of layers as one Terraform run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hp_tf.errors import BadInput
from hp_tf.findings import Allowance, Finding
from hp_tf.planning import (
    dropped,
    endpoint_barrier,
    imports,
    installed,
    invoking,
    positions,
    selection,
    stages,
)
from hp_tf.planning.imports import Adoption
from hp_tf.planning.prepared import Prepared, prepare
from hp_tf.planning.purchases import Bought, bought
from hp_tf.planning.repeated import hidden
from hp_tf.planning.root import Selection
from hp_tf.planning.saved_plan import file_digest
from hp_tf.planning.selection import LayerOptions
from hp_tf.planning.stages import Stages
from hp_tf.planning.states import (
    concerned_by,
    live_layers,
    outputs_of,
    providers_of,
    read_states,
    talks_to_cluster,
)
from hp_tf.run import journal
from hp_tf.run.context import Context
from hp_tf.run.journal import Run
from hp_tf.state.backend import Backend
from hp_tf.state.session import StateSession
from hp_tf.state.snapshot import Reading
from hp_tf.terraform import commands, init
from hp_tf.terraform.commands import Invocation
from hp_tf.terraform.creations import creations
from hp_tf.terraform.events import Diagnostic
from hp_tf.terraform.failures import TerraformFailed
from hp_tf.terraform.plan import Plan


@dataclass(frozen=True)
class Planned:
    """A plan somebody can look at and apply.

    Attributes:
        kind: apply, destroy, or import: a part of an apply that takes resources over.
        has_changes: whether applying it would do anything.
        plan: None where nothing would change.
        plan_file: what Terraform saved.
        warnings: what Terraform warned of.
        gone: addresses of what somebody deleted.
        stages: how it would be applied.
        later: layers of the set that this plan leaves out, because they can be read only after it is applied.
        findings: what blocks, needs consent or is worth knowing.
        allowances: what of that is allowed, by the file and, in an apply, by options.
        bought: what there will be to pay for by the hour, of all kinds of things that it makes or changes.
        lock_file: digest of the provider lock file it was made with.
    """

    prepared: Prepared
    run: Run
    kind: str
    plan: Plan | None
    plan_file: Path
    stages: Stages
    has_changes: bool
    warnings: tuple[Diagnostic, ...] = ()
    gone: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    allowances: tuple[Allowance, ...] = ()
    bought: tuple[Bought, ...] = ()
    lock_file: str = ""


def read(context: Context, chosen: LayerOptions) -> Reading:
    """Return the states of all layers. Takes no lock; waits while somebody writes what a plan of the set is about."""

    def concerned(live: frozenset[str]) -> frozenset[str]:
        return concerned_by(context, _members(context, chosen, live))

    return read_states(context, concerned)[0]


def _members(context: Context, chosen: LayerOptions, live: frozenset[str]) -> Selection:
    return selection.choose(context.environment, context.wiring, context.contracts, live, chosen)


def plan(
    context: Context,
    chosen: LayerOptions,
    *,
    destroy: bool = False,
    adoptions: Sequence[Adoption] = (),
    targets: Sequence[str] = (),
    states: Reading | None = None,
    values: bool = True,
) -> Planned:
    """Plan a set. Takes no lock in the store; refuses while somebody writes there.

    Args:
        targets: only these addresses, and what they depend upon.
        states: of all layers; read here if not given.
        values: whether the planned values are wanted even where everything is new. Reading them back starts the
            providers again; that something is created, and where, is in Terraform's event stream.
    """
    reading = states if states is not None else read(context, chosen)
    live = live_layers(reading.states)
    members = _members(context, chosen, live)
    if destroy:
        members = _destroyable(context, members, reading, live)
    reading = reading.about(concerned_by(context, members))
    run = journal.begin(context.work, context.home, "destroy" if destroy else "plan", members.all)
    inside = endpoint_barrier.inside(members, context.contracts, reading.states)
    before = None if destroy else endpoint_barrier.before(members, context.wiring, inside)
    with context.stop.at_once():
        prepared = prepare(context, members, reading, live, adoptions=adoptions, destroying=destroy)
        cut = Stages((members.present,))
        if not destroy:
            cut = stages.cut(
                members.present, context.wiring, context.contracts, live=live, nodes_running=context.nodes_running
            )
    try:
        with context.stop.at_once():
            installed.refuse_unread(context, inside, reading.states, before.present if before is not None else ())
        # Whether the endpoint stays known is a planned value, and so is a release's name.
        seen = values or before is not None or installed.may_meet(context, members.present, reading.states)
        planned = plan_prepared(context, prepared, run, cut, destroy=destroy, targets=targets, values=seen)
    except (TerraformFailed, installed.Unreachable) as error:
        part = None
        if before is not None and endpoint_barrier.may_be_why(error, inside):
            part = _before_barrier(context, before, members, prepared, run)
        if part is None:
            raise
        return part
    if before is not None and endpoint_barrier.raised(planned.plan, context.wiring):
        return _before_barrier(context, before, members, prepared, run) or planned
    if not targets:
        leaving = members.all if destroy else members.leaving
        installed.refuse_forgotten(context, planned.plan, members.all, reading.states, leaving)
    return planned


def plan_prepared(
    context: Context,
    prepared: Prepared,
    run: Run,
    cut: Stages,
    *,
    destroy: bool = False,
    targets: Sequence[str] = (),
    name: str = "plan",
    values: bool = True,
) -> Planned:
    """Run ``terraform plan`` over a prepared set.

    Args:
        name: of the plan file and its log, for a run that plans more than once.
    """
    plan_file = run.path / f"{name}.tfplan"
    context.ui.begin("planning")
    with reading_backend(context, prepared, run) as (invocation, sources):
        layers = [context.contracts[layer] for layer in prepared.members.present]
        said = dropped.findings(replace(invocation, on_event=None), layers, context.target.reattached)
        try:
            result = commands.plan(invocation, out=plan_file, destroy=destroy, targets=targets, name=name)
        except TerraformFailed as error:
            if not error.needs_init:
                raise
            init.forget(prepared.folder)
            invoking.initialise(invocation)
            # What was installed now, Terraform starts itself.
            invocation = replace(invocation, providers=None)
            result = commands.plan(invocation, out=plan_file, destroy=destroy, targets=targets, name=name)
    shown: Plan | None = None
    if result.has_changes and not values and len(cut.layers) == 1:
        shown = creations(result.planned)
    if result.has_changes and shown is None:
        shown = hidden(commands.show(replace(invocation, on_event=None), plan_file), context.resource_types)
    imports.check(prepared.adoptions, shown, prepared.reading.states, product=context.terraform.product)
    better = positions.orders(shown, context.contracts) if not prepared.orders else {}
    if better:
        again = prepare(
            context,
            prepared.members,
            prepared.reading,
            prepared.live,
            adoptions=prepared.adoptions,
            lists=prepared.lists,
            orders=better,
        )
        return plan_prepared(context, again, run, cut, targets=targets, name=f"{name}-in-order")
    kind = "destroy" if destroy else "import" if targets else "apply"
    planned = _planned(context, prepared, run, kind, shown, result.has_changes, plan_file, cut, sources)
    return replace(
        planned,
        findings=said,
        warnings=tuple(item for item in result.diagnostics if item.severity == "warning"),
        gone=tuple(sorted(item.resource.address for item in result.drift if item.resource and item.action == "delete")),
    )


def show_kept(context: Context, prepared: Prepared, run: Run, plan_file: Path, cut: Stages, *, kind: str) -> Planned:
    """Return a plan that was kept, as it was made."""
    with reading_backend(context, prepared, run) as (invocation, sources):
        shown = hidden(commands.show(replace(invocation, on_event=None), plan_file), context.resource_types)
    return _planned(context, prepared, run, kind, shown, shown.acts, plan_file, cut, sources)


def _planned(
    context: Context,
    prepared: Prepared,
    run: Run,
    kind: str,
    plan: Plan | None,
    has_changes: bool,
    plan_file: Path,
    cut: Stages,
    sources: tuple[str, ...],
) -> Planned:
    lock_file = file_digest(prepared.folder / init.LOCK_FILE)
    paid = bought(context, prepared.members.present, plan) if kind != "destroy" else ()
    return Planned(
        prepared, run, kind, plan, plan_file, cut, has_changes, sources=sources, lock_file=lock_file, bought=paid
    )


@contextmanager
def reading_backend(context: Context, prepared: Prepared, run: Run) -> Iterator[tuple[Invocation, tuple[str, ...]]]:
    """Serve a prepared set's states for reading, in an initialised root; give how Terraform is run there."""
    session = StateSession(
        context.environment.id,
        prepared.members.all,
        context.store,
        run.path,
        read_only=True,
        reading=prepared.reading,
        order=prepared.order,
    )
    # Terraform hides what the backend says of states that cannot be joined: let that be said here.
    session.merged()
    with Backend(session) as backend:
        yield invoking.invoke(context, prepared.folder, prepared.root, run, backend.environ())


def provider_schemas(context: Context, planned: Planned) -> Mapping[str, Any]:
    """Return the schemas of a root's providers."""
    with reading_backend(context, planned.prepared, planned.run) as (invocation, _):
        return commands.providers_schema(replace(invocation, on_event=None))


def _before_barrier(context: Context, before: Selection, whole: Selection, taken: Prepared, run: Run) -> Planned | None:
    """Plan what comes before the cluster's endpoint; None unless that makes the endpoint unknown."""
    prepared = prepare(context, before, taken.reading, taken.live, adoptions=taken.adoptions)
    planned = plan_prepared(context, prepared, run, Stages((before.present,)), name="plan-before-endpoint")
    if not endpoint_barrier.raised(planned.plan, context.wiring):
        return None
    return replace(planned, later=tuple(name for name in whole.all if name not in before.all))


def _destroyable(context: Context, members: Selection, reading: Reading, live: frozenset[str]) -> Selection:
    """Return what of a set there is to destroy, and what that needs to be planned."""
    wrong = selection.existing_ones_destroyed(members, context.command_line)
    members = Selection(tuple(name for name in members.present if name in live), members.leaving)
    if not wrong:
        states = reading.states
        wrong = selection.consumers_that_stay(context.wiring, context.contracts, members, states, destroy=True)
    if wrong:
        raise BadInput(wrong)
    providers = providers_of(reading, members)
    return selection.with_silent_producers(
        members,
        context.wiring,
        context.contracts,
        live=live,
        kubernetes=lambda present: talks_to_cluster(context, present, providers),
        outputs=outputs_of(context, reading, destroying=True),
        lookup=context.lookup,
    )
