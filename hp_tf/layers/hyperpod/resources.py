"""The resource type of the HyperPod cluster, and what its groups' attributes do otherwise than a plan says.

``definition.py`` beside this says what each attribute is made from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from hp_tf.contract import cloudcontrol
from hp_tf.contract.clients import Clients
from hp_tf.contract.keyed import KeyedList, LiveLists
from hp_tf.contract.resources.base import Attributes, ResourceType
from hp_tf.contract.resources.changes import Change, Judgement, Refused, Told, at
from hp_tf.contract.resources.creation import Creation
from hp_tf.layers.hyperpod.nested import NESTED

NEW_GROUP = "give the group another name: that makes a new group and deletes the old one"

# The provider plans these as updates in place, and Cloud Control refuses them.
_FIXED = dict.fromkeys(("instance_type", "execution_role", "override_vpc_config", "threads_per_core"), NEW_GROUP)
_TELLING = ("instance_type", "instance_count", "override_vpc_config.subnets", "training_plan_arn")
# A group has one root volume and one second volume, and every file system a path of its own.
_STORAGE = {
    "instance_storage_configs": (
        "ebs_volume_config.root_volume",
        "fsx_lustre_config.mount_path",
        "fsx_open_zfs_config.mount_path",
    )
}


# What makes the provider send nothing. It fills in what a group leaves out from the group at the same position, and
# drops what is empty before it sends. Of a training plan, schedules, a script and a network interface there is no such
# value. Measured with the provider.
_CLEARING_EVERYWHERE: Mapping[str, Any] = {
    "override_vpc_config.security_group_ids": [None],
    "override_vpc_config.subnets": [None],
    "instance_storage_configs": [],
    "on_start_deep_health_checks": [None],
}
_CLEARING: Mapping[str, Any] = {
    **_CLEARING_EVERYWHERE,
    "image_id": "default",
    "capacity_requirements.on_demand": "null",
    "capacity_requirements.spot": "null",
    "instance_requirements.instance_types": [None],
    "kubernetes_config.labels": {},
    "kubernetes_config.taints": [],
}


def _nodes(group: Mapping[str, Any]) -> str:
    types = (group.get("instance_requirements") or {}).get("instance_types") or [group.get("instance_type")]
    return f"{group.get('instance_count')} × {' or '.join(map(str, types))}"


def _lost(group: Mapping[str, Any], later: Mapping[str, Any] | None) -> str | None:
    name, count = group.get("instance_group_name"), group.get("instance_count") or 0
    if later is None:
        return f"group {name} ({_nodes(group)}) is deleted{' with its nodes' if count else ''}"
    left = later.get("instance_count")
    if left is None or left >= count:
        return None
    return f"group {name} ({_nodes(group)}) shrinks to {left}: {count - left} of its nodes are deleted"


def _all_lost(cluster: Mapping[str, Any]) -> str | None:
    groups = [group for kind in KEYED_LISTS for group in cluster.get(kind) or ()]
    said = ", ".join(f"{group.get('instance_group_name')} ({_nodes(group)})" for group in groups)
    return f"all nodes of the cluster {cluster.get('cluster_name')}: {said or 'no groups'}"


def _kept(inputs: Mapping[str, Any], cluster: Mapping[str, Any]) -> Iterator[Refused]:
    """Yield what a cluster has for good."""
    if cluster.get("node_provisioning_mode") == "Continuous" and inputs.get("node_provisioning_mode", "") is None:
        yield Refused(
            "node_provisioning_mode",
            "Continuous provisioning is never switched off",
            "write node_provisioning_mode: Continuous again, or make a cluster of another name",
        )
    shared = at(cluster, "restricted_instance_groups_config", "shared_environment_config")
    if shared and inputs.get("restricted_shared_storage", "") is None:
        yield Refused(
            "restricted_instance_groups_config",
            "the shared storage of restricted groups cannot be taken back",
            "write restricted_shared_storage again, or make a cluster of another name",
        )


def _candidates(planned: Attributes, clients: Clients) -> Iterator[str]:
    if planned.get("cluster_name"):
        cluster = clients.client("sagemaker").describe_cluster(ClusterName=planned["cluster_name"])
        if cluster.get("ClusterStatus") != "Deleting":
            yield cluster["ClusterArn"]


def _live(clients: Clients, arn: str) -> Mapping[str, Any]:
    found = cloudcontrol.attributes(clients, "AWS::SageMaker::Cluster", arn, maps=("Labels",))
    for group in found.get("instance_groups") or ():
        # The provider has what has no members of its own as JSON.
        group["capacity_requirements"] = {
            name: json.dumps(held) for name, held in (group.get("capacity_requirements") or {}).items()
        }
    return found


def _remove(cluster: Attributes, group: str) -> str:
    region = str(cluster.get("cluster_arn") or "::::").split(":")[3]
    name = cluster.get("cluster_name")
    return f"aws sagemaker update-cluster --region {region} --cluster-name {name} --instance-groups-to-delete {group}"


def _status(clients: Clients, identity: str) -> str:
    return str(clients.client("sagemaker").describe_cluster(ClusterName=identity)["ClusterStatus"])


def _moved(change: Change) -> Iterator[Told]:
    """Say what a cluster still needs that the API comes to configure instead of lifecycle scripts."""
    told_before, told_after = (at(side, "orchestrator", "slurm") for side in (change.before, change.after))
    if change.before and told_after and not told_before and not change.replaced:
        yield Told(
            "nodes-behind",
            "Slurm will be told of groups, partitions and file systems by the API, which no way leads back from; nodes "
            "that run take it with their next software",
            f"after the apply: aws sagemaker update-cluster-software --cluster-name {change.before.get('cluster_name')}"
            "; lifecycle scripts that read provisioning_parameters.json must not run any more",
        )


_INSTANCE_GROUPS = KeyedList(
    key="instance_group_name",
    create_only=_FIXED,
    computed=("current_count", "auto_patch_config.patch_schedule.next_patch_date"),
    told_apart={**_STORAGE, "kubernetes_config.taints": ("key", "effect")},
    telling=("instance_requirements.instance_types", *_TELLING),
    clearing=_CLEARING,
    stays={
        "slurm_config": "what the API has told Slurm, no file tells again: leave configuration 'api', or make another "
        "cluster",
    },
    kept=("image_id",),
    size="instance_count",
    lost=_lost,
)
_RESTRICTED_GROUPS = KeyedList(
    key="instance_group_name",
    create_only=_FIXED,
    computed=("current_count",),
    told_apart=_STORAGE,
    telling=_TELLING,
    clearing=_CLEARING_EVERYWHERE,
    size="instance_count",
    lost=_lost,
)
KEYED_LISTS = {"instance_groups": _INSTANCE_GROUPS, "restricted_instance_groups": _RESTRICTED_GROUPS}
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
        judgement=Judgement(lost=_all_lost, kept=_kept, told=_moved),
        keyed_lists=KEYED_LISTS,
        live=LiveLists(_live, input="live_cluster", remove=_remove),
        nested=NESTED,
    ),
)
