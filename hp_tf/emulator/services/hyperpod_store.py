"""The HyperPod clusters of the account: groups, nodes, events."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hp_tf.emulator.awsjson import AwsError, Caller
from hp_tf.emulator.phases import Phase


@dataclass
class Node:
    """An instance of a group."""

    instance_id: str
    logical_id: str
    group: str
    launched: float
    phase: Phase
    zone: str
    zone_id: str
    address: str
    joined: bool = False


@dataclass
class Group:
    """An instance group as it was asked for. `restricted` groups come from RestrictedInstanceGroups."""

    specification: dict[str, Any]
    restricted: bool
    nodes: list[Node] = field(default_factory=list)
    interface: str | None = None
    # Why its nodes do not come up; None while they do.
    cut_off: str | None = None

    @property
    def name(self) -> str:
        return str(self.specification["InstanceGroupName"])

    @property
    def instance_type(self) -> str:
        """The type of its nodes: of several that are allowed, the first, since capacity is not emulated."""
        wanted = self.specification.get("InstanceRequirements") or {}
        return str(self.specification.get("InstanceType") or next(iter(wanted.get("InstanceTypes") or ()), ""))

    @property
    def target(self) -> int:
        return int(self.specification["InstanceCount"])


@dataclass
class HyperpodCluster:
    """One cluster.

    Attributes:
        request: the top-level members of CreateCluster, without groups and tags.
        sent: names of its groups in the order of the last call that sent them.
    """

    name: str
    arn: str
    region: str
    created: float
    request: dict[str, Any]
    groups: dict[str, Group]
    sent: list[str]
    tags: dict[str, str]
    phase: Phase
    failure: str | None = None
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def cluster_id(self) -> str:
        return self.arn.rpartition("/")[2]

    @property
    def eks_arn(self) -> str | None:
        arn = ((self.request.get("Orchestrator") or {}).get("Eks") or {}).get("ClusterArn")
        return str(arn) if arn else None

    @property
    def continuous(self) -> bool:
        return self.request.get("NodeProvisioningMode") == "Continuous"


class HyperpodStore:
    """All clusters, by ARN."""

    def __init__(self) -> None:
        self.clusters: dict[str, HyperpodCluster] = {}

    def find(self, region: str, name_or_arn: str) -> HyperpodCluster | None:
        return next(
            (
                cluster
                for cluster in self.clusters.values()
                if cluster.region == region and name_or_arn in (cluster.name, cluster.arn)
            ),
            None,
        )

    def get(self, caller: Caller, name_or_arn: str) -> HyperpodCluster:
        """The cluster, or the error SageMaker gives for an unknown one."""
        cluster = self.find(caller.region, name_or_arn)
        if cluster is None:
            raise AwsError("ResourceNotFound", f"Cluster with name {name_or_arn} does not exist.")
        return cluster
