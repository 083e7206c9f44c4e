"""The example with Slurm of a codebase that uses the modules without hptf, applied by plain Terraform."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hp_tf.emulator import daemon
from hp_tf.emulator.clients import EmulatorSession
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.terraform import mirrors
from tests.examples.test_terraform_only import REPOSITORY, terraform

EXAMPLE = REPOSITORY / "examples" / "terraform-only-slurm"
OPTIONAL = {"openzfs", "accounting", "ssm"}


@pytest.fixture
def emulator(tmp_path: Path) -> Iterator[daemon.Emulator]:
    yield daemon.start(tmp_path / "emulator", account_id="123456789012", region="us-west-2", environ=os.environ)
    daemon.stop(tmp_path / "emulator")


def test_every_module_of_slurm_is_called() -> None:
    called = set(re.findall(r'source = "\.\./\.\./modules/(\w+)"', (EXAMPLE / "main.tf").read_text()))
    usual = {name for name, contract in CONTRACTS.items() if contract.enabled and "slurm" in contract.orchestrators}
    assert called == usual | OPTIONAL


def test_providers_are_those_the_modules_ask_for() -> None:
    text = (EXAMPLE / "versions.tf").read_text()
    named = dict(re.findall(r'source  = "(.*)"\n\s*version = "(.*)"', text))
    wanted = {item.source: item.version for item in CONTRACTS["hyperpod_slurm"].providers}
    assert named == wanted


def test_no_module_block_has_depends_on() -> None:
    assert "depends_on" not in re.sub("^#.*$", "", (EXAMPLE / "main.tf").read_text(), flags=re.MULTILINE)


@pytest.mark.slow
def test_terraform_alone_applies_it_and_has_nothing_left_to_do(tmp_path: Path, emulator: daemon.Emulator) -> None:
    shutil.copytree(REPOSITORY / "modules", tmp_path / "modules")
    folder = tmp_path / "examples" / EXAMPLE.name
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns(".terraform*", "terraform.tfstate*"))
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "HPTF_PROVIDER_MIRROR") if name in os.environ}
    (tmp_path / "cli").mkdir()
    installation = mirrors.prepare(tmp_path / "cli", kept, cwd=tmp_path)
    environ = {**kept, **installation.environ, **emulator.environment(), "CHECKPOINT_DISABLE": "1"}
    terraform(folder, environ, "fmt", "-check", "-diff")
    terraform(folder, environ, "init", "-input=false")
    terraform(folder, environ, "apply", "-auto-approve", "-input=false")
    again = subprocess.run(
        ["terraform", "plan", "-detailed-exitcode", "-input=false"],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert again.returncode == 0, again.stdout + again.stderr
    told = json.loads(terraform(folder, environ, "output", "-json"))
    assert told["partitions"]["value"] == {"training": ["training"]}
    sagemaker = EmulatorSession(emulator.endpoint, "us-west-2", emulator.access_key).client("sagemaker")
    nodes = sagemaker.list_cluster_nodes(ClusterName="ml-slurm")["ClusterNodeSummaries"]
    assert sorted(node["InstanceGroupName"] for node in nodes) == ["controller", "login", "training", "training"]
