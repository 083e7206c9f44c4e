"""The table, the JSON and the verdicts."""

from __future__ import annotations

import json
from pathlib import Path

from bench import report
from bench.report import Row, Section

SECTIONS = [
    Section("start", [Row("help", 1.2, "x", 1.5, "21 runs"), Row("slow", 1.51, "x", 1.5)], raw={"seconds": [1, 2]}),
    Section("full", [Row("apply", 75.25, "s")], ["critical path"]),
]


def test_the_table_lines_up_and_says_what_passed() -> None:
    assert report.table(SECTIONS).splitlines() == [
        "start",
        "  help    1.20 x  <= 1.50 x  pass  21 runs",
        "  slow    1.51 x  <= 1.50 x  FAIL",
        "full",
        "  apply  75.25 s",
        "  critical path",
    ]


def test_a_row_without_a_bar_is_never_missed() -> None:
    assert [row.name for row in report.missed(SECTIONS)] == ["slow"]
    assert Row("exactly", 1.5, "x", 1.5).passed is True
    assert Row("free", 9.0, "s").passed is None


def test_a_quick_run_has_no_verdict() -> None:
    quick = report.unjudged(SECTIONS)
    assert report.missed(quick) == []
    assert report.table(quick).splitlines()[:3] == [
        "start",
        "  help    1.20 x  <= 1.50 x  not judged (quick)  21 runs",
        "  slow    1.51 x  <= 1.50 x  not judged (quick)",
    ]


def test_every_raw_number_is_written(tmp_path: Path) -> None:
    about = report.facts({"terraform": "1.11.4"})
    path = report.write(tmp_path / "results", about, SECTIONS)
    document = json.loads(path.read_text())
    assert document["terraform"] == "1.11.4"
    assert document["machine"]["cores"] >= 1
    assert document["machine"]["memory_gb"] > 0
    assert document["packages"]["pydantic"]
    assert path.stem == document["date"].replace(":", "").replace("+0000", "Z")
    assert document["sections"][0]["raw"] == {"seconds": [1, 2]}
    assert [row["passed"] for row in document["sections"][0]["rows"]] == [True, False]
