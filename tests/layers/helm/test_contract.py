from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hp_tf.layers.helm.contract import CHART_FOLDER, CONTRACT, REVISION, HelmInputs, chart_values
from tests.contract.verdicts import Case, accepted_by_terraform, broken, python_only

VALUES: dict[str, Any] = {"region": "us-west-2", "cluster_name": "dev-eks", "chart_path": "./charts/hyperpod-1"}
ROLE = "arn:aws:iam::123456789012:role/mlflow"
CASES = [
    Case("plain", {}, None),
    Case("gpu_operator", {"gpu_operator": True, "nvidia_device_plugin": False}, None),
    Case("two_gpu_plugins", {"gpu_operator": True}, "helm-one-gpu-plugin"),
    Case("mlflow", {"mlflow": True, "mlflow_role_arn": ROLE}, None),
    Case("mlflow_without_role", {"mlflow": True}, "helm-mlflow-role"),
    Case("team", {"team_role_and_bindings": True, "team_compute_quota_target_id": "abc"}, None),
    Case("team_without_target", {"team_role_and_bindings": True}, "helm-team-target"),
    Case("release_name", {"release_name": "Dependencies"}, "type"),
    Case("timeout", {"timeout_seconds": 0}, "type"),
    Case("agent_elsewhere", {"region": "ca-central-1"}, "helm-agent-image"),
    Case("agent_image", {"region": "ca-central-1", "health_monitoring_agent_image": "registry/agent:1"}, None),
    Case("no_agent", {"region": "ca-central-1", "health_monitoring_agent": False}, None),
    Case("values", {"values": ["a: {b: 1}\n", '{"c": [1]}']}, None),
    Case("values_text", {"values": ["a"]}, "helm-values-mapping"),
    Case("values_list", {"values": ["a: 1", "- a"]}, "helm-values-mapping"),
    Case("values_empty", {"values": [""]}, "helm-values-mapping"),
    Case("values_broken", {"values": ["a: [1"]}, "helm-values-mapping"),
    Case("chart_embedded", {"chart": {"source": "embedded"}}, None),
    Case("chart_path", {"chart": {"source": "path", "path": "../chart"}}, None),
    Case("chart_path_missing", {"chart": {"source": "path"}}, "helm-chart-source"),
    Case("chart_path_and_git", {"chart": {"source": "path", "path": "x", "revision": "0" * 40}}, "helm-chart-source"),
    Case("chart_fork", {"chart": {"repository": "https://example.com/x.git", "revision": "0" * 40}}, None),
    Case("chart_fork_at_our_commit", {"chart": {"repository": "https://example.com/x.git"}}, "helm-chart-source"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_rules(case: Case) -> None:
    found = broken(CONTRACT, {**VALUES, **case.change})
    assert case.broken in found if case.broken else not found


def test_a_branch_is_no_revision() -> None:
    assert broken(CONTRACT, {**VALUES, "chart": {"revision": "main"}}) == {"type"}


@pytest.mark.slow
def test_terraform_says_the_same(tmp_path: Path) -> None:
    cases = [case for case in CASES if case.broken not in python_only(CONTRACT)]
    verdicts = accepted_by_terraform(CONTRACT, {case.name: {**VALUES, **case.change} for case in cases}, tmp_path)
    assert verdicts == {case.name: case.broken is None for case in cases}


def test_defaults_are_the_pinned_chart() -> None:
    chart = HelmInputs.model_validate(VALUES).chart
    assert (chart.source, chart.revision, chart.path) == (None, REVISION, CHART_FOLDER)


def test_every_switch_is_one_of_the_chart() -> None:
    text = files("hp_tf.charts").joinpath("embedded", "hyperpod-helm-chart", "values.yaml").read_text()
    values = YAML(typ="safe").load(text)
    switches = [key for _, key in chart_values() if key.keys[-1] == "enabled"]
    assert len(switches) >= 16
    for key in switches:
        level = values
        for part in key.keys:
            level = level[part]
        assert isinstance(level, bool), key.path


def test_no_key_is_written_by_two_inputs() -> None:
    paths = [key.path for _, key in chart_values()]
    assert len(set(paths)) == len(paths)
