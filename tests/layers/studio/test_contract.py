from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hp_tf.layers.studio.contract import CONTRACT
from tests.contract.verdicts import Case, accepted_by_terraform, broken

KEY = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE = "arn:aws:iam::123456789012:role/editors"
POLICY = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
VALUES: dict[str, Any] = {
    "name": "dev",
    "region": "us-west-2",
    "account_id": "123456789012",
    "partition": "aws",
    "orchestrator": "eks",
    "cluster_name": "dev-eks",
    "vpc_id": "vpc-0123456789abcdef0",
    "private_subnet_ids": {"usw2-az1": "subnet-0123456789abcdef0"},
}
GIVEN = {"create_domain": False, "domain_id": "d-0123456789ab"}

CASES = [
    Case("plain", {}, None),
    Case("given", {**GIVEN, "execution_role_arn": ROLE}, None),
    Case("given_without_id", {"create_domain": False}, "studio-domain-given"),
    Case("both", {"domain_id": "d-0123456789ab"}, "studio-domain-not-both"),
    Case("domain_id", {**GIVEN, "domain_id": "domain"}, "type"),
    Case("slurm", {"orchestrator": "slurm", "cluster_name": None}, None),
    Case("cluster_unnamed", {"cluster_name": None}, "studio-cluster-named"),
    Case("partition", {"partition": "aws-cn"}, "studio-partition"),
    Case("key", {"kms_key_arn": KEY}, None),
    Case("key_elsewhere", {"kms_key_arn": KEY.replace("us-west-2", "us-east-1")}, "studio-kms-key-region"),
    Case("tags", {"tags": {"Team": "a", "team": "b"}}, "studio-tags-distinct"),
    Case("users", {"user_names": ["ada", "grace"]}, None),
    Case("users_twice", {"user_names": ["ada", "ada"]}, "studio-users-distinct"),
    Case("users_none", {"user_names": []}, "type"),
    Case("user_name", {"user_names": ["ada-"]}, "type"),
    Case("volume", {"volume_size_gb": 4}, "type"),
    Case("idle", {"idle_timeout_minutes": 59}, "type"),
    Case("role_elsewhere", {"execution_role_arn": ROLE.replace("123456789012", "210987654321")}, "studio-role-here"),
    Case("role_rights", {"execution_role_arn": ROLE, "bucket_names": ["acme"]}, "studio-role-rights"),
    Case("policies", {"additional_policy_arns": {"s3": POLICY}}, None),
    Case(
        "administrator",
        {"additional_policy_arns": {"all": "arn:aws:iam::aws:policy/AdministratorAccess"}},
        "studio-no-administrator",
    ),
    Case(
        "cluster_policies",
        {"cluster_policies": {"view": {"policy": "AmazonEKSViewPolicy", "namespaces": ["ml"]}}},
        None,
    ),
    Case("cluster_policy", {"cluster_policies": {"all": {"policy": "AdministratorAccess"}}}, "type"),
    Case("script", {"start_script": "exit 0", "install_tools": False}, None),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rules(case: Case) -> None:
    assert broken(CONTRACT, {**VALUES, **case.change}) == ({case.broken} if case.broken else set())


def test_every_rule_has_a_case() -> None:
    assert {rule.id for rule in CONTRACT.rules} <= {case.broken for case in CASES}


@pytest.mark.slow
def test_terraform_says_the_same(tmp_path: Path) -> None:
    verdicts = accepted_by_terraform(CONTRACT, {case.name: {**VALUES, **case.change} for case in CASES}, tmp_path)
    assert verdicts == {case.name: case.broken is None for case in CASES}
