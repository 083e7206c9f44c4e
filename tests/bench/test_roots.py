"""The roots by hand have what the environment has that hptf is given: a comparison of two things alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench import environments, memory
from bench.roots import ByHand
from hp_tf.environment.load import validated
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.run.project import find_modules


@pytest.fixture
def by_hand(tmp_path: Path) -> ByHand:
    file = tmp_path / "bench.yaml"
    file.write_text(environments.federated("bench"))
    return ByHand.of(file, find_modules())


def test_the_layers_and_their_wires_are_those_of_the_environment(by_hand: ByHand, tmp_path: Path) -> None:
    _, wiring = validated("bench", CONTRACTS, tmp_path)
    assert tuple(by_hand.calls) == wiring.order
    for layer, call in by_hand.calls.items():
        wires = {
            (name, binding.wire.source)
            for name, binding in wiring.bindings[layer].items()
            if binding.kind == "wire" and binding.wire is not None
        }
        assert set(re.findall(r"^(\w+) = module\.(\w+\.\w+)$", call, re.MULTILINE)) == wires


def test_the_single_root_has_every_module_and_output(by_hand: ByHand, tmp_path: Path) -> None:
    by_hand.write_single(tmp_path / "single")
    text = (tmp_path / "single" / "main.tf").read_text()
    assert re.findall(r'^module "(\w+)"', text, re.MULTILINE) == list(by_hand.calls)
    assert 'output "hyperpod__cluster_arn"' in text
    assert "$" not in text
    assert (tmp_path / "single" / "charts" / "hyperpod" / "Chart.yaml").is_file()
    assert (tmp_path / "single" / "modules" / "network" / "main.tf").is_file()


def test_providers_are_configured_as_hptf_does_it(by_hand: ByHand) -> None:
    assert set(by_hand.providers) == {item.name for contract in CONTRACTS.values() for item in contract.providers}
    assert 'allowed_account_ids = ["000000000000"]' in by_hand.providers["aws"]
    lines = [line.strip() for line in by_hand.providers["helm"].splitlines()]
    assert "host = module.eks.cluster_endpoint" in lines
    assert "cluster_ca_certificate = base64decode(module.eks.cluster_certificate_authority)" in lines
    assert '"--cluster-name", module.eks.cluster_name' in " ".join(lines)


def test_a_layers_root_takes_its_references_as_variables(by_hand: ByHand, tmp_path: Path) -> None:
    needs = by_hand.write_layers(tmp_path)
    assert needs["security"] == {"network": {"vpc_id", "vpc_cidr_blocks"}}
    assert needs["helm"]["eks"] >= {"cluster_name", "cluster_endpoint", "cluster_certificate_authority"}
    text = (tmp_path / "security" / "main.tf").read_text()
    assert "vpc_id = var.network__vpc_id" in text
    assert 'variable "network__vpc_id"' in text
    assert "module.network" not in text
    assert 'provider "aws"' in text
    assert "awscc" not in text
    for layer, producers in needs.items():
        earlier = list(by_hand.calls)[: list(by_hand.calls).index(layer)]
        assert set(producers) <= set(earlier), f"{layer} comes before what it needs"


def test_the_widest_environment_is_valid(tmp_path: Path) -> None:
    (tmp_path / "wide.yaml").write_text(memory.environment_file())
    environment, _ = validated("wide", CONTRACTS, tmp_path)
    assert len(environment.layers["hyperpod"].inputs["instance_groups"]) == memory.GROUPS
