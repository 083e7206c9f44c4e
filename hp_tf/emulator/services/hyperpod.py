"""SageMaker's HyperPod operations. Everything else of SageMaker, but for Studio, is left to moto."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hp_tf.emulator.awsjson import AwsError, Caller, Parameters, Service, handlers, operation
from hp_tf.emulator.services.eks_store import EksStore
from hp_tf.emulator.services.governance import Governance
from hp_tf.emulator.services.governance_store import GovernanceStore
from hp_tf.emulator.services.hyperpod_batch import HyperpodBatch
from hp_tf.emulator.services.hyperpod_checks import HyperpodChecks, refuse
from hp_tf.emulator.services.hyperpod_events import add_event, summary_of
from hp_tf.emulator.services.hyperpod_nodes import HyperpodNodes
from hp_tf.emulator.services.hyperpod_slurm import check_slurm
from hp_tf.emulator.services.hyperpod_store import Group, HyperpodCluster, HyperpodStore
from hp_tf.emulator.services.hyperpod_views import describe, describe_node, node_summary, summary
from hp_tf.emulator.services.pages import page
from hp_tf.emulator.services.sagemaker_tags import SagemakerTags, tag_map
from hp_tf.emulator.services.studio import Studio
from hp_tf.emulator.services.studio_store import StudioStore
from hp_tf.emulator.world import World

_KEPT = (
    "VpcConfig",
    "Orchestrator",
    "NodeRecovery",
    "NodeProvisioningMode",
    "ClusterRole",
    "AutoScaling",
    "TieredStorageConfig",
    "RestrictedInstanceGroupsConfig",
)
_STAYS = ("InstanceType", "OverrideVpcConfig")
DEFAULT_THREADS = 1
FAILED = "Failed"
# A fault with this operation lets the creation of a cluster fail after the call was answered.
CREATION = "Creating"
_UPDATABLE = tuple(key for key in _KEPT if key != "VpcConfig")


class Hyperpod:
    """Operations on clusters and their nodes."""

    def __init__(self, world: World, store: HyperpodStore, checks: HyperpodChecks, nodes: HyperpodNodes) -> None:
        self._world = world
        self._store = store
        self._checks = checks
        self._nodes = nodes

    @operation("CreateCluster")
    def create_cluster(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        name = parameters["ClusterName"]
        if self._store.find(caller.region, name) is not None:
            raise AwsError("ResourceInUse", f"Cluster with name {name} already exists.")
        groups = _groups(parameters)
        for group in groups.values():
            group.specification.setdefault("ThreadsPerCore", DEFAULT_THREADS)
        request = {key: parameters[key] for key in _KEPT if parameters.get(key) is not None}
        self._checks.check_create(caller, request, groups.values())
        cluster_id = self._world.base36(12)
        arn = f"arn:{caller.partition}:sagemaker:{caller.region}:{self._world.account_id}:cluster/{cluster_id}"
        cluster = HyperpodCluster(
            name=name,
            arn=arn,
            region=caller.region,
            created=self._world.clock(),
            request=request,
            groups=groups,
            sent=list(groups),
            tags=tag_map(parameters.get("Tags")),
            phase=self._world.phase("Creating", "InService"),
        )
        self._store.clusters[arn] = cluster
        try:
            self._world.interrupt("sagemaker", CREATION)
        except AwsError as error:
            # Accepted, and failed later: it stays, without nodes, until it is deleted.
            self._fail(cluster, error.message)
            return {"ClusterArn": arn}
        add_event(self._world, cluster, f"Creation of cluster {name} has begun.")
        reasons = (self._nodes.why_cut_off(cluster, group) for group in groups.values())
        failure = next((why for why in reasons if why is not None), None)
        for group in groups.values():
            self._nodes.resize(cluster, group)
        if failure is not None and not cluster.continuous:
            self._fail(cluster, failure)
        self._nodes.settle()
        return {"ClusterArn": arn}

    def _fail(self, cluster: HyperpodCluster, why: str) -> None:
        """Let a creation that has begun fail."""
        cluster.phase = self._world.phase("Creating", FAILED)
        cluster.failure = why
        add_event(self._world, cluster, f"Creation of cluster {cluster.name} failed: {why}", failure=why)

    @operation("DescribeCluster")
    def describe_cluster(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster = self._store.get(caller, parameters["ClusterName"])
        return describe(cluster, self._world.clock(), listed=self._world.settings.groups_listed)

    @operation("ListClusters")
    def list_clusters(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        wanted = parameters.get("NameContains", "")
        now = self._world.clock()
        found = [
            summary(cluster, now)
            for cluster in self._store.clusters.values()
            if cluster.region == caller.region and wanted in cluster.name
        ]
        found.sort(
            key=lambda entry: entry["ClusterName" if parameters.get("SortBy") == "NAME" else "CreationTime"],
            reverse=parameters.get("SortOrder") == "Descending",
        )
        items, token = page(found, parameters.get("NextToken"), parameters.get("MaxResults"))
        return {"ClusterSummaries": items, "NextToken": token}

    @operation("UpdateCluster")
    def update_cluster(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster = self._changeable(caller, parameters["ClusterName"])
        given = _groups(parameters)
        gone = parameters.get("InstanceGroupsToDelete") or ()
        self._check_update(caller, cluster, parameters, given, gone)
        for key in _UPDATABLE:
            if parameters.get(key) is not None:
                cluster.request[key] = parameters[key]
        for name in gone:
            group = cluster.groups.pop(name)
            for node in list(group.nodes):
                self._nodes.remove(cluster, group, node)
            add_event(self._world, cluster, f"Instance group {name} was deleted.", group=name)
        for name, new in given.items():
            group = cluster.groups.setdefault(name, new)
            # What an update leaves out is reset (ThreadsPerCore too), but for what makes the group what it is.
            fixed = {key: group.specification[key] for key in _STAYS if key in group.specification}
            group.specification = {"ThreadsPerCore": DEFAULT_THREADS, **fixed, **new.specification}
            self._nodes.resize(cluster, group)
            self._nodes.relabel(cluster, group)
            add_event(self._world, cluster, f"Instance group {name} is being updated.", group=name)
        cluster.sent = [*given, *(name for name in cluster.sent if name in cluster.groups and name not in given)]
        cluster.phase = self._world.phase("Updating", "InService")
        self._nodes.settle()
        return {"ClusterArn": cluster.arn}

    def _check_update(
        self,
        caller: Caller,
        cluster: HyperpodCluster,
        parameters: Parameters,
        given: Mapping[str, Group],
        gone: Iterable[str],
    ) -> None:
        gone = set(gone)
        for name in gone - set(cluster.groups):
            raise refuse(f"Instance group {name} does not exist.")
        for name in gone & set(given):
            raise refuse(f"Instance group {name} is both updated and deleted.")
        if not (set(cluster.groups) - gone) | set(given):
            raise refuse("A cluster needs at least one instance group.")
        for name, new in given.items():
            if name in cluster.groups:
                self._checks.check_update(cluster, new)
        if cluster.continuous and "NodeProvisioningMode" in parameters and not parameters["NodeProvisioningMode"]:
            raise refuse("NodeProvisioningMode cannot be changed back.")
        old_eks = (cluster.request.get("Orchestrator") or {}).get("Eks")
        if parameters.get("Orchestrator") and parameters["Orchestrator"].get("Eks") != old_eks:
            raise refuse("The EKS cluster of a HyperPod cluster cannot be changed.")
        scaling = (cluster.request.get("AutoScaling") or {}).get("Mode") == "Enable"
        role = cluster.request.get("ClusterRole")
        if scaling and parameters.get("ClusterRole", role) != role:
            raise refuse("ClusterRole cannot be changed while AutoScaling is enabled.")
        request = {**cluster.request, **{key: parameters[key] for key in _UPDATABLE if parameters.get(key)}}
        self._checks.check_modes(request)
        self._checks.check_groups(caller, request, given.values())
        for name, new in given.items():
            grows = new.target > len(cluster.groups[name].nodes if name in cluster.groups else ())
            problem = self._nodes.failing(cluster, new) if grows and not cluster.continuous else None
            if problem is not None:
                # The real service rolls the update back.
                raise refuse(problem)
        staying = {name: group for name, group in cluster.groups.items() if name not in gone}
        check_slurm(request, {**staying, **given}.values())

    def _changeable(self, caller: Caller, name: str) -> HyperpodCluster:
        cluster = self._store.get(caller, name)
        if not cluster.phase.over(self._world.clock()):
            raise AwsError("ConflictException", f"Cluster {cluster.name} is in state {cluster.phase.during}.")
        if cluster.phase.then == FAILED:
            raise AwsError("ConflictException", f"Cluster {cluster.name} is in state {FAILED}: delete it.")
        return cluster

    @operation("DeleteCluster")
    def delete_cluster(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster = self._store.get(caller, parameters["ClusterName"])
        if not cluster.phase.over(self._world.clock()):
            raise AwsError("ConflictException", f"Cluster {cluster.name} is in state {cluster.phase.during}.")
        cluster.phase = self._world.phase("Deleting", "Deleted")
        add_event(self._world, cluster, f"Deletion of cluster {cluster.name} has begun.")

        def remove() -> None:
            self._nodes.remove_all(cluster)
            del self._store.clusters[cluster.arn]

        self._world.then(cluster.phase, remove)
        return {"ClusterArn": cluster.arn}

    @operation("UpdateClusterSoftware")
    def update_cluster_software(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster = self._changeable(caller, parameters["ClusterName"])
        names = [entry["InstanceGroupName"] for entry in parameters.get("InstanceGroups") or ()] or list(cluster.groups)
        for name in names:
            if name not in cluster.groups:
                raise refuse(f"Instance group {name} does not exist.")
        for name in names:
            if parameters.get("ImageId"):
                cluster.groups[name].specification["ImageId"] = parameters["ImageId"]
            add_event(self._world, cluster, f"The software of instance group {name} is being updated.", group=name)
        cluster.phase = self._world.phase("SystemUpdating", "InService")
        return {"ClusterArn": cluster.arn}

    @operation("ListClusterNodes")
    def list_cluster_nodes(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster = self._store.get(caller, parameters["ClusterName"])
        wanted = parameters.get("InstanceGroupNameContains", "")
        now = self._world.clock()
        found = [
            node_summary(cluster, group, node, now, logical=bool(parameters.get("IncludeNodeLogicalIds")))
            for group in cluster.groups.values()
            for node in group.nodes
            if wanted in group.name
        ]
        items, token = page(found, parameters.get("NextToken"), parameters.get("MaxResults"))
        return {"ClusterNodeSummaries": items, "NextToken": token}

    @operation("DescribeClusterNode")
    def describe_cluster_node(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster = self._store.get(caller, parameters["ClusterName"])
        for group in cluster.groups.values():
            for node in group.nodes:
                if (
                    parameters.get("NodeId", node.instance_id) == node.instance_id
                    and parameters.get("NodeLogicalId", node.logical_id) == node.logical_id
                ):
                    return {"NodeDetails": describe_node(cluster, group, node, self._world.clock())}
        wanted = parameters.get("NodeId") or parameters.get("NodeLogicalId")
        raise AwsError("ResourceNotFound", f"Instance with id {wanted} does not exist.")

    @operation("ListClusterEvents")
    def list_cluster_events(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster = self._store.get(caller, parameters["ClusterName"])
        found = [
            summary_of(event)
            for event in reversed(cluster.events)
            if parameters.get("InstanceGroupName") in (None, event.get("InstanceGroupName"))
            and parameters.get("NodeId") in (None, event.get("InstanceId"))
            and parameters.get("ResourceType") in (None, event["ResourceType"])
        ]
        items, token = page(found, parameters.get("NextToken"), parameters.get("MaxResults"))
        return {"Events": items, "NextToken": token}

    @operation("DescribeClusterEvent")
    def describe_cluster_event(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        cluster = self._store.get(caller, parameters["ClusterName"])
        for event in cluster.events:
            if event["EventId"] == parameters["EventId"]:
                return {"EventDetails": event}
        raise AwsError("ResourceNotFound", f"Event with id {parameters['EventId']} does not exist.")


def _groups(parameters: Parameters) -> dict[str, Group]:
    groups: dict[str, Group] = {}
    for key, restricted in (("InstanceGroups", False), ("RestrictedInstanceGroups", True)):
        for specification in parameters.get(key) or ():
            group = Group(dict(specification), restricted)
            if group.name in groups:
                raise refuse(f"Instance group names must be unique: {group.name} appears twice.")
            groups[group.name] = group
    return groups


def hyperpod_service(
    world: World,
    store: HyperpodStore,
    governance: GovernanceStore,
    studio: StudioStore,
    eks: EksStore,
    nodes: HyperpodNodes,
) -> Service:
    """The HyperPod part of SageMaker, over its stores."""
    checks = HyperpodChecks(world, eks)
    parts = (
        Hyperpod(world, store, checks, nodes),
        HyperpodBatch(world, store, nodes),
        Governance(world, governance, store, eks),
        Studio(world, studio),
        SagemakerTags(store, governance, studio),
    )
    return Service("sagemaker", handlers(*parts), whole=False)
