"""The observability layer: where metrics go, who looks at them, and what raises an alert.

Limits: the APIs of Amazon Managed Service for Prometheus and Amazon Managed Grafana.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from hp_tf.contract.base import (
    Block,
    Contract,
    CreateOnly,
    FromEnvironment,
    Inputs,
    Name,
    Orchestrator,
    Outputs,
    Text,
    Wired,
)
from hp_tf.contract.facts import OfAccount, OfName, OfPartition, OfRegion, OfTags
from hp_tf.contract.rules import Path, PythonRule, Rule, Scope, both, either, implies, item, literal, var
from hp_tf.contract.shared_rules import arn_here, key_in_region, partition_of_region, tag_keys_distinct
from hp_tf.contract.types import ARN, KmsKeyArn, LogRetentionDays, PolicyArn, RoleArn, RolePath, TopicArn
from hp_tf.layers.endpoints.ways import unreached
from hp_tf.layers.observability.alerts import ALERTS
from hp_tf.layers.observability.lookup import LOOKUP
from hp_tf.layers.observability.resources import RESOURCES

# Where Amazon Managed Grafana can be had. Prometheus can be, wherever HyperPod can.
GRAFANA_REGIONS = (
    "ap-northeast-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "us-east-1",
    "us-east-2",
    "us-west-2",
)

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
PrometheusWorkspaceId = Annotated[
    str, Text(f"ws-{_UUID}", "a Prometheus workspace's id such as 'ws-01234567-89ab-cdef-0123-456789abcdef'")
]
PrometheusWorkspaceArn = Annotated[
    str,
    Text(
        rf"{ARN}:aps:[a-z0-9-]+:[0-9]{{12}}:workspace/ws-{_UUID}",
        "the ARN of a Prometheus workspace such as "
        "'arn:aws:aps:us-west-2:123456789012:workspace/ws-01234567-89ab-cdef-0123-456789abcdef'",
    ),
]
GrafanaWorkspaceId = Annotated[str, Text("g-[0-9a-f]{10}", "a Grafana workspace's id such as 'g-0123456789'")]
GrafanaWorkspaceArn = Annotated[
    str,
    Text(
        rf"{ARN}:grafana:[a-z0-9-]+:[0-9]{{12}}:/workspaces/g-[0-9a-f]{{10}}",
        "the ARN of a Grafana workspace such as 'arn:aws:grafana:us-west-2:123456789012:/workspaces/g-0123456789'",
    ),
]
GrafanaName = Annotated[
    str,
    Text("[a-zA-Z0-9._~-]+", "a name of letters, digits and the signs - . _ ~", min_length=1, max_length=255),
]
GrafanaVersion = Annotated[str, Text(r"[0-9]+\.[0-9]+", "a version of Grafana such as '10.4'")]
GrafanaRole = Annotated[str, Text("ADMIN|EDITOR|VIEWER", "one of ADMIN, EDITOR and VIEWER")]
IdentityId = Annotated[
    str,
    Text(
        "(?:[0-9a-f]{10}-)?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
        "the id of a user or group of IAM Identity Center",
    ),
]
AlertName = Annotated[str, Text("[A-Za-z_][A-Za-z0-9_]*", "a name of letters, digits and _", max_length=128)]

Authentication = Literal["AWS_SSO", "SAML"]
_AUTHENTICATION: tuple[Authentication, ...] = ("AWS_SSO",)
_GRAFANA = var("grafana_workspace")
_ALERTING = either(var("default_alerts"), var("alerts").length().ge(1))


class Alert(Block):
    """An alert: Prometheus asks every minute, and tells once the condition has held long enough."""

    expression: str = Field(min_length=1, description="Condition, in PromQL.")
    for_minutes: int = Field(0, ge=0, le=1440, description="Minutes for which it must hold.")
    severity: Literal["info", "warning", "critical"] = Field("warning", description="How bad it is: a label.")
    summary: str = Field(min_length=1, description="What has happened, for people.")


class GrafanaAccess(Block):
    """Who of IAM Identity Center has a role in the Grafana workspace."""

    user_ids: list[IdentityId] = Field(default_factory=list, description="Ids of users.")
    group_ids: list[IdentityId] = Field(default_factory=list, description="Ids of groups.")


class ObservabilityInputs(Inputs):
    """Inputs of the observability layer."""

    name: OfName
    region: OfRegion
    account_id: OfAccount
    partition: OfPartition
    tags: OfTags
    orchestrator: Annotated[Orchestrator, FromEnvironment("orchestrator")] = Field(
        description="What orchestrates the cluster: with Slurm the nodes themselves send metrics."
    )
    execution_role_name: Annotated[str, Wired("iam.execution_role_name")] = Field(
        min_length=1, description="Role of the nodes, which send metrics with Slurm."
    )
    grant_remote_write: bool | None = Field(
        default=None,
        description="Whether the nodes' role may write to the Prometheus workspace. Null: with Slurm; on EKS pods with "
        "a role of their own do.",
    )
    prometheus_workspace: Literal["created", "given"] = Field(
        default="created",
        description="Whether the Prometheus workspace is made, or is the one prometheus_workspace_id names.",
    )
    prometheus_workspace_id: PrometheusWorkspaceId | None = Field(
        default=None, description="Given Prometheus workspace, of this account and region."
    )
    prometheus_retention_days: int = Field(
        default=150, ge=1, le=1095, description="Days a workspace made here keeps metrics."
    )
    prometheus_logs: bool = Field(
        default=True,
        description="Whether the workspace made here logs to a log group what its rules and its alert manager fail in.",
    )
    log_retention_days: LogRetentionDays = Field(default=365, description="Days the log group keeps logs.")
    kms_key_arn: Annotated[KmsKeyArn | None, CreateOnly("another key is another workspace, without the metrics")] = (
        Field(
            default=None,
            description="Key that encrypts the Prometheus workspace made here and the log group; its policy must let "
            "CloudWatch Logs use it. Null takes what AWS does by itself.",
        )
    )
    default_alerts: bool = Field(
        default=True,
        description=f"Whether the module's own alerts are there: {', '.join(ALERTS)}.",
    )
    without_alerts: list[AlertName] = Field(
        default_factory=list, description="Alerts of the module's own that are left out."
    )
    alerts: dict[AlertName, Alert] = Field(
        default_factory=dict,
        description="Further alerts by name; one of the name of the module's own takes its place.",
    )
    alert_topic_arn: TopicArn | None = Field(
        default=None,
        description="SNS topic that alerts go to; its policy must let aps.amazonaws.com publish. Null: alerts are seen "
        "in Grafana, and nobody is told.",
    )
    grafana_workspace: Literal["created", "given", "none"] = Field(
        default="created",
        description="Whether the Grafana workspace is made, is the one grafana_workspace_id names, or there is none.",
    )
    grafana_workspace_id: GrafanaWorkspaceId | None = Field(
        default=None, description="Given Grafana workspace, of this account and region."
    )
    grafana_workspace_name: GrafanaName | None = Field(
        default=None, description="Name of the given Grafana workspace, or of the one made here; null takes <name>."
    )
    grafana_authentication: list[Authentication] = Field(
        default_factory=lambda: list(_AUTHENTICATION),
        min_length=1,
        description="How people log in: by IAM Identity Center, which the account must have, or by SAML.",
    )
    grafana_version: GrafanaVersion | None = Field(
        default=None,
        description="Version of Grafana; null takes AWS's default when the workspace is made, and keeps it.",
    )
    grafana_plugin_admin: bool = Field(
        default=False, description="Whether administrators of the workspace may install plugins."
    )
    grafana_access: dict[GrafanaRole, GrafanaAccess] = Field(
        default_factory=dict,
        description="Who may use the workspace, by role: ADMIN, EDITOR or VIEWER. Without an entry nobody can log in, "
        "until somebody is let in by hand.",
    )
    grafana_role_arn: RoleArn | None = Field(
        default=None,
        description="Role with which the workspace made here reads metrics; null makes one that may read this "
        "Prometheus workspace and CloudWatch.",
    )
    role_path: RolePath = Field(default="/service-role/", description="IAM path of the role.")
    permissions_boundary_arn: PolicyArn | None = Field(default=None, description="Permissions boundary of the role.")


class ObservabilityOutputs(Outputs):
    """Outputs of the observability layer."""

    prometheus_workspace_id: PrometheusWorkspaceId = Field(description="Id of the Prometheus workspace.")
    prometheus_workspace_arn: PrometheusWorkspaceArn = Field(
        description="ARN of the Prometheus workspace, once its rules are there and the nodes may write to it."
    )
    prometheus_endpoint: str = Field(
        description="URL of the Prometheus workspace without a slash at its end; /api/v1/remote_write takes metrics."
    )
    grafana_workspace_id: GrafanaWorkspaceId | None = Field(
        description="Id of the Grafana workspace; null without one."
    )
    grafana_workspace_arn: GrafanaWorkspaceArn | None = Field(
        description="ARN of the Grafana workspace; null without one."
    )
    grafana_workspace_name: GrafanaName | None = Field(description="Name of the Grafana workspace; null without one.")
    grafana_endpoint: str | None = Field(description="URL of the Grafana workspace; null without one.")


def _metrics_lost(scope: Scope) -> Iterator[tuple[Path, str]]:
    """Yield that nodes which send metrics themselves do not reach Prometheus."""
    sends = scope.get("grant_remote_write")
    if (scope.get("orchestrator") == "slurm" if sends is None else sends) and unreached(scope, ["aps-workspaces"]):
        message = "The network has no way out, and none leads to Prometheus: name aps-workspaces in"
        yield ("prometheus_workspace",), f"{message} endpoints.interface_endpoints."


RULES = (
    PythonRule("observability-ways", _metrics_lost, "the network and its endpoints are other modules'"),
    partition_of_region("observability"),
    key_in_region("observability", "kms_key_arn"),
    arn_here("observability", "alert_topic_arn"),
    tag_keys_distinct("observability", both(_GRAFANA.eq("created"), var("grafana_role_arn").missing())),
    Rule(
        "observability-prometheus-given",
        on="prometheus_workspace_id",
        check=var("prometheus_workspace").eq("given").eq(var("prometheus_workspace_id").given()),
        message="prometheus_workspace_id must be named with prometheus_workspace given, and with that only.",
    ),
    Rule(
        "observability-key-given-workspace",
        on="kms_key_arn",
        check=implies(var("kms_key_arn").given(), var("prometheus_workspace").eq("created")),
        message="A workspace that exists has its key already: with prometheus_workspace given, kms_key_arn must be "
        "left out.",
    ),
    Rule(
        "observability-alerts-known",
        on="without_alerts",
        check=literal(tuple(ALERTS)).covers(var("without_alerts")),
        message="without_alerts names an alert that is not one of the module's own.",
        culprits=var("without_alerts").without(literal(tuple(ALERTS))),
        known=literal(tuple(ALERTS)),
    ),
    Rule(
        "observability-topic-alerts",
        on="alert_topic_arn",
        check=implies(var("alert_topic_arn").given(), _ALERTING),
        message="alert_topic_arn is given, so there must be alerts: default_alerts, or alerts of yours.",
    ),
    Rule(
        "observability-grafana-region",
        on="grafana_workspace",
        check=implies(_GRAFANA.eq("created"), var("region").one_of(GRAFANA_REGIONS)),
        message="Amazon Managed Grafana cannot be had in this region: grafana_workspace must be none.",
    ),
    Rule(
        "observability-grafana-given",
        on="grafana_workspace_id",
        check=_GRAFANA.eq("given").eq(var("grafana_workspace_id").given()),
        message="grafana_workspace_id must be named with grafana_workspace given, and with that only.",
    ),
    Rule(
        "observability-grafana-named",
        on="grafana_workspace_name",
        check=implies(_GRAFANA.eq("given"), var("grafana_workspace_name").given()),
        message="grafana_workspace is given, so grafana_workspace_name must be its name.",
    ),
    Rule(
        "observability-grafana-access",
        on="grafana_access",
        check=implies(
            var("grafana_access").length().ge(1),
            both(_GRAFANA.ne("none"), literal("AWS_SSO").within(var("grafana_authentication"))),
        ),
        message="grafana_access lets in users of IAM Identity Center: there must be a Grafana workspace, and "
        "grafana_authentication must hold AWS_SSO.",
    ),
    Rule(
        "observability-grafana-somebody",
        on="grafana_access",
        check=either(item().field("user_ids").length().ge(1), item().field("group_ids").length().ge(1)),
        message="An entry of grafana_access must name a user or a group.",
        each=True,
    ),
    Rule(
        "observability-grafana-authentication",
        on="grafana_authentication",
        check=var("grafana_authentication").distinct(),
        message="Every way of grafana_authentication must be named once.",
        culprits=var("grafana_authentication").doubled(),
    ),
    Rule(
        "observability-grafana-role",
        on="grafana_role_arn",
        check=implies(var("grafana_role_arn").given(), _GRAFANA.eq("created")),
        message="grafana_role_arn is the role of a workspace made here: with another grafana_workspace it must be left "
        "out.",
    ),
)

CONTRACT = Contract(
    name="observability",
    summary="Where the cluster's metrics go: a Prometheus workspace with alerts, and a Grafana workspace to look at "
    "them.",
    inputs=ObservabilityInputs,
    outputs=ObservabilityOutputs,
    resources=RESOURCES,
    rules=RULES,
    names={
        "prometheus": Name(
            "{name}", 100, "alias of the Prometheus workspace", when=var("prometheus_workspace").eq("created")
        ),
        "rules": Name("{name}", 128, "namespace of the alerts' rules", when=_ALERTING),
        "log_group": Name(
            "/aws/vendedlogs/prometheus/{name}",
            512,
            "log group of the Prometheus workspace",
            when=both(var("prometheus_workspace").eq("created"), var("prometheus_logs")),
        ),
        "grafana": Name(
            "{name}",
            255,
            "Grafana workspace",
            when=both(_GRAFANA.eq("created"), var("grafana_workspace_name").missing()),
        ),
        "grafana_role": Name(
            "{name}-grafana-{region}",
            64,
            "role of Grafana",
            when=both(_GRAFANA.eq("created"), var("grafana_role_arn").missing()),
        ),
    },
    lookup=LOOKUP,
    enabled=False,
)
