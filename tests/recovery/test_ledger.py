"""What a run is making, in the store: a machine that never saw the run takes it up, and forgets nothing."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest

from hp_tf import codes
from hp_tf.errors import HptfError
from hp_tf.planning.selection import LayerOptions
from hp_tf.recovery import ledger, orphans, recover
from hp_tf.recovery.history import Orphan
from hp_tf.recovery.ledger import Book, Entry
from hp_tf.run import journal
from hp_tf.run.context import Context
from hp_tf.run.journal import Run
from hp_tf.run.state_lock import CutOff
from hp_tf.state import document
from hp_tf.state.local import LocalStore
from hp_tf.state.locks import LockInfo
from hp_tf.state.session import StateSession
from hp_tf.terraform.commands import Invocation
from hp_tf.terraform.events import Event, parse_line
from tests.engine import commands
from tests.engine.harness import THREE, Workbench, yes
from tests.engine.losing import lost
from tests.recovery.test_orphans import hook
from tests.report.plans import change, loaded
from tests.state.samples import simple
from tests.waiting import wait_for

ALL = LayerOptions()
ALPHA, FIRST, BETA = (
    f"module.{name}" for name in ("alpha.terraform_data.this", "beta.terraform_data.first", "beta.terraform_data.this")
)


def event(phase: str, address: str, identity: str = "", action: str = "create") -> Event:
    """An event of Terraform's about a resource."""
    found = parse_line(json.dumps({"@message": "", **hook(phase, action, identity, address)}).encode())
    assert found is not None
    return found


def session(context: Context, run: Run) -> StateSession:
    return StateSession("test", run.layers, context.store, run.path / "stage-1")


def began(context: Context) -> Run:
    return journal.begin(context.work, context.home, "apply", ("alpha", "beta")).update(lock_id="an id")


def on_record(context: Context) -> list[tuple[str, str | None, bool]]:
    """What the one run there is in the store is making."""
    (entry,) = ledger.read_all(context.store)
    return [(item.address, item.id, item.certain) for item in entry.lost]


def test_the_store_hears_of_it_before_and_while_it_is_made(bench: Workbench) -> None:
    context = bench.open()
    run = began(context)
    plan = loaded(*(change(address, ["create"], None, {}) for address in (ALPHA, FIRST, BETA)))
    with Book(context.store, run, session(context, run), plan, bench.ui.say) as book:
        assert on_record(context) == [(ALPHA, None, False), (FIRST, None, False), (BETA, None, False)]
        book.event(event("start", ALPHA))
        wait_for(lambda: on_record(context)[0] == (ALPHA, None, True), "the first on record")
        book.event(event("complete", ALPHA, "a"))
        book.event(event("start", FIRST))
        expected = [(ALPHA, "a", True), (FIRST, None, True), (BETA, None, False)]
        wait_for(lambda: on_record(context) == expected, "both on record")
    assert ledger.read(context.store, run.id) is None


def test_many_events_are_few_writes(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    context = bench.open()
    run = began(context)
    writes: list[float] = []
    write = context.store.write_object

    def counted(name: str, data: bytes) -> None:
        writes.append(time.monotonic())
        write(name, data)

    monkeypatch.setattr(context.store, "write_object", counted)
    with Book(context.store, run, session(context, run), None, bench.ui.say) as book:
        started = time.monotonic()
        for number in range(300):
            book.event(event("start", f"module.alpha.terraform_data.this[{number}]"))
            time.sleep(0.002)
        wait_for(lambda: len(on_record(context)) == 300, "all on record")
    assert len(writes) <= 2 + (writes[-1] - started) / ledger._SECONDS + 1


def test_what_the_states_hold_is_on_record_no_more(bench: Workbench) -> None:
    context = bench.open()
    run = began(context)
    states = session(context, run)
    with Book(context.store, run, states, None, bench.ui.say) as book:
        book.event(event("complete", 'module.alpha.terraform_data.this["a"]', "a"))
        book.event(event("complete", BETA, "b"))
        wait_for(lambda: len(on_record(context)) == 2, "both on record")
        states.states["alpha"] = simple("alpha", "a")
        book.event(event("start", FIRST))
        wait_for(lambda: [at for at, _, _ in on_record(context)] == [BETA, FIRST], "what alpha holds left out")


def test_a_replacement_in_progress_is_not_taken_for_the_old_one(bench: Workbench) -> None:
    context = bench.open()
    context.store.write("alpha", simple("alpha", "old"))
    address = 'module.alpha.terraform_data.this["old"]'
    run = began(context)
    plan = loaded(change(address, ["create", "delete"], {"id": "old"}, {}))
    with pytest.raises(CutOff), Book(context.store, run, session(context, run), plan, bench.ui.say) as book:
        book.event(event("start", address))
        raise CutOff(HptfError("killed"), context.command_line)
    assert on_record(context) == [(address, None, True)]
    run.update(pid=0, status=journal.RECOVERED)
    recover.recover(context)
    assert [item.address for item in orphans.recorded(context)] == [address]


def test_what_a_run_lost_stays_on_record_whatever_is_heard_after(bench: Workbench) -> None:
    """An event that was still to be written used to take the place of it, and then nothing was lost."""
    context = bench.open()
    run = began(context)
    with Book(context.store, run, session(context, run), None, bench.ui.say) as book:
        book.event(event("start", ALPHA))
        book.event(event("errored", ALPHA))
        book.conclude([Orphan(ALPHA, "terraform_data", None)])
        book.event(event("start", FIRST))
        time.sleep(2 * ledger._SECONDS)
        assert [item.address for item in orphans.recorded(context)] == [ALPHA]
    assert [(item.address, item.run) for item in orphans.recorded(context)] == [(ALPHA, run.id)]


@pytest.mark.parametrize(
    ("actions", "heard", "forgotten"),
    [
        # The plan found that it is gone.
        (["create"], [("start", "create")], True),
        # It was deleted, and no state says so yet.
        (["delete", "create"], [("start", "delete"), ("complete", "delete"), ("start", "create")], True),
        # It may still be there.
        (["create", "delete"], [("start", "create")], False),
        (["delete", "create"], [("start", "delete")], False),
    ],
)
def test_what_is_gone_gives_its_place_to_what_was_begun_there(
    bench: Workbench, actions: list[str], heard: list[tuple[str, str]], forgotten: bool
) -> None:
    """Terraform imports nothing at an address that a state has."""
    context = bench.open()
    context.store.write("alpha", simple("alpha", "old"))
    address = 'module.alpha.terraform_data.this["old"]'
    run = began(context)
    plan = loaded(change(address, actions, None if actions == ["create"] else {"id": "old"}, {}))
    with pytest.raises(CutOff), Book(context.store, run, session(context, run), plan, bench.ui.say) as book:
        for phase, action in heard:
            book.event(event(phase, address, "old" if action == "delete" else "", action))
        raise CutOff(HptfError("killed"), context.command_line)
    run.update(pid=0, status=journal.RECOVERED)
    recover.recover(context)
    assert [item.address for item in orphans.recorded(context)] == [address]
    held = [place for place, _, _ in document.addresses(context.store.read("alpha"))]
    assert held == ([] if forgotten else [address])


def test_a_store_that_takes_no_word_stops_the_run_before_and_not_in_it(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = bench.open()
    run = began(context)
    write = context.store.write_object

    def refuse(name: str, data: bytes) -> None:
        raise HptfError("not today")

    monkeypatch.setattr(context.store, "write_object", refuse)
    with pytest.raises(HptfError, match="not today"), Book(context.store, run, session(context, run), None, print):
        raise AssertionError("nothing may begin")
    monkeypatch.setattr(context.store, "write_object", write)
    with Book(context.store, run, session(context, run), None, bench.ui.say) as book:
        monkeypatch.setattr(context.store, "write_object", refuse)
        book.event(event("start", ALPHA))
        wait_for(lambda: any("on this machine alone" in line for line in bench.ui.lines), "it is said")


class Lost(BaseException):
    """The machine is gone: nothing of hptf's own runs any more."""


def lose_the_machine(bench: Workbench, monkeypatch: pytest.MonkeyPatch, *lines: Event) -> None:
    """Begin an apply, let Terraform say this, and lose the machine with its disk; the locks in the store stay."""
    context = bench.open()

    def apply(invocation: Invocation, plan_file: Path, **_: object) -> None:
        assert invocation.on_event is not None
        for line in lines:
            invocation.on_event(line)
        last = lines[-1].raw["hook"]["resource"]["addr"]
        wait_for(lambda: last in [at for at, _, sure in on_record(context) if sure], "the last on record")
        raise Lost

    with monkeypatch.context() as patched:
        patched.setattr("hp_tf.terraform.commands.apply", apply)
        # Neither the end of the run nor that of its record is seen by anybody.
        patched.setattr(Book, "__exit__", lambda *_: None)
        with pytest.raises((Lost, CutOff)):
            commands.apply(context, ALL, approve=yes)
    shutil.rmtree(context.work)


def test_another_machine_takes_up_what_a_lost_one_was_making(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.write(THREE)
    lose_the_machine(
        bench, monkeypatch, event("start", ALPHA), event("complete", ALPHA, "id-of-alpha"), event("start", FIRST)
    )
    context = bench.open()
    (entry,) = ledger.read_all(context.store)
    assert orphans.recorded(context) == []
    # As long as its locks are held nobody knows whether it lives.
    other = LocalStore(bench.root / "states")
    held = LockInfo(id=entry.lock_id or "", who="ci@runner")
    other.lock("beta", held)
    recover.recover(context)
    assert orphans.recorded(context) == []
    other.unlock("beta", held.id)

    recover.recover(context)
    said = "\n".join(bench.ui.lines)
    assert f"the run {entry.run} of {entry.by} ended while it worked on alpha, beta, gamma" in said
    assert f"{ALPHA} was made as id-of-alpha" in said
    assert f"{FIRST} was being made" in said
    # What had not been begun may have been, unheard: it is looked for and not spoken of.
    assert BETA in lost(bench) and BETA not in said

    planned = commands.plan(bench.open(), ALL)
    assert planned.plan is not None
    assert {item.address: item.importing for item in planned.plan.changes() if item.importing} == {ALPHA: "id-of-alpha"}
    assert [item.subject for item in planned.findings if item.code is codes.CREATION_LOST] == [FIRST]
    assert commands.apply(bench.open(), ALL, approve=yes).applied is not None
    assert lost(bench) == [FIRST]


def test_a_run_that_is_at_work_here_is_left_alone(bench: Workbench) -> None:
    context = bench.open()
    run = began(context)
    ledger.save(context.store, Entry(run.id, run.layers, "me", run.lock_id, (Orphan(ALPHA, "terraform_data", None),)))
    recover.recover(context)
    assert orphans.recorded(context) == []
    # Killed before Terraform started: nothing of it can be there.
    run.update(pid=0)
    recover.recover(context)
    assert ledger.read_all(context.store) == []
