"""Helm releases: never believed gone without an answer that says so, never another's, never stuck for ever."""

from __future__ import annotations

import base64
import gzip
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hp_tf import codes
from tests.emulator.conftest import kube
from tests.end_to_end.conftest import local_project
from tests.end_to_end.project import BIN, Ended, Project, changes
from tests.waiting import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("releases")]

ADDRESS = "module.helm.helm_release.this"
NAME, NAMESPACE = "hyperpod-dependencies", "kube-system"
SECRETS = f"/api/v1/namespaces/{NAMESPACE}/secrets"
LAYER = ("--layer", "helm")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """An EKS cluster, and the layer whose release comes and goes."""
    made = local_project(tmp_path_factory.mktemp("releases"))
    made.edit(lambda content: content["layers"].update(fsx={"enabled": False}, hyperpod={"enabled": False}))
    try:
        made.apply()
        yield made
    finally:
        made.close()


def cluster(project: Project) -> dict[str, Any]:
    """The EKS cluster, with the emulator's key to it."""
    eks = project.session.client("eks")
    (name,) = eks.list_clusters()["clusters"]
    return {**eks.describe_cluster(name=name)["cluster"], "accessKey": project.emulator.access_key}


def records(project: Project) -> dict[str, str]:
    """The status of each revision of the release, by the Secret that keeps it."""
    items = kube(cluster(project), "GET", f"{SECRETS}?labelSelector=name%3D{NAME}")["items"]
    return {item["metadata"]["name"]: item["metadata"]["labels"]["status"] for item in items}


def put(project: Project, chart: str) -> str:
    """Install something else under the release's name, as far as Helm's records go; return the record's name."""
    when = "2026-01-01T00:00:00Z"
    release = {
        "name": NAME,
        "namespace": NAMESPACE,
        "version": 1,
        "info": {"status": "deployed", "first_deployed": when, "last_deployed": when},
        "chart": {"metadata": {"name": chart, "version": "0.1.0", "apiVersion": "v2"}},
        "config": {},
        "manifest": "",
    }
    packed = base64.b64encode(gzip.compress(json.dumps(release).encode()))
    labels = {"owner": "helm", "name": NAME, "status": "deployed", "version": "1"}
    body = {
        "metadata": {"name": f"sh.helm.release.v1.{NAME}.v1", "labels": labels},
        "type": "helm.sh/release.v1",
        "data": {"release": base64.b64encode(packed).decode()},
    }
    made = kube(cluster(project), "POST", SECRETS, body)
    return str(made["metadata"]["name"])


def found(plan: dict[str, Any]) -> list[tuple[str, str]]:
    """The codes and subjects of what a plan has to say."""
    return [(item["code"], item["subject"]) for item in plan["findings"]]


def refused(ended: Ended, *words: str) -> None:
    assert all(word in ended.text for word in words), ended.text
    assert "Traceback" not in ended.text


def kill_in(project: Project, operation: str) -> None:
    """Kill Terraform while Helm is at work, held up at an operation: hptf ends the provider, in which Helm runs."""
    project.hold("kubernetes", operation)
    child = project.start("apply", "--auto-approve")
    wait_for(lambda: project.holds(operation), "Helm at work")
    os.kill(project.terraform_pid(), signal.SIGKILL)
    assert child.wait(timeout=60) == 1
    project.let_go()


@pytest.mark.parametrize(
    ("command", "operation", "what", "words"),
    [
        ("plan", "get secrets", {"status": 403, "error": "Forbidden"}, "HTTP status 403"),
        ("destroy", "*", {"drop": True, "times": 9}, "does not answer here"),
        # Helm asks for this first, and hptf does not.
        ("plan", "get version", {"status": 503, "error": "ServiceUnavailable"}, "took it for gone"),
        ("destroy", "get version", {"status": 401, "error": "Unauthorized"}, "took it for gone"),
    ],
)
def test_what_cannot_be_read_is_not_gone(
    project: Project, command: str, operation: str, what: dict[str, Any], words: str
) -> None:
    states = project.states()
    project.fault("kubernetes", operation, **what)
    ended = project.run(command, *(("--auto-approve",) if command == "destroy" else ()), *LAYER, expect=1)
    project.let_go()
    refused(ended, words)
    assert project.states() == states
    assert list(records(project).values()) == ["deployed"]


def test_what_the_credential_plugin_says_is_shown(project: Project, tmp_path: Path) -> None:
    broken = tmp_path / "hptf"
    broken.write_text("#!/bin/sh\necho the session has expired >&2\nexit 1\n")
    broken.chmod(0o755)
    project.variables["PATH"] = f"{tmp_path}:{BIN}:/usr/local/bin:/usr/bin:/bin"
    try:
        refused(project.run("plan", *LAYER, expect=1), "hptf token --cluster-name", "the session has expired")
    finally:
        del project.variables["PATH"]


def test_destroyed_is_said_after_a_look(project: Project) -> None:
    """The provider deletes nothing where it cannot read, and says that it has."""
    # Its Read of the plan asks twice, and its Delete once before Helm is called.
    project.fault("kubernetes", "get version", skip=2, status=503, error="ServiceUnavailable")
    ended = project.run("destroy", "--auto-approve", *LAYER, expect=1)
    refused(ended, ADDRESS, "still there")
    assert ADDRESS not in project.known() and list(records(project).values()) == ["deployed"]
    project.run("destroy", "--auto-approve", *LAYER)
    assert records(project) == {}
    assert project.lost() == []


def test_a_first_installation_that_was_killed_has_a_way_on(project: Project) -> None:
    if ADDRESS in project.known():
        project.run("destroy", "--auto-approve", *LAYER)
    kill_in(project, "post daemonsets")
    assert list(records(project).values()) == ["pending-install"]
    ended = project.run("destroy", "--auto-approve", *LAYER, expect=2)
    refused(ended, codes.RELEASE_STUCK.name, f"helm uninstall {NAME} -n {NAMESPACE}")
    assert (codes.RELEASE_STUCK.name, ADDRESS) in found(project.plan())
    refused(project.apply(expect=2), f"--allow '{codes.RELEASE_STUCK}={ADDRESS}'")
    assert list(records(project).values()) == ["pending-install"], "nothing is deleted without consent"
    project.apply("--allow", f"{codes.RELEASE_STUCK}={ADDRESS}")
    assert list(records(project).values()) == ["deployed"]
    assert project.lost() == []


def test_an_upgrade_that_was_killed_has_a_way_on(project: Project) -> None:
    project.edit(lambda content: content["layers"].update(helm={"deep_health_check": False}))
    kill_in(project, "patch configmaps")
    assert sorted(records(project).values()) == ["deployed", "pending-upgrade"]
    assert (codes.RELEASE_STUCK.name, ADDRESS) in found(project.plan())
    project.apply("--allow", f"{codes.RELEASE_STUCK}={ADDRESS}")
    assert sorted(records(project).values()) == ["deployed", "superseded"]
    assert project.run("plan", "--detailed-exitcode", expect=None).code == 0


def test_only_our_chart_is_taken_over(project: Project) -> None:
    project.run("destroy", "--auto-approve", *LAYER)
    other = put(project, "somebody-elses")
    plan = project.plan()
    assert (codes.RELEASE_FOREIGN.name, ADDRESS) in found(plan)
    assert [actions for address, actions, _ in changes(plan) if address == ADDRESS] == [("create",)]
    refused(project.apply(expect=2), "somebody-elses")
    kube(cluster(project), "DELETE", f"{SECRETS}/{other}")
    put(project, "hyperpod-helm-chart")
    plan = project.plan()
    assert (codes.RELEASE_TAKEN_OVER.name, ADDRESS) in found(plan)
    refused(project.apply(expect=2), f"--allow '{codes.RELEASE_TAKEN_OVER}={ADDRESS}'")
    project.apply("--allow", f"{codes.RELEASE_TAKEN_OVER}={ADDRESS}")
    assert sorted(records(project).values()) == ["deployed", "superseded"]
    assert project.run("plan", "--detailed-exitcode", expect=None).code == 0


def test_what_hangs_in_a_cluster_goes_with_it(project: Project) -> None:
    """The last test: it takes the cluster away."""
    project.run("destroy", "--auto-approve", *LAYER)
    kill_in(project, "post daemonsets")
    project.run("destroy", "--auto-approve")
    assert project.lost() == []
