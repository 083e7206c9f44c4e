from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from hp_tf.layers.discovery import CONTRACTS
from hp_tf.synth import coverage
from hp_tf.synth.problems import DefinitionError

REPOSITORY = Path(__file__).parents[2]


def test_the_committed_page_is_what_the_layers_say() -> None:
    assert (REPOSITORY / "docs" / "coverage.md").read_text() == coverage.render(CONTRACTS), "run `hptf synth`"


def test_every_stack_that_a_layer_replaces_has_parameters_and_the_other_way_round() -> None:
    known = coverage.read(CONTRACTS)
    stacks = {item.stack for item in known.templates if item.stack.endswith("Stack")}
    replaced = {stack.partition(" (")[0] for contract in CONTRACTS.values() for stack in contract.replaces}
    assert stacks <= replaced


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({("eks", "vpc-template", "VpcCIDR"): "vpc_cird"}, "the layer has no vpc_cird"),
        ({("eks", "vpc-template", "VpcCidr"): "vpc_cidr"}, "templates.toml has no eks.vpc-template.VpcCidr"),
        ({("eks", "vpc-template", "VpcCIDR"): "existing.bucket"}, "the layer has no existing.bucket"),
        ({}, "eks.vpc-template.VpcCIDR: nothing says what does its job"),
    ],
)
def test_a_parameter_in_no_place_is_a_mistake(
    monkeypatch: pytest.MonkeyPatch, said: Mapping[tuple[str, str, str], str], problem: str
) -> None:
    monkeypatch.setattr(coverage, "_said", lambda _: said.items())
    with pytest.raises(DefinitionError) as caught:
        coverage.read({"network": CONTRACTS["network"]})
    assert problem in str(caught.value)
