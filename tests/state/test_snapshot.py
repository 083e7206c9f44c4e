from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

from hp_tf.errors import HptfError
from hp_tf.state.document import State
from hp_tf.state.local import LocalStore
from hp_tf.state.locks import LockHeld, LockInfo
from hp_tf.state.snapshot import Snapshot, StaleSnapshot, read, refuse_unreadable

from .samples import simple

LAYERS = ["eks", "helm", "network"]


def _filled(store: LocalStore) -> LocalStore:
    store.write("network", simple("network", "n", serial=3))
    store.write("eks", simple("eks", "e", serial=5))
    return store


def test_a_snapshot_survives_its_file(store: LocalStore) -> None:
    snapshot = read(_filled(store), LAYERS).snapshot
    assert snapshot.versions["helm"] is None
    assert Snapshot.from_json(json.loads(json.dumps(snapshot.to_json()))) == snapshot
    assert snapshot.differences(read(store, LAYERS).snapshot) == []
    assert snapshot.verify(store).states["eks"] == simple("eks", "e", serial=5)


def test_every_stale_layer_is_named_at_once(store: LocalStore) -> None:
    snapshot = read(_filled(store), [*LAYERS, "addons"]).snapshot
    store.write("network", simple("network", "n", serial=4))
    store.write("eks", simple("eks", "other", serial=5))
    store.write("helm", simple("helm", "h", serial=1))
    with pytest.raises(StaleSnapshot) as stale:
        snapshot.verify(store)
    assert stale.value.differences == [
        "eks has other content under the same serial 5",
        "helm had no state and now has one (serial 1)",
        "network went from serial 3 to 4",
    ]
    store.write("eks", simple("eks", "e", serial=5, lineage="other"))
    (store.directory / "network.tfstate").unlink()
    with pytest.raises(StaleSnapshot) as stale:
        snapshot.verify(store)
    assert stale.value.differences == [
        "eks has another state than before (lineage lineage-of-eks, now other)",
        "helm had no state and now has one (serial 1)",
        "network had a state (serial 3) and now has none",
    ]


def test_two_changes_that_cancel_out_in_the_sum_are_seen(store: LocalStore) -> None:
    snapshot = read(_filled(store), LAYERS).snapshot
    store.write("network", simple("network", "n", serial=4))
    store.write("eks", simple("eks", "e", serial=4))
    with pytest.raises(StaleSnapshot):
        snapshot.verify(store)


def test_reading_refuses_beside_a_writer_of_those_layers(store: LocalStore) -> None:
    _filled(store)
    other = LocalStore(store.directory)
    other.lock("helm", LockInfo.new("OperationTypeApply", info="run 7"))
    with pytest.raises(LockHeld, match="run 7"):
        read(store, LAYERS)
    assert read(store, ["eks", "network"]).snapshot.versions.keys() == {"eks", "network"}
    assert read(store, LAYERS, refuse_if_locked=False).snapshot.versions["helm"] is None


class Restless(LocalStore):
    """A store whose states are written while they are read, so many times; `leave_locked` leaves a lock behind."""

    writes = 0
    leave_locked = False

    def read_all(self, layers: Iterable[str]) -> dict[str, State | None]:
        states = super().read_all(layers)
        if self.writes:
            self.writes -= 1
            state: dict[str, Any] = self.read("network") or {}
            self.write("network", {**state, "serial": state["serial"] + 1, "lineage": state["lineage"] + "x"})
        if self.leave_locked:
            self.leave_locked = False
            self.lock("eks", LockInfo.new("apply"))
        return states


def test_a_state_written_while_reading_is_read_again(store: LocalStore) -> None:
    restless = Restless(_filled(store).directory)
    restless.writes = 2
    version = read(restless, LAYERS).snapshot.versions["network"]
    assert version is not None
    assert version.serial == 5
    restless.writes = 100
    with pytest.raises(HptfError, match="keep changing"):
        read(restless, LAYERS)
    restless.writes, restless.leave_locked = 0, True
    with pytest.raises(LockHeld, match="layer eks"):
        read(restless, LAYERS)


@pytest.mark.parametrize(
    ("change", "product", "problem"),
    [
        ({"version": 3}, "terraform", "eks has format 3, not 4"),
        ({"version": None}, "terraform", "eks has format None, not 4"),
        ({"terraform_version": "1.12.0"}, "terraform", "eks was written by version 1.12.0"),
        ({"terraform_version": "2.0.0-alpha1"}, "terraform", "eks was written by version 2.0.0-alpha1"),
        ({}, "tofu", "eks was written by terraform"),
        ({"provider": 'provider["registry.opentofu.org/hashicorp/aws"]'}, "terraform", "eks was written by tofu"),
    ],
)
def test_states_that_must_not_be_taken_over(change: dict[str, Any], product: str, problem: str) -> None:
    state = simple("eks", "e")
    provider = change.pop("provider", 'provider["registry.terraform.io/hashicorp/aws"]')
    state["resources"][0]["provider"] = provider
    fine = simple("network", "n")
    with pytest.raises(HptfError) as refused:
        refuse_unreadable({"eks": {**state, **change}, "network": fine, "helm": None}, product, "1.11.4")
    assert problem in refused.value.message
    assert "network" not in refused.value.message


def test_states_that_may_be_taken_over() -> None:
    states = {"network": simple("network", "n"), "eks": {**simple("eks"), "terraform_version": "1.11.9"}, "helm": None}
    refuse_unreadable(states, "terraform", "1.11.4")
    refuse_unreadable({"eks": {**simple("eks"), "terraform_version": "1.9.0"}}, "tofu", "1.11.4")
