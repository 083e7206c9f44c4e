"""A state that Terraform left in a file of its root: this run's own is brought home, another's never."""

from __future__ import annotations

import fcntl
import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from http import HTTPStatus
from pathlib import Path

import pytest

from hp_tf.applying import applier
from hp_tf.errors import HptfError
from hp_tf.planning.selection import LayerOptions
from hp_tf.recovery import recover
from hp_tf.run import journal
from hp_tf.run.context import Context
from hp_tf.run.journal import Home, Part, Run
from hp_tf.state import document
from hp_tf.state.backend import Backend
from hp_tf.state.document import dumps
from hp_tf.state.session import StateSession
from hp_tf.terraform import process
from hp_tf.terraform.events import Event, ResourceEvent
from hp_tf.terraform.failures import TerraformFailed
from tests.engine import commands
from tests.engine.harness import THREE, Recorder, Workbench, yes
from tests.state.samples import simple
from tests.state.stub import FailingStore

ALL = LayerOptions()
FAILING = "  alpha: {}\n  beta: {fail: true}\n  gamma: {}\n"
ANOTHERS = simple("beta", "not of this run", lineage="another", serial=99)


@dataclass
class Meanwhile(Recorder):
    """Does something the first time that a resource of beta is made."""

    act: Callable[[], object] | None = None

    def event(self, event: Event) -> None:
        super().event(event)
        made = isinstance(event, ResourceEvent) and event.phase == "complete" and event.operation == "apply"
        if made and "module.beta" in event.message and self.act is not None:
            act, self.act = self.act, None
            act()


def file_of(bench: Workbench) -> Path:
    return bench.root / ".hptf" / "test" / "root-all" / "errored.tfstate"


def held(context: Context) -> set[str | None]:
    states = context.store.read_all(["alpha", "beta", "gamma"])
    return {identity for state in states.values() for _, _, identity in document.addresses(state)}


def made(bench: Workbench) -> set[str]:
    logs = (bench.root / ".hptf" / "test" / "runs").glob("*/apply*.jsonl")
    events = [json.loads(line) for log in logs for line in log.read_text().splitlines()]
    return {event["hook"]["id_value"] for event in events if event["type"] == "apply_complete"}


def test_anothers_state_takes_no_place_of_what_a_good_apply_made(bench: Workbench) -> None:
    bench.write(THREE)
    context = replace(bench.open(), ui=Meanwhile(act=lambda: file_of(bench).write_bytes(dumps(ANOTHERS))))
    with pytest.raises(HptfError, match=r"left a state in .*, and no record says whose it is"):
        commands.apply(context, ALL, approve=yes)
    assert held(context) == made(bench)
    assert file_of(bench).exists()
    assert context.store.holder("beta") is None
    assert list(journal.unfinished(context.work)) == []
    assert not commands.plan(bench.open(), ALL).has_changes


def test_nor_of_what_one_that_failed_made(bench: Workbench) -> None:
    bench.write(FAILING)
    context = replace(bench.open(), ui=Meanwhile(act=lambda: file_of(bench).write_bytes(dumps(ANOTHERS))))
    with pytest.raises(TerraformFailed, match="local-exec"):
        commands.apply(context, ALL, approve=yes)
    assert made(bench) < held(context)
    assert "not of this run" not in held(context)
    assert file_of(bench).exists()
    with pytest.raises(HptfError, match="no record says whose it is"):
        commands.apply(bench.open(), ALL, approve=yes)


def test_what_the_store_would_not_take_at_first_comes_home(bench: Workbench) -> None:
    bench.write(THREE)
    store = FailingStore(bench.root / "states")
    store.broken = {"beta"}
    context = replace(bench.open(), store=store)
    bring_home = applier._bring_home

    def back_again(session: StateSession, left: Path | None) -> None:
        assert left == file_of(bench)
        store.broken = set()
        bring_home(session, left)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(applier, "_bring_home", back_again)
        with pytest.raises(TerraformFailed, match="Failed to"):
            commands.apply(context, ALL, approve=yes)
    assert held(context) == made(bench)
    assert not file_of(bench).exists()


@pytest.mark.slow
def test_what_could_not_even_be_sent_comes_home(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    class Deaf(Backend):
        """Breaks the connection that a state comes by."""

        def answer(self, method: str, target: str, body: bytes) -> tuple[HTTPStatus, bytes]:
            if method == "POST":
                raise ConnectionError
            return super().answer(method, target, body)

    monkeypatch.setattr(applier, "Backend", Deaf)
    bench.write(THREE)
    context = bench.open()
    with pytest.raises(TerraformFailed, match="Failed to"):
        commands.apply(context, ALL, approve=yes)
    assert held(context) == made(bench)
    assert not file_of(bench).exists()


@dataclass
class Survivor:
    """A Terraform whose hptf was killed: it lives, and holds the lock of its log."""

    run: Run
    process: subprocess.Popen[bytes]

    @property
    def left(self) -> Path:
        return Path(self.run.parts[0].root) / "errored.tfstate"


def orphan(context: Context, home: Home) -> Survivor:
    run = journal.begin(context.work, home, "apply", ("alpha",))
    log = run.path / "apply.jsonl"
    with log.open("wb") as out:
        fcntl.flock(out, fcntl.LOCK_SH)
        living = subprocess.Popen(["sleep", "600"], stdout=out, start_new_session=True)
    process.pid_file_of(log).write_text(str(living.pid))
    left = context.work / f"root-{run.id}" / "errored.tfstate"
    left.parent.mkdir()
    left.write_text("{}")
    return Survivor(run.update(pid=0, parts=(Part(str(run.path), str(left.parent), str(log)),)), living)


@pytest.fixture
def two(bench: Workbench) -> list[Survivor]:
    """One Terraform still works on an emulator, another on an account."""
    context = bench.open()
    return [orphan(context, replace(context.home, emulator="one")), orphan(context, context.home)]


def test_an_emulator_goes_with_the_terraforms_that_work_on_it(bench: Workbench, two: list[Survivor]) -> None:
    context = bench.open()
    emulated, real = two
    try:
        with recover.abandoning(context.work):
            # Nothing of the old is made in what comes after.
            assert emulated.process.wait(timeout=20) < 0
            assert {run.id for run in journal.unfinished(context.work)} == {emulated.run.id, real.run.id}
        assert not emulated.left.exists()
        # Of an account nothing is gone.
        assert real.process.poll() is None
        assert [run.id for run in journal.unfinished(context.work)] == [real.run.id]
        assert real.left.exists()
    finally:
        for item in two:
            item.process.kill()
            item.process.wait()


def test_a_run_on_an_emulator_that_is_gone_is_not_waited_for(bench: Workbench, two: list[Survivor]) -> None:
    emulated, real = two
    real.process.kill()
    real.run.update(status=journal.RECOVERED)
    context = bench.open()
    context = replace(context, target=replace(context.target, instance="another"))
    try:
        recover.recover(context)
        assert emulated.process.wait(timeout=20) < 0
        assert not emulated.left.exists()
        assert list(journal.unfinished(context.work)) == []
    finally:
        emulated.process.kill()


def test_an_emulator_that_does_not_go_takes_nothing_along(bench: Workbench) -> None:
    context = bench.open()
    run = journal.begin(context.work, replace(context.home, emulator="one"), "apply", ("alpha",))
    run.update(status=journal.CUT_OFF)
    with pytest.raises(HptfError, match="not today"), recover.abandoning(context.work):
        raise HptfError("not today")
    assert [item.id for item in journal.unfinished(context.work)] == [run.id]
