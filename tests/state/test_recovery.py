from __future__ import annotations

from pathlib import Path

import pytest

from hp_tf.errors import HptfError
from hp_tf.state.document import State, dumps, loads
from hp_tf.state.merge import merge
from hp_tf.state.record import posted_path, record_path
from hp_tf.state.recovery import finish, pending
from hp_tf.state.session import StateSession
from hp_tf.state.set_back import refuse_set_back, written_last
from hp_tf.state.stores import unnamed

from .samples import simple
from .stub import FailingStore, objects


@pytest.fixture
def store(tmp_path: Path) -> FailingStore:
    store = FailingStore(tmp_path / "states")
    store.write("network", simple("network", "n", serial=3))
    store.write("eks", simple("eks", "e", serial=5))
    return store


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return tmp_path / "run"


def _cut_off(store: FailingStore, run: Path, *, broken: set[str], lost: set[str] | None = None) -> State:
    """A run that changed all three layers and died before these were written; returns what Terraform sent."""
    session = StateSession("dev", ["network", "eks", "helm"], store, run)
    merged = loads(dumps(session.merged() or {}))
    for layer in session.layers:
        merged["outputs"][f"{layer}__new"] = {"value": "new", "type": "string"}
    merged["serial"] += 1
    store.broken, store.lost = broken, lost or set()
    with pytest.raises(HptfError):
        session.accept(dumps(merged))
    store.broken, store.lost = set(), set()
    return merged


def _outputs(store: FailingStore) -> dict[str, list[str]]:
    return {layer: sorted((store.read(layer) or {})["outputs"]) for layer in store.layers()}


ALL = {"network": ["new"], "eks": ["new"], "helm": ["new"]}


@pytest.mark.parametrize("broken", [{"eks"}, {"network", "helm"}, {"network", "eks", "helm"}])
def test_a_half_written_set_is_finished(store: FailingStore, run: Path, broken: set[str]) -> None:
    _cut_off(store, run, broken=broken)
    left = pending(run)
    assert left is not None
    assert finish(store, left).written == broken
    assert _outputs(store) == ALL
    assert {layer: (store.read(layer) or {})["serial"] for layer in ALL} == {"network": 4, "eks": 6, "helm": 1}
    assert pending(run) is None
    assert finish(store, left).written == frozenset()


def test_a_write_whose_answer_got_lost_is_recognised(store: FailingStore, run: Path) -> None:
    merged = _cut_off(store, run, broken={"network"}, lost={"eks"})
    # Terraform goes on and sends more, but hptf dies after keeping it.
    merged["outputs"]["eks__more"] = {"value": "more", "type": "string"}
    posted_path(run).write_bytes(dumps(merged))
    left = pending(run)
    assert left is not None
    assert finish(store, left).written == {"network", "eks"}
    assert _outputs(store) == {**ALL, "eks": ["more", "new"]}


def test_finishing_can_fail_and_be_done_again(store: FailingStore, run: Path) -> None:
    _cut_off(store, run, broken={"network", "eks"})
    store.broken = {"eks"}
    left = pending(run)
    assert left is not None
    with pytest.raises(HptfError, match="Not written: eks"):
        finish(store, left)
    assert posted_path(run).exists()
    store.broken = set()
    assert finish(store, left).written == {"eks"}
    assert _outputs(store) == ALL


def test_a_layer_changed_by_somebody_else_since_is_not_walked_over(store: FailingStore, run: Path) -> None:
    _cut_off(store, run, broken={"network", "eks"})
    store.write("eks", {**simple("eks", "other"), "serial": 6, "lineage": "lineage-of-eks"})
    left = pending(run)
    assert left is not None
    with pytest.raises(HptfError, match="after changing eks, and somebody else"):
        finish(store, left)
    assert "new" not in (store.read("network") or {})["outputs"]
    assert posted_path(run).exists()


def test_a_layer_the_run_had_not_touched_may_have_changed(store: FailingStore, run: Path, tmp_path: Path) -> None:
    session = StateSession("dev", ["network", "eks"], store, run)
    merged = loads(dumps(session.merged() or {}))
    merged["outputs"]["eks__new"] = {"value": "new", "type": "string"}
    errored = tmp_path / "errored.tfstate"
    errored.write_bytes(dumps(merged))
    theirs = simple("network", "n", "m", serial=4)
    store.write("network", theirs)
    left = pending(run, errored)
    assert left is not None
    assert finish(store, left).written == {"eks"}
    assert store.read("network") == theirs
    assert not errored.exists()


def test_of_two_states_the_newer_counts_and_both_go(store: FailingStore, run: Path, tmp_path: Path) -> None:
    merged = _cut_off(store, run, broken={"network", "eks", "helm"})
    errored = tmp_path / "errored.tfstate"
    merged["serial"] += 1
    merged["outputs"]["helm__last"] = {"value": "last", "type": "string"}
    errored.write_bytes(dumps(merged))
    left = pending(run, errored, tmp_path / "missing.tfstate")
    assert left is not None
    assert left.path == errored
    finish(store, left)
    assert _outputs(store)["helm"] == ["last", "new"]
    assert pending(run, errored) is None


def test_a_file_that_was_cut_off_gives_way_to_a_whole_one(store: FailingStore, run: Path, tmp_path: Path) -> None:
    _cut_off(store, run, broken={"eks"})
    errored = tmp_path / "errored.tfstate"
    errored.write_bytes(b'{"version": 4, "resour')
    left = pending(run, errored)
    assert left is not None
    assert left.path == posted_path(run)
    posted_path(run).unlink()
    with pytest.raises(HptfError, match="cannot be read"):
        pending(run, errored)


def test_the_state_of_another_run_is_refused(store: FailingStore, run: Path, tmp_path: Path) -> None:
    _cut_off(store, run, broken={"eks"})
    posted_path(run).unlink()
    errored = tmp_path / "errored.tfstate"
    errored.write_bytes(dumps(merge("prod", {"eks": simple("eks", "x")}) or {}))
    left = pending(run, errored)
    assert left is not None
    with pytest.raises(HptfError, match="is not the state of the run"):
        finish(store, left)


def test_a_run_without_its_record_is_not_guessed_at(store: FailingStore, run: Path) -> None:
    _cut_off(store, run, broken={"eks"})
    record_path(run).write_text("{}")
    left = pending(run)
    assert left is not None
    with pytest.raises(HptfError, match="record of the run"):
        finish(store, left)


def test_strays_are_found_again(store: FailingStore, run: Path) -> None:
    merged = _cut_off(store, run, broken={"eks"})
    stray = simple("other", "o")["resources"][0]
    posted_path(run).write_bytes(dumps({**merged, "resources": [*merged["resources"], stray]}))
    left = pending(run)
    assert left is not None
    assert finish(store, left).stray == [stray]
    assert objects(store) == [f"quarantine/{run.parent.name}-run.json"]


@pytest.mark.parametrize("taken", [["eks"], ["network", "eks"]])
def test_a_state_that_is_gone_is_written_back_as_the_one_after_the_last(
    store: FailingStore, run: Path, taken: list[str]
) -> None:
    """The bucket was deleted in the middle of the run, and made anew: nobody's work is there to be walked over."""
    _cut_off(store, run, broken={"network", "eks", "helm"})
    for layer in taken:
        (store.directory / f"{layer}.tfstate").unlink()
    left = pending(run)
    assert left is not None
    assert finish(store, left).written == {"network", "eks", "helm"}
    assert _outputs(store) == ALL
    for layer, lineage, serial in (("network", "lineage-of-network", 3), ("eks", "lineage-of-eks", 5)):
        state = store.read(layer) or {}
        assert state["lineage"] == lineage
        assert state["serial"] > serial
    refuse_set_back(store, written_last(store, ALL), store.read_all(ALL), unnamed)
