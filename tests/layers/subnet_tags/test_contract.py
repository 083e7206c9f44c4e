from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hp_tf.layers.subnet_tags.contract import CONTRACT
from tests.contract.evaluating import broken, circles, disagreements, failures
from tests.environment.samples import read, wrong

SUBNETS = {"usw2-az1": "subnet-0123456789abcdef0"}
BASE: dict[str, Any] = {"private_subnet_ids": SUBNETS}
GOOD: list[dict[str, Any]] = [
    {},
    {"public_subnet_ids": SUBNETS},
    {"private_subnet_tags": {"kubernetes.io/cluster/dev": "shared", "karpenter.sh/discovery": "dev"}},
]
NONE: dict[str, Any] = {"private_subnet_tags": {}, "public_subnet_tags": {}}
HEAD = """
orchestrator: eks
name: acme
aws: {region: us-west-2, account_id: "123456789012"}
layers:
  eks: {availability_zone_ids: [usw2-az1, usw2-az2]}
  hyperpod: {instance_groups: [{name: a, instance_type: ml.m5.xlarge, count: 1}]}
  subnet_tags: {enabled: true}
"""


@pytest.mark.parametrize("values", GOOD)
def test_good_inputs(values: dict[str, Any]) -> None:
    assert failures(CONTRACT, BASE | values) == []


def test_without_a_tag_there_is_nothing_to_do() -> None:
    assert broken(CONTRACT, BASE | NONE) == {"subnet_tags-some"}


def test_validations_do_not_go_in_a_circle() -> None:
    assert circles(CONTRACT) == []


def test_terraform_judges_the_same(tmp_path: Path) -> None:
    assert disagreements(CONTRACT, BASE, [*GOOD, NONE], tmp_path) == []


def test_it_is_for_subnets_that_exist_alone(tmp_path: Path) -> None:
    """Those that the network makes, it tags itself: two resources would fight over one tag."""
    from hp_tf.layers.discovery import CONTRACTS

    made = "  network: {availability_zone_ids: [usw2-az1]}\n"
    (problem,) = wrong(tmp_path, HEAD + made, CONTRACTS)
    assert "supplies it only if network exists already" in problem.message
    existing = "{vpc_id: vpc-01234567, private_subnet_ids: {usw2-az1: subnet-01234567}}"
    _, wiring = read(tmp_path, f"{HEAD}  network: {{existing: {existing}}}\n", CONTRACTS)
    assert wiring.bindings["subnet_tags"]["private_subnet_ids"].kind == "given"
