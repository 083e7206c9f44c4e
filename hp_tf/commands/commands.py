"""What the commands do, for the CLI to call: plan, apply, destroy, output."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hp_tf.addresses import layer_of
from hp_tf.applying import applier
from hp_tf.applying.applier import Applied
from hp_tf.environment.messages.words import no_layer
from hp_tf.errors import BadInput, HptfError
from hp_tf.planning import list_elements, plan_checks, planner, saved_plan, stages
from hp_tf.planning.planner import Planned
from hp_tf.planning.root import Adoption, Members
from hp_tf.planning.saved_plan import SavedPlan
from hp_tf.planning.selection import Selection
from hp_tf.planning.states import read_states
from hp_tf.recovery import adoption, gone_cluster, orphans, untaint
from hp_tf.run import journal
from hp_tf.run.context import Context, Resting
from hp_tf.run.stand_ins import VARIABLE
from hp_tf.state import document
from hp_tf.state.snapshot import Reading
from hp_tf.terraform import init

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


def plan(
    context: Context,
    chosen: Selection,
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
    planned = adoption.plan(context, chosen, lost, values=values or bool(lost) or bool(chosen.layers), states=states)
    planned = _with_deletions(context, planned)
    refused = [*plan_checks.consumers_left_out(context, planned), *plan_checks.refusals(context, planned)]
    planned = replace(planned, notes=(*planned.notes, *list_elements.notes(refused)))
    if out is not None:
        lock_file = planned.prepared.folder / init.LOCK_FILE
        saved_plan.write(_saved(context, planned), planned.plan_file, lock_file, out)
    return planned


def review(context: Context, chosen: Selection, *, out: Path | None = None, values: bool = True) -> Planned:
    """Plan a set for people to look at; the run ends here. ``values`` as for ``planner.plan``."""
    planned = plan(context, chosen, out=out, values=values)
    planned.run.update(status=journal.DONE)
    return replace(planned, notes=(*planned.notes, *plan_checks.permissions(context, planned)))


def apply(
    context: Context,
    chosen: Selection,
    *,
    approve: Approve,
    allow_destroy: Collection[str] = (),
    kept: Path | None = None,
    values: bool = False,
    keep: Collection[str] = (),
) -> Outcome:
    """Plan (or take a kept plan), ask, and carry it out.

    Args:
        allow_destroy: addresses of protected resources that may be deleted or replaced.
        kept: the folder of a plan made before.
        values: as for ``planner.plan``.
        keep: addresses of resources whose creation was cut off: the plan takes them for whole, and so do the states
            once it is approved.
    """
    untainted = untaint.find_tainted(context, keep, read_states(context)[0]) if keep else None
    if kept is not None:
        planned = _kept(context, kept)
    elif untainted is not None:
        planned = plan(context, chosen, values=values, states=untainted.reading)
    else:
        planned = plan(context, chosen, values=values)
    plan_checks.check(context, planned, chosen, allow_destroy)
    notes = untainted.notes if untainted is not None else ()
    if (planned.has_changes or notes) and not approve(replace(planned, notes=(*planned.notes, *notes))):
        planned.run.update(status=journal.DONE)
        return Outcome(planned, None, approved=False)
    if untainted is not None:
        untaint.keep(context, untainted)
    if not planned.has_changes:
        applier.record_done(context, planned)
        _settle(context, planned)
        return Outcome(planned, None, approved=True)
    applied = applier.apply(context, planned)
    if kept is not None:
        saved_plan.consume(kept)
    _settle(context, planned)
    return Outcome(planned, applied, approved=True)


def destroy(context: Context, chosen: Selection, *, approve: Approve) -> Outcome:
    """Destroy a set, consumers first, with what interrupted runs lost of it. Nothing is done before it is approved."""
    journal.prune(context.work)
    states, _ = read_states(context)
    gone = gone_cluster.find_gone(context, chosen, states)
    if gone is not None:
        states = gone.reading
    taking = adoption.plan_alone(context, chosen, states)
    planned = planner.plan(context, chosen, destroy=True, states=states)
    notes = []
    if gone is not None:
        notes += [f"the {gone.what} is gone, and {address} with it: it will be forgotten" for address in gone.addresses]
    if taking is not None:
        notes += [
            f"{item.address} ({item.import_id}), lost by an earlier run, is taken over first and destroyed as well"
            for item in taking.prepared.adoptions
        ]
    planned = replace(planned, notes=(*planned.notes, *notes))
    if not planned.has_changes and not notes:
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
    orphans.drop_unclaimed(context, chosen.layers or tuple(context.contracts))
    if not planned.has_changes:
        planned.run.update(status=journal.DONE)
        return Outcome(planned, None, approved=True, forgotten=forgotten)
    return Outcome(planned, applier.apply(context, planned), approved=True, forgotten=forgotten)


def outputs(resting: Resting, layer: str | None = None) -> dict[str, dict[str, Any]]:
    """Return the outputs at rest, by layer and name.

    Raises:
        BadInput: for a layer there is not.
        HptfError: for one that is not applied.
    """
    if layer is not None and layer not in resting.contracts:
        raise BadInput([no_layer(layer, resting.contracts)])
    names = [layer] if layer is not None else list(resting.wiring.order)
    states = resting.store.read_all(names)
    found = {
        name: {key: item.value for key, item in document.outputs(states[name]).items() if not item.sensitive}
        for name in names
        if states[name] is not None
    }
    if layer is not None and not found.get(layer):
        raise _not_applied(resting, layer)
    return found


def _not_applied(resting: Resting, layer: str) -> HptfError:
    environment = resting.environment
    mode = environment.layers[layer].mode if layer in environment.layers else "disabled"
    if mode == "created":
        return HptfError(
            f"layer '{layer}' of {environment.id} is not applied, so it has no outputs",
            hint=resting.asked.again("apply", "--layer", layer),
        )
    given = f"its outputs are those under layers.{layer}.existing" if mode == "existing" else None
    return HptfError(f"layer '{layer}' is {mode} in {environment.id}: hptf keeps no outputs of it", hint=given)


def _destroy_with(context: Context, chosen: Selection, approved: Planned, taken: Planned) -> Planned:
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


def _settle(context: Context, planned: Planned) -> None:
    members = planned.prepared.members
    whole = set(context.wiring.order) <= set(members.present)
    orphans.drop_unclaimed(context, tuple(context.contracts) if whole else members.all)


def _saved(context: Context, planned: Planned) -> SavedPlan:
    prepared = planned.prepared
    return SavedPlan(
        environment=context.environment.id,
        target=context.target.description,
        kind=planned.kind,
        present=prepared.members.present,
        leaving=dict(prepared.members.leaving),
        stages=planned.stages.layers,
        reason=planned.stages.reason,
        root=prepared.digest,
        lock_file=planned.lock_file,
        plan=saved_plan.file_digest(planned.plan_file),
        snapshot=prepared.reading.snapshot,
        terraform=str(context.terraform),
        adoptions=tuple((item.address, item.import_id) for item in prepared.adoptions),
        lost=tuple((item.address, item.run) for item in orphans.recorded(context)),
        later=planned.later,
        stand_ins=context.target.reattached,
    )


def _kept(context: Context, folder: Path) -> Planned:
    """Return a kept plan, checked against the environment, modules, values and states of now."""
    kept = saved_plan.read(folder)
    concerned = kept.snapshot.versions.keys()
    reading, live = read_states(context, lambda live: concerned)
    reading = reading.about(concerned)
    wrong = []
    if kept.environment != context.environment.id:
        wrong.append(f"it is for environment {kept.environment}")
    if kept.target != context.target.description:
        wrong.append(f"it is for {kept.target}, this run acts on {context.target.description}")
    if kept.terraform != str(context.terraform):
        wrong.append(f"it was made by {kept.terraform}, this is {context.terraform}")
    if kept.stand_ins != context.target.reattached:
        wrong.append(f"other providers are stand-ins now (see {VARIABLE})")
    if wrong:
        raise HptfError(f"the plan in {folder} cannot be applied here: {'; '.join(wrong)}", hint="plan again")
    moved = kept.snapshot.differences(reading.snapshot)
    if moved:
        raise HptfError(
            f"the states changed since the plan in {folder} was made: {'; '.join(moved)}", hint="plan again and review"
        )
    members = Members(
        kept.present, {name: "forget" if how == "forget" else "destroy" for name, how in kept.leaving.items()}
    )
    again = [
        item.address
        for item in orphans.recorded(context)
        if layer_of(item.address) in members.all and (item.address, item.run) not in kept.lost
    ]
    if again:
        raise HptfError(
            f"an interrupted run made {', '.join(again)}, or was making it, after the plan in {folder} was made",
            hint="plan again: the new plan takes over what of it exists",
        )
    adoptions = [Adoption(address, identity) for address, identity in kept.adoptions]
    run = journal.begin(context.work, context.home, kept.kind, members.all)
    prepared = planner.prepare(
        context,
        members,
        reading,
        live,
        adoptions=adoptions,
        destroying=kept.kind == "destroy",
        lock_file=folder / saved_plan.LOCK,
    )
    if prepared.digest != kept.root:
        raise HptfError(
            f"the environment, a module or a chart changed since the plan in {folder} was made", hint="plan again"
        )
    shown = planner.show_kept(
        context,
        prepared,
        run,
        (folder / saved_plan.PLAN).absolute(),
        stages.Stages(kept.stages, kept.reason),
        kind=kept.kind,
    )
    return _with_deletions(context, replace(shown, later=kept.later))


def _with_deletions(context: Context, planned: Planned) -> Planned:
    return replace(planned, notes=(*planned.notes, *list_elements.deletions(planned.plan, context.contracts)))
