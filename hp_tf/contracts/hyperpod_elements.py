"""What the groups' attributes in awscc do otherwise than a plan says.

The keys are attributes of ``awscc_sagemaker_cluster``; ``hp_tf.layers.hyperpod`` says what each is made from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

NEW_GROUP = "give the group another name: that makes a new group and deletes the old one"

INSTANCE_GROUPS = "awscc_sagemaker_cluster.instance_groups"
RESTRICTED_GROUPS = "awscc_sagemaker_cluster.restricted_instance_groups"
KEYED_LISTS = dict.fromkeys((INSTANCE_GROUPS, RESTRICTED_GROUPS), "instance_group_name")

# The provider plans these as updates in place, and Cloud Control refuses them.
_FIXED = dict.fromkeys(("instance_type", "execution_role", "override_vpc_config", "threads_per_core"), NEW_GROUP)
CREATE_ONLY = {INSTANCE_GROUPS: _FIXED, RESTRICTED_GROUPS: _FIXED}

Sent = Callable[[Mapping[str, Any]], bool]


def _given(*names: str) -> Sent:
    """Whether one of these fields of a group is given."""
    return lambda group: any(group.get(name) for name in names)


def _deployment(name: str) -> Sent:
    return lambda group: bool((group.get(name) or {}).get("deployment"))


_EVERY_GROUP: Mapping[str, Sent] = {
    "instance_type": _given("instance_type"),
    "training_plan_arn": _given("training_plan_arn"),
    "on_start_deep_health_checks": _given("deep_health_checks"),
    "instance_storage_configs": lambda group: (
        group.get("volume_size_gb") != 0
        or any(group.get(name) for name in ("root_volume_kms_key_arn", "fsx_lustre", "fsx_openzfs"))
    ),
    "instance_storage_configs.ebs_volume_config.volume_kms_key_id": _given(
        "volume_kms_key_arn", "root_volume_kms_key_arn"
    ),
}
OPTIONAL: Mapping[str, Mapping[str, Sent]] = {
    INSTANCE_GROUPS: {
        **_EVERY_GROUP,
        "instance_requirements": _given("instance_types"),
        "image_id": _given("image_id"),
        "life_cycle_config.on_create": lambda group: (
            bool(group.get("lifecycle_on_create")) or not group.get("lifecycle_on_init_complete")
        ),
        "life_cycle_config.on_init_complete": _given("lifecycle_on_init_complete"),
        "kubernetes_config.labels": _given("labels"),
        "kubernetes_config.taints": _given("taints"),
        "capacity_requirements.spot": _given("spot"),
        "capacity_requirements.on_demand": lambda group: not group.get("spot"),
        "network_interface": _given("network_interface_type"),
        "scheduled_update_config": _given("scheduled_update"),
        "scheduled_update_config.deployment_config": _deployment("scheduled_update"),
        "auto_patch_config": _given("auto_patch"),
        "auto_patch_config.deployment_config": _deployment("auto_patch"),
    },
    RESTRICTED_GROUPS: {**_EVERY_GROUP, "environment_config": _given("storage")},
}
