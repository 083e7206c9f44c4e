"""Where a project keeps things."""

from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.errors import BadInput
from hp_tf.orchestration.project import Project


def test_an_environment_and_its_rehearsal_have_folders_of_their_own(tmp_path: Path) -> None:
    project = Project(tmp_path, tmp_path)
    assert project.work("dev", rehearsal=False) == tmp_path / ".hptf" / "dev"
    assert project.work("dev", rehearsal=True) == tmp_path / ".hptf" / "dev.rehearsal"


@pytest.mark.parametrize("name", ["state", "dev.rehearsal"])
def test_a_name_that_is_taken_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match=f"an environment cannot be called '{name}'"):
        Project(tmp_path, tmp_path).work(name, rehearsal=False)
