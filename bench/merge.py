"""Joining and parting the states of ten layers with 10,000 resources."""

from __future__ import annotations

import copy
import json
import time
from typing import Any

from bench.report import LEAST_ROUNDS, Row, Section
from bench.timing import median
from hp_tf.state import merge as states

BAR = 1.0
LAYERS = 10


def measure(*, resources: int, rounds: int) -> Section:
    """Join the states, change one resource of every layer, part them again: every layer is compared and rebuilt."""
    before = {f"layer{number}": layer_state(f"layer{number}", resources // LAYERS) for number in range(LAYERS)}
    joined = states.merge("bench", before)
    assert joined is not None
    after = _touched(joined)
    body = json.dumps(after)

    pure, whole = [], []
    for _ in range(rounds):
        begun = time.perf_counter()
        states.merge("bench", before)
        parted = states.split(after, before)
        pure.append(time.perf_counter() - begun)
        if len(parted.changed) != LAYERS or parted.stray:
            raise AssertionError("parting the joined states did not find one change in every layer")
        begun = time.perf_counter()
        json.dumps(states.merge("bench", before))
        for state in states.split(json.loads(body), before).layers.values():
            json.dumps(state)
        whole.append(time.perf_counter() - begun)
    remark = f"{len(joined['resources'])} resources in {LAYERS} layers, {len(body) / 1e6:.1f} MB of JSON"
    return Section(
        "merge",
        [
            Row("merge + split", median(pure), "s", BAR, f"{remark}, median of {rounds}", rounds >= LEAST_ROUNDS),
            Row("the same with JSON read and written", median(whole), "s"),
        ],
        raw={"seconds": pure, "seconds_with_json": whole, "resources": len(joined["resources"])},
    )


def layer_state(layer: str, count: int) -> dict[str, Any]:
    """Return a layer's state with ``count`` resources, of the size and shape the aws provider gives a subnet."""
    return {
        "version": 4,
        "terraform_version": "1.11.4",
        "serial": 7,
        "lineage": f"00000000-0000-4000-8000-{layer:>012.12}",
        "outputs": {"ids": {"value": {"a": "subnet-0"}, "type": ["map", "string"]}},
        "resources": [_resource(layer, number) for number in range(count)],
        "check_results": None,
    }


def _resource(layer: str, number: int) -> dict[str, Any]:
    identity = f"subnet-{number:017x}"
    return {
        "module": f"module.{layer}",
        "mode": "managed",
        "type": "aws_subnet",
        "name": f"subnet_{number}",
        "provider": 'provider["registry.terraform.io/hashicorp/aws"]',
        "instances": [
            {
                "index_key": "usw2-az1",
                "schema_version": 1,
                "attributes": {
                    "arn": f"arn:aws:ec2:us-west-2:123456789012:subnet/{identity}",
                    "assign_ipv6_address_on_creation": False,
                    "availability_zone": "us-west-2a",
                    "availability_zone_id": "usw2-az1",
                    "cidr_block": "10.1.0.0/16",
                    "enable_dns64": False,
                    "id": identity,
                    "map_public_ip_on_launch": False,
                    "tags": {"Name": f"{layer}-{number}", "team": "ml-platform"},
                    "tags_all": {"Name": f"{layer}-{number}", "team": "ml-platform"},
                    "timeouts": None,
                    "vpc_id": "vpc-0123456789abcdef0",
                },
                "sensitive_attributes": [],
                "private": "bnVsbA==",
                "dependencies": [f"module.{layer}.aws_vpc.this", "module.elsewhere.aws_vpc.this"],
            }
        ],
    }


def _touched(joined: dict[str, Any]) -> dict[str, Any]:
    after = copy.deepcopy(joined)
    seen = set()
    for resource in after["resources"]:
        if resource["module"] not in seen:
            seen.add(resource["module"])
            resource["instances"][0]["attributes"]["cidr_block"] = "10.2.0.0/16"
    return after
