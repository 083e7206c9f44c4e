"""What SageMaker checks before it makes or changes a HyperPod cluster.

The real service finds some of these only while it builds the cluster; here all are refused at once, with the texts
that users meet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from hp_tf.emulator.awsjson import AwsError, Caller
from hp_tf.emulator.kube.releases import installed_charts
from hp_tf.emulator.services.eks_store import EksCluster, EksStore
from hp_tf.emulator.services.hyperpod_scripts import Scripts
from hp_tf.emulator.services.hyperpod_slurm import PARAMETERS, check_slurm
from hp_tf.emulator.services.hyperpod_store import Group, HyperpodCluster
from hp_tf.emulator.world import World
from hp_tf.standin.schema import load

DEPENDENCY_CHART = "hyperpod-helm-chart"
# What a group keeps once it is created. The provider shows a change as in-place: the service is who refuses.
FIXED_IN_GROUPS: tuple[str, ...] = tuple(
    facts["property"]
    for facts in load("awscc_sagemaker_cluster").document["attributes"]["instance_groups"]["attributes"].values()
    if facts.get("create_only") and facts["property"] != "InstanceGroupName"
)
_ACCELERATED = re.compile(r"ml\.(g|gr|inf|p|trn)\d")


def refuse(message: str) -> AwsError:
    """Return SageMaker's answer to what it does not accept."""
    return AwsError("ValidationException", message)


class HyperpodChecks:
    """The checks, against the emulated EKS, EC2, IAM and S3."""

    def __init__(self, world: World, eks: EksStore) -> None:
        self._world = world
        self._eks = eks
        self._scripts = Scripts(world)

    def check_create(self, caller: Caller, request: Mapping[str, Any], groups: Iterable[Group]) -> None:
        """Raise AwsError for the first thing that CreateCluster would refuse."""
        groups = list(groups)
        if not groups:
            raise refuse("At least one of InstanceGroups and RestrictedInstanceGroups is required.")
        eks = ((request.get("Orchestrator") or {}).get("Eks") or {}).get("ClusterArn")
        if eks is not None:
            self._check_eks(caller, request, eks)
        self.check_modes(request)
        if request.get("VpcConfig"):
            self._check_network(caller, request["VpcConfig"])
        self.check_groups(caller, request, groups)
        check_slurm(request, groups)

    def _check_eks(self, caller: Caller, request: Mapping[str, Any], arn: str) -> None:
        cluster = self._eks.by_arn(arn)
        if cluster is None or cluster.region != caller.region:
            raise refuse(f"EKS cluster {arn} does not exist.")
        if cluster.phase.status(self._world.clock()) != "ACTIVE":
            raise refuse(f"EKS cluster {arn} is not in ACTIVE state.")
        if cluster.attributes["accessConfig"]["authenticationMode"] == "CONFIG_MAP":
            raise refuse(f"EKS cluster {arn} must have authentication mode API or API_AND_CONFIG_MAP.")
        if not request.get("VpcConfig"):
            raise refuse("VpcConfig is required for a cluster orchestrated by EKS.")
        self._check_vpc(caller, request, cluster)
        if DEPENDENCY_CHART not in installed_charts(self._world.kube.get(cluster.kube_name)):
            raise refuse(
                f"The EKS cluster {arn} lacks the HyperPod dependencies: install the chart {DEPENDENCY_CHART} first."
            )

    def _check_vpc(self, caller: Caller, request: Mapping[str, Any], cluster: EksCluster) -> None:
        vpc_id = cluster.attributes["resourcesVpcConfig"]["vpcId"]
        for subnet_id in request["VpcConfig"]["Subnets"]:
            subnet = self._world.cloud.subnet(caller.region, subnet_id)
            if subnet is not None and subnet.vpc_id != vpc_id:
                raise refuse(f"The subnet {subnet_id} is not in the EKS cluster's VPC {vpc_id}.")

    def check_modes(self, request: Mapping[str, Any]) -> None:
        """Raise AwsError for modes that do not go together. `request` is what the cluster would be after the call."""
        orchestrator = request.get("Orchestrator") or {}
        continuous = request.get("NodeProvisioningMode") == "Continuous"
        if continuous and not orchestrator:
            raise refuse("NodeProvisioningMode Continuous requires an Orchestrator.")
        if (request.get("AutoScaling") or {}).get("Mode") == "Enable":
            if not continuous:
                raise refuse("AutoScaling requires NodeProvisioningMode Continuous.")
            if not request.get("ClusterRole"):
                raise refuse("AutoScaling requires a ClusterRole.")
        role = request.get("ClusterRole")
        if role and not self._world.cloud.role_exists(role):
            raise refuse(f"The role {role} does not exist.")

    def _check_override(
        self, caller: Caller, request: Mapping[str, Any], config: Mapping[str, Any], where: str
    ) -> None:
        vpc_id = self._check_network(caller, config)
        for subnet_id in (request.get("VpcConfig") or {}).get("Subnets", ())[:1]:
            subnet = self._world.cloud.subnet(caller.region, subnet_id)
            if subnet is not None and subnet.vpc_id != vpc_id:
                raise refuse(f"OverrideVpcConfig of {where} is in {vpc_id}, the cluster in {subnet.vpc_id}.")

    def _check_network(self, caller: Caller, config: Mapping[str, Any]) -> str:
        """Check subnets and security groups, and answer with their VPC."""
        vpcs: set[str] = set()
        for subnet_id in config["Subnets"]:
            subnet = self._world.cloud.subnet(caller.region, subnet_id)
            if subnet is None:
                raise refuse(f"The subnet ID '{subnet_id}' does not exist")
            vpcs.add(subnet.vpc_id)
        for group_id in config["SecurityGroupIds"]:
            group = self._world.cloud.security_group(caller.region, group_id)
            if group is None:
                raise refuse(f"The security group '{group_id}' does not exist")
            vpcs.add(group.vpc_id)
            for egress, direction in ((False, "inbound"), (True, "outbound")):
                if not group.talks_to_itself(egress=egress):
                    raise refuse(
                        "EFA health checks did not run successfully. Ensure that your VPC and security groups are "
                        f"properly configured: {group_id} has no {direction} rule for all traffic from and to itself."
                    )
        if len(vpcs) > 1:
            raise refuse(f"Subnets and security groups must be in one VPC, found {', '.join(sorted(vpcs))}.")
        return next(iter(vpcs))

    def check_groups(self, caller: Caller, request: Mapping[str, Any], groups: Iterable[Group]) -> None:
        """Raise AwsError for the first group that cannot be."""
        orchestrator = request.get("Orchestrator") or {}
        if orchestrator.get("Eks") and orchestrator.get("Slurm"):
            raise refuse("Orchestrator takes one of Eks and Slurm.")
        on_eks = bool(orchestrator.get("Eks"))
        continuous = request.get("NodeProvisioningMode") == "Continuous"
        for group in groups:
            given = group.specification
            where = f"instance group {group.name}"
            if not group.restricted and not given.get("InstanceType") and not given.get("InstanceRequirements"):
                raise refuse(f"InstanceType is required for {where}.")
            if given.get("InstanceType") and given.get("InstanceRequirements"):
                raise refuse(f"InstanceType and InstanceRequirements exclude each other for {where}.")
            _check_health_checks(given, where)
            if (given.get("MinInstanceCount") or 0) > group.target:
                raise refuse(f"MinInstanceCount is greater than InstanceCount for {where}.")
            if not self._world.cloud.role_exists(given["ExecutionRole"]):
                raise refuse(f"The execution role {given['ExecutionRole']} of {where} does not exist.")
            for key in ("KubernetesConfig", "CapacityRequirements", "ImageId"):
                wanted = given.get(key)
                if wanted and wanted != "default" and not (on_eks and continuous):
                    raise refuse(f"{key} of {where} requires EKS and NodeProvisioningMode Continuous.")
            if given.get("OverrideVpcConfig"):
                self._check_override(caller, request, given["OverrideVpcConfig"], where)
            _check_volumes(given, where)
            self._check_parameters(group)

    def _check_parameters(self, group: Group) -> None:
        """Refuse a group that Slurm would be told of twice."""
        if not (group.specification.get("LifeCycleConfig") or {}).get("SourceS3Uri"):
            return
        place, content = self._scripts.parameters(group)
        if group.specification.get("SlurmConfig") and content is not None:
            raise refuse(f"SlurmConfig and {PARAMETERS} exclude each other: delete {place}.")

    def check_update(self, cluster: HyperpodCluster, new: Group) -> None:
        """Refuse a change of what is fixed when a group is created."""
        old = cluster.groups[new.name]
        for key in FIXED_IN_GROUPS:
            # A member that is left out of an update keeps or resets its value; only another value is a change.
            if key in new.specification and new.specification[key] != old.specification.get(key):
                raise refuse(f"You cannot update {key} of the existing instance group {new.name}.")
        if old.specification.get("InstanceType") and new.specification.get("InstanceRequirements"):
            raise refuse(f"You cannot update InstanceType of the existing instance group {new.name}.")
        if old.restricted != new.restricted:
            raise refuse(f"You cannot turn the instance group {new.name} into a restricted one or back.")


def _check_health_checks(given: Mapping[str, Any], where: str) -> None:
    types = [given["InstanceType"]] if given.get("InstanceType") else []
    types += (given.get("InstanceRequirements") or {}).get("InstanceTypes") or ()
    plain = [name for name in types if not _ACCELERATED.match(name)]
    if given.get("OnStartDeepHealthChecks") and plain:
        raise refuse(f"Deep health checks need accelerators, which {', '.join(plain)} of {where} lacks.")


def _check_volumes(given: Mapping[str, Any], where: str) -> None:
    volumes = [
        config["EbsVolumeConfig"] for config in given.get("InstanceStorageConfigs") or () if "EbsVolumeConfig" in config
    ]
    roots = [volume for volume in volumes if volume.get("RootVolume")]
    if len(roots) > 1 or len(volumes) - len(roots) > 1:
        raise refuse(f"At most one root and one secondary EBS volume are allowed for {where}.")
    for volume in volumes:
        if volume.get("RootVolume"):
            if volume.get("VolumeSizeInGB") is not None or not volume.get("VolumeKmsKeyId"):
                raise refuse(f"A root EBS volume takes a VolumeKmsKeyId and no VolumeSizeInGB ({where}).")
        elif volume.get("VolumeSizeInGB") is None:
            raise refuse(f"A secondary EBS volume needs a VolumeSizeInGB ({where}).")
