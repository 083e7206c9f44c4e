"""Measuring processes, and the order they are measured in."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

import psutil
import pytest

from bench import timing
from bench.timing import BenchFailed, interleave, run


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_run_measures_time_output_and_the_memory_of_the_process_alone(tmp_path: Path) -> None:
    hold = "x = bytearray(60_000_000); x[::4096] = x[::4096]; import time; time.sleep(0.3)"
    alone = run(python(f"print('hello'); {hold}"), cwd=tmp_path, environ=os.environ)
    child = run(python(f"import subprocess, sys; subprocess.run({python(hold)!r})"), cwd=tmp_path, environ=os.environ)
    assert alone.output == "hello\n"
    assert alone.seconds >= 0.3
    assert alone.peak_mb > 60
    assert child.peak_mb < 50


def test_a_failure_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(BenchFailed, match="exit code 3:\nbecause"):
        run(python("print('because'); raise SystemExit(3)"), cwd=tmp_path, environ=os.environ)
    assert run(python("raise SystemExit(3)"), cwd=tmp_path, environ=os.environ, good=(3,)).output == ""


def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(BenchFailed, match="did not end within 0 s"):
        run(python("import time; time.sleep(60)"), cwd=tmp_path, environ=os.environ, limit=0.2)


def test_what_does_not_want_to_end_is_ended_with_all_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that ignores SIGTERM, one of its group, and one with a session of its own, as hptf's Terraform has."""
    monkeypatch.setattr(timing, "_GRACE_SECONDS", 0.1)
    # A shell: it has said all before a Python would have begun.
    code = "trap '' TERM; sleep 60 & echo $!; setsid sleep 60 & echo $!; wait"
    with pytest.raises(BenchFailed, match="did not end within") as raised:
        run(["sh", "-c", code], cwd=tmp_path, environ=os.environ, limit=2.0)
    started = [psutil.Process(int(pid)) for pid in str(raised.value).split("\n")[-3:-1] if psutil.pid_exists(int(pid))]
    _, alive = psutil.wait_procs(started, timeout=5)
    assert str(raised.value).count("\n") >= 3
    assert not [item for item in alive if item.status() != psutil.STATUS_ZOMBIE]


def test_interleaving_turns_the_order_and_lets_one_leave_early() -> None:
    order: list[str] = []
    prepared: list[str] = []

    def work(name: str) -> float:
        order.append(name)
        return float(len(order))

    measured = interleave(
        {name: partial(work, name) for name in "abc"}, {"a": 3, "b": 3, "c": 1}, before=prepared.append
    )
    assert "".join(order) == "abc" + "ba" + "ab"
    assert prepared == order
    assert {name: len(values) for name, values in measured.items()} == {"a": 3, "b": 3, "c": 1}
