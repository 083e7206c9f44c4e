from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.terraform.files import private_folder, write_private


def test_files_and_folders_are_private(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "file"
    write_private(path, b"one")
    write_private(path, b"two")
    assert path.read_bytes() == b"two"
    assert path.stat().st_mode & 0o777 == 0o600
    for folder in (tmp_path / "a", tmp_path / "a" / "b"):
        assert folder.stat().st_mode & 0o777 == 0o700
    assert [file.name for file in path.parent.iterdir()] == ["file"]


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    target = private_folder(tmp_path / "taken")
    (target / "x").touch()
    with pytest.raises(OSError, match="taken"):
        write_private(target, b"one")
    assert [file.name for file in tmp_path.iterdir()] == ["taken"]
