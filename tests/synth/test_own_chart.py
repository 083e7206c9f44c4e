"""A layer's chart as its module has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.synth.own_chart import copied
from hp_tf.synth.problems import DefinitionError


def chart(folder: Path, text: str, version: str = "version: 0.1.0\n") -> dict[str, str]:
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "templates" / "a.yaml").write_text(text)
    (folder / "Chart.yaml").write_text(f"name: notes\n{version}type: application\n")
    return copied(folder)


def test_the_copys_version_follows_the_charts_content(tmp_path: Path) -> None:
    one, same, other = chart(tmp_path, "a: 1\n"), chart(tmp_path, "a: 1\n"), chart(tmp_path, "a: 2\n")
    assert one == same
    assert sorted(one) == ["Chart.yaml", "templates/a.yaml"]
    assert one["templates/a.yaml"] == "a: 1\n"
    before, version, after = one["Chart.yaml"].splitlines()
    assert (before, after) == ("name: notes", "type: application")
    assert version.startswith("version: 0.1.0+")
    assert other["Chart.yaml"] != one["Chart.yaml"]


@pytest.mark.parametrize("version", ["", "version: 0.1.0+x\n", "version: 1.0.0\nversion: 1.0.1\n"])
def test_a_chart_without_one_plain_version_is_refused(tmp_path: Path, version: str) -> None:
    with pytest.raises(DefinitionError, match=r"version: X\.Y\.Z"):
        chart(tmp_path, "a: 1\n", version)
