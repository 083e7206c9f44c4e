"""SageMaker's task governance: the scheduler configuration of a HyperPod cluster, and its teams' compute quotas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hp_tf.emulator.awsjson import AwsError, Caller, Parameters, operation
from hp_tf.emulator.cloud import InstanceFacts
from hp_tf.emulator.services.eks_store import EksStore
from hp_tf.emulator.services.governance_quotas import check_resources, filled
from hp_tf.emulator.services.governance_store import GovernanceStore, Governed, Kind
from hp_tf.emulator.services.hyperpod_checks import refuse
from hp_tf.emulator.services.hyperpod_store import HyperpodStore
from hp_tf.emulator.services.pages import page
from hp_tf.emulator.services.sagemaker_tags import tag_map
from hp_tf.emulator.world import World

SCHEDULER: Kind = "cluster-scheduler-config"
QUOTA: Kind = "compute-quota"
ADDON = "amazon-sagemaker-hyperpod-taskgovernance"


class Governance:
    """The operations. A change is over when its phase is; what has no add-on to carry it out fails by then."""

    def __init__(self, world: World, store: GovernanceStore, hyperpod: HyperpodStore, eks: EksStore) -> None:
        self._world = world
        self._store = store
        self._hyperpod = hyperpod
        self._eks = eks

    @operation("CreateClusterSchedulerConfig")
    def create_cluster_scheduler_config(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        arn = parameters["ClusterArn"]
        others = [one for one in self._store.of_kind(SCHEDULER, caller.region) if one.cluster_arn == arn]
        if others:
            raise AwsError("ConflictException", f"Cluster {arn} already has the scheduler config {others[0].identity}.")
        made = self._make(caller, SCHEDULER, parameters, _scheduler(parameters))
        return {"ClusterSchedulerConfigArn": made.arn, "ClusterSchedulerConfigId": made.identity}

    @operation("CreateComputeQuota")
    def create_compute_quota(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        arn, team = parameters["ClusterArn"], parameters["ComputeQuotaTarget"]["TeamName"]
        for other in self._store.of_kind(QUOTA, caller.region):
            if other.cluster_arn == arn and other.content["ComputeQuotaTarget"]["TeamName"] == team:
                raise AwsError("ConflictException", f"Team {team} of cluster {arn} already has a compute quota.")
        made = self._make(caller, QUOTA, parameters, self._quota(caller, parameters))
        return {"ComputeQuotaArn": made.arn, "ComputeQuotaId": made.identity}

    def _make(self, caller: Caller, kind: Kind, parameters: Parameters, content: dict[str, Any]) -> Governed:
        cluster = self._hyperpod.get(caller, parameters["ClusterArn"])
        if cluster.eks_arn is None:
            raise refuse(f"Cluster {cluster.arn} is not orchestrated by EKS.")
        name = parameters["Name"]
        if any(one.name == name and one.cluster_arn == cluster.arn for one in self._store.of_kind(kind, caller.region)):
            raise AwsError("ConflictException", f"The name {name} is in use in cluster {cluster.arn}.")
        place = f"arn:{caller.partition}:sagemaker:{caller.region}:{self._world.account_id}"
        now = self._world.clock()
        orchestrator = self._eks.by_arn(cluster.eks_arn)
        served = orchestrator is not None and ADDON in orchestrator.addons
        made = Governed(
            kind=kind,
            arn=f"{place}:{kind}/{self._world.base36(12)}",
            region=caller.region,
            name=name,
            cluster_arn=cluster.arn,
            content=content,
            tags=tag_map(parameters.get("Tags")),
            created=now,
            modified=now,
            phase=self._world.phase("Creating", "Created" if served else "CreateFailed"),
            failure=None if served else f"The EKS cluster has no add-on {ADDON}.",
        )
        self._store.held[made.arn] = made
        return made

    def _quota(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        """The members of a quota as the service keeps them, with its defaults."""
        config = dict(parameters["ComputeQuotaConfig"])
        sharing = {**(config.get("ResourceSharingConfig") or {"Strategy": "LendAndBorrow"})}
        if sharing["Strategy"] == "LendAndBorrow":
            sharing.setdefault("BorrowLimit", 50)
        for key, place in (("ComputeQuotaResources", config), ("AbsoluteBorrowLimits", sharing)):
            if place.get(key):
                facts = self._facts(caller, place[key])
                check_resources(place[key], facts)
                place[key] = [filled(one, facts[one["InstanceType"]]) for one in place[key]]
        kept = {"ComputeQuotaConfig": {"PreemptTeamTasks": "LowerPriority", **config, "ResourceSharingConfig": sharing}}
        kept["ComputeQuotaTarget"] = {"FairShareWeight": 0, **parameters["ComputeQuotaTarget"]}
        activation = {"ActivationState": parameters.get("ActivationState") or "Enabled"}
        return {**kept, **activation, **_description(parameters)}

    def _facts(self, caller: Caller, resources: list[Mapping[str, Any]]) -> dict[str, InstanceFacts | None]:
        types = {str(one["InstanceType"]) for one in resources}
        return {name: self._world.cloud.instance_type(caller.region, name.removeprefix("ml.")) for name in types}

    @operation("UpdateClusterSchedulerConfig")
    def update_cluster_scheduler_config(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        one = self._changeable(caller, SCHEDULER, parameters["ClusterSchedulerConfigId"], parameters)
        content = {**one.content, **_scheduler(parameters)} if "SchedulerConfig" in parameters else dict(one.content)
        self._change(one, {**content, **_description(parameters)})
        return {"ClusterSchedulerConfigArn": one.arn, "ClusterSchedulerConfigVersion": one.version}

    @operation("UpdateComputeQuota")
    def update_compute_quota(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        one = self._changeable(caller, QUOTA, parameters["ComputeQuotaId"], parameters)
        team = one.content["ComputeQuotaTarget"]["TeamName"]
        wanted = {**one.content, **{key: value for key, value in parameters.items() if key in one.content}}
        if wanted["ComputeQuotaTarget"]["TeamName"] != team:
            raise refuse(f"A compute quota cannot go from team {team} to another one.")
        self._change(one, {**self._quota(caller, wanted), **_description({**one.content, **parameters})})
        return {"ComputeQuotaArn": one.arn, "ComputeQuotaVersion": one.version}

    def _changeable(self, caller: Caller, kind: Kind, identity: str, parameters: Parameters) -> Governed:
        one = self._store.get(caller, kind, identity)
        if not one.phase.over(self._world.clock()):
            raise AwsError("ConflictException", f"{one.arn} is in state {one.phase.during}.")
        if parameters["TargetVersion"] != one.version:
            raise AwsError("ConflictException", f"{one.arn} has version {one.version}.")
        return one

    def _change(self, one: Governed, content: dict[str, Any]) -> None:
        one.content = content
        one.version += 1
        one.modified = self._world.clock()
        one.phase = self._world.phase("Updating", "Updated")

    @operation("DescribeClusterSchedulerConfig")
    def describe_cluster_scheduler_config(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        one = self._store.get(caller, SCHEDULER, parameters["ClusterSchedulerConfigId"])
        return self._show(one, "ClusterSchedulerConfig")

    @operation("DescribeComputeQuota")
    def describe_compute_quota(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return self._show(self._store.get(caller, QUOTA, parameters["ComputeQuotaId"]), "ComputeQuota")

    def _show(self, one: Governed, prefix: str) -> dict[str, Any]:
        status = one.phase.status(self._world.clock())
        return {
            f"{prefix}Arn": one.arn,
            f"{prefix}Id": one.identity,
            f"{prefix}Version": one.version,
            "Name": one.name,
            "ClusterArn": one.cluster_arn,
            "Status": status,
            "FailureReason": one.failure if status.endswith("Failed") else None,
            "CreationTime": one.created,
            "LastModifiedTime": one.modified,
            **one.content,
        }

    @operation("ListClusterSchedulerConfigs")
    def list_cluster_scheduler_configs(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        left_out = ("SchedulerConfig", "Description", "FailureReason")
        return self._list(caller, parameters, SCHEDULER, "ClusterSchedulerConfig", left_out)

    @operation("ListComputeQuotas")
    def list_compute_quotas(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return self._list(caller, parameters, QUOTA, "ComputeQuota", ("Description", "FailureReason"))

    def _list(
        self, caller: Caller, parameters: Parameters, kind: Kind, prefix: str, left_out: tuple[str, ...]
    ) -> dict[str, Any]:
        shown = [self._show(one, prefix) for one in self._store.of_kind(kind, caller.region)]
        found = [
            {key: value for key, value in entry.items() if key not in left_out}
            for entry in shown
            if parameters.get("NameContains", "") in entry["Name"]
            and parameters.get("ClusterArn") in (None, entry["ClusterArn"])
            and parameters.get("Status") in (None, entry["Status"])
        ]
        found.sort(
            key=lambda entry: entry[parameters.get("SortBy", "CreationTime")],
            reverse=parameters.get("SortOrder") != "Ascending",
        )
        items, token = page(found, parameters.get("NextToken"), parameters.get("MaxResults"))
        return {f"{prefix}Summaries": items, "NextToken": token}

    @operation("DeleteClusterSchedulerConfig")
    def delete_cluster_scheduler_config(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return self._delete(self._store.get(caller, SCHEDULER, parameters["ClusterSchedulerConfigId"]))

    @operation("DeleteComputeQuota")
    def delete_compute_quota(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        return self._delete(self._store.get(caller, QUOTA, parameters["ComputeQuotaId"]))

    def _delete(self, one: Governed) -> dict[str, Any]:
        if not one.phase.over(self._world.clock()):
            raise AwsError("ConflictException", f"{one.arn} is in state {one.phase.during}.")
        one.phase = self._world.phase("Deleting", "Deleted")
        self._world.then(one.phase, lambda: self._store.held.pop(one.arn, None))
        return {}


def _scheduler(parameters: Parameters) -> dict[str, Any]:
    return {"SchedulerConfig": {"FairShare": "Enabled", **parameters["SchedulerConfig"]}, **_description(parameters)}


def _description(parameters: Parameters) -> dict[str, Any]:
    return {"Description": parameters["Description"]} if parameters.get("Description") else {}
