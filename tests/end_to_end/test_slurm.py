"""Clusters with Slurm: applied, grown, given another group and destroyed, told by the API or by AWS's scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.charts.repositories import commit
from tests.end_to_end.project import Project

pytestmark = [pytest.mark.slow]

ENVS = Path(__file__).parents[2] / "envs"
PLACE = "LifecycleScripts/base-config"
NAME = "slurm-cluster"
NEW = {"name": "more", "instance_type": "ml.m5.2xlarge", "count": 1}
# What a folder of AWS's scripts has, and what must not come from there.
SCRIPTS = {
    "scripts/on_create.sh": "#!/bin/bash\npython3 lifecycle_script.py\n",
    "scripts/lifecycle_script.py": "from config import Config\n",
    "scripts/utils/motd.sh": "#!/bin/bash\n",
    "scripts/config.py": "raise SystemExit('this is not the cluster's')\n",
    "scripts/provisioning_parameters.json": "{}",
    "README.md": "More than the scripts.\n",
}
# The seeds' own example of a cluster, in what its reader made by hand before: subnet, group, bucket, role, file system.
MANUAL: dict[str, Any] = {
    "network": {
        "existing": {
            "vpc_id": "vpc-0123456789abcdef0",
            "private_subnet_ids": {"usw2-az1": "subnet-0123456789abcdef0"},
            "primary_availability_zone_id": "usw2-az1",
        }
    },
    "endpoints": {"enabled": False},
    "security": {"existing": {"security_group_id": "sg-0123456789abcdef0"}},
    "storage": {
        "existing": {
            "bucket_name": "sagemaker-lifecycle-0123456789",
            "lifecycle_script_uri": f"s3://sagemaker-lifecycle-0123456789/{PLACE}",
            "lifecycle_on_create": "on_create.sh",
        }
    },
    "iam": {"existing": {"execution_role_arn": "arn:aws:iam::000000000000:role/AmazonSagemakerExecutionRole"}},
    "fsx": {"existing": {"file_system_id": "fs-0123456789abcdef0"}},
    "hyperpod_slurm": {
        "configuration": "scripts",
        "lifecycle_scripts": True,
        "mount_lustre": True,
        "instance_groups": [
            {
                "name": "controller-machine",
                "instance_type": "ml.c5.xlarge",
                "count": 1,
                "threads_per_core": 1,
                "node_type": "Controller",
                "volume_size_gb": 0,
            },
            {
                "name": "compute-nodes",
                "instance_type": "ml.trn1.32xlarge",
                "count": 4,
                "threads_per_core": 1,
                "volume_size_gb": 0,
            },
        ],
    },
}


def written(root: Path, name: str, layers: dict[str, Any]) -> Project:
    """An environment of these layers on an emulator of its own."""
    project = Project(root, name, f"{name}-state", f"hyperpod/{name}")
    content = {
        "orchestrator": "slurm",
        "name": name,
        "emulator": "embedded",
        "aws": {"region": "us-west-2", "account_id": "000000000000"},
        "state": {"s3": {"bucket": f"{name}-state", "prefix": f"hyperpod/{name}"}},
        "layers": layers,
    }
    with (root / "envs" / f"{name}.yaml").open("w") as file:
        YAML().dump(content, file)
    return project


def of_file(name: str) -> dict[str, Any]:
    """The layers of an environment of the repository's, so that all of it can be destroyed at once."""
    layers: dict[str, Any] = YAML(typ="safe").load(ENVS / f"{name}.yaml")["layers"]
    # The last snapshot of a database stays, as it should.
    layers["accounting"] |= {"final_snapshot": False, "deletion_protection": False}
    return {**layers, "storage": {**layers.get("storage", {}), "force_destroy": True}}


@pytest.fixture
def by_api(tmp_path: Path) -> Iterator[Project]:
    yield from closing(written(tmp_path, "slurm", of_file("slurm")))


@pytest.fixture
def by_scripts(tmp_path: Path) -> Iterator[Project]:
    url, revision = commit(tmp_path / "repository", SCRIPTS)
    layers = of_file("slurm-scripts")
    layers["storage"]["lifecycle_git"] = {"repository": url, "revision": revision, "path": "scripts"}
    project = written(tmp_path, "scripts", layers)
    project.variables["XDG_CACHE_HOME"] = str(tmp_path / "cache")
    yield from closing(project)


@pytest.fixture
def by_hand(tmp_path: Path) -> Iterator[Project]:
    yield from closing(written(tmp_path, "manual", MANUAL))


def closing(project: Project) -> Iterator[Project]:
    try:
        yield project
    finally:
        project.close()


def grow(project: Project) -> None:
    """Give the last group one more node, and the cluster another group."""

    def change(content: Any) -> None:
        groups = content["layers"]["hyperpod_slurm"]["instance_groups"]
        groups[-1]["count"] += 1
        groups.append(NEW)

    project.edit(change)


def described(project: Project, name: str) -> dict[str, Any]:
    cluster: dict[str, Any] = project.session.client("sagemaker").describe_cluster(ClusterName=name)
    return cluster


def counts(cluster: dict[str, Any]) -> dict[str, int]:
    return {group["InstanceGroupName"]: group["CurrentCount"] for group in cluster["InstanceGroups"]}


def unchanged(project: Project) -> bool:
    return project.run("plan", "--detailed-exitcode", expect=None).code == 0


def test_the_api_tells_slurm(by_api: Project) -> None:
    by_api.apply()
    assert unchanged(by_api)
    cluster = described(by_api, "ml-slurm")
    assert counts(cluster) == {"controller": 1, "login": 1, "training": 4, "general": 2}
    given = by_api.run("output", "--json").document()
    slurm = cluster["Orchestrator"]["Slurm"]
    assert (slurm["SlurmConfigStrategy"], cluster["NodeProvisioningMode"]) == ("Managed", "Continuous")
    assert slurm["AccountingDatabase"] == {
        "Endpoint": given["accounting"]["database_endpoint"],
        "Port": given["accounting"]["database_port"],
        "Name": "slurm_acct_db",
        "SecretArn": given["accounting"]["database_secret_arn"],
    }
    [log] = by_api.session.client("ec2").describe_flow_logs()["FlowLogs"]
    [group] = by_api.session.client("logs").describe_log_groups(logGroupNamePrefix="/aws/vpc/")["logGroups"]
    assert log["LogDestination"] == group["arn"].removesuffix(":*")
    tasks = {group["InstanceGroupName"]: group["SlurmConfig"] for group in cluster["InstanceGroups"]}
    assert tasks["controller"] == {"NodeType": "Controller"}
    assert tasks["training"] == {"NodeType": "Compute", "PartitionNames": ["training"]}
    for group in cluster["InstanceGroups"]:
        assert "LifeCycleConfig" not in group
        mounts = {key: config[key] for config in group["InstanceStorageConfigs"] for key in config}
        assert mounts["FsxLustreConfig"]["DnsName"] == given["fsx"]["dns_name"]
        assert mounts["FsxOpenZfsConfig"] == {"DnsName": given["openzfs"]["dns_name"], "MountPath": "/home"}
    secret = by_api.session.client("secretsmanager").describe_secret(
        SecretId=given["accounting"]["database_secret_arn"]
    )
    assert secret["ARN"] == given["accounting"]["database_secret_arn"]
    document = by_api.session.client("ssm").get_document(Name=given["ssm"]["document_name"])
    assert json.loads(document["Content"])["inputs"]["runAsDefaultUser"] == "ubuntu"

    grow(by_api)
    by_api.apply()
    assert counts(described(by_api, "ml-slurm")) == {
        "controller": 1,
        "login": 1,
        "training": 4,
        "general": 3,
        "more": 1,
    }
    assert unchanged(by_api)
    by_api.destroy()
    assert by_api.known() == {}


def file_of(project: Project, bucket: str, name: str) -> str:
    body = project.session.client("s3").get_object(Bucket=bucket, Key=f"{PLACE}/{name}")["Body"].read()
    return str(body.decode())


def agree(parameters: dict[str, Any], cluster: dict[str, Any]) -> None:
    """The scripts know every group that the cluster has, and no other."""
    workers = [item["instance_group_name"] for item in parameters["worker_groups"]]
    logins = [parameters["login_group"]] if "login_group" in parameters else []
    assert sorted([parameters["controller_group"], *logins, *workers]) == sorted(counts(cluster))


def test_scripts_tell_slurm_by_files_that_know_the_cluster(by_scripts: Project) -> None:
    by_scripts.apply()
    assert unchanged(by_scripts)
    given = by_scripts.run("output", "--json").document()
    bucket = given["storage"]["bucket_name"]
    keys = [item["Key"] for item in by_scripts.session.client("s3").list_objects_v2(Bucket=bucket)["Contents"]]
    uploaded = ["config.py", "lifecycle_script.py", "on_create.sh", "provisioning_parameters.json", "utils/motd.sh"]
    assert keys == [f"{PLACE}/{name}" for name in uploaded]
    assert (by_scripts.root / "envs" / "folders.lock.json").exists()
    cluster = described(by_scripts, "ml-scripts")
    assert counts(cluster) == {"controller": 2, "login": 1, "training": 4, "general": 2}
    assert not any("SlurmConfig" in group for group in cluster["InstanceGroups"])
    assert "Orchestrator" not in cluster
    before = json.loads(file_of(by_scripts, bucket, "provisioning_parameters.json"))
    agree(before, cluster)
    assert (before["fsx_dns_name"], before["fsx_mountname"]) == (given["fsx"]["dns_name"], given["fsx"]["mount_name"])
    assert before["fsx_openzfs_dns_name"] == given["openzfs"]["dns_name"]
    shared = before["slurm_configurations"]
    assert shared["slurm_database_endpoint"] == given["accounting"]["database_endpoint"]
    assert shared["slurm_sns_arn"] == given["accounting"]["failover_topic_arn"]
    config: dict[str, Any] = {}
    exec(file_of(by_scripts, bucket, "config.py"), config)
    assert (config["Config"].enable_fsx_openzfs, config["Config"].enable_mount_s3) == (True, False)
    told = config["ObservabilityConfig"].prometheus_remote_write_url
    assert told == f"{given['observability']['prometheus_endpoint']}/api/v1/remote_write"

    grow(by_scripts)
    by_scripts.apply()
    assert unchanged(by_scripts)
    cluster = described(by_scripts, "ml-scripts")
    assert counts(cluster) == {"controller": 2, "login": 1, "training": 4, "general": 3, "more": 1}
    agree(json.loads(file_of(by_scripts, bucket, "provisioning_parameters.json")), cluster)
    by_scripts.destroy()
    assert by_scripts.known() == {}


def test_the_seeds_example_in_what_exists(by_hand: Project) -> None:
    by_hand.apply()
    assert unchanged(by_hand)
    cluster = described(by_hand, NAME)
    scripts = {"SourceS3Uri": MANUAL["storage"]["existing"]["lifecycle_script_uri"], "OnCreate": "on_create.sh"}
    role = MANUAL["iam"]["existing"]["execution_role_arn"]
    network = {"SecurityGroupIds": ["sg-0123456789abcdef0"], "Subnets": ["subnet-0123456789abcdef0"]}
    common = {"LifeCycleConfig": scripts, "ExecutionRole": role, "ThreadsPerCore": 1, "OverrideVpcConfig": network}
    wanted = {
        "controller-machine": {"InstanceType": "ml.c5.xlarge", "TargetCount": 1, "CurrentCount": 1, **common},
        "compute-nodes": {"InstanceType": "ml.trn1.32xlarge", "TargetCount": 4, "CurrentCount": 4, **common},
    }
    found = {group.pop("InstanceGroupName"): group for group in cluster["InstanceGroups"]}
    assert {name: {key: group[key] for key in wanted[name]} for name, group in found.items()} == wanted
    assert cluster["VpcConfig"] == network
    parameters = json.loads(file_of(by_hand, "sagemaker-lifecycle-0123456789", "provisioning_parameters.json"))
    [system] = by_hand.session.client("fsx").describe_file_systems()["FileSystems"]
    assert parameters == {
        "version": "1.0.0",
        "workload_manager": "slurm",
        "controller_group": "controller-machine",
        "worker_groups": [{"instance_group_name": "compute-nodes", "partition_name": "ml-trn1-32xlarge"}],
        "fsx_dns_name": system["DNSName"],
        "fsx_mountname": system["LustreConfiguration"]["MountName"],
    }
    by_hand.edit(lambda content: content["layers"]["hyperpod_slurm"].update(configuration="api"))
    assert "nodes-behind" in by_hand.run("plan", "--json").out
    by_hand.apply()
    assert unchanged(by_hand)
    told = {group["InstanceGroupName"]: group["SlurmConfig"] for group in described(by_hand, NAME)["InstanceGroups"]}
    assert told["compute-nodes"] == {"NodeType": "Compute", "PartitionNames": ["ml-trn1-32xlarge"]}
    by_hand.edit(lambda content: content["layers"]["hyperpod_slurm"].update(configuration="scripts"))
    back = by_hand.run("apply", "--auto-approve", expect=None)
    assert back.code != 0
    assert "no file tells again" in back.text
    by_hand.destroy()
    left = by_hand.session.client("s3").list_objects_v2(Bucket="sagemaker-lifecycle-0123456789")["Contents"]
    assert [item["Key"] for item in left] == [f"{PLACE}/on_create.sh"]
