"""Where a project keeps things."""

from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.run.project import Project, project_here


def test_an_environment_and_its_rehearsal_have_folders_of_their_own(tmp_path: Path) -> None:
    project = Project(tmp_path, tmp_path)
    assert project.work("dev", rehearsal=False) == tmp_path / ".hptf" / "dev"
    assert project.work("dev", rehearsal=True) == tmp_path / ".hptf" / "dev.rehearsal"


def test_a_working_folder_has_one_path_wherever_the_user_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recovery tells by their paths whether a state that was left belongs to a run."""
    (tmp_path / "envs").mkdir()
    (tmp_path / ".hptf" / "dev" / "emulator").mkdir(parents=True)
    for here in (tmp_path, tmp_path / "envs"):
        monkeypatch.chdir(here)
        project = project_here()
        of = project.of(project.envs / "dev.yaml").work("dev", rehearsal=False)
        assert of == project.work("dev", rehearsal=False) == tmp_path / ".hptf" / "dev"
        assert project.emulators() == [("dev", False, of / "emulator")]
