from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hp_tf.layers.iam.contract import CONTRACT
from tests.contract.verdicts import Case, accepted_by_terraform, broken

VALUES: dict[str, Any] = {
    "name": "dev",
    "region": "us-west-2",
    "account_id": "123456789012",
    "partition": "aws",
    "bucket_name": "sagemaker-dev-123456789012-us-west-2",
    "vpc_id": "vpc-0123456789abcdef0",
    "private_subnet_ids": {"usw2-az1": "subnet-0123456789abcdef0"},
    "security_group_id": "sg-0123456789abcdef0",
    "cluster_arn": "arn:aws:eks:us-west-2:123456789012:cluster/dev-eks",
}
ROLE = "arn:aws:iam::123456789012:role/mine"
POLICY = "arn:aws:iam::aws:policy/Some"
SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:db"
TOPIC = "arn:aws:sns:us-west-2:123456789012:failover"
WORKSPACE = "arn:aws:aps:us-east-1:123456789012:workspace/ws-0123"

CASES = [
    Case("plain", {}, None),
    Case("china", {"partition": "aws-cn", "region": "cn-north-1", "cluster_arn": None}, None),
    Case("not_china", {"partition": "aws-cn"}, "iam-partition"),
    Case("govcloud", {"partition": "aws-us-gov", "region": "us-gov-west-1"}, None),
    Case("not_govcloud", {"partition": "aws", "region": "us-gov-west-1"}, "iam-partition"),
    Case("secret", {"partition": "aws", "region": "us-iso-east-1"}, "iam-partition"),
    Case("given_role", {"create_execution_role": False, "execution_role_arn": ROLE}, None),
    Case("role_missing", {"create_execution_role": False}, "iam-role-given"),
    Case("role_and_creation", {"execution_role_arn": ROLE}, "iam-role-not-both"),
    Case(
        "role_elsewhere",
        {"create_execution_role": False, "execution_role_arn": ROLE.replace("123456789012", "210987654321")},
        "iam-role-here",
    ),
    Case("tags", {"tags": {"Team": "a", "stage": "b"}}, None),
    Case("tags_alike", {"tags": {"Team": "a", "team": "b"}}, "iam-tags-distinct"),
    Case("scripts", {"lifecycle_script_uris": ["s3://acme/x", "https://acme.s3.amazonaws.com/x"]}, None),
    Case("scripts_nowhere", {"lifecycle_script_uris": ["acme/x"]}, "type"),
    Case("path", {"role_path": "/ml/"}, None),
    Case("path_open", {"role_path": "/ml"}, "type"),
    Case("boundary", {"permissions_boundary_arn": ROLE}, "type"),
    Case("ten_policies", {"additional_policy_arns": {f"p{i}": f"{POLICY}{i}" for i in range(10)}}, "type"),
    Case("restricted", {"restricted_access": {"input_bucket_name": "acme-data", "gated_recipes": True}}, None),
    Case("restricted_bucket", {"restricted_access": {"output_bucket_name": "A"}}, "type"),
    Case("without_eks", {"cluster_arn": None}, None),
    Case("database", {"accounting": True, "database_secret_arn": SECRET, "failover_topic_arn": TOPIC}, None),
    Case("secret_of_nobody", {"database_secret_arn": SECRET}, "iam-accounting-secret"),
    Case("topic_of_nobody", {"failover_topic_arn": TOPIC}, "iam-accounting-topic"),
    Case("metrics", {"prometheus_endpoints": ["https://aps-workspaces.us-east-1.amazonaws.com/workspaces/ws-0"]}, None),
    Case("metrics_elsewhere", {"prometheus_endpoints": ["https://example.com/workspaces/ws-0"]}, "type"),
    Case("workspace", {"observability": True, "prometheus_workspace_arn": WORKSPACE}, None),
    Case("workspace_of_nobody", {"prometheus_workspace_arn": WORKSPACE}, "iam-observability"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rules(case: Case) -> None:
    found = broken(CONTRACT, {**VALUES, **case.change})
    assert case.broken in found if case.broken else not found


@pytest.mark.slow
def test_terraform_says_the_same(tmp_path: Path) -> None:
    verdicts = accepted_by_terraform(CONTRACT, {case.name: {**VALUES, **case.change} for case in CASES}, tmp_path)
    assert verdicts == {case.name: case.broken is None for case in CASES}


def test_names_differ_by_region() -> None:
    for name in CONTRACT.names.values():
        assert "{region}" in name.template
