from __future__ import annotations

from decimal import Decimal

from hp_tf.state import markers
from hp_tf.state.local import LocalStore

from .samples import simple


def test_a_layer_is_complete_as_long_as_its_state_is_the_one_that_was_completed(store: LocalStore) -> None:
    state = simple("network", "a", serial=4)
    assert not markers.complete(store, "network", state)
    markers.write(store, "network", "run 1", state)
    assert markers.complete(store, "network", state)
    assert not markers.complete(store, "network", {**state, "serial": 5})
    assert not markers.complete(store, "network", {**state, "lineage": "other"})
    assert not markers.complete(store, "network", None)
    assert not markers.complete(store, "eks", state)
    markers.remove(store, "network")
    assert not markers.complete(store, "network", state)


def test_a_layer_without_a_state_can_be_complete(store: LocalStore) -> None:
    markers.write(store, "endpoints", "run 1", None)
    assert markers.complete(store, "endpoints", None)
    assert not markers.complete(store, "endpoints", simple("endpoints"))


def test_what_failed_is_kept_until_the_layer_is_complete(store: LocalStore) -> None:
    assert markers.failed(store, "eks") == ()
    markers.note_failed(store, "eks", ["module.eks.aws_eks_cluster.this: no"])
    assert markers.failed(store, "eks") == ("module.eks.aws_eks_cluster.this: no",)
    assert not markers.complete(store, "eks", None), "it failed before it made anything"
    state = simple("eks", "a", cluster="c")
    markers.write(store, "eks", "run 1", state)
    assert markers.failed(store, "eks") == ()
    markers.keep_outputs(store, "eks", state)
    markers.note_failed(store, "eks", ["one", "two"])
    assert markers.failed(store, "eks") == ("one", "two")
    assert markers.kept_outputs(store, "eks") is not None
    assert markers.complete(store, "eks", state)
    markers.remove(store, "eks")
    assert markers.failed(store, "eks") == ()


def test_a_marker_that_cannot_be_read_counts_for_none(store: LocalStore) -> None:
    store.write_object("completed/network.json", b"{")
    assert not markers.complete(store, "network", None)
    store.write_object("completed/network.json", b"[]")
    assert not markers.complete(store, "network", None)


def test_outputs_outlive_the_state_they_came_from(store: LocalStore) -> None:
    assert markers.kept_outputs(store, "eks") is None
    state = simple("eks", "a", cluster="c", size=Decimal("3.14159265358979323846264338"))
    state["outputs"]["cluster"]["sensitive"] = True
    markers.keep_outputs(store, "eks", state)
    assert markers.kept_outputs(store, "eks") is None
    markers.write(store, "eks", "run 1", state)
    markers.write(store, "network", "run 1", None)
    markers.keep_outputs(store, "eks", state)
    markers.keep_outputs(store, "network", None)
    # What a run that failed left is not complete, and changes nothing.
    markers.keep_outputs(store, "eks", simple("eks", "a", serial=9))
    assert markers.kept_outputs(store, "eks") == {
        "cluster": ("c", True),
        "size": (Decimal("3.14159265358979323846264338"), False),
    }
    assert markers.kept_outputs(store, "network") is None
    markers.remove(store, "eks")
    assert markers.kept_outputs(store, "eks") is None


def test_kept_outputs_last_until_the_layer_is_completed_again(store: LocalStore) -> None:
    state = simple("eks", "a", cluster="c")
    markers.write(store, "eks", "run 1", state)
    markers.keep_outputs(store, "eks", state)
    assert markers.complete(store, "eks", state)
    markers.write(store, "eks", "run 2", {**state, "serial": 9})
    assert markers.kept_outputs(store, "eks") is None
