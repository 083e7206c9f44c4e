"""What the embedded SageMaker refuses of a cluster with Slurm."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from hp_tf.emulator.awsjson import AwsError
from hp_tf.emulator.clients import EmulatorSession
from hp_tf.emulator.services.hyperpod_slurm import check_slurm, parameters_problem
from hp_tf.emulator.services.hyperpod_store import Group
from tests.emulator.conftest import Base
from tests.emulator.test_hyperpod import group

MANAGED = {"Orchestrator": {"Slurm": {"SlurmConfigStrategy": "Managed"}}}
CONTROLLER: dict[str, Any] = {"NodeType": "Controller"}
COMPUTE: dict[str, Any] = {"NodeType": "Compute", "PartitionNames": ["dev"]}

DATABASE = {"Endpoint": "db.example.com", "SecretArn": "arn:aws:secretsmanager:us-west-2:123456789012:secret:db"}


def kept_in(database: dict[str, Any]) -> dict[str, Any]:
    return {"Orchestrator": {"Slurm": {"AccountingDatabase": database}}}


def groups(*tasks: dict[str, Any] | None) -> list[Group]:
    return [
        Group({"InstanceGroupName": f"g{number}", "InstanceCount": 1, **({"SlurmConfig": task} if task else {})}, False)
        for number, task in enumerate(tasks)
    ]


@pytest.mark.parametrize(
    ("request_", "tasks"),
    [
        (MANAGED, (CONTROLLER, {"NodeType": "Login"}, COMPUTE, COMPUTE)),
        (MANAGED, (None, None)),
        ({}, (None,)),
        ({"Orchestrator": {"Slurm": {}}}, (CONTROLLER, COMPUTE)),
        ({"NodeProvisioningMode": "Continuous", **kept_in(DATABASE)}, (CONTROLLER, COMPUTE)),
    ],
)
def test_what_goes_together_is_accepted(request_: dict[str, Any], tasks: tuple[dict[str, Any] | None, ...]) -> None:
    check_slurm(request_, groups(*tasks))


@pytest.mark.parametrize(
    ("request_", "tasks"),
    [
        ({}, (CONTROLLER, COMPUTE)),
        ({"Orchestrator": {"Slurm": {"SlurmConfigStrategy": "Never"}}}, (CONTROLLER, COMPUTE)),
        (MANAGED, (CONTROLLER, None)),
        (MANAGED, (COMPUTE, COMPUTE)),
        (MANAGED, (CONTROLLER, CONTROLLER, COMPUTE)),
        (MANAGED, (CONTROLLER, {"NodeType": "Login"}, {"NodeType": "Login"})),
        (MANAGED, (CONTROLLER, {"NodeType": "Worker"})),
        (MANAGED, (CONTROLLER, {"NodeType": "Compute", "PartitionNames": ["a", "b"]})),
        (MANAGED, ({**CONTROLLER, "PartitionNames": ["a"]}, COMPUTE)),
        # botocore, ClusterOrchestratorSlurmConfig: only with Continuous; ClusterAccountingDatabase: what is required.
        (kept_in(DATABASE), (CONTROLLER, COMPUTE)),
        ({"NodeProvisioningMode": "Continuous", **kept_in({"Endpoint": "db.example.com"})}, (CONTROLLER, COMPUTE)),
    ],
)
def test_what_does_not_go_together_is_refused(
    request_: dict[str, Any], tasks: tuple[dict[str, Any] | None, ...]
) -> None:
    with pytest.raises(AwsError):
        check_slurm(request_, groups(*tasks))


PARAMETERS = {
    "workload_manager": "slurm",
    "controller_group": "controller",
    "worker_groups": [{"instance_group_name": "workers", "partition_name": "dev"}],
}


@pytest.mark.parametrize(
    ("content", "name", "problem"),
    [
        (json.dumps(PARAMETERS), "controller", None),
        (json.dumps(PARAMETERS), "workers", None),
        (json.dumps(PARAMETERS), "more", "does not name"),
        (json.dumps({**PARAMETERS, "workload_manager": "pbs"}), "workers", "workload_manager"),
        ("{", "workers", "not JSON"),
    ],
)
def test_scripts_go_by_the_parameters_beside_them(content: str, name: str, problem: str | None) -> None:
    found = parameters_problem(content, name)
    assert found is None if problem is None else found is not None and problem in found


def test_a_new_group_comes_after_the_parameters_that_name_it(aws: EmulatorSession, base: Base) -> None:
    place = {"Bucket": base.bucket, "Key": "lifecycle/provisioning_parameters.json"}
    aws.client("s3").put_object(Body=json.dumps(PARAMETERS).encode(), **place)
    sagemaker = aws.client("sagemaker")
    pair = [group(base, "controller", InstanceCount=1), group(base, "workers")]
    network = {"SecurityGroupIds": [base.group], "Subnets": base.subnets[:1]}
    sagemaker.create_cluster(ClusterName="ml", InstanceGroups=pair, VpcConfig=network)
    more = [*pair, group(base, "more")]
    with pytest.raises(ClientError, match="did not run successfully on instance group more"):
        sagemaker.update_cluster(ClusterName="ml", InstanceGroups=more)
    grown = [*PARAMETERS["worker_groups"], {"instance_group_name": "more", "partition_name": "dev"}]
    aws.client("s3").put_object(Body=json.dumps({**PARAMETERS, "worker_groups": grown}).encode(), **place)
    sagemaker.update_cluster(ClusterName="ml", InstanceGroups=more)
    nodes = sagemaker.list_cluster_nodes(ClusterName="ml")["ClusterNodeSummaries"]
    assert {node["InstanceGroupName"] for node in nodes} == {"controller", "workers", "more"}


def test_nodes_that_slurm_is_not_told_of_do_not_come_up(aws: EmulatorSession, base: Base) -> None:
    aws.client("s3").put_object(
        Bucket=base.bucket, Key="lifecycle/provisioning_parameters.json", Body=json.dumps(PARAMETERS).encode()
    )
    pair = [group(base, "controller", InstanceCount=1), group(base, "others")]
    network = {"SecurityGroupIds": [base.group], "Subnets": base.subnets[:1]}
    sagemaker = aws.client("sagemaker")
    sagemaker.create_cluster(ClusterName="ml", InstanceGroups=pair, VpcConfig=network)
    found = sagemaker.describe_cluster(ClusterName="ml")
    assert found["ClusterStatus"] == "Failed"
    assert "does not name the instance group others" in found["FailureMessage"]


def test_what_the_api_told_slurm_is_described(aws: EmulatorSession, base: Base) -> None:
    pair = [
        group(base, "controller", InstanceCount=1, SlurmConfig=CONTROLLER),
        group(base, "workers", SlurmConfig=COMPUTE),
    ]
    network = {"SecurityGroupIds": [base.group], "Subnets": base.subnets[:1]}
    told = kept_in(DATABASE)
    sagemaker = aws.client("sagemaker")
    sagemaker.create_cluster(
        ClusterName="ml", InstanceGroups=pair, VpcConfig=network, NodeProvisioningMode="Continuous", **told
    )
    found = sagemaker.describe_cluster(ClusterName="ml")
    assert (found["Orchestrator"], found["NodeProvisioningMode"]) == (told["Orchestrator"], "Continuous")
    tasks = {item["InstanceGroupName"]: item["SlurmConfig"] for item in found["InstanceGroups"]}
    assert tasks == {"controller": CONTROLLER, "workers": COMPUTE}
    nodes = sagemaker.list_cluster_nodes(ClusterName="ml")["ClusterNodeSummaries"]
    assert sorted(node["InstanceGroupName"] for node in nodes) == ["controller", "workers", "workers"]


def test_the_api_and_the_parameters_exclude_each_other(aws: EmulatorSession, base: Base) -> None:
    aws.client("s3").put_object(
        Bucket=base.bucket, Key="lifecycle/provisioning_parameters.json", Body=json.dumps(PARAMETERS).encode()
    )
    pair = [
        group(base, "controller", InstanceCount=1, SlurmConfig=CONTROLLER),
        group(base, "workers", SlurmConfig=COMPUTE),
    ]
    network = {"SecurityGroupIds": [base.group], "Subnets": base.subnets[:1]}
    with pytest.raises(ClientError, match="exclude each other"):
        aws.client("sagemaker").create_cluster(ClusterName="ml", InstanceGroups=pair, VpcConfig=network, **MANAGED)
