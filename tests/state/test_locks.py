from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hp_tf.errors import HptfError
from hp_tf.state.local import LocalStore
from hp_tf.state.lock_set import LockSet
from hp_tf.state.locks import LockHeld, LockInfo, patiently

# As Terraform 1.11.4 writes it.
WRITTEN = (
    b'{"ID":"0eb94bf5-ca5a-5af8-3e28-7c930477f03c","Operation":"OperationTypeApply","Info":"","Who":"root@vm",'
    b'"Version":"1.11.4","Created":"2026-11-22T16:57:24.458097096Z","Path":"network.tfstate"}'
)


class FakeClock:
    """Time that passes only by sleeping; what is due at a moment happens while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self.due: dict[float, list[tuple[LocalStore, str, str]]] = {}

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float, /) -> None:
        self.slept.append(seconds)
        self.now += seconds
        for moment in [moment for moment in self.due if moment <= self.now]:
            for store, layer, lock_id in self.due.pop(moment):
                store.unlock(layer, lock_id)


class Refusing(LocalStore):
    """A store that does not free some locks."""

    refuse: frozenset[str] = frozenset()

    def unlock(self, layer: str, lock_id: str) -> None:
        if layer in self.refuse:
            raise HptfError(f"No freeing of {layer} today.")
        super().unlock(layer, lock_id)


def test_lock_info_is_terraforms() -> None:
    info = LockInfo.from_json(WRITTEN)
    assert json.loads(info.to_json()) == json.loads(WRITTEN)
    assert str(info) == "root@vm since 2026-11-22T16:57:24.458097096Z (apply)"
    for body in (b"", b"[]", b"{}"):
        with pytest.raises(ValueError):
            LockInfo.from_json(body)


def test_a_new_lock_says_who_and_when() -> None:
    info = LockInfo.new("OperationTypePlan", info="run 7", version="1.0", now=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    assert info.created == "2026-01-02T03:04:05.000000Z"
    assert "@" in info.who
    assert str(info).endswith("(plan, run 7)")
    assert info.id != LockInfo.new("x").id
    assert str(LockInfo(id="")) == "someone unknown"


def test_locks_of_a_set_are_taken_all_or_none(store: LocalStore) -> None:
    other = LocalStore(store.directory)
    other.lock("helm", LockInfo.new("x"))
    locks = LockSet(store, ["network", "helm", "eks", "eks"])
    assert locks.layers == ("eks", "helm", "network")
    with pytest.raises(LockHeld, match="layer helm"):
        locks.acquire(LockInfo.new("apply"))
    assert not [layer for layer, presence in store.survey().items() if presence.locked and layer != "helm"]
    LockSet(other, ["eks", "network"]).acquire(LockInfo.new("apply"))


def test_it_waits_and_says_for_whom(store: LocalStore) -> None:
    other = LocalStore(store.directory)
    first, second = LockInfo.new("first"), LockInfo.new("second")
    other.lock("eks", first)
    other.lock("network", second)
    clock = FakeClock()
    clock.due = {2.5: [(other, "eks", first.id)], 5.0: [(other, "network", second.id)]}
    told: list[tuple[str, str]] = []
    locks = LockSet(store, ["network", "eks"])
    locks.acquire(
        LockInfo.new("apply"), 60, clock, lambda layer, holder: told.append((layer, holder.operation if holder else ""))
    )
    with locks:
        assert all(presence.locked for presence in store.survey().values())
    assert told == [("eks", "first"), ("network", "second")]
    assert clock.now == 5.0
    assert other.holder("eks") is None


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (["?", "a", "a", "?"], ["a"]),
        (["a", "?", "b"], ["a", "b"]),
        (["?", "?", "?", "a"], ["?", "a"]),
    ],
)
def test_a_holder_between_locking_and_saying_who_it_is_is_not_told_of(found: list[str], told: list[str]) -> None:
    looks = iter(found)
    said: list[str] = []

    def attempt() -> None:
        if name := next(looks, None):
            raise LockHeld("eks", None if name == "?" else LockInfo(name))

    patiently(attempt, 60, FakeClock(), lambda layer, holder: said.append(holder.id if holder else "?"))
    assert said == told


def test_it_gives_up_at_the_end_of_the_time(store: LocalStore) -> None:
    other = LocalStore(store.directory)
    other.lock("eks", LockInfo.new("first"))
    clock = FakeClock()
    with pytest.raises(LockHeld):
        LockSet(store, ["eks"]).acquire(LockInfo.new("apply"), 2.5, clock)
    assert clock.slept == [1.0, 1.0, 0.5]


def test_taking_twice_is_a_mistake(store: LocalStore) -> None:
    locks = LockSet(store, ["eks"])
    locks.acquire(LockInfo.new("apply"))
    with locks, pytest.raises(HptfError, match="already holds"):
        locks.acquire(LockInfo.new("apply"))
    locks.release()


def test_locks_that_cannot_be_freed_are_named(tmp_path: Path) -> None:
    store = Refusing(tmp_path)
    locks = LockSet(store, ["eks", "helm"])
    locks.acquire(LockInfo.new("apply"))
    store.refuse = frozenset({"eks"})
    with pytest.raises(HptfError, match="The locks of eks could not be freed: No freeing of eks today"):
        locks.release()
    assert (store.holder("helm"), store.holder("eks") is None) == (None, False)
    store.refuse = frozenset()
    locks.release()
    assert store.holder("eks") is None


def test_locks_can_be_kept_for_the_next_run(store: LocalStore) -> None:
    info = LockInfo.new("apply")
    locks = LockSet(store, ["eks", "helm"])
    locks.acquire(info)
    with locks:
        locks.keep()
    assert store.holder("eks") is not None
    assert LockSet(store, ["eks", "helm", "network"]).break_own(["another"]) == []
    assert LockSet(store, ["eks", "helm", "network"]).break_own([info.id]) == ["eks", "helm"]
    assert store.holder("eks") is None


def test_locks_that_were_kept_are_taken_up_again_without_a_gap(store: LocalStore) -> None:
    info = LockInfo.new("apply")
    LockSet(store, ["eks", "helm"]).acquire(info)
    freed: list[str] = []
    store.unlock, unlock = lambda layer, lock_id: freed.append(layer), store.unlock  # type: ignore[method-assign]
    other = LocalStore(store.directory)
    other.lock("network", LockInfo.new("somebody else"))
    locks = LockSet(store, ["eks", "helm", "network"])
    with pytest.raises(LockHeld, match="layer network"):
        locks.acquire(info, resuming=True)
    assert freed == []
    LockSet(store, ["eks", "helm"]).acquire(info, resuming=True)
    assert freed == []
    store.unlock = unlock  # type: ignore[method-assign]
    assert LockSet(store, ["eks", "helm"]).break_own([info.id]) == ["eks", "helm"]
