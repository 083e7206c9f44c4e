"""What a Terraform that was killed leaves running ends, and nothing else does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hp_tf.emulator.processes import alive
from hp_tf.terraform import leftovers, process
from hp_tf.terraform.binary import Terraform
from hp_tf.terraform.stop import StopRequest
from tests.waiting import wait_for

# As Terraform does: the provider holds nothing of Terraform's own, and ends for nobody.
PARENT = """
import os, signal, subprocess, sys
quiet = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], **quiet)
open("provider", "w").write(str(child.pid))
"""
DYING = f"{PARENT}os.kill(os.getpid(), signal.SIGKILL)"


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """Where Terraform works; what it leaves is ended after the test."""
    (tmp_path / "root").mkdir()
    yield tmp_path / "root"
    pid = provider(tmp_path / "root")
    if alive(pid):
        os.kill(pid, signal.SIGKILL)


def provider(root: Path) -> int:
    return int((root / "provider").read_text())


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), signal.SIGKILL)", "sys.exit(1)"])
def test_a_living_hptf_ends_the_providers_of_a_terraform_that_died(root: Path, end: str) -> None:
    program = root / "pretender"
    program.write_text(f"#!{sys.executable}\n{PARENT}{end}")
    program.chmod(0o755)
    finished = process.run(
        Terraform(program, "terraform", (1, 11, 4)),
        [],
        cwd=root,
        environ={},
        log=root / "apply.jsonl",
        on_event=None,
        stop=StopRequest(),
    )
    assert finished.returncode != 0
    wait_for(lambda: not alive(provider(root)), "the end of the provider", seconds=10)


@pytest.fixture
def dead(root: Path) -> int:
    """A Terraform that was killed with its hptf, and left its provider; its process id."""
    log = root / "apply.jsonl"
    log.touch()
    died = subprocess.Popen([sys.executable, "-c", DYING], cwd=root, start_new_session=True)
    died.wait()
    process.pid_file_of(log).write_text(str(died.pid))
    assert alive(provider(root))
    return died.pid


def test_the_next_hptf_ends_what_was_left_of_both(root: Path, dead: int) -> None:
    process.end_leftovers(root / "apply.jsonl", root)
    wait_for(lambda: not alive(provider(root)), "the end of the provider", seconds=10)
    process.end_leftovers(root / "apply.jsonl", root)


def test_who_works_elsewhere_is_another_by_the_same_id(root: Path, dead: int) -> None:
    process.end_leftovers(root / "apply.jsonl", root.parent)
    assert leftovers.end_session(dead, root.parent) == []
    assert alive(provider(root))
