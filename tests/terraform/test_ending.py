"""Ending a Terraform whose hptf is gone."""

from __future__ import annotations

import fcntl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from hp_tf.errors import HptfError
from hp_tf.terraform import process


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "apply.jsonl"


@pytest.fixture
def orphan(log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Works on with what it has started, as Terraform does with its providers."""
    with log.open("wb") as out:
        fcntl.flock(out, fcntl.LOCK_SH)
        started = subprocess.Popen(["sh", "-c", "sleep 600; true"], stdout=out, start_new_session=True)
    yield started
    started.kill()
    started.wait()


def test_it_ends_with_all_that_it_started(log: Path, orphan: subprocess.Popen[bytes]) -> None:
    process.pid_file_of(log).write_text(str(orphan.pid))
    process.end(log)
    # The sleep holds the lock too.
    assert not process.is_running(log)
    assert orphan.wait(timeout=20) < 0
    process.end(log)


def test_one_that_is_not_on_record_is_named_by_its_log(
    log: Path, orphan: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "END_SECONDS", 0.0)
    with pytest.raises(HptfError, match=f"writes to {log} \\(process unknown\\) does not end"):
        process.end(log)
    assert orphan.poll() is None
