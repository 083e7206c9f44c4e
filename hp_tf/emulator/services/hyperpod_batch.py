"""SageMaker's batch operations on HyperPod nodes: add, delete, reboot, replace."""

from __future__ import annotations

from typing import Any

from hp_tf.emulator.awsjson import AwsError, Caller, Parameters, operation
from hp_tf.emulator.services.hyperpod_checks import refuse
from hp_tf.emulator.services.hyperpod_events import add_event
from hp_tf.emulator.services.hyperpod_nodes import HyperpodNodes
from hp_tf.emulator.services.hyperpod_store import Group, HyperpodCluster, HyperpodStore, Node
from hp_tf.emulator.world import World


class HyperpodBatch:
    """The operations whose answers list what succeeded and what failed."""

    def __init__(self, world: World, store: HyperpodStore, nodes: HyperpodNodes) -> None:
        self._world = world
        self._store = store
        self._nodes = nodes

    def _in_service(self, caller: Caller, parameters: Parameters) -> HyperpodCluster:
        cluster = self._store.get(caller, parameters["ClusterName"])
        if cluster.phase.status(self._world.clock()) != "InService":
            raise AwsError("ConflictException", f"Cluster {cluster.name} is not InService.")
        return cluster

    @operation("BatchAddClusterNodes")
    def batch_add_cluster_nodes(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster = self._in_service(caller, parameters)
        if not cluster.continuous:
            raise refuse("BatchAddClusterNodes requires NodeProvisioningMode Continuous.")
        added: list[dict[str, Any]] = []
        failed: list[dict[str, Any]] = []
        for entry in parameters["NodesToAdd"]:
            name, count = entry["InstanceGroupName"], entry["IncrementTargetCountBy"]
            group = cluster.groups.get(name)
            if group is None:
                failed.append(
                    {
                        "InstanceGroupName": name,
                        "ErrorCode": "InstanceGroupNotFound",
                        "FailedCount": count,
                        "Message": f"Instance group {name} does not exist.",
                    }
                )
                continue
            group.specification["InstanceCount"] = group.target + count
            for node in self._nodes.resize(cluster, group):
                added.append(
                    {
                        "NodeLogicalId": node.logical_id,
                        "InstanceGroupName": name,
                        "Status": node.phase.status(self._world.clock()),
                    }
                )
            add_event(self._world, cluster, f"{count} node(s) were added to instance group {name}.", group=name)
        self._nodes.settle()
        return {"Successful": added, "Failed": failed}

    @operation("BatchDeleteClusterNodes")
    def batch_delete_cluster_nodes(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster = self._in_service(caller, parameters)
        answer: dict[str, Any] = {
            "Successful": [],
            "Failed": [],
            "SuccessfulNodeLogicalIds": [],
            "FailedNodeLogicalIds": [],
        }
        if not parameters.get("NodeIds") and not parameters.get("NodeLogicalIds"):
            raise refuse("At least one of NodeIds and NodeLogicalIds is required.")
        for kind, field, suffix in (("NodeIds", "NodeId", ""), ("NodeLogicalIds", "NodeLogicalId", "NodeLogicalIds")):
            for wanted in parameters.get(kind) or ():
                found = _find(cluster, wanted)
                if found is None:
                    answer[f"Failed{suffix}"].append(
                        {"Code": "NodeIdNotFound", "Message": f"{wanted} is not in the cluster.", field: wanted}
                    )
                    continue
                group, node = found
                group.specification["InstanceCount"] = group.target - 1
                self._nodes.remove(cluster, group, node)
                answer[f"Successful{suffix}"].append(wanted)
                add_event(self._world, cluster, "The node was deleted.", group=group.name, instance=node.instance_id)
        return answer

    @operation("BatchRebootClusterNodes")
    def batch_reboot_cluster_nodes(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return self._each(caller, parameters, replace=False)

    @operation("BatchReplaceClusterNodes")
    def batch_replace_cluster_nodes(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return self._each(caller, parameters, replace=True)

    def _each(self, caller: Caller, parameters: Parameters, *, replace: bool) -> dict[str, Any]:
        cluster = self._in_service(caller, parameters)
        done: list[str] = []
        failed: list[dict[str, Any]] = []
        for wanted in parameters.get("NodeIds") or ():
            found = _find(cluster, wanted)
            if found is None:
                failed.append(
                    {
                        "NodeId": wanted,
                        "ErrorCode": "InstanceIdNotFound",
                        "Message": f"{wanted} is not in the cluster.",
                    }
                )
                continue
            group, node = found
            if replace:
                self._nodes.remove(cluster, group, node)
                self._nodes.resize(cluster, group)
            done.append(wanted)
        self._nodes.settle()
        return {"Successful": done, "Failed": failed}


def _find(cluster: HyperpodCluster, identifier: str) -> tuple[Group, Node] | None:
    for group in cluster.groups.values():
        for node in group.nodes:
            if identifier in (node.instance_id, node.logical_id):
                return group, node
    return None
