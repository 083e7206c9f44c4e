from __future__ import annotations

import copy
import os
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hp_tf.applying.equivalence import Difference, compare, show_path
from hp_tf.terraform import binary, commands
from hp_tf.terraform.commands import Invocation
from hp_tf.terraform.environment import terraform_environment
from hp_tf.terraform.plan import Plan
from hp_tf.terraform.values import MASK, UNKNOWN_TEXT

VPC = "module.net.aws_vpc.this"


def change(actions: str, address: str = VPC, **more: Any) -> dict[str, Any]:
    """A resource change; `set` gives after, `unknown` and `secret` its shadows."""
    top: dict[str, Any] = {
        key: more.pop(key) for key in ("deposed", "previous_address", "action_reason", "mode") if key in more
    }
    layer = address.split(".")[1]
    return {
        "address": address,
        "module_address": f"module.{layer}",
        "mode": "managed",
        "type": "aws_vpc",
        "name": "this",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        **top,
        "change": {
            "actions": actions.split(","),
            "before": more.pop("before", None if actions == "create" else {}),
            "after": more.pop("after", None if actions in ("delete", "forget") else {}),
            "after_unknown": more.pop("unknown", {}),
            "before_sensitive": more.pop("was_secret", {}),
            "after_sensitive": more.pop("secret", {}),
            **more,
        },
    }


def plan(*changes: dict[str, Any]) -> Plan:
    return Plan.load({"format_version": "1.2", "resource_changes": list(changes)})


def differences(was: dict[str, Any] | None, now: dict[str, Any], **options: Any) -> list[Difference]:
    return compare(plan(was) if was else plan(), plan(now), **options)


def reasons(was: dict[str, Any] | None, now: dict[str, Any], **options: Any) -> list[tuple[str, str]]:
    return [(show_path(d.path), d.reason) for d in differences(was, now, **options)]


# --- actions ---------------------------------------------------------------------------------------------------------

ACTIONS = ["no-op", "create", "update", "delete", "delete,create", "create,delete", "forget", "create,forget"]
WEAKER = {
    "create": {"create"},
    "update": {"update"},
    "delete": {"delete"},
    "delete,create": {"delete,create", "update"},
    "create,delete": {"create,delete", "update"},
    "forget": {"forget"},
    "create,forget": {"create,forget", "update"},
    "no-op": set(),
}


@pytest.mark.parametrize("now", ACTIONS)
@pytest.mark.parametrize("was", ACTIONS)
def test_an_action_is_the_reviewed_one_or_weaker(was: str, now: str) -> None:
    accepted = now == "no-op" or now in WEAKER[was]
    assert (differences(change(was), change(now)) == []) is accepted


def test_an_action_that_was_not_reviewed_is_named() -> None:
    (found,) = differences(None, change("create"))
    assert (found.address, found.path, found.reviewed, found.now) == (VPC, (), "nothing", "create")
    assert str(found) == f"{VPC}: the review does nothing here; reviewed 'nothing', now 'create'"


def test_what_was_reviewed_and_is_not_there_yet_or_any_more_is_fine() -> None:
    assert compare(plan(change("create"), change("update", "module.eks.aws_eks.this")), plan()) == []


def test_data_sources_drift_and_outputs_do_not_count() -> None:
    now = Plan.load(
        {
            "format_version": "1.2",
            "resource_changes": [change("read", mode="data"), change("no-op", before={"a": 1}, after={"a": 2})],
            "resource_drift": [change("update", before={"a": 1}, after={"a": 2})],
            "output_changes": {"o": {"actions": ["create"], "after": 1}},
        }
    )
    assert compare(plan(), now) == []


def test_what_this_run_did_is_done() -> None:
    assert differences(change("create"), change("no-op"), done=[VPC]) == []
    (found,) = differences(change("create"), change("create"), done=[VPC])
    assert "has done it already" in found.reason


def test_a_finished_layer_has_nothing_left_to_do() -> None:
    was = plan(change("update"), change("update", "module.eks.aws_eks.this"))
    (found,) = compare(was, was, finished_layers={"net"})
    assert (found.address, found.now) == (VPC, "update")
    assert "finished" in found.reason


def test_a_leftover_object_is_another_object() -> None:
    leftover = change("delete", deposed="0badcafe")
    assert differences(leftover, leftover) == []
    (found,) = differences(change("delete"), leftover)
    assert found.address == f"{VPC} (deposed 0badcafe)"


@pytest.mark.parametrize(
    ("was", "now", "reason"),
    [
        ({"importing": {"id": "a"}}, {"importing": {"id": "a"}}, None),
        ({"importing": {}}, {"importing": {"id": "a"}}, None),
        ({"importing": {"id": "a"}}, {"importing": {"id": "b"}}, "the import was not reviewed"),
        ({"previous_address": "x.y"}, {"importing": {"id": "b"}}, "the import was not reviewed"),
        ({"previous_address": "x.y"}, {"previous_address": "x.y"}, None),
        ({"previous_address": "x.y"}, {"previous_address": "x.z"}, "the move was not reviewed"),
        ({}, {"previous_address": "x.z"}, "the review does nothing here"),
    ],
)
def test_an_import_or_a_move_is_the_reviewed_one(was: dict[str, Any], now: dict[str, Any], reason: str | None) -> None:
    found = differences(change("no-op", **was), change("no-op", **now))
    assert [d.reason for d in found] == ([reason] if reason else [])


@pytest.mark.parametrize("actions", ["delete", "delete,create"])
def test_another_object_is_not_destroyed(actions: str) -> None:
    was, now = change(actions, before={"id": "a", "x": 1}), change(actions, before={"id": "b", "x": 2})
    assert reasons(was, now) == [("id", "another object would be destroyed")]
    assert reasons(was, change(actions, before={"id": "a", "x": 2})) == []


@pytest.mark.parametrize(
    ("was", "now", "accepted"),
    [
        ([["a"], ["b"]], [["a"]], True),
        ([["a"]], [["a", "x"]], True),
        ([["a", "x"]], [["a"]], False),
        ([["a"]], [["a"], ["b"]], False),
        ([["groups", 0, "x"]], [["groups", 2, "x"]], True),
        ([["list", 0, "x"]], [["list", 2, "x"]], False),
        ([["set", 0]], [["set", 1]], True),
    ],
)
def test_what_forces_a_replacement_was_reviewed(was: list[Any], now: list[Any], accepted: bool) -> None:
    found = differences(
        change("delete,create", replace_paths=was),
        change("delete,create", replace_paths=now),
        unordered=lambda kind, names: names == ("set",),
        keyed=lambda kind, names: "name" if names == ("groups",) else None,
    )
    assert (found == []) is accepted


def test_a_replacement_for_another_reason() -> None:
    was = change("delete,create", action_reason="replace_because_cannot_update", replace_paths=[["a"]])
    now = change("delete,create", action_reason="replace_because_tainted")
    assert reasons(was, now) == [("", "the replacement has another reason")]
    assert reasons(now, now) == []


# --- values ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        ({"after": {"a": 1}}, {"after": {"a": 1.0}}, []),
        ({"after": {"a": 1}}, {"after": {"a": True}}, [("a", "the value is another")]),
        ({"after": {"a": 1}}, {"after": {"a": "1"}}, [("a", "the value is another")]),
        ({"after": {"a": None}}, {"after": {}}, [("a", "the value is another")]),
        ({"after": {"a": []}}, {"after": {"a": {}}}, [("a", "the value is another")]),
        ({"after": {"a": {}}}, {"after": {"a": {"k": 1}}}, [("a.k", "the value is another")]),
        ({"after": {"a": {"k": 1}}}, {"after": {"a": {}}}, [("a.k", "the value is another")]),
        ({"after": {"a": [1]}}, {"after": {"a": [1, 2]}}, [("a", "the list has 2 elements, not 1")]),
        (
            {"after": {"a": [1, 2]}},
            {"after": {"a": [2, 1]}},
            [("a[0]", "the value is another"), ("a[1]", "the value is another")],
        ),
        ({"unknown": {"a": True}}, {"after": {"a": {"k": [1]}}}, []),
        ({"unknown": {"a": True}}, {"unknown": {"a": True}}, []),
        ({"unknown": {"a": True}}, {"after": {"a": None}}, []),
        ({"after": {"a": 1}}, {"unknown": {"a": True}}, [("a", "it was known and is not now")]),
        ({"after": {"a": []}}, {"unknown": {"a": True}}, [("a", "it was known and is not now")]),
        (
            {"after": {"a": {}}, "unknown": {"a": {"k": True}}},
            {"unknown": {"a": True}},
            [("a", "it was known and is not now")],
        ),
        (
            {"after": {"a": [None, "x"]}, "unknown": {"a": [True, False]}},
            {"after": {"a": ["id", "x"]}, "unknown": {"a": [False, False]}},
            [],
        ),
        (
            {"after": {"a": [None, "x"]}, "unknown": {"a": [True, False]}},
            {"after": {"a": ["id", "y"]}, "unknown": {"a": [False, False]}},
            [("a[1]", "the value is another")],
        ),
    ],
)
@pytest.mark.parametrize("actions", ["create", "delete,create"])
def test_what_a_create_sets(actions: str, was: dict[str, Any], now: dict[str, Any], found: list[Any]) -> None:
    assert reasons(change(actions, **was), change(actions, **now)) == found


@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        # The drift of a computed attribute, which the update leaves alone.
        (
            {"before": {"a": 1, "c": 1}, "after": {"a": 2, "c": 1}},
            {"before": {"a": 1, "c": 9}, "after": {"a": 2, "c": 9}},
            [],
        ),
        (
            {"before": {"a": 1}, "after": {"a": 2}},
            {"before": {"a": 1}, "after": {"a": 3}},
            [("a", "the value is another")],
        ),
        # Reviewed as unchanged, changed now.
        (
            {"before": {"a": 1, "b": 1}, "after": {"a": 2, "b": 1}},
            {"before": {"a": 1, "b": 1}, "after": {"a": 2, "b": 2}},
            [("b", "the value is another")],
        ),
        # Drift that the update undoes: what comes of it is what was reviewed.
        (
            {"before": {"a": 1, "b": 1}, "after": {"a": 2, "b": 1}},
            {"before": {"a": 1, "b": 7}, "after": {"a": 2, "b": 1}},
            [],
        ),
        (
            {"before": {"a": 1, "c": 1}, "after": {"a": 2}, "unknown": {"c": True}},
            {"before": {"a": 1, "c": 1}, "after": {"a": 2, "c": 5}},
            [],
        ),
        (
            {"before": {"a": 1, "c": 1}, "after": {"a": 2, "c": 1}},
            {"before": {"a": 1, "c": 1}, "after": {"a": 2}, "unknown": {"c": True}},
            [("c", "it was known and is not now")],
        ),
        # Part of a list.
        (
            {"before": {"l": [{"a": 1, "c": 1}]}, "after": {"l": [{"a": 2, "c": 1}]}},
            {"before": {"l": [{"a": 1, "c": 9}]}, "after": {"l": [{"a": 2, "c": 9}]}},
            [],
        ),
        # Only the sensitivity changes.
        (
            {"before": {"a": 1}, "after": {"a": 1}},
            {"before": {"a": 1}, "after": {"a": 1}, "secret": {"a": True}},
            [("a", "it was not sensitive and is now")],
        ),
    ],
)
def test_what_an_update_changes(was: dict[str, Any], now: dict[str, Any], found: list[Any]) -> None:
    assert reasons(change("update", **was), change("update", **now)) == found


def test_a_replacement_that_became_an_update_keeps_what_it_leaves_alone() -> None:
    was = change("delete,create", before={"id": "i", "a": 1}, after={"a": 2}, unknown={"id": True})
    now = change("update", before={"id": "i", "a": 1}, after={"id": "i", "a": 2})
    assert reasons(was, now) == []


@pytest.mark.parametrize(
    ("was", "now", "found"),
    [
        ({"after": {"a": 1}, "secret": {"a": True}}, {"after": {"a": 1}}, [("a", "it was sensitive and is not now")]),
        ({"after": {"a": 1}}, {"after": {"a": 1}, "secret": {"a": True}}, [("a", "it was not sensitive and is now")]),
        (
            {"after": {"a": {"k": 1}}, "secret": {"a": True}},
            {"after": {"a": {"k": 1}}, "secret": {"a": {"k": True}}},
            [],
        ),
        (
            {"unknown": {"a": True}, "secret": {"a": True}},
            {"after": {"a": 1}},
            [("a", "it was sensitive and is not now")],
        ),
        ({"unknown": {"a": True}, "secret": {"a": True}}, {"after": {"a": [1]}, "secret": {"a": [True]}}, []),
        ({"unknown": {"a": True}}, {"after": {"a": {"k": 1}}, "secret": {"a": {"k": True}}}, []),
        ({"after": {"a": []}, "secret": {"a": True}}, {"after": {"a": []}}, [("a", "it was sensitive and is not now")]),
    ],
)
def test_a_value_is_as_sensitive_as_it_was_reviewed(was: dict[str, Any], now: dict[str, Any], found: list[Any]) -> None:
    assert reasons(change("create", **was), change("create", **now)) == found


@pytest.mark.parametrize("secret_now", [{}, {"a": True}])
@pytest.mark.parametrize("secret_then", [{}, {"a": True}])
def test_no_difference_shows_a_secret(secret_then: dict[str, Any], secret_now: dict[str, Any]) -> None:
    (found,) = differences(
        change("create", after={"a": "canary-one"}, secret=secret_then),
        change("create", after={"a": "canary-two"}, secret=secret_now),
    )
    if secret_then or secret_now:
        assert "canary" not in str(found)
    else:
        assert (found.reviewed, found.now) == ("canary-one", "canary-two")


def test_a_difference_shows_what_is_unknown() -> None:
    (found,) = differences(
        change("create", after={"l": [{"a": 1}]}, unknown={"l": [{"b": True}]}),
        change("create", after={"l": []}),
    )
    assert (found.reviewed, found.now) == ([{"a": 1, "b": UNKNOWN_TEXT}], [])


# --- sets and keyed lists --------------------------------------------------------------------------------------------


def as_set(kind: str, names: tuple[str, ...]) -> bool:
    return (kind, names) in {("aws_vpc", ("s",)), ("aws_vpc", ("groups", "s"))}


@pytest.mark.parametrize(
    ("was", "unknown", "now", "accepted"),
    [
        ([1, 2, 3], [], [3, 1, 2], True),
        ([1, 1, 2], [], [1, 2, 2], False),
        ([1, None], [False, True], [7, 1], True),
        ([1, None], [False, True], [7, 8], False),
        # Each wildcard stands for one element, and the matching finds the one way that works.
        ([{"a": 1}, {}], [{"b": True}, {"a": True, "b": True}], [{"a": 2, "b": 2}, {"a": 1, "b": 1}], True),
        ([{"a": 1}, {"a": 1}], [{"b": True}, {"b": True}], [{"a": 1, "b": 1}, {"a": 2, "b": 1}], False),
        ([1], [], [1, 2], False),
        ([], [], [], True),
    ],
)
def test_sets_match_as_multisets(was: list[Any], unknown: list[Any], now: list[Any], accepted: bool) -> None:
    reviewed = change("create", after={"s": was}, unknown={"s": unknown})
    found = reasons(reviewed, change("create", after={"s": now}), unordered=as_set)
    assert (found == []) is accepted
    assert all(path == "s" for path, _ in found)


def by_name(kind: str, names: tuple[str, ...]) -> str | None:
    return "name" if names == ("groups",) else None


def group(name: str | None, count: int = 1, **more: Any) -> dict[str, Any]:
    return {**({"name": name} if name is not None else {}), "count": count, **more}


@pytest.mark.parametrize(
    ("was", "unknown", "now", "found"),
    [
        ([group("a"), group("b", 2)], [], [group("b", 2), group("a")], []),
        ([group("a"), group("b", 2)], [], [group("b", 3), group("a")], [("groups.b.count", "the value is another")]),
        ([group("a")], [], [group("a"), group("b")], [("groups", "the review has no such element")]),
        ([group("a"), group("b")], [], [group("a")], [("groups.b", "it is missing now")]),
        ([group("a"), group(None, 5)], [{}, {"name": True}], [group("new", 5), group("a")], []),
        (
            [group("a"), group(None, 5)],
            [{}, {"name": True}],
            [group("new", 6), group("a")],
            [("groups", "the review has no such element")],
        ),
        (
            [group("a"), group(None, 5)],
            [{}, {"name": True}],
            [group("a")],
            [("groups", "a reviewed element is missing now")],
        ),
        ([group("a", s=[1, 2])], [], [group("a", s=[2, 1])], []),
        # No usable keys: the list is a list.
        (
            [group("a"), group("a", 2)],
            [],
            [group("a", 2), group("a")],
            [("groups[0].count", "the value is another"), ("groups[1].count", "the value is another")],
        ),
    ],
)
def test_keyed_lists_match_by_their_key(was: list[Any], unknown: list[Any], now: list[Any], found: list[Any]) -> None:
    reviewed = change("create", after={"groups": was}, unknown={"groups": unknown})
    assert reasons(reviewed, change("create", after={"groups": now}), keyed=by_name, unordered=as_set) == found


def test_a_keyed_update_answers_for_what_it_changes() -> None:
    was = change(
        "update",
        before={"groups": [group("a", 1, current=1), group("b", 1, current=1)]},
        after={"groups": [group("a", 2, current=1), group("b", 1, current=1)]},
    )
    now = change(
        "update",
        before={"groups": [group("b", 1, current=9), group("a", 1, current=9)]},
        after={"groups": [group("b", 1, current=9), group("a", 2, current=9)]},
    )
    assert reasons(was, now, keyed=by_name) == []


def test_paths_as_people_write_them() -> None:
    assert show_path(("groups", "ml-worker", "counts", 0, "x")) == 'groups["ml-worker"].counts[0].x'
    assert show_path(()) == ""


# --- properties ------------------------------------------------------------------------------------------------------

KEYS = st.sampled_from(["a", "b", "c", "ü d"])
scalars = st.none() | st.booleans() | st.integers(-3, 3) | st.text("xyz", max_size=2)
trees = st.dictionaries(
    KEYS,
    st.recursive(scalars, lambda t: st.lists(t, max_size=3) | st.dictionaries(KEYS, t, max_size=3), max_leaves=8),
    max_size=4,
)


def leaves(tree: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    if isinstance(tree, dict) and tree:
        return [leaf for key, held in tree.items() for leaf in leaves(held, (*path, key))]
    if isinstance(tree, list) and tree:
        return [leaf for at, held in enumerate(tree) for leaf in leaves(held, (*path, at))]
    return [path]


def nodes(tree: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every path but the root's."""
    items: list[tuple[str | int, Any]] = []
    if isinstance(tree, dict):
        items = list(tree.items())
    elif isinstance(tree, list):
        items = list(enumerate(tree))
    return [at for key, held in items for at in ((*path, key), *nodes(held, (*path, key)))]


def shadow(tree: Any, true: set[tuple[str | int, ...]], path: tuple[str | int, ...] = ()) -> Any:
    """The shadow with true at these paths, in the shapes Terraform writes."""
    if path in true:
        return True
    if isinstance(tree, dict):
        return {k: s for k, v in tree.items() if (s := shadow(v, true, (*path, k))) is not False}
    if isinstance(tree, list):
        return [shadow(v, true, (*path, at)) for at, v in enumerate(tree)]
    return False


def known(tree: Any, unknown: Any) -> Any:
    """The tree as `after` has it: unknown keys left out, unknown list elements null."""
    if isinstance(tree, dict) and isinstance(unknown, dict):
        return {k: known(v, unknown.get(k, False)) for k, v in tree.items() if unknown.get(k) is not True}
    if isinstance(tree, list) and isinstance(unknown, list):
        return [None if u is True else known(v, u) for v, u in zip(tree, unknown, strict=True)]
    return tree


def masked_change(tree: Any, hidden: set[tuple[str | int, ...]], secret: set[tuple[str | int, ...]]) -> dict[str, Any]:
    unknown = shadow(tree, hidden)
    return change("create", after=known(tree, unknown), unknown=unknown, secret=shadow(tree, secret))


@st.composite
def partly_unknown(draw: st.DrawFn) -> tuple[Any, set[tuple[str | int, ...]], set[tuple[str | int, ...]]]:
    tree = draw(trees)
    paths = nodes(tree)
    some = st.sets(st.sampled_from(paths), max_size=4) if paths else st.just(set())
    return tree, draw(some), draw(some)


def covered(path: tuple[str | int, ...], by: set[tuple[str | int, ...]]) -> bool:
    return any(path[: len(prefix)] == prefix for prefix in by)


@given(partly_unknown(), st.booleans())
def test_a_plan_equals_itself(case: tuple[Any, Any, Any], sets: bool) -> None:
    both = masked_change(*case)
    assert differences(both, copy.deepcopy(both), unordered=lambda kind, names: sets) == []


@given(partly_unknown(), st.data())
def test_making_the_unknown_known_is_accepted(case: tuple[Any, Any, Any], data: st.DataObject) -> None:
    tree, hidden, secret = case
    left = data.draw(st.sets(st.sampled_from(sorted(hidden, key=str)))) if hidden else set()
    assert differences(masked_change(tree, hidden, secret), masked_change(tree, left, secret)) == []


def replaced(tree: Any, path: tuple[str | int, ...], value: Any) -> Any:
    changed = copy.deepcopy(tree)
    at = changed
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = value
    return changed


@given(partly_unknown(), st.data())
def test_changing_a_known_leaf_is_found(case: tuple[Any, Any, Any], data: st.DataObject) -> None:
    tree, hidden, secret = case
    candidates = [path for path in leaves(tree) if path and not covered(path, hidden)]
    if not candidates:
        return
    path = data.draw(st.sampled_from(candidates))
    now = replaced(tree, path, "something else")
    found = differences(masked_change(tree, hidden, secret), masked_change(now, set(), secret))
    assert [d.path for d in found] == [path]


@given(partly_unknown(), st.data())
def test_known_to_unknown_is_found(case: tuple[Any, Any, Any], data: st.DataObject) -> None:
    tree, hidden, secret = case
    candidates = [path for path in nodes(tree) if not covered(path, hidden)]
    if not candidates:
        return
    path = data.draw(st.sampled_from(candidates))
    found = differences(masked_change(tree, hidden, secret), masked_change(tree, hidden | {path}, secret))
    assert path in [d.path for d in found]


@given(partly_unknown(), st.data())
def test_losing_a_mark_is_found(case: tuple[Any, Any, Any], data: st.DataObject) -> None:
    tree, _, secret = case
    if not secret:
        return
    path = data.draw(st.sampled_from(sorted(secret, key=str)))
    rest = {p for p in secret if p[: len(path)] != path and path[: len(p)] != p}
    if any(path[: len(p)] == p for p in secret - {path}):
        return
    was, now = masked_change(tree, set(), rest | {path}), masked_change(tree, set(), rest)
    found = differences(was, now)
    assert found
    assert all(d.path[: len(path)] == path for d in found)
    assert all((d.reviewed, d.now) == (MASK, MASK) for d in found)


@given(
    st.lists(st.dictionaries(KEYS, scalars, min_size=1, max_size=3), max_size=5),
    st.randoms(use_true_random=False),
    st.data(),
)
def test_a_shuffled_set_with_its_unknowns_filled_in_matches(
    elements: list[dict[str, Any]], shuffle: random.Random, data: st.DataObject
) -> None:
    tree = {"s": elements}
    paths = [path for path in nodes(tree) if len(path) > 1]
    hidden = data.draw(st.sets(st.sampled_from(paths), max_size=4)) if paths else set()
    mixed = list(elements)
    shuffle.shuffle(mixed)
    was, now = masked_change(tree, hidden, set()), masked_change({"s": mixed}, set(), set())
    assert differences(was, now, unordered=as_set) == []
    extra = masked_change({"s": [*mixed, {"a": "one more"}]}, set(), set())
    assert differences(was, extra, unordered=as_set) != []


@given(partly_unknown(), partly_unknown())
def test_any_two_plans_can_be_compared(one: tuple[Any, Any, Any], other: tuple[Any, Any, Any]) -> None:
    before, after = masked_change(*one), masked_change(*other)
    for options in ({}, {"unordered": lambda kind, names: True}, {"keyed": lambda kind, names: "a"}):
        for difference in differences(before, after, **options):
            assert str(difference).startswith(VPC)


# --- real plans ------------------------------------------------------------------------------------------------------

STAGES = """
variable "extra" {
  default = ""
}
variable "second" {
  default = true
}
module "net" {
  source = "./net"
}
module "eks" {
  source = "./eks"
  count  = var.second ? 1 : 0
  ids    = module.net.ids
  extra  = var.extra
}
"""
NET = """
resource "terraform_data" "subnet" {
  for_each = toset(["a", "b"])
  input    = each.key
}
output "ids" {
  value = { for key, subnet in terraform_data.subnet : key => subnet.id }
}
"""
EKS = """
variable "ids" {}
variable "extra" {}
resource "terraform_data" "cluster" {
  input = { subnets = values(var.ids), name = "c${var.extra}", secret = sensitive("canary") }
}
"""


@pytest.fixture
def staged(tmp_path: Path) -> Invocation:
    root = tmp_path / "root"
    for folder, text in ((root, STAGES), (root / "net", NET), (root / "eks", EKS)):
        folder.mkdir()
        (folder / "main.tf").write_text(text)
    config = tmp_path / "empty.tfrc"
    config.touch()
    environ = terraform_environment(os.environ, {"TF_CLI_CONFIG_FILE": str(config)})
    terraform = binary.find({**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")})
    made = Invocation(terraform, root, environ, tmp_path / "logs")
    commands.init(made)
    return made


def planned(invocation: Invocation, name: str, **values: str) -> tuple[Plan, Path]:
    (invocation.root / "values.auto.tfvars").write_text("".join(f"{key} = {value}\n" for key, value in values.items()))
    out = invocation.root.parent / f"{name}.plan"
    result = commands.plan(invocation, out=out, name=name)
    return commands.show(invocation, result.plan_file, name=f"show-{name}"), out


def test_a_stage_of_real_plans(staged: Invocation) -> None:
    reviewed, _ = planned(staged, "reviewed")
    first, file = planned(staged, "first", second="false")
    assert compare(reviewed, first) == []
    commands.apply(staged, file)
    done = {f'module.net.terraform_data.subnet["{zone}"]' for zone in "ab"}

    second, file = planned(staged, "second")
    assert len(second.changes()) == 1
    assert compare(reviewed, second, done=done, finished_layers={"net"}) == []

    other, _ = planned(staged, "other", extra='"x"')
    (found,) = compare(reviewed, other, done=done, finished_layers={"net"})
    assert (found.address, found.path) == ("module.eks[0].terraform_data.cluster", ("input", "name"))
    assert (found.reviewed, found.now) == ("c", "cx")
    assert "canary" not in str(found)

    commands.apply(staged, file, name="apply-2")
    third, _ = planned(staged, "third")
    assert compare(reviewed, third, done={*done, "module.eks[0].terraform_data.cluster"}, finished_layers={"net"}) == []


def test_a_real_change_behind_the_review(staged: Invocation) -> None:
    """Somebody destroys a subnet between the stages: it would be made again, which nobody reviewed."""
    reviewed, _ = planned(staged, "reviewed")
    _, file = planned(staged, "first", second="false")
    commands.apply(staged, file)
    state = staged.root / "terraform.tfstate"
    state.unlink()
    again, _ = planned(staged, "again")
    done = {f'module.net.terraform_data.subnet["{zone}"]' for zone in "ab"}
    found = compare(reviewed, again, done=done, finished_layers={"net"})
    assert {d.address for d in found} == done
