from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hp_tf.layers.observability_eks.contract import METRICS
from tests.layers.evaluation import arguments, evaluate
from tests.layers.observability_eks.test_contract import GRAFANA, VALUES

pytestmark = [pytest.mark.slow, pytest.mark.synth]


def configuration(change: dict[str, Any], folder: Path) -> dict[str, Any]:
    wanted = {"configuration": arguments("observability_eks", "aws_eks_addon.this")["configuration_values"]}
    found: dict[str, Any] = json.loads(
        evaluate("observability_eks", {**VALUES, **change}, wanted, folder)["configuration"]
    )
    return found


def test_every_level_reaches_the_addon(tmp_path: Path) -> None:
    changed = {f"{name}_metrics": "ADVANCED" for name in METRICS}
    found = configuration({**changed, "scrape_interval_seconds": 60}, tmp_path)
    assert found["metricsProvider"] == {key: {"level": "ADVANCED", "scrapeInterval": 60} for key in METRICS.values()}
    assert found["ampWorkspace"]["prometheusEndpoint"] == VALUES["prometheus_endpoint"]
    assert "amgWorkspace" not in found and found["logging"] == {"enabled": False}


def test_grafana_and_what_the_file_adds(tmp_path: Path) -> None:
    found = configuration({**GRAFANA, "addon_configuration": '{"logging": {"enabled": true}, "x": 1}'}, tmp_path)
    assert found["amgWorkspace"] == {"workspaceName": "dev", "arn": GRAFANA["grafana_workspace_arn"]}
    assert (found["logging"], found["x"]) == ({"enabled": True}, 1)


def test_roles_reach_one_workspace_each() -> None:
    sends = json.dumps(arguments("observability_eks", "aws_iam_role_policy.addon")["policy"])
    borrows = json.dumps(arguments("observability_eks", "aws_iam_role_policy.dashboards")["policy"])
    assert "var.prometheus_workspace_arn" in sends and "aps:RemoteWrite" in sends
    assert "var.grafana_workspace_arn" in borrows and '"*"' not in borrows
