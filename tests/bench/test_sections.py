"""The sections that need neither Terraform nor the emulator, at a small size."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import __main__ as command
from bench import merge, scene, start


def test_merge_counts_what_it_joins() -> None:
    section = merge.measure(resources=200, rounds=3)
    assert section.raw["resources"] == 200
    assert len(section.raw["seconds"]) == 3
    assert section.rows[0].bar == 1.0
    assert 0 < section.rows[0].value < section.rows[1].value


def test_start_compares_with_an_empty_program_of_either_kind(tmp_path: Path) -> None:
    section = start.measure(scene.make(tmp_path / "project"), rounds=1)
    assert list(section.raw["seconds"]) == [
        "hptf --help",
        "empty typer program",
        "empty typer program, plain help",
    ]
    assert [row.bar for row in section.rows] == [1.5, 1.5]
    assert all(row.value > 0.1 for row in section.rows)


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
