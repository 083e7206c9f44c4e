"""The sections that need neither Terraform nor the emulator, at a small size."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from bench import __main__ as command
from bench import federation, full, memory, merge, scene, start, synth
from bench.timing import Done
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
    assert [row.bar for row in section.rows] == [0.5, 1.5]
    assert all(row.value > 0 for row in section.rows)


def test_synth_is_held_against_the_import_of_its_bindings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], **options: object) -> Done:
        return Done(10.0 if "-c" in command else 6.0 if synth.ONE in command else 12.0, 0.0, "")

    monkeypatch.setattr(synth, "run", run)
    section = synth.measure(scene.make(tmp_path / "project"), rounds=7)
    assert [(row.value, row.bar, row.passed) for row in section.rows] == [(1.2, 1.3, True), (0.5, None, None)]


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


def test_every_way_that_has_no_extra_setting_is_measured_seven_times() -> None:
    rounds = federation.ROUNDS
    for way in (federation.OURS, federation.SINGLE, federation.LOOP):
        assert rounds.plan[way] == rounds.apply[way] == rounds.small.get(way, 7) == 7


class Growing:
    """A scene whose emulator holds 100 MB more after each command."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self.held = 100.0
        self.stopped = False
        (root / "envs").mkdir()
        for module in (full, memory):
            monkeypatch.setattr(module, "peak_megabytes", lambda pid: 0.0 if self.stopped else self.held)

    def emulator(self, environment: str) -> SimpleNamespace:
        return SimpleNamespace(pid=1)

    def run_hptf(self, *arguments: str) -> Done:
        self.held += 100.0
        return Done(1.0, 50.0, "")

    def folder(self, environment: str) -> Path:
        return self.root

    def down(self, environment: str) -> None:
        self.stopped = True


def test_the_emulators_memory_is_read_at_the_end_of_its_life(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lived = full.live(cast("scene.Scene", Growing(tmp_path, monkeypatch)), note=lambda line: None)
    assert list(lived.seconds) == ["apply", "plan", "destroy"]
    assert lived.emulator_mb == 400.0


def test_the_widest_environments_emulator_has_the_bar_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    section = memory.measure(cast("scene.Scene", Growing(tmp_path, monkeypatch)), None)
    rows = {row.name: (row.value, row.bar) for row in section.rows}
    assert rows["emulator, apply and plan wide"] == (300.0, full.EMULATOR_BAR)
    assert section.raw["peaks_mb"]["emulator, apply and plan wide"] == 300.0
