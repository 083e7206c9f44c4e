"""After a crash: say what happened, bring every state to the store, and note what no state knows.

A run that was killed leaves its folder: the states Terraform sent, its event stream, the id of its locks.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from hp_tf.errors import HptfError, Interrupted
from hp_tf.recovery import ledger, orphans
from hp_tf.recovery.held import Held, States
from hp_tf.recovery.history import Orphan, read_history
from hp_tf.run import journal
from hp_tf.run.command_line import CommandLine
from hp_tf.run.context import Context
from hp_tf.run.journal import Part, Run
from hp_tf.state import document, recovery
from hp_tf.state.lock_set import LockSet
from hp_tf.state.locks import LockInfo
from hp_tf.state.session import StrayResources
from hp_tf.terraform import process

_WAIT_SECONDS = 900.0
# No emulator is this one.
_EMPTIED = "emptied"


def recover(context: Context) -> None:
    """Finish what killed runs of this environment left.

    Raises:
        HptfError: if another hptf is at work, if a run was about other states than this command, if a state cannot be
            brought home (the locks stay then), or, when all else is done, if a run made resources that belong to no
            layer.
    """
    for run in list(journal.unfinished(context.work)):
        if _at_work(run):
            continue
        if not run.parts:
            _free(context, run)
            if not run.home.elsewhere(context.home):
                ledger.drop_unfinished(context.store, run.id)
            run.update(status=journal.RECOVERED)
            continue
        if run.home.vanished(context.home):
            context.ui.say(f"the run {run.id} was about an embedded AWS that is gone, with all that it had made")
            _abandon(run)
            continue
        run.home.require(context.home, f"the run {run.id}, which was cut off,", run.path)
        context.ui.say(f"the run {run.id} was cut off while it worked on {', '.join(run.layers)}; finishing it")
        _wait_for_terraform(context, run)
        lost, stray = _finish(context, run)
        _name(context, lost)
        run.update(status=journal.RECOVERED)
        if stray:
            raise StrayResources(stray)
    _take_up(context)


def _name(context: Context, lost: Iterable[Orphan]) -> None:
    known = [item for item in lost if item.certain]
    for item in known:
        what = f"made as {item.id}" if item.id else "being made"
        context.ui.say(f"  {item.address} was {what} and is in no state")
    if known:
        context.ui.say("the next plan takes over what of this exists")


def _take_up(context: Context) -> None:
    """Take up what runs left that are dead and not on record here: another machine's, or one whose disk is lost."""
    here = {run.id for run in journal.unfinished(context.work)}
    for found in ledger.read_all(context.store):
        if found.run in here or not found.dead(context.store):
            continue
        with _locks(context, found.layers, LockInfo.new("OperationTypeApply", info=f"hptf recovery of {found.run}")):
            entry = ledger.read(context.store, found.run)
            if entry is None or entry.over:
                continue
            states = context.store.read_all(entry.layers)
            held = Held(states, entry.gone)
            lost = tuple(item for item in entry.lost if not held.has(item))
            _drop(context, states, lost, entry.absent)
            ledger.save(context.store, replace(entry, lock_id=None, lost=lost))
        context.ui.say(f"the run {entry.run} of {entry.by} ended while it worked on {', '.join(entry.layers)}")
        _name(context, lost)


def _drop(context: Context, states: States, lost: Iterable[Orphan], absent: Collection[tuple[str, str | None]]) -> None:
    """Take out of the states what is gone where something lost was begun in its place: an import needs the address.

    Under the locks of their layers.
    """
    places = {item.address for item in lost}
    gone = {(address, identity) for address, identity in absent if address in places}
    for layer, state in states.items():
        left = document.without(state, gone) if state is not None else None
        if left is not None and left is not state:
            context.store.write(layer, left)


@contextmanager
def _locks(context: Context, layers: Iterable[str], info: LockInfo) -> Iterator[None]:
    locks = LockSet(context.store, layers)
    locks.acquire(info, context.lock_wait, on_wait=context.say_waiting, stopped=lambda: context.stop.requested)
    with locks:
        yield


@contextmanager
def abandoning(work: Path) -> Iterator[None]:
    """Forget what killed runs left in an emulator that is stopped or emptied inside: all of it is gone.

    Their Terraforms end before, or they would make something in what comes after. What is about an account stays. A run
    that is at work still will fail, and is let go of then.
    """
    for run in _of_emulators(work):
        if not _at_work(run):
            _end(run)
    yield
    for run in _of_emulators(work):
        if _at_work(run):
            run.update(home=replace(run.home, emulator=_EMPTIED))
        else:
            _abandon(run)
    theirs = {_left_by(part) for run in journal.unfinished(work) for part in run.parts}
    for left in set(work.glob("root-*/errored.tfstate")) - theirs:
        left.unlink()


def _of_emulators(work: Path) -> list[Run]:
    return [run for run in journal.unfinished(work) if run.home.emulator is not None]


def _at_work(run: Run) -> bool:
    return run.status == journal.RUNNING and run.alive()


def _abandon(run: Run) -> None:
    _end(run)
    for part in run.parts:
        _left_by(part).unlink(missing_ok=True)
    run.update(status=journal.RECOVERED)


def _end(run: Run) -> None:
    for part in run.parts:
        process.end(Path(part.log))
        process.end_leftovers(Path(part.log), Path(part.root))


def _left_by(part: Part) -> Path:
    return Path(part.root) / "errored.tfstate"


def _finish(context: Context, run: Run) -> tuple[list[Orphan], list[dict[str, Any]]]:
    """Write down what a run left, under the locks it held; return what no state knows, and what belongs nowhere."""
    info = LockInfo.new("OperationTypeApply", info=f"hptf recovery of {run.id}", version=str(context.terraform))
    if run.lock_id is not None:
        # Under the id that is on record: a recovery that is killed too leaves nothing that nobody may free.
        info = replace(info, id=run.lock_id)
    locks = LockSet(context.store, run.layers)
    locks.acquire(
        info,
        context.lock_wait,
        on_wait=context.say_waiting,
        stopped=lambda: context.stop.requested,
        resuming=True,
    )
    stray: list[dict[str, Any]] = []
    try:
        for part in run.parts:
            left = recovery.pending(Path(part.session), _left_by(part))
            if left is not None:
                finished = recovery.finish(context.store, left)
                stray += finished.stray
                names = ", ".join(sorted(finished.written)) or "nothing new"
                context.ui.say(f"wrote the state it had not written: {names}")
        states = context.store.read_all(run.layers)
        noted = ledger.read(context.store, run.id)
        lost = orphans.of_failed_run(run.parts, states, context.resource_types, noted.gone if noted else ())
        deleted = read_history(part.log for part in run.parts).deleted
        _drop(context, states, lost, {*deleted, *(noted.absent if noted else ())})
        orphans.record(context, lost, run)
    except BaseException:
        # Others must not build upon half of a set.
        locks.keep()
        raise
    locks.release()
    return lost, stray


def _wait_for_terraform(context: Context, run: Run) -> None:
    """A killed hptf leaves its Terraform working; it ends by itself, with its last state in ``errored.tfstate``."""
    deadline = time.monotonic() + _WAIT_SECONDS
    told = False
    for part in run.parts:
        log = Path(part.log)
        while process.is_running(log):
            pid = process.running_pid(log) or "?"
            if not told:
                context.ui.say(f"its Terraform (process {pid}) still works; waiting for it to end")
                told = True
            if context.stop.requested:
                raise Interrupted("stopped while waiting for the Terraform of an earlier run")
            if time.monotonic() > deadline:
                raise HptfError(
                    f"the Terraform of run {run.id} (process {pid}) still works",
                    hint=f"wait for it, or stop it with `kill -INT {pid}`, and repeat the command",
                )
            time.sleep(0.2)
        process.end_leftovers(log, Path(part.root))


def _free(context: Context, run: Run) -> None:
    if run.lock_id is None or run.home.vanished(context.home):
        return
    if run.home.elsewhere(context.home):
        where = f"{', '.join(run.layers)} in {run.home.store}"
        way = CommandLine(run.home.file, context.command_line.rehearse).of("unlock", "--id", run.lock_id)
        context.ui.say(f"the run {run.id}, which was cut off, may have left locks on {where}; this frees them: {way}")
        return
    broken = LockSet(context.store, run.layers).break_own([run.lock_id])
    if broken:
        context.ui.say(f"freed the locks it left on {', '.join(broken)}")
