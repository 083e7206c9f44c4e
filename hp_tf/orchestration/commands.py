"""What the commands do, for the CLI to call: plan, apply, destroy, output."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hp_tf.aws.identity import import_string
from hp_tf.environment.model import Environment
from hp_tf.environment.words import no_layer
from hp_tf.errors import BadInput, HptfError
from hp_tf.orchestration import applying, bundle, journal, kubernetes, planning, recovery, stages
from hp_tf.orchestration.applying import Applied
from hp_tf.orchestration.bundle import Bundle
from hp_tf.orchestration.context import Context, Resting
from hp_tf.orchestration.planning import Planned
from hp_tf.orchestration.roots import Adoption, Members
from hp_tf.orchestration.sets import Selection
from hp_tf.state import document
from hp_tf.terraform import init

Approve = Callable[[Planned], bool]
_SEARCHES = 4


@dataclass(frozen=True)
class Outcome:
    """How an apply or destroy went: ``applied`` is None where there was nothing to do or it was not approved."""

    planned: Planned
    applied: Applied | None
    approved: bool


def plan(
    context: Context, chosen: Selection, *, out: Path | None = None, destroy: bool = False, values: bool = True
) -> Planned:
    """Plan a set, taking over what interrupted runs lost, and keep the plan if a folder is named.

    Parameters
    ----------
    values: as for ``planning.plan``.
    """
    if out is not None:
        bundle.check_folder(out)
    journal.prune(context.work)
    lost = recovery.pending(context)
    planned = planning.plan(
        context,
        chosen,
        destroy=destroy,
        adoptions=[] if destroy else recovery.adoptions(lost),
        values=values or bool(lost) or bool(chosen.layers),
    )
    if lost and not destroy:
        planned = _take_over(context, chosen, planned, lost)
    left_out = applying.consumers_left_out(context, planned)
    if left_out:
        notes = [
            f"output {name} changes, and layer {consumer}, which uses it, is left out" for name, consumer in left_out
        ]
        planned = replace(planned, notes=(*planned.notes, *notes))
    if out is not None:
        lock_file = planned.prepared.folder / init.LOCK_FILE
        bundle.write(_bundle(context, planned), planned.plan_file, lock_file, out)
    return planned


def review(context: Context, chosen: Selection, *, out: Path | None = None, values: bool = True) -> Planned:
    """Plan a set for people to look at; the run ends here. ``values`` as for ``planning.plan``."""
    planned = plan(context, chosen, out=out, values=values)
    planned.run.update(status=journal.DONE)
    return planned


def apply(
    context: Context,
    chosen: Selection,
    *,
    approve: Approve,
    allow_destroy: Collection[str] = (),
    kept: Path | None = None,
) -> Outcome:
    """Plan (or take a kept plan), ask, and carry it out.

    Parameters
    ----------
    allow_destroy: addresses of protected resources that may be deleted or replaced.
    kept: the folder of a plan made before.
    """
    planned = plan(context, chosen, values=False) if kept is None else _kept(context, kept)
    applying.check(context, planned, chosen, allow_destroy)
    if not planned.has_changes:
        applying.record_done(context, planned)
        return Outcome(planned, None, approved=True)
    if not approve(planned):
        planned.run.update(status=journal.DONE)
        return Outcome(planned, None, approved=False)
    applied = applying.apply(context, planned)
    if kept is not None:
        bundle.consume(kept)
    recovery.settle(context, _addresses(context, planned.prepared.members))
    return Outcome(planned, applied, approved=True)


def destroy(context: Context, chosen: Selection, *, approve: Approve) -> Outcome:
    """Destroy a set, consumers first."""
    _adopt_before_destroy(context)
    kubernetes.forget_what_died(context, chosen)
    planned = plan(context, chosen, destroy=True)
    if not planned.has_changes:
        planned.run.update(status=journal.DONE)
        return Outcome(planned, None, approved=True)
    if not approve(planned):
        planned.run.update(status=journal.DONE)
        return Outcome(planned, None, approved=False)
    return Outcome(planned, applying.apply(context, planned), approved=True)


def outputs(resting: Resting, layer: str | None = None) -> dict[str, dict[str, Any]]:
    """Return the outputs at rest, by layer and name.

    Raises BadInput for a layer there is not, HptfError for one that is not applied.
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
        raise _not_applied(resting.environment, layer)
    return found


def _not_applied(environment: Environment, layer: str) -> HptfError:
    mode = environment.layers[layer].mode if layer in environment.layers else "disabled"
    if mode == "created":
        return HptfError(
            f"layer '{layer}' of {environment.id} is not applied, so it has no outputs",
            hint=f"hptf apply {environment.id} --layer {layer}",
        )
    given = f"its outputs are those under layers.{layer}.existing" if mode == "existing" else None
    return HptfError(f"layer '{layer}' is {mode} in {environment.id}: hptf keeps no outputs of it", hint=given)


def _take_over(context: Context, chosen: Selection, planned: Planned, lost: list[recovery.Lost]) -> Planned:
    """Plan again with imports until nothing more of what was lost is found: each round makes more values known."""
    adoptions: list[Adoption] = list(planned.prepared.adoptions)
    known = _known_ids(planned)
    for _ in range(_SEARCHES):
        if planned.plan is None:
            break
        wanted = [*lost, *recovery.born_with(lost, planned.plan)]
        open_items = [item for item in wanted if item.address not in {adoption.address for adoption in adoptions}]
        found = recovery.search(context, open_items, planned.plan, known)
        if not found:
            break
        adoptions += found
        planned.run.update(status=journal.DONE)
        planned = planning.plan(context, chosen, adoptions=adoptions)
    return planned


def _adopt_before_destroy(context: Context) -> None:
    """Import what no state knows, so that the destroy that follows finds it."""
    lost = recovery.pending(context)
    if not lost:
        return
    planned = plan(context, Selection())
    targets = [adoption.address for adoption in planned.prepared.adoptions]
    planned.run.update(status=journal.DONE)
    if targets:
        context.ui.say(f"taking over {len(targets)} resources first, to destroy them with the rest")
        only = planning.plan(context, Selection(), adoptions=planned.prepared.adoptions, targets=targets)
        applying.apply(context, only)
    recovery.settle(context, {item.address for item in lost})


def _known_ids(planned: Planned) -> dict[str, set[str]]:
    known: dict[str, set[str]] = {}
    for state in planned.prepared.reading.states.values():
        for resource in (state or {}).get("resources", ()):
            for instance in resource.get("instances", ()) if resource.get("mode") == "managed" else ():
                identity = import_string(resource["type"], instance.get("attributes") or {})
                if identity is not None:
                    known.setdefault(resource["type"], set()).add(identity)
    return known


def _addresses(context: Context, members: Members) -> set[str]:
    states = context.store.read_all(members.all)
    return {address for state in states.values() for address, _, _ in document.addresses(state)}


def _bundle(context: Context, planned: Planned) -> Bundle:
    prepared = planned.prepared
    return Bundle(
        environment=context.environment.id,
        target=context.target.description,
        kind=planned.kind,
        present=prepared.members.present,
        leaving=dict(prepared.members.leaving),
        stages=planned.stages.layers,
        root=prepared.digest,
        lock_file=bundle.file_digest(prepared.folder / init.LOCK_FILE),
        plan=bundle.file_digest(planned.plan_file),
        snapshot=prepared.reading.snapshot,
        terraform=str(context.terraform),
        adoptions=tuple((item.address, item.import_id) for item in prepared.adoptions),
        later=planned.later,
    )


def _kept(context: Context, folder: Path) -> Planned:
    """Return a kept plan, checked against the environment, modules, values and states of now."""
    kept = bundle.read(folder)
    concerned = kept.snapshot.versions.keys()
    reading, live = planning.read_states(context, lambda live: concerned)
    reading = reading.about(concerned)
    wrong = []
    if kept.environment != context.environment.id:
        wrong.append(f"it is for environment {kept.environment}")
    if kept.target != context.target.description:
        wrong.append(f"it is for {kept.target}, this run acts on {context.target.description}")
    if kept.terraform != str(context.terraform):
        wrong.append(f"it was made by {kept.terraform}, this is {context.terraform}")
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
    adoptions = [Adoption(address, identity) for address, identity in kept.adoptions]
    run = journal.begin(context.work, kept.kind, members.all)
    prepared = planning.prepare(
        context,
        members,
        reading,
        live,
        adoptions=adoptions,
        destroying=kept.kind == "destroy",
        lock_file=folder / bundle.LOCK,
    )
    if prepared.digest != kept.root:
        raise HptfError(
            f"the environment, a module or a chart changed since the plan in {folder} was made", hint="plan again"
        )
    shown = planning.show_kept(
        context,
        prepared,
        run,
        (folder / bundle.PLAN).absolute(),
        stages.Stages(kept.stages),
        kind=kept.kind,
    )
    return replace(shown, later=kept.later)
