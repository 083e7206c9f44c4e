from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hp_tf.emulator.services.hyperpod_slurm import parameters_problem
from tests.layers.evaluation import evaluate
from tests.layers.hyperpod_slurm.test_contract import (
    CONTROLLER,
    DATABASE,
    LOGIN,
    LUSTRE,
    OPENZFS,
    SCRIPTS,
    SEVERAL,
    SHARED,
    TWO,
    VALUES,
    WORKERS,
)

pytestmark = [pytest.mark.slow, pytest.mark.synth]
MORE = {**WORKERS, "name": "more", "partition": "dev", "count": 1}
ALL: dict[str, Any] = {"instance_groups": [CONTROLLER, LOGIN, WORKERS, MORE], **LUSTRE, **OPENZFS}


def local(name: str, change: dict[str, Any], folder: Path) -> Any:
    return evaluate("hyperpod_slurm", {**VALUES, **change}, {"it": f"${{local.{name}}}"}, folder)["it"]


def test_the_api_is_told_of_tasks_partitions_and_file_systems(tmp_path: Path) -> None:
    found = local("instance_groups", ALL, tmp_path)
    assert {name: group["slurm_config"] for name, group in found.items()} == {
        "controller": {"node_type": "Controller", "partition_names": None},
        "login": {"node_type": "Login", "partition_names": None},
        "workers": {"node_type": "Compute", "partition_names": ["ml-g5-8xlarge"]},
        "more": {"node_type": "Compute", "partition_names": ["dev"]},
    }
    for group in found.values():
        configs = [held for config in group["instance_storage_configs"] for held in config.values() if held]
        assert [config.get("mount_path") for config in configs] == [None, "/fsx", "/home"]
        assert group["life_cycle_config"] is None


def test_scripts_are_told_by_a_file_of_the_same_groups(tmp_path: Path) -> None:
    wanted = {"groups": "${local.instance_groups}", "file": "${local.provisioning_parameters}"}
    found = evaluate("hyperpod_slurm", {**VALUES, **ALL, **SCRIPTS}, wanted, tmp_path)
    assert all(group["slurm_config"] is None for group in found["groups"].values())
    assert [parameters_problem(json.dumps(found["file"]), name) for name in found["groups"]] == [None] * 4
    assert found["file"] == {
        "version": "1.0.0",
        "workload_manager": "slurm",
        "controller_group": "controller",
        "login_group": "login",
        "worker_groups": [
            {"instance_group_name": "more", "partition_name": "dev"},
            {"instance_group_name": "workers", "partition_name": "ml-g5-8xlarge"},
        ],
        "fsx_dns_name": LUSTRE["lustre_dns_name"],
        "fsx_mountname": LUSTRE["lustre_mount_name"],
        "fsx_openzfs_dns_name": OPENZFS["openzfs_dns_name"],
    }


def test_several_controllers_share_a_database_and_a_directory(tmp_path: Path) -> None:
    found = local("provisioning_parameters", {**SHARED, **TWO}, tmp_path)
    assert "login_group" not in found
    assert found["slurm_configurations"] == {
        "slurm_database_secret_arn": DATABASE["database_secret_arn"],
        "slurm_database_endpoint": DATABASE["database_endpoint"],
        "slurm_database_user": "slurm",
        "slurm_shared_directory": "/fsx/slurm",
        "slurm_sns_arn": SEVERAL["controllers"]["sns_topic_arn"],
    }


@pytest.mark.parametrize(
    ("uri", "place"),
    [("s3://sagemaker-dev/a/b", ["sagemaker-dev", "a", "b"]), ("s3://sagemaker-dev", ["sagemaker-dev"])],
)
def test_the_file_lies_beside_the_scripts(uri: str, place: list[str], tmp_path: Path) -> None:
    assert local("script_place", {**SCRIPTS, "lifecycle_script_uri": uri}, tmp_path) == place
