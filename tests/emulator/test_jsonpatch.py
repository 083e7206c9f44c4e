from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hp_tf.emulator.jsonpatch import PatchError, apply_patch, merge_patch

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        ([{"op": "add", "path": "/b", "value": 1}], {"a": [1, 2], "b": 1}),
        ([{"op": "add", "path": "/a/0", "value": 0}], {"a": [0, 1, 2]}),
        ([{"op": "add", "path": "/a/-", "value": 3}], {"a": [1, 2, 3]}),
        ([{"op": "remove", "path": "/a/0"}], {"a": [2]}),
        ([{"op": "replace", "path": "/a", "value": None}], {"a": None}),
        ([{"op": "copy", "from": "/a", "path": "/c"}], {"a": [1, 2], "c": [1, 2]}),
        ([{"op": "move", "from": "/a/1", "path": "/c"}], {"a": [1], "c": 2}),
        ([{"op": "test", "path": "/a/1", "value": 2}], {"a": [1, 2]}),
        ([{"op": "add", "path": "/x~1y~0z", "value": 1}], {"a": [1, 2], "x/y~z": 1}),
    ],
)
def test_an_operation_changes_a_copy_of_the_document(operations: list[dict[str, Any]], expected: Any) -> None:
    document = {"a": [1, 2]}
    before = copy.deepcopy(document)
    assert apply_patch(document, operations) == expected
    assert document == before


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "remove", "path": "/b"},
        {"op": "replace", "path": "/b", "value": 1},
        {"op": "add", "path": "/a/7", "value": 1},
        {"op": "test", "path": "/a", "value": 1},
        {"op": "add", "path": "b", "value": 1},
        {"op": "grow", "path": "/a"},
        {"op": "add", "path": "/a"},
        {"path": "/a"},
    ],
)
def test_operations_that_cannot_be(operation: dict[str, Any]) -> None:
    with pytest.raises(PatchError):
        apply_patch({"a": [1, 2]}, [operation])


@pytest.mark.parametrize("operations", [None, 5, {}, "x", "[]", [5], ["x"], [{"op": [], "path": "/a"}]])
def test_what_is_no_list_of_operations_is_refused(operations: Any) -> None:
    with pytest.raises(PatchError):
        apply_patch({"a": [1, 2]}, operations)


@given(json_values, json_values)
def test_replacing_the_whole_gives_the_whole(old: Any, new: Any) -> None:
    assert apply_patch(old, [{"op": "replace", "path": "", "value": new}]) == new


@given(json_values, json_values)
def test_a_merge_patch_applied_twice_is_applied_once(document: Any, patch: Any) -> None:
    once = merge_patch(document, patch)
    assert merge_patch(once, patch) == once


def test_null_removes_in_a_merge_patch() -> None:
    assert merge_patch({"a": 1, "b": {"c": 1, "d": 2}}, {"a": None, "b": {"c": None}}) == {"b": {"d": 2}}
