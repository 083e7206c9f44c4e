"""How the commands on environments end."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import typer

from hp_tf.cli import runs
from hp_tf.commands.apply import Outcome
from hp_tf.report.console import Console
from hp_tf.run.command_line import CommandLine


def apply(*keep: str) -> None:
    """Apply an environment, as the command line asks for it."""
    runs.apply(
        "mine",
        [],
        kept=None,
        auto_approve=False,
        allow_destroy=[],
        remove_layer=[],
        allow=[],
        lock_wait=0,
        rehearse=False,
        values=False,
        keep=list(keep),
    )


def destroy() -> None:
    """Destroy it."""
    runs.destroy("mine", [], auto_approve=False, lock_wait=0, rehearse=False)


@pytest.mark.parametrize(
    ("values", "out", "err"),
    [
        ({"network": {}, "eks": {}}, "", "nothing of mine is applied: hptf apply mine\n"),
        ({}, "", "nothing of mine is applied: hptf apply mine\n"),
        ({"network": {"vpc_id": "vpc-1"}, "eks": {}}, "network\n  vpc_id = vpc-1\n", ""),
    ],
)
def test_a_layer_that_was_destroyed_has_no_heading(
    values: dict[str, dict[str, Any]],
    out: str,
    err: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(runs, "open_resting", lambda *given, **named: SimpleNamespace(command_line=CommandLine("mine")))
    monkeypatch.setattr(runs, "outputs", lambda resting, layer: values)
    runs.output("mine", None, as_json=False, rehearse=False)
    assert capsys.readouterr() == (out, err)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (apply, "not applied: nobody answered 'yes'; nothing was changed\n"),
        (lambda: apply("a.b"), "not applied: nobody answered 'yes'; nothing was changed\n"),
        (destroy, "not destroyed: nobody answered 'mine'; nothing was changed\n"),
    ],
)
def test_a_run_that_is_not_approved_says_so_and_which_answer_it_wanted(
    command: Callable[[], None], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plan: Any = SimpleNamespace()

    def asked(context: Any, chosen: Any, *, approve: Callable[[Any], bool], **options: Any) -> Outcome:
        return Outcome(plan, None, approved=approve(plan))

    def answered(ui: Console, question: str, expected: str, stop: Any) -> bool:
        return expected == "y"

    monkeypatch.setattr(
        runs, "open_context", lambda *given, **named: SimpleNamespace(environment=SimpleNamespace(id="mine"))
    )
    monkeypatch.setattr(runs, "_show", lambda *given, **named: None)
    monkeypatch.setattr(runs, "run_apply", asked)
    monkeypatch.setattr(runs, "run_destroy", asked)
    monkeypatch.setattr(Console, "ask", answered)
    with pytest.raises(typer.Exit) as caught:
        command()
    assert caught.value.exit_code == 1
    assert capsys.readouterr().err == said
