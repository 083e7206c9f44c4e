"""The services that are our own, built over one world; and forgetting everything they hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hp_tf.emulator.awsjson import Caller, Parameters, Service
from hp_tf.emulator.kube.releases import releases
from hp_tf.emulator.services.amp import AmpStore, amp_service
from hp_tf.emulator.services.cloudcontrol import CloudControlStore, ResourceType, cloudcontrol_service
from hp_tf.emulator.services.cloudformation import cloudformation_service
from hp_tf.emulator.services.eks import eks_service
from hp_tf.emulator.services.eks_store import EksStore
from hp_tf.emulator.services.eks_tokens import EksTokens
from hp_tf.emulator.services.fsx import FsxStore, fsx_service
from hp_tf.emulator.services.governance_resource import GovernanceResource, quota_facts, scheduler_facts
from hp_tf.emulator.services.governance_store import GovernanceStore
from hp_tf.emulator.services.grafana import GrafanaStore, grafana_service
from hp_tf.emulator.services.hyperpod import hyperpod_service
from hp_tf.emulator.services.hyperpod_nodes import HyperpodNodes
from hp_tf.emulator.services.hyperpod_resource import TYPE_NAME, HyperpodResource
from hp_tf.emulator.services.hyperpod_store import HyperpodStore
from hp_tf.emulator.services.studio_store import StudioStore
from hp_tf.emulator.world import World

# Runs a call of one of our services: (service, operation, work) -> result; applies faults and writes the log.
Around = Callable[[str, str, Callable[[], Mapping[str, Any]]], Mapping[str, Any]]


@dataclass(frozen=True)
class OwnServices:
    """Our services by botocore's name, with the stores behind them."""

    world: World
    services: Mapping[str, Service]
    eks: EksStore
    fsx: FsxStore
    hyperpod: HyperpodStore
    governance: GovernanceStore
    studio: StudioStore
    cloudcontrol: CloudControlStore
    nodes: HyperpodNodes
    tokens: EksTokens
    amp: AmpStore
    grafana: GrafanaStore

    def clear(self) -> None:
        """Forget everything, without any of a deletion's checks."""
        self.hyperpod.clusters.clear()
        self.governance.held.clear()
        self.studio.held.clear()
        self.cloudcontrol.clear()
        self.eks.clusters.clear()
        for held in (self.fsx.file_systems, self.fsx.associations, self.fsx.volumes):
            held.clear()
        self.amp.workspaces.clear()
        self.grafana.workspaces.clear()
        self.world.kube.clear()
        self.world.forget()

    def settle(self) -> None:
        """Bring everything to where it should be by now: deletions end, nodes join."""
        self.world.settle()
        self.nodes.settle()

    def inventory(self) -> dict[str, list[str]]:
        """What the stores hold: Terraform type -> Terraform ids."""
        clusters = list(self.eks.clusters.values())
        return {
            "aws_eks_cluster": [cluster.name for cluster in clusters],
            "aws_eks_addon": [f"{cluster.name}:{name}" for cluster in clusters for name in cluster.addons],
            "aws_eks_access_entry": [
                f"{cluster.name}:{principal}"
                for cluster in clusters
                for principal in cluster.entries
                if principal != cluster.creator
            ],
            "aws_eks_access_policy_association": [
                f"{cluster.name}#{principal}#{policy}"
                for cluster in clusters
                for principal, entry in cluster.entries.items()
                if principal != cluster.creator
                for policy in entry.policies
            ],
            "aws_eks_pod_identity_association": [
                identifier
                for cluster in clusters
                for identifier, found in cluster.associations.items()
                if not found["ownerArn"]
            ],
            "aws_fsx_lustre_file_system": self._file_systems("LUSTRE"),
            "aws_fsx_openzfs_file_system": self._file_systems("OPENZFS"),
            "aws_fsx_data_repository_association": list(self.fsx.associations),
            "awscc_sagemaker_cluster": list(self.hyperpod.clusters),
            "awscc_sagemaker_cluster_scheduler_config": [
                one.arn for one in self.governance.of_kind("cluster-scheduler-config")
            ],
            # Compute quotas are the one type that comes by the aws provider's own way to Cloud Control.
            "aws_cloudcontrolapi_resource": [one.arn for one in self.governance.of_kind("compute-quota")],
            "helm_release": [
                release.name
                for name in self.world.kube.names()
                for release in releases(self.world.kube.get(name))
                if release.status != "uninstalled"
            ],
        }

    def _file_systems(self, kind: str) -> list[str]:
        return [key for key, found in self.fsx.file_systems.items() if found.attributes["FileSystemType"] == kind]


def own_services(world: World, around: Around) -> OwnServices:
    """Build our services. Calls between them go through `around`, as if they came from outside."""
    eks, fsx, hyperpod, cloudcontrol = EksStore(world), FsxStore(), HyperpodStore(), CloudControlStore()
    amp, grafana = AmpStore(), GrafanaStore()
    governance, studio = GovernanceStore(), StudioStore()
    nodes = HyperpodNodes(world, hyperpod, eks)
    sagemaker = hyperpod_service(world, hyperpod, governance, studio, eks, nodes)

    def call_sagemaker(caller: Caller, name: str, parameters: Parameters) -> Mapping[str, Any]:
        return around("sagemaker", name, lambda: sagemaker.call(caller, name, parameters))

    types: dict[str, ResourceType] = {TYPE_NAME: HyperpodResource(call_sagemaker)}
    for facts in (scheduler_facts(), quota_facts()):
        types[facts.name] = GovernanceResource(facts, call_sagemaker)
    services = [
        eks_service(eks),
        fsx_service(world, fsx),
        amp_service(world, amp),
        grafana_service(world, grafana),
        sagemaker,
        cloudcontrol_service(world, cloudcontrol, types),
        cloudformation_service(),
    ]
    return OwnServices(
        world,
        {service.name: service for service in services},
        eks,
        fsx,
        hyperpod,
        governance,
        studio,
        cloudcontrol,
        nodes,
        EksTokens(eks),
        amp,
        grafana,
    )
