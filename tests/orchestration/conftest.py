from __future__ import annotations

from pathlib import Path

import pytest

from tests.orchestration.harness import CLUSTER, CLUSTER_MODULES, Workbench, is_builtin


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    """A project of three small layers in a folder of its own."""
    return Workbench(tmp_path)


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """A project of a cluster, what is installed in it, and a layer after that."""
    monkeypatch.setattr("hp_tf.orchestration.barrier.in_cluster", is_builtin)
    return Workbench(tmp_path, CLUSTER, CLUSTER_MODULES)
