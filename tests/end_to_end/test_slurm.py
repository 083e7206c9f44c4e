"""Clusters with Slurm: applied, grown, given another group and destroyed, told by the API or by AWS's scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.end_to_end.project import Project

pytestmark = [pytest.mark.slow]

ENVS = Path(__file__).parents[2] / "envs"
PARAMETERS = "LifecycleScripts/base-config/provisioning_parameters.json"
CONTROLLER = {"name": "controller", "instance_type": "ml.c5.xlarge", "count": 1, "node_type": "Controller"}
WORKERS = {"name": "workers", "instance_type": "ml.trn1.32xlarge", "count": 4}
SCRIPTS: dict[str, Any] = {
    "network": {"availability_zone_ids": ["usw2-az1"]},
    "storage": {"lifecycle_directory": "base-config", "lifecycle_prefix": "LifecycleScripts/base-config"},
    "fsx": {"enabled": False},
    "hyperpod_slurm": {
        "configuration": "scripts",
        "lifecycle_scripts": True,
        "instance_groups": [{**CONTROLLER, "threads_per_core": 1}, {**WORKERS, "threads_per_core": 1}],
    },
}
NEW = {"name": "more", "instance_type": "ml.m5.2xlarge", "count": 1}


def written(root: Path, name: str, layers: dict[str, Any]) -> Project:
    """An environment of these layers on an emulator of its own."""
    project = Project(root, name, f"{name}-state", f"hyperpod/{name}")
    content = {
        "orchestrator": "slurm",
        "name": name,
        "emulator": "embedded",
        "aws": {"region": "us-west-2", "account_id": "000000000000"},
        "state": {"s3": {"bucket": f"{name}-state", "prefix": f"hyperpod/{name}"}},
        "layers": {**layers, "storage": {**layers.get("storage", {}), "force_destroy": True}},
    }
    with (root / "envs" / f"{name}.yaml").open("w") as file:
        YAML().dump(content, file)
    return project


@pytest.fixture
def by_api(tmp_path: Path) -> Iterator[Project]:
    layers = YAML(typ="safe").load(ENVS / "slurm.yaml")["layers"]
    # The last snapshot of a database stays, as it should.
    layers["accounting"] |= {"final_snapshot": False, "deletion_protection": False}
    project = written(tmp_path, "slurm", layers)
    try:
        yield project
    finally:
        project.close()


@pytest.fixture
def by_scripts(tmp_path: Path) -> Iterator[Project]:
    project = written(tmp_path, "scripts", SCRIPTS)
    (tmp_path / "envs" / "base-config").mkdir()
    (tmp_path / "envs" / "base-config" / "on_create.sh").write_text("#!/bin/bash\nexit 0\n")
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
    assert cluster["Orchestrator"] == {"Slurm": {"SlurmConfigStrategy": "Managed"}}
    tasks = {group["InstanceGroupName"]: group["SlurmConfig"] for group in cluster["InstanceGroups"]}
    assert tasks["controller"] == {"NodeType": "Controller"}
    assert tasks["training"] == {"NodeType": "Compute", "PartitionNames": ["training"]}
    given = by_api.run("output", "--json").document()
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


def test_scripts_tell_slurm_by_a_file_that_knows_every_group(by_scripts: Project) -> None:
    by_scripts.apply()
    assert unchanged(by_scripts)
    grow(by_scripts)
    by_scripts.apply()
    assert unchanged(by_scripts)
    cluster = described(by_scripts, "slurm-cluster")
    assert counts(cluster) == {"controller": 1, "workers": 5, "more": 1}
    assert {group.get("ThreadsPerCore") for group in cluster["InstanceGroups"]} == {1, 2}
    bucket = by_scripts.run("output", "storage", "--json").document()["bucket_name"]
    body = by_scripts.session.client("s3").get_object(Bucket=bucket, Key=PARAMETERS)["Body"].read()
    parameters = json.loads(body)
    workers = {item["instance_group_name"] for item in parameters["worker_groups"]}
    assert {parameters["controller_group"], *workers} == set(counts(cluster))
    by_scripts.destroy()
    assert by_scripts.known() == {}
