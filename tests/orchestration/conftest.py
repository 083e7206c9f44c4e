from __future__ import annotations

from pathlib import Path

import pytest

from tests.orchestration.harness import Workbench


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    """A project of three small layers in a folder of its own."""
    return Workbench(tmp_path)
