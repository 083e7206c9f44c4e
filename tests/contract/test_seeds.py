"""What ids and ARNs in a file name, and how what several layers say of one thing comes together."""

from __future__ import annotations

import pytest

from hp_tf.contract.seeds import Seed, fitted_id, merged, recognised


@pytest.mark.parametrize(
    ("value", "kind", "identity"),
    [
        ("vpc-0123456789abcdef0", "vpc", "vpc-0123456789abcdef0"),
        ("sg-01234567", "security_group", "sg-01234567"),
        ("rtb-0123456789abcdef0", "route_table", "rtb-0123456789abcdef0"),
        ("igw-0123456789abcdef0", "internet_gateway", "igw-0123456789abcdef0"),
        ("arn:aws:iam::123456789012:role/a/b", "role", "arn:aws:iam::123456789012:role/a/b"),
        ("arn:aws-cn:iam::123456789012:policy/p", "policy", "arn:aws-cn:iam::123456789012:policy/p"),
        ("arn:aws:kms:us-west-2:123456789012:key/k", "kms_key", "arn:aws:kms:us-west-2:123456789012:key/k"),
        ("arn:aws:s3:::acme-logs", "bucket", "acme-logs"),
        ("arn:aws:eks:us-west-2:123456789012:cluster/shared", "eks_cluster", "shared"),
    ],
)
def test_an_id_anywhere_names_a_thing_of_its_kind(value: str, kind: str, identity: str) -> None:
    found = list(recognised({"groups": [{"name": "a", "ids": [value]}], "count": 1}))
    assert found == [Seed(kind, identity)]


@pytest.mark.parametrize(
    "value",
    ["arn:aws:iam::aws:policy/Managed", "arn:aws:s3:::acme/*", "vpc-", "my vpc-0123456789abcdef0", "10.0.0.0/16"],
)
def test_what_is_no_thing_of_the_users_names_none(value: str) -> None:
    assert list(recognised([value])) == []


def test_a_zone_that_is_a_key_is_where_the_thing_lies() -> None:
    found = {
        seed.id: seed.facts for seed in recognised({"usw2-lax1-az1": "subnet-01234567", "usw2-az1": "vpc-01234567"})
    }
    assert found == {"subnet-01234567": {"zone": "usw2-lax1-az1"}, "vpc-01234567": {}}


def test_what_is_said_of_one_thing_is_put_together() -> None:
    said = [
        Seed("vpc", "v", {"blocks": ["a"], "name": None}, fitted=True),
        Seed("vpc", "v", {"blocks": ["a", "b"], "zone": "z"}),
        Seed("vpc", "v", {"zone": "other"}, fitted=True),
        Seed("subnet", "v"),
    ]
    assert merged(said) == [Seed("vpc", "v", {"blocks": ["a", "b"], "zone": "z"}), Seed("subnet", "v")]


def test_an_output_that_is_left_out_has_one_id() -> None:
    assert fitted_id("sg", "a") == fitted_id("sg", "a") != fitted_id("sg", "b")
    assert next(iter(recognised(fitted_id("sg", "a")))).kind == "security_group"
