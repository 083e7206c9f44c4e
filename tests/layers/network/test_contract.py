from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hp_tf.contract.role import configured_key, given_key
from hp_tf.contract.roles import HyperPodCluster, KubernetesApi
from hp_tf.contract.rules import UNKNOWN
from hp_tf.layers.network.contract import CONTRACT
from tests.contract.evaluating import broken, circles, disagreements, failures

ZONES = ["usw2-az1", "usw2-az2"]
BASE: dict[str, Any] = {
    "name": "dev",
    "region": "us-west-2",
    "account_id": "123456789012",
    "availability_zone_ids": ZONES,
    "primary_availability_zone_id": "usw2-az2",
}
VPC = "vpc-0123456789abcdef0"
NAT = "nat-0123456789abcdef0"
GATEWAY = "igw-0123456789abcdef0"
GIVEN = {"create_vpc": False, "vpc_id": VPC, "public_subnets": False, "nat": "none"}
PUBLIC = {"usw2-az1": "10.192.64.0/24", "usw2-az2": "10.192.65.0/24"}


KEY = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
SMALL = {"private_subnet_cidrs": {"usw2-az1": "10.1.0.0/24", "usw2-az2": "10.2.0.0/24"}}
P5 = {"name": "training", "instance_type": "ml.p5.48xlarge"}
IN_ONE = {"availability_zone_id": "usw2-az1"}

CLUSTER = {given_key(KubernetesApi): {"vpc_id": VPC}}


def groups(*made: dict[str, Any]) -> dict[str, Any]:
    """What a HyperPod cluster with these instance groups shows."""
    return {configured_key(HyperPodCluster): {"instance_groups": list(made)}}


ADDRESS = "eipalloc-0123456789abcdef0"
ROUTE = {"destination_cidr_block": "10.20.0.0/16", "transit_gateway_id": "tgw-0123456789abcdef0"}

GOOD: list[dict[str, Any]] = [
    {},
    {"nat": "per_az"},
    {"nat": "none", "public_subnets": False},
    {**GIVEN, "nat": "existing", "nat_gateway_ids": {"usw2-az2": NAT}},
    {**GIVEN, "nat": "existing", "nat_gateway_ids": {"usw2-az1": NAT, "usw2-az2": NAT}},
    {**GIVEN, **CLUSTER},
    {**groups(P5 | {"count": 800})},
    {**SMALL, **groups(P5 | {"count": 3}, P5 | {"name": "other", "count": 3, **IN_ONE})},
    {**SMALL, **groups(P5 | {"instance_type": "ml.c5.large", "count": 1000})},
    {"kms_key_arn": KEY},
    {"nat_allocation_ids": {"usw2-az2": ADDRESS}},
    {"nat": "per_az", "nat_allocation_ids": {"usw2-az1": ADDRESS}},
    {"private_routes": {"corporate": ROUTE, "lab": {**ROUTE, "destination_cidr_block": "10.30.0.0/16"}}},
    {"private_subnet_tags": {"karpenter.sh/discovery": "dev"}, "public_subnet_tags": {"a": "b"}},
    {"availability_zone_ids": ["usw2-az4"], "primary_availability_zone_id": None},
    GIVEN,
    {"tags": {"Team": "a", "team": "b"}},
    {**GIVEN, "public_subnets": True, "internet_gateway_id": GATEWAY, "public_subnet_cidrs": PUBLIC},
    {
        "availability_zone_ids": [*ZONES, "usw2-lax1-az1"],
        "private_subnet_cidrs": {"usw2-lax1-az1": "10.9.0.0/16"},
        "public_subnet_cidrs": {"usw2-lax1-az1": "10.192.9.0/24"},
    },
    {"vpc_cidr": "172.16.0.0/16", "private_cidr_range": "100.64.0.0/12"},
    {
        "vpc_cidr": "10.0.0.0/16",
        "associate_private_cidrs": False,
        "private_cidr_range": "10.0.0.0/16",
        "public_subnet_cidrs": {"usw2-az1": "10.0.240.0/24", "usw2-az2": "10.0.241.0/24"},
    },
    {
        "vpc_cidr": "10.192.0.0/24",
        "public_subnet_cidrs": {"usw2-az1": "10.192.0.0/28", "usw2-az2": "10.192.0.16/28"},
    },
    {"flow_logs": "s3", "flow_log_bucket_arn": "arn:aws:s3:::acme-logs"},
    {**GIVEN, "further_vpc_cidrs": {"offices": "10.60.0.0/16", "more": "10.61.0.0/16"}},
    {**GIVEN, "associate_private_cidrs": False},
    {**GIVEN, "associate_private_cidrs": False, "further_vpc_cidrs": {"a": "10.0.0.0/16", "b": "10.2.128.0/20"}},
]


@pytest.mark.parametrize("values", GOOD)
def test_good_inputs(values: dict[str, Any]) -> None:
    assert failures(CONTRACT, BASE | values) == []


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"nat_allocation_ids": {"usw2-az1": ADDRESS}}, "network-nat-addresses"),
    ({"nat": "per_az", "nat_allocation_ids": {"usw2-az3": ADDRESS}}, "network-nat-addresses"),
    ({"nat": "none", "nat_allocation_ids": {"usw2-az2": ADDRESS}}, "network-nat-addresses"),
    ({"private_routes": {"a": {"destination_cidr_block": "10.20.0.0/16"}}}, "network-private-routes"),
    (
        {"private_routes": {"a": {**ROUTE, "network_interface_id": "eni-0123456789abcdef0"}}},
        "network-private-routes",
    ),
    ({"private_routes": {"a": ROUTE, "b": ROUTE}}, "network-private-routes-apart"),
    ({"private_routes": {"a": {**ROUTE, "destination_cidr_block": "0.0.0.0/0"}}}, "network-private-routes-apart"),
    ({"availability_zone_ids": ["usw2-az2", "usw2-az2"]}, "network-zones-distinct"),
    ({"primary_availability_zone_id": None}, "network-primary-required"),
    ({"primary_availability_zone_id": "usw2-az3"}, "network-primary-listed"),
    ({**GIVEN, "vpc_id": None}, "network-vpc-needed"),
    ({"vpc_id": VPC}, "network-vpc-unused"),
    ({**GIVEN, "public_subnets": True, "public_subnet_cidrs": PUBLIC}, "network-internet-gateway-needed"),
    ({"internet_gateway_id": GATEWAY}, "network-internet-gateway-unused"),
    ({"vpc_cidr": "10.192.0.0/21"}, "network-vpc-too-small"),
    ({**GIVEN, "public_subnets": True, "internet_gateway_id": GATEWAY}, "network-public-cidrs-given-vpc"),
    ({"public_subnet_cidrs": {"usw2-az3": "10.192.3.0/24"}}, "network-public-cidrs-zones"),
    ({"private_subnet_cidrs": {"usw2-az3": "10.3.0.0/16"}}, "network-private-cidrs-zones"),
    ({"public_subnets": False}, "network-nat-needs-public"),
    ({**GIVEN, "nat": "existing"}, "network-nat-given"),
    ({**GIVEN, "nat": "existing", "nat_gateway_ids": {"usw2-az1": NAT}}, "network-nat-given"),
    ({"nat": "existing", "nat_gateway_ids": {"usw2-az2": NAT}}, "network-nat-given-vpc"),
    (CLUSTER, "network-cluster-elsewhere"),
    ({"kms_key_arn": KEY.replace("us-west-2", "us-east-1")}, "network-kms-key-region"),
    # Each takes 81 of the 251 addresses of a /24.
    ({**SMALL, **groups(P5 | {"count": 4})}, "network-room"),
    ({**SMALL, **groups(P5 | {"count": 2}, P5 | {"name": "more", "count": 2})}, "network-room"),
    ({**SMALL, **groups(P5 | {"count": 4, **IN_ONE})}, "network-room"),
    ({"nat_gateway_ids": {"usw2-az2": NAT}}, "network-nat-unused"),
    ({**GIVEN, "nat": "existing", "nat_gateway_ids": {"usw2-az2": NAT, "usw2-az4": NAT}}, "network-nat-zones"),
    ({"flow_logs": "cloudwatch", "tags": {"Team": "a", "team": "b"}}, "network-tags-distinct"),
    ({"flow_logs": "s3"}, "network-flow-log-bucket-needed"),
    ({"flow_log_bucket_arn": "arn:aws:s3:::acme-logs"}, "network-flow-log-bucket-unused"),
    ({"availability_zone_ids": ["use1-az1", "usw2-az2"]}, "network-zone-region"),
    ({"availability_zone_ids": ["usw2-az16", "usw2-az2"]}, "network-private-block"),
    ({"vpc_cidr": "10.192.1.0/16"}, "network-cidr-aligned"),
    ({"vpc_cidr": "8.8.0.0/16", "private_cidr_range": "100.64.0.0/12"}, "network-cidr-private"),
    ({"vpc_cidr": "172.17.0.0/16", "private_cidr_range": "100.64.0.0/12"}, "network-cidr-private"),
    ({"vpc_cidr": "172.20.0.0/16"}, "network-cidr-association"),
    ({"private_subnet_cidrs": {"usw2-az1": "192.168.0.0/16"}}, "network-cidr-association"),
    ({"vpc_cidr": "10.1.0.0/16", "public_subnets": False, "nat": "none"}, "network-private-outside"),
    ({"private_subnet_cidrs": {"usw2-az1": "10.2.0.0/24"}}, "network-cidr-overlap"),
    ({"public_subnet_cidrs": {"usw2-az1": "10.192.2.0/25"}}, "network-cidr-overlap"),
    ({"public_subnet_cidrs": {"usw2-az1": "10.193.2.0/24"}}, "network-public-inside"),
    ({"associate_private_cidrs": False}, "network-private-inside"),
    ({"further_vpc_cidrs": {"offices": "10.60.0.0/16"}}, "network-further-cidrs-given-vpc"),
    ({**GIVEN, "further_vpc_cidrs": {"offices": "10.192.8.0/24"}}, "network-further-cidrs"),
    ({**GIVEN, "further_vpc_cidrs": {"a": "10.60.0.0/16", "b": "10.60.1.0/24"}}, "network-further-cidrs"),
    ({**GIVEN, "further_vpc_cidrs": {"a": "10.1.0.0/16"}}, "network-further-private"),
    ({**GIVEN, "further_vpc_cidrs": {"a": "10.1.128.0/20"}}, "network-further-private"),
    ({**GIVEN, "further_vpc_cidrs": {"a": "10.60.1.0/16"}}, "network-cidr-aligned"),
]


@pytest.mark.parametrize(("values", "rule"), BROKEN)
def test_each_rule_finds_its_case_alone(values: dict[str, Any], rule: str) -> None:
    assert broken(CONTRACT, BASE | values) == {rule}


def test_a_local_zone_needs_blocks_of_its_own() -> None:
    zones = {"availability_zone_ids": [*ZONES, "usw2-lax1-az1"]}
    found = broken(CONTRACT, BASE | zones)
    assert {"network-local-zone-private-cidr", "network-local-zone-public-cidr"} <= found
    closed = {"public_subnets": False, "nat": "none"}
    assert "network-local-zone-public-cidr" not in broken(CONTRACT, BASE | zones | closed)


def test_failures_name_the_place_and_the_remedy() -> None:
    [failure] = failures(CONTRACT, BASE | {"availability_zone_ids": ["usw2-az2", "use1-az1"]})
    assert failure.path == ("availability_zone_ids", 1)
    assert failure.message == "Zone 'use1-az1' is not in region us-west-2, whose zone ids begin with 'usw2-'."

    [failure] = failures(CONTRACT, BASE | {"private_subnet_cidrs": {"usw2-az1": "10.192.0.0/18"}})[:1]
    assert failure.path == ("private_subnet_cidrs", "usw2-az1")
    assert "overlaps vpc_cidr (10.192.0.0/16)" in failure.message

    [failure] = failures(CONTRACT, BASE | {"vpc_cidr": "10.192.1.0/16"})
    assert "'10.192.0.0/16'" in failure.message


def test_a_block_outside_a_new_vpc_is_not_advised() -> None:
    """Blocks of a new VPC are its own and those added to it: without adding, only its own is left."""
    [failure] = failures(CONTRACT, BASE | {"associate_private_cidrs": False})
    assert failure.path == ("private_cidr_range",)
    assert failure.message == (
        "The private subnet of usw2-az1 (10.1.0.0/16) is not inside vpc_cidr (10.192.0.0/16); take a block of it, or "
        "set associate_private_cidrs to true."
    )
    [inside] = failures(CONTRACT, BASE | {"private_subnet_cidrs": {"usw2-az1": "10.192.128.0/17"}})
    assert "set associate_private_cidrs to false: the VPC has this one already" in inside.message
    found = failures(CONTRACT, BASE | {"vpc_cidr": "10.1.0.0/20"})
    assert "network-cidr-overlap" in {failure.rule for failure in found}
    assert not [failure for failure in found if "associate_private_cidrs" in failure.message]


@pytest.mark.parametrize("name", ["public_subnet_cidrs", "private_subnet_cidrs"])
def test_the_key_that_is_no_zone_is_named(name: str) -> None:
    found = failures(CONTRACT, BASE | {name: {"usw2-az3": "10.192.3.0/24"}})
    [failure] = [item for item in found if item.rule.endswith("cidrs-zones")]
    assert failure.path == (name, "usw2-az3")
    assert failure.message.endswith("is not one of availability_zone_ids: usw2-az3.")


def test_the_nat_gateways_zone_is_named() -> None:
    nats = {"nat": "existing", "nat_gateway_ids": {"usw2-az2": NAT, "usw2-az4": NAT}}
    [failure] = failures(CONTRACT, BASE | GIVEN | nats)
    assert failure.path == ("nat_gateway_ids", "usw2-az4")
    [failure] = failures(CONTRACT, BASE | {"availability_zone_ids": ["usw2-az2", "usw2-az1", "usw2-az2"]})
    assert (failure.path, failure.message[-10:]) == (("availability_zone_ids", 2), " usw2-az2.")


def test_a_vpc_that_does_not_exist_holds_no_cluster() -> None:
    """The cluster's VPC is looked up later; that it exists is known from the file."""
    looked_up = {given_key(KubernetesApi): {"vpc_id": UNKNOWN}}
    [failure] = failures(CONTRACT, BASE | looked_up)
    assert (failure.rule, failure.path) == ("network-cluster-elsewhere", ("create_vpc",))
    assert failures(CONTRACT, BASE | GIVEN | looked_up) == []


def test_room_says_what_is_needed() -> None:
    [failure] = failures(CONTRACT, BASE | SMALL | {**groups(P5 | {"count": 4})})
    assert failure.path == ("private_subnet_cidrs", "usw2-az2")
    assert "in usw2-az2 take 324 addresses, and its private subnet 10.2.0.0/24 has 251" in failure.message


def test_values_that_are_not_known_yet_break_nothing() -> None:
    unknown = ("vpc_cidr", "region", "private_cidr_range", "public_subnet_cidrs", "availability_zone_ids")
    assert failures(CONTRACT, BASE, unknown=unknown) == []
    assert failures(CONTRACT, BASE, unknown=("availability_zone_ids",)) == []


WRONG: list[dict[str, Any]] = [
    {"availability_zone_ids": []},
    {"availability_zone_ids": [f"usw2-az{number}" for number in range(1, 7)]},
    {"availability_zone_ids": ["us-west-2a"]},
    {"vpc_cidr": "10.0.0.0/8"},
    {"vpc_cidr": "10.256.0.0/16"},
    {"vpc_cidr": "10.0.0.0/16\n"},
    {"private_cidr_range": "10.0.0.0/8"},
    {"private_cidr_range": "999.0.0.0/12"},
    {"tags": {"aws:team": "ml"}},
    {"tags": {"team": "a*b"}},
    {"nat": "both"},
    {"flow_log_retention_days": 31},
    {"vpc_id": "vpc-xyz"},
    {"nat_gateway_ids": {"usw2-az1": "igw-0123456789abcdef0"}},
    {"create_vpc": "yes"},
    {"name": "Dev"},
    {"name": "dev-"},
    {"account_id": "123"},
]


@pytest.mark.parametrize("values", WRONG)
def test_wrong_types_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        CONTRACT.inputs.model_validate(BASE | values)


def test_validations_do_not_go_in_a_circle() -> None:
    assert circles(CONTRACT) == []


def test_names() -> None:
    values = {"name": "dev", "region": "us-west-2", "account_id": "123456789012"}
    assert CONTRACT.names["flow_logs_role"].render(values) == "dev-flow-logs-us-west-2"


@pytest.mark.slow
def test_terraform_judges_the_same(tmp_path: Path) -> None:
    changes = [*GOOD, *(values for values, _ in BROKEN), *WRONG]
    assert disagreements(CONTRACT, BASE, changes, tmp_path) == []
