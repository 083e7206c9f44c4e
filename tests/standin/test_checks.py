from __future__ import annotations

from typing import Any

import pytest

from hp_tf.standin.checks import check, compiled, dotted
from hp_tf.standin.schema import load
from hp_tf.wire import UNKNOWN

CLUSTER = load("awscc_sagemaker_cluster").attributes
GROUP = {
    "instance_group_name": "a",
    "instance_count": 1,
    "execution_role": "arn:aws:iam::123456789012:role/r",
    "instance_type": "ml.m5.large",
}

TAINT = "instance_groups[0].kubernetes_config.taints[0]"
SIZE = "instance_groups[0].instance_storage_configs[0].ebs_volume_config.volume_size_in_gb"


def problems(config: dict[str, Any]) -> list[tuple[str, str]]:
    return [(dotted(f.path), f.detail) for f in check(CLUSTER, config)]


def test_a_good_configuration_has_no_problems() -> None:
    tags = [{"key": "größe x", "value": ""}]
    assert problems({"cluster_name": "c", "instance_groups": [GROUP], "tags": tags}) == []


@pytest.mark.parametrize(
    ("changed", "path", "words"),
    [
        ({"instance_count": None}, "instance_groups[0]", "instance_count must be set"),
        ({"instance_count": 6759}, "instance_groups[0].instance_count", "between 0 and 6758"),
        ({"instance_count": 1.5}, "instance_groups[0].instance_count", "whole number"),
        ({"instance_type": "ml.p5.49xlarge"}, "instance_groups[0].instance_type", "ml.p5.48xlarge"),
        ({"instance_group_name": "a" * 64}, "instance_groups[0].instance_group_name", "between 1 and 63"),
        ({"on_start_deep_health_checks": []}, "instance_groups[0].on_start_deep_health_checks", "has 0 elements"),
        ({"on_start_deep_health_checks": ["X"]}, "instance_groups[0].on_start_deep_health_checks[0]", "InstanceStress"),
        ({"kubernetes_config": {"taints": [{"key": "k", "effect": "No"}]}}, f"{TAINT}.effect", "NoSchedule"),
        ({"instance_storage_configs": [{"ebs_volume_config": {"volume_size_in_gb": 0}}]}, SIZE, "between 1 and 16384"),
    ],
)  # fmt: skip
def test_a_problem_of_a_group(changed: dict[str, Any], path: str, words: str) -> None:
    ((where, detail),) = problems({"instance_groups": [GROUP | changed]})
    assert where == path
    assert words in detail


def test_all_problems_at_once() -> None:
    assert len(problems({"node_recovery": "Manual", "cluster_name": "-", "instance_groups": []})) == 3


def test_problems_inside_a_set_name_the_set() -> None:
    assert problems({"tags": [{"key": "", "value": "v"}]})[0][0] == "tags"


def test_unknown_values_are_not_judged() -> None:
    assert (
        problems({"node_recovery": UNKNOWN, "vpc_config": {"subnets": [UNKNOWN], "security_group_ids": UNKNOWN}}) == []
    )


def test_lookaheads_are_left_to_the_service() -> None:
    assert compiled("^/(?!/)x$") is None
    assert compiled("^a$") is not None


def test_every_pattern_of_the_schemas_compiles() -> None:
    def walk(attributes: Any) -> int:
        count = 0
        for attribute in attributes.values():
            for limits in (attribute.limits, attribute.item_limits):
                if limits.pattern:
                    compiled(limits.pattern)
                    count += 1
            count += walk(attribute.attributes)
        return count

    assert walk(CLUSTER) > 20
