"""What a file gives in place of a stack with Slurm, beside what that stack's parameters ask for."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hp_tf.environment.load import validated
from hp_tf.errors import BadInput
from hp_tf.layers.discovery import CONTRACTS

SUBNETS = {"usw2-az1": "subnet-0123456789abcdef0"}
# By stack: the layer, and what its "required if disabled" is with us.
TABLE: dict[str, tuple[str, dict[str, tuple[str, Any]]]] = {
    "VPCStack": (
        "network",
        {"VpcId": ("vpc_id", "vpc-0123456789abcdef0"), "PrivateSubnetIds": ("private_subnet_ids", SUBNETS)},
    ),
    "SecurityGroupStack": ("security", {"SecurityGroupId": ("security_group_id", "sg-0123456789abcdef0")}),
    "S3BucketStack": ("storage", {"S3BucketName": ("bucket_name", "sagemaker-acme")}),
    "SageMakerIAMRoleStack": ("iam", {"SageMakerIAMRoleName": ("execution_role_name", "nodes")}),
    "FsxStack": ("fsx", {"FsxFileSystemId": ("file_system_id", "fs-0123456789abcdef0")}),
}
# What the stacks look up of a file system, and of a network.
LOOKED_UP = {"fsx": {"dns_name", "mount_name"}, "network": {"vpc_cidr_blocks", "private_route_table_ids"}}
# What can be left out, as it is there or nobody needs it.
NOTHING: list[dict[str, Any]] = [
    {"endpoints": {"enabled": False}},
    {"storage": {"upload_lifecycle_scripts": False}},
    {"ssm": {"enabled": False}},
    {"accounting": {"enabled": False}},
    {"hyperpod_slurm": {"enabled": False}},
]


def said(folder: Path, layers: dict[str, Any]) -> list[str]:
    group = {"instance_type": "ml.c5.xlarge", "count": 1}
    usual = {
        "network": {"availability_zone_ids": ["usw2-az1"]},
        "hyperpod_slurm": {
            "mount_lustre": True,
            "instance_groups": [
                {"name": "controller", "node_type": "Controller", **group},
                {"name": "workers", **group},
            ],
        },
    }
    content = {
        "orchestrator": "slurm",
        "name": "acme",
        "aws": {"region": "us-west-2", "account_id": "123456789012"},
        "layers": {**usual, **layers},
    }
    with (folder / "acme.yaml").open("w") as file:
        YAML().dump(deepcopy(content), file)
    try:
        validated(str(folder / "acme.yaml"), CONTRACTS)
    except BadInput as error:
        return [f"{problem.message} {problem.remedy}" for problem in error.problems]
    return []


def given(stack: str, *, without: str | None = None) -> dict[str, Any]:
    layer, required = TABLE[stack]
    return {layer: {"existing": {name: value for key, (name, value) in required.items() if key != without}}}


@pytest.mark.parametrize("stack", TABLE)
def test_what_the_stacks_ask_for_is_all_that_is_asked_for(stack: str, tmp_path: Path) -> None:
    assert said(tmp_path, given(stack)) == []


@pytest.mark.parametrize(("stack", "parameter"), [(stack, one) for stack, (_, names) in TABLE.items() for one in names])
def test_each_of_it_is_asked_for_by_our_name(stack: str, parameter: str, tmp_path: Path) -> None:
    name, _ = TABLE[stack][1][parameter]
    found = said(tmp_path, given(stack, without=parameter))
    assert any(name in text for text in found), found


def test_the_tables_name_every_parameter_of_the_stacks() -> None:
    assert {parameter for _, required in TABLE.values() for parameter in required} == {
        "VpcId",
        "PrivateSubnetIds",
        "SecurityGroupId",
        "S3BucketName",
        "SageMakerIAMRoleName",
        "FsxFileSystemId",
    }
    for layer, outputs in LOOKED_UP.items():
        lookup = CONTRACTS[layer].lookup
        assert lookup is not None and outputs <= {*lookup.fills}


def test_a_bucket_with_scripts_in_it_says_where_they_are(tmp_path: Path) -> None:
    group = {"instance_type": "ml.c5.xlarge", "count": 1}
    cluster = {
        "configuration": "scripts",
        "lifecycle_scripts": True,
        "instance_groups": [{"name": "head", "node_type": "Controller", **group}, {"name": "workers", **group}],
    }
    layers = {**given("S3BucketStack"), "fsx": {"enabled": False}, "hyperpod_slurm": cluster}
    found = said(tmp_path, layers)
    assert len(found) == 2
    assert all(any(name in text for text in found) for name in ("lifecycle_script_uri", "lifecycle_on_create"))
    where = {"lifecycle_script_uri": "s3://sagemaker-acme/scripts", "lifecycle_on_create": "on_create.sh"}
    layers["storage"] = {"existing": {**layers["storage"]["existing"], **where}}
    assert said(tmp_path, layers) == []


@pytest.mark.parametrize("layers", NOTHING, ids=lambda layers: next(iter(layers)))
def test_the_others_ask_for_nothing(layers: dict[str, Any], tmp_path: Path) -> None:
    assert said(tmp_path, layers) == []
