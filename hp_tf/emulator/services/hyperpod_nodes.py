"""HyperPod nodes: growing and shrinking groups, and the Node objects in the EKS cluster's Kubernetes API."""

from __future__ import annotations

import ipaddress
from typing import Any

from hp_tf.emulator.kube.store import KubeState
from hp_tf.emulator.services.eks_store import EksStore
from hp_tf.emulator.services.hyperpod_events import add_event
from hp_tf.emulator.services.hyperpod_scripts import Scripts
from hp_tf.emulator.services.hyperpod_store import Group, HyperpodCluster, HyperpodStore, Node
from hp_tf.emulator.world import World

LABEL = "sagemaker.amazonaws.com"


class HyperpodNodes:
    """Makes and removes nodes, and lets them join Kubernetes once they run."""

    def __init__(self, world: World, store: HyperpodStore, eks: EksStore) -> None:
        self._world = world
        self._store = store
        self._eks = eks
        self._scripts = Scripts(world)

    def resize(self, cluster: HyperpodCluster, group: Group) -> list[Node]:
        """Bring the group's nodes to its target count, newest removed first. Answers with the new nodes."""
        while len(group.nodes) > group.target:
            self.remove(cluster, group, group.nodes[-1])
        if len(group.nodes) < group.target and self._is_cut_off(cluster, group):
            return []
        new = [self._launch(cluster, group) for _ in range(group.target - len(group.nodes))]
        group.nodes += new
        self._connect(cluster, group)
        return new

    def why_cut_off(self, cluster: HyperpodCluster, group: Group) -> str | None:
        """Say why nodes of a group could not reach their script, or fail in it; None if they come up.

        Source: AWS's troubleshooting of HyperPod, a lifecycle script that cannot be downloaded.
        """
        config, subnets = group.specification.get("LifeCycleConfig"), _network(cluster, group).get("Subnets") or ()
        if config is None:
            return None
        lost = [name for name in subnets if not self._world.cloud.reaches(cluster.region, name, "s3")]
        if not lost:
            return self.failing(cluster, group)
        return (
            f"Lifecycle scripts did not run successfully: {config['SourceS3Uri']} cannot be downloaded, no route and "
            f"no VPC endpoint leads from {', '.join(lost)} to Amazon S3. Ensure that your VPC is properly configured."
        )

    def failing(self, cluster: HyperpodCluster, group: Group) -> str | None:
        """Say what a new node of a group fails at in its scripts; None if it comes up."""
        return self._scripts.problem(group, on_eks=cluster.eks_arn is not None)

    def _is_cut_off(self, cluster: HyperpodCluster, group: Group) -> bool:
        """Whether no node of a group comes up now; said among the cluster's events once."""
        why = self.why_cut_off(cluster, group)
        if why is not None and why != group.cut_off:
            add_event(
                self._world, cluster, f"Instances of {group.name} did not come up. {why}", group=group.name, failure=why
            )
        group.cut_off = why
        return why is not None

    def _connect(self, cluster: HyperpodCluster, group: Group) -> None:
        """Keep one interface for all nodes of a group: as long as it has any, its subnet and groups cannot go."""
        network = _network(cluster, group)
        if group.nodes and group.interface is None and network.get("Subnets"):
            group.interface = self._world.cloud.create_interface(
                cluster.region, network["Subnets"][0], network["SecurityGroupIds"], f"HyperPod {cluster.name}"
            ).interface_id
        if not group.nodes and group.interface is not None:
            self._world.cloud.delete_interface(cluster.region, group.interface)
            group.interface = None

    def _launch(self, cluster: HyperpodCluster, group: Group) -> Node:
        subnets = _network(cluster, group).get("Subnets") or ()
        facts = self._world.cloud.subnet(cluster.region, subnets[0]) if subnets else None
        taken = sum(len(other.nodes) for other in cluster.groups.values()) + len(group.nodes)
        block = ipaddress.ip_network(facts.cidr if facts else "10.0.0.0/16")
        address = block[(10 + self._world.chance.randrange(block.num_addresses) + taken) % block.num_addresses]
        return Node(
            instance_id=f"i-0{self._world.hex(16)}",
            logical_id=self._world.uuid(),
            group=group.name,
            launched=self._world.clock(),
            phase=self._world.phase("Pending", "Running"),
            zone=facts.zone if facts else f"{cluster.region}a",
            zone_id=facts.zone_id if facts else "",
            address=str(address),
        )

    def remove(self, cluster: HyperpodCluster, group: Group, node: Node) -> None:
        """Terminate one node, and take its Node object away."""
        group.nodes.remove(node)
        self._connect(cluster, group)
        state = self._kube(cluster)
        if state is not None and node.joined:
            state.remove("", "nodes", None, node_name(node))

    def remove_all(self, cluster: HyperpodCluster) -> None:
        for group in cluster.groups.values():
            for node in list(group.nodes):
                self.remove(cluster, group, node)

    def _kube(self, cluster: HyperpodCluster) -> KubeState | None:
        eks = self._eks.by_arn(cluster.eks_arn) if cluster.eks_arn else None
        return self._world.kube.find(eks.kube_name) if eks else None

    def settle(self) -> None:
        """Let every node that runs by now join the Kubernetes cluster."""
        now = self._world.clock()
        for cluster in self._store.clusters.values():
            state: KubeState | None = None
            for group in cluster.groups.values():
                if group.cut_off is not None and cluster.continuous:
                    # The service goes on trying.
                    self.resize(cluster, group)
                for node in group.nodes:
                    if node.joined or not node.phase.over(now):
                        continue
                    state = state or self._kube(cluster)
                    if state is not None:
                        state.put("", "nodes", node_object(cluster, group, node, state.version))
                        for waiting in (("batch", "jobs"), ("", "pods")):
                            state.announce(*waiting)
                    node.joined = True

    def relabel(self, cluster: HyperpodCluster, group: Group) -> None:
        """Write labels and taints again after they changed."""
        state = self._kube(cluster)
        if state is not None:
            for node in group.nodes:
                if node.joined:
                    state.put("", "nodes", node_object(cluster, group, node, state.version))


def _network(cluster: HyperpodCluster, group: Group) -> dict[str, Any]:
    return group.specification.get("OverrideVpcConfig") or cluster.request.get("VpcConfig") or {}


def node_name(node: Node) -> str:
    """The Kubernetes name of a HyperPod node."""
    return f"hyperpod-{node.instance_id}"


def host_name(cluster: HyperpodCluster, node: Node) -> str:
    """The private DNS name of a node."""
    domain = "ec2.internal" if cluster.region == "us-east-1" else f"{cluster.region}.compute.internal"
    return f"ip-{node.address.replace('.', '-')}.{domain}"


def node_object(cluster: HyperpodCluster, group: Group, node: Node, version: str) -> dict[str, Any]:
    """The Node object that the HyperPod service's agent would register."""
    given = group.specification
    config = given.get("KubernetesConfig") or {}
    labels = {
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": "arm64" if "gb200" in group.instance_type else "amd64",
        "kubernetes.io/hostname": node_name(node),
        "node.kubernetes.io/instance-type": group.instance_type,
        "topology.kubernetes.io/region": cluster.region,
        "topology.kubernetes.io/zone": node.zone,
        "topology.k8s.aws/zone-id": node.zone_id,
        f"{LABEL}/compute-type": "hyperpod",
        f"{LABEL}/cluster-name": cluster.name,
        f"{LABEL}/instance-group-name": group.name,
        f"{LABEL}/node-health-status": "Schedulable",
    }
    if given.get("OnStartDeepHealthChecks"):
        labels[f"{LABEL}/deep-health-check-status"] = "Passed"
    if group.restricted:
        labels[f"{LABEL}/instance-group-type"] = "Restricted"
    taints = [
        {"key": taint["Key"], "value": taint.get("Value", ""), "effect": taint["Effect"]}
        for taint in config.get("Taints") or ()
    ]
    if group.restricted:
        taints.append({"key": f"{LABEL}/RestrictedNode", "value": "Worker", "effect": "NoSchedule"})
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": node_name(node), "labels": {**labels, **(config.get("Labels") or {})}},
        "spec": {
            "providerID": f"aws:///{node.zone_id}/sagemaker/cluster/hyperpod-{cluster.cluster_id}-{node.instance_id}",
            **({"taints": taints} if taints else {}),
        },
        "status": {
            "addresses": [
                {"type": "InternalIP", "address": node.address},
                {"type": "Hostname", "address": node_name(node)},
            ],
            "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady"}],
            "nodeInfo": {"kubeletVersion": f"v{version}.0-eks", "operatingSystem": "linux"},
        },
    }
