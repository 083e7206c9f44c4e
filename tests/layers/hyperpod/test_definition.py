from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.layers.evaluation import arguments, definition, evaluate, without_nulls
from tests.layers.hyperpod.test_contract import AT_ONCE, EVERYTHING, KEY, LUSTRE, ROLE, VALUES, group, restricted

pytestmark = [pytest.mark.slow, pytest.mark.synth]
ADDRESS = "awscc_sagemaker_cluster.this"


def planned(change: dict[str, Any], folder: Path) -> dict[str, Any]:
    sent = definition("hyperpod").CLUSTER
    wanted = {name: value for name, value in arguments("hyperpod", ADDRESS).items() if name in sent}
    return evaluate("hyperpod", {**VALUES, **change}, wanted, folder)


def only_group(change: dict[str, Any], folder: Path) -> dict[str, Any]:
    (found,) = planned({"instance_groups": [group(**change)]}, folder)["instance_groups"]
    assert isinstance(found, dict)
    return found


def test_a_plain_group(tmp_path: Path) -> None:
    assert without_nulls(only_group({}, tmp_path)) == {
        "instance_group_name": "workers",
        "instance_type": "ml.g5.8xlarge",
        "instance_count": 2,
        "min_instance_count": 0,
        "execution_role": ROLE,
        "threads_per_core": 2,
        "instance_storage_configs": [{"ebs_volume_config": {"root_volume": False, "volume_size_in_gb": 500}}],
        "life_cycle_config": {"source_s3_uri": "s3://sagemaker-dev", "on_create": "on_create.sh"},
        "capacity_requirements": {"on_demand": "{}"},
        "override_vpc_config": {
            "security_group_ids": ["sg-0123456789abcdef0"],
            "subnets": ["subnet-0123456789abcdef0"],
        },
    }


def test_a_group_with_everything(tmp_path: Path) -> None:
    (found,) = planned({"instance_groups": [EVERYTHING]}, tmp_path)["instance_groups"]
    found = without_nulls(found)
    batch = {"type": "CAPACITY_PERCENTAGE", "value": 10}
    assert found["override_vpc_config"] == {
        "security_group_ids": ["sg-0123456789abcdef1"],
        "subnets": ["subnet-0123456789abcdef1"],
    }
    assert found["threads_per_core"] == 1
    assert found["instance_storage_configs"] == [
        {"ebs_volume_config": {"root_volume": False, "volume_size_in_gb": 1000, "volume_kms_key_id": KEY}},
        {"ebs_volume_config": {"root_volume": True, "volume_kms_key_id": KEY}},
        {"fsx_lustre_config": {**LUSTRE, "mount_path": "/fsx"}},
        {"fsx_open_zfs_config": {"dns_name": LUSTRE["dns_name"], "mount_path": "/home"}},
    ]
    assert found["on_start_deep_health_checks"] == ["InstanceConnectivity", "InstanceStress"]
    assert found["kubernetes_config"] == {
        "labels": {"example.com/team": "ml"},
        "taints": [{"key": "dedicated", "value": "ml", "effect": "NoSchedule"}],
    }
    assert found["life_cycle_config"] == {"source_s3_uri": "s3://sagemaker-dev", "on_init_complete": "after.sh"}
    assert found["network_interface"] == {"interface_type": "efa"}
    assert found["scheduled_update_config"] == {
        "schedule_expression": "cron(0 3 ? * SUN *)",
        "deployment_config": {
            "auto_rollback_configuration": [{"alarm_name": "errors"}],
            "rolling_update_policy": {"maximum_batch_size": batch, "rollback_maximum_batch_size": batch},
            "wait_interval_in_seconds": 60,
        },
    }
    assert found["auto_patch_config"] == {"patching_strategy": "WhenIdle"}


def test_the_order_of_groups_means_nothing(tmp_path: Path) -> None:
    several = [group(name="b"), group(name="a"), group(name="c", availability_zone_id="usw2-az2")]
    found = []
    for number, listed in enumerate((several, several[::-1])):
        folder = tmp_path / str(number)
        folder.mkdir()
        found.append(planned({"instance_groups": listed}, folder))
    assert found[0] == found[1]
    assert [item["instance_group_name"] for item in found[0]["instance_groups"]] == ["a", "b", "c"]


def test_every_group_says_its_network(tmp_path: Path) -> None:
    several = [
        group(name="a"),
        group(name="b", availability_zone_id="usw2-az1"),
        group(name="c", availability_zone_id="usw2-az2"),
        group(name="d", security_group_ids=["sg-0123456789abcdef9"]),
    ]
    found = planned({"instance_groups": several}, tmp_path)
    assert found["vpc_config"] == {
        "security_group_ids": ["sg-0123456789abcdef0"],
        "subnets": ["subnet-0123456789abcdef0"],
    }
    assert [item["override_vpc_config"] for item in found["instance_groups"]] == [
        {"security_group_ids": ["sg-0123456789abcdef0"], "subnets": ["subnet-0123456789abcdef0"]},
        {"security_group_ids": ["sg-0123456789abcdef0"], "subnets": ["subnet-0123456789abcdef0"]},
        {"security_group_ids": ["sg-0123456789abcdef0"], "subnets": ["subnet-0123456789abcdef1"]},
        {"security_group_ids": ["sg-0123456789abcdef9"], "subnets": ["subnet-0123456789abcdef0"]},
    ]


def test_a_cluster_that_others_made_keeps_its_network(tmp_path: Path) -> None:
    """Those of CloudFormation and awslabs send all private subnets, and groups leave theirs out."""
    every = ["usw2-az1", "usw2-az2"]
    groups = [group(own_network=False, lifecycle_scripts=False), group(name="b", availability_zone_ids=every)]
    found = planned({"instance_groups": groups, "cluster_availability_zone_ids": every}, tmp_path)
    subnets = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    assert sorted(found["vpc_config"]["subnets"]) == subnets
    by_name = {item["instance_group_name"]: without_nulls(item) for item in found["instance_groups"]}
    assert not {"override_vpc_config", "life_cycle_config"} & by_name["workers"].keys()
    assert sorted(by_name["b"]["override_vpc_config"]["subnets"]) == subnets
    given = {"cluster_subnet_ids": ["subnet-0123456789abcdef9"], "instance_groups": [group(subnet_ids=subnets)]}
    found = planned(given, tmp_path)
    assert found["vpc_config"]["subnets"] == ["subnet-0123456789abcdef9"]
    assert found["instance_groups"][0]["override_vpc_config"]["subnets"] == subnets


def test_no_storage_is_null_because_the_provider_reads_an_empty_list_as_null(tmp_path: Path) -> None:
    assert only_group({"volume_size_gb": 0}, tmp_path)["instance_storage_configs"] is None


@pytest.mark.parametrize(
    ("types", "threads"),
    [
        ({"instance_type": "ml.p5.48xlarge"}, 2),
        ({"instance_type": "ml.m7g.large"}, 1),
        ({"instance_type": None, "instance_types": ["ml.m5.large", "ml.m7g.large"]}, 1),
    ],
)
def test_threads_are_always_sent(types: dict[str, Any], threads: int, tmp_path: Path) -> None:
    assert only_group(types, tmp_path)["threads_per_core"] == threads


def test_what_has_a_neutral_value_is_always_sent(tmp_path: Path) -> None:
    found = planned({"node_recovery": "None"}, tmp_path)
    assert found["node_recovery"] == "None"
    assert without_nulls(found["auto_scaling"]) == {"mode": "Disable"}
    assert without_nulls(found["tiered_storage_config"]) == {"mode": "Disable"}
    assert found["cluster_role"] is None
    assert found["tags"] == [{"key": "SageMaker", "value": "true"}]


def test_autoscaling_and_tiering(tmp_path: Path) -> None:
    change = {
        "auto_scaling": True,
        "karpenter_role_arn": ROLE,
        "tiered_storage": True,
        "tiered_storage_memory_percentage": 30,
    }
    found = planned(change, tmp_path)
    assert found["auto_scaling"] == {"mode": "Enable", "auto_scaler_type": "Karpenter"}
    assert found["cluster_role"] == ROLE
    assert found["tiered_storage_config"] == {"mode": "Enable", "instance_memory_allocation_percentage": 30}


def test_all_at_once_sends_nothing_of_continuous_provisioning(tmp_path: Path) -> None:
    found = planned(AT_ONCE, tmp_path)
    assert found["node_provisioning_mode"] is None
    assert found["auto_scaling"] is None
    (only,) = found["instance_groups"]
    assert only["capacity_requirements"] is None
    assert only["min_instance_count"] is None


def test_restricted_groups(tmp_path: Path) -> None:
    shared = {"size_gib": 2400, "throughput": 500, "deletion_policy": "DeleteIfNotUsed"}
    found = planned({**restricted(), "restricted_shared_storage": shared}, tmp_path)
    assert found["instance_groups"] is None
    (only,) = found["restricted_instance_groups"]
    assert only["environment_config"] == {
        "fsx_lustre_config": {"size_in_gi_b": 2400, "per_unit_storage_throughput": 250}
    }
    assert found["tiered_storage_config"] is None
    assert found["restricted_instance_groups_config"] == {
        "shared_environment_config": {
            "fsx_lustre_deletion_policy": "DeleteIfNotUsed",
            "fsx_lustre_config": {"size_in_gi_b": 2400, "per_unit_storage_throughput": 500},
        }
    }


def known() -> dict[str, Any]:
    text = files("hp_tf.standin").joinpath("schemas", "awscc_sagemaker_cluster.json").read_text()
    attributes: dict[str, Any] = json.loads(text)["attributes"]
    return attributes


def settable(attributes: dict[str, Any]) -> set[str]:
    return {name for name, item in attributes.items() if not item.get("read_only") and name != "id"}


def test_every_attribute_of_the_provider_is_sent() -> None:
    attributes, sent = known(), definition("hyperpod")
    assert set(sent.CLUSTER) == settable(attributes)
    slurm = {"slurm_config"}
    assert set(sent.INSTANCE_GROUP) == settable(attributes["instance_groups"]["attributes"]) - slurm
    assert set(sent.RESTRICTED_GROUP) == settable(attributes["restricted_instance_groups"]["attributes"])


def test_everything_sent_is_known_to_the_provider(tmp_path: Path) -> None:
    def unknown(value: Any, attributes: dict[str, Any], where: str) -> list[str]:
        if isinstance(value, list):
            return [problem for item in value for problem in unknown(item, attributes, where)]
        if not isinstance(value, dict):
            return []
        found = []
        for name, item in value.items():
            if name not in attributes:
                found.append(f"{where}.{name}")
            elif "attributes" in attributes[name]:
                found += unknown(item, attributes[name]["attributes"], f"{where}.{name}")
        return found

    sent = planned({"instance_groups": [EVERYTHING]}, tmp_path)
    assert unknown(sent, known(), "cluster") == []


def test_the_cluster_waits_for_the_chart_and_the_endpoint() -> None:
    assert arguments("hyperpod", ADDRESS)["depends_on"] == [
        "var.dependencies_release",
        "var.s3_endpoint_id",
        "var.interface_endpoint_ids",
    ]
