"""A release is believed gone only by an answer that says so."""

from __future__ import annotations

from typing import Any

import pytest

from hp_tf.aws.releases import Cluster, NotRead, Revision
from hp_tf.errors import HptfError
from hp_tf.planning import installed
from hp_tf.planning.installed import Unreachable
from hp_tf.planning.selection import LayerOptions
from hp_tf.recovery import orphans
from hp_tf.terraform.plan import Plan
from tests.engine import commands
from tests.engine.harness import RELEASE, Workbench, up, yes

ALL, HELM = LayerOptions(), LayerOptions(("helm",))
ADDRESS = "module.helm.terraform_data.this"
CLUSTER = Cluster("test", "https://x.eks.example.com", "Y2E=", lambda: "token")


class Records:
    """What Helm keeps in the cluster, as hptf reads it.

    Attributes:
        there: whether the release is; "when deleted": until the provider deletes it.
        fails: why the cluster does not say, from the given question on.
        asked: how often it was asked.
    """

    def __init__(self) -> None:
        self.there = True
        self.fails: tuple[int, int | None] | None = None
        self.asked = 0

    def revisions(self, cluster: Cluster, namespace: str, name: str) -> tuple[Revision, ...]:
        self.asked += 1
        assert (namespace, name) == (RELEASE.namespace, RELEASE.name)
        if self.fails is not None and self.asked >= self.fails[0]:
            raise NotRead(cluster, f"HTTP status {self.fails[1]}", self.fails[1])
        return (Revision(1, "deployed", None, "s", "u", "1"),) if self.there else ()


@pytest.fixture
def records(cluster: Workbench, monkeypatch: pytest.MonkeyPatch) -> Records:
    """A cluster with the release of layer helm, and nodes that come after it."""
    up(cluster, "  nodes: {enabled: false}\n")
    held = Records()
    monkeypatch.setattr(installed, "find_cluster", lambda context, states: CLUSTER)
    monkeypatch.setattr(installed, "revisions", held.revisions)
    return held


def plan_of(*actions: str) -> Plan:
    """A plan that does this to the release."""
    change: dict[str, Any] = {"actions": list(actions), "before": None, "after": {}}
    entry = {"address": ADDRESS, "module_address": "module.helm", "mode": "managed", "type": "terraform_data"}
    return Plan.load({"format_version": "1.2", "resource_changes": [{**entry, "change": change}] if actions else []})


@pytest.mark.parametrize(
    ("plan", "leaving", "gone"),
    [
        (plan_of("create"), (), True),
        (plan_of("update"), (), False),
        (plan_of("delete", "create"), (), False),
        (None, (), False),
        (plan_of("delete"), ("helm",), False),
        (plan_of("forget"), ("helm",), False),
        (plan_of(), ("helm",), True),
        (None, ("helm",), True),
    ],
)
def test_what_a_plan_takes_for_gone_is_asked_for_once_more(
    cluster: Workbench, records: Records, plan: Plan | None, leaving: tuple[str, ...], gone: bool
) -> None:
    context = cluster.open()
    states = context.store.read_all(["eks", "helm"])
    asked = records.asked
    if gone:
        with pytest.raises(HptfError, match=rf"could not read {ADDRESS} \(release deps in kube-system\)"):
            installed.refuse_forgotten(context, plan, ["helm"], states, leaving)
        records.there = False
        installed.refuse_forgotten(context, plan, ["helm"], states, leaving)
        assert records.asked == asked + 2
    else:
        installed.refuse_forgotten(context, plan, ["helm"], states, leaving)
        assert records.asked == asked


@pytest.mark.parametrize("status", [401, 403, 404, 503])
def test_a_refusal_stops_a_plan_and_a_destroy_before_they_begin(
    cluster: Workbench, records: Records, status: int
) -> None:
    records.fails = (1, status)
    before = (cluster.root / "states" / "helm.tfstate").read_bytes()
    for attempt in (
        lambda: commands.plan(cluster.open(), ALL),
        lambda: commands.plan(cluster.open(), HELM),
        lambda: commands.destroy(cluster.open(), HELM, approve=yes),
    ):
        with pytest.raises(Unreachable, match=f"would take it for gone: HTTP status {status}"):
            attempt()
    assert (cluster.root / "states" / "helm.tfstate").read_bytes() == before


def test_a_release_is_read_once_in_a_command(cluster: Workbench, records: Records) -> None:
    cluster.write("  nodes: {enabled: false}\n  helm: {size: 2}\n")
    commands.apply(cluster.open(), ALL, approve=yes)
    assert records.asked == 1


def test_layers_without_a_release_ask_nothing(cluster: Workbench, records: Records) -> None:
    commands.plan(cluster.open(), LayerOptions(("alpha", "eks")))
    assert records.asked == 0


@pytest.mark.parametrize("there", [True, False])
def test_what_was_destroyed_is_looked_for(cluster: Workbench, records: Records, there: bool) -> None:
    """The provider's Delete does nothing where it cannot read, and says that all went well."""
    records.there = there
    context = cluster.open()
    if not there:
        assert commands.destroy(context, HELM, approve=yes).applied is not None
        assert orphans.recorded(context) == []
        return
    with pytest.raises(HptfError, match=rf"{ADDRESS} \(release deps in kube-system\), and deleted nothing"):
        commands.destroy(context, HELM, approve=yes)
    assert [item.address for item in orphans.recorded(context)] == [ADDRESS], "the next command looks for it"


def test_where_a_look_says_nothing_it_is_not_destroyed(cluster: Workbench, records: Records) -> None:
    records.fails = (2, 503)
    context = cluster.open()
    with pytest.raises(HptfError, match=r"whether .* is gone cannot be said: HTTP status 503"):
        commands.destroy(context, HELM, approve=yes)
    assert [item.address for item in orphans.recorded(context)] == [ADDRESS]
