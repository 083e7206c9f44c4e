"""What the synth tests share: the Terraform program, and the bindings loaded once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from hp_tf.synth import engine
from tests.synth.terraform import Terraform


@pytest.fixture(scope="session")
def program() -> Path:
    found = shutil.which("terraform")
    assert found is not None, "these tests need `terraform` on PATH"
    return Path(found)


@pytest.fixture
def terraform(program: Path) -> Callable[[Path], Terraform]:
    """Gives a root's folder its Terraform."""
    return lambda folder: Terraform(program, folder)


@pytest.fixture(scope="session")
def bindings() -> None:
    """Makes jsii ready; tests that use it carry the marker `synth`."""
    engine.prepare()
