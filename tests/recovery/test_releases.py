"""Whose a release is that stands where a plan would make one, and the way on."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hp_tf import codes
from hp_tf.aws.releases import Cluster, Revision
from hp_tf.contract.resources.base import Release
from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.errors import HptfError
from hp_tf.findings import Finding
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.planning.planner import Planned
from hp_tf.recovery import releases
from hp_tf.recovery.history import Orphan
from hp_tf.run.command_line import CommandLine
from hp_tf.run.context import Context
from hp_tf.terraform.plan import Plan

ADDRESS = "module.helm.helm_release.this"
OURS = Orphan(ADDRESS, "helm_release", None)
CLUSTER = Cluster("dev", "https://x", "Y2E=", lambda: "token")
VALUES = {"name": "deps", "namespace": "kube-system", "chart": "./chart"}


class Live:
    """A cluster with the revisions of one release, of one chart."""

    def __init__(self, *statuses: str, chart: str = "small") -> None:
        self.found = [
            Revision(number, status, 1764578377, f"v{number}", "u", "7") for number, status in enumerate(statuses, 1)
        ]
        self.chart = chart

    def revisions(self, cluster: Cluster, namespace: str, name: str) -> tuple[Revision, ...]:
        assert (namespace, name) == ("kube-system", "deps")
        return tuple(self.found)

    def installed(self, cluster: Cluster, release: Release) -> str | None:
        return self.chart if any(not item.pending and not item.uninstalled for item in self.found) else None

    def forget(self, cluster: Cluster, namespace: str, revision: Revision) -> None:
        self.found.remove(revision)


def context(live: Live, monkeypatch: pytest.MonkeyPatch) -> Context:
    for name in ("revisions", "installed", "forget"):
        monkeypatch.setattr(f"hp_tf.aws.releases.{name}", getattr(live, name))
    monkeypatch.setattr(releases, "find_cluster", lambda context, plan, states: CLUSTER)
    made = SimpleNamespace(
        contracts=CONTRACTS,
        resource_types=ResourceTypes(CONTRACTS.values()),
        ui=SimpleNamespace(say=lambda line: None),
        command_line=CommandLine("dev"),
    )
    return cast(Context, made)


def planned(root: Path, action: str, *, was: str = "small", now: str = "small", imports: bool = False) -> Planned:
    """A plan that makes or changes the release; its chart in the state, and as it was read, for an update."""
    (root / "chart").mkdir(exist_ok=True)
    (root / "chart" / "Chart.yaml").write_text("apiVersion: v2\nname: small\nversion: 0.1.0\n")
    before = None if action == "create" else {**VALUES, "metadata": {"chart": now}}
    change: dict[str, Any] = {"actions": [action], "before": before, "after": VALUES}
    if imports:
        change["importing"] = {"id": "kube-system/deps"}
    entry = {"address": ADDRESS, "module_address": "module.helm", "mode": "managed", "type": "helm_release"}
    resource = {
        "mode": "managed",
        "module": "module.helm",
        "type": "helm_release",
        "name": "this",
        "instances": [{"attributes": {**VALUES, "metadata": [{"chart": was}]}}],
    }
    states = {"helm": {"resources": [] if action == "create" or imports else [resource]}}
    made = SimpleNamespace(
        plan=Plan.load({"format_version": "1.2", "resource_changes": [{**entry, "change": change}]}),
        prepared=SimpleNamespace(folder=root, reading=SimpleNamespace(states=states)),
        findings=(),
    )
    return cast(Planned, made)


def said(found: list[Finding]) -> list[tuple[str, str]]:
    return [(item.code.name, item.subject) for item in found]


STUCK, FOREIGN, TAKEN = codes.RELEASE_STUCK, codes.RELEASE_FOREIGN, codes.RELEASE_TAKEN_OVER


@pytest.mark.parametrize(
    ("statuses", "chart", "action", "imports", "expected"),
    [
        ([], "small", "create", False, []),
        (["pending-install"], "small", "create", False, [STUCK]),
        (["deployed", "pending-upgrade"], "small", "update", False, [STUCK]),
        (["failed", "pending-rollback"], "small", "update", False, [STUCK]),
        (["uninstalled"], "small", "create", False, [STUCK]),
        (["deployed"], "small", "update", False, []),
        (["deployed"], "other", "create", False, [FOREIGN]),
        (["deployed", "pending-upgrade"], "other", "create", False, [STUCK, FOREIGN]),
        (["failed"], "small", "update", True, [TAKEN]),
        (["deployed"], "small", "no-op", True, [TAKEN]),
    ],
)
def test_what_is_said_of_a_release_that_is_there(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    statuses: list[str],
    chart: str,
    action: str,
    imports: bool,
    expected: list[Any],
) -> None:
    made = planned(tmp_path, action, imports=imports)
    found = releases.findings(context(Live(*statuses, chart=chart), monkeypatch), made, [])
    assert said(found) == [(code.name, ADDRESS) for code in expected]


def test_what_a_run_of_ours_lost_is_ours_unless_it_has_another_chart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = planned(tmp_path, "update", imports=True)
    assert releases.findings(context(Live("failed"), monkeypatch), made, [OURS]) == []
    other = context(Live("deployed", chart="other"), monkeypatch)
    assert said(releases.findings(other, planned(tmp_path, "create"), [OURS])) == [(FOREIGN.name, ADDRESS)]


@pytest.mark.parametrize(("was", "now", "foreign"), [("small", "other", True), ("other", "other", False)])
def test_a_release_that_became_anothers_is_not_upgraded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, was: str, now: str, foreign: bool
) -> None:
    """Another chart that the state knows is one that the file named before."""
    made = planned(tmp_path, "update", was=was, now=now)
    found = releases.findings(context(Live("deployed", chart=now), monkeypatch), made, [])
    assert said(found) == ([(FOREIGN.name, ADDRESS)] if foreign else [])


@pytest.mark.parametrize(
    ("statuses", "left"),
    [(["deployed", "pending-upgrade"], ["deployed"]), (["pending-install"], []), (["uninstalled", "uninstalled"], [])],
)
def test_the_record_is_deleted_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, statuses: list[str], left: list[str]
) -> None:
    live = Live(*statuses)
    here = context(live, monkeypatch)
    made = planned(tmp_path, "update" if left else "create")
    agreed = SimpleNamespace(**{**vars(made), "findings": tuple(releases.findings(here, made, []))})
    releases.clear(here, made)
    assert [item.status for item in live.found] == statuses, "nothing was agreed to"
    releases.clear(here, cast(Planned, agreed))
    assert [item.status for item in live.found] == left
    live.found = [Revision(1, "deployed", None, "v1", "u", "8")]
    with pytest.raises(HptfError, match="has changed since the plan was made"):
        releases.clear(here, cast(Planned, agreed))
