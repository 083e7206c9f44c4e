"""The governance layer: who gets how much of the cluster, and whose tasks go first."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hp_tf.contract.addons import AddonVersion
from hp_tf.contract.base import Contract, CreateOnly, FromEnvironment, Inputs, Name, Outputs, Remedy, Wired
from hp_tf.contract.facts import OfName
from hp_tf.contract.providers import AWS, AWSCC
from hp_tf.contract.roles import Nodes
from hp_tf.contract.rules import both, var
from hp_tf.contract.types import Tags
from hp_tf.contract.types_cluster import EksClusterName, HyperPodArn
from hp_tf.layers.governance.resources import RESOURCES
from hp_tf.layers.governance.rules import RULES
from hp_tf.layers.governance.teams import GovernanceName, PriorityClass, Team, TeamName

CLASSES = {"inference": 100, "experimentation": 90, "training": 80, "fine-tuning": 70, "interactive": 60}


class GovernanceInputs(Inputs):
    """Inputs of the governance layer."""

    name: OfName
    tags: Annotated[Tags, FromEnvironment("tags")] = Field(
        default_factory=dict, max_length=50, description="Tags of every resource that can carry them."
    )
    cluster_name: Annotated[EksClusterName, Wired("eks.cluster_name")] = Field(description="EKS cluster of the add-on.")
    hyperpod_cluster_arn: Annotated[
        HyperPodArn,
        Wired("hyperpod.cluster_arn"),
        CreateOnly("another cluster gets a configuration and quotas of its own"),
    ] = Field(description="HyperPod cluster that is governed.")
    cert_manager_version: Annotated[str | None, Wired("addons.cert_manager_version")] = Field(
        None,
        min_length=1,
        description="Version of cert-manager where there is one; naming it makes the add-on wait: its webhook would be "
        "in the way of cert-manager's installation.",
    )
    create_addon: bool = Field(
        True, description="Whether to install the add-on; false where the EKS cluster has it already."
    )
    addon_version: AddonVersion | None = Field(
        None,
        description="Version of the add-on such as 'v1.3.0-eksbuild.1'. Null takes EKS's default when it is made, and "
        "keeps that.",
    )
    addon_configuration: str | None = Field(None, description="The add-on's own configuration, as JSON text.")
    create_scheduler_config: bool = Field(
        True,
        description="Whether to make the cluster's scheduler configuration; false where it has one: a cluster takes "
        "one alone.",
    )
    scheduler_config_name: Annotated[GovernanceName | None, CreateOnly("another name is another configuration")] = (
        Field(None, description="Name of the scheduler configuration; null takes <name>-scheduler-config.")
    )
    scheduler_config_description: str | None = Field(
        None, min_length=1, max_length=1024, description="What the scheduler configuration is for."
    )
    priority_classes: dict[PriorityClass, Annotated[int, Field(ge=0, le=100)]] = Field(
        default_factory=lambda: dict(CLASSES),
        min_length=1,
        max_length=10,
        description="Classes of tasks by name, with their weights: 100 goes first. Pods name <class>-priority in the "
        "label kueue.x-k8s.io/priority-class.",
    )
    fair_share: bool = Field(
        False,
        description="Whether teams borrow idle compute by their fair_share_weight; otherwise who comes first has it.",
    )
    idle_resource_sharing: bool = Field(
        False, description="Whether what no quota holds is reckoned up by itself, for teams to borrow."
    )
    teams: dict[TeamName, Team] = Field(
        default_factory=dict,
        examples=[{"research": {"resources": [{"instance_type": "ml.g5.8xlarge", "count": 1}]}}],
        description="Teams by name, each with its quota. Their namespaces are hyperpod-ns-<team>. A quota that goes "
        "takes its team's queue with it.",
    )


class GovernanceOutputs(Outputs):
    """Outputs of the governance layer."""

    addon_name: str | None = Field(description="Name of the add-on, once it is active; null where it is not made here.")
    scheduler_config_arn: str | None = Field(
        description="ARN of the scheduler configuration; null where it is not made here."
    )
    scheduler_config_id: str | None = Field(
        description="Id of the scheduler configuration; null where it is not made here."
    )
    compute_quota_arns: dict[str, str] = Field(description="ARNs of the quotas by team.")
    team_namespaces: dict[str, str] = Field(description="Namespaces of the teams.")


CONTRACT = Contract(
    name="governance",
    summary="HyperPod task governance: its add-on, the cluster's scheduler configuration, and a compute quota for each "
    "team.",
    inputs=GovernanceInputs,
    outputs=GovernanceOutputs,
    resources=RESOURCES,
    providers=(AWS, AWSCC),
    rules=RULES,
    names={
        "scheduler_config": Name(
            "{name}-scheduler-config",
            63,
            "scheduler configuration",
            when=both(var("create_scheduler_config"), var("scheduler_config_name").missing()),
        ),
    },
    remedies=(
        Remedy(
            "already has (?:the scheduler config|a compute quota)|The name .* is in use",
            "leave out what exists ({layer}.create_scheduler_config: false), or delete it: `aws sagemaker "
            "list-cluster-scheduler-configs` and `list-compute-quotas` name it. Terraform imports no quota",
        ),
    ),
    enabled=False,
    orchestrators=frozenset({"eks"}),
    requires=frozenset({Nodes}),
    notes="""
## How quotas change

A quota is a resource of Cloud Control, for which the awscc provider has no type. Terraform sends what changed of
`teams` as a patch of what SageMaker has. What SageMaker filled in by itself stays as it is then, so a share should give
`count`, or all of `accelerators`, `vcpu` and `memory_gib`. Terraform does not see what others change of a quota. It
cannot import one: delete a quota that exists, or leave its team out.
""",
)
