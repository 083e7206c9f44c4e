"""The records of runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hp_tf.errors import HptfError
from hp_tf.run import journal

HOME = journal.Home("a store", "a file")


def test_a_run_of_another_version_matters_only_while_it_is_unfinished(tmp_path: Path) -> None:
    run = journal.begin(tmp_path, HOME, "apply", ("alpha",))
    record = run.path / "run.json"
    for changed in ({"format": 99}, {"more": 1}, {"home": None}):
        record.write_text(json.dumps({**json.loads(record.read_text()), **changed}))
        with pytest.raises(HptfError, match=r"another version of hptf began the run in .* and it is not finished"):
            list(journal.unfinished(tmp_path))
        record.write_text(json.dumps({**json.loads(record.read_text()), "status": journal.DONE}))
        assert list(journal.unfinished(tmp_path)) == []
        run.save()
    assert list(journal.unfinished(tmp_path)) == [run]


def test_a_record_that_was_not_written_whole_is_of_a_run_that_did_nothing(tmp_path: Path) -> None:
    run = journal.begin(tmp_path, HOME, "plan", ("alpha",))
    (run.path / "run.json").write_text("{")
    assert list(journal.unfinished(tmp_path)) == []
    assert journal.reload(run) == run


def test_a_run_is_found_whole_where_its_project_was_moved_to(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    run = journal.begin(old, HOME, "apply", ("alpha",))
    part = journal.Part(str(run.path / "stage-1"), str(old / "root-all"), str(run.path / "apply.jsonl"))
    run.update(parts=(part, journal.Part("elsewhere", "elsewhere", "")))
    old.rename(new)
    (moved,) = journal.unfinished(new)
    assert moved.path == new / "runs" / run.id
    assert moved.parts[0] == journal.Part(
        str(moved.path / "stage-1"), str(new / "root-all"), str(moved.path / "apply.jsonl")
    )
    assert moved.parts[1] == journal.Part("elsewhere", "elsewhere", "")


def test_whose_states_a_run_is_about(tmp_path: Path) -> None:
    first, second = (journal.Home("a store", "a file", emulator) for emulator in ("first", "second"))
    assert first.vanished(second)
    assert not first.vanished(first)
    assert not HOME.vanished(first)
    assert not first.vanished(HOME)
    HOME.require(journal.Home("a store", "the file, moved"), "It", tmp_path)
    for other in (journal.Home("another store", "a file"), first):
        with pytest.raises(HptfError, match="It belongs to the states in a store"):
            HOME.require(other, "It", tmp_path)
