from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hp_tf.contract.base import Wired
from hp_tf.layers.security.contract import CONTRACT
from tests.contract.evaluating import broken, circles, disagreements, failures

GROUP = "sg-0123456789abcdef0"
BASE: dict[str, Any] = {
    "name": "dev",
    "vpc_id": "vpc-0123456789abcdef0",
}
GIVEN = {"create_security_group": False, "security_group_id": GROUP}

BLOCKS = {"primary": "10.192.0.0/16", "usw2-az1": "10.1.0.0/16"}
OPENZFS = {"openzfs_security_group_ids": [GROUP], "vpc_cidr_blocks": BLOCKS}

GOOD: list[dict[str, Any]] = [
    {},
    {**GIVEN, "present_rules": []},
    {**GIVEN, "cluster_vpc_id": "vpc-0123456789abcdef0", "present_rules": []},
    {**GIVEN, "present_rules": ["ingress_self", "egress_self", "egress_anywhere"]},
    OPENZFS,
    {"ssh_cidr_blocks": ["192.0.2.0/24", "10.0.0.0/8"], "ssh_security_group_ids": [GROUP]},
]


@pytest.mark.parametrize("values", GOOD)
def test_good_inputs(values: dict[str, Any]) -> None:
    assert failures(CONTRACT, BASE | values) == []


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"create_security_group": False, "present_rules": []}, "security-group-needed"),
    (GIVEN, "security-present-rules-needed"),
    ({**GIVEN, "present_rules": [], "cluster_vpc_id": "vpc-0123456789abcdef1"}, "security-cluster-vpc"),
    ({"name": "sg-dev"}, "security-name"),
    ({"security_group_id": GROUP}, "security-group-unused"),
    ({"present_rules": ["ingress_self"]}, "security-present-rules-given-group"),
    ({"openzfs_security_group_ids": [GROUP]}, "security-openzfs-blocks"),
    ({**OPENZFS, "openzfs_security_group_ids": [GROUP, GROUP]}, "security-openzfs-distinct"),
    ({**GIVEN, "present_rules": [], **OPENZFS}, "security-openzfs-group"),
    ({"ssh_cidr_blocks": ["192.0.2.0/24", "192.0.2.0/24"]}, "security-ssh-blocks-distinct"),
    ({"ssh_security_group_ids": [GROUP, GROUP]}, "security-ssh-groups-distinct"),
]


@pytest.mark.parametrize(("values", "rule"), BROKEN)
def test_each_rule_finds_its_case_alone(values: dict[str, Any], rule: str) -> None:
    assert broken(CONTRACT, BASE | values) == {rule}


def test_a_group_not_known_yet_breaks_nothing() -> None:
    given = {"create_security_group": False, "present_rules": []}
    assert failures(CONTRACT, BASE | given, unknown=("security_group_id", "cluster_vpc_id")) == []


def test_a_group_still_to_be_looked_up_is_a_given_one() -> None:
    """An existing cluster always has one."""
    assert broken(CONTRACT, BASE, unknown=("security_group_id",), nullable=False) == {"security-group-unused"}


def test_an_unknown_rule_is_refused() -> None:
    with pytest.raises(ValidationError):
        CONTRACT.inputs.model_validate(BASE | GIVEN | {"present_rules": ["ssh"]})


@pytest.mark.parametrize("block", ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "10.0.0.0/7", "::/0"])
def test_ssh_is_never_open_to_everybody(block: str) -> None:
    with pytest.raises(ValidationError, match="between /8 and /32"):
        CONTRACT.inputs.model_validate(BASE | {"ssh_cidr_blocks": [block]})


def test_only_an_existing_cluster_gives_its_group() -> None:
    wires = dict(CONTRACT.wires())
    assert wires["security_group_id"] == Wired("eks.cluster_security_group_id", when="existing")


def test_validations_do_not_go_in_a_circle() -> None:
    assert circles(CONTRACT) == []


def test_terraform_judges_the_same(tmp_path: Path) -> None:
    changes = [*GOOD, *(values for values, _ in BROKEN), {"ssh_cidr_blocks": ["0.0.0.0/0"]}]
    assert disagreements(CONTRACT, BASE, changes, tmp_path) == []
