"""What the HyperPod operations answer: clusters, groups and nodes as the API shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from hp_tf.emulator.calls import GroupOrder
from hp_tf.emulator.services.hyperpod_nodes import host_name
from hp_tf.emulator.services.hyperpod_store import Group, HyperpodCluster, Node

# Of a group, what is shown as it was given.
AS_GIVEN = (
    "InstanceType",
    "LifeCycleConfig",
    "ExecutionRole",
    "ThreadsPerCore",
    "InstanceStorageConfigs",
    "OnStartDeepHealthChecks",
    "TrainingPlanArn",
    "OverrideVpcConfig",
    "ScheduledUpdateConfig",
    "CapacityRequirements",
    "SlurmConfig",
    "NetworkInterface",
    "EnvironmentConfig",
)


_ORDERS: Mapping[GroupOrder, Callable[[HyperpodCluster], Iterable[str]]] = {
    "made": lambda cluster: cluster.groups,
    "sent": lambda cluster: cluster.sent,
    "reversed": lambda cluster: reversed(cluster.sent),
    "sorted": lambda cluster: sorted(cluster.groups),
}


def describe(cluster: HyperpodCluster, now: float, *, listed: GroupOrder = "made") -> dict[str, Any]:
    """DescribeCluster's answer, groups in an order that the settings say."""
    groups = [cluster.groups[name] for name in _ORDERS[listed](cluster)]
    scaling = cluster.request.get("AutoScaling")
    if scaling:
        scaling = {**scaling, "Status": "InService" if scaling["Mode"] == "Enable" else "Deleting"}
    return {
        **cluster.request,
        "AutoScaling": scaling,
        "RestrictedInstanceGroupsConfig": _shared(cluster.request.get("RestrictedInstanceGroupsConfig")),
        "ClusterArn": cluster.arn,
        "ClusterName": cluster.name,
        "ClusterStatus": cluster.phase.status(now),
        "CreationTime": cluster.created,
        "FailureMessage": cluster.failure if cluster.phase.over(now) else None,
        "InstanceGroups": [_group(cluster, group, now) for group in groups if not group.restricted],
        "RestrictedInstanceGroups": [_group(cluster, group, now) for group in groups if group.restricted] or None,
    }


def _shared(config: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not config:
        return None
    given = config["SharedEnvironmentConfig"]
    return {"SharedEnvironmentConfig": _current_and_desired(given)}


def _current_and_desired(given: Mapping[str, Any]) -> dict[str, Any]:
    """What changes in its own time is shown twice; here a change is done at once."""
    return {f"{when}{key}": value for key, value in given.items() for when in ("Current", "Desired")}


def _patching(config: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not config:
        return None
    schedule = {key: value for key, value in config.items() if key == "PatchSchedule"}
    return {**{key: value for key, value in config.items() if key not in schedule}, **_current_and_desired(schedule)}


def _status(cluster: HyperpodCluster, group: Group, running: int, now: float) -> str:
    if cluster.failure is not None:
        return cluster.phase.status(now)
    return "InService" if running == len(group.nodes) else "Creating"


def _group(cluster: HyperpodCluster, group: Group, now: float) -> dict[str, Any]:
    given = group.specification
    running = sum(1 for node in group.nodes if node.phase.over(now))
    config = given.get("KubernetesConfig")
    requirements = given.get("InstanceRequirements")
    image = given.get("ImageId")
    details = {
        **{key: given.get(key) for key in AS_GIVEN},
        "InstanceGroupName": group.name,
        "CurrentCount": running,
        "TargetCount": group.target,
        "Status": _status(cluster, group, running, now),
    }
    if group.restricted:
        return details
    return {
        **details,
        "MinCount": given.get("MinInstanceCount"),
        "TargetStateCount": group.target,
        "CurrentImageId": image,
        "DesiredImageId": image,
        "InstanceRequirements": _current_and_desired(requirements) if requirements else None,
        "AutoPatchConfig": _patching(given.get("AutoPatchConfig")),
        "KubernetesConfig": {
            "CurrentLabels": config.get("Labels") or {},
            "DesiredLabels": config.get("Labels") or {},
            "CurrentTaints": config.get("Taints") or [],
            "DesiredTaints": config.get("Taints") or [],
        }
        if config
        else None,
    }


def summary(cluster: HyperpodCluster, now: float) -> dict[str, Any]:
    """One entry of ListClusters."""
    plans = sorted({plan for group in cluster.groups.values() if (plan := group.specification.get("TrainingPlanArn"))})
    return {
        "ClusterArn": cluster.arn,
        "ClusterName": cluster.name,
        "CreationTime": cluster.created,
        "ClusterStatus": cluster.phase.status(now),
        "TrainingPlanArns": plans or None,
    }


def node_summary(
    cluster: HyperpodCluster, group: Group, node: Node, now: float, *, logical: bool = False
) -> dict[str, Any]:
    """One entry of ListClusterNodes."""
    return {
        "InstanceGroupName": group.name,
        "InstanceId": node.instance_id,
        "NodeLogicalId": node.logical_id if logical else None,
        "InstanceType": group.instance_type,
        "LaunchTime": node.launched,
        "InstanceStatus": {"Status": node.phase.status(now)},
        "PrivateDnsHostname": host_name(cluster, node),
        "ImageVersionStatus": "UpToDate",
    }


def describe_node(cluster: HyperpodCluster, group: Group, node: Node, now: float) -> dict[str, Any]:
    """DescribeClusterNode's answer."""
    given = group.specification
    copied = ("LifeCycleConfig", "OverrideVpcConfig", "ThreadsPerCore", "InstanceStorageConfigs")
    return {
        **node_summary(cluster, group, node, now, logical=True),
        **{key: given.get(key) for key in copied},
        "PrivatePrimaryIp": node.address,
        "Placement": {"AvailabilityZone": node.zone, "AvailabilityZoneId": node.zone_id or None},
        "CurrentImageId": given.get("ImageId"),
    }
