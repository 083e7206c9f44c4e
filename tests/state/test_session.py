from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from hp_tf.errors import HptfError
from hp_tf.state.document import State, dumps, loads
from hp_tf.state.locks import LockHeld, LockInfo
from hp_tf.state.merge import merge
from hp_tf.state.record import Record, posted_path
from hp_tf.state.session import StateSession
from hp_tf.state.snapshot import Version

from .samples import simple
from .stub import FailingStore, objects


@pytest.fixture
def store(tmp_path: Path) -> FailingStore:
    store = FailingStore(tmp_path / "states")
    store.write("network", simple("network", "n", serial=3))
    store.write("eks", simple("eks", "e", serial=5))
    return store


def _session(store: FailingStore, *, name: str = "run", read_only: bool = False) -> StateSession:
    return StateSession("dev", ["network", "eks", "helm"], store, store.directory.parent / name, read_only)


def _changed(states: Mapping[str, State | None], *layers: str) -> bytes:
    """What Terraform sends after it gave each of these layers a new output."""
    merged = loads(dumps(merge("dev", states) or {}))
    for layer in layers:
        merged["outputs"][f"{layer}__new"] = {"value": "new", "type": "string"}
    merged["serial"] += 1
    return dumps(merged)


def _serials(store: FailingStore) -> dict[str, int]:
    return {layer: (store.read(layer) or {})["serial"] for layer in store.layers()}


def test_only_what_changed_is_written(store: FailingStore) -> None:
    session = _session(store)
    assert (session.merged() or {})["serial"] == 8
    store.broken = {"network"}
    session.accept(_changed(session.states, "eks", "helm"))
    assert _serials(store) == {"network": 3, "eks": 6, "helm": 1}
    assert (session.merged() or {})["serial"] == 10
    session.accept(_changed(session.states))
    assert _serials(store) == {"network": 3, "eks": 6, "helm": 1}
    assert not session.failed
    assert not posted_path(session.run_directory).exists()
    assert session.snapshot.versions["helm"] is None


def test_what_could_not_be_written_is_kept_and_written_before_the_next_read(store: FailingStore) -> None:
    session = _session(store)
    session.merged()
    store.broken = {"eks"}
    body = _changed(session.states, "network", "eks", "helm")
    with pytest.raises(HptfError, match="Not written: eks"):
        session.accept(body)
    assert session.failed
    assert set(session.failed_writes) == {"eks"}
    kept = posted_path(session.run_directory)
    assert kept.read_bytes() == body
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert _serials(store) == {"network": 4, "eks": 5, "helm": 1}
    with pytest.raises(HptfError):
        session.merged()
    store.broken = set()
    assert "eks__new" in (session.merged() or {})["outputs"]
    assert _serials(store) == {"network": 4, "eks": 6, "helm": 1}
    assert not session.failed
    assert not kept.exists()


def test_a_later_state_takes_the_place_of_one_that_failed(store: FailingStore) -> None:
    session = _session(store)
    store.broken = {"helm"}
    with pytest.raises(HptfError):
        session.accept(_changed(session.states, "network", "helm"))
    store.broken = set()
    session.accept(_changed(session.states, "eks", "helm"))
    assert _serials(store) == {"network": 4, "eks": 6, "helm": 1}


def test_a_first_state_keeps_its_lineage_over_repeated_tries(store: FailingStore) -> None:
    session = _session(store)
    store.lost = {"helm"}
    body = _changed(session.states, "helm")
    lineages = set()
    for _ in range(2):
        with pytest.raises(HptfError):
            session.accept(body)
        lineages.add((store.read("helm") or {})["lineage"])
    assert len(lineages) == 1


def test_terraforms_own_lineage_is_never_stored(store: FailingStore) -> None:
    session = StateSession("dev", ["helm"], store, store.directory.parent / "run")
    assert session.merged() is None
    session.accept(dumps({**simple("helm", "h", lineage="invented", serial=1)}))
    assert (store.read("helm") or {})["lineage"] != "invented"


def test_a_state_left_in_a_file_is_taken_only_if_it_is_this_runs(store: FailingStore) -> None:
    session = _session(store)
    session.merged()
    body = _changed(session.states, "eks")
    with pytest.raises(HptfError, match="not this run's"):
        session.accept_left(dumps({**loads(body), "lineage": "of an older run"}))
    assert _serials(store)["eks"] == 5
    session.accept_left(body)
    assert _serials(store)["eks"] == 6


def test_the_lineage_that_terraform_invents_is_the_runs_once_it_is_known(store: FailingStore) -> None:
    session = StateSession("dev", ["helm"], store, store.directory.parent / "run")
    assert session.merged() is None
    session.accept(dumps(simple("helm", "h", lineage="invented", serial=1)))
    assert Record.load(session.run_directory).lineages == ["invented"]
    with pytest.raises(HptfError, match="not this run's"):
        session.accept_left(dumps(simple("helm", "theirs", lineage="another", serial=9)))
    session.accept_left(dumps(simple("helm", "h", "i", lineage="invented", serial=2)))
    assert len((store.read("helm") or {})["resources"][0]["instances"]) == 2


def test_what_terraform_leaves_before_it_could_send_anything_may_have_any_lineage(store: FailingStore) -> None:
    session = StateSession("dev", ["helm"], store, store.directory.parent / "run")
    assert session.merged() is None
    session.accept_left(dumps(simple("helm", "h", lineage="invented", serial=1)))
    assert store.read("helm") is not None


def test_a_body_that_is_no_state_is_kept(store: FailingStore) -> None:
    session = _session(store)
    with pytest.raises(HptfError, match="cannot be read"):
        session.accept(b"{")
    assert set(session.failed_writes) == {"network", "eks", "helm"}
    assert posted_path(session.run_directory).read_bytes() == b"{"
    session.accept(_changed(session.states, "eks"))
    assert not session.failed


def test_a_fault_in_the_middle_counts_as_a_failure(store: FailingStore) -> None:
    session = _session(store)
    with pytest.raises(AttributeError):
        session.accept(b'{"resources": [1]}')
    assert session.failed
    assert posted_path(session.run_directory).exists()


def test_strays_go_to_an_object_of_the_store(store: FailingStore) -> None:
    session = _session(store)
    stray = {**simple("other", "o")["resources"][0]}
    body = loads(_changed(session.states, "eks"))
    body["resources"].append(stray)
    store.broken = {"quarantine"}
    with pytest.raises(HptfError, match="quarantine"):
        session.accept(dumps(body))
    assert _serials(store)["eks"] == 6
    store.broken = set()
    session.retry()
    assert session.stray == [stray]
    assert loads(store.read_object(f"quarantine/{session.run_directory.parent.name}-run.json") or b"")["resources"] == [
        stray
    ]
    # Destroyed in the same run, it is no longer anybody's concern.
    session.accept(_changed(session.states))
    assert session.stray == []
    assert objects(store) == []


def test_a_plan_accepts_nothing_and_refuses_beside_a_writer(store: FailingStore) -> None:
    session = _session(store, read_only=True)
    with pytest.raises(HptfError, match="only plans"):
        session.accept(_changed(session.states, "eks"))
    assert not session.run_directory.exists()
    store.lock("eks", LockInfo.new("OperationTypeApply"))
    with pytest.raises(LockHeld, match="layer eks"):
        _session(store, read_only=True)
    _session(store)


def test_an_unfinished_run_is_not_walked_over(store: FailingStore) -> None:
    session = _session(store)
    store.broken = {"eks"}
    with pytest.raises(HptfError):
        session.accept(_changed(session.states, "eks"))
    with pytest.raises(HptfError, match="not all in the store"):
        _session(store)


def test_the_record_knows_every_version_that_may_be_in_the_store(store: FailingStore) -> None:
    session = _session(store)
    merged = session.merged() or {}
    store.broken = {"eks"}
    with pytest.raises(HptfError):
        session.accept(_changed(session.states, "eks", "network"))
    record = Record.load(session.run_directory)
    assert record.lineages == [merged["lineage"]]
    assert record.versions["network"] == [Version.of(store.read("network") or {})]
    assert record.versions["eks"][0] == Version.of(store.read("eks") or {})
    assert [version.serial for version in record.versions["eks"] if version] == [5, 6]
    assert record.versions["helm"] == [None]


def test_a_full_disk_beside_the_run_does_not_stop_the_store(store: FailingStore) -> None:
    session = _session(store)
    folder = session.run_directory / "state"
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.write_text("in the way")
    session.accept(_changed(session.states, "eks"))
    assert _serials(store)["eks"] == 6


def test_a_run_folder_that_cannot_be_written_stops_the_run_before_it_starts(store: FailingStore) -> None:
    (store.directory.parent / "run").write_text("in the way")
    with pytest.raises(HptfError, match="cannot be written"):
        _session(store)
