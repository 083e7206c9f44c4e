"""Where a project keeps things."""

from __future__ import annotations

from pathlib import Path

from hp_tf.run.project import Project


def test_an_environment_and_its_rehearsal_have_folders_of_their_own(tmp_path: Path) -> None:
    project = Project(tmp_path, tmp_path)
    assert project.work("dev", rehearsal=False) == tmp_path / ".hptf" / "dev"
    assert project.work("dev", rehearsal=True) == tmp_path / ".hptf" / "dev.rehearsal"
