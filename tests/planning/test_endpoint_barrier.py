"""The barrier of a Kubernetes endpoint, on a cluster that can be replaced."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from hp_tf import codes
from hp_tf.aws.releases import Cluster, NotRead
from hp_tf.contract.roles import KubernetesApi
from hp_tf.errors import BadInput
from hp_tf.findings import Severity
from hp_tf.planning import installed, planner
from hp_tf.planning.endpoint_barrier import goes_with_cluster
from hp_tf.planning.installed import Unreachable
from hp_tf.planning.planner import Planned
from hp_tf.planning.selection import LayerOptions
from hp_tf.terraform.failures import TerraformFailed
from tests.engine import commands
from tests.engine.harness import CLUSTER, Workbench

ALL = LayerOptions()
REPLACED = "  eks: {generation: 2}\n"


def yes(planned: Planned) -> bool:
    return True


def away(monkeypatch: pytest.MonkeyPatch, *, private: bool = False) -> list[str]:
    """A cluster that does not answer; the list is of how often it was asked."""
    asked: list[str] = []

    def revisions(cluster: Cluster, namespace: str, name: str) -> None:
        asked.append(cluster.name)
        raise NotRead(cluster, "timed out", None)

    found = Cluster("test", "https://x.eks.example.com", "Y2E=", lambda: "token")
    monkeypatch.setattr(installed, "find_cluster", lambda context, states: found)
    monkeypatch.setattr(installed, "revisions", revisions)
    monkeypatch.setattr("hp_tf.aws.reach.private", lambda cluster: private)
    return asked


def layers_of(planned: Planned) -> tuple[str, ...]:
    return planned.prepared.members.present


def test_a_cluster_made_anew_is_planned_alone_applied_and_then_the_rest(cluster: Workbench, tmp_path: Path) -> None:
    commands.apply(cluster.open(), ALL, approve=yes)
    commands.destroy(cluster.open(), LayerOptions(("nodes",)), approve=yes)
    cluster.write(REPLACED)
    planned = commands.plan(cluster.open(), ALL, out=tmp_path / "kept")
    assert (layers_of(planned), planned.later) == (("alpha", "eks"), ("helm", "nodes"))
    (note,) = planned.findings
    assert (note.code, note.severity, note.subject) == (codes.PLAN_CUT, Severity.NOTE, "eks")
    assert note.message.endswith("this plan leaves out helm, nodes")
    first = commands.apply(cluster.open(), ALL, approve=yes, kept=tmp_path / "kept")
    assert first.applied is not None
    assert first.applied.layers == ("alpha", "eks")
    second = commands.apply(cluster.open(), ALL, approve=yes)
    assert layers_of(second.planned) == ("alpha", "eks", "helm", "nodes")
    assert second.planned.plan is not None
    assert [change.address for change in second.planned.plan.changes()] == ["module.nodes.terraform_data.this"]


def test_a_cluster_is_not_made_anew_under_what_is_attached_to_it(cluster: Workbench, tmp_path: Path) -> None:
    """What is in the cluster goes with it; what a layer after it has in AWS would stay with the deleted one."""
    commands.apply(cluster.open(), ALL, approve=yes)
    cluster.write(REPLACED)
    planned = commands.plan(cluster.open(), ALL, out=tmp_path / "kept")
    assert planned.later == ("helm", "nodes")
    found = {item.code: item for item in planned.findings}
    assert set(found) == {codes.PLAN_CUT, codes.CONSUMER_LEFT_ATTACHED}
    refused = found[codes.CONSUMER_LEFT_ATTACHED]
    assert (refused.subject, refused.remedy) == (
        "nodes",
        "destroy them first: hptf destroy test --layer nodes",
    )
    before = cluster.open().store.read("eks")
    for kept in (None, tmp_path / "kept"):
        with pytest.raises(BadInput) as raised:
            commands.apply(cluster.open(), ALL, approve=yes, kept=kept)
        assert raised.value.problems == [refused]
    assert cluster.open().store.read("eks") == before


@pytest.mark.parametrize(
    ("kubernetes", "providers", "goes"),
    [
        (True, ["hashicorp/helm", "hashicorp/helm"], True),
        (True, ["hashicorp/helm", "hashicorp/aws"], False),
        (False, ["hashicorp/aws"], False),
        (False, [], False),
    ],
)
def test_only_a_layer_with_nothing_outside_the_cluster_goes_with_it(
    kubernetes: bool, providers: list[str], goes: bool
) -> None:
    contract = replace(CLUSTER["helm"], requires=frozenset({KubernetesApi} if kubernetes else ()))
    state = {
        "resources": [
            {"mode": "managed", "provider": f'provider["registry.terraform.io/{source}"]'} for source in providers
        ]
    }
    assert goes_with_cluster(contract, state) is goes


def test_the_layers_named_are_cut_too_and_a_consumer_that_is_left_out_is_not_forgiven(cluster: Workbench) -> None:
    commands.apply(cluster.open(), ALL, approve=yes)
    cluster.write(REPLACED)
    some = commands.plan(cluster.open(), LayerOptions(("eks", "helm")))
    assert (layers_of(some), some.later) == (("eks",), ("helm",))
    with pytest.raises(BadInput, match=r"output eks\.cluster_endpoint changes") as raised:
        commands.apply(cluster.open(), LayerOptions(("eks", "helm")), approve=yes)
    assert [(item.code, item.subject) for item in raised.value.problems] == [(codes.CONSUMER_LEFT_OUT, "nodes")]


def test_a_failure_elsewhere_is_no_barrier(cluster: Workbench) -> None:
    commands.apply(cluster.open(), ALL, approve=yes)
    module = cluster.root / "modules" / "alpha" / "main.tf"
    module.write_text(module.read_text() + 'resource "terraform_data" "bad" { input = tonumber("unknown") }\n')
    with pytest.raises(TerraformFailed):
        commands.plan(cluster.open(), ALL)
    (run,) = [path for path in (cluster.open().work / "runs").iterdir() if "-plan-" in path.name][-1:]
    assert not (run / "plan-before-cluster_endpoint.jsonl").exists()


def test_a_cluster_that_does_not_answer_stops_before_anything_is_read_there(
    cluster: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands.apply(cluster.open(), ALL, approve=yes)
    asked = away(monkeypatch)
    with pytest.raises(Unreachable) as raised:
        commands.plan(cluster.open(), ALL)
    assert raised.value.message == (
        "the Kubernetes endpoint of EKS cluster test does not answer here, and what helm put there must be read: "
        "https://x.eks.example.com: timed out"
    )
    assert raised.value.hint == (
        "ways in: a VPN or a bastion in the cluster's VPC; hptf run inside that VPC; layers.eks.public_access_cidrs "
        "with your address in it; only the layers before it: --layer alpha --layer eks"
    )
    with pytest.raises(Unreachable):
        commands.plan(cluster.open(), LayerOptions(("helm",)))
    with pytest.raises(Unreachable):
        planner.plan(cluster.open(), ALL, destroy=True)
    assert len(asked) == 3
    commands.plan(cluster.open(), LayerOptions(("alpha", "eks")))
    assert len(asked) == 3


def test_a_private_endpoint_is_called_one(cluster: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    commands.apply(cluster.open(), ALL, approve=yes)
    away(monkeypatch, private=True)
    with pytest.raises(Unreachable, match=r"https://x\.eks\.example\.com, a private endpoint: timed out") as raised:
        commands.plan(cluster.open(), ALL)
    assert "layers.eks.endpoint_public_access, and layers.eks.public_access_cidrs" in str(raised.value.hint)


def test_a_cluster_that_is_replaced_because_it_does_not_answer(
    cluster: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands.apply(cluster.open(), ALL, approve=yes)
    away(monkeypatch)
    cluster.write(REPLACED)
    assert layers_of(commands.plan(cluster.open(), ALL)) == ("alpha", "eks")


def test_a_private_cluster_to_be_made_is_said_before(cluster: Workbench) -> None:
    cluster.write("  eks: {endpoint_public_access: false}\n")
    planned = commands.plan(cluster.open(), ALL)
    (note,) = planned.findings
    assert (note.code, note.subject) == (codes.ENDPOINT_PRIVATE, "eks")
    assert "a private endpoint only, and helm must reach it" in note.message


def test_what_leaves_the_cluster_goes(cluster: Workbench) -> None:
    commands.apply(cluster.open(), ALL, approve=yes)
    cluster.write("  nodes: {enabled: false}\n  helm: {enabled: false}\n")
    outcome = commands.apply(cluster.open(), LayerOptions((), frozenset({"helm", "nodes"})), approve=yes)
    assert outcome.applied is not None
    assert json.loads((cluster.root / "states" / "helm.tfstate").read_text())["resources"] == []
