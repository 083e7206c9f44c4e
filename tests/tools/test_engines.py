"""Which engines `make test` meets, and which tests it runs on each of them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from hp_tf.errors import HptfError
from hp_tf.terraform.binary import find
from tools import engines


def engine(folder: Path, name: str, says: str) -> Path:
    """A program that says a version."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho {says}\n")
    path.chmod(0o755)
    return path


def test_those_that_are_named_are_met_and_tested(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tofu = engine(tmp_path / "a", "tofu", "OpenTofu v1.12.6")
    dev = engine(tmp_path / "b", "terraform", "Terraform v1.17.0-dev")
    monkeypatch.setenv("HPTF_TERRAFORMS", os.pathsep.join([str(tofu), "", str(dev)]))
    ran: list[str] = []

    def run(command: Any, *, env: Any, **_: Any) -> Any:
        ran.append(env["HPTF_TERRAFORM"])
        assert set(engines.CRASHES) < set(command)
        return subprocess.CompletedProcess(command, 1 if env["HPTF_TERRAFORM"] == str(dev) else 0)

    known = {engine.path: engine for _, engine in engines.named(os.environ)}
    monkeypatch.setattr(
        "tools.engines.find", lambda given: known.get(Path(given.get("HPTF_TERRAFORM", ""))) or find(os.environ)
    )
    monkeypatch.setattr("tools.engines.subprocess.run", run)
    assert engines.main() == 1
    assert ran == [str(tofu), str(dev)]
    said = capsys.readouterr()
    assert f"tofu 1.12.6 ({tofu}), terraform 1.17.0 ({dev})" in said.out
    assert said.err == "the crash tests fail on terraform 1.17.0\n"


def test_one_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(HptfError, match="nowhere"):
        list(engines.named({**os.environ, "HPTF_TERRAFORMS": str(tmp_path / "nowhere")}))


def test_what_is_run_on_them_is_there() -> None:
    assert [path for path in engines.CRASHES if not (engines.ROOT / path).exists()] == []
