"""The sections that need neither Terraform nor the emulator, at a small size."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from bench import __main__ as command
from bench import federation, merge, scene, start
from hp_tf.terraform.environment import terraform_environment

if TYPE_CHECKING:
    from hp_tf.emulator.daemon import Emulator


def test_merge_counts_what_it_joins() -> None:
    section = merge.measure(resources=200, rounds=3)
    assert section.raw["resources"] == 200
    assert len(section.raw["seconds"]) == 3
    assert section.rows[0].bar == 1.0
    assert section.rows[0].passed is None, "three rounds are too few for a verdict"
    assert all(row.value > 0 for row in section.rows)


def test_start_compares_with_an_empty_program_of_either_kind(tmp_path: Path) -> None:
    section = start.measure(scene.make(tmp_path / "project"), rounds=1)
    assert list(section.raw["seconds"]) == [
        "hptf --help",
        "empty typer program",
        "empty typer program, plain help",
    ]
    assert [row.bar for row in section.rows] == [1.5, 1.5]
    assert all(row.value > 0 for row in section.rows)


def test_the_measured_programs_see_none_of_the_users_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("TF_CLI_ARGS", "-no-color")
    environ = scene.make(tmp_path / "project").environ
    assert not [name for name in environ if name.startswith(("AWS_", "TF_"))]


def test_an_unknown_section_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        command.main(["merge", "sorting"])
    assert exit_.value.code == 2
    assert "there is no section sorting" in capsys.readouterr().err


def test_the_roots_run_with_the_setting_hptf_gives_terraform(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOGC", "50")
    stage = scene.make(tmp_path / "project")
    ours = terraform_environment(stage.environ, {})
    running = SimpleNamespace(environment=dict)
    assert stage.terraform_environ(cast("Emulator", running))["GOGC"] == ours["GOGC"] == scene.GOGC


def test_the_bar_stands_on_a_root_as_a_hand_runs_it() -> None:
    few = federation._rows(federation.APPLY, {federation.OURS: [2.0], federation.SINGLE: [1.0]})
    assert [row.passed for row in few] == [None, None, None]
    measured = {federation.OURS: [1.2] * 7, federation.SINGLE: [1.0] * 7, federation.TUNED: [2.0] * 3}
    rows = {row.name: row for row in federation._rows(federation.APPLY, measured)}
    judged = [name for name, row in rows.items() if row.passed is not None]
    assert judged == ["plan and apply from nothing: hptf / one root"]
    assert rows[judged[0]].passed is False
    assert f"plan and apply from nothing: hptf / one root with GOGC={scene.GOGC}" in rows
