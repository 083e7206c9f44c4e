from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from hp_tf.state import filelock

# What Terraform does: a POSIX record lock, which belongs to its process.
POSIX = """
import fcntl, sys
file = open(sys.argv[1], "r+")
fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
print("got it", flush=True)
input()
"""


def _posix_locker(path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", POSIX, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def test_it_shuts_out_a_posix_lock_and_reading_the_file_does_not_free_it(tmp_path: Path) -> None:
    path = tmp_path / "state"
    path.write_text("x")
    handle = os.open(path, os.O_RDWR)
    assert filelock.try_lock(handle)
    assert path.read_text() == "x"
    other = _posix_locker(path)
    assert other.communicate(timeout=20)[0] == ""
    filelock.unlock(handle)
    other = _posix_locker(path)
    assert other.communicate("\n", timeout=20)[0] == "got it\n"
    os.close(handle)


def test_it_is_shut_out_by_a_posix_lock(tmp_path: Path) -> None:
    path = tmp_path / "state"
    assert not filelock.is_locked(path)
    path.write_text("x")
    assert not filelock.is_locked(path)
    other = _posix_locker(path)
    assert other.stdout is not None
    assert other.stdout.readline() == "got it\n"
    handle = os.open(path, os.O_RDWR)
    try:
        assert filelock.is_locked(path)
        assert not filelock.try_lock(handle)
        other.communicate("\n", timeout=20)
        assert not filelock.is_locked(path)
        assert filelock.try_lock(handle)
        assert filelock.is_locked(path)
    finally:
        other.kill()
        os.close(handle)
    assert not filelock.is_locked(path)
