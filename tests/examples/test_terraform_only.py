"""The example of a codebase that uses the modules without hptf."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from hp_tf.layers.discovery import CONTRACTS
from hp_tf.layers.helm.contract import REVISION
from hp_tf.standin.server import serve
from hp_tf.synth.single_root import example
from hp_tf.terraform import mirrors
from hp_tf.terraform.hcl import top_level

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLE = REPOSITORY / "examples" / "terraform-only"


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """Variables with which Terraform finds the aws provider where hptf does, and the stand-ins for the others."""
    kept = {
        name: os.environ[name]
        for name in ("PATH", "HOME", "XDG_DATA_HOME", "HPTF_PROVIDER_MIRROR")
        if name in os.environ
    }
    cli = tmp_path / "cli"
    cli.mkdir()
    installation = mirrors.prepare(cli, kept, cwd=tmp_path)
    stand_ins = serve(tmp_path / "sockets", "http://127.0.0.1:9", "us-west-2", access_key="test").reattach
    return {
        **kept,
        **installation.environ,
        "TF_REATTACH_PROVIDERS": json.dumps(stand_ins),
        "TF_IN_AUTOMATION": "1",
        "CHECKPOINT_DISABLE": "1",
    }


def terraform(folder: Path, environ: dict[str, str], *arguments: str) -> str:
    """Run Terraform and return what it prints; a failure shows all of it."""
    done = subprocess.run(
        ["terraform", *arguments], cwd=folder, env=environ, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_module_is_called() -> None:
    called = set(re.findall(r'source = "\.\./\.\./modules/(\w+)"', (EXAMPLE / "main.tf").read_text()))
    assert called == {
        name for name, contract in CONTRACTS.items() if contract.enabled and "eks" in contract.orchestrators
    }


@pytest.mark.slow
def test_the_committed_root_is_what_the_layers_say() -> None:
    terraform = Path(shutil.which("terraform") or "")
    for path, text in example(REPOSITORY, CONTRACTS, terraform).items():
        assert path.read_text() == text, f"{path}: run `hptf synth`"


def test_readme_names_the_chart_revision_hptf_uses() -> None:
    assert f"checkout {REVISION}\n" in (EXAMPLE / "README.md").read_text()


def test_providers_are_those_the_modules_ask_for() -> None:
    text = (EXAMPLE / "versions.tf").read_text()
    named = dict(re.findall(r'source  = "(.*)"\n\s*version = "(.*)"', text))
    assert named == {item.source: item.version for contract in CONTRACTS.values() for item in contract.providers}


def test_no_module_block_has_depends_on() -> None:
    blocks = re.findall(r'^module "\w+" \{\n(.*?)^\}', (EXAMPLE / "main.tf").read_text(), re.DOTALL | re.MULTILINE)
    assert blocks
    assert not [block for block in blocks if "depends_on" in block]


def test_a_further_zone_of_the_nodes_is_none_of_the_control_planes() -> None:
    """EKS's zones are fixed at creation, the network's are not."""
    blocks = [item for item in top_level((EXAMPLE / "main.tf").read_text()) if item.kind == "module"]
    zones = {
        block.labels[0]: argument.text
        for block in blocks
        for argument in top_level(block.text)
        if argument.kind == "availability_zone_ids"
    }
    assert set(zones) == {"network", "eks"}
    # Written out for each: nothing that one could change moves both.
    assert all(text.strip().startswith("[") for text in zones.values())


def test_no_variable_leaves_out_what_a_module_takes() -> None:
    """Terraform drops in silence what an object type does not name, and a module's own type names everything."""
    assert "object(" not in (EXAMPLE / "variables.tf").read_text()


@pytest.mark.slow
def test_validates(tmp_path: Path, environ: dict[str, str]) -> None:
    shutil.copytree(REPOSITORY / "modules", tmp_path / "modules")
    folder = tmp_path / "examples" / "terraform-only"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".terraform*"))
    terraform(folder, environ, "fmt", "-check", "-diff")
    terraform(folder, environ, "init", "-backend=false", "-input=false")
    document = json.loads(terraform(folder, environ, "validate", "-json"))
    assert document["valid"], document["diagnostics"]
    assert document["diagnostics"] == []
