"""The job that puts dashboards into Grafana, run as it is against the embedded AWS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

import hp_tf
from hp_tf.emulator.clients import EmulatorSession
from hp_tf.emulator.daemon import Emulator
from tests.emulator.conftest import REGION

CHART = Path(hp_tf.__file__).parent / "layers" / "observability_eks" / "chart"
SCRIPT = CHART / "files" / "put.py"
OWN = {path.stem: json.loads(path.read_text()) for path in sorted((CHART / "dashboards").glob("*.json"))}
PROMETHEUS = f"https://aps-workspaces.{REGION}.amazonaws.com/workspaces/ws-01234567-89ab-cdef-0123-456789abcdef"


@pytest.fixture
def workspace(aws: EmulatorSession) -> str:
    made = aws.client("grafana").create_workspace(
        accountAccessType="CURRENT_ACCOUNT", permissionType="CUSTOMER_MANAGED", authenticationProviders=["AWS_SSO"]
    )
    return str(made["workspace"]["id"])


def put(emulator: Emulator, workspace: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    environ = {
        "PATH": os.environ["PATH"],
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL_GRAFANA": emulator.endpoint,
        "AWS_ACCESS_KEY_ID": emulator.access_key,
        "AWS_SECRET_ACCESS_KEY": emulator.access_key,
        "GRAFANA_WORKSPACE": workspace,
        "GRAFANA_URL": f"{emulator.endpoint}/grafana/{workspace}",
        "GRAFANA_FOLDER": "Cluster",
        "PROMETHEUS_URL": PROMETHEUS,
        "PATIENCE": "0",
        **more,
    }
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(folder)],
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def read(emulator: Emulator, workspace: str, token: str, path: str) -> Any:
    request = urllib.request.Request(
        f"{emulator.endpoint}/grafana/{workspace}/api{path}", headers={"Authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.loads(response.read())


def borrowed(aws: EmulatorSession, workspace: str) -> str:
    grafana = aws.client("grafana")
    account = grafana.create_workspace_service_account(name="reader", grafanaRole="VIEWER", workspaceId=workspace)["id"]
    token = grafana.create_workspace_service_account_token(
        name="t", secondsToLive=60, workspaceId=workspace, serviceAccountId=account
    )
    return str(token["serviceAccountToken"]["key"])


def test_dashboards_come_and_come_again(
    aws: EmulatorSession, emulator: Emulator, workspace: str, tmp_path: Path
) -> None:
    first = put(emulator, workspace, CHART / "dashboards")
    assert first.returncode == 0, first.stderr
    token = borrowed(aws, workspace)
    for dashboard in OWN.values():
        found = read(emulator, workspace, token, f"/dashboards/uid/{dashboard['uid']}")
        assert (found["dashboard"]["title"], found["meta"]["folderUid"]) == (dashboard["title"], "hyperpod")
    source = read(emulator, workspace, token, "/datasources/uid/hyperpod-prometheus")
    assert (source["url"], source["jsonData"]["sigV4Region"]) == (PROMETHEUS, REGION)
    assert read(emulator, workspace, token, "/folders/hyperpod")["title"] == "Cluster"
    # Nothing of the job stays: neither its account nor its token.
    accounts = aws.client("grafana").list_workspace_service_accounts(workspaceId=workspace)["serviceAccounts"]
    assert [item["name"] for item in accounts] == ["reader"]

    changed = {**OWN["cluster"], "title": "Changed"}
    (tmp_path / "cluster.json").write_text(json.dumps(changed))
    # A job that was killed left its account.
    aws.client("grafana").create_workspace_service_account(
        name="hyperpod-dashboards", grafanaRole="ADMIN", workspaceId=workspace
    )
    again = put(emulator, workspace, tmp_path, GRAFANA_FOLDER="Other")
    assert again.returncode == 0, again.stderr
    assert read(emulator, workspace, token, f"/dashboards/uid/{changed['uid']}")["dashboard"]["title"] == "Changed"
    assert read(emulator, workspace, token, "/folders/hyperpod")["title"] == "Other"
    assert len(aws.client("grafana").list_workspace_service_accounts(workspaceId=workspace)["serviceAccounts"]) == 1


def test_a_refusal_fails_the_job_and_leaves_nothing(
    aws: EmulatorSession, emulator: Emulator, workspace: str, tmp_path: Path
) -> None:
    (tmp_path / "bad.json").write_text('{"uid": "x"}')
    done = put(emulator, workspace, tmp_path)
    assert done.returncode == 1
    assert "Dashboard title cannot be empty" in done.stderr and "Traceback" not in done.stderr
    assert aws.client("grafana").list_workspace_service_accounts(workspaceId=workspace)["serviceAccounts"] == []
    elsewhere = put(emulator, "g-0000000000", tmp_path)
    assert elsewhere.returncode == 1 and "not found" in elsewhere.stderr
    stranger = put(emulator, workspace, tmp_path, AWS_ACCESS_KEY_ID="AKIASTRANGER00000000")
    assert stranger.returncode == 1 and "403" in stranger.stderr


def test_a_workspace_answers_to_its_tokens_alone(emulator: Emulator, aws: EmulatorSession, workspace: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="401"):
        read(emulator, workspace, "glsa_of-nobody", "/folders/hyperpod")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        read(emulator, workspace, borrowed(aws, workspace), "/folders/hyperpod")


@pytest.mark.parametrize("name", OWN)
def test_a_dashboard_is_sound(name: str) -> None:
    dashboard = OWN[name]
    assert dashboard["uid"] == f"hyperpod-{name}"
    ids = [panel["id"] for panel in dashboard["panels"]]
    assert len(set(ids)) == len(ids)
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24
        cells = {(place["x"] + column, place["y"] + row) for column in range(place["w"]) for row in range(place["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells
        assert panel["datasource"]["uid"] == "hyperpod-prometheus"
        for target in panel["targets"]:
            assert target["expr"].count("(") == target["expr"].count(")")
            assert target["datasource"]["uid"] == "hyperpod-prometheus"
