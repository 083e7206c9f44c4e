"""What a folder's content is."""

from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.charts.files import content, digest
from hp_tf.errors import BadInput


def test_what_links_lead_to_is_content(tmp_path: Path) -> None:
    shared, chart = tmp_path / "shared", tmp_path / "chart"
    (shared / ".git").mkdir(parents=True)
    (shared / ".git" / "config").touch()
    (shared / "note.yaml").write_text("one")
    (chart / "charts").mkdir(parents=True)
    (chart / "Chart.yaml").touch()
    for link in ("templates", "charts/part"):
        (chart / link).symlink_to(shared)
    (chart / "values.yaml").symlink_to(shared / "note.yaml")
    names = ["Chart.yaml", "charts/part/note.yaml", "templates/note.yaml", "values.yaml"]
    assert sorted(content(chart)) == names
    before = digest(chart)
    (shared / "note.yaml").write_text("two")
    assert digest(chart) != before
    (tmp_path / "link").symlink_to(chart)
    assert sorted(content(tmp_path / "link")) == names


def test_links_that_lead_nowhere_or_in_a_circle_are_named(tmp_path: Path) -> None:
    chart = tmp_path / "chart"
    (chart / "inner").mkdir(parents=True)
    (chart / "inner" / "up").symlink_to(chart)
    with pytest.raises(BadInput, match="chart/inner/up leads back into itself"):
        content(chart)
    (chart / "inner" / "up").unlink()
    (chart / "inner" / "gone").symlink_to(tmp_path / "gone")
    with pytest.raises(BadInput, match="chart/inner/gone leads nowhere"):
        content(chart)


def test_a_folder_that_is_not_there_has_no_content(tmp_path: Path) -> None:
    assert content(tmp_path / "none") == {}
