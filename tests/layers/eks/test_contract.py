from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from hp_tf.contract.eks_addons import NEEDING_NODES
from hp_tf.contract.role import configured_key
from hp_tf.contract.roles import Network
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.layers.eks.cluster import KUBERNETES_API
from hp_tf.layers.eks.contract import CONTRACT, EksInputs
from tests.contract.evaluating import failures
from tests.contract.verdicts import MODULES, Case, accepted_by_terraform, broken

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
TWICE = {"vpn": "10.20.0.0/16", "office": "10.20.0.0/16"}
BLOCKS = {"primary": "10.192.0.0/16", "usw2-az1": "10.1.0.0/16"}
KEY = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
KEY_EAST = KEY.replace("us-west-2", "us-east-1")
PRINCIPAL = "arn:aws:iam::123456789012:role/Scientist"
USER = "arn:aws:iam::123456789012:user/me"
POLICY_ARN = "arn:aws:eks::aws:cluster-access-policy/"
VIEW = {"policy": "AmazonEKSViewPolicy"}
ADMIN = {"admin": {"policy": "AmazonEKSClusterAdminPolicy"}}
NOT_THE_CREATOR = {"bootstrap_cluster_creator_admin_permissions": False}


def entry(**change: Any) -> dict[str, Any]:
    return {"access_entries": {"one": {"principal_arn": PRINCIPAL, **change}}}


def two(**change: Any) -> dict[str, Any]:
    return {"access_entries": {"one": {"principal_arn": PRINCIPAL}, "two": {"principal_arn": PRINCIPAL, **change}}}


CASES = [
    Case("plain", {}, None),
    Case("partition", {"partition": "aws-cn"}, "eks-partition"),
    Case("one_zone", {"availability_zone_ids": ["usw2-az1"]}, "type"),
    Case("zone_twice", {"availability_zone_ids": ["usw2-az1", "usw2-az1"]}, "eks-zones-distinct"),
    Case("zone_name", {"availability_zone_ids": ["us-west-2a", "us-west-2b"]}, "type"),
    Case("zone_refused", {"availability_zone_ids": ["use1-az3", "use1-az1"]}, "eks-zones-refused"),
    Case("private_access", {"private_access_cidrs": {"vpn": "10.20.0.0/16"}}, None),
    Case(
        "private_access_off",
        {"private_access_cidrs": {"vpn": "10.20.0.0/16"}, "endpoint_private_access": False},
        "eks-private-access-off",
    ),
    Case("private_access_twice", {"private_access_cidrs": TWICE}, "eks-private-access-distinct"),
    Case("public_alone", {"endpoint_private_access": False}, None),
    Case("narrow", {"public_access_cidrs": ["203.0.113.0/24"]}, None),
    Case("nodes_by_nat", {"endpoint_private_access": False, "public_access_cidrs": ["203.0.113.7/32"]}, None),
    Case("subnet_too_small", {"subnet_cidrs": {"usw2-az1": "10.192.0.0/29"}}, "type"),
    Case("services", {"service_ipv4_cidr": "172.20.0.0/16"}, None),
    Case("services_in_vpc", {"service_ipv4_cidr": "10.192.128.0/20"}, "eks-service-overlap"),
    Case("services_around_vpc", {"service_ipv4_cidr": "10.192.0.0/12"}, "eks-service-overlap"),
    Case("services_in_block", {"service_ipv4_cidr": "10.1.16.0/20", "vpc_cidr_blocks": BLOCKS}, "eks-service-overlap"),
    Case("services_apart", {"service_ipv4_cidr": "10.2.0.0/20", "vpc_cidr_blocks": BLOCKS}, None),
    Case("services_public", {"service_ipv4_cidr": "8.8.0.0/16"}, "type"),
    Case("services_small", {"service_ipv4_cidr": "10.100.0.0/25"}, "type"),
    Case("services_large", {"service_ipv4_cidr": "10.0.0.0/11"}, "type"),
    Case("key_elsewhere", {"secrets_encryption": "given_key", "kms_key_arn": KEY_EAST}, "eks-kms-key-region"),
    Case("log_key_elsewhere", {"log_kms_key_arn": KEY_EAST}, "eks-log-kms-key-region"),
    Case("tag_of_aws", {"tags": {"aws:team": "ml"}}, "type"),
    Case("tag", {"tags": {"awsome:team/é": "ml @ work"}}, None),
    Case("boundary", {"role_path": "/ml/", "permissions_boundary_arn": "arn:aws:iam::123456789012:policy/edge"}, None),
    Case("nobody", NOT_THE_CREATOR, "eks-access-somebody"),
    Case("nobody_with_rights", NOT_THE_CREATOR | entry(kubernetes_groups=["ml"]), "eks-access-somebody"),
    Case("somebody", NOT_THE_CREATOR | entry(policies=ADMIN), None),
    Case("nodes_entry", entry(type="HYPERPOD_LINUX"), None),
    Case("nodes_with_groups", entry(type="EC2_LINUX", kubernetes_groups=["ml"]), "eks-access-groups"),
    Case("nodes_with_policies", entry(type="EC2_LINUX", policies=ADMIN), "eks-access-policies"),
    Case("auto_mode_nodes", entry(type="EC2", policies={"n": {"policy": "AmazonEKSAutoNodePolicy"}}), None),
    Case("hyperpod_policy", entry(policies={"h": {"policy": "AmazonSagemakerHyperpodClusterPolicy"}}), None),
    Case("emr_policy", entry(policies={"e": {"policy": f"{POLICY_ARN}AmazonEMRJobPolicy"}}), None),
    Case("principal_twice", two(), "eks-access-principals"),
    Case("principals", two(principal_arn=f"{PRINCIPAL}2"), None),
    Case("principal_of_china", entry(principal_arn=PRINCIPAL.replace("aws", "aws-cn")), "eks-access-partition"),
    Case("node_is_a_user", entry(principal_arn=USER, type="EC2_LINUX"), "eks-access-nodes-role"),
    Case("a_user", entry(principal_arn=USER), None),
    Case("masters", entry(kubernetes_groups=["system:masters"]), "eks-access-group-names"),
    Case("group_of_ones_own", entry(kubernetes_groups=["systems", "ml:eks:x"]), None),
    Case("user_name", entry(user_name="ml:{{SessionName}}"), None),
    Case("user_name_reserved", entry(user_name="aws:ml"), "eks-access-user-name"),
    Case(
        "policy_twice", entry(policies={"a": VIEW, "b": {**VIEW, "namespaces": ["ml"]}}), "eks-access-policies-distinct"
    ),
    Case(
        "policy_twice_by_its_arn",
        entry(policies={"a": VIEW, "b": {"policy": f"{POLICY_ARN}AmazonEKSViewPolicy"}}),
        "eks-access-policies-distinct",
    ),
    Case(
        "policy_of_china",
        entry(policies={"a": {"policy": f"{POLICY_ARN.replace('aws:', 'aws-cn:', 1)}AmazonEKSViewPolicy"}}),
        "eks-access-policies-partition",
    ),
    Case("namespace", entry(policies={"a": {**VIEW, "namespaces": ["dev-*"]}}), None),
    Case("no_namespace", entry(policies={"a": {**VIEW, "namespaces": ["Bad NS!"]}}), "type"),
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
    Case("coredns", {"addons": {"vpc-cni": {}, "coredns": {}}}, None),
    Case("addon_version", {"addons": {"vpc-cni": {"addon_version": "v1.20.1-eksbuild.1"}}}, None),
    Case("addon_version_form", {"addons": {"vpc-cni": {"addon_version": "latest"}}}, "type"),
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


@pytest.mark.parametrize(
    ("change", "place", "message"),
    [
        (two(), "access_entries.two", "a principal_arn of its own: two."),
        ({"availability_zone_ids": ["usw2-az1", "usw2-az2", "usw2-az1"]}, "availability_zone_ids.2", "once: usw2-az1."),
        ({"subnet_cidrs": {"usw2-az4": "10.192.0.0/28"}}, "subnet_cidrs.usw2-az4", "availability_zone_ids: usw2-az4."),
        ({"private_access_cidrs": TWICE}, "private_access_cidrs.office", "named once: 10.20.0.0/16."),
    ],
)
def test_who_is_to_blame_is_named_where_it_stands(change: dict[str, Any], place: str, message: str) -> None:
    (found,) = failures(CONTRACT, {**VALUES, **change})
    assert ".".join(map(str, found.path)) == place
    assert found.message.endswith(message)


@pytest.mark.parametrize(
    ("version", "warnings"),
    [
        ("1.34", set()),
        ("1.33", {"eks-version-extended"}),
        ("1.35", {"eks-version-hyperpod"}),
    ],
)
def test_a_version_that_costs_more_or_is_not_documented_is_a_warning(version: str, warnings: set[str]) -> None:
    values = {**VALUES, "kubernetes_version": version}
    assert broken(CONTRACT, values, "warning") == warnings
    assert broken(CONTRACT, values) == set()


def test_the_role_is_assumed_for_the_account_alone() -> None:
    main = (MODULES / "eks" / "main.tf").read_text(encoding="utf-8")
    (trust,) = re.findall(r"assume_role_policy = jsonencode\((.*?)\n  \}\)", main, re.DOTALL)
    assert '"aws:SourceAccount" = var.account_id' in trust


def test_what_may_cut_the_nodes_off_is_a_warning() -> None:
    narrow = {"endpoint_private_access": False, "public_access_cidrs": ["203.0.113.0/24"]}
    assert broken(CONTRACT, {**VALUES, **narrow}, "warning") == {"eks-public-access-nodes"}
    assert not broken(CONTRACT, {**VALUES, "endpoint_private_access": False}, "warning")


def test_every_addon_that_needs_nodes_is_warned_of() -> None:
    for name in NEEDING_NODES:
        assert broken(CONTRACT, {**VALUES, "addons": {name: {}}}, "warning") == {"eks-addons-need-nodes"}
    late: dict[str, Any] = {"addons": {"vpc-cni": {}, "coredns": {}, "adot": {}}}
    (found,) = failures(CONTRACT, {**VALUES, **late}, level="warning")
    assert found.path == ("addons", "adot")
    assert found.message.endswith("after the nodes: adot, coredns.")


@pytest.mark.parametrize(
    ("version", "broken_rules", "warnings"),
    [
        ("v1.34.1-eksbuild.2", set(), set()),
        # Built after the tables were read.
        ("v1.34.6-eksbuild.99", set(), set()),
        ("v1.35.0-eksbuild.2", {"eks-addon-newer"}, set()),
        ("v1.29.0-eksbuild.1", set(), {"eks-addon-unknown"}),
    ],
)
def test_versions_of_addons_are_held_against_that_of_kubernetes(
    version: str, broken_rules: set[str], warnings: set[str]
) -> None:
    values = {**VALUES, "addons": {"kube-proxy": {"addon_version": version}}}
    assert broken(CONTRACT, values) == broken_rules
    assert broken(CONTRACT, values, "warning") == warnings


def test_defaults() -> None:
    inputs = EksInputs.model_validate(VALUES)
    assert set(inputs.addons) == {"vpc-cni", "kube-proxy", "eks-pod-identity-agent"}
    assert inputs.kubernetes_version == "1.34"
    assert inputs.bootstrap_self_managed_addons


def test_an_existing_cluster_needs_its_name_only() -> None:
    assert CONTRACT.lookup is not None
    consumed = {
        wire.output for contract in CONTRACTS.values() for _, wire in contract.wires() if wire.layer == "eks"
    } | {wire.output for wire in KUBERNETES_API.wires("eks").values()}
    assert consumed <= {*CONTRACT.lookup.identified_by, *CONTRACT.lookup.fills}


NETWORK = {
    "create_vpc": True,
    "vpc_cidr": "10.192.0.0/16",
    "availability_zone_ids": ["usw2-az1", "usw2-az2"],
    "private_cidr_range": "10.0.0.0/12",
    "private_subnet_cidrs": {},
    "public_subnets": True,
    "public_subnet_cidrs": {},
    "nat": "single",
}


def beside(network: dict[str, Any], **change: Any) -> dict[str, str]:
    """What the layer's rules find beside a network that is configured and does not exist yet: places by rule."""
    found = failures(
        CONTRACT,
        {**VALUES, configured_key(Network): {**NETWORK, **network}, **change},
        unknown=("vpc_id", "vpc_cidr"),
    )
    return {failure.rule: ".".join(map(str, failure.path)) for failure in found}


def test_the_usual_addresses_are_right() -> None:
    assert beside({}) == {}
    assert beside({"vpc_cidr": "10.192.0.0/20"}) == {}


@pytest.mark.parametrize(
    ("network", "change", "rule", "place"),
    [
        ({}, {"service_ipv4_cidr": "10.192.0.0/16"}, "eks-service-overlap", "service_ipv4_cidr"),
        ({}, {"service_ipv4_cidr": "10.1.128.0/17"}, "eks-service-planned", "service_ipv4_cidr"),
        (
            {"create_vpc": False, "further_vpc_cidrs": {"offices": "10.60.0.0/16"}},
            {"service_ipv4_cidr": "10.60.16.0/20"},
            "eks-service-planned",
            "service_ipv4_cidr",
        ),
        ({}, {"service_ipv4_cidr": "10.100.5.0/16"}, "eks-cidr-aligned", "service_ipv4_cidr"),
        ({}, {"public_access_cidrs": ["10.0.0.5/8"]}, "eks-cidr-aligned", "public_access_cidrs.0"),
        ({}, {"private_access_cidrs": {"vpn": "10.20.0.1/16"}}, "eks-cidr-aligned", "private_access_cidrs.vpn"),
        ({}, {"subnet_cidrs": {"usw2-az1": "10.192.7.1/28"}}, "eks-cidr-aligned", "subnet_cidrs.usw2-az1"),
        ({}, {"subnet_cidrs": {"usw2-az1": "10.193.7.0/28"}}, "eks-subnet-place", "subnet_cidrs.usw2-az1"),
        (
            {"create_vpc": False},
            {"subnet_cidrs": {"usw2-az1": "8.8.8.0/28"}},
            "eks-subnet-place",
            "subnet_cidrs.usw2-az1",
        ),
        ({}, {"subnet_cidrs": {"usw2-az1": "10.192.1.0/28"}}, "eks-cidr-overlap", "subnet_cidrs.usw2-az1"),
        ({}, {"subnet_cidrs": {"usw2-az1": "10.192.255.32/28"}}, "eks-cidr-overlap", "subnet_cidrs"),
        (
            {"public_subnet_cidrs": {"usw2-az1": "10.192.255.0/24"}},
            {},
            "eks-cidr-overlap",
            "subnet_cidrs",
        ),
        ({"vpc_cidr": "10.192.0.0/27", "public_subnets": False}, {}, "eks-vpc-small", "vpc_cidr"),
        ({}, {"availability_zone_ids": ["usw2-az1", "usw2-az16"]}, "eks-subnet-block", "availability_zone_ids"),
        ({}, {"availability_zone_ids": ["usw2-az1", "use1-az2"]}, "eks-zone-region", "availability_zone_ids.1"),
        ({"nat": "none"}, {"endpoint_private_access": False}, "eks-nodes-reach-api", "endpoint_private_access"),
    ],
)
def test_addresses_beside_the_networks(network: dict[str, Any], change: dict[str, Any], rule: str, place: str) -> None:
    assert beside(network, **change) == {rule: place}


def test_a_given_vpc_may_have_blocks_hptf_does_not_know() -> None:
    assert beside({"create_vpc": False}, subnet_cidrs={"usw2-az1": "10.193.7.0/28"}) == {}


def test_what_is_not_known_yet_breaks_nothing() -> None:
    unknown = ("vpc_id", "vpc_cidr", "region", "availability_zone_ids", "subnet_cidrs", "service_ipv4_cidr")
    assert failures(CONTRACT, VALUES, unknown=unknown) == []
    assert failures(CONTRACT, VALUES, unknown=("availability_zone_ids",)) == []
