from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.emulator import inventory
from hp_tf.emulator.clients import EmulatorSession
from hp_tf.emulator.daemon import Emulator
from hp_tf.layers.discovery import CONTRACTS
from tests.emulator.conftest import ACCOUNT, REGION, Base, put_release
from tests.emulator.test_hyperpod import CHART, request

TYPES = ResourceTypes(CONTRACTS.values())


def resources(running: Emulator, session_factory: Callable[[], Clients]) -> dict[str, list[str]]:
    """What there is, by type, less the types of which there is nothing."""
    found = inventory.resources(running, session_factory, TYPES)
    return {kind: identifiers for kind, identifiers in found.items() if identifiers}


def test_an_empty_emulator_has_nothing(aws: EmulatorSession, emulator: Emulator) -> None:
    assert resources(emulator, lambda: aws) == {}


def test_everything_is_found_under_its_terraform_id(
    aws: EmulatorSession, emulator: Emulator, base: Base, eks: dict[str, Any]
) -> None:
    ec2, iam = aws.client("ec2"), aws.client("iam")
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=base.subnets[0], AllocationId=address)["NatGateway"]["NatGatewayId"]
    table = ec2.create_route_table(VpcId=base.vpc)["RouteTable"]["RouteTableId"]
    joined = ec2.associate_route_table(RouteTableId=table, SubnetId=base.subnets[0])["AssociationId"]
    block = ec2.associate_vpc_cidr_block(VpcId=base.vpc, CidrBlock="10.1.0.0/16")["CidrBlockAssociation"]
    endpoint = ec2.create_vpc_endpoint(VpcId=base.vpc, ServiceName=f"com.amazonaws.{REGION}.s3")["VpcEndpoint"]
    document = json.dumps(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    )
    policy = iam.create_policy(PolicyName="p", PolicyDocument=document)["Policy"]["Arn"]
    iam.put_role_policy(RoleName="nodes", PolicyName="inline", PolicyDocument=document)
    aws.client("logs").create_log_group(logGroupName="/aws/eks/k/cluster")
    key = aws.client("kms").create_key()["KeyMetadata"]["KeyId"]
    gone = aws.client("kms").create_key()["KeyMetadata"]["KeyId"]
    aws.client("kms").schedule_key_deletion(KeyId=gone)
    aws.client("eks").create_addon(clusterName="k", addonName="vpc-cni")
    principal = f"arn:aws:iam::{ACCOUNT}:role/admin"
    aws.client("eks").create_access_entry(clusterName="k", principalArn=principal)
    system = aws.client("fsx").create_file_system(
        FileSystemType="LUSTRE",
        SubnetIds=base.subnets[:1],
        StorageCapacity=1200,
        LustreConfiguration={"DeploymentType": "SCRATCH_2"},
    )["FileSystem"]["FileSystemId"]
    put_release(eks, CHART, name="deps")
    cluster = aws.client("sagemaker").create_cluster(**request(base, eks))["ClusterArn"]
    found = resources(emulator, lambda: aws)
    rules = {kind: found.pop(kind) for kind in list(found) if kind.endswith("gress_rule")}
    assert {kind: len(identifiers) for kind, identifiers in rules.items()} == {
        "aws_vpc_security_group_egress_rule": 2,
        "aws_vpc_security_group_ingress_rule": 1,
    }
    assert found == {
        "aws_cloudwatch_log_group": ["/aws/eks/k/cluster"],
        "aws_eip": [address],
        "aws_eks_access_entry": [f"k:{principal}"],
        "aws_eks_addon": ["k:vpc-cni"],
        "aws_eks_cluster": ["k"],
        "aws_fsx_lustre_file_system": [system],
        "aws_iam_policy": [policy],
        "aws_iam_role": ["nodes"],
        "aws_iam_role_policy": ["nodes:inline"],
        "aws_internet_gateway": [gateway],
        "aws_kms_key": [key],
        "aws_nat_gateway": [nat],
        "aws_route_table": [table],
        "aws_route_table_association": [joined],
        "aws_s3_bucket": [base.bucket],
        "aws_security_group": [base.group],
        "aws_subnet": sorted(base.subnets),
        "aws_vpc": [base.vpc],
        "aws_vpc_endpoint": sorted([base.s3_endpoint, endpoint["VpcEndpointId"]]),
        "aws_vpc_ipv4_cidr_block_association": [block["AssociationId"]],
        "awscc_sagemaker_cluster": [cluster],
        "helm_release": ["deps"],
    }


def test_the_caller_of_a_real_session_works_too(emulator: Emulator, aws: EmulatorSession, base: Base) -> None:
    from hp_tf.emulator.clients import session

    again = resources(emulator, lambda: session(emulator))
    assert again == resources(emulator, lambda: aws)
    assert again["aws_vpc"] == [base.vpc]


class Answers:
    """A client of EC2 that answers from a table: what the patched emulator refuses to leave behind cannot be made."""

    def __init__(self, pages: dict[str, dict[str, list[dict[str, Any]]]]) -> None:
        self._pages = pages

    def client(self, name: str, /) -> Any:
        return self

    def can_paginate(self, method: str) -> bool:
        return True

    def get_paginator(self, method: str) -> Any:
        pages = [self._pages.get(method, {})]
        return type("Paginator", (), {"paginate": lambda self, **arguments: pages})()


def test_what_stays_of_a_vpc_that_is_gone_is_found() -> None:
    answers = Answers(
        {
            "describe_vpcs": {"Vpcs": [{"VpcId": "vpc-default", "IsDefault": True}]},
            "describe_internet_gateways": {
                "InternetGateways": [
                    {"InternetGatewayId": "igw-gone", "Attachments": [{"VpcId": "vpc-gone"}]},
                    {"InternetGatewayId": "igw-default", "Attachments": [{"VpcId": "vpc-default"}]},
                ]
            },
            "describe_subnets": {"Subnets": [{"SubnetId": "subnet-gone", "VpcId": "vpc-gone"}]},
            "describe_security_groups": {
                "SecurityGroups": [
                    {"GroupId": "sg-gone", "GroupName": "nodes", "VpcId": "vpc-gone"},
                    {"GroupId": "sg-default", "GroupName": "other", "VpcId": "vpc-default"},
                ]
            },
        }
    )
    kinds = ("aws_internet_gateway", "aws_route_table", "aws_security_group", "aws_subnet", "aws_vpc")
    counted = [(kind, count) for kind in kinds if (count := TYPES[kind].inventory) is not None]
    assert len(counted) == len(kinds)
    found = [(kind, identifier) for kind, count in counted for identifier in count(answers)]
    assert sorted(found) == [
        ("aws_internet_gateway", "igw-gone"),
        ("aws_security_group", "sg-gone"),
        ("aws_subnet", "subnet-gone"),
    ]
