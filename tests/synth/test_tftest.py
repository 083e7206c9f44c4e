"""Every module's own tests pass, with mocked providers: those of aws by its real schema."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from hp_tf.layers.discovery import CONTRACTS
from hp_tf.synth.tftest import PATH
from tests.contract.verdicts import MODULES
from tests.synth.standins import standins
from tests.synth.terraform import Terraform, mirror


@pytest.mark.slow
@pytest.mark.parametrize("layer", CONTRACTS)
def test_a_module_passes_its_own_tests(layer: str, tmp_path: Path, program: Path) -> None:
    module = tmp_path / layer
    shutil.copytree(MODULES / layer, module)
    (tmp_path / "s").mkdir()
    with standins(tmp_path / "s") as environ:
        terraform = Terraform(program, module, environ, providers=mirror())
        terraform.init()
        done = terraform.run("test", "-no-color")
    assert done.returncode == 0, done.stdout + done.stderr
    runs = (module / PATH).read_text(encoding="utf-8").count("\nrun ")
    assert f"{runs} passed, 0 failed" in done.stdout
