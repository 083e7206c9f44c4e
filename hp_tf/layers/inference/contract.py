"""The inference layer: HyperPod's inference operator, with all that it needs in the account."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hp_tf.contract.addons import AddonVersion
from hp_tf.contract.base import Block, Contract, Inputs, Name, NeededWith, Outputs, Text, Wired
from hp_tf.contract.facts import OfAccount, OfName, OfPartition, OfRegion, OfTags
from hp_tf.contract.roles import Nodes
from hp_tf.contract.rules import both, var
from hp_tf.contract.types import (
    ARN,
    BucketArn,
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
from hp_tf.contract.types_cluster import EksClusterName, HyperPodArn, KubernetesName
from hp_tf.layers.inference.resources import RESOURCES
from hp_tf.layers.inference.rules import NAMESPACE, RULES

IssuerUrl = Annotated[
    str,
    Text(
        "https://[^ ?#]+",
        "the URL of an OpenID Connect issuer such as 'https://oidc.eks.us-west-2.amazonaws.com/id/EXAMPLE0123456789'",
        max_length=255,
    ),
]
OidcProviderArn = Annotated[
    str,
    Text(
        rf"{ARN}:iam::[0-9]{{12}}:oidc-provider/.+",
        "the ARN of an OpenID Connect provider such as "
        "'arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/EXAMPLE0123456789'",
    ),
]
ServiceAccount = Annotated[
    str, Text("[a-z0-9-]+:[a-z0-9.-]+", "a service account with its namespace such as 'kube-system:keda-operator'")
]
_CREATED_BUCKET = var("create_tls_bucket")


class ServiceAccounts(Block):
    """The service accounts of the operator's parts, each with its namespace. The defaults are the add-on's."""

    operator: ServiceAccount = Field(
        f"{NAMESPACE}:hyperpod-inference-controller-manager", description="Account of the operator."
    )
    keda: ServiceAccount = Field(f"{NAMESPACE}:keda-operator", description="Account of KEDA.")
    load_balancer_controller: ServiceAccount = Field(
        f"{NAMESPACE}:aws-load-balancer-controller", description="Account of the load balancer controller."
    )


class InferenceInputs(Inputs):
    """Inputs of the inference layer."""

    name: OfName
    region: OfRegion
    account_id: OfAccount
    partition: OfPartition
    tags: OfTags
    cluster_name: Annotated[EksClusterName, Wired("eks.cluster_name")] = Field(description="EKS cluster of the add-on.")
    oidc_issuer_url: Annotated[IssuerUrl, Wired("eks.oidc_issuer_url")] = Field(
        description="URL of the EKS cluster's OpenID Connect issuer, by which the operator's parts have roles (IRSA)."
    )
    hyperpod_cluster_arn: Annotated[HyperPodArn, Wired("hyperpod.cluster_arn")] = Field(
        description="HyperPod cluster that models are served on."
    )
    vpc_id: Annotated[VpcId, Wired("network.vpc_id")] = Field(description="VPC of the cluster.")
    private_subnet_ids: Annotated[dict[ZoneId, SubnetId], Wired("network.private_subnet_ids")] = Field(
        description="Subnets of the nodes by zone id, where the operator makes network interfaces."
    )
    security_group_id: Annotated[SecurityGroupId, Wired("security.security_group_id")] = Field(
        description="Security group of the nodes, which the operator gives its network interfaces."
    )
    given_subnet_ids: Annotated[dict[ZoneId, SubnetId] | None, Wired("network.private_subnet_ids", when="existing")] = (
        Field(
            None,
            description="Subnets that exist, by zone id, which get the tag by which the load balancer controller finds "
            "them. Those of the network module have it.",
        )
    )
    tag_subnets: bool = Field(
        True,
        description="Whether given_subnet_ids get that tag, kubernetes.io/role/internal-elb; false if they have it.",
    )
    addon_versions: Annotated[
        dict[str, str] | None,
        Wired("addons.addon_versions"),
        NeededWith(
            "eks", "the operator needs cert-manager, Metrics Server and storage drivers, and a new EKS cluster has none"
        ),
    ] = Field(
        None,
        description="Add-ons in the cluster, with their versions, by name; naming them makes the operator wait for "
        "them. Null: they are there.",
    )
    governance_addon_name: Annotated[str | None, Wired("governance.addon_name")] = Field(
        None,
        min_length=1,
        description="Add-on of task governance where there is one; naming it makes the operator wait: while its "
        "webhook is not up yet, the installation of others fails.",
    )
    s3_models: bool = Field(True, description="Whether models are read from S3, with the driver of the add-ons.")
    fsx_models: bool = Field(True, description="Whether models are read from FSx, with the driver of the add-ons.")
    create_addon: bool = Field(
        True,
        description="Whether to install the add-on; false where the operator's chart is installed by other means, for "
        "which the output chart_values has the values.",
    )
    service_accounts: ServiceAccounts = Field(
        default_factory=ServiceAccounts,
        description="Who takes up the roles: other accounts than the add-on's where a chart makes them.",
    )
    addon_version: AddonVersion | None = Field(
        None,
        description="Version of the add-on such as 'v1.0.1-eksbuild.1'. Null takes EKS's default when it is made, and "
        "keeps that.",
    )
    addon_configuration: str | None = Field(
        None, description="Further configuration of the add-on, as JSON text; its keys win over the module's own."
    )
    create_oidc_provider: bool = Field(
        True,
        description="Whether to make the account's provider for the issuer; false where it has one: an account takes "
        "one of a URL.",
    )
    oidc_provider_arn: OidcProviderArn | None = Field(None, description="Existing provider for the issuer.")
    create_tls_bucket: bool = Field(
        True, description="Whether to make the bucket of the models' TLS certificates; false takes tls_bucket_name."
    )
    tls_bucket_name: BucketName | None = Field(
        None, description="Existing bucket of the models' TLS certificates. Its settings are left alone."
    )
    tls_bucket_force_destroy: bool = Field(
        False, description="Whether the bucket is deleted with what is in it; the operator writes certificates there."
    )
    access_logs: bool = Field(False, description="Whether S3 logs the requests to that bucket.")
    access_log_bucket_name: BucketName | None = Field(
        None, description="Bucket of those logs; its policy must let logging.s3.amazonaws.com write."
    )
    kms_key_arn: KmsKeyArn | None = Field(
        None,
        description="Key that encrypts that bucket's objects; null leaves it to S3. A given bucket's own key, too.",
    )
    create_operator_role: bool = Field(
        True, description="Whether to make the operator's role; false takes operator_role_arn as it is."
    )
    operator_role_arn: RoleArn | None = Field(
        None,
        description="Existing role of the operator, whose name begins with SageMakerHyperPodInference. It is not "
        "changed.",
    )
    keda: bool = Field(True, description="Whether KEDA scales models by their metrics.")
    create_keda_role: bool = Field(True, description="Whether to make KEDA's role; false takes keda_role_arn as it is.")
    keda_role_arn: RoleArn | None = Field(None, description="Existing role of KEDA. It is not changed.")
    prometheus_workspace_arn: Annotated[str | None, Wired("observability.prometheus_workspace_arn")] = Field(
        None,
        min_length=1,
        description="Prometheus workspace whose metrics KEDA may ask for; null: those of CloudWatch alone.",
    )
    load_balancer_controller: bool = Field(
        True, description="Whether the AWS Load Balancer Controller makes load balancers in front of models."
    )
    create_load_balancer_role: bool = Field(
        True, description="Whether to make that controller's role; false takes load_balancer_role_arn as it is."
    )
    load_balancer_role_arn: RoleArn | None = Field(None, description="Existing role of that controller.")
    gated_models: bool = Field(True, description="Whether gated models of JumpStart can be downloaded.")
    create_gated_role: bool = Field(
        True, description="Whether to make the role of those downloads; false takes gated_role_arn as it is."
    )
    gated_role_arn: RoleArn | None = Field(None, description="Existing role of those downloads.")
    model_namespaces: list[KubernetesName] = Field(
        default_factory=list,
        description="Namespaces of models whose pods may download gated ones; none named are all.",
    )
    role_path: RolePath = Field("/", description="IAM path of the roles.")
    permissions_boundary_arn: PolicyArn | None = Field(None, description="Permissions boundary of the roles.")


class InferenceOutputs(Outputs):
    """Outputs of the inference layer."""

    addon_version: str | None = Field(
        description="Version of the add-on, once it is active; null where it is not made here."
    )
    chart_values: str = Field(
        description="Values of AWS's chart of the operator, as YAML, for who installs that instead of the add-on. "
        "Drivers and cert-manager are off in it: add-ons have them."
    )
    oidc_provider_arn: OidcProviderArn = Field(description="ARN of the provider for the issuer, made here or given.")
    tls_bucket_name: BucketName = Field(description="Name of the bucket of TLS certificates.")
    tls_bucket_arn: BucketArn = Field(description="ARN of the bucket of TLS certificates.")
    operator_role_arn: RoleArn = Field(description="ARN of the operator's role.")
    operator_role_name: str = Field(description="Name of the operator's role.")
    keda_role_arn: RoleArn | None = Field(description="ARN of KEDA's role; null without KEDA.")
    keda_role_name: str | None = Field(description="Name of KEDA's role; null without KEDA.")
    load_balancer_role_arn: RoleArn | None = Field(
        description="ARN of the load balancer controller's role; null without it."
    )
    load_balancer_role_name: str | None = Field(
        description="Name of the load balancer controller's role; null without it."
    )
    gated_role_arn: RoleArn | None = Field(description="ARN of the role of gated downloads; null without them.")
    gated_role_name: str | None = Field(description="Name of the role of gated downloads; null without them.")


CONTRACT = Contract(
    name="inference",
    summary="HyperPod's inference operator: its EKS add-on, the roles of its parts, and the bucket of TLS "
    "certificates.",
    inputs=InferenceInputs,
    outputs=InferenceOutputs,
    resources=RESOURCES,
    rules=RULES,
    names={
        "bucket": Name("hyperpod-tls-{name}-{account_id}-{region}", 63, "bucket of certificates", when=_CREATED_BUCKET),
        "operator_role": Name(
            "SageMakerHyperPodInference-{name}-{region}", 64, "operator's role", when=var("create_operator_role")
        ),
        "keda_role": Name("{name}-keda-{region}", 64, "KEDA's role", when=both(var("keda"), var("create_keda_role"))),
        "load_balancer_role": Name(
            "{name}-load-balancer-{region}",
            64,
            "load balancer controller's role",
            when=both(var("load_balancer_controller"), var("create_load_balancer_role")),
        ),
        "gated_role": Name(
            "{name}-gated-models-{region}",
            64,
            "role of gated downloads",
            when=both(var("gated_models"), var("create_gated_role")),
        ),
    },
    enabled=False,
    orchestrators=frozenset({"eks"}),
    requires=frozenset({Nodes}),
    replaces=("InferenceOperatorMainStack", "PrivateSubnetTagsStack"),
    not_replaced="It installs AWS's EKS add-on, not the operator's chart, whose values it gives (`chart_values`).",
)
