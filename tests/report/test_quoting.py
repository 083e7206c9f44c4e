"""The source line under an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.errors import BadInput
from hp_tf.findings import Finding, Location
from hp_tf.report.errors import render
from hp_tf.report.quoting import quoted


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "dev.yaml"
    path.write_text("name: dev\norchestrator: eksx\npassword: p4ss\n" + "x" * 200 + "\n")
    return path


def test_the_place_is_marked(file: Path) -> None:
    error = BadInput([Finding("must be eks", Location(str(file), 2, 15), "Did you mean 'eks'?")])
    assert render(error).splitlines() == [
        f"error: {file}:2:15: must be eks",
        "  2 | orchestrator: eksx",
        "    |               ^",
        "  Did you mean 'eks'?",
    ]


@pytest.mark.parametrize("line", [3, 4, 5], ids=["secret", "long", "not there"])
def test_what_is_secret_or_long_or_gone_is_not_quoted(line: int, file: Path) -> None:
    assert quoted(Location(str(file), line)) == []


def test_what_a_link_leads_to_is_not_quoted(file: Path, tmp_path: Path) -> None:
    (tmp_path / "link.yaml").symlink_to(file)
    assert quoted(Location(str(tmp_path / "link.yaml"), 2)) == []
    assert quoted(Location(str(tmp_path), 1)) == []
