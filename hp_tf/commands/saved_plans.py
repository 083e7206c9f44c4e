"""Plans that are kept for later: what of a plan is written down, and whether it still holds when it is applied."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from hp_tf.addresses import layer_of
from hp_tf.errors import HptfError
from hp_tf.planning import planner, saved_plan, stages
from hp_tf.planning.imports import Adoption
from hp_tf.planning.planner import Planned
from hp_tf.planning.prepared import prepare
from hp_tf.planning.root import Selection
from hp_tf.planning.saved_plan import SavedPlan
from hp_tf.planning.states import read_states
from hp_tf.recovery import orphans, untaint
from hp_tf.recovery.untaint import Untainted
from hp_tf.run import journal
from hp_tf.run.context import Context
from hp_tf.run.stand_ins import VARIABLE
from hp_tf.terraform import init


def keep(context: Context, planned: Planned, folder: Path, kept: Collection[str] = ()) -> None:
    """Write a plan into a folder.

    Args:
        kept: addresses that it takes for whole though their creation was cut off.

    Raises:
        BadInput: as `saved_plan.check_folder`.
    """
    lock_file = planned.prepared.folder / init.LOCK_FILE
    saved_plan.write(_saved(context, planned, kept), planned.plan_file, lock_file, folder)


def kept_by(context: Context, folder: Path) -> Untainted | None:
    """Return what a kept plan takes for whole though its creation was cut off, once it is in service.

    Raises:
        HptfError: if that failed meanwhile.
    """
    held = saved_plan.read(folder)
    if not held.kept:
        return None
    found = untaint.find(context, read_states(context)[0], layers=held.present, wait=True)
    missing = sorted(set(held.kept) - set(found.addresses if found is not None else ()))
    if missing:
        raise HptfError(
            f"the plan in {folder} keeps {', '.join(missing)}, and the creation of that has failed or was judged since",
            hint="plan again",
        )
    return found


def take(context: Context, folder: Path, untainted: Untainted | None = None) -> Planned:
    """Return a kept plan, checked against the environment, modules, values and states of now.

    Args:
        untainted: as `kept_by` gives it.

    Raises:
        HptfError: if it is not of this environment, or not of what there is now.
    """
    held = saved_plan.read(folder)
    concerned = held.snapshot.versions.keys()
    reading, live = read_states(context, lambda live: concerned)
    if untainted is not None:
        reading = untainted.reading
    reading = reading.about(concerned)
    wrong = []
    if held.environment != context.environment.id:
        wrong.append(f"it is for environment {held.environment}")
    if held.target != context.target.description:
        wrong.append(f"it is for {held.target}, this run acts on {context.target.description}")
    if held.terraform != str(context.terraform):
        wrong.append(f"it was made by {held.terraform}, this is {context.terraform}")
    if held.stand_ins != context.target.reattached:
        wrong.append(f"other providers are stand-ins now (see {VARIABLE})")
    if wrong:
        raise HptfError(f"the plan in {folder} cannot be applied here: {'; '.join(wrong)}", hint="plan again")
    moved = held.snapshot.differences(reading.snapshot)
    if moved:
        raise HptfError(
            f"the states changed since the plan in {folder} was made: {'; '.join(moved)}", hint="plan again and review"
        )
    members = Selection(
        held.present, {name: "forget" if how == "forget" else "destroy" for name, how in held.leaving.items()}
    )
    again = [
        item.address
        for item in orphans.recorded(context)
        if layer_of(item.address) in members.all and (item.address, item.run) not in held.lost
    ]
    if again:
        raise HptfError(
            f"an interrupted run made {', '.join(again)}, or was making it, after the plan in {folder} was made",
            hint="plan again: the new plan takes over what of it exists",
        )
    adoptions = [Adoption(address, identity) for address, identity in held.adoptions]
    run = journal.begin(context.work, context.home, held.kind, members.all)
    prepared = prepare(
        context,
        members,
        reading,
        live,
        adoptions=adoptions,
        destroying=held.kind == "destroy",
        lock_file=folder / saved_plan.LOCK,
        lists=held.lists,
        orders=held.orders,
    )
    if prepared.digest != held.root:
        raise HptfError(
            f"the environment, a module or a chart changed since the plan in {folder} was made", hint="plan again"
        )
    shown = planner.show_kept(
        context,
        prepared,
        run,
        (folder / saved_plan.PLAN).absolute(),
        stages.Stages(held.stages, held.reason),
        kind=held.kind,
    )
    return replace(shown, later=held.later, findings=held.findings)


def _saved(context: Context, planned: Planned, kept: Collection[str]) -> SavedPlan:
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
        findings=planned.findings,
        lists=prepared.lists,
        orders=prepared.orders,
        kept=tuple(kept),
    )
