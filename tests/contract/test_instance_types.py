from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest

from hp_tf.contract.instance_types import ACCELERATED, INSTANCE_TYPES, POD_LIMITS, SINGLE_THREADED


def test_the_types_are_those_the_provider_knows() -> None:
    schema = json.loads((files("hp_tf.standin") / "schemas" / "awscc_sagemaker_cluster.json").read_text())
    for kind in ("instance_groups", "restricted_instance_groups"):
        known = schema["attributes"][kind]["attributes"]["instance_type"]["enum"]
        assert sorted(INSTANCE_TYPES) == sorted(known)


def test_no_type_is_listed_twice() -> None:
    assert len(set(INSTANCE_TYPES)) == len(INSTANCE_TYPES)


@pytest.mark.parametrize(
    ("instance_type", "expected"),
    [
        ("ml.g5.8xlarge", True),
        ("ml.gr6.4xlarge", True),
        ("ml.p4de.24xlarge", True),
        ("ml.p6-b200.48xlarge", True),
        ("ml.p6e-gb200.36xlarge", True),
        ("ml.trn1n.32xlarge", True),
        ("ml.m5.2xlarge", False),
        ("ml.t3.medium", False),
        ("ml.i3en.24xlarge", False),
        ("ml.c6g.large", False),
    ],
)
def test_accelerated(instance_type: str, expected: bool) -> None:
    assert (re.fullmatch(ACCELERATED, instance_type) is not None) is expected


@pytest.mark.parametrize(
    ("instance_type", "expected"),
    [
        ("ml.p5.48xlarge", 2),
        ("ml.m5.2xlarge", 2),
        ("ml.m6a.large", 2),
        ("ml.p6e-gb200.36xlarge", 1),
        ("ml.c7g.large", 1),
        ("ml.m8a.16xlarge", 1),
    ],
)
def test_threads_of_a_core(instance_type: str, expected: int) -> None:
    assert (re.fullmatch(SINGLE_THREADED, instance_type) is None) is (expected == 2)


def test_pod_limits_are_of_types_there_are() -> None:
    assert set(POD_LIMITS) <= set(INSTANCE_TYPES)
