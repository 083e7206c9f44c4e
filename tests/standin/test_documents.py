"""The awscc stand-in without Terraform: documents, patches, and what is recorded when something fails."""

from __future__ import annotations

from typing import Any

import pytest

from hp_tf.standin.awscc import AwsccBackend, from_document, patch, to_document
from hp_tf.standin.backend import Failure
from hp_tf.standin.cloudcontrol import LOST_LOOKS, CloudControl
from hp_tf.standin.schema import load
from hp_tf.wire import UNKNOWN
from tests.standin.conftest import REGION, FakeCloudControl

SCHEMA = load("awscc_sagemaker_cluster")
TYPE = SCHEMA.type_name


def test_documents_and_states_convert_both_ways() -> None:
    attributes = load("awscc_sagemaker_cluster").attributes
    document = {
        "ClusterName": "c",
        "InstanceGroups": [
            {
                "InstanceGroupName": "a",
                "CapacityRequirements": {"Spot": {}},
                "InstanceStorageConfigs": [{"EbsVolumeConfig": {"VolumeSizeInGB": 500}}],
                "KubernetesConfig": {"Labels": {"InstanceType": "x"}},
            }
        ],
        "RestrictedInstanceGroups": [{"EnvironmentConfig": {"FSxLustreConfig": {"SizeInGiB": 1200}}}],
    }
    state = from_document(attributes, document | {"ClusterStatus": "InService"})
    assert state["cluster_status"] == "InService"
    assert state["instance_groups"][0]["capacity_requirements"]["spot"] == "{}"
    assert state["instance_groups"][0]["kubernetes_config"]["labels"] == {"InstanceType": "x"}
    assert to_document(attributes, state) == document | {"ClusterStatus": "InService"}
    unknown = {"cluster_name": UNKNOWN, "cluster_status": UNKNOWN}
    assert to_document(attributes, state | unknown).keys() == document.keys() - {"ClusterName"}


def test_a_patch_sends_arrays_whole_and_single_paths_elsewhere() -> None:
    before = {"A": {"B": 1, "C": {"D": 1}}, "L": [{"M": 1, "N": [1]}, {"M": 2}]}
    after = {"A": {"B": 1, "C": {"D": 2, "E": 3}}, "L": [{"M": 1, "N": [1, 2]}, {"M": 2}]}
    assert patch(before, after) == [
        {"op": "replace", "path": "/A/C/D", "value": 2},
        {"op": "add", "path": "/A/C/E", "value": 3},
        {"op": "replace", "path": "/L", "value": after["L"]},
    ]


def test_a_patch_adds_and_removes_properties() -> None:
    assert patch({"A": 1, "B": [1], "C": 3}, {"A": 1, "B": [2], "D": 4}) == [
        {"op": "replace", "path": "/B", "value": [2]},
        {"op": "remove", "path": "/C"},
        {"op": "add", "path": "/D", "value": 4},
    ]


def test_what_is_empty_is_not_sent() -> None:
    group = {
        "instance_group_name": "a",
        "instance_storage_configs": [],
        "kubernetes_config": {"labels": {}, "taints": []},
        "capacity_requirements": {"spot": "{}", "on_demand": None},
        "override_vpc_config": {"subnets": [UNKNOWN], "security_group_ids": ["sg-1"]},
    }
    state = {"cluster_name": "c", "instance_groups": [group], "vpc_config": {"subnets": []}, "tags": []}
    assert to_document(SCHEMA.attributes, state) == {
        "ClusterName": "c",
        "InstanceGroups": [
            {
                "InstanceGroupName": "a",
                "CapacityRequirements": {"Spot": {}},
                "OverrideVpcConfig": {"SecurityGroupIds": ["sg-1"]},
            }
        ],
    }


def test_an_empty_list_is_read_as_null() -> None:
    group = {"InstanceGroupName": "a", "InstanceStorageConfigs": [], "KubernetesConfig": {"Labels": {}, "Taints": []}}
    state = from_document(SCHEMA.attributes, {"InstanceGroups": [group], "Tags": []})
    (read,) = state["instance_groups"]
    assert read["instance_storage_configs"] is None
    assert read["kubernetes_config"] == {"labels": {}, "taints": None}
    assert state["tags"] is None


class Flaky(FakeCloudControl):
    """Names what is being made at once, and loses the answers about it."""

    lost = 0

    def event(self, status: str, identifier: str | None, **more: str) -> dict[str, Any]:
        accepted = super().event(status, identifier, **more)
        accepted["ProgressEvent"]["Identifier"] = identifier
        return accepted

    def answer(self, operation: str, arguments: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if operation == "GetResourceRequestStatus" and self.lost:
            self.lost -= 1
            return 503, {"__type": "ServiceInternalErrorException", "Message": "try again"}
        return super().answer(operation, arguments)


class TestLostAnswers:
    @pytest.fixture
    def cloud(self) -> Flaky:
        return Flaky()

    @pytest.fixture
    def backend(self, endpoint: str) -> AwsccBackend:
        def connect(region: str, type_name: str, sleep: object) -> CloudControl:
            return CloudControl(endpoint, region, type_name, access_key="test", sleep=lambda seconds: None)

        return AwsccBackend({TYPE: SCHEMA}, connect, REGION)

    def planned(self) -> dict[str, Any]:
        return dict.fromkeys(SCHEMA.attributes, UNKNOWN) | {"cluster_name": "c"}

    def test_a_lost_look_is_repeated(self, backend: AwsccBackend, cloud: Flaky) -> None:
        cloud.lost = LOST_LOOKS - 1
        assert backend.create(TYPE, self.planned(), {})["cluster_status"] == "InService"

    def test_what_is_out_of_sight_is_recorded_by_its_id(self, backend: AwsccBackend, cloud: Flaky) -> None:
        cloud.lost = LOST_LOOKS
        with pytest.raises(Failure, match="try again") as raised:
            backend.create(TYPE, self.planned(), {})
        assert raised.value.state == {"id": next(iter(cloud.clusters))}

    @pytest.mark.parametrize("given", [{"profile": "prod"}, {"role_arn": "arn"}, {"assume_role": {"role_arn": "arn"}}])
    def test_a_provider_block_for_an_account_is_refused(self, backend: AwsccBackend, given: dict[str, Any]) -> None:
        with pytest.raises(Failure, match=f"{next(iter(given))} is for an account"):
            backend.configure({"region": REGION, **given})
