"""How long hptf takes to start, against a typer program that does nothing."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.commands import MAIN, ROOT

EMPTY = """
import typer
app = typer.Typer()
@app.command()
def one(): "Do one thing."
@app.command()
def two(): "Do another."
app()
"""
ROUNDS = 7
MOST = 1.5


def seconds(script: str) -> float:
    """Processor time of a process and its start: what others do on the machine does not count."""
    before = os.times()
    done = subprocess.run(
        [sys.executable, "-c", script, "--help"],
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "HOME": str(Path.home())},
        stdout=subprocess.DEVNULL,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    after = os.times()
    return after.children_user - before.children_user + after.children_system - before.children_system


@pytest.mark.slow
def test_help_comes_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    ours, empty = [], []
    for _ in range(ROUNDS):
        empty.append(seconds(EMPTY))
        ours.append(seconds(MAIN))
    ratio = statistics.median(ours) / statistics.median(empty)
    with capsys.disabled():
        took = f"hptf --help: {statistics.median(ours):.3f} s, an empty typer program: {statistics.median(empty):.3f} s"
        sys.stdout.write(f"\n{took}\n")
    assert ratio <= MOST, f"{ratio:.2f}"
