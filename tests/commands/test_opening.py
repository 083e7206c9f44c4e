"""Opening an environment, before anything is asked of AWS."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from hp_tf.commands.opening import open_context
from hp_tf.commands.request import Request
from hp_tf.errors import HptfError
from hp_tf.files import make_private
from hp_tf.run import work_lock
from hp_tf.run.project import Project
from hp_tf.terraform.stop import StopRequest
from tests.engine.harness import Recorder

ENVS = Path(__file__).parents[2] / "envs"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project whose environment dev another hptf works on."""
    shutil.copytree(ENVS, tmp_path / "envs")
    return Project(tmp_path, tmp_path / "modules")


def test_another_hptf_is_named_and_waiting_for_it_ends_at_the_first_signal(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = work_lock.take(make_private(project.work("dev", rehearsal=False)), 0)
    with pytest.raises(HptfError, match=r"another hptf \(process \d+\) works on this environment here"):
        open_context("dev", Request(), ui=Recorder(), stop=StopRequest(), project=project)
    monkeypatch.setattr("hp_tf.run.work_lock.time.sleep", lambda seconds: signal.raise_signal(signal.SIGINT))
    stop = StopRequest()
    with stop.listening(), pytest.raises(KeyboardInterrupt):
        open_context("dev", Request(), ui=Recorder(), stop=stop, project=project, lock_wait=60)
    held.release()


@pytest.mark.parametrize("where", ["elsewhere", "envs"])
def test_a_file_named_from_elsewhere_is_worked_on_where_it_is(
    project: Project, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = work_lock.take(make_private(project.work("dev", rehearsal=True)), 0)
    (project.root / "elsewhere").mkdir()
    monkeypatch.chdir(project.root / where)
    with pytest.raises(HptfError, match=r"another hptf \(process \d+\) works on this environment here"):
        open_context("../envs/dev.yaml", Request(), ui=Recorder(), stop=StopRequest(), rehearse=True)
    assert not (project.root / where / ".hptf").exists()
    held.release()
