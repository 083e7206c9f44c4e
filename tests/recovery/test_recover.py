"""Killed in the middle of an apply: the next command says what happened, and nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hp_tf.planning.selection import LayerOptions
from hp_tf.recovery import recover
from hp_tf.run import journal
from hp_tf.state import document
from tests.engine import commands
from tests.engine.harness import Workbench
from tests.engine.losing import lost
from tests.waiting import wait_for

pytestmark = pytest.mark.slow
SLOW = "  alpha: {}\n  beta: {seconds: 3}\n  gamma: {}\n"
SCRIPT = """
import sys
import time
from pathlib import Path
from hp_tf.errors import HptfError
from tests.engine import commands
from hp_tf.planning.selection import LayerOptions
from hp_tf.state.session import StateSession
from hp_tf.terraform.stop import StopRequest
from tests.engine.harness import Workbench
from tests.engine.losing import lost

bench = Workbench(Path(sys.argv[1]))
bench.write(sys.argv[2])
accept = StateSession.accept
def accept_late(*given, **options):
    time.sleep(float(sys.argv[3]))
    return accept(*given, **options)
StateSession.accept = accept_late
stop = StopRequest()
with stop.listening():
    try:
        commands.apply(bench.open(stop=stop), LayerOptions(), approve=lambda planned: True)
    except HptfError as error:
        print(error)
        sys.exit(error.exit_code)
"""


def begin(bench: Workbench, *, late: float = 0.0) -> subprocess.Popen[bytes]:
    """Start an apply in a process of its own, and wait until Terraform is creating beta's slow resource.

    Args:
        late: seconds for which hptf leaves each state waiting that Terraform sends.
    """
    command = [sys.executable, "-c", SCRIPT, str(bench.root), SLOW, str(late)]
    process = subprocess.Popen(command, cwd=Path(__file__).parents[2], env={**os.environ, **bench.environ})
    wait_for(
        lambda: any("module.beta.terraform_data.this" in text and "apply_start" in text for text in logs(bench)),
        "beta begun",
    )
    return process


def logs(bench: Workbench) -> list[str]:
    """Return the lines of the event streams of applies."""
    files = (bench.root / ".hptf" / "test" / "runs").glob("*/apply*.jsonl")
    return [line for file in files for line in file.read_text().splitlines()]


def terraform_pid(bench: Workbench) -> int:
    """Return the process id of the apply's Terraform."""
    file = next((bench.root / ".hptf" / "test" / "runs").glob("*/apply.jsonl.pid"))
    return int(file.read_text())


def addresses(bench: Workbench) -> set[str]:
    """Return every resource the states know."""
    states = bench.open().store.read_all(["alpha", "beta", "gamma"])
    return {address for state in states.values() for address, _, _ in document.addresses(state)}


def test_kill_9_of_hptf(bench: Workbench) -> None:
    process = begin(bench)
    process.kill()
    process.wait()
    context = bench.open()
    recover.recover(context)
    assert any("was cut off while it worked on alpha, beta, gamma" in line for line in bench.ui.lines)
    assert any("still works; waiting" in line for line in bench.ui.lines)
    assert context.store.holder("alpha") is None
    assert "module.beta.terraform_data.this" in addresses(bench)
    assert not (context.work / "root-all" / "errored.tfstate").exists()
    assert list(journal.unfinished(context.work)) == []
    commands.apply(bench.open(), LayerOptions(), approve=lambda planned: True)
    assert not commands.plan(bench.open(), LayerOptions()).has_changes


def test_kill_9_of_terraform(bench: Workbench) -> None:
    process = begin(bench)
    made = {line.split('"id_value":"')[1].split('"')[0] for line in logs(bench) if "apply_complete" in line}
    os.kill(terraform_pid(bench), signal.SIGKILL)
    assert process.wait(timeout=120) == 1
    context = bench.open()
    recover.recover(context)
    said = "\n".join(bench.ui.lines)
    assert "module.alpha.terraform_data.this was made as" in said
    assert "module.beta.terraform_data.this was being made and is in no state" in said
    planned = commands.plan(bench.open(), LayerOptions())
    assert planned.plan is not None
    taken = {change.address: change.importing for change in planned.plan.changes() if change.importing}
    assert set(taken) == {"module.alpha.terraform_data.this", "module.beta.terraform_data.first"}
    assert set(taken.values()) == made
    commands.apply(bench.open(), LayerOptions(), approve=lambda planned: True)
    # What was being made cannot be looked for: it stays open.
    assert lost(bench) == ["module.beta.terraform_data.this"]
    assert not commands.plan(bench.open(), LayerOptions()).has_changes


def test_kill_9_of_both(bench: Workbench) -> None:
    process = begin(bench)
    process.kill()
    process.wait()
    os.kill(terraform_pid(bench), signal.SIGKILL)
    recover.recover(bench.open())
    commands.apply(bench.open(), LayerOptions(), approve=lambda planned: True)
    assert not commands.plan(bench.open(), LayerOptions()).has_changes


def test_destroy_after_a_crash_takes_over_first(bench: Workbench) -> None:
    process = begin(bench)
    os.kill(terraform_pid(bench), signal.SIGKILL)
    process.wait(timeout=120)
    recover.recover(bench.open())
    commands.destroy(bench.open(), LayerOptions(), approve=lambda planned: True)
    assert addresses(bench) == set()
    destroyed = [line for line in logs(bench) if '"action":"delete"' in line and "apply_complete" in line]
    assert len(destroyed) == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_the_run_with_the_states_written(bench: Workbench, number: signal.Signals) -> None:
    process = begin(bench)
    process.send_signal(number)
    assert process.wait(timeout=120) == 130
    context = bench.open()
    assert context.store.holder("beta") is None
    assert "module.alpha.terraform_data.this" in addresses(bench)
    assert "module.gamma.terraform_data.this" not in "".join(addresses(bench))
    recover.recover(context)
    assert bench.ui.lines == []
    commands.apply(bench.open(), LayerOptions(), approve=lambda planned: True)
    assert not commands.plan(bench.open(), LayerOptions()).has_changes


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_second_signal_cuts_the_run_off_and_nothing_is_forgotten(bench: Workbench, number: signal.Signals) -> None:
    # The first signal lets Terraform write its state before it stops what it does: then the second one meets it there.
    process = begin(bench, late=1.0)
    process.send_signal(number)
    wait_for(lambda: any("Interrupt received" in line for line in logs(bench)), "Terraform interrupted")
    process.send_signal(number)
    assert process.wait(timeout=120) == 130
    assert any("Two interrupts received" in line for line in logs(bench))
    context = bench.open()
    (run,) = journal.unfinished(context.work)
    assert run.status == journal.CUT_OFF
    recover.recover(context)
    # Terraform may just have had the time to write it down.
    named = any("module.beta.terraform_data.this was being made and is in no state" in line for line in bench.ui.lines)
    assert named or "module.beta.terraform_data.this" in addresses(bench)
    commands.apply(bench.open(), LayerOptions(), approve=lambda planned: True)
    assert not commands.plan(bench.open(), LayerOptions()).has_changes
    assert lost(bench) == ["module.beta.terraform_data.this"] * named
