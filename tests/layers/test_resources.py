"""What holds for the resource types of every layer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hp_tf.contract.base import Contract
from hp_tf.layers.discovery import CONTRACTS

MODULES = Path(__file__).parents[2] / "modules"
DECLARED = [(layer, item) for layer, contract in CONTRACTS.items() for item in contract.resources]


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=list(CONTRACTS))
def test_a_layer_declares_the_types_its_module_makes_and_no_other(contract: Contract) -> None:
    files = (MODULES / contract.name).glob("*.tf")
    made = {kind for file in files for kind in re.findall(r'^resource "(\w+)"', file.read_text(), re.MULTILINE)}
    assert made
    assert sorted(item.type for item in contract.resources) == sorted(made)


def test_a_type_of_several_layers_is_declared_once() -> None:
    for one, first in DECLARED:
        assert [other for other, item in DECLARED if item.type == first.type and item is not first] == [], one


# The provider imports none of it. Made once more an association is the same, and a second quota is refused by name.
NOT_IMPORTED = {
    "aws_cloudcontrolapi_resource",
    "aws_vpc_endpoint_security_group_association",
    "terraform_data",
}


def test_every_type_can_be_looked_for_in_one_way() -> None:
    for item in (item for _, item in DECLARED if item.type not in NOT_IMPORTED):
        named = item.import_id is not None and item.exists is not None
        assert named == (item.candidates is None), item.type
        # Where AWS chooses the id, the import id may still hold more than that.
        assert named or (item.exists is None and (item.import_id is not None) == item.own_id), item.type


def test_what_a_type_is_born_with_is_declared_too() -> None:
    types = {item.type for _, item in DECLARED}
    assert {kind for _, item in DECLARED for kind in item.born_with} <= types
