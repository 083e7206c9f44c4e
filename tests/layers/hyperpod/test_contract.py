from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from hp_tf.contract.role import configured_key
from hp_tf.contract.roles import DependencyChart, KubernetesApi
from hp_tf.contract.rules import UNKNOWN, Rule
from hp_tf.layers.hyperpod.contract import CONTRACT, HyperPodInputs
from hp_tf.layers.hyperpod.restricted import CNI
from hp_tf.synth.variables import warnings
from tests.contract.verdicts import Case, accepted_by_terraform, broken, python_only

ROLE = "arn:aws:iam::123456789012:role/hyperpod"
KEY = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
OTHER_ROLE = ROLE.replace("123456789012", "210987654321")
GOV_ROLE = ROLE.replace("arn:aws:", "arn:aws-us-gov:")
OTHER_KEY = KEY.replace("us-west-2", "us-east-1")
PLAN = "arn:aws:sagemaker:us-west-2:123456789012:training-plan/p"
DNS = "fs-0123456789abcdef0.fsx.us-west-2.amazonaws.com"
LUSTRE = {"dns_name": DNS, "mount_name": "abcd"}
ZFS = {"dns_name": DNS}
FILE_SYSTEM = {"lustre_dns_name": DNS, "lustre_mount_name": "abcd"}


def group(**change: Any) -> dict[str, Any]:
    return {"name": "workers", "instance_type": "ml.g5.8xlarge", "count": 2, **change}


def groups(**change: Any) -> dict[str, Any]:
    return {"instance_groups": [group(**change)]}


def restricted(**change: Any) -> dict[str, Any]:
    one = {"name": "nova", "instance_type": "ml.p5.48xlarge", "count": 4, "storage": {"size_gib": 2400}, **change}
    return {"instance_groups": [], "restricted_instance_groups": [one], "node_provisioning_mode": None}


VALUES: dict[str, Any] = {
    "region": "us-west-2",
    "account_id": "123456789012",
    "partition": "aws",
    "eks_cluster_arn": "arn:aws:eks:us-west-2:123456789012:cluster/dev-eks",
    "private_subnet_ids": {"usw2-az1": "subnet-0123456789abcdef0", "usw2-az2": "subnet-0123456789abcdef1"},
    "primary_availability_zone_id": "usw2-az1",
    "security_group_id": "sg-0123456789abcdef0",
    "execution_role_arn": ROLE,
    "lifecycle_script_uri": "s3://sagemaker-dev",
    "lifecycle_on_create": "on_create.sh",
    **groups(),
}
AT_ONCE = {"node_provisioning_mode": None}
BATCH = {"type": "CAPACITY_PERCENTAGE", "value": 10}
EVERYTHING = group(
    availability_zone_id="usw2-az2",
    security_group_ids=["sg-0123456789abcdef1"],
    execution_role_arn=ROLE,
    threads_per_core=1,
    volume_size_gb=1000,
    volume_kms_key_arn=KEY,
    root_volume_kms_key_arn=KEY,
    fsx_lustre=[LUSTRE],
    fsx_openzfs=[ZFS],
    deep_health_checks=["InstanceStress", "InstanceConnectivity"],
    training_plan_arn=PLAN,
    min_count=1,
    image_id="ami-0123456789abcdef0",
    network_interface_type="efa",
    lifecycle_on_init_complete="after.sh",
    labels={"example.com/team": "ml"},
    taints=[{"key": "dedicated", "value": "ml", "effect": "NoSchedule"}],
    scheduled_update={
        "schedule": "cron(0 3 ? * SUN *)",
        "deployment": {
            "alarm_names": ["errors"],
            "rolling_update": {"maximum_batch_size": BATCH, "rollback_maximum_batch_size": BATCH},
            "wait_interval_seconds": 60,
        },
    },
    auto_patch={"strategy": "WhenIdle"},
)

GROUP = "sg-0123456789abcdef1"
SUBNET = "subnet-0123456789abcdef9"
NO_SCRIPTS: dict[str, Any] = {"lifecycle_script_uri": None, "lifecycle_on_create": None}


def chart(**switches: bool) -> dict[str, Any]:
    """What the layer of the dependency chart shows."""
    return {configured_key(DependencyChart): switches}


def updates(**rolling: Any) -> dict[str, Any]:
    return {"auto_patch": {"strategy": "WhenIdle", "deployment": {"rolling_update": rolling}}}


CASES = [
    Case("plain", {}, None),
    Case("partition", {"partition": "aws-us-gov"}, "hyperpod-partition"),
    Case("everything", {"instance_groups": [EVERYTHING]}, None),
    Case("no_group", {"instance_groups": []}, "hyperpod-groups"),
    Case("both_kinds", {**restricted(), **groups()}, "hyperpod-groups"),
    Case("same_name", {"instance_groups": [group(), group(count=1)]}, "hyperpod-group-names"),
    Case("name", groups(name="a_b"), "type"),
    Case("type_form", groups(instance_type="p5.48xlarge"), "type"),
    Case("types_form", groups(instance_type=None, instance_types=["p5.48xlarge"]), "type"),
    Case("type_missing", groups(instance_type=None), "hyperpod-group-type"),
    Case("types", groups(instance_type=None, instance_types=["ml.g5.8xlarge", "ml.g6.8xlarge"]), None),
    Case("type_and_types", groups(instance_types=["ml.g6.8xlarge"]), "hyperpod-group-types"),
    Case(
        "region_isolated",
        {
            "region": "us-gov-west-1",
            "partition": "aws-us-gov",
            "execution_role_arn": GOV_ROLE,
            "eks_cluster_arn": "arn:aws-us-gov:eks:us-gov-west-1:123456789012:cluster/dev-eks",
        },
        None,
    ),
    Case("karpenter_elsewhere", {"karpenter_role_arn": OTHER_ROLE}, "hyperpod-autoscaling-role-here"),
    Case(
        "karpenter_without_recovery",
        {"auto_scaling": True, "karpenter_role_arn": ROLE, "node_recovery": "None"},
        "hyperpod-autoscaling-recovery",
    ),
    Case("group_twice", {"additional_security_group_ids": [GROUP] * 2}, "hyperpod-security-groups-distinct"),
    Case("groups_group_twice", groups(security_group_ids=[GROUP] * 2), "hyperpod-group-security-groups-distinct"),
    Case(
        "type_twice",
        groups(instance_type=None, instance_types=["ml.g5.8xlarge"] * 2),
        "hyperpod-group-types-distinct",
    ),
    Case("batch_large", groups(**updates(maximum_batch_size={**BATCH, "value": 200})), "hyperpod-group-batches"),
    Case(
        "batch_back_large",
        groups(**updates(maximum_batch_size=BATCH, rollback_maximum_batch_size={**BATCH, "value": 101})),
        "hyperpod-group-batches",
    ),
    Case("batch_of_instances", groups(**updates(maximum_batch_size={"type": "INSTANCE_COUNT", "value": 200})), None),
    Case("schedule_by_day", groups(scheduled_update={"schedule": "cron(0 3 1 * ? *)"}), None),
    Case("schedule_both_days", groups(scheduled_update={"schedule": "cron(0 3 1 * SUN *)"}), "type"),
    Case("schedule_no_day", groups(scheduled_update={"schedule": "cron(0 3 ? * ? *)"}), "type"),
    Case("role_elsewhere", {"execution_role_arn": OTHER_ROLE}, "hyperpod-role-here"),
    Case("group_role_elsewhere", groups(execution_role_arn=OTHER_ROLE), "hyperpod-group-role-here"),
    Case("group_role_partition", groups(execution_role_arn=GOV_ROLE), "hyperpod-group-role-here"),
    Case("key_elsewhere", groups(volume_kms_key_arn=OTHER_KEY), "hyperpod-group-volume-key-here"),
    Case("root_key_elsewhere", groups(root_volume_kms_key_arn=OTHER_KEY), "hyperpod-group-root-volume-key-here"),
    Case("key_of_another_account", groups(volume_kms_key_arn=KEY.replace("123456789012", "210987654321")), None),
    Case("image_default_at_once", {**groups(image_id="default"), "node_provisioning_mode": None}, None),
    Case(
        "checks_without_chart",
        {**groups(deep_health_checks=["InstanceStress"]), **chart(deep_health_check=False)},
        "hyperpod-chart",
    ),
    Case("recovery_without_agent", chart(health_monitoring_agent=False), "hyperpod-chart"),
    Case("no_recovery", {**chart(health_monitoring_agent=False), "node_recovery": "None"}, None),
    Case("count", groups(count=6759), "type"),
    Case("min_count", groups(min_count=3), "hyperpod-group-min-count"),
    Case("zone", groups(availability_zone_id="usw2-az2"), None),
    Case("zone_without_subnet", groups(availability_zone_id="usw2-az3"), "hyperpod-group-zone"),
    Case("primary_without_subnet", {"primary_availability_zone_id": "usw2-az4"}, "hyperpod-primary-subnet"),
    Case("zones", groups(availability_zone_ids=["usw2-az2", "usw2-az1"]), None),
    Case("zones_twice", groups(availability_zone_ids=["usw2-az2"] * 2), "hyperpod-group-zones"),
    Case("zones_without_subnet", groups(availability_zone_ids=["usw2-az3"]), "hyperpod-group-zones"),
    Case("subnets", groups(subnet_ids=[SUBNET]), None),
    Case("subnets_twice", groups(subnet_ids=[SUBNET] * 2), "hyperpod-group-subnets-distinct"),
    Case("subnets_and_zone", groups(subnet_ids=[SUBNET], availability_zone_id="usw2-az1"), "hyperpod-group-subnets"),
    Case(
        "zone_and_zones",
        groups(availability_zone_ids=["usw2-az2"], availability_zone_id="usw2-az1"),
        "hyperpod-group-subnets",
    ),
    Case("no_own_network", groups(own_network=False), None),
    Case("no_own_network_but_a_zone", groups(own_network=False, subnet_ids=[SUBNET]), "hyperpod-group-own-network"),
    Case(
        "no_own_network_but_a_group",
        groups(own_network=False, security_group_ids=[GROUP]),
        "hyperpod-group-own-network",
    ),
    Case("cluster_zones", {"cluster_availability_zone_ids": ["usw2-az1", "usw2-az2"]}, None),
    Case("cluster_zone_elsewhere", {"cluster_availability_zone_ids": ["usw2-az3"]}, "hyperpod-cluster-zones"),
    Case("cluster_subnets", {"cluster_subnet_ids": [SUBNET]}, None),
    Case("cluster_subnet_twice", {"cluster_subnet_ids": [SUBNET] * 2}, "hyperpod-cluster-subnets"),
    Case(
        "cluster_subnets_and_zones",
        {"cluster_subnet_ids": [SUBNET], "cluster_availability_zone_ids": ["usw2-az1"]},
        "hyperpod-cluster-subnets",
    ),
    Case("no_scripts", {**groups(lifecycle_scripts=False), **NO_SCRIPTS}, None),
    Case("scripts_nowhere", {**groups(), **NO_SCRIPTS}, "hyperpod-group-scripts"),
    Case("scripts_without_name", {**groups(lifecycle_script_uri="s3://a/b"), **NO_SCRIPTS}, "hyperpod-group-scripts"),
    Case(
        "scripts_of_its_own",
        {**groups(lifecycle_script_uri="s3://a/b", lifecycle_on_create="a.sh"), **NO_SCRIPTS},
        None,
    ),
    Case(
        "scripts_unused",
        groups(lifecycle_scripts=False, lifecycle_on_create="a.sh"),
        "hyperpod-group-scripts-unused",
    ),
    Case("multi_node_check", groups(deep_health_checks=["MultiNodeTrainingValidation"]), "type"),
    Case("threads", groups(threads_per_core=3), "type"),
    Case("threads_arm", groups(instance_type="ml.m7g.large", threads_per_core=2), "hyperpod-group-threads"),
    Case("threads_arm_one", groups(instance_type="ml.m7g.large", threads_per_core=1), None),
    Case(
        "checks_cpu",
        groups(instance_type="ml.m5.large", deep_health_checks=["InstanceStress"]),
        "hyperpod-group-deep-checks",
    ),
    Case(
        "checks_twice",
        groups(deep_health_checks=["InstanceStress", "InstanceStress"]),
        "hyperpod-group-deep-checks-distinct",
    ),
    Case("ultraserver", groups(instance_type="ml.p6e-gb200.36xlarge"), "hyperpod-group-ultraserver"),
    Case("ultraserver_plan", groups(instance_type="ml.p6e-gb200.36xlarge", training_plan_arn=PLAN), None),
    Case(
        "plan_elsewhere", groups(training_plan_arn=PLAN.replace("us-west-2", "us-east-1")), "hyperpod-group-plan-here"
    ),
    Case("volume_none", groups(volume_size_gb=0), None),
    Case("volume_key", groups(volume_size_gb=0, volume_kms_key_arn=KEY), "hyperpod-group-volume-key"),
    Case("volume_large", groups(volume_size_gb=16385), "type"),
    Case(
        "storage",
        groups(root_volume_kms_key_arn=KEY, fsx_openzfs=[ZFS], fsx_lustre=[LUSTRE, {**LUSTRE, "mount_path": "/b"}]),
        "hyperpod-group-storage",
    ),
    Case("mounts", groups(fsx_lustre=[LUSTRE, LUSTRE]), "hyperpod-group-mount-paths"),
    Case("mount_half", groups(fsx_lustre=[{"dns_name": DNS}]), "hyperpod-group-mount-whole"),
    Case("mount_shared", {**groups(fsx_lustre=[{}]), **FILE_SYSTEM}, None),
    Case("mount_of_nothing", groups(fsx_lustre=[{}]), "hyperpod-group-mount-shared"),
    Case("spot", groups(spot=True), None),
    Case("spot_plan", groups(spot=True, training_plan_arn=PLAN), "hyperpod-group-spot-plan"),
    Case("spot_at_once", {**groups(spot=True), **AT_ONCE}, "hyperpod-group-continuous"),
    Case("min_count_at_once", {**groups(min_count=1), **AT_ONCE}, "hyperpod-group-continuous"),
    Case("labels_at_once", {**groups(labels={"a": "b"}), **AT_ONCE}, "hyperpod-group-continuous"),
    Case(
        "taints_at_once",
        {**groups(taints=[{"key": "a", "effect": "NoExecute"}]), **AT_ONCE},
        "hyperpod-group-continuous",
    ),
    Case("image_at_once", {**groups(image_id="ami-0123456789abcdef0"), **AT_ONCE}, "hyperpod-group-continuous"),
    Case(
        "types_at_once",
        {**groups(instance_type=None, instance_types=["ml.g5.8xlarge"]), **AT_ONCE},
        "hyperpod-group-continuous",
    ),
    Case("at_once", AT_ONCE, None),
    Case("schedule", groups(scheduled_update={"schedule": "cron(0 3 * * SUN *)"}), "type"),
    Case("autoscaling", {"auto_scaling": True, "karpenter_role_arn": ROLE}, None),
    Case("autoscaling_role", {"auto_scaling": True}, "hyperpod-autoscaling-role"),
    Case(
        "autoscaling_at_once",
        {"auto_scaling": True, "karpenter_role_arn": ROLE, **AT_ONCE},
        "hyperpod-autoscaling-mode",
    ),
    Case("tiering", {"tiered_storage": True, "tiered_storage_memory_percentage": 30}, None),
    Case("tiering_memory", {"tiered_storage_memory_percentage": 101}, "type"),
    Case("recovery", {"node_recovery": "None"}, None),
    Case("recovery_manual", {"node_recovery": "Manual"}, "type"),
    Case("provisioning_on_demand", {"node_provisioning_mode": "OnDemand"}, "type"),
    Case("live", {"live_cluster": "a"}, "hyperpod-live-cluster"),
    Case("tag", {"tags": {"SageMaker": "no"}}, "hyperpod-tag-own"),
    Case("restricted", restricted(), None),
    Case("restricted_no_storage", restricted(storage=None), "hyperpod-restricted-storage"),
    Case("restricted_shared", {**restricted(storage=None), "restricted_shared_storage": {"size_gib": 1200}}, None),
    Case("restricted_size", restricted(storage={"size_gib": 3600}), "hyperpod-restricted-storage-size"),
    Case("restricted_throughput", restricted(storage={"size_gib": 1200, "throughput": 300}), "type"),
    Case(
        "restricted_shared_size",
        {**restricted(), "restricted_shared_storage": {"size_gib": 3600}},
        "hyperpod-restricted-shared-size",
    ),
    Case("shared_alone", {"restricted_shared_storage": {"size_gib": 1200}}, "hyperpod-restricted-shared-use"),
    Case("restricted_mode", {**restricted(), "node_provisioning_mode": "Continuous"}, "hyperpod-restricted-mode"),
    Case("restricted_tiering", {**restricted(), "tiered_storage": True}, "hyperpod-restricted-tiering"),
    Case("restricted_zone", restricted(availability_zone_id="usw2-az3"), "hyperpod-restricted-group-zone"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rules(case: Case) -> None:
    found = broken(CONTRACT, {**VALUES, **case.change})
    assert case.broken in found if case.broken else not found


@pytest.mark.slow
def test_terraform_says_the_same(tmp_path: Path) -> None:
    cases = [case for case in CASES if case.broken not in python_only(CONTRACT)]
    verdicts = accepted_by_terraform(CONTRACT, {case.name: {**VALUES, **case.change} for case in cases}, tmp_path)
    assert verdicts == {case.name: case.broken is None for case in cases}


# For the module alone: here the type has refused what breaks them.
OF_FORMS = {"hyperpod-group-schedule", "hyperpod-group-types-form", "hyperpod-restricted-throughput"}


def test_every_rule_has_a_case() -> None:
    tried = OF_FORMS | {case.broken for case in CASES}
    untried = {rule.id for rule in CONTRACT.rules if rule.level == "error"} - tried
    # The rules of restricted groups that are the same as those of the others; and tests/layers/endpoints has these.
    untried -= {"hyperpod-ways", "hyperpod-ways-wanted"}
    assert all(rule.startswith("hyperpod-restricted-group-") for rule in untried), untried


@pytest.mark.parametrize(
    ("field", "value", "known"),
    [("node_recovery", "Manual", "'None'"), ("node_provisioning_mode", "OnDemand", "'Continuous', or null")],
)
def test_what_the_documentation_says_is_corrected(field: str, value: str, known: str) -> None:
    with pytest.raises(ValidationError) as caught:
        HyperPodInputs.model_validate({**VALUES, field: value})
    (error,) = caught.value.errors()
    assert "does not exist in the API" in error["msg"]
    assert known in error["msg"]


def test_a_failure_names_the_group_and_its_field() -> None:
    inputs = HyperPodInputs.model_validate({**VALUES, "instance_groups": [group(), group(name="b", min_count=9)]})
    (rule,) = [rule for rule in CONTRACT.rules if rule.id == "hyperpod-group-min-count"]
    assert [path for path, _ in rule.failures(inputs.model_dump())] == [("instance_groups", 1, "min_count")]


def test_a_name_taken_twice_stands_where_it_is_one_too_many() -> None:
    named = [group(name="a"), group(name="b"), group(name="a"), group(name="c")]
    scope = HyperPodInputs.model_validate({**VALUES, "instance_groups": named}).model_dump()
    (rule,) = [rule for rule in CONTRACT.rules if rule.id == "hyperpod-group-names"]
    assert [path for path, _ in rule.failures(scope)] == [("instance_groups", 2)]


def test_what_is_not_known_yet_breaks_no_rule() -> None:
    """A first plan: every value of another layer is unknown."""
    scope = HyperPodInputs.model_validate(VALUES).model_dump()
    for name, _ in CONTRACT.wires():
        scope[name] = UNKNOWN
    scope |= {"auto_scaling": True}
    assert not [rule.id for rule in CONTRACT.rules if rule.level == "error" and list(rule.failures(scope))]


@pytest.mark.parametrize(
    ("change", "warning"),
    [
        (groups(instance_type="ml.g5.xlarge"), "hyperpod-group-pods"),
        (groups(instance_type=None, instance_types=["ml.g5.8xlarge", "ml.g5.xlarge"]), "hyperpod-group-pods"),
        ({"auto_scaling": True, "karpenter_role_arn": ROLE}, "hyperpod-autoscaling-counts"),
        ({"region": "eu-west-3"}, "hyperpod-region"),
        (groups(instance_type="ml.p9.48xlarge"), "hyperpod-group-known-types"),
        (restricted(instance_type="ml.p9.48xlarge"), "hyperpod-restricted-group-known-types"),
        ({**restricted(), "region": "eu-west-1"}, "hyperpod-restricted-region"),
        (restricted(), "hyperpod-restricted-without"),
    ],
)
def test_warnings_refuse_nothing(change: dict[str, Any], warning: str) -> None:
    values = {**VALUES, **change}
    always = {"hyperpod-restricted-without"} if values.get("restricted_instance_groups") else set()
    assert broken(CONTRACT, values, "warning") == {warning} | always
    assert broken(CONTRACT, values) == set()
    assert warning.removeprefix("hyperpod-").replace("-", "_") in warnings(CONTRACT)


@pytest.mark.parametrize(
    ("rule", "change", "named"),
    [
        ("hyperpod-group-names", {"instance_groups": [group(name="a"), group(name="b"), group(name="a")]}, ": a."),
        ("hyperpod-region", {"region": "eu-west-3"}, ": eu-west-3."),
        ("hyperpod-group-known-types", groups(instance_type="ml.p9.48xlarge"), ": ml.p9.48xlarge."),
        ("hyperpod-group-pods", groups(instance_type="ml.g5.xlarge"), ": ml.g5.xlarge 14."),
        ("hyperpod-group-min-count", groups(count=3, min_count=5), "than count: 5 > 3."),
        ("hyperpod-security-groups-distinct", {"additional_security_group_ids": [GROUP] * 2}, f"once: {GROUP}."),
    ],
)
def test_a_message_names_the_culprits(rule: str, change: dict[str, Any], named: str) -> None:
    scope = HyperPodInputs.model_validate({**VALUES, **change}).model_dump()
    (found,) = [one for one in CONTRACT.rules if isinstance(one, Rule) and one.id == rule]
    texts = {text for _, text in found.failures(scope)}
    assert len(texts) == 1
    assert texts.pop().endswith(named)


def test_restricted_groups_say_what_the_vpc_cni_must_be_told() -> None:
    def warned(cni: dict[str, Any]) -> set[str]:
        values = {**VALUES, **restricted(), configured_key(KubernetesApi): {"addons": {"vpc-cni": cni}}}
        return broken(CONTRACT, values, "warning") & {"hyperpod-restricted-setup"}

    assert warned({}) and warned({"configuration_values": '{"env": {"ENABLE_PREFIX_DELEGATION": "true"}}'})
    assert not warned({"configuration_values": json.dumps({"env": CNI})})
    # That it is no JSON is said where it stands.
    assert not warned({"configuration_values": "{"})
