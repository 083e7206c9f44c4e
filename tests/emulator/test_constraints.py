from __future__ import annotations

from typing import Any

import pytest
from botocore.model import ServiceModel

from hp_tf.emulator.awsjson import load_model, routes, trim
from hp_tf.emulator.constraints import violations


def _shape(service: str, operation: str) -> Any:
    return ServiceModel(trim(load_model(service), [operation]), service).operation_model(operation).input_shape


@pytest.fixture(scope="module")
def create_cluster() -> Any:
    return _shape("sagemaker", "CreateCluster")


GROUP = {"InstanceGroupName": "g", "InstanceType": "ml.m5.large", "InstanceCount": 1}
ROLE = {"ExecutionRole": "arn:aws:iam::111122223333:role/r"}


def test_what_fits_has_no_violations(create_cluster: Any) -> None:
    assert violations(create_cluster, {"ClusterName": "c", "InstanceGroups": [{**GROUP, **ROLE}]}) == []


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ({}, "'ClusterName'"),
        ({"ClusterName": "c", "Colour": 1}, "Unknown member 'Colour'"),
        ({"ClusterName": 1}, "must be a string"),
        ({"ClusterName": "a_b"}, "regular expression"),
        ({"ClusterName": "c", "NodeRecovery": "Manual"}, "enum value set: [Automatic, None]"),
        ({"ClusterName": "c", "InstanceGroups": [GROUP]}, "InstanceGroups[0].ExecutionRole"),
        ({"ClusterName": "c", "InstanceGroups": [{**GROUP, **ROLE, "InstanceCount": True}]}, "must be a integer"),
        ({"ClusterName": "c", "InstanceGroups": [{**GROUP, **ROLE, "ThreadsPerCore": 3}]}, "less than or equal to 2"),
        ({"ClusterName": "c", "VpcConfig": {"Subnets": [], "SecurityGroupIds": ["sg-1"]}}, "VpcConfig.Subnets"),
    ],
)
def test_each_violation_is_named(create_cluster: Any, value: dict[str, Any], named: str) -> None:
    assert any(named in text for text in violations(create_cluster, value)), violations(create_cluster, value)


def test_all_violations_are_told_at_once(create_cluster: Any) -> None:
    assert len(violations(create_cluster, {"NodeRecovery": "x", "Colour": 1})) == 3


def test_a_trimmed_model_keeps_what_its_operations_reach() -> None:
    model = trim(load_model("eks"), ["ListClusters"])
    assert set(model["operations"]) == {"ListClusters"}
    assert "ListClustersResponse" in model["shapes"] and "CreateClusterRequest" not in model["shapes"]


def test_routes_with_literals_come_before_labels() -> None:
    found = {route.name: index for index, route in enumerate(routes(load_model("eks")))}
    assert found["DescribeAddonVersions"] < found["DescribeCluster"]
