"""The resource type of the HyperPod cluster, and what its groups' attributes do otherwise than a plan says.

``definition.py`` beside this says what each attribute is made from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.keyed import KeyedList
from hp_tf.contract.resources.base import Attributes, ResourceType
from hp_tf.contract.resources.creation import Creation
from hp_tf.layers.hyperpod.nested import NESTED

NEW_GROUP = "give the group another name: that makes a new group and deletes the old one"

# The provider plans these as updates in place, and Cloud Control refuses them.
_FIXED = dict.fromkeys(("instance_type", "execution_role", "override_vpc_config", "threads_per_core"), NEW_GROUP)
_OF_THE_CLUSTER = ("cluster_arn", "cluster_status", "creation_time", "failure_message", "id")
_TELLING = ("instance_type", "instance_count", "override_vpc_config.subnets", "training_plan_arn")
# A group has one root volume and one second volume, and every file system a path of its own.
_STORAGE = {
    "instance_storage_configs": (
        "ebs_volume_config.root_volume",
        "fsx_lustre_config.mount_path",
        "fsx_open_zfs_config.mount_path",
    )
}


def _deleted(group: Mapping[str, Any]) -> str:
    types = (group.get("instance_requirements") or {}).get("instance_types") or [group.get("instance_type")]
    count = group.get("instance_count")
    nodes = "" if count == 0 else " with its nodes"
    return f"group {group.get('instance_group_name')} ({count} × {' or '.join(map(str, types))}) is deleted{nodes}"


def _candidates(planned: Attributes, clients: Clients) -> Iterator[str]:
    if planned.get("cluster_name"):
        cluster = clients.client("sagemaker").describe_cluster(ClusterName=planned["cluster_name"])
        if cluster.get("ClusterStatus") != "Deleting":
            yield cluster["ClusterArn"]


def _status(clients: Clients, identity: str) -> str:
    return str(clients.client("sagemaker").describe_cluster(ClusterName=identity)["ClusterStatus"])


_INSTANCE_GROUPS = KeyedList(
    key="instance_group_name",
    create_only=_FIXED,
    computed=("current_count", "auto_patch_config.patch_schedule.next_patch_date"),
    told_apart={**_STORAGE, "kubernetes_config.taints": ("key", "effect")},
    computed_beside=_OF_THE_CLUSTER,
    telling=("instance_requirements.instance_types", *_TELLING),
    deleted=_deleted,
)
_RESTRICTED_GROUPS = KeyedList(
    key="instance_group_name",
    create_only=_FIXED,
    computed=("current_count",),
    told_apart=_STORAGE,
    computed_beside=_OF_THE_CLUSTER,
    telling=_TELLING,
    deleted=_deleted,
)
RESOURCES = (
    ResourceType(
        "awscc_sagemaker_cluster",
        candidates=_candidates,
        creation=Creation(
            _status,
            coming=frozenset({"Creating", "RollingBack"}),
            well=frozenset({"InService", "Updating", "SystemUpdating"}),
        ),
        single=True,
        protected=True,
        nested=NESTED,
        keyed_lists={"instance_groups": _INSTANCE_GROUPS, "restricted_instance_groups": _RESTRICTED_GROUPS},
    ),
)
