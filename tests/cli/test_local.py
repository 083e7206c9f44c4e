"""Several embedded AWSs of one project: what runs, and how all of it is stopped."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from hp_tf.cli.app import app
from hp_tf.emulator import daemon
from hp_tf.emulator.daemon import Emulator
from tests.cli.commands import ROOT


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[Path, bool]:
    """What runs in this project: an emulator's folder, and whether that one answers."""
    shutil.copytree(ROOT / "envs", tmp_path / "envs")
    monkeypatch.chdir(tmp_path)
    found: dict[Path, bool] = {}
    for name, answers in {"local": True, "gone": True, "dev.rehearsal": False}.items():
        folder = tmp_path / ".hptf" / name / "emulator"
        folder.mkdir(parents=True)
        found[folder] = answers
    (tmp_path / ".hptf" / "prod.rehearsal" / "emulator").mkdir(parents=True)

    def find(folder: Path) -> tuple[Emulator, bool] | None:
        if folder not in found:
            return None
        return Emulator("http://127.0.0.1:7", 7, "111122223333", "us-west-2", folder), found[folder]

    monkeypatch.setattr(daemon, "find", find)
    monkeypatch.setattr(daemon, "stop", lambda folder: found.pop(folder, None) is not None)
    monkeypatch.setattr(daemon, "memory", lambda emulator: 214)
    return found


def call(*arguments: str) -> str:
    done = CliRunner().invoke(app, ["local", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_all_that_run_are_listed_by_the_name_that_commands_take(running: dict[Path, bool]) -> None:
    at = "http://127.0.0.1:7, process 7"
    assert call("list").splitlines() == [
        f"dev --rehearse: {at}, does not answer",
        f"gone: {at}, 214 MB; its file is gone",
        f"local: {at}, 214 MB",
    ]
    running.clear()
    assert call("list") == "no embedded AWS runs in this project\n"


def test_one_is_stopped_though_its_file_is_gone(running: dict[Path, bool]) -> None:
    assert call("down", "gone").startswith("stopped")
    assert [folder.parent.name for folder in running] == ["local", "dev.rehearsal"]
    # What never was is still a mistake.
    done = CliRunner().invoke(app, ["local", "down", "never"])
    assert done.exit_code == 2 and "no environment 'never'" in done.output


def test_all_are_stopped_at_once(running: dict[Path, bool]) -> None:
    said = call("down", "--all")
    assert not running
    assert [line.split(":")[0] for line in said.splitlines()] == ["dev --rehearse", "gone", "local"]
    assert call("down", "--all") == "no embedded AWS runs in this project\n"
