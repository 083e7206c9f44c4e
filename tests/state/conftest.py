from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.state.local import LocalStore

from .terraform import Terraform


@pytest.fixture
def terraform(tmp_path: Path) -> Terraform:
    """Real Terraform with the module folders of three small layers beside it."""
    return Terraform(tmp_path / "terraform")


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    """An empty local store."""
    return LocalStore(tmp_path / "states")
