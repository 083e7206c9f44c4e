from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hp_tf.contract.role import configured_key
from hp_tf.contract.roles import Endpoints, Network
from hp_tf.layers.observability.contract import CONTRACT
from tests.contract.verdicts import Case, accepted_by_terraform, broken

KEY = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
TOPIC = "arn:aws:sns:us-west-2:123456789012:alerts"
PROMETHEUS = "ws-01234567-89ab-cdef-0123-456789abcdef"
USER = "01234567-89ab-cdef-0123-456789abcdef"
ALERT = {"expression": "up == 0", "summary": "Something is down."}
VALUES: dict[str, Any] = {
    "name": "dev",
    "region": "us-west-2",
    "account_id": "123456789012",
    "partition": "aws",
    "orchestrator": "eks",
    "execution_role_name": "dev-hyperpod-us-west-2",
}
GIVEN = {"prometheus_workspace": "given", "prometheus_workspace_id": PROMETHEUS}
GRAFANA = {"grafana_workspace": "given", "grafana_workspace_id": "g-0123456789", "grafana_workspace_name": "shared"}
ROLE = "arn:aws:iam::123456789012:role/grafana"

CASES = [
    Case("plain", {}, None),
    Case("given", {**GIVEN, **GRAFANA}, None),
    Case("given_without_id", {"prometheus_workspace": "given"}, "observability-prometheus-given"),
    Case("id_of_none", {"prometheus_workspace_id": PROMETHEUS}, "observability-prometheus-given"),
    Case("key", {"kms_key_arn": KEY}, None),
    Case("key_of_given", {**GIVEN, "kms_key_arn": KEY}, "observability-key-given-workspace"),
    Case("key_elsewhere", {"kms_key_arn": KEY.replace("us-west-2", "us-east-1")}, "observability-kms-key-region"),
    Case("partition", {"partition": "aws-cn"}, "observability-partition"),
    Case("retention", {"prometheus_retention_days": 1096}, "type"),
    Case("alerts", {"alerts": {"Down": ALERT}, "without_alerts": ["GpuHot"], "alert_topic_arn": TOPIC}, None),
    Case("alert_named", {"alerts": {"not a name": ALERT}}, "type"),
    Case("alert_for_long", {"alerts": {"Down": {**ALERT, "for_minutes": 1441}}}, "type"),
    Case("alert_unknown", {"without_alerts": ["GpuCold"]}, "observability-alerts-known"),
    Case(
        "topic_elsewhere",
        {"alert_topic_arn": TOPIC.replace("123456789012", "210987654321")},
        "observability-alert-topic-here",
    ),
    Case("topic_of_nothing", {"alert_topic_arn": TOPIC, "default_alerts": False}, "observability-topic-alerts"),
    Case("grafana_elsewhere", {"region": "ap-south-1"}, "observability-grafana-region"),
    Case("no_grafana_elsewhere", {"region": "ap-south-1", "grafana_workspace": "none"}, None),
    Case("grafana_without_id", {**GRAFANA, "grafana_workspace_id": None}, "observability-grafana-given"),
    Case("grafana_id_of_none", {"grafana_workspace_id": "g-0123456789"}, "observability-grafana-given"),
    Case("grafana_without_name", {**GRAFANA, "grafana_workspace_name": None}, "observability-grafana-named"),
    Case("grafana_access", {"grafana_access": {"ADMIN": {"user_ids": [USER]}}}, None),
    Case("grafana_access_of", {"grafana_access": {"OWNER": {"user_ids": [USER]}}}, "type"),
    Case("grafana_access_empty", {"grafana_access": {"ADMIN": {}}}, "observability-grafana-somebody"),
    Case(
        "grafana_access_saml",
        {"grafana_access": {"ADMIN": {"user_ids": [USER]}}, "grafana_authentication": ["SAML"]},
        "observability-grafana-access",
    ),
    Case("grafana_twice", {"grafana_authentication": ["SAML", "SAML"]}, "observability-grafana-authentication"),
    Case("grafana_role", {"grafana_role_arn": ROLE}, None),
    Case("grafana_role_of_given", {**GRAFANA, "grafana_role_arn": ROLE}, "observability-grafana-role"),
    Case("tags", {"tags": {"Team": "a", "team": "b"}}, "observability-tags-distinct"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rules(case: Case) -> None:
    assert broken(CONTRACT, {**VALUES, **case.change}) == ({case.broken} if case.broken else set())


def test_every_rule_has_a_case() -> None:
    tried = {case.broken for case in CASES} | {"observability-ways"}
    assert {rule.id for rule in CONTRACT.rules} <= tried


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({}, set()),
        ({"orchestrator": "slurm"}, {"observability-ways"}),
        ({"grant_remote_write": True}, {"observability-ways"}),
        ({"orchestrator": "slurm", configured_key(Endpoints): {"interface_endpoints": ["aps-workspaces"]}}, set()),
    ],
)
def test_metrics_of_a_closed_network_find_their_way(change: dict[str, Any], lost: set[str]) -> None:
    assert broken(CONTRACT, {**VALUES, configured_key(Network): {"nat": "none"}, **change}) == lost


@pytest.mark.slow
def test_terraform_says_the_same(tmp_path: Path) -> None:
    verdicts = accepted_by_terraform(CONTRACT, {case.name: {**VALUES, **case.change} for case in CASES}, tmp_path)
    assert verdicts == {case.name: case.broken is None for case in CASES}
