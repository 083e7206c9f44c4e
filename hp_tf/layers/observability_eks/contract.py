"""The observability_eks layer: what sends an EKS cluster's metrics, and the dashboards that show them.

Keys of the add-on's configuration: AWS's own templates for HyperPod on EKS.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hp_tf.contract.addons import AddonVersion, of_input, version_rules
from hp_tf.contract.base import Contract, Inputs, Name, Outputs, Remedy, Text, Wired
from hp_tf.contract.facts import OfAccount, OfName, OfPartition, OfRegion, OfTags
from hp_tf.contract.providers import AWS, HELM
from hp_tf.contract.roles import KubernetesApi, Nodes
from hp_tf.contract.rules import Rule, both, implies, item, var
from hp_tf.contract.shared_rules import none_beside_restricted_groups, partition_of_region, tag_keys_distinct
from hp_tf.contract.types import PolicyArn, RolePath
from hp_tf.contract.types_cluster import EksClusterName, HyperPodName
from hp_tf.layers.observability.contract import (
    GrafanaName,
    GrafanaWorkspaceArn,
    GrafanaWorkspaceId,
    PrometheusWorkspaceArn,
)
from hp_tf.layers.observability_eks.resources import RESOURCES
from hp_tf.layers.observability_eks.ways import metrics_lost

_URL = "https://aps-workspaces.us-west-2.amazonaws.com/workspaces/ws-01234567-89ab-cdef-0123-456789abcdef"
ADDON = "amazon-sagemaker-hyperpod-observability"
# The add-on's keys by what the inputs call them.
METRICS = {
    "training": "trainingMetrics",
    "inference": "inferenceMetrics",
    "task_governance": "taskGovernanceMetrics",
    "scaling": "scalingMetrics",
    "cluster": "clusterMetrics",
    "node": "nodeMetrics",
    "accelerated_compute": "acceleratedComputeMetrics",
    "network": "networkMetrics",
}
Level = Literal["BASIC", "ADVANCED", "DISABLED"]
DashboardName = Annotated[
    str, Text("[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", "a name of lower-case letters, digits and hyphens", max_length=40)
]


def _level(default: Level, of: str) -> Level:
    return Field(default, description=f"How much is measured of {of}.")


class ObservabilityEksInputs(Inputs):
    """Inputs of the observability_eks layer."""

    name: OfName
    region: OfRegion
    account_id: OfAccount
    partition: OfPartition
    tags: OfTags
    cluster_name: Annotated[EksClusterName, Wired("eks.cluster_name")] = Field(description="EKS cluster of the add-on.")
    hyperpod_cluster_name: Annotated[HyperPodName | None, Wired("hyperpod.cluster_name")] = Field(
        None, description="HyperPod cluster whose nodes the add-on runs on; naming it makes the add-on wait for them."
    )
    governance_addon: Annotated[str | None, Wired("governance.addon_name")] = Field(
        None,
        min_length=1,
        description="Add-on of task governance where there is one; naming it makes this one wait: while that one's "
        "webhook is not up, the installation of others fails.",
    )
    prometheus_workspace_arn: Annotated[PrometheusWorkspaceArn, Wired("observability.prometheus_workspace_arn")] = (
        Field(description="Prometheus workspace that metrics go to.")
    )
    prometheus_endpoint: Annotated[str, Wired("observability.prometheus_endpoint")] = Field(
        min_length=1,
        examples=[_URL],
        description="URL of that workspace, without a slash at its end.",
    )
    grafana_workspace_arn: Annotated[GrafanaWorkspaceArn | None, Wired("observability.grafana_workspace_arn")] = Field(
        None, description="Grafana workspace that shows them; null for none."
    )
    grafana_workspace_id: Annotated[GrafanaWorkspaceId | None, Wired("observability.grafana_workspace_id")] = Field(
        None, description="Id of that workspace."
    )
    grafana_workspace_name: Annotated[GrafanaName | None, Wired("observability.grafana_workspace_name")] = Field(
        None, description="Name of that workspace."
    )
    addon_version: AddonVersion | None = Field(
        None,
        description="Version of the add-on such as 'v1.0.3-eksbuild.1'. Null takes EKS's default when it is made, and "
        "keeps that.",
    )
    training_metrics: Level = _level("BASIC", "training jobs")
    inference_metrics: Level = _level("BASIC", "inference endpoints")
    task_governance_metrics: Level = _level("DISABLED", "task governance")
    scaling_metrics: Level = _level("DISABLED", "the scaling of inference")
    cluster_metrics: Level = _level("BASIC", "the cluster's objects")
    node_metrics: Level = _level("BASIC", "nodes: processors, memory, disks")
    accelerated_compute_metrics: Level = _level("BASIC", "GPUs and Trainium chips")
    network_metrics: Level = _level("DISABLED", "EFA")
    scrape_interval_seconds: int = Field(30, ge=5, le=3600, description="Seconds between two measurements.")
    logging: bool = Field(False, description="Whether containers' logs go to CloudWatch, /aws/sagemaker/Clusters.")
    addon_configuration: str | None = Field(
        None,
        description="Further configuration of the add-on, as JSON text: its top keys take the place of what the inputs "
        "above say.",
    )
    dashboards: bool = Field(
        False,
        description="Whether the module's dashboards and data sources are put into the Grafana workspace, by a job in "
        "the cluster. They stay there when the module goes.",
    )
    further_dashboards: dict[DashboardName, str] = Field(
        default_factory=dict,
        description="Dashboards of yours by name, each as JSON text with a uid and a title; data sources are "
        "hyperpod-prometheus and hyperpod-cloudwatch.",
    )
    dashboard_folder: str = Field(
        "HyperPod",
        min_length=1,
        max_length=100,
        description="Folder of the dashboards in Grafana, made where there is none.",
    )
    dashboard_image: str = Field(
        "public.ecr.aws/docker/library/python:3.13-slim",
        min_length=1,
        description="Image with Python 3.9 or newer that the job runs in. A closed network needs a copy in a registry "
        "of yours, and the endpoints grafana and grafana-workspace.",
    )
    role_path: RolePath = Field("/service-role/", description="IAM path of the roles.")
    permissions_boundary_arn: PolicyArn | None = Field(None, description="Permissions boundary of the roles.")


class ObservabilityEksOutputs(Outputs):
    """Outputs of the observability_eks layer."""

    addon_version: str = Field(description="Version of the add-on, once it is active.")
    dashboard_uids: dict[str, str] = Field(description="Uids of the dashboards by name, once they are in Grafana.")


RULES = (
    partition_of_region("observability_eks"),
    tag_keys_distinct("observability_eks"),
    *version_rules("observability_eks", of_input("addon_version", ADDON)),
    none_beside_restricted_groups("observability_eks"),
    metrics_lost("observability_eks"),
    Rule(
        "observability_eks-configuration",
        on="addon_configuration",
        check=implies(var("addon_configuration").given(), var("addon_configuration").is_mapping("json")),
        message="addon_configuration must be a JSON object.",
    ),
    Rule(
        "observability_eks-grafana",
        on="grafana_workspace_id",
        check=implies(
            var("dashboards"), both(var("grafana_workspace_id").given(), var("grafana_workspace_arn").given())
        ),
        message="dashboards are put into a Grafana workspace: grafana_workspace_id and grafana_workspace_arn must name "
        "one.",
    ),
    Rule(
        "observability_eks-dashboards-off",
        on="further_dashboards",
        check=implies(var("further_dashboards").length().ge(1), var("dashboards")),
        message="further_dashboards are given, so dashboards must be true.",
    ),
    Rule(
        "observability_eks-dashboard-json",
        on="further_dashboards",
        check=item().is_mapping("json"),
        message="Every dashboard of further_dashboards must be a JSON object.",
        each=True,
    ),
)

CONTRACT = Contract(
    name="observability_eks",
    summary="What sends an EKS cluster's metrics to Prometheus: HyperPod's add-on; and dashboards that show them.",
    inputs=ObservabilityEksInputs,
    outputs=ObservabilityEksOutputs,
    resources=RESOURCES,
    providers=(AWS, HELM),
    rules=RULES,
    names={
        "addon_role": Name("{name}-metrics-{region}", 64, "role of the add-on"),
        "dashboard_role": Name("{name}-dashboards-{region}", 64, "role of the dashboards' job", when=var("dashboards")),
        "release": Name("{name}-dashboards", 53, "release of the dashboards", when=var("dashboards")),
    },
    remedies=(
        Remedy(
            "failed post-install|failed post-upgrade|BackoffLimitExceeded",
            "the job that puts dashboards into Grafana failed: its log in hyperpod-observability says why",
        ),
    ),
    enabled=False,
    orchestrators=frozenset({"eks"}),
    requires=frozenset({KubernetesApi, Nodes}),
    replaces=("ObservabilityCustomStack",),
    needs="The root must configure the `helm` provider for the cluster, as [the example's providers.tf]"
    "(../../examples/terraform-only/providers.tf) does, and nodes must run.",
)
