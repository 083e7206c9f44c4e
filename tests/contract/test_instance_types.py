from __future__ import annotations

import gzip
import json
import re
from importlib.resources import files
from typing import Any

import pytest

from hp_tf.contract.instance_types import (
    ACCELERATED,
    GPUS,
    INSTANCE_TYPES,
    POD_LIMITS,
    SINGLE_THREADED,
    TRAINIUM_CHIPS,
    accelerators_known,
    vcpus,
)


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


def _of_ec2() -> dict[str, dict[str, Any]]:
    """What DescribeInstanceTypes said when moto recorded it."""
    recorded = files("moto.ec2") / "resources" / "instance_types.json.gz"
    known = json.loads(gzip.decompress(recorded.read_bytes()))
    return {f"ml.{name}": facts for name, facts in known.items() if f"ml.{name}" in INSTANCE_TYPES}


def test_accelerators_and_vcpus_are_those_of_ec2() -> None:
    recorded = _of_ec2()
    # Comes in UltraServers: EC2 has it under a name of its own.
    assert set(INSTANCE_TYPES) - set(recorded) == {"ml.p6e-gb200.36xlarge"}
    for name, facts in recorded.items():
        gpus = sum(gpu["Count"] for gpu in facts.get("GpuInfo", {}).get("Gpus", ()))
        chips = sum(chip["Count"] for chip in facts.get("NeuronInfo", {}).get("NeuronDevices", ()))
        assert (GPUS.get(name, 0), TRAINIUM_CHIPS.get(name, 0)) == (gpus, chips), name
        assert vcpus(name) == facts["VCpuInfo"]["DefaultVCpus"], name
        cores = facts["VCpuInfo"].get("DefaultCores")
        assert cores is None or name.startswith("ml.t3.") or vcpus(name, 1) == cores, name


def test_of_a_type_that_aws_added_only_what_its_name_says_is_known() -> None:
    assert vcpus("ml.g9.48xlarge") == 192 and not accelerators_known("ml.g9.48xlarge")
    assert vcpus("ml.m9.xlarge") == 4 and accelerators_known("ml.m9.xlarge")
    assert vcpus("ml.p9.metal") is None
