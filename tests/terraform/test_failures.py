"""No exit code is believed on its word: wrappers lose them, and a crash has its own."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from hp_tf.terraform import commands
from hp_tf.terraform.commands import Invocation
from hp_tf.terraform.events import Event
from hp_tf.terraform.failures import TerraformFailed, TerraformInterrupted
from hp_tf.terraform.stop import StopRequest

from .conftest import MakeRoot

ONE = 'resource "terraform_data" "x" {\n  input = 1\n}\n'
FAILS = ONE + 'resource "terraform_data" "y" {\n  provisioner "local-exec" {\n    command = "false"\n  }\n}\n'
PANIC = "panic: runtime error: invalid memory address or nil pointer dereference"


def wrapped(invocation: Invocation, tmp_path: Path, body: str, *, product: str | None = None) -> Invocation:
    """The same with a wrapper for a program; in its text `$real` is the program itself."""
    program = tmp_path / "wrapper"
    program.write_text(f"#!/bin/sh\nreal={invocation.terraform.path}\n{body}\n")
    program.chmod(0o755)
    terraform = replace(invocation.terraform, path=program)
    return replace(invocation, terraform=replace(terraform, product="tofu") if product == "tofu" else terraform)


@pytest.mark.parametrize(
    ("body", "missing"),
    [
        ("exit 0", ["wrote no plan file", "did not say what it would do"]),
        ("exit 2", ["wrote no plan file", "did not say what it would do"]),
        ('$real "$@" >/dev/null; exit 2', ["did not say what it would do"]),
        ('$real "$@"; rm -f "${5#-out=}"; exit 2', ["wrote no plan file"]),
        ('$real "$@"; exit 0', ["says that there is something to do, which is exit code 2"]),
    ],
)
def test_a_plan_is_one_only_if_it_says_so(make_root: MakeRoot, tmp_path: Path, body: str, missing: list[str]) -> None:
    invocation = wrapped(make_root(ONE), tmp_path, body)
    out = tmp_path / "p"
    if "exit" in body and "real" not in body:
        out.write_text("of an earlier plan")
    with pytest.raises(TerraformFailed) as caught:
        commands.plan(invocation, out=out)
    assert list(caught.value.missing) == missing
    assert caught.value.hint is not None
    assert "HPTF_TERRAFORM" in caught.value.hint


def test_outputs_that_change_are_something_to_do(make_root: MakeRoot, tmp_path: Path) -> None:
    invocation = wrapped(make_root('output "o" {\n  value = 1\n}\n'), tmp_path, '$real "$@"; exit 0')
    with pytest.raises(TerraformFailed, match="exit code 2"):
        commands.plan(invocation, out=tmp_path / "p")


def test_a_plan_that_failed_is_no_plan_whatever_its_exit_code(make_root: MakeRoot, tmp_path: Path) -> None:
    invocation = wrapped(make_root('output "o" {\n  value = nothing.here\n}\n'), tmp_path, '$real "$@"; exit 0')
    with pytest.raises(TerraformFailed, match="Reference to undeclared resource") as caught:
        commands.plan(invocation, out=tmp_path / "p")
    assert caught.value.diagnostics


@pytest.mark.parametrize("body", ["exit 0", '$real "$@" >/dev/null; exit 0'], ids=["nothing is done", "in silence"])
def test_an_apply_that_does_not_say_what_it_did_broke_off(make_root: MakeRoot, tmp_path: Path, body: str) -> None:
    invocation = make_root(ONE)
    plan = commands.plan(invocation, out=tmp_path / "p").plan_file
    with pytest.raises(TerraformFailed) as caught:
        commands.apply(wrapped(invocation, tmp_path, body), plan)
    assert caught.value.missing == ("did not say what it did",)
    assert caught.value.broke_off


def test_an_apply_that_failed_is_none_whatever_its_exit_code(make_root: MakeRoot, tmp_path: Path) -> None:
    invocation = make_root(FAILS)
    plan = commands.plan(invocation, out=tmp_path / "p").plan_file
    with pytest.raises(TerraformFailed, match="local-exec") as caught:
        commands.apply(wrapped(invocation, tmp_path, '$real "$@"; exit 0'), plan)
    assert not caught.value.broke_off


@pytest.mark.parametrize("code", [2, 11])
def test_a_crash_is_called_one(make_root: MakeRoot, tmp_path: Path, code: int) -> None:
    body = f"echo 'a log line' >&2; echo '{PANIC}' >&2; echo 'goroutine 1 [running]:' >&2; exit {code}"
    invocation = wrapped(make_root(ONE), tmp_path, body, product="tofu")
    with pytest.raises(TerraformFailed) as caught:
        commands.plan(invocation, out=tmp_path / "p")
    assert caught.value.message == f"tofu plan crashed: {PANIC}; the rest is in {invocation.logs}/plan.jsonl.stderr"
    assert caught.value.broke_off
    assert caught.value.hint is None


def test_a_crash_after_a_stop_is_called_one_too(make_root: MakeRoot, tmp_path: Path) -> None:
    stop = StopRequest()

    def on_event(event: Event) -> None:
        stop.request()

    # Not the shell's trap: a shell cannot trap what was ignored when it started, as in a background job.
    script = tmp_path / "crashes.py"
    script.write_text(
        "import os, signal, sys\n"
        f"signal.signal(signal.SIGINT, lambda *_: (sys.stderr.write({PANIC!r}), sys.stderr.flush(), os._exit(11)))\n"
        "print('{}', flush=True)\n"
        "while True:\n"
        "    signal.pause()\n"
    )
    body = f"exec {sys.executable} {script}"
    invocation = wrapped(make_root(ONE), tmp_path, body)
    with pytest.raises(TerraformInterrupted) as caught:
        commands.apply(replace(invocation, stop=stop, on_event=on_event), tmp_path / "p")
    assert f"was interrupted, and crashed: {PANIC}" in caught.value.message
    assert caught.value.broke_off
    assert caught.value.exit_code == 130


def test_a_providers_crash_is_none_of_the_engines(make_root: MakeRoot, tmp_path: Path) -> None:
    said = '{"type": "diagnostic", "diagnostic": {"severity": "error", "summary": "Plugin did not respond"}}'
    invocation = wrapped(make_root(ONE), tmp_path, f"echo '{said}'; echo '{PANIC}' >&2; exit 1")
    with pytest.raises(TerraformFailed) as caught:
        commands.apply(invocation, tmp_path / "p")
    assert caught.value.message == f"{invocation.terraform.product} apply failed"
    assert not caught.value.broke_off
