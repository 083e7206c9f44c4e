"""Task governance: scheduler configurations and compute quotas, by SageMaker's own operations.

Sources of what is refused and filled in: SageMaker's service model (documentation of the members), CloudFormation's
schemas of the two types, and the HyperPod command line's tables of MIG profiles.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from hp_tf.emulator.clients import EmulatorSession
from hp_tf.emulator.daemon import Emulator
from tests.emulator.conftest import ACCOUNT, REGION, Base, begin_lasting, end_lasting, get, put_release
from tests.emulator.test_hyperpod import CHART, request

ADDON = "amazon-sagemaker-hyperpod-taskgovernance"
CLASSES = [{"Name": "inference", "Weight": 100}, {"Name": "training", "Weight": 80}]


@pytest.fixture
def cluster(aws: EmulatorSession, base: Base, eks: dict[str, Any]) -> str:
    """A HyperPod cluster whose EKS cluster has the add-on."""
    put_release(eks, CHART)
    arn: str = aws.client("sagemaker").create_cluster(**request(base, eks))["ClusterArn"]
    aws.client("eks").create_addon(clusterName="k", addonName=ADDON)
    return arn


def scheduler(cluster: str, **more: Any) -> dict[str, Any]:
    return {"Name": "policy", "ClusterArn": cluster, "SchedulerConfig": {"PriorityClasses": CLASSES}, **more}


def quota(cluster: str, *resources: dict[str, Any], team: str = "research", **more: Any) -> dict[str, Any]:
    return {
        "Name": f"{team}-quota",
        "ClusterArn": cluster,
        "ComputeQuotaConfig": {"ComputeQuotaResources": list(resources)},
        "ComputeQuotaTarget": {"TeamName": team},
        **more,
    }


def refused(call: Callable[..., Any], **parameters: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as caught:
        call(**parameters)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]


def test_a_scheduler_configuration_is_made_changed_listed_and_deleted(aws: EmulatorSession, cluster: str) -> None:
    client = aws.client("sagemaker")
    made = client.create_cluster_scheduler_config(**scheduler(cluster, Description="first"))
    identity = made["ClusterSchedulerConfigId"]
    assert (
        made["ClusterSchedulerConfigArn"] == f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:cluster-scheduler-config/{identity}"
    )
    found = client.describe_cluster_scheduler_config(ClusterSchedulerConfigId=identity)
    assert (found["Status"], found["ClusterSchedulerConfigVersion"], found["Description"]) == ("Created", 1, "first")
    assert found["SchedulerConfig"] == {"PriorityClasses": CLASSES, "FairShare": "Enabled"}
    assert refused(client.update_cluster_scheduler_config, ClusterSchedulerConfigId=identity, TargetVersion=2) == (
        "ConflictException",
        f"{made['ClusterSchedulerConfigArn']} has version 1.",
    )
    changed = {"PriorityClasses": CLASSES[:1], "FairShare": "Disabled", "IdleResourceSharing": "Enabled"}
    client.update_cluster_scheduler_config(ClusterSchedulerConfigId=identity, TargetVersion=1, SchedulerConfig=changed)
    found = client.describe_cluster_scheduler_config(ClusterSchedulerConfigId=identity)
    assert (found["Status"], found["ClusterSchedulerConfigVersion"]) == ("Updated", 2)
    assert (found["SchedulerConfig"], found["Description"]) == (changed, "first")
    listed = client.list_cluster_scheduler_configs(ClusterArn=cluster)["ClusterSchedulerConfigSummaries"]
    assert [(entry["Name"], entry["Status"]) for entry in listed] == [("policy", "Updated")]
    client.delete_cluster_scheduler_config(ClusterSchedulerConfigId=identity)
    assert refused(client.describe_cluster_scheduler_config, ClusterSchedulerConfigId=identity)[0] == "ResourceNotFound"


def test_a_cluster_has_one_scheduler_configuration(aws: EmulatorSession, cluster: str) -> None:
    client = aws.client("sagemaker")
    client.create_cluster_scheduler_config(**scheduler(cluster))
    code, message = refused(client.create_cluster_scheduler_config, **scheduler(cluster, Name="another"))
    assert code == "ConflictException" and f"Cluster {cluster} already has" in message


def test_without_the_addon_nothing_carries_it_out(aws: EmulatorSession, cluster: str) -> None:
    aws.client("eks").delete_addon(clusterName="k", addonName=ADDON)
    client = aws.client("sagemaker")
    made = client.create_cluster_scheduler_config(**scheduler(cluster))["ClusterSchedulerConfigId"]
    found = client.describe_cluster_scheduler_config(ClusterSchedulerConfigId=made)
    assert (found["Status"], found["FailureReason"]) == ("CreateFailed", f"The EKS cluster has no add-on {ADDON}.")


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"Count": 2}, {"Count": 2}),
        ({"Accelerators": 4}, {"Accelerators": 4, "VCpu": 96.0, "MemoryInGiB": 1024.0}),
        ({"VCpu": 48.0}, {"VCpu": 48.0, "MemoryInGiB": 512.0, "Accelerators": 0}),
        ({"MemoryInGiB": 1024.0}, {"MemoryInGiB": 1024.0, "VCpu": 96.0, "Accelerators": 0}),
        ({"Accelerators": 4, "VCpu": 10.0}, {"Accelerators": 4, "VCpu": 10.0, "MemoryInGiB": 1024.0}),
        (
            {"AcceleratorPartition": {"Type": "mig-7g.80gb", "Count": 4}},
            {"AcceleratorPartition": {"Type": "mig-7g.80gb", "Count": 4}, "VCpu": 96.0, "MemoryInGiB": 1024.0},
        ),
    ],
)
def test_what_a_share_leaves_out_is_filled_in_by_ratio(
    aws: EmulatorSession, cluster: str, given: dict[str, Any], found: dict[str, Any]
) -> None:
    client = aws.client("sagemaker")
    kind = {"InstanceType": "ml.p5.48xlarge"}
    made = client.create_compute_quota(**quota(cluster, {**kind, **given}))["ComputeQuotaId"]
    told = client.describe_compute_quota(ComputeQuotaId=made)
    assert told["ComputeQuotaConfig"] == {
        "ComputeQuotaResources": [{**kind, **found}],
        "ResourceSharingConfig": {"Strategy": "LendAndBorrow", "BorrowLimit": 50},
        "PreemptTeamTasks": "LowerPriority",
    }
    assert told["ComputeQuotaTarget"] == {"TeamName": "research", "FairShareWeight": 0}
    assert (told["ActivationState"], told["Status"]) == ("Enabled", "Created")


@pytest.mark.parametrize(
    ("resources", "code", "message"),
    [
        ([{"InstanceType": "ml.x1.large", "Count": 1}], "ValidationException", "Member must satisfy enum value set"),
        (
            [{"InstanceType": "ml.p5.48xlarge", "AcceleratorPartition": {"Type": "mig-1g.5gb", "Count": 1}}],
            "ValidationException",
            "The MIG profile mig-1g.5gb is not supported by instance type ml.p5.48xlarge.",
        ),
        (
            [{"InstanceType": "ml.m5.2xlarge", "Accelerators": 1}],
            "ValidationException",
            "Instance type ml.m5.2xlarge has no accelerators, and 1 are asked for.",
        ),
        (
            [{"InstanceType": "ml.p5.48xlarge", "Count": 1, "VCpu": 1.5}],
            "ValidationException",
            "Either Count or a share of ml.p5.48xlarge can be given, not both.",
        ),
        (
            [{"InstanceType": "ml.m5.2xlarge", "Count": 1}, {"InstanceType": "ml.m5.2xlarge", "Count": 2}],
            "ValidationException",
            "Instance type ml.m5.2xlarge appears more than once in the quota.",
        ),
    ],
)
def test_what_a_quota_cannot_hold(
    aws: EmulatorSession, cluster: str, resources: list[dict[str, Any]], code: str, message: str
) -> None:
    client = aws.client("sagemaker")
    found, text = refused(client.create_compute_quota, **quota(cluster, *resources))
    assert found == code and message in text
    assert client.list_compute_quotas()["ComputeQuotaSummaries"] == []


def test_names_and_teams_are_unique_in_a_cluster(aws: EmulatorSession, cluster: str) -> None:
    client = aws.client("sagemaker")
    client.create_compute_quota(**quota(cluster))
    assert refused(client.create_compute_quota, **quota(cluster, Name="other")) == (
        "ConflictException",
        f"Team research of cluster {cluster} already has a compute quota.",
    )
    assert refused(client.create_compute_quota, **quota(cluster, team="web", Name="research-quota")) == (
        "ConflictException",
        f"The name research-quota is in use in cluster {cluster}.",
    )


def test_the_cluster_must_be_there_and_be_on_eks(aws: EmulatorSession, base: Base, cluster: str) -> None:
    client = aws.client("sagemaker")
    nowhere = f"{cluster.rpartition('/')[0]}/{'0' * 12}"
    assert refused(client.create_compute_quota, **quota(nowhere))[0] == "ResourceNotFound"
    group = {
        "InstanceGroupName": "controller",
        "InstanceType": "ml.m5.large",
        "InstanceCount": 1,
        "ExecutionRole": base.role,
        "SlurmConfig": {"NodeType": "Controller"},
        "LifeCycleConfig": {"SourceS3Uri": f"s3://{base.bucket}/lifecycle", "OnCreate": "on_create.sh"},
    }
    slurm = client.create_cluster(
        ClusterName="slurm",
        InstanceGroups=[group],
        Orchestrator={"Slurm": {}},
        VpcConfig={"SecurityGroupIds": [base.group], "Subnets": base.subnets[:1]},
    )["ClusterArn"]
    assert refused(client.create_compute_quota, **quota(slurm)) == (
        "ValidationException",
        f"Cluster {slurm} is not orchestrated by EKS.",
    )


def test_a_quota_is_changed_and_stays_with_its_team(aws: EmulatorSession, cluster: str) -> None:
    client = aws.client("sagemaker")
    resource = {"InstanceType": "ml.g5.8xlarge", "Count": 1}
    made = client.create_compute_quota(**quota(cluster, resource))
    identity = {"ComputeQuotaId": made["ComputeQuotaId"]}
    other = {"TeamName": "web"}
    code, message = refused(client.update_compute_quota, **identity, TargetVersion=1, ComputeQuotaTarget=other)
    assert (code, message) == ("ValidationException", "A compute quota cannot go from team research to another one.")
    config = {"ComputeQuotaResources": [{**resource, "Count": 2}], "ResourceSharingConfig": {"Strategy": "DontLend"}}
    client.update_compute_quota(**identity, TargetVersion=1, ComputeQuotaConfig=config, ActivationState="Disabled")
    found = client.describe_compute_quota(**identity)
    assert (found["Status"], found["ComputeQuotaVersion"], found["ActivationState"]) == ("Updated", 2, "Disabled")
    assert found["ComputeQuotaConfig"] == {"PreemptTeamTasks": "LowerPriority", **config}
    client.add_tags(ResourceArn=made["ComputeQuotaArn"], Tags=[{"Key": "a", "Value": "1"}])
    assert client.list_tags(ResourceArn=made["ComputeQuotaArn"])["Tags"] == [{"Key": "a", "Value": "1"}]


def test_changes_last_and_are_counted(aws: EmulatorSession, emulator: Emulator, cluster: str) -> None:
    client = aws.client("sagemaker")
    begin_lasting(emulator)
    made = client.create_compute_quota(**quota(cluster))
    identity = {"ComputeQuotaId": made["ComputeQuotaId"]}
    assert client.describe_compute_quota(**identity)["Status"] == "Creating"
    assert refused(client.update_compute_quota, **identity, TargetVersion=1)[0] == "ConflictException"
    assert refused(client.delete_compute_quota, **identity)[0] == "ConflictException"
    end_lasting(emulator)
    inventory = get(emulator, "/_hptf/resources")
    assert inventory["aws_cloudcontrolapi_resource"] == [made["ComputeQuotaArn"]]
    client.delete_compute_quota(**identity)
    assert client.describe_compute_quota(**identity)["Status"] == "Deleting"
