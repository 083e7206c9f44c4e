from __future__ import annotations

import re
from pathlib import Path

import pytest

from hp_tf.aws.finding_named import EXISTS
from hp_tf.aws.finding_unnamed import FINDERS
from hp_tf.aws.identity import foretold, import_id, import_string, is_foretold

ROOT = Path(__file__).parents[2]
ROLE, POLICY = "arn:aws:iam::123456789012:role/x", "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"

# Type, arguments, the import string as the provider's documentation shows it.
DOCUMENTED = [
    ("aws_cloudwatch_log_group", {"name": "/aws/eks/c/cluster"}, "/aws/eks/c/cluster"),
    ("aws_eks_access_entry", {"cluster_name": "c", "principal_arn": ROLE}, f"c:{ROLE}"),
    (
        "aws_eks_access_policy_association",
        {"cluster_name": "c", "principal_arn": ROLE, "policy_arn": POLICY},
        f"c#{ROLE}#{POLICY}",
    ),
    ("aws_eks_addon", {"cluster_name": "c", "addon_name": "vpc-cni"}, "c:vpc-cni"),
    ("aws_eks_cluster", {"name": "c"}, "c"),
    ("aws_iam_role", {"name": "developer"}, "developer"),
    ("aws_iam_role_policy", {"role": "developer", "name": "write"}, "developer:write"),
    ("aws_iam_role_policy_attachment", {"role": "developer", "policy_arn": POLICY}, f"developer/{POLICY}"),
    ("aws_kms_alias", {"name": "alias/secrets"}, "alias/secrets"),
    ("aws_route", {"route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0"}, "rtb-1_0.0.0.0/0"),
    ("aws_route_table_association", {"subnet_id": "subnet-1", "route_table_id": "rtb-1"}, "subnet-1/rtb-1"),
    ("aws_s3_bucket", {"bucket": "b"}, "b"),
    ("aws_s3_bucket_versioning", {"bucket": "b"}, "b"),
    ("aws_s3_bucket_policy", {"bucket": "b"}, "b"),
    ("aws_s3_object", {"bucket": "b", "key": "scripts/on_create.sh"}, "b/scripts/on_create.sh"),
    (
        "aws_vpc_endpoint_route_table_association",
        {"vpc_endpoint_id": "vpce-1", "route_table_id": "rtb-1"},
        "vpce-1/rtb-1",
    ),
    (
        "helm_release",
        {"namespace": "kube-system", "name": "hyperpod-dependencies"},
        "kube-system/hyperpod-dependencies",
    ),
]


@pytest.mark.parametrize(("kind", "arguments", "expected"), DOCUMENTED)
def test_the_import_string_is_the_documented_one(kind: str, arguments: dict[str, str], expected: str) -> None:
    assert foretold(kind, arguments) == expected


@pytest.mark.parametrize(("kind", "arguments", "expected"), DOCUMENTED)
def test_with_an_argument_unknown_there_is_none(kind: str, arguments: dict[str, str], expected: str) -> None:
    for name in arguments:
        assert foretold(kind, {key: value for key, value in arguments.items() if key != name}) is None
        assert foretold(kind, {**arguments, name: None}) is None


def test_where_the_id_is_another_string_it_is_not_the_import_string() -> None:
    assert import_id("aws_route", "r-rtb-11080289494") is None
    assert import_id("aws_iam_role_policy_attachment", "developer-20260101000000000000000001") is None
    assert import_id("helm_release", "hyperpod-dependencies") is None
    assert import_id("aws_vpc", "vpc-1") == "vpc-1"


def test_a_states_attributes_tell_the_import_string() -> None:
    route = {"id": "r-rtb-11080289494", "route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0"}
    assert import_string("aws_route", route) == "rtb-1_0.0.0.0/0"
    assert import_string("aws_vpc", {"id": "vpc-1"}) == "vpc-1"
    assert import_string("aws_vpc", {}) is None
    arn = "arn:aws:sagemaker:us-west-2:123456789012:cluster/abc"
    assert import_string("awscc_sagemaker_cluster", {"id": arn, "cluster_name": "c"}) == arn


def test_what_aws_names_itself_is_not_foretold() -> None:
    assert not is_foretold("aws_vpc")
    assert foretold("aws_vpc", {"cidr_block": "10.0.0.0/16"}) is None


def test_every_resource_type_of_the_modules_can_be_found() -> None:
    files = sorted((ROOT / "modules").glob("*/main.tf"))
    assert len(files) >= 9
    used = {kind for file in files for kind in re.findall(r'^resource "(\w+)"', file.read_text(), re.MULTILINE)}
    assert used
    found = {*EXISTS, *FINDERS, "helm_release"}
    assert used - found == set()
    assert found - used == set(), "a finder nothing needs"
