from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hp_tf.charts.lock import Lock
from hp_tf.errors import HptfError


def test_lines_are_sorted_and_nothing_else_is_left(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "envs" / "charts.lock.json")
    lock.check("b", "2", tmp_path)
    lock.check("a", "1", tmp_path)
    lock.check("a", "1", tmp_path)
    assert lock.path.read_text() == '{\n  "a": "sha256:1",\n  "b": "sha256:2"\n}\n'
    assert [path.name for path in lock.path.parent.iterdir()] == ["charts.lock.json"]


def test_many_at_once_lose_no_line(tmp_path: Path) -> None:
    lock = Lock(tmp_path / "charts.lock.json")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: lock.check(f"chart-{number}", str(number), tmp_path), range(40)))
    assert len(json.loads(lock.path.read_text())) == 40


@pytest.mark.parametrize("text", ["{", "[]", "\udcff"])
def test_a_broken_file_is_an_error_and_stays(tmp_path: Path, text: str) -> None:
    path = tmp_path / "charts.lock.json"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    before = path.read_bytes()
    with pytest.raises(HptfError, match=r"charts\.lock\.json"):
        Lock(path).check("a", "1", tmp_path)
    assert path.read_bytes() == before
