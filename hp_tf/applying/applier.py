"""Apply what was reviewed, and nothing else; write down every state; leave no lock behind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from hp_tf.applying import completion, counting, remedies
from hp_tf.applying.equivalence import Difference, compare
from hp_tf.errors import BadInput, HptfError, Interrupted
from hp_tf.files import make_private
from hp_tf.planning import installed, invoking, live_lists, plan_checks, planner
from hp_tf.planning.keyed import keyed
from hp_tf.planning.planner import Planned
from hp_tf.planning.prepared import prepare
from hp_tf.planning.root import Selection
from hp_tf.planning.saved_plan import file_digest
from hp_tf.planning.stages import Stages
from hp_tf.planning.states import live_layers
from hp_tf.recovery import orphans, untaint
from hp_tf.recovery.history import Orphan
from hp_tf.recovery.ledger import Book
from hp_tf.run import journal
from hp_tf.run.context import Context
from hp_tf.run.journal import Part, Run
from hp_tf.run.nodes import wait_for_nodes
from hp_tf.run.state_lock import CutOff, StateNotWritten, locked
from hp_tf.state import markers
from hp_tf.state.backend import Backend
from hp_tf.state.document import State
from hp_tf.state.session import StateSession, StrayResources
from hp_tf.state.snapshot import Reading, Snapshot
from hp_tf.terraform import commands, init
from hp_tf.terraform.commands import ApplyResult
from hp_tf.terraform.events import Event
from hp_tf.terraform.failures import TerraformEnded, TerraformFailed
from hp_tf.terraform.plan import Counts, Plan, operations
from hp_tf.terraform.process import OnEvent
from hp_tf.terraform.schema import unordered

NOTHING = Plan.load({"format_version": "1.0"})


@dataclass(frozen=True)
class Applied:
    """How an apply or destroy ended: its layers, how many stages ran, and what they did."""

    layers: tuple[str, ...]
    stages: int
    counts: Counts


def apply(context: Context, planned: Planned) -> Applied:
    """Carry out a reviewed plan, stage by stage.

    Raises BadInput or HptfError with the states written and the locks released; Interrupted if the user stopped it.
    """
    members, cut = planned.prepared.members, planned.stages
    installed.refuse_unread(context, members.all, planned.prepared.reading.states)
    run = planned.run.update(kind=planned.kind, layers=members.all)
    with locked(context, run, f"hptf {planned.kind} {context.environment.id}") as run:
        if not context.owner.require(context.store, context.command_line.of):
            context.owner.claim(context.store)
        # What was read outside the set must not have moved either.
        reading = planned.prepared.reading.snapshot.verify(context.store)
        for name in members.all if planned.kind == "destroy" else members.leaving:
            markers.keep_outputs(context.store, name, reading.states.get(name))
        if len(cut.layers) == 1:
            if cut.reason is not None:
                wait_for_nodes(context.nodes, context.stop, context.ui.say)
            _, counts = _stage(context, planned, run, reading, number=0)
        else:
            counts = _stages(context, planned, run, reading)
    return Applied(members.all, len(cut.layers), counts)


def record_done(context: Context, planned: Planned) -> None:
    """Note that the layers of a plan without changes are complete, where an earlier run could not."""
    states = planned.prepared.reading.states
    for name in planned.prepared.members.present:
        if not markers.complete(context.store, name, states.get(name)):
            markers.write(context.store, name, planned.run.id, states.get(name))
    planned.run.update(status=journal.DONE)


def _stage(
    context: Context, planned: Planned, run: Run, reading: Reading, *, number: int, name: str = "apply"
) -> tuple[Reading, Counts]:
    """Apply one saved plan over its set, and return the states after it, and what it did."""
    members = planned.prepared.members
    _refuse_unknown(planned.prepared.folder)
    moved = list(live_lists.moved(context, planned.plan, planned.prepared.lists, reading.states))
    if moved:
        raise BadInput(moved)
    folder = make_private(run.path / f"stage-{number + 1}")
    session = StateSession(
        context.environment.id,
        members.all,
        context.store,
        folder,
        reading=_part(reading, members.all),
        order=planned.prepared.order,
    )
    with Book(context.store, run, session, planned.plan, context.ui.say) as book:
        result = _run_terraform(context, planned, run, session, book, reading, name)
    if session.stray:
        raise StrayResources(session.stray)
    if result.finished.stops:
        raise Interrupted("stopped after the work that had begun was finished; the states are written")
    _look_for_releases(context, planned, run, reading.states, session.states)
    for layer in members.all if planned.kind != "import" else ():
        if planned.kind == "destroy" or layer in members.leaving:
            markers.remove(context.store, layer)
        else:
            markers.write(context.store, layer, run.id, session.states.get(layer))
    _refuse_unknown(planned.prepared.folder)
    states = {**reading.states, **session.states}
    return Reading(Snapshot.of(states), states), counting.done(planned, result)


def _run_terraform(
    context: Context, planned: Planned, run: Run, session: StateSession, book: Book, reading: Reading, name: str
) -> ApplyResult:
    """Run ``terraform apply``, and bring home all that it made, however it ended."""
    with Backend(session) as backend:
        folder = planned.prepared.folder
        invocation, _ = invoking.invoke(context, folder, planned.prepared.root, run, backend.environ())
        invocation = replace(invocation, on_event=_both(context.ui.event, book.event))
        part = Part(str(session.run_directory), str(folder), str(invocation.log(name)))
        record = journal.reload(run)
        record.update(parts=(*record.parts, part))
        due = operations(planned.plan)
        context.ui.begin("destroying" if planned.kind == "destroy" else "applying", due=due)
        try:
            result = commands.apply(invocation, planned.plan_file, name=name, destroying=planned.kind == "destroy")
        except BaseException as error:
            _bring_home(session, _left_by(error, backend, planned.prepared.folder))
            if session.stray:
                context.ui.say(str(StrayResources(session.stray)))
            if _was_cut_off(error, backend, part, session):
                raise CutOff(error, context.command_line) from error
            orphans.record_failed(context, book, part, session.states)
            if isinstance(error, HptfError):
                error.hint = error.hint or _after(context, error, session)
            if isinstance(error, TerraformFailed):
                completion.mark(context, planned, run, before=reading.states, after=session.states, error=error)
            raise
        # One that ended well has left no state in a file.
        _bring_home(session, None)
    if session.failed:
        raise _not_written(session, " ".join(sorted({error.message for error in session.failed_writes.values()})))
    return result


def _both(*listeners: OnEvent) -> OnEvent:
    def tell(event: Event) -> None:
        for listener in listeners:
            listener(event)

    return tell


def _after(context: Context, error: HptfError, session: StateSession) -> str:
    """What to do after an apply that failed, or stopped, by itself."""
    cut_off = untaint.made_anew(session.states, context.resource_types)
    if cut_off:
        # Going on would make it anew, and be refused.
        return f"what was done is written down; whether {', '.join(cut_off)} is well: {context.command_line.of('plan')}"
    again = "repeat the command to go on" if isinstance(error, Interrupted) else "mend the cause and repeat the command"
    known = remedies.advice(context.contracts, getattr(error, "diagnostics", ()))
    return "\n  ".join([f"what was done is written down; {again}", *([known] if known else [])])


def _look_for_releases(
    context: Context, planned: Planned, run: Run, before: Mapping[str, State | None], after: Mapping[str, State | None]
) -> None:
    """Raise HptfError unless the releases that were deleted are gone; the next command looks for what may be there."""
    states = {**before, **after}
    try:
        left = installed.left_behind(context, planned.plan, before, states)
    except HptfError:
        orphans.record(context, _as_lost(installed.deleted(context, planned.plan, before, states)), run)
        raise
    if left:
        orphans.record(context, _as_lost(left), run)
        raise HptfError(
            f"the helm provider could not read {installed.named(left)}, and deleted nothing: it is still there",
            hint="repeat the command: it is taken over first, and deleted then",
        )


def _as_lost(items: Iterable[installed.Held]) -> list[Orphan]:
    return [Orphan(item.address, item.type, None) for item in items]


def _was_cut_off(error: BaseException, backend: Backend, part: Part, session: StateSession) -> bool:
    """Whether a Terraform that failed ended without writing down all it had made: killed, hurried or crashed."""
    if isinstance(error, TerraformEnded) and (error.broke_off or error.finished.stops > 1):
        return True
    return backend.locked or session.failed or bool(orphans.of_run([part], session.states))


def _refuse_unknown(root: Path) -> None:
    """Raise HptfError for a state in a file that is none of this run's."""
    left = commands.errored_state(root)
    if left is not None:
        raise HptfError(
            f"another Terraform left a state in {left}, and no record says whose it is",
            hint="compare it with the states in the store, bring over what is missing, then move it away",
        )


def _left_by(error: BaseException, backend: Backend, root: Path) -> Path | None:
    """Return the state that a Terraform which failed left in a file; None if it left none.

    What lies there may be another's, an orphan's of an earlier run: it is this one's if Terraform says so, could not
    say so, or had a state refused.
    """
    ended = error if isinstance(error, TerraformEnded) else None
    unheard = ended is None or ended.broke_off
    said = ended is not None and commands.says_it_left_a_state(ended.finished.diagnostics)
    return commands.errored_state(root) if unheard or said or backend.refused else None


def _bring_home(session: StateSession, left: Path | None) -> None:
    """Bring to the store what is not there yet.

    Args:
        left: the file in which Terraform left a state that it could not send.

    Raises:
        StateNotWritten: if it cannot be, whatever the reason.
    """
    try:
        session.retry()
        if left is not None:
            session.accept_left(left.read_bytes())
            left.unlink()
    except BaseException as error:
        raise _not_written(session, error.message if isinstance(error, HptfError) else repr(error)) from error


def _not_written(session: StateSession, reason: str) -> StateNotWritten:
    return StateNotWritten(
        f"the states could not be written: {reason}",
        hint=f"they are kept in {session.run_directory}, and the locks are held for them; repeat the command when the "
        "store is back",
    )


def _part(reading: Reading, layers: tuple[str, ...]) -> Reading:
    states = {name: reading.states.get(name) for name in layers}
    return Reading(Snapshot.of(states), states)


def _stages(context: Context, planned: Planned, run: Run, reading: Reading) -> Counts:
    """Apply a plan that a barrier cuts: each stage is planned again with real values and compared with the review."""
    members, cut = planned.prepared.members, planned.stages
    lock_file = planned.prepared.folder / init.LOCK_FILE
    done: set[str] = set()
    finished: set[str] = set()
    counts = Counts()
    for number in range(len(cut.layers)):
        present = cut.cumulative(number)
        last = number == len(cut.layers) - 1
        part = Selection(present, members.leaving if last else {})
        context.ui.say(f"stage {number + 1} of {len(cut.layers)}: {', '.join(cut.layers[number])}")
        live = live_layers(reading.states)
        prepared = prepare(context, part, reading, live, adoptions=planned.prepared.adoptions, lock_file=lock_file)
        if file_digest(prepared.folder / init.LOCK_FILE) != planned.lock_file:
            raise _changed_since("the versions of providers", context)
        now = planner.plan_prepared(context, prepared, run, Stages((present,)), name=f"plan-stage-{number + 1}")
        if now.plan is not None:
            _hold_to_review(context, planned, now, done, finished)
            # What the last stage made may stand elsewhere in the list than the review knew.
            reviewed = {(item.code, item.subject) for item in planned.findings}
            impossible = [
                item for item in plan_checks.refusals(context, now) if (item.code, item.subject) not in reviewed
            ]
            if impossible:
                raise BadInput(impossible)
            changed = [name for name in present if prepared.modules[name] != planned.prepared.modules[name]]
            if changed:
                raise _changed_since(f"the modules of {', '.join(changed)}", context)
            reading, did = _stage(context, now, run, reading, number=number, name=f"apply-stage-{number + 1}")
            counts += did
            done |= {change.address for change in now.plan.changes() if change.acts}
        finished |= set(cut.layers[number])
        if not last:
            wait_for_nodes(context.nodes, context.stop, context.ui.say)
    return counts


def _changed_since(what: str, context: Context) -> HptfError:
    return HptfError(
        f"{what} changed since the plan was reviewed",
        hint=f"look at `{context.command_line.of('plan')}` and apply again",
    )


def _hold_to_review(
    context: Context, planned: Planned, now: Planned, done: Collection[str], finished: Collection[str]
) -> None:
    reviewed = planned.plan or NOTHING
    found: list[Difference] = compare(
        reviewed,
        now.plan or NOTHING,
        done=done,
        finished_layers=finished,
        unordered=unordered(planner.provider_schemas(context, now)),
        keyed=keyed(context.contracts),
    )
    if found:
        lines = "\n".join(f"  {item}" for item in found[:20])
        raise HptfError(
            f"this stage would do something else than what was reviewed:\n{lines}",
            hint=f"nothing of it was done; look at `{context.command_line.of('plan')}` and apply again",
        )
