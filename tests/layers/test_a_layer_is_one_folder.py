"""A new layer is a folder: put into a copy of hptf, it is synthesized, applied, recovered and destroyed."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from hp_tf.layers.discovery import CONTRACTS
from tests.checkouts import copy_to, synth
from tests.end_to_end.project import Project
from tests.waiting import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.synth, pytest.mark.xdist_group("a layer is one folder")]

REPOSITORY = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "document"
ADDRESS = "module.document.aws_ssm_document.this"
NAME = "small-hello"
# What `hptf synth` writes.
WRITTEN = {
    *(f"modules/document/{name}" for name in ("README.md", "main.tf", "outputs.tf", "variables.tf", "versions.tf")),
    "modules/document/tests/module.tftest.hcl",
    "README.md",
    "docs/permissions.md",
    "schema/environment.json",
}


def files(root: Path) -> dict[str, str]:
    """Return the digest of every file, by its path."""
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the repository with the layer's folder in it, before `hptf synth`."""
    root = tmp_path_factory.mktemp("checkout")
    copy_to(root)
    shutil.copytree(FOLDER, root / "hp_tf" / "layers" / "document")
    return root


@pytest.fixture(scope="module")
def touched(checkout: Path) -> set[str]:
    """The files that `hptf synth` made or changed."""
    before = files(checkout)
    said, _ = synth(checkout, "document")
    after = files(checkout)
    assert not before.keys() - after.keys()
    changed = {name for name, digest in after.items() if before.get(name) != digest}
    assert set(said.split()) == changed
    return changed


@pytest.fixture
def project(tmp_path: Path, checkout: Path, touched: set[str]) -> Iterator[Project]:
    """An environment of this layer alone, run with the copy."""
    project = Project(tmp_path, "small", "small-state", "hyperpod/small", variables={"PYTHONPATH": str(checkout)})
    others = {name: {"enabled": False} for name, one in CONTRACTS.items() if "eks" in one.orchestrators}
    content = {
        "orchestrator": "eks",
        "name": "small",
        "emulator": "embedded",
        "aws": {"region": "us-west-2", "account_id": "000000000000"},
        "state": {"s3": {"bucket": "small-state"}},
        "layers": {**others, "document": {"enabled": True, "greeting": "hi"}},
    }
    with (tmp_path / "envs" / "small.yaml").open("w") as file:
        YAML().dump(content, file)
    try:
        yield project
    finally:
        project.close()


def test_synth_writes_the_module_and_the_pages_and_touches_nothing_else(checkout: Path, touched: set[str]) -> None:
    assert touched == WRITTEN
    for page in ("README.md", "docs/permissions.md"):
        was, now = ((root / page).read_text().splitlines() for root in (REPOSITORY, checkout))
        (row,) = [line for line in now if line not in was]
        assert row.startswith("| [document](")
        assert [line for line in now if line != row] == was
    assert "are what the definitions give" in synth(checkout, "document", "--check")[1]


def test_it_is_planned_applied_taken_over_after_a_kill_and_destroyed(project: Project) -> None:
    assert "document: to create" in project.run("validate").text
    project.run("local up")
    assert project.plan()["layers"]["document"]["add"] == 1

    # Killed while AWS makes it: nobody hears that it was made.
    project.hold("ssm", "CreateDocument")
    running = project.start("apply", "--auto-approve")
    wait_for(lambda: project.begun(ADDRESS) and project.holds("CreateDocument"), "the document asked for")
    terraform = project.terraform_pid()
    running.kill()
    os.kill(terraform, signal.SIGKILL)
    project.let_go()
    running.wait(timeout=120)
    wait_for(lambda: project.answered("ssm", "CreateDocument") == 1, "the document made")
    assert project.known() == {}

    found = project.apply()
    assert f"found {ADDRESS} as {NAME}" in found.text
    assert project.answered("ssm", "CreateDocument") == 1
    assert project.known() == {ADDRESS: NAME}
    assert project.run("plan", "--detailed-exitcode", expect=None).code == 0
    assert "aws_ssm_document: 1" in project.run("local status").text
    assert project.run("output", "document", "--json").document()["document_name"] == NAME

    project.destroy()
    assert project.known() == {}
    assert "aws_ssm_document" not in project.run("local status").text
