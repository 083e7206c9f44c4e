from __future__ import annotations

import stat
from pathlib import Path

import pytest

from hp_tf.errors import HptfError
from hp_tf.state import filelock
from hp_tf.state.document import dumps
from hp_tf.state.local import LocalStore
from hp_tf.state.locks import LockHeld, LockInfo

from .samples import simple
from .stub import objects

INFO = LockInfo.new("OperationTypeApply", info="a test")


def _next(store: LocalStore, layer: str = "network") -> Path:
    return store.directory / f".{layer}.tfstate.next"


def test_a_state_is_read_as_it_was_written(store: LocalStore) -> None:
    assert store.read("network") is None
    assert store.layers() == []
    assert store.survey() == {}
    state = simple("network", "a", vpc="v")
    store.write("network", state)
    assert store.read("network") == state
    assert store.read_all(["network", "eks"]) == {"network": state, "eks": None}
    assert store.layers() == ["network"]
    path = store.directory / "network.tfstate"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.directory.stat().st_mode) == 0o700
    assert sorted(store.directory.iterdir()) == [store.directory / ".hptf", path]


def test_a_shorter_state_leaves_nothing_of_a_longer_one_and_the_file_stays_the_same(store: LocalStore) -> None:
    store.write("network", simple("network", *map(str, range(50))))
    inode = (store.directory / "network.tfstate").stat().st_ino
    store.write("network", simple("network"))
    assert store.read("network") == simple("network")
    assert (store.directory / "network.tfstate").stat().st_ino == inode


def test_a_file_that_anybody_could_read_no_longer_can_be(store: LocalStore) -> None:
    store.write("network", simple("network"))
    path = store.directory / "network.tfstate"
    path.chmod(0o644)
    store.write("network", simple("network", "a"))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_lock_shuts_others_out_until_its_holder_frees_it(store: LocalStore) -> None:
    other = LocalStore(store.directory)
    store.lock("network", INFO)
    for contender in (store, other):
        with pytest.raises(LockHeld) as held:
            contender.lock("network", LockInfo.new("x"))
        assert held.value.layer == "network"
        assert held.value.holder is not None
        assert held.value.holder.id == INFO.id
        assert "a test" in str(held.value)
        holder = contender.holder("network")
        assert holder is not None
        assert holder.id == INFO.id
        assert holder.path == str(store.directory / "network.tfstate")
        assert contender.survey()["network"].locked
    with pytest.raises(LockHeld):
        store.unlock("network", "another id")
    with pytest.raises(LockHeld):
        other.unlock("network", INFO.id)
    with pytest.raises(LockHeld):
        other.write("network", simple("network"))
    # No state was made by locking.
    assert other.layers() == []
    assert other.read("network") is None
    store.unlock("network", INFO.id)
    store.unlock("network", INFO.id)
    assert other.holder("network") is None
    other.lock("network", INFO)
    other.unlock("network", INFO.id)


def test_what_a_killed_process_leaves_is_no_lock(store: LocalStore) -> None:
    store.write("network", simple("network"))
    (store.directory / ".network.tfstate.lock.info").write_bytes(INFO.to_json())
    assert store.holder("network") is None
    assert not store.survey()["network"].locked
    store.lock("network", LockInfo.new("x"))


def test_a_lock_without_a_word_has_an_unknown_holder(store: LocalStore) -> None:
    store.lock("network", INFO)
    (store.directory / ".network.tfstate.lock.info").unlink()
    other = LocalStore(store.directory)
    holder = other.holder("network")
    assert holder is not None
    assert holder.id == ""
    with pytest.raises(LockHeld) as held:
        other.lock("network", LockInfo.new("x"))
    assert held.value.holder is None


def test_a_lock_on_a_file_that_was_removed_meanwhile_is_not_taken_for_one(
    store: LocalStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Terraform removes an empty state file as it unlocks, perhaps between our opening the file and locking it.
    path = store.directory / "network.tfstate"
    taken: list[int] = []

    def try_lock(handle: int) -> bool:
        if not taken:
            path.unlink()
        taken.append(handle)
        return real(handle)

    real = filelock.try_lock
    monkeypatch.setattr(filelock, "try_lock", try_lock)
    store.lock("network", INFO)
    assert len(taken) == 2
    assert LocalStore(store.directory).holder("network") is not None


@pytest.mark.parametrize(
    "torn", [b"", b"   ", dumps(simple("network", "b"))[:40], dumps(simple("network", "b")) + b"}]"]
)
def test_a_torn_file_is_mended_from_the_state_beside_it(store: LocalStore, torn: bytes) -> None:
    new = simple("network", "b", serial=2)
    store.write("network", simple("network", "a"))
    (store.directory / "network.tfstate").write_bytes(torn)
    _next(store).write_bytes(dumps(new))
    assert store.read("network") == new
    assert store.layers() == ["network"]
    store.lock("network", INFO)
    assert not _next(store).exists()
    assert (store.directory / "network.tfstate").read_bytes() == dumps(new)
    assert store.read("network") == new


def test_a_whole_file_counts_more_than_the_state_beside_it(store: LocalStore) -> None:
    store.write("network", simple("network", "later", serial=3))
    _next(store).write_bytes(dumps(simple("network", "earlier", serial=2)))
    assert store.read("network") == simple("network", "later", serial=3)
    store.lock("network", INFO)
    assert not _next(store).exists()


def test_a_state_that_is_not_json_is_said_to_be(store: LocalStore) -> None:
    store.write("network", simple("network"))
    (store.directory / "network.tfstate").write_text("what")
    with pytest.raises(HptfError, match=r"state of layer network in .* is not readable"):
        store.read("network")


def test_objects_lie_apart_from_states(store: LocalStore) -> None:
    assert objects(store) == []
    assert store.read_object("completed/network.json") is None
    store.write_object("completed/network.json", b"1")
    store.write_object("outputs/eks.json", b"2")
    assert objects(store) == ["completed/network.json", "outputs/eks.json"]
    assert store.read_object("outputs/eks.json") == b"2"
    store.delete_object("outputs/eks.json")
    store.delete_object("outputs/eks.json")
    assert store.layers() == []
    assert stat.S_IMODE((store.directory / ".hptf" / "completed" / "network.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["", "../x", "/etc/x", "a/../../x", "x.tfstate"])
def test_names_that_lead_elsewhere_are_refused(store: LocalStore, name: str) -> None:
    with pytest.raises(ValueError):
        store.write_object(name, b"")
    with pytest.raises(ValueError):
        store.read(name)


def test_a_directory_that_cannot_be_used_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = LocalStore(tmp_path / "file" / "states")
    with pytest.raises(HptfError, match=r"Could not lock .*network\.tfstate: Not a directory"):
        store.lock("network", INFO)
    with pytest.raises(HptfError, match="Could not open"):
        store.write("network", simple("network"))
    assert set(store.write_all({"network": simple("network")})) == {"network"}


def test_other_files_are_not_layers(store: LocalStore) -> None:
    store.write("network", simple("network"))
    for name in ("network.tfstate.backup", "Not A Layer.tfstate", "x.json"):
        (store.directory / name).write_text("{}")
    assert store.layers() == ["network"]
