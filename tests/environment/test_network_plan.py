"""What a file says of one layer's addresses and of a cluster that exists, judged by the rules of another layer."""

from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.environment.load import validated
from hp_tf.errors import BadInput
from hp_tf.layers.discovery import CONTRACTS

HEAD = """\
orchestrator: eks
name: dev
aws: {region: us-west-2, account_id: "123456789012"}
layers:
"""
NETWORK = "  network: {availability_zone_ids: [usw2-az1], %s}\n"
EKS = "  eks: {availability_zone_ids: [usw2-az1, usw2-az2], %s}\n"
GROUPS = "  hyperpod: {instance_groups: [{name: one, instance_type: %s, count: 4}]}\n"
# What nodes need where the network has no way out.
WAYS = "  endpoints: {interface_endpoints: [ec2, ecr.api, ecr.dkr, eks-auth, sagemaker.api, sts]}\n"
SHARED = "  eks: {existing: {cluster_name: shared}}\n"


def said(folder: Path, layers: str, instance_type: str = "ml.m5.2xlarge") -> dict[str, str]:
    """The problems of a file, by rule: where each stands."""
    (folder / "dev.yaml").write_text(HEAD + layers + WAYS + GROUPS % instance_type)
    try:
        validated("dev", CONTRACTS, folder)
    except BadInput as error:
        return {problem.code.name: problem.subject for problem in error.problems}
    return {}


@pytest.mark.parametrize(
    ("network", "eks", "expected"),
    [
        ("", "", {}),
        ("", "service_ipv4_cidr: 10.192.0.0/16", {"eks-service-overlap": "layers.eks.service_ipv4_cidr"}),
        (
            "public_subnet_cidrs: {usw2-az1: 10.192.255.0/24}",
            "",
            {"eks-cidr-overlap": "layers.eks.subnet_cidrs"},
        ),
        (
            "vpc_cidr: 10.192.0.0/27, public_subnets: false, nat: none",
            "",
            {"eks-vpc-small": "layers.eks.vpc_cidr"},
        ),
        (
            "public_subnets: false, nat: none",
            "endpoint_private_access: false",
            {"eks-nodes-reach-api": "layers.eks.endpoint_private_access"},
        ),
    ],
)
def test_addresses_are_judged_before_the_network_exists(
    network: str, eks: str, expected: dict[str, str], tmp_path: Path
) -> None:
    assert said(tmp_path, NETWORK % network + EKS % eks) == expected


def test_faults_of_the_network_do_not_stop_the_rules_of_eks(tmp_path: Path) -> None:
    broken = NETWORK % "vpc_cidr: 999.0.0.0/16, private_subnet_cidrs: 5, public_subnets: maybe"
    found = said(tmp_path, broken + EKS % "service_ipv4_cidr: 10.1.0.5/16")
    assert found["eks-cidr-aligned"] == "layers.eks.service_ipv4_cidr"


def test_nodes_need_room(tmp_path: Path) -> None:
    small = NETWORK % "private_subnet_cidrs: {usw2-az1: 10.1.0.0/24}"
    found = said(tmp_path, small + EKS % "", "ml.p5.48xlarge")
    assert found == {"network-room": "layers.network.private_subnet_cidrs.usw2-az1"}


def test_a_cluster_that_exists_wants_its_own_vpc_and_group(tmp_path: Path) -> None:
    assert said(tmp_path, NETWORK % "" + SHARED) == {
        "network-cluster-elsewhere": "layers.network.create_vpc",
        "security-group-unused": "layers.security.create_security_group",
    }
    given = NETWORK % "create_vpc: false, vpc_id: vpc-0123456789abcdef0, public_subnets: false, nat: none"
    # Which rules the group has is looked up, or said.
    for rules in ("", ", present_rules: [ingress_self, egress_anywhere]"):
        right = f"  security: {{create_security_group: false{rules}}}\n"
        assert said(tmp_path, given + SHARED + right) == {}
