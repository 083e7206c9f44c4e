from __future__ import annotations

from typing import Any, cast

import pytest

from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.layers.discovery import CONTRACTS

NOBODY = cast(Any, None)
TYPES = ResourceTypes(CONTRACTS.values())
ROLE, POLICY = "arn:aws:iam::123456789012:role/x", "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"

# Type, arguments, the import id as the provider's documentation shows it.
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
def test_the_import_id_is_the_documented_one(kind: str, arguments: dict[str, str], expected: str) -> None:
    assert TYPES[kind].foretold(arguments) == expected


@pytest.mark.parametrize(("kind", "arguments", "expected"), DOCUMENTED)
def test_with_an_argument_unknown_there_is_none(kind: str, arguments: dict[str, str], expected: str) -> None:
    for name in arguments:
        assert TYPES[kind].foretold({key: value for key, value in arguments.items() if key != name}) is None
        assert TYPES[kind].foretold({**arguments, name: None}) is None


def test_where_the_id_is_another_string_it_is_not_the_import_id() -> None:
    assert TYPES["aws_route"].import_id_of("r-rtb-11080289494") is None
    assert TYPES["aws_iam_role_policy_attachment"].import_id_of("developer-20260101000000000000000001") is None
    assert TYPES["helm_release"].import_id_of("hyperpod-dependencies") is None
    assert TYPES["aws_vpc"].import_id_of("vpc-1") == "vpc-1"


def test_a_states_attributes_tell_the_import_id() -> None:
    route = {"id": "r-rtb-11080289494", "route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0"}
    assert TYPES["aws_route"].import_id_held(route) == "rtb-1_0.0.0.0/0"
    assert TYPES["aws_vpc"].import_id_held({"id": "vpc-1"}) == "vpc-1"
    assert TYPES["aws_vpc"].import_id_held({}) is None
    arn = "arn:aws:sagemaker:us-west-2:123456789012:cluster/abc"
    assert TYPES["awscc_sagemaker_cluster"].import_id_held({"id": arn, "cluster_name": "c"}) == arn


def test_what_aws_names_itself_is_not_foretold() -> None:
    assert TYPES["aws_vpc"].foretold({"cidr_block": "10.0.0.0/16"}) is None


def test_a_type_nobody_declares_is_imported_by_its_id() -> None:
    assert TYPES["aws_nothing"].import_id_of("x") == "x"
    assert TYPES["terraform_data"].find({"input": "x"}, NOBODY, set()) is None
