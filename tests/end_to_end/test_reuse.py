"""Rehearsals of files that reuse what exists: it is made, used under the file's own ids, and left as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hp_tf.state import document
from tests.end_to_end.project import Project, changes

pytestmark = [pytest.mark.slow]

ACCOUNT = "123456789012"
VPC, OTHER_VPC = "vpc-0aaaaaaaaaaaaaaa1", "vpc-0bbbbbbbbbbbbbbb1"
SUBNETS = {"usw2-az1": "subnet-0aaaaaaaaaaaaaaa1", "usw2-az2": "subnet-0aaaaaaaaaaaaaaa2"}
CONTROL_PLANE = {"usw2-az1": "subnet-0bbbbbbbbbbbbbbb1", "usw2-az2": "subnet-0bbbbbbbbbbbbbbb2"}
NAT, GROUP, FURTHER_GROUP = "nat-0aaaaaaaaaaaaaaa1", "sg-0aaaaaaaaaaaaaaa1", "sg-0aaaaaaaaaaaaaaa2"
ROLE, KEY = (
    f"arn:aws:iam::{ACCOUNT}:role/platform/nodes",
    f"arn:aws:kms:us-west-2:{ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab",
)
POLICY, ADMINS = f"arn:aws:iam::{ACCOUNT}:policy/team/extra", f"arn:aws:iam::{ACCOUNT}:role/admins"
SYSTEM, BUCKET = "fs-0aaaaaaaaaaaaaaa1", "acme-lifecycle"
ZONES = {"availability_zone_ids": ["usw2-az1", "usw2-az2"]}
NETWORK = {**ZONES, "primary_availability_zone_id": "usw2-az2"}
GIVEN_VPC = {
    **NETWORK,
    "create_vpc": False,
    "vpc_id": OTHER_VPC,
    "vpc_cidr": "10.60.0.0/16",
    "public_subnets": False,
    "nat": "existing",
    "nat_gateway_ids": {"usw2-az2": NAT},
}
# The aws provider waits half a minute for each file system.
NO_FILES = {"fsx": {"enabled": False}}
WORKERS: dict[str, Any] = {"name": "workers", "instance_type": "ml.m5.2xlarge", "count": 1}


@dataclass(frozen=True)
class Case:
    """One file.

    Attributes:
        layers: what it says of them; None for a file that comes with hptf.
        made: of the ids in it, those of things that Terraform types of the inventory show.
        planned: what its plan must show, by address and attribute.
    """

    layers: Mapping[str, Any] | None
    made: Mapping[str, set[str]]
    planned: Mapping[tuple[str, str], Any]


CASES = {
    "network": Case(
        {
            "network": {
                "existing": {
                    "vpc_id": VPC,
                    "private_subnet_ids": SUBNETS,
                    "primary_availability_zone_id": "usw2-az2",
                }
            },
            "eks": {**ZONES, "cluster_name": "acme-control"},
            "subnet_tags": {"private_subnet_tags": {"karpenter.sh/discovery": "ml"}},
            # What is made has names of the company's own.
            "security": {"security_group_name": "acme nodes"},
            "storage": {"bucket_name": "acme-scripts"},
            "iam": {"execution_role_name": "acme-nodes"},
        },
        {"aws_vpc": {VPC}, "aws_subnet": set(SUBNETS.values())},
        {
            ("module.security.aws_security_group.this[0]", "vpc_id"): VPC,
            ("module.security.aws_security_group.this[0]", "name"): "acme nodes",
            ("module.storage.aws_s3_bucket.this[0]", "bucket"): "acme-scripts",
            ("module.iam.aws_iam_role.execution[0]", "name"): "acme-nodes",
            ("module.eks.aws_eks_cluster.this", "name"): "acme-control",
            ("module.fsx.aws_fsx_lustre_file_system.this", "subnet_ids"): [SUBNETS["usw2-az2"]],
        },
    ),
    "vpc": Case(
        {
            "network": {
                **GIVEN_VPC,
                "further_vpc_cidrs": {"corporate": "10.61.0.0/16"},
                "private_routes": {
                    "office": {
                        "destination_cidr_block": "10.70.0.0/16",
                        "transit_gateway_id": "tgw-0aaaaaaaaaaaaaaa1",
                    }
                },
                "associate_private_cidrs": False,
                "private_subnet_cidrs": {"usw2-az1": "10.60.0.0/20", "usw2-az2": "10.60.16.0/20"},
            },
            "eks": {
                **ZONES,
                "create_subnets": False,
                "subnet_ids": CONTROL_PLANE,
                "access_entries": {"admins": {"principal_arn": ADMINS}},
            },
            "iam": {"additional_policy_arns": {"extra": POLICY}, "permissions_boundary_arn": POLICY},
            **NO_FILES,
        },
        {
            "aws_vpc": {OTHER_VPC},
            "aws_nat_gateway": {NAT},
            "aws_subnet": set(CONTROL_PLANE.values()),
            "aws_iam_policy": {POLICY},
            "aws_iam_role": {"admins"},
        },
        {
            ('module.network.aws_subnet.private["usw2-az1"]', "vpc_id"): OTHER_VPC,
            ('module.network.aws_route.nat["usw2-az1"]', "nat_gateway_id"): NAT,
            ('module.iam.aws_iam_role_policy_attachment.additional["extra"]', "policy_arn"): POLICY,
        },
    ),
    "eks": Case(
        {
            "network": {key: value for key, value in GIVEN_VPC.items() if key != "vpc_cidr"},
            # Which rules the cluster's group has is looked up, and so is the VPC's block.
            "security": {"create_security_group": False},
            "eks": {"existing": {"cluster_name": "shared"}},
            **NO_FILES,
        },
        {"aws_vpc": {OTHER_VPC}, "aws_nat_gateway": {NAT}, "aws_eks_cluster": {"shared"}},
        {
            ("module.security.aws_vpc_security_group_ingress_rule.lustre[0]", "from_port"): 988,
            ("module.hyperpod.awscc_sagemaker_cluster.this", "orchestrator"): {
                "eks": {"cluster_arn": f"arn:aws:eks:us-west-2:{ACCOUNT}:cluster/shared"}
            },
        },
    ),
    "byo": Case(
        None,
        {
            "aws_vpc": {"vpc-0123456789abcdef0"},
            "aws_subnet": {"subnet-0123456789abcdef0"},
            "aws_security_group": {"sg-0123456789abcdef0"},
            "aws_eks_cluster": {"shared"},
            "aws_s3_bucket": {"sagemaker-acme-lifecycle"},
            "aws_iam_role": {"acme-hyperpod-nodes"},
        },
        {
            ('module.storage.aws_s3_object.lifecycle["on_create.sh"]', "bucket"): "sagemaker-acme-lifecycle",
            ("module.hyperpod.awscc_sagemaker_cluster.this", "vpc_config"): {
                "security_group_ids": ["sg-0123456789abcdef0"],
                "subnets": ["subnet-0123456789abcdef0"],
            },
        },
    ),
    "everything": Case(
        {
            "network": {
                "existing": {
                    "vpc_id": VPC,
                    "vpc_cidr": "10.80.0.0/20",
                    "private_subnet_ids": SUBNETS,
                    "nat_gateway_ids": {"usw2-az1": NAT},
                    "private_route_table_ids": dict.fromkeys(SUBNETS, "rtb-0aaaaaaaaaaaaaaa1"),
                    "primary_availability_zone_id": "usw2-az2",
                }
            },
            "security": {"existing": {"security_group_id": GROUP}},
            # A rehearsal must not follow this address: it is the real cluster's.
            "eks": {"existing": {"cluster_name": "shared", "cluster_endpoint": "https://real.invalid"}},
            "helm": {"existing": {"release_name": "dependencies"}},
            "storage": {
                "existing": {
                    "bucket_name": BUCKET,
                    "lifecycle_script_uri": f"s3://{BUCKET}/eks",
                    "lifecycle_on_create": "start.sh",
                }
            },
            "iam": {"existing": {"execution_role_arn": ROLE}},
            "fsx": {"existing": {"file_system_id": SYSTEM, "mount_name": "abcdefgh"}},
            "hyperpod": {
                "instance_groups": [
                    {
                        **WORKERS,
                        "security_group_ids": [FURTHER_GROUP],
                        "volume_kms_key_arn": KEY,
                        "lifecycle_script_uri": "https://scripts.s3.us-west-2.amazonaws.com/x",
                        "lifecycle_on_create": "go.sh",
                    }
                ]
            },
        },
        {
            "aws_vpc": {VPC},
            "aws_subnet": set(SUBNETS.values()),
            "aws_route_table": {"rtb-0aaaaaaaaaaaaaaa1"},
            "aws_nat_gateway": {NAT},
            "aws_security_group": {GROUP, FURTHER_GROUP},
            "aws_eks_cluster": {"shared"},
            "aws_s3_bucket": {BUCKET, "scripts"},
            "aws_iam_role": {"nodes"},
            "aws_fsx_lustre_file_system": {SYSTEM},
            "aws_kms_key": {"1234abcd-12ab-34cd-56ef-1234567890ab"},
            "helm_release": {"dependencies"},
        },
        {
            ("module.endpoints.aws_vpc_endpoint.s3[0]", "vpc_id"): VPC,
            ("module.hyperpod.awscc_sagemaker_cluster.this", "vpc_config"): {
                "security_group_ids": [GROUP],
                "subnets": [SUBNETS["usw2-az2"]],
            },
        },
    ),
}


@pytest.fixture
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Project]:
    """A rehearsal of a case's file."""
    name = request.param
    made = Project(tmp_path, name, "hptf-state", f"{name}/rehearsal", rehearsal=True)
    content = {
        "orchestrator": "eks",
        "name": f"ml-{name}",
        "aws": {"region": "us-west-2", "account_id": ACCOUNT},
        "layers": {"hyperpod": {"instance_groups": [WORKERS]}, **(CASES[name].layers or {})},
    }
    if CASES[name].layers is not None:
        with (tmp_path / "envs" / f"{name}.yaml").open("w") as file:
            YAML().dump(json.loads(json.dumps(content)), file)
    try:
        yield made
    finally:
        made.close()


def details(project: Project) -> dict[str, Any]:
    """Return what a destroy of something that was not made there could change."""
    ec2, eks, s3 = (project.session.client(name) for name in ("ec2", "eks", "s3"))
    rules = ec2.describe_security_group_rules()["SecurityGroupRules"]
    return {
        "resources": project.resources(),
        "rules": sorted(rule["SecurityGroupRuleId"] for rule in rules),
        "blocks": {
            vpc["VpcId"]: sorted(
                item["CidrBlock"]
                for item in vpc["CidrBlockAssociationSet"]
                if item["CidrBlockState"]["State"] == "associated"
            )
            for vpc in ec2.describe_vpcs()["Vpcs"]
        },
        "entries": {
            name: eks.list_access_entries(clusterName=name)["accessEntries"] for name in eks.list_clusters()["clusters"]
        },
        "objects": {
            bucket["Name"]: [item["Key"] for item in s3.list_objects_v2(Bucket=bucket["Name"]).get("Contents", ())]
            for bucket in s3.list_buckets()["Buckets"]
            if bucket["Name"] != project.bucket
        },
    }


@pytest.mark.parametrize(
    "project", [pytest.param(name, marks=pytest.mark.xdist_group(f"reuse of {name}")) for name in CASES], indirect=True
)
def test_a_file_that_reuses_is_rehearsed_and_what_it_gives_is_left_as_it_was(project: Project, tmp_path: Path) -> None:
    case, kept = CASES[project.environment], tmp_path / "kept"
    planned = project.run("plan", "--json", "--out", str(kept))
    plan = planned.document()
    assert planned.text.count("made what the file gives:") == 1
    after = {address: change["after"] for address, _, change in changes(plan)}
    for (address, attribute), value in case.planned.items():
        assert _says(after[address][attribute], value), (address, attribute, after[address][attribute])
    given = details(project)
    for kind, identifiers in case.made.items():
        assert identifiers <= given["resources"][kind], kind

    applied = project.apply("--plan", str(kept))
    assert "made what the file gives" not in applied.text
    known = set(project.known().values())
    assert not known & {identity for found in given["resources"].values() for identity in found}
    assert {layer for layer, state in project.states().items() if list(document.addresses(state))} == set(
        plan["layers"]
    )
    clusters = project.session.client("sagemaker").list_clusters()["ClusterSummaries"]
    assert [item["ClusterStatus"] for item in clusters] == ["InService"]
    again = project.run("plan", "--detailed-exitcode", expect=None)
    assert again.code == 0, again.text

    project.destroy()
    assert project.known() == {}
    assert details(project) == given


def _says(found: Any, wanted: Any) -> bool:
    """Whether a planned value says what is wanted, whatever else it says."""
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(_says(found.get(key), value) for key, value in wanted.items())
    return bool(found == wanted)
