from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from hp_tf.charts.binaries import helm_binary
from tests.charts.helm import real_helm


def fake(folder: Path, name: str, answer: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{answer}'\n")
    path.chmod(0o755)
    return path


def environ(tmp_path: Path, *folders: Path) -> dict[str, str]:
    return {"PATH": os.pathsep.join(map(str, folders)), "XDG_CACHE_HOME": str(tmp_path / "cache")}


def test_the_one_on_path_is_taken(tmp_path: Path) -> None:
    found = fake(tmp_path / "bin", "helm", "v3.18.2+g04cad46")
    assert helm_binary(environ(tmp_path, tmp_path / "bin")) == found
    assert not (tmp_path / "cache").exists()


@pytest.mark.parametrize("answer", ["v4.0.0+gabc", "Client: v2.17.0+ga690bad", "no version"])
def test_another_major_version_on_path_is_passed_over(tmp_path: Path, answer: str) -> None:
    fake(tmp_path / "bin", "helm", answer)
    found = helm_binary(environ(tmp_path, tmp_path / "bin"))
    assert found is not None
    assert found.is_relative_to(tmp_path / "cache" / "hptf" / "bin")
    done = subprocess.run([found, "version", "--short"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("v3.")


def test_it_comes_out_of_the_package_once(tmp_path: Path) -> None:
    where = environ(tmp_path)
    helm = helm_binary(where)
    assert helm is not None
    assert [path.name for path in helm.parent.iterdir()] == ["helm"]
    assert stat.S_IMODE(helm.stat().st_mode) & 0o111
    before = helm.stat().st_mtime_ns
    assert helm_binary(where) == helm
    assert helm.stat().st_mtime_ns == before


def test_without_the_package_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert helm_binary(environ(tmp_path)) is None


def test_the_package_is_not_imported(tmp_path: Path) -> None:
    script = "import sys, os; from hp_tf.charts.binaries import helm_binary; helm_binary(os.environ); "
    script += "sys.exit(any(name.split('.')[0] in ('aws_cdk', 'jsii') for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", script], env=environ(tmp_path), timeout=60)
    assert done.returncode == 0


def test_a_shared_folder_that_others_can_write_to_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    planted = tmp_path / "shared"
    fallback = tmp_path / "fallback"
    planted.mkdir()
    planted.chmod(0o777)
    seen: list[str] = []

    def find(environ: Mapping[str, str]) -> Path:
        seen.append(environ["XDG_CACHE_HOME"])
        return tmp_path

    monkeypatch.setattr("tests.charts.helm.helm_binary", find)
    real_helm(fallback, planted)
    planted.chmod(0o755)
    real_helm(fallback, planted)
    assert seen == [str(fallback), str(planted)]
    assert stat.S_IMODE(planted.stat().st_mode) == 0o700
    link = tmp_path / "link"
    link.symlink_to(planted)
    real_helm(fallback, link)
    assert seen[-1] == str(fallback)
