from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hp_tf.contract.role import configured_key
from hp_tf.contract.roles import Endpoints, KubernetesApi, Network
from hp_tf.contract.rules import PythonRule
from hp_tf.layers.observability_eks.contract import CONTRACT
from tests.contract.verdicts import Case, accepted_by_terraform, broken

PROMETHEUS = "ws-01234567-89ab-cdef-0123-456789abcdef"
VALUES: dict[str, Any] = {
    "name": "dev",
    "region": "us-west-2",
    "account_id": "123456789012",
    "partition": "aws",
    "cluster_name": "dev-eks",
    "prometheus_workspace_arn": f"arn:aws:aps:us-west-2:123456789012:workspace/{PROMETHEUS}",
    "prometheus_endpoint": f"https://aps-workspaces.us-west-2.amazonaws.com/workspaces/{PROMETHEUS}",
}
GRAFANA = {
    "grafana_workspace_id": "g-0123456789",
    "grafana_workspace_arn": "arn:aws:grafana:us-west-2:123456789012:/workspaces/g-0123456789",
    "grafana_workspace_name": "dev",
}
OWN = json.dumps({"uid": "mine", "title": "Mine"})

CASES = [
    Case("plain", {}, None),
    Case("levels", {"network_metrics": "ADVANCED", "node_metrics": "DISABLED", "logging": True}, None),
    Case("level", {"node_metrics": "FULL"}, "type"),
    Case("partition", {"partition": "aws-cn"}, "observability_eks-partition"),
    Case("tags", {"tags": {"Team": "a", "team": "b"}}, "observability_eks-tags-distinct"),
    Case("configuration", {"addon_configuration": '{"logging": {"enabled": true}}'}, None),
    Case("configuration_list", {"addon_configuration": "[]"}, "observability_eks-configuration"),
    Case("dashboards", {**GRAFANA, "dashboards": True, "further_dashboards": {"mine": OWN}}, None),
    Case("dashboards_without", {"dashboards": True}, "observability_eks-grafana"),
    Case("dashboards_off", {"further_dashboards": {"mine": OWN}}, "observability_eks-dashboards-off"),
    Case(
        "dashboards_text",
        {**GRAFANA, "dashboards": True, "further_dashboards": {"mine": "mine"}},
        "observability_eks-dashboard-json",
    ),
    Case("dashboard_name", {**GRAFANA, "dashboards": True, "further_dashboards": {"Mine!": OWN}}, "type"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rules(case: Case) -> None:
    assert broken(CONTRACT, {**VALUES, **case.change}) == ({case.broken} if case.broken else set())


def test_every_rule_of_a_module_has_a_case() -> None:
    tried = {case.broken for case in CASES}
    assert {rule.id for rule in CONTRACT.rules if not isinstance(rule, PythonRule)} <= tried


def test_metrics_find_their_way() -> None:
    closed = {
        **VALUES,
        configured_key(Network): {"nat": "none"},
        configured_key(Endpoints): {"interface_endpoints": []},
    }
    assert broken(CONTRACT, closed) == {"observability_eks-ways"}
    with_way = {**closed, configured_key(Endpoints): {"interface_endpoints": ["aps-workspaces"]}}
    assert broken(CONTRACT, with_way) == set()
    assert broken(CONTRACT, {**with_way, **GRAFANA, "dashboards": True}) == {"observability_eks-ways"}


def test_the_addon_is_of_the_clusters_line() -> None:
    scope = {
        **VALUES,
        configured_key(KubernetesApi): {"kubernetes_version": "1.34"},
        "addon_version": "v9.9.9-eksbuild.1",
    }
    assert broken(CONTRACT, scope, "warning") == {"observability_eks-addon-unknown"}


@pytest.mark.slow
def test_terraform_says_the_same(tmp_path: Path) -> None:
    verdicts = accepted_by_terraform(CONTRACT, {case.name: {**VALUES, **case.change} for case in CASES}, tmp_path)
    assert verdicts == {case.name: case.broken is None for case in CASES}
