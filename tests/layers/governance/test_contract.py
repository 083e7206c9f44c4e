from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hp_tf.contract.mig_profiles import MIG_PROFILES
from hp_tf.contract.role import configured_key
from hp_tf.contract.roles import HyperPodCluster, KubernetesApi, RestrictedGroups
from hp_tf.layers.governance.contract import CONTRACT
from tests.contract.verdicts import Case, accepted_by_terraform, broken, python_only, scope_of

VALUES: dict[str, Any] = {
    "name": "dev",
    "cluster_name": "dev-eks",
    "hyperpod_cluster_arn": "arn:aws:sagemaker:us-west-2:123456789012:cluster/abcdef123456",
}
CLUSTER, KUBERNETES = configured_key(HyperPodCluster), configured_key(KubernetesApi)
RESTRICTED = configured_key(RestrictedGroups)
GPU = {"instance_type": "ml.p5.48xlarge"}
CPU = {"instance_type": "ml.m5.2xlarge"}
PART = {"accelerator_partition": {"profile": "mig-1g.10gb", "count": 3}}
WHOLE = {"accelerator_partition": {"profile": "mig-7g.80gb", "count": 1}}
REST = {"vcpu": 24.0, "memory_gib": 128.0}


def team(*resources: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"teams": {"research": {"resources": list(resources), **more}}}


def limits(*shares: dict[str, Any], **more: Any) -> dict[str, Any]:
    return team(borrow_limits=list(shares), **more)


CASES = [
    Case("plain", {}, None),
    Case(
        "several",
        {"teams": {"a": {"resources": [{**GPU, "count": 1}, {**CPU, **REST}]}, "b": {"sharing": "DontLend"}}},
        None,
    ),
    Case("parts", team({**GPU, **PART, **REST}), None),
    Case(
        "two_profiles",
        team({**GPU, **PART}, {**GPU, "accelerator_partition": {"profile": "mig-7g.80gb", "count": 1}}),
        None,
    ),
    Case("gpu_and_parts", team({**GPU, "accelerators": 4}, {**GPU, **PART}), None),
    Case("twice", team({**GPU, "count": 1}, {**GPU, "accelerators": 1}), "governance-resources-distinct"),
    Case("part_twice", team({**GPU, **PART}, {**GPU, **PART}), "governance-resources-distinct"),
    Case("nothing", team(GPU), "governance-resources-count"),
    Case("count_and_share", team({**GPU, "count": 1, "vcpu": 2.0}), "governance-resources-count"),
    Case("both_kinds", team({**GPU, "accelerators": 1, **PART}), "governance-resources-partition"),
    Case("no_accelerators", team({**CPU, "accelerators": 1}), "governance-resources-accelerated"),
    Case("accelerators_of_none", team({**CPU, "accelerators": 0, **REST}), None),
    Case(
        "profile_of_another",
        team({**GPU, "accelerator_partition": {"profile": "mig-1g.5gb", "count": 1}}),
        "governance-resources-profile",
    ),
    Case("count_type", team({**GPU, "count": -1}), "type"),
    Case("part_type", team({**GPU, "accelerator_partition": {"profile": "1g.5gb", "count": 1}}), "type"),
    Case("too_many", team(*({"instance_type": f"ml.m5.{size}xlarge", "count": 1} for size in range(16))), "type"),
    Case("limits", limits({**GPU, "accelerators": 2}), None),
    Case("limits_lender", limits({**GPU, "accelerators": 2}, sharing="Lend"), "governance-borrow-limits"),
    Case("limits_twice", limits({**GPU, "count": 1}, {**GPU, "count": 1}), "governance-borrow-limits-distinct"),
    Case("limits_nothing", limits(GPU), "governance-borrow-limits-count"),
    Case("limits_both_kinds", limits({**GPU, "accelerators": 1, **PART}), "governance-borrow-limits-partition"),
    Case("limits_no_accelerators", limits({**CPU, "accelerators": 1}), "governance-borrow-limits-accelerated"),
    Case(
        "limits_profile",
        limits({**GPU, "accelerator_partition": {"profile": "mig-1g.5gb", "count": 1}}),
        "governance-borrow-limits-profile",
    ),
    Case("team_name", {"teams": {"Research": {}}}, "type"),
    Case("team_name_long", {"teams": {"r" * 41: {}}}, "type"),
    Case("quota_name", team(quota_name="-quota"), "type"),
    Case("sharing", team(sharing="Borrow"), "type"),
    Case("borrowing", team(borrow_limit_percent=501), "type"),
    Case("weight", team(fair_share_weight=101), "type"),
    Case("class_weight", {"priority_classes": {"training": 101}}, "type"),
    Case("class_name", {"priority_classes": {"Training": 1}}, "type"),
    Case("no_class", {"priority_classes": {}}, "type"),
    Case("many_classes", {"priority_classes": {f"c{number}": number for number in range(11)}}, "type"),
    Case("name_of_none", {"create_scheduler_config": False, "scheduler_config_name": "x"}, "governance-scheduler-name"),
    Case("own_name", {"scheduler_config_name": "x"}, None),
    Case("no_addon", {"create_addon": False}, None),
    Case("version_of_none", {"create_addon": False, "addon_version": "v1.3.0-eksbuild.1"}, "governance-addon-there"),
    Case("configuration", {"addon_configuration": "[1]"}, "governance-addon-configuration"),
    Case("many_tags", {"tags": {f"k{number}": "v" for number in range(51)}}, "type"),
    Case(
        "restricted",
        {RESTRICTED: {"restricted_instance_groups": [{"name": "rig"}]}},
        "governance-restricted",
    ),
    Case("unrestricted", {RESTRICTED: {"restricted_instance_groups": []}}, None),
    Case(
        "addon_version",
        {KUBERNETES: {"kubernetes_version": "1.34"}, "addon_version": "v1.3.0-eksbuild.1"},
        None,
    ),
]
WARNINGS = [
    Case("whole", team({**GPU, "accelerators": 4, **REST}, {**CPU, **REST}), None),
    Case("in_part", team({**GPU, "accelerators": 4}), "governance-resources-whole"),
    Case("in_part_cpu", team({**CPU, "vcpu": 4.0}), "governance-resources-whole"),
    Case("limit_in_part", limits({**GPU, "accelerators": 4}), "governance-borrow-limits-whole"),
    Case(
        "type_of_a_group",
        {
            **team({**GPU, "count": 1}),
            CLUSTER: {"instance_groups": [{"instance_type": None, "instance_types": [GPU["instance_type"]]}]},
        },
        None,
    ),
    Case("type_of_no_group", {**team({**GPU, "count": 1}), CLUSTER: {"instance_groups": []}}, "governance-types"),
    Case(
        "addon_unknown",
        {KUBERNETES: {"kubernetes_version": "1.34"}, "addon_version": "v9.9.9-eksbuild.1"},
        "governance-addon-unknown",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rules(case: Case) -> None:
    assert broken(CONTRACT, {**VALUES, **case.change}) == ({case.broken} if case.broken else set())


@pytest.mark.parametrize("case", WARNINGS, ids=lambda case: case.name)
def test_warnings(case: Case) -> None:
    assert broken(CONTRACT, {**VALUES, **case.change}, "warning") == ({case.broken} if case.broken else set())


def test_every_rule_has_a_case() -> None:
    # Whether a version is for newer Kubernetes versions is tested with the shared rule.
    tried = {case.broken for case in (*CASES, *WARNINGS)} | {"governance-addon-newer"}
    assert {rule.id for rule in CONTRACT.rules} <= tried


def test_a_warning_names_the_place_of_the_share() -> None:
    values = {**VALUES, **team({**GPU, "count": 1}), CLUSTER: {"instance_groups": []}}
    rule = next(rule for rule in CONTRACT.rules if rule.id == "governance-types")
    assert [path for path, _ in rule.failures(scope_of(CONTRACT, values))] == [
        ("teams", "research", "resources", 0, "instance_type")
    ]


def test_profiles_are_of_types_with_gpus_and_no_two_types_mix_them() -> None:
    for profiles in MIG_PROFILES.values():
        assert len(profiles) == 6 and [profile[4] for profile in profiles] == list("112347")


@pytest.mark.slow
def test_terraform_says_the_same(tmp_path: Path) -> None:
    mine = [case for case in CASES if case.broken not in python_only(CONTRACT)]
    verdicts = accepted_by_terraform(CONTRACT, {case.name: {**VALUES, **case.change} for case in mine}, tmp_path)
    assert verdicts == {case.name: case.broken is None for case in mine}
