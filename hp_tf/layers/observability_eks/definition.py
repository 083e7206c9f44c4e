"""The observability_eks module: the add-on with its role, and the chart of the dashboards."""

from __future__ import annotations

import json
from typing import Any

from cdktn_provider_aws.eks_addon import EksAddon
from cdktn_provider_aws.eks_pod_identity_association import EksPodIdentityAssociation
from cdktn_provider_aws.iam_role_policy import IamRolePolicy

from hp_tf.contract.eks_addons import ADDONS
from hp_tf.layers.observability_eks.contract import ADDON, METRICS
from hp_tf.synth.addons import addon
from hp_tf.synth.module import Module
from hp_tf.synth.own_chart import FOLDER, release
from hp_tf.synth.roles import pod_role

_ACCOUNT = ADDONS[ADDON].service_accounts[0]
_NAMESPACE = ADDONS[ADDON].namespace
_JOB = "hyperpod-dashboards"

_CONFIGURATION = """merge(
  {
    ampWorkspace = { prometheusEndpoint = var.prometheus_endpoint, arn = var.prometheus_workspace_arn }
    metricsProvider = {
      for key, level in local.levels : key => { level = level, scrapeInterval = var.scrape_interval_seconds }
    }
    logging = { enabled = var.logging }
  },
  {
    for key, arn in { amgWorkspace = var.grafana_workspace_arn } :
    key => { workspaceName = var.grafana_workspace_name, arn = arn } if arn != null
  },
  jsondecode(var.addon_configuration == null ? "{}" : var.addon_configuration),
)"""

_LOGS = "arn:${var.partition}:logs:${var.region}:${var.account_id}:log-group:/aws/sagemaker/Clusters/*"
_STATEMENTS: list[dict[str, Any]] = [
    {
        "Sid": "SendMetrics",
        "Effect": "Allow",
        "Action": ["aps:RemoteWrite"],
        "Resource": "${var.prometheus_workspace_arn}",
    },
    {
        "Sid": "WriteLogs",
        "Effect": "Allow",
        "Action": [
            "logs:CreateLogGroup",
            "logs:CreateLogStream",
            "logs:DescribeLogStreams",
            "logs:FilterLogEvents",
            "logs:GetLogEvents",
            "logs:PutLogEvents",
            "logs:StartQuery",
        ],
        "Resource": _LOGS,
    },
    # What AWS allows on no narrower resource: lists, and the answer to a query by its id.
    {
        "Sid": "LookUp",
        "Effect": "Allow",
        "Action": ["logs:DescribeLogGroups", "logs:GetLogRecord", "logs:GetQueryResults", "logs:StopQuery"],
        "Resource": "*",
    },
]
# For the minutes of a job: a service account of the workspace, and a token of it.
_DASHBOARD_STATEMENTS: list[dict[str, Any]] = [
    {
        "Sid": "BorrowToken",
        "Effect": "Allow",
        "Action": [
            "grafana:CreateWorkspaceServiceAccount",
            "grafana:CreateWorkspaceServiceAccountToken",
            "grafana:DeleteWorkspaceServiceAccount",
            "grafana:ListWorkspaceServiceAccounts",
        ],
        "Resource": "${var.grafana_workspace_arn}",
    }
]


def define(module: Module) -> None:
    """Write the module."""
    levels = "".join(f"{key} = var.{name}_metrics\n" for name, key in METRICS.items())
    module.local("levels", f"{{\n{levels}}}")
    module.local("configuration", _CONFIGURATION)
    sender = pod_role(
        module,
        "role.addon",
        "addon_role",
        "Metrics of the EKS cluster of ${var.name}.",
        namespace=_NAMESPACE,
        account=_ACCOUNT,
    )
    sends = IamRolePolicy(
        module,
        "iam_role_policy.addon",
        name="metrics",
        role=sender.id,
        policy=module.json({"Version": "2012-10-17", "Statement": _STATEMENTS}),
    )
    made = addon(
        module,
        "addon.this",
        cluster=module.ref("cluster_name"),
        name=ADDON,
        version=module.ref("addon_version"),
        configuration="${jsonencode(local.configuration)}",
        roles=f'${{{{ "{_ACCOUNT}" = aws_iam_role.addon.arn }}}}',
    )
    module.depends_on(made, [sends, module.ref("hyperpod_cluster_name"), module.ref("governance_addon")])
    module.comment(made, "It becomes active on nodes, so it waits for the cluster.")
    module.output("addon_version", "${aws_eks_addon.this.addon_version}")
    _dashboards(module, made)


def _dashboards(module: Module, made: EksAddon) -> None:
    on = "${var.dashboards ? 1 : 0}"
    borrower = pod_role(
        module,
        "role.dashboards",
        "dashboard_role",
        "Puts dashboards of ${var.name} into Grafana.",
        namespace=_NAMESPACE,
        account=_JOB,
    )
    module.count(borrower, on)
    borrows = IamRolePolicy(
        module,
        "iam_role_policy.dashboards",
        name="grafana",
        role="${aws_iam_role.dashboards[0].id}",
        policy=module.json({"Version": "2012-10-17", "Statement": _DASHBOARD_STATEMENTS}),
    )
    module.count(borrows, on)
    linked = EksPodIdentityAssociation(
        module,
        "pod_identity.dashboards",
        cluster_name=module.ref("cluster_name"),
        namespace=_NAMESPACE,
        service_account=_JOB,
        role_arn="${aws_iam_role.dashboards[0].arn}",
        tags=module.mapping("${var.tags}"),
    )
    module.count(linked, on)
    shown = release(
        module,
        "release.dashboards",
        name=module.name("release"),
        namespace=_NAMESPACE,
        values={
            "name": _JOB,
            "image": "${var.dashboard_image}",
            "region": "${var.region}",
            "workspace": "${var.grafana_workspace_id}",
            "prometheusUrl": "${var.prometheus_endpoint}",
            "folder": "${var.dashboard_folder}",
            "further": "${var.further_dashboards}",
        },
        depends_on=[module.address(made), module.address(linked), module.address(borrows)],
    )
    module.count(shown, on)
    own = {
        path.stem: json.loads(path.read_text(encoding="utf-8"))["uid"]
        for path in sorted((module.folder / FOLDER / "dashboards").glob("*.json"))
    }
    module.local("own_uids", "{\n" + "".join(f'{name} = "{uid}"\n' for name, uid in own.items()) + "}")
    module.output(
        "dashboard_uids",
        "${var.dashboards ? merge(local.own_uids, {\n"
        "  for name, text in var.further_dashboards : name => jsondecode(text).uid\n"
        "}) : {}}",
        depends_on=[shown],
    )
