from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.layers.evaluation import arguments, evaluate
from tests.layers.iam.test_contract import VALUES

pytestmark = [pytest.mark.slow, pytest.mark.synth]
KEY = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_KEY = KEY.replace("1234abcd", "dcba4321")
# The actions HyperPod needs on EKS, from AWS's prerequisites.
ACTIONS = {
    "cloudwatch:DescribeAlarms",
    "ec2:AssignPrivateIpAddresses",
    "ec2:AttachNetworkInterface",
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:CreateTags",
    "ec2:DeleteNetworkInterface",
    "ec2:DeleteNetworkInterfacePermission",
    "ec2:DescribeDhcpOptions",
    "ec2:DescribeInstanceTypes",
    "ec2:DescribeInstances",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeSubnets",
    "ec2:DescribeTags",
    "ec2:DescribeVpcs",
    "ec2:DetachNetworkInterface",
    "ec2:ModifyNetworkInterfaceAttribute",
    "ec2:UnassignPrivateIpAddresses",
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
    "eks-auth:AssumeRoleForPodIdentity",
    "s3:GetObject",
    "s3:ListBucket",
}
# What has no resources of its own to be scoped to, or is read only.
ANYWHERE = {
    "cloudwatch:DescribeAlarms",
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:GetAuthorizationToken",
    "ecr:GetDownloadUrlForLayer",
}


def statements(change: dict[str, Any], folder: Path) -> dict[str, dict[str, Any]]:
    found = evaluate("iam", {**VALUES, **change}, {"all": "${local.execution_statements}"}, folder)["all"]
    return {statement["Sid"]: statement for statement in found}


def test_the_actions_are_exactly_those_needed(tmp_path: Path) -> None:
    found = statements({}, tmp_path)
    assert {action for statement in found.values() for action in statement["Action"]} == ACTIONS


def test_what_changes_things_is_scoped(tmp_path: Path) -> None:
    for statement in statements({}, tmp_path).values():
        if statement["Resource"] == "*":
            assert all(action in ANYWHERE or action.startswith("ec2:Describe") for action in statement["Action"])
        else:
            assert all("123456789012" in arn or arn.startswith("arn:aws:s3:::sage") for arn in statement["Resource"])


def test_interfaces_are_bound_to_vpc_subnets_and_group(tmp_path: Path) -> None:
    found = statements({}, tmp_path)
    prefix = "arn:aws:ec2:us-west-2:123456789012"
    assert f"{prefix}:vpc/vpc-0123456789abcdef0" in found["ManageInterfaces"]["Resource"]
    assert found["InterfacesInSubnetsAndGroups"]["Resource"] == [
        f"{prefix}:subnet/subnet-0123456789abcdef0",
        f"{prefix}:security-group/sg-0123456789abcdef0",
    ]


def test_without_eks_there_are_no_pods(tmp_path: Path) -> None:
    found = statements({"cluster_arn": None}, tmp_path)
    lost = ACTIONS - {action for statement in found.values() for action in statement["Action"]}
    assert lost == {
        "ec2:AssignPrivateIpAddresses",
        "ec2:ModifyNetworkInterfaceAttribute",
        "ec2:UnassignPrivateIpAddresses",
        "ecr:BatchCheckLayerAvailability",
        "ecr:BatchGetImage",
        "ecr:GetAuthorizationToken",
        "ecr:GetDownloadUrlForLayer",
        "eks-auth:AssumeRoleForPodIdentity",
    }


SECRET = "arn:aws:secretsmanager:us-west-2:123456789012:secret:db-abcdef"
TOPIC = "arn:aws:sns:us-west-2:123456789012:failover"
FEATURES: dict[str, tuple[dict[str, Any], set[str], list[str]]] = {
    "SendMetrics": (
        {"prometheus_endpoints": ["https://aps-workspaces.us-east-1.amazonaws.com/workspaces/ws-0123"]},
        {"aps:RemoteWrite"},
        ["arn:aws:aps:us-east-1:123456789012:workspace/ws-0123"],
    ),
    "ReadDatabasePassword": (
        {"accounting": True, "database_secret_arn": SECRET},
        {"secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"},
        [SECRET],
    ),
    "TellOfFailover": ({"accounting": True, "failover_topic_arn": TOPIC}, {"sns:Publish"}, [TOPIC]),
    "UseMountedBucket": (
        {"mounted_bucket_name": "data"},
        {"s3:AbortMultipartUpload", "s3:GetObject", "s3:ListBucket", "s3:PutObject"},
        ["arn:aws:s3:::data", "arn:aws:s3:::data/*"],
    ),
    "ReadData": (
        {"data_bucket_names": ["data"]},
        {"s3:GetObject", "s3:ListBucket"},
        ["arn:aws:s3:::data", "arn:aws:s3:::data/*"],
    ),
    "WriteData": (
        {"writable_data_bucket_names": ["data"]},
        {"s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"},
        ["arn:aws:s3:::data", "arn:aws:s3:::data/*"],
    ),
}


def test_a_right_is_there_with_its_feature_only(tmp_path: Path) -> None:
    everything = {name: value for change, _, _ in FEATURES.values() for name, value in change.items()}
    assert not {*FEATURES} & {*statements({"cluster_arn": None}, tmp_path)}
    found = statements({"cluster_arn": None, **everything}, tmp_path)
    for sid, (_, actions, resources) in FEATURES.items():
        assert (set(found[sid]["Action"]), found[sid]["Resource"]) == (actions, resources)


def test_a_workspace_that_exists_is_named_once(tmp_path: Path) -> None:
    given = {"observability": True, "prometheus_workspace_arn": FEATURES["SendMetrics"][2][0]}
    found = statements({**FEATURES["SendMetrics"][0], **given}, tmp_path)
    assert found["SendMetrics"]["Resource"] == FEATURES["SendMetrics"][2]


def test_nodes_look_up_a_file_system_that_they_mount(tmp_path: Path) -> None:
    assert "fsx:DescribeFileSystems" in statements({"mounts_lustre": True}, tmp_path)["LookUp"]["Action"]


def test_the_partition_is_in_every_arn(tmp_path: Path) -> None:
    found = statements({"partition": "aws-cn", "region": "cn-north-1", "cluster_arn": None}, tmp_path)
    for statement in found.values():
        for arn in statement["Resource"] if isinstance(statement["Resource"], list) else []:
            assert arn.startswith("arn:aws-cn:")
    attachment = arguments("iam", "aws_iam_role_policy_attachment.managed")
    assert attachment["policy_arn"].startswith("arn:${var.partition}:iam::aws:policy/")


def test_keys_and_restricted_groups_add_statements(tmp_path: Path) -> None:
    restricted = {
        "input_bucket_name": "acme-in",
        "output_bucket_name": "acme-out",
        "gated_recipes": True,
        "reinforcement_functions": True,
    }
    found = statements({"kms_key_arns": [KEY], "restricted_access": restricted}, tmp_path)
    assert found["GrantKeysToVolumes"]["Condition"] == {"Bool": {"kms:GrantIsForAWSResource": "true"}}
    assert found["UseKeys"]["Resource"] == [KEY]
    assert found["GrantKeysToVolumes"]["Resource"] == [KEY]
    assert found["ReadTrainingData"]["Resource"] == ["arn:aws:s3:::acme-in", "arn:aws:s3:::acme-in/*"]
    assert "s3:PutObject" in found["WriteResults"]["Action"]
    assert found["CallFunctions"]["Resource"] == ["arn:aws:lambda:us-west-2:123456789012:function:*SageMaker*"]


def test_only_a_role_that_writes_makes_data_keys(tmp_path: Path) -> None:
    given = {"kms_key_arns": [KEY], "restricted_access": {"input_bucket_name": "acme-in"}}
    assert "kms:GenerateDataKey" not in statements(given, tmp_path)["UseKeys"]["Action"]
    writing = given | {"restricted_access": {"output_bucket_name": "acme-out"}}
    assert "kms:GenerateDataKey" in statements(writing, tmp_path)["UseKeys"]["Action"]


def test_the_roles_rights_cover_every_group_and_key_once(tmp_path: Path) -> None:
    other, third = (f"{KEY[:-1]}{digit}" for digit in "78")
    change = {
        "additional_security_group_ids": ["sg-0123456789abcdef0", "sg-0123456789abcdef1"],
        "kms_key_arns": [KEY],
        "volume_kms_key_arns": [KEY, other],
        "bucket_kms_key_arn": third,
    }
    found = statements(change, tmp_path)
    groups = [arn for arn in found["InterfacesInSubnetsAndGroups"]["Resource"] if "security-group" in arn]
    assert [arn.rpartition("/")[2] for arn in groups] == change["additional_security_group_ids"]
    assert found["UseKeys"]["Resource"] == [KEY, other, third]


def test_the_role_reads_the_scripts_of_every_bucket(tmp_path: Path) -> None:
    uris = [
        f"s3://{VALUES['bucket_name']}/x",
        "s3://acme.gpu.s3.x/eks/v2",
        "https://acme-web.s3.us-west-2.amazonaws.com/x",
        "https://s3.us-west-2.amazonaws.com/acme-path/x",
        "https://s3-acme.s3.amazonaws.com",
        "s3://acme-bare",
    ]
    buckets = [VALUES["bucket_name"], "acme.gpu.s3.x", "acme-web", "acme-path", "s3-acme", "acme-bare"]
    found = statements({"lifecycle_script_uris": uris}, tmp_path)["ReadLifecycleScripts"]
    assert found["Resource"] == [arn for name in buckets for arn in (f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*")]


def test_the_document_is_far_from_the_limit(tmp_path: Path) -> None:
    zones = {f"usw2-az{number}": f"subnet-0123456789abcdef{number}" for number in range(1, 6)}
    wanted = {"policy": arguments("iam", "aws_iam_role_policy.execution")["policy"]}
    found = evaluate("iam", {**VALUES, "private_subnet_ids": zones, "kms_key_arns": [KEY]}, wanted, tmp_path)
    assert len(found["policy"]) < 10_240 / 2


def test_karpenter_may_act_in_its_own_region_and_account_with_the_volumes_keys_only(tmp_path: Path) -> None:
    wanted = {"policy": arguments("iam", "aws_iam_role_policy.karpenter")["policy"]}
    inputs = {**VALUES, "volume_kms_key_arns": [KEY], "kms_key_arns": [OTHER_KEY], "bucket_kms_key_arn": OTHER_KEY}
    policy = json.loads(evaluate("iam", inputs, wanted, tmp_path)["policy"])
    found = {action: statement for statement in policy["Statement"] for action in statement["Action"]}
    for action in ("sagemaker:BatchAddClusterNodes", "sagemaker:BatchDeleteClusterNodes"):
        assert found[action]["Resource"] == "arn:aws:sagemaker:us-west-2:123456789012:cluster/*"
    for action in ("kms:CreateGrant", "kms:DescribeKey"):
        assert found[action]["Resource"] == [KEY]
        assert found[action]["Condition"]["StringEquals"] == {"kms:ViaService": "sagemaker.us-west-2.amazonaws.com"}
    assert found["kms:CreateGrant"]["Condition"]["Bool"] == {"kms:GrantIsForAWSResource": "true"}
    # Such a request has no grant, and a condition about one would never hold.
    assert list(found["kms:DescribeKey"]["Condition"]) == ["StringEquals"]


def test_karpenter_has_no_key_where_volumes_have_none(tmp_path: Path) -> None:
    found = evaluate("iam", {**VALUES, "kms_key_arns": [KEY]}, {"all": "${local.karpenter_statements}"}, tmp_path)
    assert [statement["Sid"] for statement in found["all"]] == ["ScaleClusters"]


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ({}, False),
        ({"node_provisioning_mode": "Continuous"}, True),
        ({"node_provisioning_mode": "Continuous", "karpenter_role": False}, False),
        ({"karpenter_role": True}, True),
    ],
)
def test_karpenters_role_goes_by_its_own_switch(given: dict[str, Any], made: bool, tmp_path: Path) -> None:
    """Whether scaling is on has no say: HyperPod keeps naming the role after it is off."""
    wanted = {"count": arguments("iam", "aws_iam_role.karpenter")["count"]}
    assert evaluate("iam", {**VALUES, **given}, wanted, tmp_path)["count"] == int(made)
