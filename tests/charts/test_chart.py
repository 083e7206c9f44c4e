from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.charts.chart import local
from hp_tf.errors import BadInput
from tests.charts.repositories import CHART, pack, write


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "there is no chart in"),
        ({"Chart.yaml": "a: [\n"}, "is not YAML"),
        ({"Chart.yaml": "version: 1\n"}, "has no name"),
        ({"Chart.yaml": "- a\n"}, "has no name"),
    ],
)
def test_what_is_no_chart(tmp_path: Path, files: dict[str, str], message: str) -> None:
    write(tmp_path, files)
    with pytest.raises(BadInput, match=message) as raised:
        local(tmp_path)
    assert len(raised.value.problems) == 1
    assert "\n" not in raised.value.problems[0].message
    assert raised.value.problems[0].remedy


def test_lacking_dependencies_are_named_with_the_command(tmp_path: Path) -> None:
    needs = "dependencies:\n- {name: one, version: 1}\n- {name: two, version: 1}\n- {name: three, version: 1}\n"
    write(tmp_path, {"Chart.yaml": CHART.format(name="top") + needs})
    write(tmp_path / "charts" / "folder-of-one", {"Chart.yaml": CHART.format(name="one")})
    pack(tmp_path / "charts" / "two-1.0.0.tgz", "two", {"Chart.yaml": CHART.format(name="two")})
    with pytest.raises(BadInput, match="lacks its dependencies three") as raised:
        local(tmp_path)
    assert raised.value.problems[0].remedy == f"run `helm dependency build {tmp_path}`"
    write(tmp_path / "charts" / "three", {"Chart.yaml": CHART.format(name="three")})
    assert local(tmp_path).name == "top"
