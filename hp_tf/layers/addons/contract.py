"""The addons layer: EKS add-ons that run on nodes, and storage that pods can mount."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hp_tf.contract.addons import Addon, AddonName
from hp_tf.contract.base import Condition, Contract, Inputs, Name, Outputs, Remedy, Wired
from hp_tf.contract.facts import OfAccount, OfName, OfPartition, OfRegion, OfTags
from hp_tf.contract.providers import AWS, HELM
from hp_tf.contract.roles import KubernetesApi, Nodes
from hp_tf.contract.rules import element, var
from hp_tf.contract.types import KmsKeyArn, PolicyArn, RolePath, SecurityGroupId, SubnetId, ZoneId
from hp_tf.contract.types_cluster import (
    EksClusterName,
    FileSystemDnsName,
    FileSystemId,
    HyperPodName,
    KubernetesName,
    MountName,
)
from hp_tf.layers.addons.resources import RESOURCES
from hp_tf.layers.addons.rules import RULES
from hp_tf.layers.addons.storage import BucketVolume, LustreVolume, Namespace, ObjectName, StorageClass

_CLASSES = Condition(var("storage_classes").length().ge(1), "there are storage_classes")
_SHARED = Condition(
    var("lustre_volumes").values().some("volume", element("volume").field("file_system_id").missing()),
    "a volume of lustre_volumes names no file system",
)


class OwnAddon(Addon):
    """An EKS add-on that the layer knows. Where it needs a role and is given none, the layer makes it."""

    enabled: bool = Field(True, description="Whether the cluster has it.")


class CoreDns(OwnAddon):
    """CoreDNS, without which no pod finds a service."""

    preserve: bool = Field(
        True, description="Whether CoreDNS goes on running, as a self-managed one, when the add-on is deleted."
    )


class AddonsInputs(Inputs):
    """Inputs of the addons layer."""

    name: OfName
    region: OfRegion
    account_id: OfAccount
    partition: OfPartition
    tags: OfTags
    cluster_name: Annotated[EksClusterName, Wired("eks.cluster_name")] = Field(
        description="EKS cluster of the add-ons."
    )
    hyperpod_cluster_name: Annotated[HyperPodName | None, Wired("hyperpod.cluster_name")] = Field(
        None,
        description="HyperPod cluster whose nodes the add-ons run on. Naming it makes them come after it and go "
        "before it.",
    )
    coredns: CoreDns = Field(
        default_factory=CoreDns,
        description="CoreDNS, which then is an EKS add-on: it takes the self-managed one over.",
    )
    metrics_server: OwnAddon = Field(
        default_factory=OwnAddon, description="Metrics Server, for `kubectl top` and the autoscaling of pods."
    )
    cert_manager: OwnAddon = Field(
        default_factory=OwnAddon, description="cert-manager, which HyperPod's training operator needs."
    )
    fsx_csi_driver: OwnAddon = Field(
        default_factory=OwnAddon, description="The driver with which pods mount FSx for Lustre."
    )
    s3_csi_driver: OwnAddon = Field(
        default_factory=OwnAddon,
        description="The driver with which pods mount S3 buckets (Mountpoint). Its role is by pod identity, which it "
        "has from v2.0 on.",
    )
    further_addons: dict[AddonName, Addon] = Field(
        default_factory=dict, description="Further EKS add-ons that become active on nodes, by name."
    )
    restricted_nodes: bool = Field(
        False,
        description="Whether the nodes are those of restricted groups: the five add-ons then tolerate their taint, "
        "unless they have configuration_values of their own.",
    )
    namespaces: dict[KubernetesName, Namespace] = Field(
        default_factory=dict,
        description="Namespaces to make. One that is taken out is deleted with all that is in it.",
    )
    storage_classes: dict[ObjectName, StorageClass] = Field(
        default_factory=dict,
        description="Classes of FSx for Lustre file systems, by name. Every claim of such a class makes a file system "
        "of its own, which costs money until the claim is deleted.",
    )
    lustre_volumes: dict[ObjectName, LustreVolume] = Field(
        default_factory=dict,
        examples=[
            {
                "fsx": {
                    "file_system_id": "fs-0123456789abcdef0",
                    "dns_name": "fs-0123456789abcdef0.fsx.us-west-2.amazonaws.com",
                    "mount_name": "abcdefgh",
                }
            }
        ],
        description="FSx for Lustre file systems that exist, as volumes with claims, by name: the environment's, or "
        "others.",
    )
    bucket_volumes: dict[ObjectName, BucketVolume] = Field(
        default_factory=dict, description="S3 buckets as volumes with claims, by name. Pods may read no other buckets."
    )
    bucket_kms_key_arns: list[KmsKeyArn] = Field(
        default_factory=list, description="Keys that encrypt those buckets, where they are not S3's own."
    )
    file_system_id: Annotated[FileSystemId | None, Wired("fsx.file_system_id", only_when=_SHARED)] = Field(
        None, description="The environment's file system."
    )
    file_system_dns_name: Annotated[FileSystemDnsName | None, Wired("fsx.dns_name", only_when=_SHARED)] = Field(
        None, description="DNS name of it."
    )
    file_system_mount_name: Annotated[MountName | None, Wired("fsx.mount_name", only_when=_SHARED)] = Field(
        None, description="Lustre mount name of it."
    )
    private_subnet_ids: Annotated[
        dict[ZoneId, SubnetId] | None, Wired("network.private_subnet_ids", only_when=_CLASSES)
    ] = Field(None, description="Subnets by zone id, for the file systems of storage_classes.")
    primary_availability_zone_id: Annotated[
        ZoneId | None, Wired("network.primary_availability_zone_id", only_when=_CLASSES)
    ] = Field(None, description="Zone of storage_classes that name none.")
    security_group_id: Annotated[SecurityGroupId | None, Wired("security.security_group_id", only_when=_CLASSES)] = (
        Field(None, description="Security group of the nodes, for the file systems of storage_classes.")
    )
    role_path: RolePath = Field("/", description="IAM path of the drivers' roles.")
    permissions_boundary_arn: PolicyArn | None = Field(None, description="Permissions boundary of the drivers' roles.")


class AddonsOutputs(Outputs):
    """Outputs of the addons layer."""

    addon_versions: dict[str, str] = Field(description="Versions of the add-ons by name, once they are active.")
    cert_manager_version: str | None = Field(description="Version of cert-manager, once it is active; null without it.")
    release_name: str = Field(description="Name of the release of namespaces, classes, volumes and claims.")
    claims: dict[str, str] = Field(description="Volumes by the claims that pods name: namespace/claim.")


CONTRACT = Contract(
    name="addons",
    summary="EKS add-ons that need nodes (CoreDNS, cert-manager, CSI drivers), and the storage that pods mount.",
    inputs=AddonsInputs,
    outputs=AddonsOutputs,
    resources=RESOURCES,
    providers=(AWS, HELM),
    rules=RULES,
    names={
        "fsx_role": Name("{name}-fsx-csi-{region}", 64, "FSx driver's role"),
        "s3_role": Name("{name}-s3-csi-{region}", 64, "S3 driver's role"),
        "release": Name("{name}-storage", 53, "release of namespaces and storage"),
    },
    remedies=(
        Remedy(
            r'namespaces "[^"]+" not found',
            "make that namespace first, or name it in {layer}.namespaces",
        ),
        Remedy(
            "exists and cannot be imported into the current release",
            "another name for it in {layer}, or delete that object",
        ),
        Remedy(
            "is immutable after creation|updates to parameters are forbidden|field is immutable",
            "give the changed class or volume of {layer} another name: Kubernetes fixes what it is made of",
        ),
    ),
    enabled=False,
    orchestrators=frozenset({"eks"}),
    requires=frozenset({KubernetesApi, Nodes}),
    replaces=("FsxStack (CSI driver, StorageClass, claim)",),
    needs="The root must configure the `helm` provider for the cluster, as [the example's providers.tf]"
    "(../../examples/terraform-only/providers.tf) does, and nodes must run.",
)
