"""What all tests share: which are slow, and where they run."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from hp_tf.terraform import commands
from tests.beside import compared
from tests.engine.harness import CLUSTER, CLUSTER_MODULES, Workbench, is_builtin

# A deadline tells of a busy machine, not of the code. `quick` is for a look between two edits.
settings.register_profile("default", deadline=None)
settings.register_profile("quick", deadline=None, max_examples=15)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

pytest_plugins = ["tests.timetable"]

HERE = Path(__file__).parent
# Loading the CDKTF bindings costs 20 s and 1.8 GB, so one worker does it for all tests that need modules built.
MODULES = frozenset({"layers", "synth", "examples"})
LONG = frozenset({"end_to_end", *MODULES})

# Fixtures that start an emulator, or run Terraform over a project of layers.
WORKING = frozenset({"bench", "running"})


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what works with processes of its own as slow, before `-m` chooses.

    Tests that load the bindings stay on one worker; `--dist loadgroup` reads the mark. What takes minutes comes first:
    a worker is given several groups ahead, and at the end one would work through them while the others wait.
    """
    assert "jsii" not in sys.modules, "a test file loads the CDKTF bindings when it is collected, so every worker does"
    items.sort(key=lambda item: item.path.relative_to(HERE).parts[0] not in LONG)
    for item in items:
        if isinstance(item, pytest.Function) and WORKING & set(item.fixturenames):
            item.add_marker(pytest.mark.slow)
        if item.path.relative_to(HERE).parts[0] in MODULES and item.get_closest_marker("synth"):
            item.add_marker(pytest.mark.xdist_group("modules"))


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    """Give a project of three small layers in a folder of its own."""
    return Workbench(tmp_path)


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """Give a project of a cluster, what is installed in it, and a layer after that."""
    monkeypatch.setattr("hp_tf.planning.endpoint_barrier.in_cluster", is_builtin)
    return Workbench(tmp_path, CLUSTER, CLUSTER_MODULES)


@pytest.fixture(autouse=True)
def _plans_are_read_as_terraform_shows_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare every plan that a test has read; `tests/end_to_end` does so in the processes it starts."""
    monkeypatch.setattr(commands, "show", compared(commands.show))
