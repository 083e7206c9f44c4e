from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from hp_tf.emulator.awsjson import AwsError, Caller
from hp_tf.emulator.clients import EmulatorSession
from hp_tf.emulator.daemon import Emulator
from hp_tf.emulator.kube.store import KubeClusters
from hp_tf.emulator.services import cloudcontrol
from hp_tf.emulator.services.cloudcontrol import CloudControl, CloudControlStore
from hp_tf.emulator.services.hyperpod_resource import HyperpodResource
from hp_tf.emulator.services.pages import page
from hp_tf.emulator.world import World
from hp_tf.standin.schema import load
from tests.emulator.conftest import ACCOUNT, REGION, Base, begin_lasting, end_lasting, get, post, put_release
from tests.emulator.test_hyperpod import CHART, group, request
from tests.waiting import wait_for

TYPE = "AWS::SageMaker::Cluster"
CLUSTERS = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:cluster"


@pytest.fixture
def desired(base: Base, eks: dict[str, Any]) -> dict[str, Any]:
    put_release(eks, CHART)
    more = {"NodeRecovery": "Automatic", "Tags": [{"Key": "a", "Value": "1"}]}
    return request(base, eks, InstanceGroups=[group(base, "a"), group(base, "b")], **more)


def _create(aws: EmulatorSession, desired: dict[str, Any], **more: Any) -> dict[str, Any]:
    event: dict[str, Any] = aws.client("cloudcontrol").create_resource(
        TypeName=TYPE, DesiredState=json.dumps(desired), **more
    )["ProgressEvent"]
    return event


def _read(aws: EmulatorSession, identifier: str) -> dict[str, Any]:
    found = aws.client("cloudcontrol").get_resource(TypeName=TYPE, Identifier=identifier)
    model: dict[str, Any] = json.loads(found["ResourceDescription"]["Properties"])
    return model


def _patch(aws: EmulatorSession, identifier: str, *operations: dict[str, Any], **more: Any) -> dict[str, Any]:
    event: dict[str, Any] = aws.client("cloudcontrol").update_resource(
        TypeName=TYPE, Identifier=identifier, PatchDocument=json.dumps(operations), **more
    )["ProgressEvent"]
    return event


def test_what_was_asked_for_is_read_back(aws: EmulatorSession, desired: dict[str, Any]) -> None:
    event = _create(aws, desired)
    assert (event["OperationStatus"], event["Operation"]) == ("SUCCESS", "CREATE")
    model = _read(aws, event["Identifier"])
    assert json.loads(event["ResourceModel"]) == model
    assert model["ClusterArn"] == event["Identifier"] and model["ClusterStatus"] == "InService"
    assert [entry.pop("CurrentCount") for entry in model["InstanceGroups"]] == [2, 2]
    assert {key: model[key] for key in desired} == desired
    listed = aws.client("cloudcontrol").list_resources(TypeName=TYPE)["ResourceDescriptions"]
    assert [entry["Identifier"] for entry in listed] == [event["Identifier"]]


def _members(*path: str) -> set[str]:
    """The members that can be given, of the resource or of its groups, by the provider's schema."""
    attributes = load("awscc_sagemaker_cluster").document["attributes"]
    for step in path:
        attributes = attributes[step]["attributes"]
    return {facts["property"] for facts in attributes.values() if facts.get("property") and not facts.get("read_only")}


def test_every_optional_member_is_read_back(aws: EmulatorSession, base: Base, desired: dict[str, Any]) -> None:
    deployment = {
        "AutoRollbackConfiguration": [{"AlarmName": "a"}],
        "RollingUpdatePolicy": {"MaximumBatchSize": {"Type": "INSTANCE_COUNT", "Value": 1}},
        "WaitIntervalInSeconds": 60,
    }
    both = {
        "OnStartDeepHealthChecks": ["InstanceStress", "InstanceConnectivity"],
        "InstanceStorageConfigs": [{"EbsVolumeConfig": {"VolumeSizeInGB": 500}}],
        "OverrideVpcConfig": {"SecurityGroupIds": [base.group], "Subnets": base.subnets[1:]},
        "TrainingPlanArn": "arn:aws:sagemaker:us-west-2:111122223333:training-plan/p",
    }
    full = group(
        base,
        "full",
        **both,
        MinInstanceCount=1,
        KubernetesConfig={"Labels": {"x": "y"}, "Taints": [{"Key": "k", "Value": "v", "Effect": "NoExecute"}]},
        CapacityRequirements={"Spot": {}},
        ImageId="ami-0123456789abcdef0",
        ScheduledUpdateConfig={"ScheduleExpression": "cron(0 0 1 * ? *)", "DeploymentConfig": deployment},
        AutoPatchConfig={"PatchingStrategy": "WhenIdle", "DeploymentConfig": deployment},
        NetworkInterface={"InterfaceType": "efa-only"},
    )
    mixed = group(base, "mixed", InstanceRequirements={"InstanceTypes": ["ml.p5.48xlarge", "ml.p5e.48xlarge"]})
    del mixed["InstanceType"]
    storage = {"SizeInGiB": 1200, "PerUnitStorageThroughput": 125}
    restricted = group(base, "restricted", **both, EnvironmentConfig={"FSxLustreConfig": storage})
    del restricted["LifeCycleConfig"]
    assert {*full, *mixed, "SlurmConfig"} == _members("instance_groups")
    assert set(restricted) == _members("restricted_instance_groups")
    shared = {"FSxLustreDeletionPolicy": "Keep", "FSxLustreConfig": storage}
    whole = {
        **desired,
        "InstanceGroups": [full, mixed],
        "RestrictedInstanceGroups": [restricted],
        "RestrictedInstanceGroupsConfig": {"SharedEnvironmentConfig": shared},
        "ClusterRole": base.role,
        "AutoScaling": {"Mode": "Enable", "AutoScalerType": "Karpenter"},
        "TieredStorageConfig": {"Mode": "Enable", "InstanceMemoryAllocationPercentage": 20},
    }
    assert set(whole) == _members()
    event = _create(aws, whole)
    assert event["OperationStatus"] == "SUCCESS", event.get("StatusMessage")
    found = _read(aws, event["Identifier"])
    for entry in (*found["InstanceGroups"], *found["RestrictedInstanceGroups"]):
        assert entry.pop("CurrentCount") == 2
    assert {key: found[key] for key in whole} == whole


def test_patches_change_groups_and_tags(aws: EmulatorSession, base: Base, desired: dict[str, Any]) -> None:
    arn = _create(aws, desired)["Identifier"]
    changed = [group(base, "a", InstanceCount=5), group(base, "c")]
    event = _patch(
        aws,
        arn,
        {"op": "replace", "path": "/InstanceGroups", "value": changed},
        {"op": "replace", "path": "/Tags", "value": [{"Key": "b", "Value": "2"}]},
        {"op": "replace", "path": "/NodeRecovery", "value": "None"},
    )
    assert event["OperationStatus"] == "SUCCESS", event.get("StatusMessage")
    model = _read(aws, arn)
    assert [(entry["InstanceGroupName"], entry["CurrentCount"]) for entry in model["InstanceGroups"]] == [
        ("a", 5),
        ("c", 2),
    ]
    assert (model["Tags"], model["NodeRecovery"]) == ([{"Key": "b", "Value": "2"}], "None")


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("/ClusterName", "other", "ClusterName"),
        ("/VpcConfig/Subnets/0", "subnet-1", "VpcConfig"),
        ("/Orchestrator/Eks/ClusterArn", "arn:aws:eks:us-west-2:111122223333:cluster/x", "Orchestrator/Eks"),
        ("/InstanceGroups/0/InstanceType", "ml.g5.xlarge", "InstanceGroups/a/InstanceType"),
    ],
)
def test_create_only_properties_are_refused(
    aws: EmulatorSession, desired: dict[str, Any], path: str, value: str, named: str
) -> None:
    arn = _create(aws, desired)["Identifier"]
    before = _read(aws, arn)
    event = _patch(aws, arn, {"op": "replace", "path": path, "value": value})
    assert (event["OperationStatus"], event["ErrorCode"]) == ("FAILED", "NotUpdatable")
    assert named in event["StatusMessage"]
    assert _read(aws, arn) == before


def test_a_refused_create_is_a_failed_event(aws: EmulatorSession, desired: dict[str, Any]) -> None:
    desired["VpcConfig"]["Subnets"] = ["subnet-0"]
    event = _create(aws, desired)
    assert (event["OperationStatus"], event["ErrorCode"]) == ("FAILED", "InvalidRequest")
    assert "subnet-0" in event["StatusMessage"]
    again = aws.client("cloudcontrol").get_resource_request_status(RequestToken=event["RequestToken"])
    assert again["ProgressEvent"]["ErrorCode"] == "InvalidRequest"


def test_a_name_that_is_taken(aws: EmulatorSession, desired: dict[str, Any]) -> None:
    _create(aws, desired)
    assert _create(aws, desired)["ErrorCode"] == "AlreadyExists"


def test_a_repeated_token_is_the_same_request(aws: EmulatorSession, desired: dict[str, Any]) -> None:
    first, second = (_create(aws, desired, ClientToken="t") for _ in range(2))
    assert first["RequestToken"] == second["RequestToken"] and second["OperationStatus"] == "SUCCESS"
    with pytest.raises(ClientError) as caught:
        _create(aws, {**desired, "ClusterName": "other"}, ClientToken="t")
    assert caught.value.response["Error"]["Code"] == "ClientTokenConflictException"
    change = {"op": "replace", "path": "/NodeRecovery", "value": "None"}
    events = [_patch(aws, first["Identifier"], change, ClientToken="u") for _ in range(2)]
    assert events[0]["RequestToken"] == events[1]["RequestToken"]


def test_a_fault_of_sagemaker_fails_the_create_and_the_next_one_works(
    aws: EmulatorSession, desired: dict[str, Any], emulator: Emulator
) -> None:
    fault = {"service": "sagemaker", "operation": "CreateCluster", "error": "ResourceLimitExceeded", "message": "no"}
    post(emulator, "/_hptf/faults", fault)
    event = _create(aws, desired)
    assert (event["OperationStatus"], event["ErrorCode"]) == ("FAILED", "ServiceLimitExceeded")
    assert _create(aws, desired)["OperationStatus"] == "SUCCESS"
    operations = get(emulator, "/_hptf/operations")["operations"]
    ended = [(entry["operation"], entry["status"]) for entry in operations if entry["operation"] == "CreateCluster"]
    assert ended == [("CreateCluster", 200), ("CreateCluster", 400), ("CreateCluster", 200)]  # the first is EKS's


def test_a_creation_that_fails_later_leaves_a_failed_cluster(
    aws: EmulatorSession, desired: dict[str, Any], emulator: Emulator
) -> None:
    reason = "InsufficientInstanceCapacity for ml.g5.8xlarge"
    fault = {"service": "sagemaker", "operation": "Creating", "error": "InternalFailure", "message": reason}
    post(emulator, "/_hptf/faults", fault)
    event = _create(aws, desired)
    assert (event["OperationStatus"], event["ErrorCode"]) == ("FAILED", "NotStabilized")
    assert (event["StatusMessage"], event["Identifier"].rpartition("/")[0]) == (reason, CLUSTERS)
    model = _read(aws, event["Identifier"])
    assert (model["ClusterStatus"], model["FailureMessage"]) == ("Failed", reason)
    groups = aws.client("sagemaker").describe_cluster(ClusterName="ml")["InstanceGroups"]
    assert [(entry["Status"], entry["CurrentCount"]) for entry in groups] == [("Failed", 0), ("Failed", 0)]
    change = _patch(aws, event["Identifier"], {"op": "replace", "path": "/NodeRecovery", "value": "None"})
    assert change["ErrorCode"] == "ResourceConflict"
    assert _create(aws, desired)["ErrorCode"] == "AlreadyExists"
    aws.client("cloudcontrol").delete_resource(TypeName=TYPE, Identifier=event["Identifier"])
    assert _create(aws, desired)["OperationStatus"] == "SUCCESS"


def test_a_call_that_waits_inside_another_holds_up_nobody(
    aws: EmulatorSession, desired: dict[str, Any], emulator: Emulator
) -> None:
    post(emulator, "/_hptf/faults", {"service": "sagemaker", "operation": "CreateCluster", "delay": 600.0})
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(_create, aws, desired, ClientToken="t")
        wait_for(lambda: not get(emulator, "/_hptf/faults")["faults"], "the call that waits")
        # Neither ordinary calls wait, nor is the same request, asked for again, taken for done.
        assert aws.client("eks").list_clusters()["clusters"] == ["k"]
        assert get(emulator, "/_hptf/resources")["awscc_sagemaker_cluster"] == []
        assert _create(aws, desired, ClientToken="t")["OperationStatus"] == "IN_PROGRESS"
        assert not first.done()
        emulator.call("DELETE", "/_hptf/faults")
        assert first.result(timeout=120)["OperationStatus"] == "SUCCESS"


def test_a_create_that_takes_its_time(aws: EmulatorSession, desired: dict[str, Any], emulator: Emulator) -> None:
    begin_lasting(emulator)
    event = _create(aws, desired)
    assert event["OperationStatus"] == "IN_PROGRESS"
    busy = _patch(aws, event["Identifier"], {"op": "replace", "path": "/NodeRecovery", "value": "None"})
    assert (busy["OperationStatus"], busy["ErrorCode"]) == ("FAILED", "ResourceConflict")
    client = aws.client("cloudcontrol")
    asked = {"RequestToken": event["RequestToken"]}
    assert client.get_resource_request_status(**asked)["ProgressEvent"]["OperationStatus"] == "IN_PROGRESS"
    end_lasting(emulator)
    event = client.get_resource_request_status(**asked)["ProgressEvent"]
    assert event["OperationStatus"] == "SUCCESS"
    assert json.loads(event["ResourceModel"])["ClusterStatus"] == "InService"


def test_a_creation_goes_on_whoever_asked_for_it(
    aws: EmulatorSession, desired: dict[str, Any], emulator: Emulator
) -> None:
    """Nobody looks at the request any more, or it is even cancelled: the cluster comes up, and its name is taken."""
    begin_lasting(emulator)
    event = _create(aws, desired)
    aws.client("cloudcontrol").cancel_resource_request(RequestToken=event["RequestToken"])
    sagemaker = aws.client("sagemaker")
    found = sagemaker.describe_cluster(ClusterName="ml")
    assert (found["ClusterArn"], found["ClusterStatus"]) == (event["Identifier"], "Creating")
    assert _create(aws, desired)["ErrorCode"] == "AlreadyExists"
    end_lasting(emulator)
    assert sagemaker.describe_cluster(ClusterName=event["Identifier"])["ClusterStatus"] == "InService"


def test_a_running_request_can_be_cancelled(aws: EmulatorSession, desired: dict[str, Any], emulator: Emulator) -> None:
    begin_lasting(emulator)
    token = _create(aws, desired)["RequestToken"]
    client = aws.client("cloudcontrol")
    assert client.cancel_resource_request(RequestToken=token)["ProgressEvent"]["OperationStatus"] == "CANCEL_COMPLETE"


def test_a_deletion_that_takes_its_time(aws: EmulatorSession, desired: dict[str, Any], emulator: Emulator) -> None:
    arn = _create(aws, desired)["Identifier"]
    begin_lasting(emulator)
    client = aws.client("cloudcontrol")
    event = client.delete_resource(TypeName=TYPE, Identifier=arn)["ProgressEvent"]
    assert event["OperationStatus"] == "IN_PROGRESS"
    assert _read(aws, arn)["ClusterStatus"] == "Deleting"
    assert _create(aws, desired)["ErrorCode"] == "AlreadyExists"
    assert client.delete_resource(TypeName=TYPE, Identifier=arn)["ProgressEvent"]["ErrorCode"] == "ResourceConflict"
    assert get(emulator, "/_hptf/resources")["awscc_sagemaker_cluster"] == [arn]
    end_lasting(emulator)
    ended = client.get_resource_request_status(RequestToken=event["RequestToken"])["ProgressEvent"]
    assert ended["OperationStatus"] == "SUCCESS"
    assert get(emulator, "/_hptf/resources")["awscc_sagemaker_cluster"] == []


def test_deleting_and_what_is_not_there(aws: EmulatorSession, desired: dict[str, Any]) -> None:
    client = aws.client("cloudcontrol")
    arn = _create(aws, desired)["Identifier"]
    assert client.delete_resource(TypeName=TYPE, Identifier=arn)["ProgressEvent"]["OperationStatus"] == "SUCCESS"
    assert client.delete_resource(TypeName=TYPE, Identifier=arn)["ProgressEvent"]["ErrorCode"] == "NotFound"
    calls: tuple[Callable[[], Any], ...] = (
        lambda: _read(aws, arn),
        lambda: _patch(aws, arn, {"op": "remove", "path": "/Tags"}),
    )
    for call in calls:
        with pytest.raises(ClientError) as caught:
            call()
        assert caught.value.response["Error"]["Code"] == "ResourceNotFoundException"
    with pytest.raises(ClientError) as caught:
        client.get_resource(TypeName="AWS::S3::Bucket", Identifier="b")
    assert caught.value.response["Error"]["Code"] == "TypeNotFoundException"


def test_a_patch_that_cannot_be_applied(aws: EmulatorSession, desired: dict[str, Any]) -> None:
    arn = _create(aws, desired)["Identifier"]
    with pytest.raises(ClientError) as caught:
        _patch(aws, arn, {"op": "remove", "path": "/Nonsense"})
    assert caught.value.response["Error"]["Code"] == "InvalidRequestException"


class Things:
    """A resource type whose making fails in ways that no service fails."""

    def __init__(self) -> None:
        self.mistake: Exception | None = None
        self.made = 0

    def create(self, caller: Caller, desired: dict[str, Any]) -> str:
        if self.mistake is not None:
            raise self.mistake
        self.made += 1
        return f"thing-{self.made}"

    def read(self, caller: Caller, identifier: str) -> dict[str, Any]:
        return {"Name": identifier}

    def update(self, caller: Caller, identifier: str, old: dict[str, Any], new: dict[str, Any]) -> None:
        pass

    def delete(self, caller: Caller, identifier: str) -> None:
        pass

    def identifiers(self, caller: Caller) -> list[str]:
        return []

    def progress(self, caller: Caller, identifier: str) -> tuple[str, str | None]:
        return "SUCCESS", None


def _things() -> tuple[Things, CloudControl]:
    nothing: Any = None
    world = World(ACCOUNT, REGION, nothing, KubeClusters(), "http://127.0.0.1:1", "", "key")
    things = Things()
    return things, CloudControl(world, CloudControlStore(), {"Thing": things})


HERE = Caller(ACCOUNT, REGION, "aws")


def test_a_mistake_leaves_no_request_that_passes_for_done() -> None:
    things, service = _things()
    things.mistake = KeyError("InstanceGroupName")
    asked = {"TypeName": "Thing", "DesiredState": "{}", "ClientToken": "t"}
    with pytest.raises(KeyError):
        service.create_resource(HERE, asked)
    event = service.create_resource(HERE, asked)["ProgressEvent"]
    assert (event["OperationStatus"], event["ErrorCode"]) == ("FAILED", "InternalFailure")


def test_old_requests_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloudcontrol, "KEPT", 2)
    _, service = _things()
    asked = [{"TypeName": "Thing", "DesiredState": "{}", "ClientToken": str(number)} for number in range(3)]
    events = [service.create_resource(HERE, one)["ProgressEvent"] for one in asked]
    with pytest.raises(AwsError, match="no request"):
        service.get_resource_request_status(HERE, {"RequestToken": events[0]["RequestToken"]})
    assert service.create_resource(HERE, asked[2])["ProgressEvent"]["Identifier"] == events[2]["Identifier"]
    assert service.create_resource(HERE, asked[0])["ProgressEvent"]["Identifier"] == "thing-4"


def test_all_clusters_are_listed_page_by_page() -> None:
    names = [f"arn-{number}" for number in range(250)]

    def sagemaker(caller: Caller, name: str, parameters: dict[str, Any]) -> dict[str, Any]:
        items, token = page(names, parameters.get("NextToken"), parameters["MaxResults"])
        return {"ClusterSummaries": [{"ClusterArn": item} for item in items], "NextToken": token}

    assert HyperpodResource(sagemaker).identifiers(HERE) == names
