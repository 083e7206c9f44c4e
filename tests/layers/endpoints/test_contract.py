from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from hp_tf.layers.endpoints.contract import CONTRACT

BASE: dict[str, Any] = {
    "name": "dev",
    "region": "us-west-2",
    "account_id": "123456789012",
    "partition": "aws",
    "vpc_id": "vpc-0123456789abcdef0",
    "private_route_table_ids": {"usw2-az1": "rtb-0123456789abcdef0"},
}


@pytest.mark.parametrize("buckets", [[], ["*"], ["acme-data", "registry-*", "data-?"]])
def test_good_buckets(buckets: list[str]) -> None:
    inputs = CONTRACT.inputs.model_validate(BASE | {"s3_read_buckets": buckets, "s3_write_buckets": buckets})
    assert inputs.model_dump()["s3_read_buckets"] == buckets


@pytest.mark.parametrize("bucket", ["", "Upper", "a/b", "arn:aws:s3:::acme", '"', "${x}", "x" * 64])
def test_bad_buckets(bucket: str) -> None:
    with pytest.raises(ValidationError, match="is not a bucket name"):
        CONTRACT.inputs.model_validate(BASE | {"s3_read_buckets": [bucket]})


def test_route_tables_come_from_the_network() -> None:
    assert {name: wire.source for name, wire in CONTRACT.wires()} == {
        "vpc_id": "network.vpc_id",
        "private_route_table_ids": "network.private_route_table_ids",
    }


def test_the_output_may_be_null() -> None:
    assert CONTRACT.outputs.model_validate({"s3_endpoint_id": None}).model_dump() == {"s3_endpoint_id": None}
