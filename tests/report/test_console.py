"""What is on the screen, with a terminal and without one."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pexpect
import pytest

from hp_tf.report.console import Console
from hp_tf.terraform.events import parse
from hp_tf.terraform.stop import StopRequest

ROOT = Path(__file__).parents[2]
# Goes on whenever it is sent a line, or at once where nobody can send one; time passes only there.
SCRIPT = """
import sys
from hp_tf.errors import HptfError
from hp_tf.report.console import Console
from hp_tf.report.errors import print_error
from hp_tf.terraform.events import parse
from hp_tf.terraform.stop import StopRequest

ADDRESS = "module.network.aws_vpc.this"
RESOURCE = {"addr": ADDRESS, "module": "module.network", "resource_type": "aws_vpc", "resource_name": "this"}
def event(kind, **more):
    return parse({"type": kind, **more})
now = 0.0
def pause(seconds):
    global now
    sys.stdin.readline()
    now += seconds
ui = Console(quiet="quiet" in sys.argv, clock=lambda: now)
stop = StopRequest(ui.stopping)
try:
    with ui, stop.listening():
        if "ask" in sys.argv:
            print("answer:", ui.ask("Apply? ", "yes", stop))
            sys.exit()
        ui.begin("planning") if "planning" in sys.argv else ui.begin("applying", {})
        ui.event(event("planned_change", change={"resource": RESOURCE, "action": "create"}))
        ui.event(event("apply_start", hook={"resource": RESOURCE, "action": "create"}))
        pause(65)
        ui.say("a line beside it " + "x" * 150)
        pause(1)
        if "fail" in sys.argv:
            raise HptfError("it failed")
        ui.event(event("apply_complete", hook={"resource": RESOURCE, "action": "create", "elapsed_seconds": 1}))
        ui.out("the result")
except HptfError as error:
    print_error(error)
    sys.exit(error.exit_code)
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        stdin=subprocess.DEVNULL,
    )


def spawn(*arguments: str, **environ: str) -> pexpect.spawn[str]:
    variables = {**os.environ, "TERM": "xterm-256color", **environ}
    return pexpect.spawn(
        sys.executable, ["-c", SCRIPT, *arguments], cwd=str(ROOT), env=variables, encoding="utf-8", timeout=60,
        dimensions=(24, 80), echo=False,
    )  # fmt: skip


def test_without_a_terminal_there_are_plain_lines() -> None:
    done = run()
    assert done.stdout == "the result\n"
    assert done.stderr.splitlines() == [
        "applying",
        "a line beside it " + "x" * 150,
        "[1/1] network: aws_vpc.this created (1s)",
    ]


def test_quiet_says_only_the_result_and_errors() -> None:
    done = run("quiet")
    assert (done.stdout, done.stderr) == ("the result\n", "")
    assert run("quiet", "fail").stderr == "error: it failed\n"


def test_nobody_to_ask_is_no(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("yes\n"))
    assert Console().ask("Apply? ", "yes", StopRequest()) is False
    assert "--auto-approve" in capsys.readouterr().err


def test_with_a_terminal_there_is_a_picture_of_now() -> None:
    child = spawn()
    child.expect("0/1 .*0:00")
    child.expect("network: aws_vpc.this creating 0s")
    child.sendline()
    # The line beside it is whole: it is not broken to the terminal's width.
    child.expect("a line beside it x{150}")
    child.expect("0/1 .*1:05")
    child.expect("network: aws_vpc.this creating 65s")
    child.sendline()
    child.expect("the result")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0


@pytest.mark.parametrize(("variable", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_without_colour_nothing_is_coloured(variable: str, value: str) -> None:
    child = spawn(**{variable: value})
    child.expect("applying" if variable == "TERM" else "creating 0s")
    shown = child.before
    child.send("\n\n")
    child.expect(pexpect.EOF)
    shown += child.before
    assert "the result" in shown
    for code in ("\x1b[1m", "\x1b[32m", "\x1b[31m", "\x1b[36m"):
        assert code not in shown
    if variable == "TERM":
        assert "\x1b" not in shown


def test_an_error_comes_after_the_picture_is_gone() -> None:
    child = spawn("fail")
    child.expect("creating 0s")
    child.send("\n\n")
    child.expect("it failed")
    child.expect(pexpect.EOF)
    assert "creating" not in child.before
    child.close()
    assert child.exitstatus == 1


@pytest.mark.parametrize(("given", "answer"), [("yes", True), ("y", False), ("", False), ("YES", False)])
def test_only_the_expected_answer_goes_on(given: str, answer: bool) -> None:
    child = spawn("ask")
    child.expect("Apply\\? ")
    child.sendline(given)
    child.expect(f"answer: {answer}")
    child.expect(pexpect.EOF)


def test_the_end_of_the_input_is_no() -> None:
    child = spawn("ask")
    child.expect("Apply\\? ")
    child.sendeof()
    child.expect("answer: False")


def test_ctrl_c_at_the_question_changes_nothing_and_ends_with_130() -> None:
    child = spawn("ask")
    child.expect("Apply\\? ")
    child.sendintr()
    child.expect("interrupted; nothing was changed")
    # No Terraform runs that would have to be stopped.
    assert "stopping" not in child.before
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130


@pytest.mark.parametrize(
    ("phase", "answer"),
    [("applying", "stopping: Terraform finishes what is in hand and writes the states ("), ("planning", "stopping\n")],
)
def test_ctrl_c_is_answered_at_once_with_what_comes_then(phase: str, answer: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, phase],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert process.stderr.readline() == f"{phase}\n"
    process.send_signal(signal.SIGINT)
    # What it does goes on: it was sent nothing yet.
    assert process.stderr.readline() == "\n"
    assert process.stderr.readline().startswith(answer)
    _, said = process.communicate(timeout=60)
    assert "created (1s)" in said


def test_counts_begin_anew_with_each_phase(capsys: pytest.CaptureFixture[str]) -> None:
    ui = Console(clock=time.monotonic)
    resource = {"addr": "module.a.b.c", "module": "module.a", "resource_type": "b", "resource_name": "c"}
    for phase in ("one", "two"):
        ui.begin(phase)
        ui.event(parse({"type": "planned_change", "change": {"resource": resource, "action": "create"}}))
        ui.event(parse({"type": "apply_complete", "hook": {"resource": resource, "action": "create"}}))
    said = capsys.readouterr().err
    assert said.count("[1/1] a: b.c created (0s)") == 2


def test_stopping_goes_on_with_nobody_left_to_read_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(file: int, text: bytes) -> int:
        raise BrokenPipeError

    monkeypatch.setattr("hp_tf.report.console.os.write", broken)
    Console().stopping(1)


def test_what_the_terminal_cannot_show_is_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    Console().out("d\u00e9v.yaml is valid")
    assert written.getvalue() == b"d\\xe9v.yaml is valid\n"
