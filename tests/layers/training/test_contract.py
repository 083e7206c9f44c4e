from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hp_tf.contract.role import configured_key
from hp_tf.contract.roles import KubernetesApi, RestrictedGroups
from hp_tf.layers.training.contract import CONTRACT
from tests.contract.verdicts import Case, accepted_by_terraform, broken, python_only

KUBERNETES, RESTRICTED = configured_key(KubernetesApi), configured_key(RestrictedGroups)
ROLE = "arn:aws:iam::123456789012:role/operator"
OWN = {"create_role": False, "role_arn": ROLE}
VALUES: dict[str, Any] = {
    "name": "dev",
    "region": "us-west-2",
    "account_id": "123456789012",
    "partition": "aws",
    "cluster_name": "dev-eks",
    "hyperpod_cluster_arn": "arn:aws:sagemaker:us-west-2:123456789012:cluster/abcdef123456",
}
CASES = [
    Case("plain", {}, None),
    Case("own_role", OWN, None),
    Case("role_missing", {"create_role": False}, "training-role-given"),
    Case("role_both", {"role_arn": ROLE}, "training-role-not-both"),
    Case("role_elsewhere", {**OWN, "role_arn": ROLE.replace("123456789012", "210987654321")}, "training-role-here"),
    Case("partition", {"partition": "aws-cn"}, "training-partition"),
    Case("tags", {"tags": {"Team": "a", "team": "b"}}, "training-tags-distinct"),
    Case("tags_of_no_role", {**OWN, "tags": {"Team": "a", "team": "b"}}, None),
    Case("configuration", {"addon_configuration": '{"a": 1}'}, None),
    Case("configuration_list", {"addon_configuration": "[]"}, "training-addon-configuration"),
    Case("version", {"addon_version": "1.1.0"}, "type"),
    Case("agent", {KUBERNETES: {"addons": {"eks-pod-identity-agent": {}}}}, None),
    Case("no_agent", {KUBERNETES: {"addons": {"vpc-cni": {}}}}, "training-agent"),
    Case("restricted", {RESTRICTED: {"restricted_instance_groups": [{"name": "rig"}]}}, "training-restricted"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rules(case: Case) -> None:
    assert broken(CONTRACT, {**VALUES, **case.change}) == ({case.broken} if case.broken else set())


def test_every_rule_has_a_case() -> None:
    # The versions' rules are tested with the add-ons' tables.
    tried = {case.broken for case in CASES} | {"training-addon-newer", "training-addon-unknown"}
    assert {rule.id for rule in CONTRACT.rules} <= tried


@pytest.mark.slow
def test_terraform_says_the_same(tmp_path: Path) -> None:
    mine = [case for case in CASES if case.broken not in python_only(CONTRACT)]
    verdicts = accepted_by_terraform(CONTRACT, {case.name: {**VALUES, **case.change} for case in mine}, tmp_path)
    assert verdicts == {case.name: case.broken is None for case in mine}
