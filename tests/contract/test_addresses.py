from __future__ import annotations

from ipaddress import IPv4Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hp_tf.contract.addresses import (
    association_problem,
    child,
    misaligned,
    overlaps,
    zone_blocks,
    zone_number,
    zone_prefix,
)

# Every region and the beginning of its zones' ids that the reference sheet on operations lists.
PREFIXES = {
    "us-east-1": "use1",
    "us-east-2": "use2",
    "us-west-1": "usw1",
    "us-west-2": "usw2",
    "eu-west-1": "euw1",
    "eu-west-2": "euw2",
    "eu-central-1": "euc1",
    "eu-north-1": "eun1",
    "eu-south-2": "eus2",
    "ap-northeast-1": "apne1",
    "ap-south-1": "aps1",
    "ap-southeast-1": "apse1",
    "ap-southeast-4": "apse4",
    "ca-central-1": "cac1",
    "sa-east-1": "sae1",
    "us-gov-west-1": "usgw1",
    "cn-northwest-1": "cnnw1",
}


@pytest.mark.parametrize(("region", "prefix"), PREFIXES.items())
def test_prefix_of_zone_ids(region: str, prefix: str) -> None:
    assert zone_prefix(region) == prefix


def test_a_region_of_unknown_form_has_no_prefix() -> None:
    assert zone_prefix("eusc-de-east-1") is None
    assert zone_prefix("us-upper-1") is None


def test_zone_number() -> None:
    assert zone_number("usw2-az3") == 3
    assert zone_number("usw2-lax1-az1") == 1
    with pytest.raises(ValueError, match="us-west-2a"):
        zone_number("us-west-2a")


def test_child_is_what_cidrsubnet_gives() -> None:
    assert child(IPv4Network("10.192.0.0/16"), 8, 2) == IPv4Network("10.192.2.0/24")
    assert child(IPv4Network("10.0.0.0/12"), 4, 15) == IPv4Network("10.15.0.0/16")
    assert child(IPv4Network("10.0.0.0/12"), 4, 16) is None
    assert child(IPv4Network("10.0.0.0/30"), 4, 1) is None


@given(st.permutations(["use1-az1", "use1-az2", "use1-az4", "use1-az6"]), st.integers(1, 4))
def test_blocks_do_not_depend_on_the_list(zones: list[str], count: int) -> None:
    parent = IPv4Network("10.0.0.0/12")
    whole = zone_blocks(sorted(zones), {}, parent, 4)
    assert zone_blocks(zones[:count], {}, parent, 4) == {zone: whole[zone] for zone in zones[:count]}
    assert not list(overlaps({zone: block for zone, block in whole.items() if block is not None}))


def test_misaligned_names_the_range_meant() -> None:
    assert misaligned("10.0.1.0/16") == "10.0.0.0/16"
    assert misaligned("10.0.0.0/16") is None
    assert misaligned("no range") is None


@pytest.mark.parametrize(
    ("vpc", "secondary", "refused"),
    [
        ("10.192.0.0/16", "10.1.0.0/16", False),
        ("10.192.0.0/16", "100.64.0.0/16", False),
        ("10.192.0.0/16", "172.16.0.0/16", True),
        ("10.192.0.0/16", "192.168.0.0/16", True),
        ("10.1.0.0/16", "10.0.0.0/16", True),
        ("10.2.0.0/16", "10.0.0.0/16", False),
        ("172.16.0.0/16", "172.18.0.0/16", False),
        ("172.16.0.0/16", "172.31.0.0/16", True),
        ("172.16.0.0/16", "10.1.0.0/16", True),
        ("192.168.0.0/16", "10.1.0.0/16", True),
        ("100.64.0.0/16", "10.1.0.0/16", True),
        ("100.64.0.0/16", "100.65.0.0/16", False),
        ("10.192.0.0/16", "198.19.0.0/16", True),
    ],
)
def test_association_restrictions(vpc: str, secondary: str, refused: bool) -> None:
    problem = association_problem(IPv4Network(vpc), IPv4Network(secondary))
    assert (problem is not None) is refused
