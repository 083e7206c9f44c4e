"""Task governance by Cloud Control, and the schema that the aws provider asks CloudFormation for."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from hp_tf.emulator.clients import EmulatorSession
from hp_tf.emulator.services.governance_resource import quota_facts, scheduler_facts
from tests.emulator.conftest import Base, begin_lasting
from tests.emulator.test_governance import ADDON, CLASSES, cluster, quota, scheduler

__all__ = ["cluster"]

SCHEDULER = "AWS::SageMaker::ClusterSchedulerConfig"
QUOTA = "AWS::SageMaker::ComputeQuota"
SHARE = {"InstanceType": "ml.p5.48xlarge", "Accelerators": 4}


def create(aws: EmulatorSession, kind: str, desired: dict[str, Any]) -> dict[str, Any]:
    event: dict[str, Any] = aws.client("cloudcontrol").create_resource(TypeName=kind, DesiredState=json.dumps(desired))
    found: dict[str, Any] = event["ProgressEvent"]
    return found


def read(aws: EmulatorSession, kind: str, identifier: str) -> dict[str, Any]:
    found = aws.client("cloudcontrol").get_resource(TypeName=kind, Identifier=identifier)
    model: dict[str, Any] = json.loads(found["ResourceDescription"]["Properties"])
    return model


def patch(aws: EmulatorSession, kind: str, identifier: str, *operations: dict[str, Any]) -> dict[str, Any]:
    event: dict[str, Any] = aws.client("cloudcontrol").update_resource(
        TypeName=kind, Identifier=identifier, PatchDocument=json.dumps(operations)
    )["ProgressEvent"]
    return event


def replace(path: str, value: Any) -> dict[str, Any]:
    return {"op": "replace", "path": path, "value": value}


def test_the_facts_are_those_of_the_schemas() -> None:
    assert scheduler_facts().create_only == (("ClusterArn",), ("Name",))
    assert quota_facts().create_only == (("Name",), ("ClusterArn",), ("ComputeQuotaTarget", "TeamName"))
    assert "Status" in scheduler_facts().read_only and "LastModifiedTime" in quota_facts().read_only


def test_a_scheduler_configuration_by_cloud_control(aws: EmulatorSession, cluster: str) -> None:
    tags = [{"Key": "a", "Value": "1"}]
    event = create(aws, SCHEDULER, scheduler(cluster, Tags=tags))
    assert event["OperationStatus"] == "SUCCESS", event
    arn = event["Identifier"]
    found = read(aws, SCHEDULER, arn)
    assert found.pop("CreationTime").endswith("Z") and found["ClusterSchedulerConfigArn"] == arn
    assert (found["Status"], found["Tags"], found["ClusterArn"]) == ("Created", tags, cluster)
    assert "LastModifiedTime" not in found
    weights = [CLASSES[0], {"Name": "training", "Weight": 10}]
    event = patch(
        aws,
        SCHEDULER,
        arn,
        replace("/SchedulerConfig/PriorityClasses", weights),
        {"op": "remove", "path": "/Tags"},
    )
    assert event["OperationStatus"] == "SUCCESS", event
    found = read(aws, SCHEDULER, arn)
    assert (found["Status"], found["SchedulerConfig"]["PriorityClasses"]) == ("Updated", weights)
    assert "Tags" not in found
    event = patch(aws, SCHEDULER, arn, replace("/Name", "other"))
    assert (event["OperationStatus"], event["ErrorCode"]) == ("FAILED", "NotUpdatable")
    second = create(aws, SCHEDULER, scheduler(cluster, Name="second"))
    assert (second["OperationStatus"], second["ErrorCode"]) == ("FAILED", "ResourceConflict")
    listed = aws.client("cloudcontrol").list_resources(TypeName=SCHEDULER)["ResourceDescriptions"]
    assert [entry["Identifier"] for entry in listed] == [arn]
    aws.client("cloudcontrol").delete_resource(TypeName=SCHEDULER, Identifier=arn)
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        read(aws, SCHEDULER, arn)


def test_a_change_of_tags_alone_is_no_new_version(aws: EmulatorSession, cluster: str) -> None:
    arn = create(aws, QUOTA, quota(cluster, SHARE, Tags=[{"Key": "a", "Value": "1"}]))["Identifier"]
    assert patch(aws, QUOTA, arn, replace("/Tags/0/Value", "2"))["OperationStatus"] == "SUCCESS"
    found = read(aws, QUOTA, arn)
    assert (found["Tags"], found["ComputeQuotaVersion"]) == ([{"Key": "a", "Value": "2"}], 1)


def test_what_the_service_filled_in_stays_when_the_rest_changes(aws: EmulatorSession, cluster: str) -> None:
    """A patch is applied to what the service has: half of a share that is doubled leaves the other half as it was."""
    arn = create(aws, QUOTA, quota(cluster, SHARE))["Identifier"]
    place = "/ComputeQuotaConfig/ComputeQuotaResources/0/Accelerators"
    assert patch(aws, QUOTA, arn, replace(place, 8))["OperationStatus"] == "SUCCESS"
    (found,) = read(aws, QUOTA, arn)["ComputeQuotaConfig"]["ComputeQuotaResources"]
    assert found == {"InstanceType": "ml.p5.48xlarge", "Accelerators": 8, "VCpu": 96.0, "MemoryInGiB": 1024.0}


@pytest.mark.parametrize(
    "operation",
    [
        replace("/Name", "other"),
        replace("/ClusterArn", "arn:aws:sagemaker:us-west-2:111122223333:cluster/aaaaaaaaaaaa"),
        replace("/ComputeQuotaTarget/TeamName", "web"),
    ],
    ids=["name", "cluster", "team"],
)
def test_what_is_fixed_at_creation(aws: EmulatorSession, cluster: str, operation: dict[str, Any]) -> None:
    arn = create(aws, QUOTA, quota(cluster, SHARE))["Identifier"]
    event = patch(aws, QUOTA, arn, operation)
    assert (event["OperationStatus"], event["ErrorCode"]) == ("FAILED", "NotUpdatable")
    assert operation["path"].removeprefix("/") in event["StatusMessage"]


def test_what_is_refused_at_creation(aws: EmulatorSession, cluster: str) -> None:
    create(aws, QUOTA, quota(cluster, SHARE))
    for desired, code in (
        (quota(cluster, SHARE), "ResourceConflict"),
        (quota(f"{cluster.rpartition('/')[0]}/{'0' * 12}", SHARE), "NotFound"),
        (quota(cluster, {"InstanceType": "ml.x1.large"}, team="web"), "InvalidRequest"),
        (quota(cluster, {"InstanceType": "ml.p5.48xlarge", "VCpu": -1}, team="web"), "InvalidRequest"),
        (quota(cluster, team="web", Colour="red"), "InvalidRequest"),
        (quota(cluster, team="web", Status="Created"), "InvalidRequest"),
    ):
        event = create(aws, QUOTA, desired)
        assert (event["OperationStatus"], event["ErrorCode"]) == ("FAILED", code), event


def test_a_creation_that_fails_later_says_why(aws: EmulatorSession, base: Base, cluster: str) -> None:
    aws.client("eks").delete_addon(clusterName="k", addonName=ADDON)
    event = create(aws, QUOTA, quota(cluster, SHARE))
    assert (event["OperationStatus"], event["ErrorCode"]) == ("FAILED", "NotStabilized")
    assert event["StatusMessage"] == f"The EKS cluster has no add-on {ADDON}."


def test_a_creation_takes_its_time(aws: EmulatorSession, emulator: Any, cluster: str) -> None:
    begin_lasting(emulator)
    assert create(aws, QUOTA, quota(cluster, SHARE))["OperationStatus"] == "IN_PROGRESS"


def test_cloudformation_tells_the_schema(aws: EmulatorSession) -> None:
    found = aws.client("cloudformation").describe_type(Type="RESOURCE", TypeName=QUOTA)
    schema = json.loads(found["Schema"])
    assert schema["typeName"] == QUOTA and found["DeprecatedStatus"] == "LIVE"
    assert schema["primaryIdentifier"] == ["/properties/ComputeQuotaArn"]
    with pytest.raises(ClientError, match="TypeNotFoundException"):
        aws.client("cloudformation").describe_type(Type="RESOURCE", TypeName="AWS::S3::Bucket")
    # The rest of CloudFormation is the other implementation's.
    assert aws.client("cloudformation").list_stacks()["StackSummaries"] == []
