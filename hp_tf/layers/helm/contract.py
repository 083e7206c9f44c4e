"""The helm layer: the chart of objects HyperPod expects in the cluster before it makes nodes.

Toggles and keys are those of the chart ``hyperpod-helm-chart`` in aws/sagemaker-hyperpod-cli. The chart's own version
never changes, so a git revision is what identifies it. A field says its key once, by :class:`ChartKey`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from hp_tf.contract.base import (
    Block,
    Contract,
    FromEnvironment,
    HptfOnly,
    Inputs,
    Outputs,
    Remedy,
    Sensitive,
    Supplied,
    Text,
    Wired,
    annotations_of,
)
from hp_tf.contract.providers import HELM
from hp_tf.contract.role import configured
from hp_tf.contract.roles import DependencyChart, HyperPodCluster, KubernetesApi
from hp_tf.contract.rules import Path, PythonRule, Rule, Scope, both, element, implies, item, negation, var
from hp_tf.contract.types import Region, RoleArn
from hp_tf.contract.types_cluster import EksClusterName, KubernetesName
from hp_tf.layers.helm import plugins
from hp_tf.layers.helm.resources import RESOURCES

REPOSITORY = "https://github.com/aws/sagemaker-hyperpod-cli.git"
CHART_FOLDER = "helm_chart/HyperPodHelmChart"
# Of June 2026, whose plugins know the newest types; for restricted groups the one of AWS's own Terraform examples.
REVISION = plugins.NEWEST
RESTRICTED_REVISION = plugins.RESTRICTED

ReleaseName = Annotated[
    str,
    Text(
        "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?",
        "a release name of lower-case letters, digits and inner hyphens",
        min_length=1,
        max_length=53,
    ),
]
Revision = Annotated[
    str, Text("[0-9a-f]{40}", "a full commit id of forty hexadecimal digits (branches and tags can move)")
]
KEY_SEPARATOR = "."
# Where the chart has an image of the agent; elsewhere it would name another region's, which a closed network cannot
# reach.
AGENT_REGIONS = (
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
)


@dataclass(frozen=True)
class ChartKey:
    """Where a value goes in the chart's values: keys joined by dots (no key of this chart has one in it)."""

    path: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys, outermost first."""
        return tuple(self.path.split(KEY_SEPARATOR))


class Chart(Block):
    """Where the chart comes from."""

    source: Literal["git", "path", "embedded"] | None = Field(
        None,
        description="git: a repository at a revision, fetched once and checked ever after; path: a folder of yours; "
        "embedded: hptf's own small chart of the same name and keys, for the embedded AWS; null: git, and on the "
        "embedded AWS, in a rehearsal too, embedded.",
    )
    repository: str = Field(REPOSITORY, min_length=1, description="Git repository of the chart, when source is git.")
    revision: Revision = Field(
        REVISION,
        description="Commit of the repository. For restricted instance groups AWS pins another one: "
        f"{RESTRICTED_REVISION}.",
    )
    path: str = Field(
        CHART_FOLDER,
        min_length=1,
        description="Folder of the chart: in the repository, or on this machine, relative to the environment's file, "
        "when source is path.",
    )


class HelmInputs(Inputs):
    """Inputs of the helm layer."""

    region: Annotated[
        Region, FromEnvironment("region"), ChartKey("global.region"), ChartKey("health-monitoring-agent.region")
    ] = Field(description="Region of the cluster, from whose registry images come.")
    cluster_name: Annotated[EksClusterName, Wired("eks.cluster_name")] = Field(
        description="EKS cluster the release goes to. The provider decides where; this makes the release wait for it."
    )
    chart: Annotated[Chart, HptfOnly()] = Field(
        default_factory=Chart, description="Where the chart comes from. hptf fetches it before Terraform plans."
    )
    chart_path: Annotated[str, Supplied("chart")] = Field(
        min_length=1,
        examples=["./charts/HyperPodHelmChart"],
        description="Folder of the chart with its dependencies in it. A changed chart must have a changed path: Helm's "
        "provider does not look inside.",
    )
    release_name: ReleaseName = Field("hyperpod-dependencies", description="Name of the release.")
    namespace: KubernetesName = Field("kube-system", description="Namespace of the release.")
    create_namespace: bool = Field(False, description="Whether Helm makes the namespace.")
    take_ownership: bool = Field(
        False,
        description="Whether objects of the chart that exist already, such as a namespace, become the release's own, "
        "and go when it goes; without it Helm refuses them.",
    )
    wait: bool = Field(
        False,
        description="Whether to wait until every object is ready. Without nodes nothing ever is, so the first apply "
        "of a new cluster needs false.",
    )
    timeout_seconds: int = Field(300, ge=1, le=7200, description="Seconds Helm waits for one operation.")
    max_history: int = Field(10, ge=0, le=1000, description="Revisions of the release to keep; 0 keeps all.")
    training_operators: Annotated[bool, ChartKey("trainingOperators.enabled")] = Field(
        True, description="Whether to install the Kubeflow training operators."
    )
    mpi_operator: Annotated[bool, ChartKey("mpi-operator.enabled")] = Field(
        True, description="Whether to install the MPI operator."
    )
    nvidia_device_plugin: Annotated[bool, ChartKey("nvidia-device-plugin.devicePlugin.enabled")] = Field(
        True, description="Whether to install NVIDIA's device plugin."
    )
    neuron_device_plugin: Annotated[bool, ChartKey("neuron-device-plugin.devicePlugin.enabled")] = Field(
        True, description="Whether to install the Neuron device plugin, for Trainium."
    )
    efa_device_plugin: Annotated[bool, ChartKey("aws-efa-k8s-device-plugin.devicePlugin.enabled")] = Field(
        True, description="Whether to install the EFA device plugin."
    )
    gpu_operator: Annotated[bool, ChartKey("gpu-operator.enabled")] = Field(
        False, description="Whether to install NVIDIA's GPU operator, which brings a device plugin of its own."
    )
    health_monitoring_agent: Annotated[bool, ChartKey("health-monitoring-agent.enabled")] = Field(
        True, description="Whether to install the agent that finds faulty nodes; node recovery depends on it."
    )
    health_monitoring_agent_image: Annotated[str | None, ChartKey("health-monitoring-agent.hmaimage")] = Field(
        None,
        description="Image of the agent, such as a copy in a registry of yours; null takes the region's own, where the "
        "chart knows of one.",
    )
    deep_health_check: Annotated[bool, ChartKey("deep-health-check.enabled")] = Field(
        True, description="Whether to let the service run deep health checks in the cluster."
    )
    job_auto_restart: Annotated[bool, ChartKey("job-auto-restart.enabled")] = Field(
        True, description="Whether to let the service restart jobs after a node is replaced."
    )
    hyperpod_patching: Annotated[bool, ChartKey("hyperpod-patching.enabled")] = Field(
        True, description="Whether to let the service drain nodes when it patches them."
    )
    cert_manager: Annotated[bool, ChartKey("cert-manager.enabled")] = Field(
        False, description="Whether the chart installs cert-manager; the EKS add-on after the nodes is the other way."
    )
    mlflow: Annotated[bool, ChartKey("mlflow.enabled")] = Field(
        False, description="Whether to make MLflow's service account."
    )
    mlflow_role_arn: Annotated[
        RoleArn | None,
        # Its subchart's values file has a key of the chart's own name at the top; both readings are served.
        ChartKey("mlflow.serviceAccount.roleARN"),
        ChartKey("mlflow.mlflow.serviceAccount.roleARN"),
    ] = Field(None, description="Role of MLflow's service account. The chart's own default names no account of yours.")
    inference_operator: Annotated[bool, ChartKey("inferenceOperators.enabled")] = Field(
        False,
        description="Whether the chart installs the inference operator. It then wants `values` for "
        "hyperpod-inference-operator: region, eksClusterName, hyperpodClusterArn, executionRoleArn, "
        "tlsCertificateS3Bucket and more. The EKS add-on is the other way.",
    )
    cluster_role_and_bindings: Annotated[bool, ChartKey("cluster-role-and-bindings.enabled")] = Field(
        False, description="Whether to make the cluster-wide role of data scientists."
    )
    namespaced_role_and_bindings: Annotated[bool, ChartKey("namespaced-role-and-bindings.enabled")] = Field(
        False, description="Whether to make the role of data scientists in the kubeflow namespace."
    )
    team_role_and_bindings: Annotated[bool, ChartKey("team-role-and-bindings.enabled")] = Field(
        False,
        description="Whether to make the role of a team's namespace, hyperpod-ns-<team_compute_quota_target_id>. That "
        "namespace comes with the team's compute quota and must be there first.",
    )
    team_compute_quota_target_id: Annotated[
        str | None, ChartKey("team-role-and-bindings.computeQuotaTarget.targetId")
    ] = Field(None, min_length=1, description="Target of the team's compute quota, part of its namespace's name.")
    values: list[str] = Field(
        default_factory=list,
        description="Further values, each a YAML document, as Helm's -f; a later one wins, and all win over the inputs "
        "above.",
    )
    values_sensitive: Annotated[list[str], Sensitive()] = Field(
        default_factory=list,
        description="Further values with secrets in them, which win over all others. Plans hide them, and with them "
        "all values of the release; the state and the cluster hold them.",
    )


def chart_values() -> Iterator[tuple[str, ChartKey]]:
    """Yield (input, key) for every input that goes into the chart's values, in declaration order."""
    for name, info in HelmInputs.model_fields.items():
        for key in annotations_of(info, ChartKey):
            yield name, key


class HelmOutputs(Outputs):
    """Outputs of the helm layer."""

    release_name: ReleaseName = Field(description="Name of the release, once it is installed.")
    release_namespace: KubernetesName = Field(description="Namespace of the release, once it is installed.")


def _chart_problems(scope: Scope) -> Iterable[tuple[Path, str]]:
    chart = scope.get("chart")
    if not isinstance(chart, Mapping):
        return
    if chart["source"] == "path" and chart["path"] == CHART_FOLDER:
        yield ("chart", "path"), "chart.source is path, so chart.path must name the chart's folder."
    git = chart["source"] in (None, "git")
    if not git and (chart["repository"], chart["revision"]) != (REPOSITORY, REVISION):
        yield (
            ("chart", "source"),
            "chart.repository and chart.revision are for a git repository: chart.source must be git.",
        )
    if git and chart["repository"] != REPOSITORY and chart["revision"] == REVISION:
        yield ("chart", "revision"), "chart.repository names another repository: chart.revision must be a commit of it."


def _types_without_plugin(scope: Scope) -> Iterable[tuple[Path, str]]:
    chart = scope.get("chart")
    if not isinstance(chart, Mapping) or chart["source"] not in (None, "git") or chart["repository"] != REPOSITORY:
        return
    cluster = configured(scope, HyperPodCluster)
    # What the file has wrong is not known here.
    lists = [cluster.get(kind) for kind in ("instance_groups", "restricted_instance_groups")]
    groups = [group for found in lists if isinstance(found, Sequence) for group in found]
    types = sorted({str(group.get("instance_type")) for group in groups if isinstance(group, Mapping)})
    for part in plugins.PARTS:
        unknown = [kind for kind in types if scope.get(part) is True and plugins.missing(part, chart["revision"], kind)]
        if unknown:
            yield (
                ("chart", "revision"),
                f"{part} of the chart at revision {chart['revision'][:12]} does not know {', '.join(unknown)} and does "
                "not run on such nodes.",
            )


CONTRACT = Contract(
    name="helm",
    summary="The HyperPod dependency chart, which must be in the cluster before HyperPod makes nodes.",
    inputs=HelmInputs,
    outputs=HelmOutputs,
    resources=RESOURCES,
    providers=(HELM,),
    rules=(
        Rule(
            "helm-one-gpu-plugin",
            on="gpu_operator",
            check=negation(both(var("gpu_operator"), var("nvidia_device_plugin"))),
            message="gpu_operator brings a device plugin of its own, so nvidia_device_plugin must be false beside it.",
        ),
        Rule(
            "helm-mlflow-role",
            on="mlflow_role_arn",
            check=implies(var("mlflow"), var("mlflow_role_arn").given()),
            message="mlflow is on, so mlflow_role_arn must name the role of its service account.",
        ),
        Rule(
            "helm-team-target",
            on="team_compute_quota_target_id",
            check=implies(var("team_role_and_bindings"), var("team_compute_quota_target_id").given()),
            message="team_role_and_bindings is on, so team_compute_quota_target_id must name the quota's target.",
        ),
        Rule(
            "helm-agent-image",
            on="health_monitoring_agent_image",
            check=implies(
                both(var("health_monitoring_agent"), var("health_monitoring_agent_image").missing()),
                var("region").one_of(AGENT_REGIONS),
            ),
            message="The chart has no image of the health monitoring agent in this region: "
            "health_monitoring_agent_image must name one.",
        ),
        Rule(
            "helm-values-mapping",
            on="values",
            check=item().is_mapping("yaml"),
            message="Every element of values must be a YAML document with keys at its top.",
            each=True,
        ),
        Rule(
            "helm-sensitive-values-mapping",
            on="values_sensitive",
            check=var("values_sensitive").every("document", element("document").is_mapping("yaml")),
            message="Every element of values_sensitive must be a YAML document with keys at its top.",
        ),
        PythonRule(
            "helm-plugin-types",
            check=_types_without_plugin,
            reason="the module takes a folder; only hptf knows which revision is in it",
            level="warning",
        ),
        PythonRule(
            "helm-chart-source",
            check=_chart_problems,
            reason="the module takes a folder; only hptf knows where it comes from",
        ),
    ),
    # As Helm 3.17 and 3.18 word their errors.
    remedies=(
        Remedy(
            r'namespaces "[^"]+" not found',
            "make that namespace first; if it is the release's own, {layer}.create_namespace: true makes it",
        ),
        Remedy(
            "exists and cannot be imported into the current release",
            "delete that object, or make it the release's own: {layer}.take_ownership: true",
        ),
        Remedy(
            "cannot re-use a name that is still in use|another operation .* is in progress",
            "repeat the command: its plan says what is in the way, and what to do",
        ),
        Remedy(
            "timed out waiting for the condition|context deadline exceeded",
            "the next plan takes the release over; without nodes nothing becomes ready ({layer}.wait: false), with "
            "them {layer}.timeout_seconds gives it more time",
        ),
    ),
    orchestrators=frozenset({"eks"}),
    provides=(DependencyChart(),),
    requires=frozenset({KubernetesApi}),
    replaces=("HelmChartStack",),
    needs="The chart must be in that folder when Terraform plans: [the example]"
    "(../../examples/terraform-only/README.md) says how to get it. The root must configure the `helm` provider for the "
    "cluster, as [its providers.tf](../../examples/terraform-only/providers.tf) does.",
)
