from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hp_tf.emulator.services.hyperpod_slurm import parameters_problem
from tests.layers.evaluation import arguments, evaluate
from tests.layers.hyperpod_slurm.test_contract import (
    CONTROLLER,
    DATABASE,
    LOGIN,
    LUSTRE,
    METRICS,
    OPENZFS,
    SCRIPTS,
    SHARED,
    SSSD,
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


def test_the_api_is_told_of_a_database(tmp_path: Path) -> None:
    change = {**DATABASE, "database_port": 3306, "node_provisioning_mode": "Continuous"}
    cluster = arguments("hyperpod_slurm", "awscc_sagemaker_cluster.this")
    wanted = {"told": cluster["orchestrator"]}
    for given, told in (
        (change, {name: change[f"database_{name}"] for name in ("endpoint", "port", "secret_arn")} | {"name": None}),
        ({}, None),
    ):
        found = evaluate("hyperpod_slurm", {**VALUES, **given}, wanted, tmp_path)["told"]
        assert found == {"slurm": {"slurm_config_strategy": "Managed", "accounting_database": told}}


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
        "slurm_sns_arn": SHARED["failover_topic_arn"],
    }


def test_one_controller_with_a_database_tells_nobody_of_another(tmp_path: Path) -> None:
    found = local("provisioning_parameters", {**SHARED, "failover_topic_arn": None}, tmp_path)
    assert set(found["slurm_configurations"]) == {
        "slurm_database_secret_arn",
        "slurm_database_endpoint",
        "slurm_database_user",
        "slurm_shared_directory",
    }


def python(change: dict[str, Any], folder: Path) -> dict[str, Any]:
    """What config.py says, run as the scripts do."""
    said = '${var.sssd == null ? local.script_config : nonsensitive("${local.script_config}${local.sssd_config}")}'
    text = evaluate("hyperpod_slurm", {**VALUES, **SCRIPTS, **change}, {"it": said}, folder)["it"]
    found: dict[str, Any] = {}
    exec(compile(text, "config.py", "exec"), found)
    return {
        name: {key: value for key, value in vars(held).items() if not key.startswith("__")}
        for name, held in found.items()
        if name.endswith("Config")
    }


def test_the_scripts_switches_are_those_of_the_cluster(tmp_path: Path) -> None:
    found = python({}, tmp_path)
    assert found["Config"] == {
        "enable_docker_enroot_pyxis": True,
        "enable_fsx_openzfs": False,
        "enable_mount_s3": False,
        "enable_observability": False,
        "enable_pam_slurm_adopt": False,
        "enable_slurm_log_rotation": True,
        "enable_sssd": False,
        "enable_update_neuron_sdk": False,
        "s3_bucket": "",
    }
    assert "SssdConfig" not in found


def test_what_is_on_is_on_for_the_scripts(tmp_path: Path) -> None:
    on = {"docker_enroot_pyxis": False, "pam_slurm_adopt": True, "update_neuron_sdk": True, "slurm_log_rotation": False}
    change = {**OPENZFS, **METRICS, **SSSD, "mount_s3_bucket_name": "data", "script_features": on}
    found = python({**change, "advanced_metrics": True}, tmp_path)
    assert found["Config"] == {
        "enable_docker_enroot_pyxis": False,
        "enable_fsx_openzfs": True,
        "enable_mount_s3": True,
        "enable_observability": True,
        "enable_pam_slurm_adopt": True,
        "enable_slurm_log_rotation": False,
        "enable_sssd": True,
        "enable_update_neuron_sdk": True,
        "s3_bucket": "data",
    }
    assert found["ObservabilityConfig"] == {
        "prometheus_remote_write_url": f"{METRICS['prometheus_endpoint']}/api/v1/remote_write",
        "advanced_metrics": True,
    }
    sssd = found["SssdConfig"]
    assert (sssd["ldap_uri"], sssd["ldap_default_authtok"]) == ("ldaps://ldap.example.com", "hidden")
    assert sssd["ssh_allow_groups"]["controller"] == ["ClusterAdmin", "ubuntu"]


@pytest.mark.parametrize(
    ("uri", "place"),
    [("s3://sagemaker-dev/a/b", ["sagemaker-dev", "a", "b"]), ("s3://sagemaker-dev", ["sagemaker-dev"])],
)
def test_the_file_lies_beside_the_scripts(uri: str, place: list[str], tmp_path: Path) -> None:
    assert local("script_place", {**SCRIPTS, "lifecycle_script_uri": uri}, tmp_path) == place


def test_a_group_is_in_the_files_before_the_service_hears_of_it() -> None:
    waits = arguments("hyperpod_slurm", "awscc_sagemaker_cluster.this")["depends_on"]
    assert {"aws_s3_object.parameters", "aws_s3_object.config"} <= {*waits}
