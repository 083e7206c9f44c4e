"""What is on record of a run that did not get its locks, and what the next command makes of that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hp_tf.errors import HptfError, Interrupted
from hp_tf.planning.planner import Planned
from hp_tf.planning.selection import LayerOptions
from hp_tf.recovery import recover
from hp_tf.run import journal
from hp_tf.run.context import Context
from hp_tf.state.local import LocalStore
from hp_tf.state.locks import LockHeld, LockInfo
from hp_tf.terraform.stop import StopRequest
from tests.engine import commands
from tests.engine.harness import THREE, Workbench, yes

ALL = LayerOptions()


def statuses(context: Context) -> list[str]:
    return [journal._read(record)["status"] for record in (context.work / "runs").glob("*/run.json")]


@pytest.mark.parametrize("stopped", [False, True], ids=["not had", "waited for no longer"])
def test_a_run_that_did_not_get_a_lock_is_over(bench: Workbench, stopped: bool) -> None:
    bench.write(THREE)
    stop = StopRequest()
    context = bench.open(stop=stop, lock_wait=0.2 if stopped else 0.0)
    other = LocalStore(bench.root / "states")

    def approve(planned: Planned) -> bool:
        other.lock("beta", LockInfo.new("OperationTypeApply", info="a colleague"))
        if stopped:
            stop.request()
        return True

    with pytest.raises(Interrupted if stopped else LockHeld):
        commands.apply(context, ALL, approve=approve)
    assert statuses(context) == [journal.INTERRUPTED if stopped else journal.FAILED]
    assert context.store.holder("alpha") is None


def test_a_store_that_failed_may_have_given_a_lock(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.write(THREE)
    context = bench.open()
    lock = context.store.lock

    def unanswered(layer: str, info: LockInfo) -> None:
        lock(layer, info)
        if layer == "beta":
            raise HptfError("The answer got lost.")

    monkeypatch.setattr(context.store, "lock", unanswered)
    with pytest.raises(HptfError, match="answer got lost"):
        commands.apply(context, ALL, approve=yes)
    assert context.store.holder("beta") is not None
    recover.recover(context)
    assert context.store.holder("beta") is None
    assert list(journal.unfinished(context.work)) == []


def test_a_killed_run_that_made_nothing_stops_no_command_on_other_states(bench: Workbench) -> None:
    context = bench.open()
    run = journal.begin(context.work, replace(context.home, store="a store"), "apply", ("alpha", "beta"))
    run.update(pid=0, lock_id="an id")
    recover.recover(context)
    (line,) = bench.ui.lines
    assert line.startswith(f"the run {run.id}, which was cut off, may have left locks on alpha, beta in a store")
    assert line.endswith(f"hptf unlock {context.home.file} --id 'an id'")
    assert list(journal.unfinished(context.work)) == []
