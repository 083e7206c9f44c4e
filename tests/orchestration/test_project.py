"""Where a project keeps things."""

from __future__ import annotations

import stat
from pathlib import Path

from hp_tf.orchestration.project import Project, make_folder, make_private


def test_an_environment_and_its_rehearsal_have_folders_of_their_own(tmp_path: Path) -> None:
    project = Project(tmp_path, tmp_path)
    assert project.work("dev", rehearsal=False) == tmp_path / ".hptf" / "dev"
    assert project.work("dev", rehearsal=True) == tmp_path / ".hptf" / "dev.rehearsal"


def test_a_folder_of_the_users_stays_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert stat.S_IMODE(make_folder(tmp_path).stat().st_mode) == 0o755
    assert stat.S_IMODE(make_folder(tmp_path / "new").stat().st_mode) == 0o700
    assert stat.S_IMODE(make_private(tmp_path).stat().st_mode) == 0o700
