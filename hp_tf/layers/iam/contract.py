"""The iam layer: the role of the cluster's nodes, and Karpenter's role where the cluster can scale by itself.

Actions and their reasons: the HyperPod prerequisites of AWS (execution role, EKS orchestrator). They are one inline
document, because a role takes ten managed policies and 10,240 characters of inline policy.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hp_tf.contract.base import (
    Block,
    Configured,
    Contract,
    CreateOnly,
    Inputs,
    Name,
    Outputs,
    Unique,
    Wired,
)
from hp_tf.contract.facts import OfAccount, OfName, OfPartition, OfRegion, OfTags
from hp_tf.contract.roles import HyperPodCluster
from hp_tf.contract.rules import Rule, both, either, implies, var
from hp_tf.contract.shared_rules import one_thing, partition_of_region, role_here, tag_keys_distinct
from hp_tf.contract.types import (
    BucketName,
    KmsKeyArn,
    PolicyArn,
    PrometheusEndpoint,
    RoleArn,
    RoleName,
    RolePath,
    ScriptLocation,
    SecretArn,
    SecurityGroupId,
    SubnetId,
    TopicArn,
    VpcId,
)
from hp_tf.contract.types_cluster import EksClusterArn
from hp_tf.layers.iam.lookup import LOOKUP
from hp_tf.layers.iam.resources import RESOURCES


class RestrictedAccess(Block):
    """What nodes of restricted instance groups may reach beyond the rest."""

    input_bucket_name: BucketName | None = Field(
        None,
        description="Bucket the nodes read training data from. An S3 endpoint on the way must let one of another "
        "account through.",
    )
    output_bucket_name: BucketName | None = Field(
        None,
        description="Bucket the nodes write checkpoints and results to; they read and delete there as well. A key "
        "of its own goes into kms_key_arns; an S3 endpoint on the way must let one of another account through.",
    )
    gated_recipes: bool = Field(False, description="Whether the nodes may read AWS's gated customisation recipes.")
    reinforcement_functions: bool = Field(
        False,
        description="Whether the nodes may call Lambda functions and use SQS queues of this account and region whose "
        "name contains 'SageMaker', for reinforcement fine-tuning.",
    )


class IamInputs(Inputs):
    """Inputs of the iam layer."""

    name: OfName
    region: OfRegion
    account_id: OfAccount
    partition: OfPartition
    tags: OfTags
    bucket_name: Annotated[BucketName, Wired("storage.bucket_name")] = Field(
        description="Bucket of the lifecycle scripts, which nodes read."
    )
    lifecycle_script_uris: Annotated[
        list[ScriptLocation],
        Configured("lifecycle_script_uri", "instance_groups[].lifecycle_script_uri", of=HyperPodCluster),
    ] = Field(
        default_factory=list,
        description="Locations of lifecycle scripts in other buckets, which nodes read as well. A key of theirs goes "
        "into kms_key_arns.",
    )
    vpc_id: Annotated[VpcId, Wired("network.vpc_id")] = Field(
        description="VPC in which nodes make and change their network interfaces."
    )
    private_subnet_ids: Annotated[dict[str, SubnetId], Wired("network.private_subnet_ids")] = Field(
        description="Subnets of the nodes by zone id, in which they may make network interfaces."
    )
    additional_subnet_ids: Annotated[
        list[SubnetId],
        Configured(
            "cluster_subnet_ids",
            "instance_groups[].subnet_ids",
            "restricted_instance_groups[].subnet_ids",
            of=HyperPodCluster,
        ),
    ] = Field(default_factory=list, description="Further subnets of the nodes, in which they may make interfaces.")
    security_group_id: Annotated[SecurityGroupId, Wired("security.security_group_id")] = Field(
        description="Security group of the nodes, which they may give their network interfaces."
    )
    additional_security_group_ids: Annotated[
        list[SecurityGroupId],
        Configured(
            "additional_security_group_ids",
            "instance_groups[].security_group_ids",
            "restricted_instance_groups[].security_group_ids",
            of=HyperPodCluster,
        ),
    ] = Field(default_factory=list, description="Further security groups of the nodes or of some groups of them.")
    cluster_arn: Annotated[EksClusterArn | None, Wired("eks.cluster_arn")] = Field(
        None, description="EKS cluster whose pods may take up roles by pod identity; null without EKS."
    )
    node_provisioning_mode: Annotated[
        Literal["Continuous"] | None, Configured("node_provisioning_mode", of=HyperPodCluster)
    ] = Field(None, description="How the cluster provisions nodes: a cluster scales by itself with Continuous alone.")
    karpenter_role: bool | None = Field(
        None,
        description="Whether to make the role with which Karpenter adds and deletes nodes; null makes it with "
        "node_provisioning_mode Continuous, whether auto_scaling is on or not. A cluster names it for good: HyperPod "
        "keeps the role when scaling is switched off, and refuses every later change once it is gone.",
    )
    mounts_lustre: Annotated[bool, Configured("mount_lustre", of=HyperPodCluster)] = Field(
        False, description="Whether the nodes look up the Lustre file system that they mount."
    )
    mounted_bucket_name: Annotated[BucketName | None, Configured("mount_s3_bucket_name", of=HyperPodCluster)] = Field(
        None,
        description="Bucket that the nodes mount as a folder: they read and write there, and delete nothing. Its key "
        "goes into kms_key_arns.",
    )
    data_bucket_names: list[BucketName] = Field(
        default_factory=list, description="Further buckets that the nodes read."
    )
    writable_data_bucket_names: list[BucketName] = Field(
        default_factory=list, description="Further buckets that the nodes read, write and delete in."
    )
    prometheus_endpoints: Annotated[list[PrometheusEndpoint], Configured("prometheus_endpoint", of=HyperPodCluster)] = (
        Field(
            default_factory=list,
            description="URLs of Prometheus workspaces of this account that the nodes may write to. For one that it "
            "makes, the module observability gives that right by itself.",
        )
    )
    observability: Annotated[bool, Configured("observability", of=HyperPodCluster)] = Field(
        False, description="Whether the nodes send metrics to a workspace that exists."
    )
    prometheus_workspace_arn: Annotated[
        str | None, Wired("observability.prometheus_workspace_arn", when="existing", only_if="observability")
    ] = Field(None, min_length=1, description="ARN of that workspace.")
    accounting: Annotated[bool, Configured("accounting", of=HyperPodCluster)] = Field(
        False, description="Whether Slurm's controllers work with an accounting database."
    )
    database_secret_arn: Annotated[
        SecretArn | None, Wired("accounting.database_secret_arn", when="existing", only_if="accounting")
    ] = Field(
        None,
        description="Secret of a given accounting database, which the nodes may read; the module accounting gives "
        "that right by itself.",
    )
    failover_topic_arn: Annotated[
        TopicArn | None, Wired("accounting.failover_topic_arn", when="existing", only_if="accounting")
    ] = Field(None, description="Given topic that controllers may tell when another takes over.")
    create_execution_role: bool = Field(
        True, description="Whether to make the nodes' role; false takes execution_role_arn as it is."
    )
    execution_role_arn: RoleArn | None = Field(
        None, description="Existing role of the nodes. It is not changed: it must already have every permission."
    )
    execution_role_name: Annotated[
        RoleName | None, Unique(), CreateOnly("another name is another role, which groups cannot change to")
    ] = Field(None, description="Name of the nodes' role that is made; null makes it from the environment's.")
    karpenter_role_name: Annotated[
        RoleName | None, Unique(), CreateOnly("another name is another role, which a cluster that scales cannot take")
    ] = Field(None, description="Name of Karpenter's role; null makes it from the environment's.")
    role_path: Annotated[
        RolePath, CreateOnly("the nodes' groups name their role by its path; make another environment for another one")
    ] = Field("/", description="IAM path of the roles.")
    permissions_boundary_arn: PolicyArn | None = Field(None, description="Permissions boundary of the roles.")
    additional_policy_arns: dict[str, PolicyArn] = Field(
        default_factory=dict,
        max_length=9,
        description="Managed policies to attach to the nodes' role besides AWS's own, by a name of your choice. "
        "A role takes ten in all.",
    )
    bucket_kms_key_arn: Annotated[KmsKeyArn | None, Configured("storage.kms_key_arn")] = Field(
        None, description="Customer-managed key of the bucket, which the nodes' role may use."
    )
    volume_kms_key_arns: Annotated[
        list[KmsKeyArn],
        Configured(
            "instance_groups[].volume_kms_key_arn",
            "instance_groups[].root_volume_kms_key_arn",
            "restricted_instance_groups[].volume_kms_key_arn",
            "restricted_instance_groups[].root_volume_kms_key_arn",
            of=HyperPodCluster,
        ),
    ] = Field(
        default_factory=list,
        description="Customer-managed keys of the nodes' volumes, which the nodes' role may use and grant to them.",
    )
    kms_key_arns: list[KmsKeyArn] = Field(
        default_factory=list,
        description="Further customer-managed keys the nodes' role may use, such as that of a bucket which exists.",
    )
    restricted_access: RestrictedAccess | None = Field(
        None, description="Further rights for restricted instance groups; null where there are none."
    )


class IamOutputs(Outputs):
    """Outputs of the iam layer."""

    execution_role_arn: RoleArn = Field(description="ARN of the nodes' role, once its policies are attached.")
    execution_role_name: RoleName = Field(description="Name of the nodes' role.")
    karpenter_role_arn: RoleArn | None = Field(description="ARN of Karpenter's role; null where none is made.")
    karpenter_role_name: RoleName | None = Field(description="Name of Karpenter's role; null where none is made.")


_KARPENTER = either(
    var("karpenter_role").eq(True),
    both(var("karpenter_role").missing(), var("node_provisioning_mode").eq("Continuous")),
)

CONTRACT = Contract(
    name="iam",
    summary="The role of the cluster's nodes, and Karpenter's role where the cluster can scale by itself.",
    inputs=IamInputs,
    outputs=IamOutputs,
    resources=RESOURCES,
    rules=(
        partition_of_region("iam"),
        tag_keys_distinct("iam", either(var("create_execution_role"), _KARPENTER)),
        *(
            Rule(
                f"iam-accounting-{what}",
                on=name,
                check=implies(var(name).given(), var("accounting")),
                message=f"{name} is for nodes that work with an accounting database, so accounting must be true.",
            )
            for what, name in (("secret", "database_secret_arn"), ("topic", "failover_topic_arn"))
        ),
        Rule(
            "iam-observability",
            on="prometheus_workspace_arn",
            check=implies(var("prometheus_workspace_arn").given(), var("observability")),
            message="prometheus_workspace_arn is for nodes that send metrics, so observability must be true.",
        ),
        Rule(
            "iam-role-given",
            on="execution_role_arn",
            check=implies(var("create_execution_role").eq(False), var("execution_role_arn").given()),
            message="create_execution_role is false, so execution_role_arn must name the role to use.",
        ),
        Rule(
            "iam-role-not-both",
            on="execution_role_arn",
            check=implies(var("execution_role_arn").given(), var("create_execution_role").eq(False)),
            message="execution_role_arn names an existing role, so create_execution_role must be false.",
        ),
        Rule(
            "iam-role-here",
            on="execution_role_arn",
            check=implies(var("execution_role_arn").given(), role_here(var("execution_role_arn"))),
            message="execution_role_arn must be a role of this account and partition.",
        ),
        Rule(
            "iam-role-name-unused",
            on="execution_role_name",
            check=implies(var("execution_role_name").given(), var("create_execution_role")),
            message="An existing role keeps its name, so execution_role_name must be left out.",
        ),
        Rule(
            "iam-karpenter-name-unused",
            on="karpenter_role_name",
            check=implies(var("karpenter_role_name").given(), _KARPENTER),
            message="Karpenter's role is not made here, so karpenter_role_name must be left out.",
        ),
    ),
    names={
        "execution_role": Name(
            "{name}-hyperpod-{region}",
            64,
            "nodes' role",
            when=var("create_execution_role"),
            given="execution_role_name",
        ),
        "karpenter_role": Name(
            "{name}-karpenter-{region}", 64, "role of Karpenter", when=_KARPENTER, given="karpenter_role_name"
        ),
    },
    given=(one_thing("iam", "role", "execution_role_name", "execution_role_arn"),),
    lookup=LOOKUP,
    replaces=("SageMakerIAMRoleStack",),
)
