from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hp_tf.layers.observability.alerts import ALERTS
from tests.layers.evaluation import arguments, evaluate
from tests.layers.observability.test_contract import ALERT, TOPIC, VALUES

pytestmark = [pytest.mark.slow, pytest.mark.synth]


def test_alerts_go_to_the_workspace_and_to_the_topic(tmp_path: Path) -> None:
    given = {"without_alerts": ["GpuHot"], "alerts": {"Down": ALERT, "DiskFull": ALERT}, "alert_topic_arn": TOPIC}
    told = arguments("observability", "aws_prometheus_alert_manager_definition.this")["definition"]
    wanted = {"rules": arguments("observability", "aws_prometheus_rule_group_namespace.this")["data"], "told": told}
    found = evaluate("observability", {**VALUES, **given}, wanted, tmp_path)
    yaml = YAML(typ="safe")
    [group] = yaml.load(found["rules"])["groups"]
    rules = {rule["alert"]: rule for rule in group["rules"]}
    assert set(rules) == {*ALERTS, "Down"} - {"GpuHot"}
    assert (rules["DiskFull"]["expr"], rules["GpuTooHot"]["for"]) == ("up == 0", "1m")
    assert rules["GpuTooHot"]["labels"] == {"severity": "critical"}
    [receiver] = yaml.load(yaml.load(found["told"])["alertmanager_config"])["receivers"]
    assert receiver["sns_configs"][0]["topic_arn"] == TOPIC


@pytest.mark.parametrize(
    ("change", "count"),
    [({}, 0), ({"orchestrator": "slurm"}, 1), ({"grant_remote_write": True}, 1)],
)
def test_nodes_write_where_they_send(change: dict[str, Any], count: int, tmp_path: Path) -> None:
    wanted = {"count": arguments("observability", "aws_iam_role_policy.remote_write")["count"]}
    assert evaluate("observability", {**VALUES, **change}, wanted, tmp_path) == {"count": count}


def test_grafana_reads_and_only_lists_everything() -> None:
    policy = arguments("observability", "aws_iam_role_policy.grafana")["policy"]
    trust = json.dumps(arguments("observability", "aws_iam_role.grafana")["assume_role_policy"])
    assert "aws:SourceAccount" in trust
    assert "aps:RemoteWrite" not in policy and "Put" not in policy.replace("aps:PutAlertManagerSilences", "")
