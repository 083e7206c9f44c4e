"""What the commands say around what the engine does."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from hp_tf.cli import runs
from hp_tf.report import summary
from hp_tf.run.command_line import CommandLine


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that plans and applies nothing."""
    planned = SimpleNamespace(has_changes=False, later=("helm", "fsx"), findings=(), bought=())
    monkeypatch.setattr(
        runs,
        "open_context",
        lambda env, request, *, rehearse, **_: SimpleNamespace(command_line=CommandLine(env, rehearse)),
    )
    monkeypatch.setattr(runs, "review", lambda *_, **__: planned)
    done = SimpleNamespace(planned=planned, applied=object(), approved=True)
    monkeypatch.setattr(runs, "run_apply", lambda *_, **__: done)
    monkeypatch.setattr(summary, "applied", lambda *_: "applied")
    monkeypatch.setattr(runs, "_show", lambda *_, **__: None)


@pytest.mark.parametrize(("rehearse", "end"), [(False, ""), (True, " --rehearse")])
def test_what_to_run_next_is_about_the_same(rehearse: bool, end: str, capsys: pytest.CaptureFixture[str]) -> None:
    runs.plan(
        "other/dev.yaml",
        [],
        out=Path("kept"),
        as_json=False,
        detailed_exitcode=False,
        lock_wait=0.0,
        rehearse=rehearse,
        values=False,
    )
    assert capsys.readouterr().err == f"plan kept in kept: hptf apply other/dev.yaml --plan kept{end}\n"
    runs.apply(
        "other/dev.yaml",
        [],
        kept=None,
        auto_approve=True,
        allow_destroy=[],
        remove_layer=[],
        allow=[],
        lock_wait=0.0,
        rehearse=rehearse,
        values=False,
        keep=[],
        as_json=False,
    )
    assert capsys.readouterr().err == f"helm, fsx can be planned now: hptf apply other/dev.yaml{end}\n"
