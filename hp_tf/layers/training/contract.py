"""The training layer: HyperPod's training operator, which runs and restarts HyperPodPytorchJobs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hp_tf.contract.addons import AddonVersion, of_input, pod_identity_agent, version_rules
from hp_tf.contract.base import Contract, Inputs, Name, NeededWith, Outputs, Wired
from hp_tf.contract.facts import OfAccount, OfName, OfPartition, OfRegion, OfTags
from hp_tf.contract.roles import Nodes
from hp_tf.contract.rules import Rule, implies, var
from hp_tf.contract.shared_rules import (
    given_or_made,
    none_beside_restricted_groups,
    partition_of_region,
    role_here,
    tag_keys_distinct,
)
from hp_tf.contract.types import PolicyArn, RoleArn, RolePath
from hp_tf.contract.types_cluster import EksClusterName, HyperPodArn
from hp_tf.layers.training.resources import RESOURCES

ADDON = "amazon-sagemaker-hyperpod-training-operator"
_MAKES_ROLE = var("create_role")


class TrainingInputs(Inputs):
    """Inputs of the training layer."""

    name: OfName
    region: OfRegion
    account_id: OfAccount
    partition: OfPartition
    tags: OfTags
    cluster_name: Annotated[EksClusterName, Wired("eks.cluster_name")] = Field(description="EKS cluster of the add-on.")
    hyperpod_cluster_arn: Annotated[HyperPodArn, Wired("hyperpod.cluster_arn")] = Field(
        description="HyperPod cluster whose nodes the operator asks about."
    )
    cert_manager_version: Annotated[
        str | None,
        Wired("addons.cert_manager_version"),
        NeededWith("eks", "the operator has its certificates from cert-manager, and a new EKS cluster has none"),
    ] = Field(
        None,
        min_length=1,
        description="Version of cert-manager, without which the operator does not start; naming it makes the operator "
        "wait for it. Of one that another made, any text will do.",
    )
    governance_addon_name: Annotated[str | None, Wired("governance.addon_name")] = Field(
        None,
        min_length=1,
        description="Add-on of task governance where there is one; naming it makes the operator wait: while its "
        "webhook is not up yet, the installation of others fails.",
    )
    addon_version: AddonVersion | None = Field(
        None,
        description="Version of the add-on such as 'v1.1.0-eksbuild.1'. Null takes EKS's default when it is made, and "
        "keeps that.",
    )
    addon_configuration: str | None = Field(None, description="The add-on's own configuration, as JSON text.")
    create_role: bool = Field(True, description="Whether to make the operator's role; false takes role_arn as it is.")
    role_arn: RoleArn | None = Field(
        None,
        description="Existing role of the operator, whose sessions pods.eks.amazonaws.com may begin and tag. It is not "
        "changed.",
    )
    role_path: RolePath = Field("/", description="IAM path of the operator's role.")
    permissions_boundary_arn: PolicyArn | None = Field(None, description="Permissions boundary of the operator's role.")


class TrainingOutputs(Outputs):
    """Outputs of the training layer."""

    addon_version: str = Field(description="Version of the add-on, once it is active.")
    role_arn: RoleArn = Field(description="ARN of the operator's role.")


CONTRACT = Contract(
    name="training",
    summary="HyperPod's training operator: an EKS add-on, and its role by EKS Pod Identity.",
    inputs=TrainingInputs,
    outputs=TrainingOutputs,
    resources=RESOURCES,
    rules=(
        partition_of_region("training"),
        tag_keys_distinct("training", _MAKES_ROLE),
        *given_or_made("training", "role_arn", "create_role", "the operator's role"),
        Rule(
            "training-role-here",
            on="role_arn",
            check=implies(var("role_arn").given(), role_here(var("role_arn"))),
            message="role_arn must be a role of this account and partition.",
        ),
        Rule(
            "training-addon-configuration",
            on="addon_configuration",
            check=implies(var("addon_configuration").given(), var("addon_configuration").is_mapping("json")),
            message="addon_configuration must be a JSON object.",
        ),
        *version_rules("training", of_input("addon_version", ADDON)),
        pod_identity_agent("training"),
        none_beside_restricted_groups("training"),
    ),
    names={"role": Name("{name}-training-operator-{region}", 64, "role of the training operator", when=_MAKES_ROLE)},
    enabled=False,
    orchestrators=frozenset({"eks"}),
    requires=frozenset({Nodes}),
)
