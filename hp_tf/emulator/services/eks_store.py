"""The EKS clusters of the account, with what hangs on each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hp_tf.emulator.awsjson import AwsError, Caller
from hp_tf.emulator.phases import Phase
from hp_tf.emulator.world import World


@dataclass
class AddonRecord:
    """An add-on of a cluster."""

    attributes: dict[str, Any]
    phase: Phase


@dataclass
class EntryRecord:
    """An access entry, and the policies associated with it by their ARN."""

    attributes: dict[str, Any]
    policies: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class UpdateRecord:
    """An update of a cluster, as DescribeUpdate tells of it."""

    attributes: dict[str, Any]
    phase: Phase


@dataclass
class EksCluster:
    """One cluster. `attributes` is what DescribeCluster answers, without its status."""

    attributes: dict[str, Any]
    phase: Phase
    region: str
    kube_name: str
    creator: str
    addons: dict[str, AddonRecord] = field(default_factory=dict)
    entries: dict[str, EntryRecord] = field(default_factory=dict)
    associations: dict[str, dict[str, Any]] = field(default_factory=dict)
    updates: dict[str, UpdateRecord] = field(default_factory=dict)
    interfaces: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return str(self.attributes["name"])

    @property
    def arn(self) -> str:
        return str(self.attributes["arn"])


class EksStore:
    """All clusters, by region and name."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.clusters: dict[tuple[str, str], EksCluster] = {}

    def get(self, region: str, name: str) -> EksCluster:
        """The cluster, or the error EKS gives for an unknown one."""
        cluster = self.clusters.get((region, name))
        if cluster is None:
            raise AwsError("ResourceNotFoundException", f"No cluster found for name: {name}.", status=404)
        return cluster

    def by_arn(self, arn: str) -> EksCluster | None:
        return next((cluster for cluster in self.clusters.values() if cluster.arn == arn), None)

    def arn(self, caller: Caller, path: str) -> str:
        return f"arn:{caller.partition}:eks:{caller.region}:{self.world.account_id}:{path}"

    def record_update(self, cluster: EksCluster, kind: str, values: dict[str, Any]) -> dict[str, Any]:
        """Make the Update object of a change that begins now, and answer with it."""
        update = UpdateRecord(
            {
                "id": self.world.uuid(),
                "type": kind,
                "params": [{"type": key, "value": str(value)} for key, value in values.items()],
                "createdAt": self.world.clock(),
                "errors": [],
            },
            self.world.phase("InProgress", "Successful"),
        )
        cluster.updates[update.attributes["id"]] = update
        return self.show_update(update)

    def show_update(self, update: UpdateRecord) -> dict[str, Any]:
        return {**update.attributes, "status": update.phase.status(self.world.clock())}
