"""EKS: the network that a cluster is given, what may change of it, and the interfaces of its control plane."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hp_tf.emulator.awsjson import AwsError, Caller
from hp_tf.emulator.cloud import SubnetFacts
from hp_tf.emulator.services.eks_store import EksCluster
from hp_tf.emulator.world import World


def _refuse(message: str) -> AwsError:
    return AwsError("InvalidParameterException", message)


class EksNetwork:
    """Checks and changes `resourcesVpcConfig`, and makes what EKS makes in the VPC."""

    def __init__(self, world: World) -> None:
        self._world = world

    def create(self, caller: Caller, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """The network of a new cluster, with the security group that EKS makes. Raises AwsError."""
        public, private = given.get("endpointPublicAccess", True), given.get("endpointPrivateAccess", False)
        network = {
            "subnetIds": list(given.get("subnetIds") or ()),
            "securityGroupIds": list(given.get("securityGroupIds") or ()),
            "endpointPublicAccess": public,
            "endpointPrivateAccess": private,
            "publicAccessCidrs": list(given.get("publicAccessCidrs") or (["0.0.0.0/0"] if public else [])),
        }
        vpc_id = self._check(caller, network)[0].vpc_id
        group_id = self._world.cloud.create_security_group(
            caller.region,
            vpc_id,
            f"eks-cluster-sg-{name}-{self._world.chance.randrange(10**9, 10**10)}",
            "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, "
            "as well as any managed workloads.",
            {f"kubernetes.io/cluster/{name}": "owned", "aws:eks:cluster-name": name},
        )
        return {**network, "clusterSecurityGroupId": group_id, "vpcId": vpc_id}

    def update(self, caller: Caller, cluster: EksCluster, given: Mapping[str, Any]) -> str:
        """Change a cluster's network, and answer with the kind of the update. Raises AwsError."""
        network: dict[str, Any] = cluster.attributes["resourcesVpcConfig"]
        merged = {**network, **{key: value for key, value in given.items() if value is not None}}
        if merged["endpointPublicAccess"] and not merged["publicAccessCidrs"]:
            merged["publicAccessCidrs"] = ["0.0.0.0/0"]
        if merged == network:
            raise _refuse("Cluster is already at the desired configuration")
        subnets = self._check(caller, merged)
        if subnets[0].vpc_id != network["vpcId"]:
            raise _refuse(f"Subnets specified must be in the VPC of the cluster, {network['vpcId']}")
        if "subnetIds" in given:
            before, after = self._zones(caller, network["subnetIds"]), {subnet.zone_id for subnet in subnets}
            if before != after:
                raise _refuse(
                    f"Subnets specified must belong to the same set of AZs that was set when the cluster was created: "
                    f"{', '.join(sorted(before))}"
                )
        network.update(merged)
        if "subnetIds" in given or "securityGroupIds" in given:
            self.connect(cluster)
            return "VpcConfigUpdate"
        return "EndpointAccessUpdate"

    def _zones(self, caller: Caller, subnet_ids: Iterable[str]) -> set[str]:
        found = (self._world.cloud.subnet(caller.region, subnet_id) for subnet_id in subnet_ids)
        return {subnet.zone_id for subnet in found if subnet is not None}

    def _check(self, caller: Caller, network: Mapping[str, Any]) -> list[SubnetFacts]:
        """The subnets, if they and the groups exist and fit together."""
        subnets = []
        for subnet_id in network["subnetIds"]:
            subnet = self._world.cloud.subnet(caller.region, subnet_id)
            if subnet is None:
                raise _refuse(f"The subnet ID '{subnet_id}' does not exist in {caller.region}")
            subnets.append(subnet)
        if len({subnet.zone_id for subnet in subnets}) < 2:
            raise _refuse("Subnets specified must be in at least two different AZs")
        if len({subnet.vpc_id for subnet in subnets}) > 1:
            raise _refuse("Subnets specified must be in one VPC")
        vpc_id = subnets[0].vpc_id
        for group_id in network["securityGroupIds"]:
            group = self._world.cloud.security_group(caller.region, group_id)
            if group is None or group.vpc_id != vpc_id:
                raise _refuse(f"The security group '{group_id}' does not exist in VPC {vpc_id}")
        if not (network["endpointPublicAccess"] or network["endpointPrivateAccess"]):
            raise _refuse("Private and public endpoint access cannot be false")
        return subnets

    def connect(self, cluster: EksCluster) -> None:
        """Give the control plane an interface in each of its subnets: subnets and groups can go only after it."""
        self.disconnect(cluster)
        network = cluster.attributes["resourcesVpcConfig"]
        groups = [network["clusterSecurityGroupId"], *network["securityGroupIds"]]
        cluster.interfaces = [
            self._world.cloud.create_interface(
                cluster.region, subnet_id, groups, f"Amazon EKS {cluster.name}"
            ).interface_id
            for subnet_id in network["subnetIds"]
        ]

    def disconnect(self, cluster: EksCluster) -> None:
        """Take the control plane's interfaces away."""
        for interface in cluster.interfaces:
            self._world.cloud.delete_interface(cluster.region, interface)
        cluster.interfaces = []

    def remove(self, cluster: EksCluster) -> None:
        """Take away what EKS made in the VPC for a cluster."""
        self.disconnect(cluster)
        group_id = cluster.attributes["resourcesVpcConfig"]["clusterSecurityGroupId"]
        self._world.cloud.delete_security_group(cluster.region, group_id)
