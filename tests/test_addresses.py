"""The addresses of Terraform's resources."""

from __future__ import annotations

import pytest

from hp_tf.addresses import layer_of


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
