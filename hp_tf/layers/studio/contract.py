"""The studio layer: an editor beside the cluster, in SageMaker Studio.

Limits: SageMaker's API (CreateDomain, CreateUserProfile, CreateSpace, CreateStudioLifecycleConfig).
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hp_tf.contract.base import Contract, CreateOnly, FromEnvironment, Inputs, Name, Orchestrator, Outputs, Text, Wired
from hp_tf.contract.facts import OfAccount, OfName, OfPartition, OfRegion, OfTags
from hp_tf.contract.rules import Rule, both, element, implies, negation, var
from hp_tf.contract.shared_rules import key_in_region, partition_of_region, role_here, tag_keys_distinct
from hp_tf.contract.types import (
    BucketName,
    KmsKeyArn,
    PolicyArn,
    RoleArn,
    RolePath,
    SecurityGroupId,
    SubnetId,
    VpcId,
    ZoneId,
)
from hp_tf.contract.types_cluster import EksClusterName, HyperPodArn
from hp_tf.layers.eks.access import AccessPolicy
from hp_tf.layers.studio.resources import RESOURCES

DomainId = Annotated[str, Text("d-[a-z0-9]{1,61}", "a SageMaker domain's id such as 'd-0123456789ab'")]
UserName = Annotated[
    str, Text("[a-zA-Z0-9](?:-*[a-zA-Z0-9])*", "a name of letters, digits and inner hyphens", max_length=50)
]
Machine = Annotated[str, Text(r"ml\.[a-z0-9-]+\.[a-z0-9]+", "an instance type of Studio such as 'ml.t3.medium'")]
ToolVersion = Annotated[str, Text(r"v[0-9]+\.[0-9]+\.[0-9]+", "a version such as 'v1.34.2'")]

_ADMINISTRATOR = element("arn").matches(".*:policy/AdministratorAccess")
_MAKES_ROLE = var("execution_role_arn").missing()
# What SageMaker takes of a script in base64, in characters of the script.
LONGEST_SCRIPT = 12288


class StudioInputs(Inputs):
    """Inputs of the studio layer."""

    name: OfName
    region: OfRegion
    account_id: OfAccount
    partition: OfPartition
    tags: OfTags
    orchestrator: Annotated[Orchestrator, FromEnvironment("orchestrator")] = Field(
        description="What orchestrates the cluster: with EKS the editor's role has an access entry."
    )
    vpc_id: Annotated[VpcId, Wired("network.vpc_id")] = Field(description="VPC of the editors.")
    private_subnet_ids: Annotated[dict[ZoneId, SubnetId], Wired("network.private_subnet_ids")] = Field(
        description="Subnets of the editors, by zone id."
    )
    cluster_name: Annotated[EksClusterName | None, Wired("eks.cluster_name")] = Field(
        None, examples=["ml-dev-eks"], description="EKS cluster that the editors use; null with Slurm."
    )
    hyperpod_cluster_arn: Annotated[
        HyperPodArn | None, Wired("hyperpod.cluster_arn"), Wired("hyperpod_slurm.cluster_arn")
    ] = Field(None, description="HyperPod cluster whose nodes and events the editors see; null for none.")
    create_domain: bool = Field(True, description="Whether to make the domain; false takes the one domain_id names.")
    domain_id: DomainId | None = Field(None, description="Given domain.")
    network_access: Literal["VpcOnly", "PublicInternetOnly"] = Field(
        "VpcOnly",
        description="How the editors of a domain made here reach the internet: by the VPC's ways, or by SageMaker's.",
    )
    security_group_ids: list[SecurityGroupId] = Field(
        default_factory=list,
        max_length=5,
        description="Security groups of the editors; none makes one that lets them out and nobody in.",
    )
    kms_key_arn: Annotated[KmsKeyArn | None, CreateOnly("another key is another domain, without the volumes")] = Field(
        None, description="Key that encrypts the volumes of a domain made here; null takes SageMaker's own."
    )
    keep_home_directories: bool = Field(
        True,
        description="Whether the file system with the home directories stays when the domain goes. Its network "
        "interfaces stay too, and with them the subnets, until it is deleted.",
    )
    user_names: list[UserName] = Field(
        default_factory=lambda: ["default"],
        min_length=1,
        description="Users, each with a profile and a private space of the editor.",
    )
    instance_type: Machine = Field("ml.t3.medium", description="Machine of an editor.")
    volume_size_gb: int = Field(20, ge=5, le=16384, description="GB of a space's volume. It can grow, never shrink.")
    idle_timeout_minutes: int = Field(
        4320, ge=60, le=525600, description="Minutes after which an editor that nobody uses is stopped."
    )
    install_tools: bool = Field(
        True,
        description="Whether an editor downloads kubectl and helm when it starts, checked against their digests. False "
        "where it does not reach dl.k8s.io and get.helm.sh.",
    )
    kubectl_version: ToolVersion = Field("v1.34.2", description="Version of kubectl, of the cluster's own line.")
    helm_version: ToolVersion = Field("v3.19.0", description="Version of helm.")
    start_script: str | None = Field(
        None,
        min_length=1,
        max_length=LONGEST_SCRIPT,
        description="Script that runs when an editor starts, within five minutes, instead of the module's own, which "
        "installs the tools and writes the kubeconfig.",
    )
    execution_role_arn: RoleArn | None = Field(
        None, description="Role of the editors. Null makes one that may do no more than they need."
    )
    bucket_names: list[BucketName] = Field(
        default_factory=list, description="Buckets that the role made here may read and write."
    )
    additional_policy_arns: dict[str, PolicyArn] = Field(
        default_factory=dict,
        max_length=10,
        description="Managed policies to attach to the role made here, by a name of your choice.",
    )
    create_access_entry: bool = Field(
        True, description="Whether the role gets an access entry of the EKS cluster; false where it has one."
    )
    cluster_policies: dict[str, AccessPolicy] = Field(
        default_factory=lambda: {"edit": AccessPolicy(policy="AmazonEKSEditPolicy")},
        description="EKS access policies of the role, by a name of your choice.",
    )
    kubernetes_groups: list[str] = Field(
        default_factory=list,
        description="Kubernetes groups the role belongs to, for RBAC bindings of your own or of the dependency chart.",
    )
    role_path: RolePath = Field("/", description="IAM path of the role.")
    permissions_boundary_arn: PolicyArn | None = Field(None, description="Permissions boundary of the role.")


class StudioOutputs(Outputs):
    """Outputs of the studio layer."""

    domain_id: DomainId = Field(description="Id of the domain.")
    execution_role_arn: RoleArn = Field(description="ARN of the editors' role, once it may use the cluster.")
    space_names: dict[str, str] = Field(description="Spaces by user.")
    user_profile_arns: dict[str, str] = Field(description="ARNs of the profiles by user.")


RULES = (
    partition_of_region("studio"),
    Rule(
        "studio-cluster-named",
        on="cluster_name",
        check=implies(var("orchestrator").eq("eks"), var("cluster_name").given()),
        message="orchestrator is eks, so cluster_name must name the EKS cluster.",
    ),
    key_in_region("studio", "kms_key_arn"),
    tag_keys_distinct("studio", _MAKES_ROLE),
    Rule(
        "studio-domain-given",
        on="domain_id",
        check=implies(negation(var("create_domain")), var("domain_id").given()),
        message="create_domain is false, so domain_id must name the domain to use.",
    ),
    Rule(
        "studio-domain-not-both",
        on="domain_id",
        check=implies(var("domain_id").given(), negation(var("create_domain"))),
        message="domain_id names a domain, so create_domain must be false.",
    ),
    Rule(
        "studio-users-distinct",
        on="user_names",
        check=var("user_names").distinct(),
        message="Every user of user_names must be named once.",
        culprits=var("user_names").doubled(),
    ),
    Rule(
        "studio-role-here",
        on="execution_role_arn",
        check=implies(var("execution_role_arn").given(), role_here(var("execution_role_arn"))),
        message="execution_role_arn must be a role of this account and partition.",
    ),
    Rule(
        "studio-role-rights",
        on="execution_role_arn",
        check=implies(
            var("execution_role_arn").given(),
            both(var("bucket_names").length().eq(0), var("additional_policy_arns").length().eq(0)),
        ),
        message="A role that exists is not changed: with execution_role_arn, bucket_names and additional_policy_arns "
        "must be left out.",
    ),
    Rule(
        "studio-no-administrator",
        on="additional_policy_arns",
        check=var("additional_policy_arns").values().every("arn", negation(_ADMINISTRATOR)),
        message="Whoever opens the editor has its role: additional_policy_arns must not hold AdministratorAccess.",
    ),
)

CONTRACT = Contract(
    name="studio",
    summary="An editor beside the cluster: a SageMaker Studio domain, users with a space each, and their role.",
    inputs=StudioInputs,
    outputs=StudioOutputs,
    resources=RESOURCES,
    rules=RULES,
    names={
        "domain": Name("{name}", 63, "SageMaker domain", when=var("create_domain")),
        # A digest of nine characters follows it.
        "script": Name("{name}-start", 54, "start script"),
        "role": Name("{name}-studio-{region}", 64, "editors' role", when=_MAKES_ROLE),
        "security_group": Name(
            "{name}-studio", 255, "editors' security group", when=var("security_group_ids").length().eq(0)
        ),
    },
    enabled=False,
    replaces=("Studio / Code Editor stack",),
)
