from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from hp_tf.layers.helm.contract import HelmInputs, chart_values
from tests.layers.evaluation import arguments, document, evaluate
from tests.layers.helm.test_contract import ROLE, VALUES

pytestmark = [pytest.mark.slow, pytest.mark.synth]
ADDRESS = "helm_release.this"


def documents(change: dict[str, Any], folder: Path) -> list[Any]:
    wanted = {"values": arguments("helm", ADDRESS)["values"]}
    texts = evaluate("helm", {**VALUES, **change}, wanted, folder)["values"]
    return [YAML(typ="safe").load(text) for text in texts]


def merged(found: list[Any]) -> dict[str, Any]:
    """As Helm merges values: maps by key, a later document wins."""

    def merge(into: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
        for key, value in other.items():
            into[key] = merge(into.get(key, {}), value) if isinstance(value, dict) else value
        return into

    result: dict[str, Any] = {}
    for item in found:
        merge(result, item)
    return result


def at(values: dict[str, Any], keys: tuple[str, ...]) -> Any:
    level: Any = values
    for key in keys:
        level = level[key]
    return level


def test_defaults_leave_optional_keys_to_the_chart(tmp_path: Path) -> None:
    (values,) = documents({}, tmp_path)
    assert values["inferenceOperators"] == {"enabled": False}
    assert values["health-monitoring-agent"] == {"region": "us-west-2", "enabled": True}


def test_every_input_arrives_under_its_key(tmp_path: Path) -> None:
    change = {
        "mlflow": True,
        "mlflow_role_arn": ROLE,
        "team_role_and_bindings": True,
        "team_compute_quota_target_id": "team",
        "health_monitoring_agent_image": "example.com/agent:1",
        "gpu_operator": True,
        "nvidia_device_plugin": False,
    }
    given = HelmInputs.model_validate({**VALUES, **change}).model_dump()
    values = merged(documents(change, tmp_path))
    for name, key in chart_values():
        assert at(values, key.keys) == given[name], key.path


def test_free_values_win(tmp_path: Path) -> None:
    values = merged(documents({"values": ["mpi-operator: {enabled: false}", "a: 1", "a: 2"]}, tmp_path))
    assert values["mpi-operator"]["enabled"] is False
    assert values["a"] == 2


def test_nothing_that_makes_a_plan_contact_the_cluster() -> None:
    used = arguments("helm", ADDRESS)
    assert not {"version", "upgrade_install", "dependency_update", "repository"} & set(used)


def test_the_release_waits_for_the_cluster_to_be_usable() -> None:
    assert arguments("helm", ADDRESS)["depends_on"] == ["var.cluster_name"]


def test_where_the_chart_comes_from_is_no_variable() -> None:
    assert "chart" not in document("helm")["variable"]
    assert "chart_path" in document("helm")["variable"]
