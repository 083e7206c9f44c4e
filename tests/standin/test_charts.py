from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from hp_tf.standin.backend import Failure
from hp_tf.standin.charts import load, locate

DEPENDENT = "dependencies:\n- {name: a, version: 1.0.0}\n- {name: b, version: 1.0.0, condition: b.enabled}\n"


def make(path: Path, more: str = "", *, name: str = "") -> Path:
    path.mkdir(parents=True)
    (path / "Chart.yaml").write_text(f"apiVersion: v2\nname: {name or path.name}\nversion: 1.2.3\n{more}")
    return path


def pack(path: Path) -> Path:
    archive = path.with_suffix(".tgz")
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(path, arcname=path.name)
    return archive


def test_a_folder_and_an_archive_are_read_alike(tmp_path: Path) -> None:
    folder = make(tmp_path / "main", DEPENDENT)
    make(folder / "charts" / "folder-name", name="a")
    inner = make(tmp_path / "b")
    pack(inner).rename(folder / "charts" / "b-1.0.0.tgz")
    for path in (folder, pack(folder)):
        chart = load(path)
        assert (chart.name, chart.version) == ("main", "1.2.3")


@pytest.mark.parametrize("packed", [False, True])
def test_missing_dependencies_are_named(tmp_path: Path, packed: bool) -> None:
    folder = make(tmp_path / "main", DEPENDENT)
    make(folder / "charts" / "a")
    with pytest.raises(Failure, match="missing in charts/ directory: b ") as caught:
        load(pack(folder) if packed else folder)
    assert caught.value.path == ("chart",)


def test_old_charts_name_their_dependencies_elsewhere(tmp_path: Path) -> None:
    folder = make(tmp_path / "main")
    (folder / "requirements.yaml").write_text("dependencies: [{name: old, version: 1.0.0}]\n")
    with pytest.raises(Failure, match="directory: old"):
        load(folder)


@pytest.mark.parametrize("text", ["name: [", "name: x\n", "- a\n"])
def test_a_malformed_chart_is_refused(tmp_path: Path, text: str) -> None:
    make(tmp_path / "main")
    (tmp_path / "main" / "Chart.yaml").write_text(text)
    with pytest.raises(Failure, match="Error loading chart"):
        load(tmp_path / "main")


def test_a_broken_archive_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.tgz").write_bytes(b"no archive")
    with pytest.raises(Failure, match="cannot be read"):
        load(tmp_path / "x.tgz")


def test_charts_are_found_from_the_callers_folder(tmp_path: Path) -> None:
    folder = make(tmp_path / "run" / "charts" / "x")
    assert locate(tmp_path / "run", "./charts/x", None) == tmp_path / "run" / "charts" / "x"
    assert locate(tmp_path / "run", "x", "charts") == folder
    assert locate(Path("/"), str(folder), None) == folder
    with pytest.raises(Failure, match="from a path only"):
        locate(tmp_path, "nginx", "https://charts.example.com")
