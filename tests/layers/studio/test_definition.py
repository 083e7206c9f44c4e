from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from hp_tf.layers.studio.start import START
from tests.layers.evaluation import arguments, evaluate
from tests.layers.studio.test_contract import VALUES

pytestmark = [pytest.mark.slow, pytest.mark.synth]

CLUSTER = "arn:aws:sagemaker:us-west-2:123456789012:cluster/abcdefghijkl"


def granted(change: dict[str, Any], folder: Path) -> dict[str, Any]:
    (folder / "start.sh.tftpl").write_text(START)
    policy = arguments("studio", "aws_iam_role_policy.this")["policy"].replace("local.domain_id", '"d-1"')
    found = evaluate("studio", {**VALUES, **change}, {"policy": policy}, folder)
    return {item["Sid"]: item for item in json.loads(found["policy"])["Statement"]}


def test_editors_may_do_what_they_need_and_no_more(tmp_path: Path) -> None:
    found = granted({"hyperpod_cluster_arn": CLUSTER, "bucket_names": ["acme"]}, tmp_path)
    assert {name for name, item in found.items() if item["Resource"] == "*"} == {"ListStudio"}
    assert all(action.startswith("sagemaker:List") for action in found["ListStudio"]["Action"])
    assert all("*" not in action for item in found.values() for action in item["Action"])
    assert found["FindCluster"]["Resource"] == "arn:aws:eks:us-west-2:123456789012:cluster/dev-eks"
    assert found["SeeNodes"]["Resource"] == CLUSTER
    assert found["UseObjects"]["Resource"] == ["arn:aws:s3:::acme/*"]
    owner = found["RunOwnApps"]["Condition"]["ArnLike"]["sagemaker:OwnerUserProfileArn"]
    assert owner.endswith(":user-profile/${sagemaker:DomainId}/${sagemaker:UserProfileName}")


def test_without_a_cluster_there_is_nothing_to_enter(tmp_path: Path) -> None:
    found = granted({"orchestrator": "slurm", "cluster_name": None}, tmp_path)
    assert set(found) == {"SeeStudio", "RunOwnApps", "WriteLogs", "ListStudio"}


def test_the_start_script_never_fails(tmp_path: Path) -> None:
    values = {"cluster_name": "k", "region": "us-west-2", "install_tools": "true"}
    text = START
    for name, value in {**values, "kubectl_version": "v1.34.2", "helm_version": "v3.19.0"}.items():
        text = text.replace(f"${{{name}}}", value)
    script = tmp_path / "start.sh"
    script.write_text(text)
    # Neither the internet nor the AWS CLI is there.
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("curl", "aws", "kubectl", "helm"):
        (tools / name).write_text("#!/bin/sh\nexit 1\n")
        (tools / name).chmod(0o755)
    environ = {"HOME": str(tmp_path), "PATH": f"{tools}:/usr/bin:/bin"}
    done = subprocess.run(["bash", script], env=environ, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
    assert "kubectl v1.34.2 was not installed" in done.stdout
    assert "there is no kubeconfig" in done.stdout
