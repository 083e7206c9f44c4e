"""The addresses of Terraform's resources."""

from __future__ import annotations

import pytest

from hp_tf.addresses import layer_of, meant, parse


@pytest.mark.parametrize(
    ("address", "layer"),
    [
        ("module.network", "network"),
        ("module.network.aws_vpc.this", "network"),
        ("module.fsx.module.inner", "fsx"),
        ('module.eks["x"]', "eks"),
        ('module.a_b["x.module.y"].module.c', "a_b"),
        ("", None),
        ("terraform_data.module", None),
        ("data.aws_region.module.x", None),
    ],
)
def test_a_layer_is_the_first_module(address: str, layer: str | None) -> None:
    assert layer_of(address) == layer


SUBNET = 'module.network.aws_subnet.this["a"]'
BUCKETS = ["module.storage.aws_s3_bucket.this", "module.logs.aws_s3_bucket.this"]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (SUBNET, [SUBNET]),
        ("module.network.aws_subnet.this[a]", [SUBNET]),
        ('aws_subnet.this["a"]', [SUBNET]),
        ('aws_subnet.this[\\"a\\"]', [SUBNET]),
        ("aws_subnet.this", []),
        ("this", []),
        ("aws_s3_bucket.this", BUCKETS),
        (BUCKETS[1], BUCKETS[1:]),
    ],
)
def test_an_address_is_known_as_it_is_shown(said: str, found: list[str]) -> None:
    assert meant(said, [SUBNET, *BUCKETS]) == found


# As Terraform sorts them.
ADDRESSES = [
    "data.aws_region.this",
    "aws_vpc.this",
    "aws_vpc.this[2]",
    "aws_vpc.this[10]",
    'aws_vpc.this["a"]',
    "module.a.aws_vpc.this",
    'module.a["x.module.y"].data.aws_vpc.this["] \\" $${"]',
    "module.b.aws_vpc.this",
    "module.a.module.c.aws_vpc.this",
]


def test_addresses_are_taken_apart_and_sorted_as_terraform_does() -> None:
    parsed = [parse(address) for address in ADDRESSES]
    assert sorted((item for item in parsed if item), key=lambda item: item.order) == parsed
    found = parsed[6]
    assert found is not None
    assert (found.modules, found.module) == ((("a", "x.module.y"),), 'module.a["x.module.y"]')
    assert (found.mode, found.type, found.name, found.index) == ("data", "aws_vpc", "this", '] " ${')


@pytest.mark.parametrize("address", ["", "aws_vpc", "aws_vpc.this.id", "module.a.aws_vpc.this[x]"])
def test_what_is_no_resource_has_no_parts(address: str) -> None:
    assert parse(address) is None
