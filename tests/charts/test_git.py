"""A folder that is no chart, fetched as charts are."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from hp_tf.charts.files import digest
from hp_tf.charts.git import GitFolder, fetch_folder
from hp_tf.charts.lock import Lock
from hp_tf.errors import BadInput, HptfError
from tests.charts.repositories import commit

FILES = {"scripts/on_create.sh": "#!/bin/bash\n", "scripts/lib/a.sh": "true\n", "README.md": "More.\n"}


def place(folder: Path) -> GitFolder:
    url, revision = commit(folder, FILES)
    return GitFolder(url, revision, "scripts", "script")


def test_a_folder_is_fetched_once_and_recorded(tmp_path: Path) -> None:
    wanted, lock = place(tmp_path / "git"), Lock(tmp_path / "folders.lock.json", "script")
    folder = fetch_folder(wanted, tmp_path / "cache", lock)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {"on_create.sh", "lib/a.sh"}
    assert json.loads(lock.path.read_text()) == {wanted.key: f"sha256:{digest(folder)}"}
    (tmp_path / "git").rename(tmp_path / "gone")
    assert fetch_folder(wanted, tmp_path / "cache", lock) == folder


def test_another_content_than_recorded_is_refused(tmp_path: Path) -> None:
    wanted, lock = place(tmp_path / "git"), Lock(tmp_path / "folders.lock.json", "script")
    (fetch_folder(wanted, tmp_path / "cache", lock) / "on_create.sh").write_text("#!/bin/sh\n")
    with pytest.raises(HptfError, match=r"the script .* has another content than"):
        fetch_folder(wanted, tmp_path / "cache", lock)


@pytest.mark.parametrize("path", ["absent", "..", "README.md"])
def test_a_folder_that_is_not_there_is_named(tmp_path: Path, path: str) -> None:
    wanted, lock = replace(place(tmp_path / "git"), path=path), Lock(tmp_path / "lock")
    with pytest.raises(BadInput, match="there is no folder"):
        fetch_folder(wanted, tmp_path / "cache", lock)
    assert not lock.path.exists()


def test_what_can_move_does_not_pin(tmp_path: Path) -> None:
    wanted = replace(place(tmp_path / "git"), revision="main")
    with pytest.raises(BadInput, match="does not pin a script"):
        fetch_folder(wanted, tmp_path / "cache", Lock(tmp_path / "lock"))
