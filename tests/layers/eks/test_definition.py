from __future__ import annotations

from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest

from tests.layers.eks.test_contract import PRINCIPAL, VALUES
from tests.layers.evaluation import arguments, document, evaluate

pytestmark = [pytest.mark.slow, pytest.mark.synth]


def ranges(change: dict[str, Any], folder: Path) -> dict[str, str]:
    found = evaluate("eks", {**VALUES, **change}, {"cidrs": "${local.subnet_cidrs}"}, folder)["cidrs"]
    assert isinstance(found, dict)
    return found


def test_ranges_come_from_the_zones_own_numbers(tmp_path: Path) -> None:
    assert ranges({}, tmp_path) == {"usw2-az1": "10.192.255.16/28", "usw2-az2": "10.192.255.32/28"}


def test_another_zone_moves_none(tmp_path: Path) -> None:
    more = ranges({"availability_zone_ids": ["usw2-az4", "usw2-az1", "usw2-az2"]}, tmp_path)
    assert more == {"usw2-az1": "10.192.255.16/28", "usw2-az2": "10.192.255.32/28", "usw2-az4": "10.192.255.64/28"}


@pytest.mark.parametrize("prefix", range(16, 21))
def test_ranges_are_clear_of_the_public_subnets(prefix: int, tmp_path: Path) -> None:
    """Public subnet number N is block N of 256 of the VPC; zones have numbers up to six."""
    vpc = IPv4Network(f"10.192.0.0/{prefix}")
    public = list(vpc.subnets(new_prefix=prefix + 8))[:7]
    zones = [f"usw2-az{number}" for number in range(1, 7)]
    found = ranges({"vpc_cidr": str(vpc), "availability_zone_ids": zones}, tmp_path)
    for text in found.values():
        block = IPv4Network(text)
        assert block.subnet_of(vpc)
        assert not any(block.overlaps(other) for other in public)
    assert len(set(found.values())) == len(zones)


def test_a_range_of_the_users_wins(tmp_path: Path) -> None:
    change = {"vpc_cidr": "10.192.0.0/26", "subnet_cidrs": {"usw2-az1": "10.192.0.0/28", "usw2-az2": "10.192.0.16/28"}}
    assert ranges(change, tmp_path) == change["subnet_cidrs"]


def test_given_subnets_make_none(tmp_path: Path) -> None:
    given = {"usw2-az1": "subnet-0123456789abcdef0", "usw2-az2": "subnet-0123456789abcdef1"}
    assert ranges({"create_subnets": False, "subnet_ids": given}, tmp_path) == {}


def test_access_is_one_element_per_entry_and_policy(tmp_path: Path) -> None:
    admin = {"policy": "AmazonEKSClusterAdminPolicy"}
    own = {"policy": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy", "namespaces": ["ml"]}
    entries = {"me": {"principal_arn": PRINCIPAL, "policies": {"admin": admin, "edit": own}}}
    wanted = {"policies": "${local.access_policies}"}
    assert evaluate("eks", {**VALUES, "access_entries": entries}, wanted, tmp_path)["policies"] == {
        "me/admin": {
            "entry": "me",
            "namespaces": [],
            "policy_arn": "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
        },
        "me/edit": {"entry": "me", "namespaces": ["ml"], "policy_arn": own["policy"]},
    }


def test_without_entries_there_are_no_policies(tmp_path: Path) -> None:
    assert evaluate("eks", VALUES, {"policies": "${local.access_policies}"}, tmp_path)["policies"] == {}


@pytest.mark.parametrize(("given", "expected"), [(None, "dev-eks"), ("shared", "shared")])
def test_the_name(given: str | None, expected: str, tmp_path: Path) -> None:
    wanted = {"name": "${local.cluster_name}"}
    assert evaluate("eks", {**VALUES, "cluster_name": given}, wanted, tmp_path) == {"name": expected}


def test_the_cluster_comes_after_its_log_group_and_role() -> None:
    after = arguments("eks", "aws_eks_cluster.this")["depends_on"]
    assert {"aws_cloudwatch_log_group.this", "aws_iam_role_policy_attachment.cluster"} <= set(after)


def test_the_name_of_the_cluster_means_it_can_be_used() -> None:
    after = document("eks")["output"]["cluster_name"]["depends_on"]
    assert set(after) == {
        "aws_eks_addon.this",
        "aws_eks_access_entry.this",
        "aws_eks_access_policy_association.this",
        "aws_vpc_security_group_ingress_rule.private_access",
    }


def test_what_is_kept_under_the_clusters_name_is_made_anew_with_the_cluster() -> None:
    """The name stays the same. Of the whole cluster, or of most of its attributes, an update in place would do too."""
    kept = {
        kind: resource.get("lifecycle", {}).get("replace_triggered_by")
        for kind, resources in document("eks")["resource"].items()
        for resource in resources.values()
        if resource.get("cluster_name") == "${aws_eks_cluster.this.name}"
    }
    kinds = ("aws_eks_addon", "aws_eks_access_entry", "aws_eks_access_policy_association")
    assert kept == {kind: ["aws_eks_cluster.this.created_at"] for kind in kinds}


def test_further_ranges_reach_the_private_endpoint_by_keys_known_at_plan() -> None:
    rule = arguments("eks", "aws_vpc_security_group_ingress_rule.private_access")
    assert rule["for_each"] == "${var.private_access_cidrs}"
    assert (rule["from_port"], rule["to_port"], rule["cidr_ipv4"]) == (443, 443, "${each.value}")
    # The group that EKS makes, which its network interfaces carry.
    assert rule["security_group_id"] == "${aws_eks_cluster.this.vpc_config[0].cluster_security_group_id}"


def test_control_plane_subnets_lead_nowhere() -> None:
    assert not any(kind in document("eks")["resource"] for kind in ("aws_route", "aws_nat_gateway"))
    assert "route" not in arguments("eks", "aws_route_table.control_plane")


def test_the_control_plane_carries_further_groups(tmp_path: Path) -> None:
    groups = ["sg-0123456789abcdef1", "sg-0123456789abcdef2"]
    wanted = {"groups": arguments("eks", "aws_eks_cluster.this")["vpc_config"]["security_group_ids"]}
    found = evaluate("eks", {**VALUES, "additional_security_group_ids": groups}, wanted, tmp_path)
    assert found["groups"] == [VALUES["security_group_id"], *groups]
