"""How the commands on environments end."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import typer

from hp_tf.cli import runs
from hp_tf.commands.apply import Outcome
from hp_tf.errors import BadInput, HptfError
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
        as_json=False,
    )


def destroy() -> None:
    """Destroy it."""
    runs.destroy("mine", [], auto_approve=False, lock_wait=0, rehearse=False, as_json=False)


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
    runs.output("mine", None, None, as_json=False, raw=False, rehearse=False)
    assert capsys.readouterr() == (out, err)


@pytest.mark.parametrize(
    ("name", "as_json", "raw", "out"),
    [
        ("vpc_id", False, False, "vpc-1\n"),
        ("vpc_id", False, True, "vpc-1"),
        ("vpc_id", True, False, '"vpc-1"\n'),
        ("zones", False, True, "2"),
        ("subnets", False, False, '{\n  "a": "s"\n}\n'),
        ("subnets", False, True, "subnets is no single value"),
        ("nothing", False, True, "nothing is null"),
        ("vpcid", False, False, "gives no output 'vpcid'\n  did you mean 'vpc_id'?"),
    ],
)
def test_one_output_is_printed_alone(
    name: str,
    as_json: bool,
    raw: bool,
    out: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    held = {"network": {"vpc_id": "vpc-1", "zones": 2, "subnets": {"a": "s"}, "nothing": None}}
    monkeypatch.setattr(runs, "open_resting", lambda *given, **named: SimpleNamespace(command_line=CommandLine("mine")))
    monkeypatch.setattr("hp_tf.commands.output.outputs", lambda resting, layer: held)
    try:
        runs.output("mine", "network", name, as_json=as_json, raw=raw, rehearse=False)
    except HptfError as error:
        assert out in str(error)
    else:
        assert capsys.readouterr().out == out


@pytest.mark.parametrize(("layer", "name", "as_json"), [(None, None, False), ("a", None, False), ("a", "b", True)])
def test_raw_is_for_one_value(layer: str | None, name: str | None, as_json: bool) -> None:
    with pytest.raises(BadInput, match="--raw prints one value"):
        runs.output("mine", layer, name, as_json=as_json, raw=True, rehearse=False)


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
