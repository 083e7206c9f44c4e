"""Files and folders for their owner alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from hp_tf.files import make_folder, make_private, write_durably, write_private


def test_files_and_folders_are_their_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "a" / "b" / "secret"
        write_private(path, b"one")
        write_durably(path, b"two")
    finally:
        os.umask(before)
    assert path.read_bytes() == b"two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.parent.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_a_folder_of_the_users_stays_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    assert stat.S_IMODE(make_folder(tmp_path).stat().st_mode) == 0o755
    assert stat.S_IMODE(make_folder(tmp_path / "new").stat().st_mode) == 0o700
    assert stat.S_IMODE(make_private(tmp_path).stat().st_mode) == 0o700


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    target = tmp_path / "target"
    (target / "full").mkdir(parents=True)
    with pytest.raises(OSError):
        write_private(target, b"x")
    assert list(tmp_path.iterdir()) == [target]
