"""The hand-written roots say the same as the environment hptf is given: a comparison of two things alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench import federation, memory, roots
from hp_tf.environment.load import validated
from hp_tf.environment.wiring import Wiring
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.run.project import find_modules

VALUES = {"name": "bench", "region": "us-west-2", "account": "000000000000"}
_ARGUMENT = re.compile(r"^  (\w+) += (.*)$", re.MULTILINE)
_REFERENCE = re.compile(r"module\.(\w+)\.(\w+)")


@pytest.fixture
def wiring(tmp_path: Path) -> Wiring:
    (tmp_path / "bench.yaml").write_text(federation.ENVIRONMENT_FILE)
    return validated("bench", CONTRACTS, tmp_path)[1]


def test_the_layers_are_those_of_the_environment(wiring: Wiring) -> None:
    assert set(roots.MODULES) == set(wiring.order)


@pytest.mark.parametrize("layer", roots.MODULES)
def test_every_layer_is_wired_alike(layer: str, wiring: Wiring) -> None:
    by_hand = {
        name: reference.groups()
        for name, value in _ARGUMENT.findall(roots.MODULES[layer])
        if (reference := _REFERENCE.fullmatch(value)) is not None
    }
    ours = {
        name: (binding.wire.layer, binding.wire.output)
        for name, binding in wiring.bindings[layer].items()
        if binding.kind == "wire" and binding.wire is not None
    }
    # A role for Karpenter is there only with autoscaling; a hand would not pass the null.
    ours.pop("karpenter_role_arn", None)
    assert by_hand == ours


@pytest.mark.parametrize("layer", roots.MODULES)
def test_every_layer_has_the_same_arguments(layer: str, wiring: Wiring) -> None:
    passed = {name for name, binding in wiring.bindings[layer].items() if binding.passed} - {"karpenter_role_arn"}
    # Null unless it is given, and auto_scaling is false unless it is: the module's own defaults.
    passed -= {"auto_scaling", "cluster_vpc_id", "security_group_id"} - {
        name for name, _ in _ARGUMENT.findall(roots.MODULES[layer])
    }
    assert {name for name, _ in _ARGUMENT.findall(roots.MODULES[layer])} == passed


def test_the_single_root_has_every_module_and_output(tmp_path: Path) -> None:
    roots.write_single(tmp_path / "single", find_modules(), VALUES)
    text = (tmp_path / "single" / "main.tf").read_text()
    assert re.findall(r'^module "(\w+)"', text, re.MULTILINE) == list(roots.MODULES)
    assert 'output "hyperpod__cluster_arn"' in text
    assert "$" not in text
    assert (tmp_path / "single" / "charts" / "hyperpod" / "Chart.yaml").is_file()
    assert (tmp_path / "single" / "modules" / "network" / "main.tf").is_file()


def test_a_layers_root_takes_its_references_as_variables(tmp_path: Path) -> None:
    needs = roots.write_layers(tmp_path, find_modules(), VALUES)
    assert needs["security"] == {"network": {"vpc_id", "vpc_cidr_blocks"}}
    assert needs["helm"]["eks"] >= {"cluster_name", "cluster_endpoint", "cluster_certificate_authority"}
    text = (tmp_path / "security" / "main.tf").read_text()
    assert "vpc_id          = var.network__vpc_id" in text
    assert 'variable "network__vpc_id"' in text
    assert "module.network" not in text
    assert 'provider "aws"' in text
    assert "awscc" not in text
    for layer, producers in needs.items():
        earlier = list(roots.MODULES)[: list(roots.MODULES).index(layer)]
        assert set(producers) <= set(earlier), f"{layer} comes before what it needs"


def test_the_widest_environment_is_valid(tmp_path: Path) -> None:
    (tmp_path / "wide.yaml").write_text(memory.environment_file())
    environment, _ = validated("wide", CONTRACTS, tmp_path)
    assert len(environment.layers["hyperpod"].inputs["instance_groups"]) == memory.GROUPS
