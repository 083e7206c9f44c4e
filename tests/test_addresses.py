"""The addresses of Terraform's resources."""

from __future__ import annotations

import pytest

from hp_tf.addresses import layer_of, meant


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
