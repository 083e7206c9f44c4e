"""What AWS and the cluster refuse: the error says where, and the next apply goes on. The tests run in this order."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from hp_tf import codes
from hp_tf.charts.source import EMBEDDED
from tests.end_to_end.project import Project

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

CLUSTER = "module.hyperpod.awscc_sagemaker_cluster.this"
RELEASE = "module.helm.helm_release.this"
FLOW_LOGS = "module.network.aws_cloudwatch_log_group.flow_logs[0]"
ROLE = "module.iam.aws_iam_role.execution[0]"


@pytest.fixture(scope="module")
def wrong(local: Project) -> Path:
    """A template of the environment's chart that no cluster takes; the environment is otherwise as it should be."""
    chart = local.root / "chart"
    shutil.copytree(EMBEDDED, chart)
    template = chart / "templates" / "wrong.yaml"
    template.write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: note, namespace: nowhere}\n")

    def change(content: Any) -> None:
        # Without the file system nothing here waits for half a minute.
        content["layers"].update(fsx={"enabled": False}, helm={"chart": {"source": "path", "path": "../chart"}})

    local.edit(change)
    return template


def test_an_operation_the_emulator_does_not_have_is_named_at_once(local: Project) -> None:
    local.run("local up")
    started = time.monotonic()
    asked: dict[tuple[str, str], Callable[[Any], object]] = {
        ("eks", "ListInsights"): lambda client: client.list_insights(clusterName="any"),
        ("ec2", "DescribeVerifiedAccessGroups"): lambda client: client.describe_verified_access_groups(),
        ("amp", "ListScrapers"): lambda client: client.list_scrapers(),
    }
    for (service, operation), ask in asked.items():
        with pytest.raises(ClientError, match=rf"{service}\.{operation} is not part of the embedded AWS"):
            ask(local.session.client(service))
    assert time.monotonic() - started < 10
    missing = local.emulator.call("GET", "/_hptf/unsupported")["unsupported"]
    assert {(item["service"], item["operation"]) for item in missing} == set(asked)


def test_what_is_there_already_under_a_name_of_ours_is_taken_over_by_consent_alone(local: Project) -> None:
    local.edit(lambda content: content["layers"].setdefault("network", {}).update(flow_logs="cloudwatch"))
    local.session.client("logs").create_log_group(logGroupName="/aws/vpc/ml-local/flow-logs")
    failed = local.apply("--layer", "network", expect=1)
    assert FLOW_LOGS in failed.text and "already exist" in failed.text
    refused = local.apply("--layer", "network", expect=2)
    assert f"--allow '{codes.EXISTING_TAKEN_OVER}={FLOW_LOGS}'" in refused.text
    assert FLOW_LOGS not in local.known()
    local.apply("--layer", "network", "--allow", f"{codes.EXISTING_TAKEN_OVER}={FLOW_LOGS}")
    assert FLOW_LOGS in local.known()


def test_a_chart_that_could_not_be_installed_fails_the_apply(local: Project, wrong: Path) -> None:
    """The provider records nothing of it, and the cluster holds a failed release of that name."""
    failed = local.apply(expect=1)
    assert "nowhere" in failed.text and "layers.helm.create_namespace" in failed.text
    assert f"the next plan takes over what there is of {RELEASE}" in failed.text
    known = local.known()
    assert RELEASE not in known and CLUSTER not in known and ROLE in known
    wrong.unlink()


def test_a_quota_that_is_reached_fails_the_apply_and_the_failed_release_is_taken_over(local: Project) -> None:
    message = "The account-level service limit 'ml.g5.8xlarge for cluster usage' is 0 Instances"
    local.fault("sagemaker", "CreateCluster", error="ResourceLimitExceeded", message=message)
    failed = local.apply(expect=1)
    assert CLUSTER in failed.text
    assert "hyperpod" in failed.text
    assert message in failed.text
    assert "Traceback" not in failed.text
    known = local.known()
    assert CLUSTER not in known and RELEASE in known
    assert local.differences() == {}
    assert not any(found.locked for found in local.store.survey().values())


def test_the_next_apply_goes_through(local: Project) -> None:
    local.apply()
    assert CLUSTER in local.known()
    assert local.lost() == []
    assert local.differences() == {}
    assert local.run("plan", "--detailed-exitcode", expect=None).code == 0
    assert local.answered("eks", "CreateCluster") == 1
