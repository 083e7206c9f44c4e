"""The module applied to the embedded AWS: what SageMaker fills in is no difference, and changes are patches."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hp_tf.emulator.clients import EmulatorSession
from hp_tf.emulator.daemon import Emulator
from tests.emulator.conftest import REGION, Base, aws, base, eks, emulator, get, kept_session, put_release, running
from tests.emulator.test_hyperpod import CHART, request
from tests.synth.terraform import Terraform, mirror

__all__ = ["aws", "base", "eks", "emulator", "kept_session", "running"]

pytestmark = pytest.mark.slow
MODULE = Path(__file__).parents[3] / "modules" / "governance"
TEAMS: dict[str, Any] = {
    "research": {
        "resources": [
            {"instance_type": "ml.p5.48xlarge", "accelerators": 4},
            {"instance_type": "ml.g5.8xlarge", "count": 1},
        ]
    },
    "web": {"sharing": "Lend"},
}


class Walk:
    """A root with one call of the module."""

    def __init__(self, folder: Path, program: Path, running: Emulator, session: EmulatorSession) -> None:
        keys = {"AWS_ACCESS_KEY_ID": running.access_key, "AWS_SECRET_ACCESS_KEY": running.access_key}
        environ = {
            **keys,
            "AWS_REGION": REGION,
            "AWS_ENDPOINT_URL": running.endpoint,
            "TF_REATTACH_PROVIDERS": json.dumps(running.reattach),
        }
        shutil.copytree(MODULE, folder / "module")
        self._terraform = Terraform(program, folder, environ, mirror())
        self._sagemaker = session.client("sagemaker")
        self.values: dict[str, Any] = {"name": "dev", "cluster_name": "k"}

    def run(self, *arguments: str, code: int = 0) -> str:
        """Run a command of Terraform with the values as they are now; return what it printed."""
        call = {"source": "./module", **self.values}
        text = json.dumps({"module": {"governance": call}, "provider": {"awscc": {"region": REGION}}})
        self._terraform.folder.joinpath("main.tf.json").write_text(text)
        done = self._terraform.run(*arguments)
        assert done.returncode == code, (done.stdout + done.stderr)[-3000:]
        return done.stdout + done.stderr

    def apply(self) -> str:
        """Apply, and plan again: nothing is left to do."""
        said = self.run("apply", "-auto-approve", "-no-color")
        self.run("plan", "-detailed-exitcode")
        return said

    def quotas(self) -> dict[str, dict[str, Any]]:
        """The quotas' descriptions by team."""
        found = self._sagemaker.list_compute_quotas()["ComputeQuotaSummaries"]
        told = [self._sagemaker.describe_compute_quota(ComputeQuotaId=item["ComputeQuotaId"]) for item in found]
        return {item["ComputeQuotaTarget"]["TeamName"]: item for item in told}

    def scheduler(self) -> dict[str, Any]:
        """The scheduler configuration of the cluster."""
        [found] = self._sagemaker.list_cluster_scheduler_configs()["ClusterSchedulerConfigSummaries"]
        identity = found["ClusterSchedulerConfigId"]
        told: dict[str, Any] = self._sagemaker.describe_cluster_scheduler_config(ClusterSchedulerConfigId=identity)
        return told


@pytest.fixture
def walk(tmp_path: Path, emulator: Emulator, aws: EmulatorSession, base: Base, eks: dict[str, Any]) -> Iterator[Walk]:
    put_release(eks, CHART)
    program = shutil.which("terraform")
    assert program is not None, "this test needs `terraform` on PATH"
    made = Walk(tmp_path, Path(program), emulator, aws)
    made.values["hyperpod_cluster_arn"] = aws.client("sagemaker").create_cluster(**request(base, eks))["ClusterArn"]
    yield made


def test_quotas_and_priorities_are_made_changed_and_go_with_their_cluster(
    walk: Walk, aws: EmulatorSession, base: Base, eks: dict[str, Any], emulator: Emulator
) -> None:
    walk.values |= {"teams": TEAMS, "fair_share": True, "tags": {"team": "ml"}}
    walk.run("init")
    walk.apply()
    first = walk.quotas()
    cpu, gpu = first["research"]["ComputeQuotaConfig"]["ComputeQuotaResources"]
    assert cpu == {"InstanceType": "ml.g5.8xlarge", "Count": 1}
    # Filled in by ratio, and no difference all the same.
    assert gpu == {"InstanceType": "ml.p5.48xlarge", "Accelerators": 4, "VCpu": 96.0, "MemoryInGiB": 1024.0}
    assert first["web"]["ComputeQuotaConfig"]["ResourceSharingConfig"] == {"Strategy": "Lend"}
    assert walk.scheduler()["SchedulerConfig"]["FairShare"] == "Enabled"

    changed = [{"instance_type": "ml.g5.8xlarge", "count": 2}, TEAMS["research"]["resources"][0]]
    # The name of a quota is fixed: another one is another quota.
    walk.values["teams"] = {
        "research": {"resources": changed, "sharing": "DontLend"},
        "web": {"sharing": "Lend", "quota_name": "renamed"},
    }
    walk.values["priority_classes"] = {"training": 50, "inference": 100}
    said = walk.apply()
    assert "1 added, 2 changed, 1 destroyed" in said
    second = walk.quotas()["research"]
    assert second["ComputeQuotaId"] == first["research"]["ComputeQuotaId"] and second["ComputeQuotaVersion"] == 2
    assert second["ComputeQuotaConfig"]["ComputeQuotaResources"] == [{**cpu, "Count": 2}, gpu]
    assert walk.scheduler()["SchedulerConfig"]["PriorityClasses"] == [
        {"Name": "inference", "Weight": 100},
        {"Name": "training", "Weight": 50},
    ]

    other = aws.client("sagemaker").create_cluster(**request(base, eks, ClusterName="other"))["ClusterArn"]
    walk.values["hyperpod_cluster_arn"] = other
    assert "4 added, 0 changed, 4 destroyed" in walk.apply()
    assert {item["ClusterArn"] for item in (walk.scheduler(), *walk.quotas().values())} == {other}

    walk.run("destroy", "-auto-approve")
    left = get(emulator, "/_hptf/resources")
    assert left["aws_cloudcontrolapi_resource"] == left["awscc_sagemaker_cluster_scheduler_config"] == []


def test_what_the_service_refuses_is_refused_in_the_plan(walk: Walk) -> None:
    walk.values["teams"] = {"research": {"resources": [{"instance_type": "ml.x1.large", "count": 1}]}}
    walk.run("init")
    said = walk.run("plan", code=1)
    assert "ml.p5.48xlarge" in said, said
