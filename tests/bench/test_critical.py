"""The critical path of an apply."""

from __future__ import annotations

import json
import os
from pathlib import Path

from bench import critical
from bench.critical import Work


def event(kind: str, address: str, second: float, action: str = "create") -> str:
    stamp = f"2026-01-01T00:00:{second:09.6f}Z"
    return json.dumps({"type": kind, "@timestamp": stamp, "hook": {"resource": {"addr": address}, "action": action}})


def test_reads_the_work_from_the_stream() -> None:
    lines = [
        json.dumps({"type": "version", "terraform": "1.11.4"}),
        "no json",
        event("apply_start", "a", 1),
        event("apply_start", "b", 2, "delete"),
        event("apply_progress", "a", 2.5),
        event("apply_complete", "a", 3.25),
        event("apply_start", "b", 4),
        event("apply_errored", "b", 5, "delete"),
    ]
    found = critical.read(lines)
    assert [(item.address, item.seconds) for item in found] == [("a", 2.25), ("b", 3.0)]


def test_the_path_is_what_fills_the_time() -> None:
    work = [
        Work("vpc", 0.0, 10.0),
        Work("role", 0.0, 1.0),
        Work("subnet", 10.1, 20.0),
        Work("bucket", 1.0, 4.0),
        Work("tag", 20.0, 20.2),
        Work("cluster", 20.01, 50.0),
    ]
    assert [item.address for item in critical.path(work)] == ["vpc", "subnet", "cluster"]


def test_no_work_has_no_path() -> None:
    assert critical.path([]) == []
    assert critical.describe([]) == ["critical path: nothing was made"]


def test_short_links_are_counted_and_not_listed() -> None:
    lines = critical.describe([Work("vpc", 5.0, 15.0), Work("route", 15.0, 15.2), Work("fsx", 15.2, 45.2)])
    assert lines == [
        "critical path: 40.2 s of work in a row, 40.0 s of it in these:",
        "   0.0 s  + 10.0 s  vpc",
        "  10.2 s  + 30.0 s  fsx",
    ]


def test_the_newest_run_is_taken_with_all_its_stages(tmp_path: Path) -> None:
    for number, name in enumerate(["old/apply.jsonl", "new/apply-stage-1.jsonl", "new/apply-stage-2.jsonl"]):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("")
        os.utime(path, (number, number))
    assert [path.name for path in critical.logs(tmp_path)] == ["apply-stage-1.jsonl", "apply-stage-2.jsonl"]
    assert critical.logs(tmp_path / "elsewhere") == []
