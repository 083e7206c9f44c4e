from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hp_tf.contracts.eks import ADDONS_NEEDING_NODES, CONTRACT, EksInputs
from tests.contracts.verdicts import Case, accepted_by_terraform, broken

VALUES: dict[str, Any] = {
    "name": "dev",
    "region": "us-west-2",
    "account_id": "123456789012",
    "partition": "aws",
    "vpc_id": "vpc-0123456789abcdef0",
    "vpc_cidr": "10.192.0.0/16",
    "security_group_id": "sg-0123456789abcdef0",
    "availability_zone_ids": ["usw2-az1", "usw2-az2"],
}
SUBNETS = {"usw2-az1": "subnet-0123456789abcdef0", "usw2-az2": "subnet-0123456789abcdef1"}
ONE_SUBNET = {"usw2-az1": "subnet-0123456789abcdef0"}
RANGES = {"usw2-az1": "10.192.0.0/28", "usw2-az2": "10.192.0.16/28"}
KEY = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
PRINCIPAL = "arn:aws:iam::123456789012:role/Scientist"

CASES = [
    Case("plain", {}, None),
    Case("one_zone", {"availability_zone_ids": ["usw2-az1"]}, "type"),
    Case("zone_twice", {"availability_zone_ids": ["usw2-az1", "usw2-az1"]}, "eks-zones-distinct"),
    Case("zone_name", {"availability_zone_ids": ["us-west-2a", "us-west-2b"]}, "type"),
    Case("zone_refused", {"availability_zone_ids": ["use1-az3", "use1-az1"]}, "eks-zones-refused"),
    Case("local_zone", {"availability_zone_ids": ["usw2-lax1-az1", "usw2-az1"]}, "eks-zones-refused"),
    Case("subnets", {"create_subnets": False, "subnet_ids": SUBNETS}, None),
    Case(
        "subnets_missing",
        {"create_subnets": False, "subnet_ids": ONE_SUBNET},
        "eks-subnets-given",
    ),
    Case("subnets_both", {"subnet_ids": SUBNETS}, "eks-subnets-not-both"),
    Case("ranges", {"subnet_cidrs": RANGES}, None),
    Case("range_of_no_zone", {"subnet_cidrs": {"usw2-az4": "10.192.0.0/28"}}, "eks-subnet-cidrs-known"),
    Case("small_vpc", {"vpc_cidr": "10.192.0.0/25"}, "eks-vpc-small"),
    Case("small_vpc_with_ranges", {"vpc_cidr": "10.192.0.0/25", "subnet_cidrs": RANGES}, None),
    Case("old_version", {"kubernetes_version": "1.27"}, "type"),
    Case("new_version", {"kubernetes_version": "1.40"}, None),
    Case("config_map", {"authentication_mode": "CONFIG_MAP"}, "type"),
    Case("unreachable", {"endpoint_private_access": False, "endpoint_public_access": False}, "eks-endpoint-reachable"),
    Case("private", {"endpoint_public_access": False}, None),
    Case("no_ranges_of_clients", {"public_access_cidrs": []}, "type"),
    Case("key_made", {"secrets_encryption": "created_key"}, None),
    Case("key_given", {"secrets_encryption": "given_key", "kms_key_arn": KEY}, None),
    Case("key_missing", {"secrets_encryption": "given_key"}, "eks-key-given"),
    Case("key_unused", {"kms_key_arn": KEY}, "eks-key-not-both"),
    Case("retention", {"log_retention_days": 8}, "type"),
    Case("log_type", {"log_types": ["kubelet"]}, "type"),
    Case("coredns", {"addons": {"vpc-cni": {}, "coredns": {}}}, "eks-addons-need-nodes"),
    Case("addon_version", {"addons": {"vpc-cni": {"addon_version": "v1.20.1-eksbuild.1"}}}, None),
    Case(
        "access",
        {
            "access_entries": {
                "scientists": {
                    "principal_arn": PRINCIPAL,
                    "policies": {"edit": {"policy": "AmazonEKSEditPolicy", "namespaces": ["ml"]}},
                }
            }
        },
        None,
    ),
    Case(
        "session",
        {"access_entries": {"me": {"principal_arn": "arn:aws:sts::123456789012:assumed-role/Scientist/me"}}},
        "type",
    ),
    Case(
        "policy_unknown",
        {"access_entries": {"me": {"principal_arn": PRINCIPAL, "policies": {"all": {"policy": "Admin"}}}}},
        "type",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rules(case: Case) -> None:
    found = broken(CONTRACT, {**VALUES, **case.change})
    assert case.broken in found if case.broken else not found


@pytest.mark.slow
def test_terraform_says_the_same(tmp_path: Path) -> None:
    verdicts = accepted_by_terraform(CONTRACT, {case.name: {**VALUES, **case.change} for case in CASES}, tmp_path)
    assert verdicts == {case.name: case.broken is None for case in CASES}


def test_every_addon_that_needs_nodes_is_refused() -> None:
    for name in ADDONS_NEEDING_NODES:
        assert broken(CONTRACT, {**VALUES, "addons": {name: {}}}) == {"eks-addons-need-nodes"}


def test_defaults() -> None:
    inputs = EksInputs.model_validate(VALUES)
    assert set(inputs.addons) == {"vpc-cni", "kube-proxy", "eks-pod-identity-agent"}
    assert inputs.kubernetes_version == "1.33"
    assert inputs.bootstrap_self_managed_addons


def test_an_existing_cluster_needs_its_name_only() -> None:
    assert CONTRACT.lookup is not None
    assert {*CONTRACT.lookup.identified_by, *CONTRACT.lookup.fills} == set(CONTRACT.outputs.model_fields)
