"""What Helm leaves in the cluster when a release goes is said, unless the cluster goes as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf import codes
from hp_tf.planning.kept_objects import definitions
from hp_tf.planning.selection import LayerOptions
from tests.engine import commands
from tests.engine.harness import Workbench, up, yes

CRD = "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\n"


@pytest.fixture
def chart(tmp_path: Path) -> Path:
    """A chart with three definitions under crds/, one of them in a chart of its own, and one among its templates."""
    for place, text in (
        ("crds/two.yaml", f"{CRD}---\n{CRD}"),
        ("charts/inner/crds/one.yml", CRD),
        ("crds/README.md", CRD),
        ("templates/other.yaml", CRD),
    ):
        path = tmp_path / "chart" / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "chart"


def test_definitions_are_counted_where_helm_never_deletes_them(chart: Path, tmp_path: Path) -> None:
    assert definitions(chart) == 3
    assert definitions(tmp_path / "gone") == 0


@pytest.mark.parametrize("with_cluster", [False, True])
def test_a_release_that_goes_alone_leaves_them(
    cluster: Workbench, chart: Path, monkeypatch: pytest.MonkeyPatch, with_cluster: bool
) -> None:
    up(cluster, "  nodes: {enabled: false}\n")
    monkeypatch.setattr("hp_tf.planning.kept_objects.definitions", lambda folder: definitions(chart))
    layers = LayerOptions() if with_cluster else LayerOptions(("helm",))
    outcome = commands.destroy(cluster.open(), layers, approve=yes)
    said = [item for item in outcome.planned.findings if item.code is codes.RELEASE_LEFTOVERS]
    assert [item.subject for item in said] == ([] if with_cluster else ["module.helm.terraform_data.this"])
    assert all("the 3 CustomResourceDefinitions of its chart" in item.message for item in said)
