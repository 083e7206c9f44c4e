"""The eks layer: control-plane subnets, the EKS cluster, the add-ons that need no nodes, and who may use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from hp_tf.contract.addons import Addon, version_rules
from hp_tf.contract.base import (
    Contract,
    CreateOnly,
    Inputs,
    KeyedBy,
    Name,
    Outputs,
    Unique,
    Wired,
)
from hp_tf.contract.eks_addons import NEEDING_NODES
from hp_tf.contract.facts import OfAccount, OfName, OfPartition, OfRegion, OfTags
from hp_tf.contract.rules import Path, Rule, Scope, both, either, implies, item, literal, negation, var
from hp_tf.contract.shared_rules import key_in_region, one_thing, partition_of_region, tag_keys_distinct
from hp_tf.contract.types import (
    REGULAR_ZONE,
    Cidr,
    KmsKeyArn,
    LogRetentionDays,
    PolicyArn,
    RoleArn,
    RolePath,
    RouteTableId,
    SecurityGroupId,
    ServiceCidr,
    SubnetId,
    VpcCidr,
    VpcId,
    ZoneId,
)
from hp_tf.contract.types_cluster import EksClusterArn, EksClusterName
from hp_tf.layers.eks.access import RULES as ACCESS_RULES
from hp_tf.layers.eks.access import AccessEntry
from hp_tf.layers.eks.cluster import KUBERNETES_API
from hp_tf.layers.eks.lookup import LOOKUP
from hp_tf.layers.eks.purchases import buys, next_steps
from hp_tf.layers.eks.resources import RESOURCES
from hp_tf.layers.eks.rules import GIVEN_VPC, PYTHON_RULES, VPC_CIDR
from hp_tf.layers.eks.versions import DEFAULT, KubernetesVersion
from hp_tf.layers.eks.versions import RULES as VERSION_RULES

LogType = Literal["api", "audit", "authenticator", "controllerManager", "scheduler"]
LOG_TYPES: tuple[LogType, ...] = ("api", "audit", "authenticator", "controllerManager", "scheduler")

# Zones in which EKS places no control plane.
REFUSED_ZONES = ("use1-az3", "usw1-az2", "cac1-az3")


class EksInputs(Inputs):
    """Inputs of the eks layer."""

    name: OfName
    region: OfRegion
    account_id: OfAccount
    partition: OfPartition
    tags: OfTags
    vpc_id: Annotated[VpcId, Wired("network.vpc_id")] = Field(description="VPC of the control-plane subnets.")
    vpc_cidr: Annotated[VpcCidr, Wired("network.vpc_cidr")] = Field(
        description="Primary range of the VPC. Control-plane subnets without a range of their own lie in its last 256 "
        "addresses: /28 number n for the zone whose id ends in n."
    )
    vpc_cidr_blocks: Annotated[dict[str, VpcCidr] | None, Wired("network.vpc_cidr_blocks")] = Field(
        None,
        description="IPv4 blocks of the VPC by a key of any name, its primary one or not: service_ipv4_cidr is held "
        "against them. Null: against vpc_cidr alone.",
    )
    security_group_id: Annotated[SecurityGroupId, Wired("security.security_group_id")] = Field(
        description="Security group of the nodes, which the control plane's network interfaces carry as well."
    )
    additional_security_group_ids: list[SecurityGroupId] = Field(
        default_factory=list,
        max_length=3,
        description="Further security groups of the control plane's network interfaces, besides that of the nodes and "
        "the one EKS makes. EKS takes four in all.",
    )
    cluster_name: Annotated[EksClusterName | None, Unique(), CreateOnly("another name is another cluster")] = Field(
        None, description="Name of the cluster; null makes it from the environment's name."
    )
    kubernetes_version: KubernetesVersion = Field(
        DEFAULT,
        description="Kubernetes version of the control plane. HyperPod needs 1.28 or newer. It goes up by one minor "
        "at a time, and never down.",
    )
    availability_zone_ids: Annotated[
        list[ZoneId], CreateOnly("EKS keeps the zones it was created in; other zones mean another cluster")
    ] = Field(
        min_length=2,
        description="Zones of the control plane's network interfaces: two or more, independent of the nodes' zones.",
    )
    create_subnets: bool = Field(
        True, description="Whether to make the control-plane subnets; false takes those of subnet_ids."
    )
    subnet_cidrs: dict[ZoneId, VpcCidr] = Field(
        default_factory=dict,
        description="Range of a control-plane subnet by zone id, in the VPC, where the usual one is taken.",
    )
    subnet_ids: dict[ZoneId, SubnetId] = Field(
        default_factory=dict, description="Existing control-plane subnets by zone id, when create_subnets is false."
    )
    authentication_mode: Literal["API", "API_AND_CONFIG_MAP"] = Field(
        "API_AND_CONFIG_MAP",
        description="How principals are known to the cluster. HyperPod needs access entries, so CONFIG_MAP alone will "
        "not do. API_AND_CONFIG_MAP can become API, never the other way.",
    )
    bootstrap_cluster_creator_admin_permissions: Annotated[
        bool, CreateOnly("give the creator an access entry instead")
    ] = Field(True, description="Whether the principal that creates the cluster becomes its administrator.")
    bootstrap_self_managed_addons: Annotated[bool, CreateOnly("install the add-ons as EKS add-ons instead")] = Field(
        True,
        description="Whether EKS puts self-managed CoreDNS, kube-proxy and VPC CNI into the new cluster. With false "
        "there is no CoreDNS until something that comes after the nodes installs it.",
    )
    support_type: Literal["STANDARD", "EXTENDED"] = Field(
        "EXTENDED",
        description="What EKS does when standard support of the version ends: EXTENDED keeps it for a year at a higher "
        "price, STANDARD updates the cluster by itself.",
    )
    endpoint_private_access: bool = Field(True, description="Whether the API server is reachable from the VPC.")
    endpoint_public_access: bool = Field(True, description="Whether the API server is reachable from the internet.")
    public_access_cidrs: list[Cidr] = Field(
        default_factory=lambda: ["0.0.0.0/0"],
        min_length=1,
        description="Ranges from which the public endpoint may be reached. Without the private endpoint the nodes "
        "are among those that reach it from outside.",
    )
    private_access_cidrs: dict[str, Cidr] = Field(
        default_factory=dict,
        description="Ranges, of the VPC or of what is joined to it (a VPN, a peered VPC), by a name of your choice, "
        "from which the private endpoint may be reached. Without them only the nodes reach it: its network interfaces "
        "let nobody else in.",
    )
    service_ipv4_cidr: Annotated[ServiceCidr | None, CreateOnly("the range of services is fixed at creation")] = Field(
        None,
        description="Range of Kubernetes services, apart from every block of the VPC; null lets EKS choose "
        "10.100.0.0/16 or 172.20.0.0/16.",
    )
    secrets_encryption: Annotated[
        Literal["aws_owned_key", "created_key", "given_key"], CreateOnly("an encryption key cannot be taken away again")
    ] = Field(
        "aws_owned_key",
        description="Key that encrypts Kubernetes secrets: EKS's own, one made here, or the one of kms_key_arn.",
    )
    kms_key_arn: KmsKeyArn | None = Field(
        None, description="Key that encrypts Kubernetes secrets when secrets_encryption is given_key."
    )
    kms_key_deletion_window_days: int = Field(
        30, ge=7, le=30, description="Days between the deletion of a key made here and its end."
    )
    log_types: list[LogType] = Field(
        default_factory=lambda: list(LOG_TYPES),
        description="Control-plane logs that go to CloudWatch.",
    )
    log_retention_days: LogRetentionDays = Field(90, description="Days CloudWatch keeps the control-plane logs.")
    log_kms_key_arn: KmsKeyArn | None = Field(
        None,
        description="Key that encrypts the control-plane logs; null leaves it to CloudWatch. Its policy must "
        "allow the service.",
    )
    addons: dict[str, Addon] = Field(
        default_factory=lambda: {"vpc-cni": Addon(), "kube-proxy": Addon(), "eks-pod-identity-agent": Addon()},
        description="EKS add-ons that become active without nodes, by name. Objects already there are overwritten.",
    )
    access_entries: dict[str, AccessEntry] = Field(
        default_factory=dict,
        description="Who may use the cluster, by a name of your choice. The principal that creates the cluster has an "
        "entry already where bootstrap_cluster_creator_admin_permissions is true: EKS refuses another one for it.",
    )
    role_path: Annotated[
        RolePath, CreateOnly("a cluster keeps its role; make another environment for another path")
    ] = Field("/", description="IAM path of the cluster's role.")
    permissions_boundary_arn: PolicyArn | None = Field(None, description="Permissions boundary of the cluster's role.")


class EksOutputs(Outputs):
    """Outputs of the eks layer."""

    cluster_name: EksClusterName = Field(
        description="Name of the cluster, once its access entries and add-ons are there."
    )
    cluster_arn: EksClusterArn = Field(description="ARN of the cluster.")
    cluster_endpoint: str = Field(description="URL of the Kubernetes API server.")
    cluster_certificate_authority: str = Field(
        description="Certificate of the API server's authority, PEM in base64 as EKS gives it."
    )
    cluster_security_group_id: SecurityGroupId = Field(description="Security group that EKS made for the cluster.")
    secrets_key_arn: KmsKeyArn | None = Field(
        description="ARN of the key that encrypts Kubernetes secrets, made here or given; null for EKS's own."
    )
    kubernetes_version: str = Field(description="Kubernetes version of the control plane.")
    role_name: str = Field(description="Name of the cluster's role.")
    role_arn: RoleArn = Field(description="ARN of the cluster's role.")
    log_group_name: str = Field(description="Name of the log group of the control plane.")
    log_group_arn: str = Field(description="ARN of the log group of the control plane.")
    control_plane_subnet_cidrs: dict[ZoneId, VpcCidr] = Field(
        description="Blocks of the control-plane subnets made here by zone id."
    )
    oidc_issuer_url: str = Field(description="URL of the cluster's OpenID Connect issuer, for IRSA.")
    vpc_id: VpcId = Field(description="VPC of the cluster.")
    control_plane_subnet_ids: Annotated[dict[ZoneId, SubnetId], KeyedBy("availability_zone_ids")] = Field(
        description="Subnets of the control plane's network interfaces by zone id."
    )
    control_plane_route_table_ids: dict[ZoneId, RouteTableId] = Field(
        description="Route tables of the control-plane subnets made here by zone id."
    )


def _versions(scope: Scope) -> Iterator[tuple[Path, str, Any]]:
    addons = scope.get("addons")
    for name, addon in addons.items() if isinstance(addons, Mapping) else ():
        if isinstance(addon, Mapping):
            yield ("addons", name, "addon_version"), name, addon.get("addon_version")


_EARLY_ADDONS = var("addons").keys().common(NEEDING_NODES)

CONTRACT = Contract(
    name="eks",
    summary="The EKS cluster that orchestrates HyperPod, with its subnets, add-ons that need no nodes, and access.",
    inputs=EksInputs,
    outputs=EksOutputs,
    resources=RESOURCES,
    given=(one_thing("eks", "cluster", "cluster_name", "cluster_arn"), GIVEN_VPC),
    rules=(
        Rule(
            "eks-addon-configuration",
            on="addons",
            check=implies(
                item().field("configuration_values").given(), item().field("configuration_values").is_mapping("json")
            ),
            message="configuration_values of an add-on must be a JSON object.",
            each=True,
            at="configuration_values",
        ),
        Rule(
            "eks-zones-distinct",
            on="availability_zone_ids",
            check=var("availability_zone_ids").distinct(),
            message="Every zone of availability_zone_ids must be named once.",
            culprits=var("availability_zone_ids").doubled(),
        ),
        Rule(
            "eks-zones-refused",
            on="availability_zone_ids",
            check=both(item().matches(REGULAR_ZONE), negation(item().one_of(REFUSED_ZONES))),
            message="The EKS control plane cannot be in a Local Zone, nor in use1-az3, usw1-az2 or cac1-az3; "
            "availability_zone_ids must name other zones (the nodes' zones are free).",
            each=True,
        ),
        Rule(
            "eks-subnets-given",
            on="subnet_ids",
            check=implies(
                var("create_subnets").eq(False), var("subnet_ids").keys().covers(var("availability_zone_ids"))
            ),
            message="create_subnets is false, so subnet_ids must name a subnet for each of availability_zone_ids.",
        ),
        Rule(
            "eks-subnets-not-both",
            on="subnet_ids",
            check=implies(var("create_subnets"), var("subnet_ids").length().eq(0)),
            message="subnet_ids names existing subnets, so create_subnets must be false.",
        ),
        Rule(
            "eks-subnet-cidrs-known",
            on="subnet_cidrs",
            check=var("availability_zone_ids").covers(var("subnet_cidrs").keys()),
            message="subnet_cidrs names a zone that is not in availability_zone_ids.",
            culprits=var("subnet_cidrs").keys().without(var("availability_zone_ids")),
        ),
        Rule(
            "eks-vpc-small",
            on="vpc_cidr",
            check=either(
                var("create_subnets").eq(False),
                VPC_CIDR.matches(".*/(?:1[6-9]|2[0-4])"),
                var("subnet_cidrs").keys().covers(var("availability_zone_ids")),
            ),
            message="A VPC smaller than /24 has no room for the usual control-plane subnets: subnet_cidrs must name "
            "a range for each of availability_zone_ids.",
        ),
        Rule(
            "eks-endpoint-reachable",
            on="endpoint_private_access",
            check=either(var("endpoint_private_access"), var("endpoint_public_access")),
            message="The API server must be reachable: endpoint_private_access or endpoint_public_access must be true.",
        ),
        Rule(
            "eks-public-access-nodes",
            on="endpoint_private_access",
            check=either(
                var("endpoint_private_access"),
                literal("0.0.0.0/0").within(var("public_access_cidrs")),
            ),
            message="Without the private endpoint the nodes reach the API server by their way out: public_access_cidrs "
            "narrower than 0.0.0.0/0 must hold the addresses of the NAT gateways.",
            level="warning",
        ),
        Rule(
            "eks-private-access-off",
            on="private_access_cidrs",
            check=implies(var("private_access_cidrs").length().ge(1), var("endpoint_private_access")),
            message="private_access_cidrs are for the private endpoint, so endpoint_private_access must be true.",
        ),
        Rule(
            "eks-private-access-distinct",
            on="private_access_cidrs",
            check=var("private_access_cidrs").values().distinct(),
            message="Every range of private_access_cidrs must be named once.",
            culprits=var("private_access_cidrs").values().doubled(),
        ),
        *ACCESS_RULES,
        *VERSION_RULES,
        Rule(
            "eks-key-given",
            on="kms_key_arn",
            check=implies(var("secrets_encryption").eq("given_key"), var("kms_key_arn").given()),
            message="secrets_encryption is given_key, so kms_key_arn must name the key.",
        ),
        Rule(
            "eks-key-not-both",
            on="kms_key_arn",
            check=implies(var("kms_key_arn").given(), var("secrets_encryption").eq("given_key")),
            message="kms_key_arn names a key, so secrets_encryption must be given_key.",
        ),
        Rule(
            "eks-addons-need-nodes",
            on="addons",
            check=_EARLY_ADDONS.empty(),
            message="addons holds only what becomes active without nodes. CoreDNS, controllers, operators and CSI "
            "drivers never would, and the apply would wait 20 minutes; they come after the nodes.",
            level="warning",
            culprits=_EARLY_ADDONS,
        ),
        *version_rules("eks", _versions),
        key_in_region("eks", "kms_key_arn"),
        partition_of_region("eks"),
        tag_keys_distinct("eks"),
        key_in_region("eks", "log_kms_key_arn"),
        *PYTHON_RULES,
    ),
    names={
        "cluster": Name("{name}-eks", 100, "EKS cluster", given="cluster_name"),
        "role": Name("{name}-eks-{region}", 64, "EKS cluster's role"),
    },
    lookup=LOOKUP,
    provides=(KUBERNETES_API,),
    orchestrators=frozenset({"eks"}),
    replaces=("EKSClusterStack",),
    not_replaced="That stack's CoreDNS add-on is one of `addons`: without nodes it never becomes active, and until "
    "then the cluster has the self-managed CoreDNS that EKS puts into it.",
    buys=buys,
    next_steps=next_steps,
)
