"""A layer with a chart costs its folder: dropped into a copy of the package, it is made, changed and removed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from hp_tf.layers.discovery import CONTRACTS
from tests.checkouts import copy_to, synth
from tests.end_to_end.project import Project

pytestmark = [pytest.mark.slow, pytest.mark.synth]

REPOSITORY = Path(__file__).parents[2]
LAYER = {
    "__init__.py": '"""The notes layer."""\n',
    "contract.py": '''
"""The notes layer: notes in the cluster."""

from typing import Annotated

from pydantic import Field

from hp_tf.contract.base import Contract, Inputs, Outputs, Wired
from hp_tf.contract.providers import HELM
from hp_tf.contract.roles import KubernetesApi


class NotesInputs(Inputs):
    """Inputs of the notes layer."""

    cluster_name: Annotated[str, Wired("eks.cluster_name")] = Field(description="Cluster of the notes.")
    note: str = Field("hello", description="What is noted.")


class NotesOutputs(Outputs):
    """Outputs of the notes layer."""

    release_name: str = Field(description="Name of the release.")


CONTRACT = Contract(
    name="notes",
    summary="Notes in the cluster.",
    inputs=NotesInputs,
    outputs=NotesOutputs,
    providers=(HELM,),
    requires=frozenset({KubernetesApi}),
    orchestrators=frozenset({"eks"}),
)
''',
    "definition.py": '''
"""The notes module: one release of the layer's own chart."""

from hp_tf.synth.module import Module
from hp_tf.synth.own_chart import release


def define(module: Module) -> None:
    """Write the module."""
    made = release(
        module,
        "release.this",
        name="notes",
        namespace="default",
        values={"note": module.ref("note")},
        depends_on=[module.ref("cluster_name")],
    )
    module.output("release_name", "${helm_release.this.name}", depends_on=[made])
''',
    "chart/Chart.yaml": "apiVersion: v2\nname: notes\nversion: 0.1.0\n",
    "chart/values.yaml": "note: none\n",
    "chart/templates/note.yaml": """
apiVersion: v1
kind: ConfigMap
metadata:
  name: note
data:
  note: {{ .Values.note | quote }}
""",
}
CLUSTER = "shared"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package with one more layer in it, whose module is made."""
    copy_to(tmp_path)
    for name, text in LAYER.items():
        path = tmp_path / "hp_tf" / "layers" / "notes" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.lstrip())
    synth(tmp_path, "notes")
    return tmp_path


@pytest.fixture
def project(copy: Path, tmp_path: Path) -> Iterator[Project]:
    """A rehearsal of the notes alone in a cluster that exists, run by the copy."""
    root = tmp_path / "project"
    made = Project(root, "notes", "hptf-state", "notes/rehearsal", True, {"PYTHONPATH": str(copy)})
    others = {name: {"enabled": False} for name, one in CONTRACTS.items() if "eks" in one.orchestrators}
    content = {
        "orchestrator": "eks",
        "name": "notes",
        "aws": {"region": "us-west-2", "account_id": "123456789012"},
        "layers": {**others, "eks": {"existing": {"cluster_name": CLUSTER}}, "notes": {}},
    }
    with (root / "envs" / "notes.yaml").open("w") as file:
        YAML().dump(content, file)
    try:
        yield made
    finally:
        made.close()


def planned(project: Project) -> dict[str, tuple[str, ...]]:
    """Return the actions of a plan of the notes, by address."""
    changes = project.plan("--layer", "notes")["layers"]["notes"]["resource_changes"]
    return {
        change["address"]: tuple(change["change"]["actions"])
        for change in changes
        if change["change"]["actions"] != ["no-op"]
    }


def test_a_layer_with_a_chart_is_applied_updated_by_a_change_of_the_chart_and_destroyed(
    project: Project, copy: Path
) -> None:
    assert (copy / "modules" / "notes" / "chart" / "templates" / "note.yaml").is_file()
    project.apply()
    assert project.resources()["helm_release"] == {"notes"}
    project.run("plan", "--detailed-exitcode")

    template = copy / "hp_tf" / "layers" / "notes" / "chart" / "templates" / "note.yaml"
    template.write_text(template.read_text() + "  more: changed\n")
    synth(copy, "notes")
    assert planned(project) == {"module.notes.helm_release.this": ("update",)}
    project.apply("--layer", "notes")
    assert planned(project) == {}
    project.destroy()
    assert project.known() == {} and "helm_release" not in project.resources()
