"""What AWS refuses: the error says in which layer, and the next apply goes on from there."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from hp_tf.charts.source import EMBEDDED
from tests.end_to_end.project import Project

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]

CLUSTER = "module.hyperpod.awscc_sagemaker_cluster.this"
RELEASE = "module.helm.helm_release.this"
ROLE = "module.iam.aws_iam_role.execution[0]"


def test_a_quota_that_is_reached_fails_the_apply_and_the_next_one_goes_through(fresh: Project) -> None:
    # Without the file system nothing here waits for half a minute.
    fresh.edit(lambda content: content["layers"].update(fsx={"enabled": False}))
    fresh.run("local up")
    message = "The account-level service limit 'ml.g5.8xlarge for cluster usage' is 0 Instances"
    fresh.fault("sagemaker", "CreateCluster", error="ResourceLimitExceeded", message=message)
    failed = fresh.apply(expect=1)
    assert CLUSTER in failed.text
    assert "hyperpod" in failed.text
    assert message in failed.text
    assert "Traceback" not in failed.text
    known = fresh.known()
    assert CLUSTER not in known and ROLE in known
    assert fresh.differences() == {}
    assert not any(found.locked for found in fresh.store.survey().values())

    fresh.apply()
    assert CLUSTER in fresh.known()
    assert fresh.differences() == {}
    assert fresh.run("plan", "--detailed-exitcode", expect=None).code == 0
    assert fresh.answered("eks", "CreateCluster") == 1


def test_a_chart_that_could_not_be_installed_is_taken_over_and_upgraded(fresh: Project) -> None:
    """The provider records nothing of it, and the cluster holds a failed release of that name."""
    chart = fresh.root / "chart"
    shutil.copytree(EMBEDDED, chart)
    wrong = chart / "templates" / "wrong.yaml"
    wrong.write_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: note, namespace: nowhere}\n")

    def only_the_chart(content: dict[str, Any]) -> None:
        content["layers"].update(fsx={"enabled": False}, hyperpod={"enabled": False})
        content["layers"]["helm"] = {"chart": {"source": "path", "path": "../chart"}}

    fresh.edit(only_the_chart)
    failed = fresh.apply(expect=1)
    assert "nowhere" in failed.text
    assert f"the next plan takes over what there is of {RELEASE}" in failed.text
    assert RELEASE not in fresh.known()

    wrong.unlink()
    fresh.apply()
    assert RELEASE in fresh.known()
    assert fresh.lost() == []
    assert fresh.run("plan", "--detailed-exitcode", expect=None).code == 0


def test_an_operation_the_emulator_does_not_have_is_named_at_once(fresh: Project) -> None:
    fresh.run("local up")
    started = time.monotonic()
    asked: dict[tuple[str, str], Callable[[Any], object]] = {
        ("eks", "ListInsights"): lambda client: client.list_insights(clusterName="any"),
        ("ec2", "DescribeVerifiedAccessGroups"): lambda client: client.describe_verified_access_groups(),
        ("grafana", "ListWorkspaces"): lambda client: client.list_workspaces(),
    }
    for (service, operation), ask in asked.items():
        with pytest.raises(ClientError, match=rf"{service}\.{operation} is not part of the embedded AWS"):
            ask(fresh.session.client(service))
    assert time.monotonic() - started < 10
    missing = fresh.emulator.call("GET", "/_hptf/unsupported")["unsupported"]
    assert {(item["service"], item["operation"]) for item in missing} == set(asked)
