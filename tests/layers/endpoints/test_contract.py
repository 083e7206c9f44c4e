from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from hp_tf.layers.endpoints.contract import CONTRACT
from tests.contract.evaluating import broken

BASE: dict[str, Any] = {
    "name": "dev",
    "region": "us-west-2",
    "account_id": "123456789012",
    "partition": "aws",
    "vpc_id": "vpc-0123456789abcdef0",
    "private_route_table_ids": {"usw2-az1": "rtb-0123456789abcdef0"},
    "private_subnet_ids": {"usw2-az1": "subnet-0123456789abcdef0"},
    "vpc_cidr_blocks": {"primary": "10.192.0.0/16"},
}


@pytest.mark.parametrize("buckets", [[], ["*"], ["acme-data", "registry-*", "data-?"]])
def test_good_buckets(buckets: list[str]) -> None:
    inputs = CONTRACT.inputs.model_validate(BASE | {"s3_read_buckets": buckets, "s3_write_buckets": buckets})
    assert inputs.model_dump()["s3_read_buckets"] == buckets


@pytest.mark.parametrize("bucket", ["", "Upper", "a/b", "arn:aws:s3:::acme", '"', "${x}", "x" * 64])
def test_bad_buckets(bucket: str) -> None:
    with pytest.raises(ValidationError, match="is not a bucket name"):
        CONTRACT.inputs.model_validate(BASE | {"s3_read_buckets": [bucket]})


BROKEN: list[tuple[dict[str, Any], str]] = [
    ({"interface_endpoints": ["sts", "sts"]}, "endpoints-services-once"),
    (
        {"interface_endpoints": ["sts"], "given_interface_endpoint_ids": {"sts": "vpce-0123456789abcdef0"}},
        "endpoints-given-or-made",
    ),
    ({"interface_availability_zone_ids": []}, "endpoints-zones"),
    ({"interface_availability_zone_ids": ["usw2-az2"]}, "endpoints-zones-have-subnets"),
]


@pytest.mark.parametrize(
    "values",
    [{}, {"interface_endpoints": ["ec2", "ecr.api"], "interface_availability_zone_ids": ["usw2-az1"]}],
)
def test_good_inputs(values: dict[str, Any]) -> None:
    assert broken(CONTRACT, BASE | values) == set()


@pytest.mark.parametrize(("values", "rule"), BROKEN, ids=[rule for _, rule in BROKEN])
def test_broken_rule(values: dict[str, Any], rule: str) -> None:
    assert broken(CONTRACT, BASE | values) == {rule}


@pytest.mark.parametrize("service", ["", "com.amazonaws.us-west-2.", "EC2", "ec2/api"])
def test_bad_services(service: str) -> None:
    with pytest.raises(ValidationError, match="is not a service"):
        CONTRACT.inputs.model_validate(BASE | {"interface_endpoints": [service]})


def test_all_of_the_vpc_comes_from_the_network() -> None:
    assert {name: wire.source for name, wire in CONTRACT.wires()} == {
        name: f"network.{name}"
        for name in ("vpc_id", "private_route_table_ids", "private_subnet_ids", "vpc_cidr_blocks")
    }


def test_outputs_of_what_is_not_made_are_null() -> None:
    nothing: dict[str, Any] = {"s3_endpoint_id": None, "dynamodb_endpoint_id": None, "interface_endpoint_ids": {}}
    assert CONTRACT.outputs.model_validate(nothing).model_dump() == nothing
