"""What a file gives in place of a CloudFormation stack, beside what that stack's parameters ask for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hp_tf.environment.load import validated
from hp_tf.errors import BadInput
from hp_tf.layers.discovery import CONTRACTS

VPC, GROUP = "vpc-0123456789abcdef0", "sg-0123456789abcdef0"
ONE_SUBNET = {"usw2-az1": "subnet-0123456789abcdef0"}
SUBNETS = {**ONE_SUBNET, "usw2-az2": "subnet-0123456789abcdef1"}
ZONES = {"availability_zone_ids": ["usw2-az1", "usw2-az2"]}
Path_ = tuple[str, ...]

# By stack: what our file switches, and its "required if disabled" with the place where we take it and a value.
TABLE: dict[str, tuple[dict[str, Any], dict[str, tuple[Path_, Any]]]] = {
    "VPCStack": (
        {
            "network": {
                **ZONES,
                "primary_availability_zone_id": "usw2-az1",
                "create_vpc": False,
                "public_subnets": False,
            }
        },
        {
            "VpcId": (("network", "vpc_id"), VPC),
            "NatGatewayIds": (("network", "nat_gateway_ids"), {"usw2-az1": "nat-0123456789abcdef0"}),
        },
    ),
    # A subnet that is there lies in a VPC that is there: CloudFormation asks for that one by the table above.
    "PrivateSubnetStack": (
        {"network": {"existing": {"vpc_id": VPC}}},
        {"PrivateSubnetIds": (("network", "existing", "private_subnet_ids"), ONE_SUBNET)},
    ),
    "SecurityGroupStack": (
        {"security": {"existing": {}}},
        {"SecurityGroupId": (("security", "existing", "security_group_id"), GROUP)},
    ),
    "EKSClusterStack": (
        {
            "network": {"existing": {"vpc_id": VPC, "private_subnet_ids": ONE_SUBNET}},
            "security": {"create_security_group": False},
            "eks": {"existing": {}},
        },
        {"EKSClusterName": (("eks", "existing", "cluster_name"), "shared")},
    ),
    "S3BucketStack": (
        {"storage": {"create_bucket": False}},
        {"S3BucketName": (("storage", "bucket_name"), "acme-scripts")},
    ),
    "SageMakerIAMRoleStack": (
        {"iam": {"existing": {}}},
        {"SageMakerIAMRoleName": (("iam", "existing", "execution_role_name"), "nodes")},
    ),
}
# Not asked for: hptf finds it by the subnets.
LOOKED_UP = {"PrivateRouteTableIds": ("network", "private_route_table_ids")}
# These stacks' tables are empty; what each of them makes can be left out, as it is there.
NOTHING = {
    "S3EndpointStack": {"endpoints": {"enabled": False}},
    "LifeCycleScriptStack": {"storage": {"upload_lifecycle_scripts": False}},
    "FsxStack": {"fsx": {"enabled": False}},
    "HyperPodClusterStack": {"hyperpod": {"enabled": False}},
}


def _said(folder: Path, layers: dict[str, Any]) -> list[str]:
    usual = {
        "network": {**ZONES, "primary_availability_zone_id": "usw2-az1"},
        "eks": ZONES,
        "hyperpod": {"instance_groups": [{"name": "workers", "instance_type": "ml.g5.8xlarge", "count": 1}]},
    }
    content = {
        "orchestrator": "eks",
        "name": "acme",
        "aws": {"region": "us-west-2", "account_id": "123456789012"},
        "layers": {**usual, **layers},
    }
    with (folder / "acme.yaml").open("w") as file:
        YAML().dump(content, file)
    try:
        validated(str(folder / "acme.yaml"), CONTRACTS)
    except BadInput as error:
        return [f"{problem.message} {problem.remedy}" for problem in error.problems]
    return []


def _with(layers: dict[str, Any], path: Path_, value: Any) -> dict[str, Any]:
    head, *rest = path
    inner = layers.get(head) or {}
    return {**layers, head: _with(inner, tuple(rest), value) if rest else value}


def _complete(stack: str, *, without: str | None = None) -> dict[str, Any]:
    layers, required = TABLE[stack]
    if stack == "VPCStack":
        layers = _with(layers, ("network", "nat"), "existing")
    for parameter, (path, value) in required.items():
        if parameter != without:
            layers = _with(layers, path, value)
    return layers


@pytest.mark.parametrize("stack", TABLE)
def test_what_the_stacks_ask_for_is_all_that_is_asked_for(stack: str, tmp_path: Path) -> None:
    assert _said(tmp_path, _complete(stack)) == []


@pytest.mark.parametrize(
    ("stack", "parameter"), [(stack, parameter) for stack, (_, required) in TABLE.items() for parameter in required]
)
def test_each_of_it_is_asked_for_by_our_name(stack: str, parameter: str, tmp_path: Path) -> None:
    path, _ = TABLE[stack][1][parameter]
    said = _said(tmp_path, _complete(stack, without=parameter))
    assert any(path[-1] in text for text in said), said


@pytest.mark.parametrize("stack", NOTHING)
def test_the_other_stacks_ask_for_nothing(stack: str, tmp_path: Path) -> None:
    assert _said(tmp_path, NOTHING[stack]) == []


def test_the_tables_name_every_parameter_of_the_stacks() -> None:
    asked = {parameter for _, required in TABLE.values() for parameter in required} | set(LOOKED_UP)
    assert asked == {
        "VpcId",
        "NatGatewayIds",
        "PrivateSubnetIds",
        "PrivateRouteTableIds",
        "SecurityGroupId",
        "EKSClusterName",
        "S3BucketName",
        "SageMakerIAMRoleName",
    }
    for layer, output in LOOKED_UP.values():
        lookup = CONTRACTS[layer].lookup
        assert lookup is not None and output in lookup.fills
    assert {*TABLE, *NOTHING, "HelmChartStack", "PrivateSubnetTagsStack"} <= {
        stack for contract in CONTRACTS.values() for stack in contract.replaces
    } | {"HelmChartStack"}


def test_with_several_subnets_the_primary_zone_is_asked_for(tmp_path: Path) -> None:
    given = {"vpc_id": VPC, "private_subnet_ids": SUBNETS}
    assert any("primary_availability_zone_id" in text for text in _said(tmp_path, {"network": {"existing": given}}))
    given["primary_availability_zone_id"] = "usw2-az2"
    assert _said(tmp_path, {"network": {"existing": given}}) == []


def test_a_role_by_its_arn_and_by_another_name_are_two(tmp_path: Path) -> None:
    arn = "arn:aws:iam::123456789012:role/ml/nodes"
    assert _said(tmp_path, {"iam": {"existing": {"execution_role_arn": arn}}}) == []
    said = _said(tmp_path, {"iam": {"existing": {"execution_role_arn": arn, "execution_role_name": "other"}}})
    assert len(said) == 1 and "this is the role 'nodes', not 'other'" in said[0]


def test_an_existing_role_is_asked_for_by_its_name_or_its_arn(tmp_path: Path) -> None:
    said = " ".join(_said(tmp_path, {"iam": {"existing": {"karpenter_role_name": "x"}}}))
    assert "execution_role_name" in said and "execution_role_arn" in said
