"""What is written, what is stale, and how a difference is said. No bindings: the drafts are made from plain data."""

from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.synth import check as checking
from hp_tf.synth import write as writing
from hp_tf.synth.generate import Draft, draft
from hp_tf.synth.write import files_of, stale_files, synth
from tests.synth import samples

CONTRACTS = {"sample": samples.CONTRACT}


@pytest.fixture(autouse=True)
def no_node(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(*_: object) -> list[Draft]:
        return [draft(samples.CONTRACT, samples.built())]

    monkeypatch.setattr(writing, "drafts", made)
    monkeypatch.setattr(checking, "drafts", made)


def test_files_of_a_module(program: Path) -> None:
    files = files_of([draft(samples.CONTRACT, samples.built())], program)
    assert sorted(str(path) for path in files) == [
        "sample/README.md",
        "sample/main.tf",
        "sample/outputs.tf",
        "sample/scripts/run.sh",
        "sample/tests/module.tftest.hcl",
        "sample/variables.tf",
        "sample/versions.tf",
    ]


def test_synth_then_check_then_change(tmp_path: Path, program: Path) -> None:
    modules, schema = tmp_path / "modules", tmp_path / "schema" / "environment.json"
    documents = {schema: "{}\n"}
    changed = synth(["sample"], CONTRACTS, modules, program, documents=documents)
    assert len(changed) == 8
    assert schema.read_text() == "{}\n"
    assert synth(["sample"], CONTRACTS, modules, program, documents=documents) == []
    assert checking.check(["sample"], CONTRACTS, modules, program, documents=documents) == []

    main = modules / "sample" / "main.tf"
    main.write_text(main.read_text().replace("Why lines are so.", "changed"))
    (modules / "sample" / "outputs.tf").unlink()
    stale = modules / "sample" / "old" / "outputs.tf.json"
    stale.parent.mkdir()
    stale.write_text("{}")
    found = "\n".join(checking.check(["sample"], CONTRACTS, modules, program, documents={schema: "[]\n"}))
    assert f"{main} differs from its definition, first in line 8." in found
    assert "outputs.tf is missing." in found
    assert f"{stale} is stale" in found
    assert f"{schema} differs from its definition, first in line 1." in found

    assert stale in synth(["sample"], CONTRACTS, modules, program, documents=documents)
    assert not stale.parent.exists()
    assert checking.check(["sample"], CONTRACTS, modules, program, documents=documents) == []


def test_only_generated_modules_without_a_contract_are_stale(tmp_path: Path) -> None:
    for layer, text in (("gone", "# Generated from x by `hptf synth`; edit there.\n"), ("mine", "# by hand\n")):
        (tmp_path / layer).mkdir()
        (tmp_path / layer / "main.tf").write_text(text)
    (tmp_path / "sample" / ".terraform").mkdir(parents=True)
    (tmp_path / "sample" / ".terraform" / "x").write_text("")
    assert stale_files(tmp_path, ["sample"], CONTRACTS, []) == [Path("gone/main.tf")]


def test_nothing_is_written_when_a_layer_is_wrong(
    tmp_path: Path, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> list[Draft]:
        raise ValueError("wrong")

    monkeypatch.setattr(writing, "drafts", fails)
    with pytest.raises(ValueError, match="wrong"):
        synth(["sample"], CONTRACTS, tmp_path, program)
    assert list(tmp_path.iterdir()) == []
