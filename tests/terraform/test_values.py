"""The laws of values and their shadows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hp_tf.terraform.values import ABSENT, MASK, UNKNOWN_TEXT, PlanValue

Path = tuple[str | int, ...]
Case = tuple[Any, set[Path], set[Path]]

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
KEYS = st.text(max_size=2)


def nested(leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.recursive(
        leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
    )


ANY = st.builds(PlanValue, nested(SCALARS | st.text(max_size=3)), nested(st.booleans()), nested(st.booleans()))


def parts(tree: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every place in plain data, the whole first."""
    yield path, tree
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, held in items:
        yield from parts(held, (*path, key))


def shadow(tree: Any, true: set[Path], path: Path = ()) -> Any:
    """The shadow that covers these places, in the shapes Terraform writes."""
    if path in true:
        return True
    if isinstance(tree, dict):
        return {key: found for key, held in tree.items() if (found := shadow(held, true, (*path, key))) is not False}
    return [shadow(held, true, (*path, at)) for at, held in enumerate(tree)] if isinstance(tree, list) else False


def without(tree: Any, unknown: set[Path], path: Path = ()) -> Any:
    """Plain data as Terraform writes it: unknown members left out, unknown elements null."""
    if path in unknown:
        return None
    if isinstance(tree, dict):
        left = {key: held for key, held in tree.items() if (*path, key) not in unknown}
        return {key: without(held, unknown, (*path, key)) for key, held in left.items()}
    if isinstance(tree, list):
        return [without(held, unknown, (*path, at)) for at, held in enumerate(tree)]
    return tree


def value(tree: Any, unknown: set[Path], sensitive: set[Path]) -> PlanValue:
    return PlanValue(without(tree, unknown), shadow(tree, unknown), shadow(tree, sensitive))


def descend(found: PlanValue, path: Path) -> PlanValue:
    for key in path:
        found = found.element(key) if isinstance(key, int) else found.member(key)
    return found


def covered(path: Path, by: set[Path]) -> bool:
    return any(path[:length] in by for length in range(len(path) + 1))


@st.composite
def cases(draw: st.DrawFn, leaves: st.SearchStrategy[Any] = SCALARS) -> Case:
    """Data, and the places in it that are unknown and sensitive."""
    tree = draw(nested(leaves))
    some = st.sets(st.sampled_from([path for path, _ in parts(tree)]), max_size=4)
    return tree, draw(some), draw(some)


@given(cases())
def test_descent_commutes_with_value_and_shadows(case: Case) -> None:
    tree, unknown, sensitive = case
    whole = value(*case)
    for path, held in parts(tree):
        part = descend(whole, path)
        assert part.is_unknown == covered(path, unknown)
        assert part.is_sensitive == covered(path, sensitive)
        if not any(covered(inner, unknown) for inner, _ in parts(held, path)):
            assert part.known == held


@given(cases(st.integers(10**6, 10**7).map("canary-{}".format)))
def test_no_mark_is_leaked_and_nothing_else_changes(case: Case) -> None:
    tree, unknown, sensitive = case
    whole = value(*case)
    for shown in (whole.masked(), whole.shown()):
        text = json.dumps(shown)
        leaves = [(path, held) for path, held in parts(tree) if isinstance(held, str)]
        visible = {held for path, held in leaves if not covered(path, sensitive) and not covered(path, unknown)}
        assert all((held in text) == (held in visible) for _, held in leaves)
    assert value(tree, unknown, set()).masked() == without(tree, unknown)


@given(ANY)
def test_a_shadow_covers_all_below_whatever_its_shape(whole: PlanValue) -> None:
    for part in (*(held for _, held in whole.members()), *whole.elements(), whole.member("a"), whole.element(0)):
        assert not whole.is_unknown or part.is_unknown
        assert not whole.is_sensitive or part.is_sensitive
    if whole.is_sensitive and not whole.is_unknown:
        assert (whole.masked(), whole.shown()) == (MASK, MASK)
    if whole.is_unknown:
        assert (whole.known, whole.shown(), whole.keys(), whole.elements()) == (None, UNKNOWN_TEXT, (), ())


@given(nested(SCALARS))
def test_a_missing_shadow_covers_nothing(tree: Any) -> None:
    bare = PlanValue(tree)
    false: list[Any] = [False, {}, [], shadow(tree, set()), {"elsewhere": False}, [False] * 9]
    for unknown in false:
        for sensitive in false:
            found = PlanValue(tree, unknown, sensitive)
            assert found == bare
            assert not (found.is_unknown or found.is_sensitive or found.has_secrets)
            assert found.known == found.masked() == tree


@given(cases())
def test_what_is_put_together_again_is_the_same(case: Case) -> None:
    whole = value(*case)
    if whole.keys():
        assert PlanValue.of_members(dict(whole.members())) == whole
    if whole.elements():
        assert PlanValue.of_elements(whole.elements()) == whole


@given(cases(), cases())
@example(([False], set(), {()}), ([False], set(), {(0,)}))
def test_values_are_equal_if_all_three_are(one: Case, other: Case) -> None:
    assert value(*one) == value(*one)
    assert (value(*one) == value(*other)) == (value(*other) == value(*one))
    if value(*one) == value(*other):
        # They may be shown otherwise: a mark on a list is one on each of its elements, and shown as one mask.
        assert value(*one).known == value(*other).known


@given(cases(), st.data())
def test_what_either_hides_both_hide(case: Case, data: st.DataObject) -> None:
    tree, unknown, _ = case
    more = data.draw(st.sets(st.sampled_from([path for path, _ in parts(tree)]), max_size=4))
    one, other = value(*case), value(tree, unknown, more)
    both = one.hidden_with(other)
    assert both == other.hidden_with(one) == both.hidden_with(one) == both.hidden_with(both)
    assert not both.exposes(one)
    assert not both.exposes(other)
    assert both.has_secrets == (one.has_secrets or other.has_secrets)


@given(ANY, ANY)
def test_a_mark_on_one_side_is_never_lost_on_the_other(one: PlanValue, other: PlanValue) -> None:
    for side in (one.hidden_with(other), other.hidden_with(one)):
        assert side.has_secrets == (one.has_secrets or other.has_secrets)
        assert side.is_sensitive or not (one.sensitive is True or other.sensitive is True)


@given(cases())
def test_a_value_without_marks_exposes_every_one_that_has_some(case: Case) -> None:
    tree, unknown, sensitive = case
    assert not value(*case).exposes(value(*case))
    assert value(tree, unknown, set()).exposes(value(*case)) == bool(sensitive)


@given(ANY, ANY)
def test_whatever_the_shapes_it_can_be_told(one: PlanValue, other: PlanValue) -> None:
    for found in (one, one.hidden_with(other), one.without("a.b"), one.at("a.b")):
        json.dumps([found.known, found.masked(), found.shown(), found.text, found.is_null])
        assert isinstance(found == other, bool)
        assert isinstance(found.exposes(other), bool)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(1, 1.0, True), (1, True, False), (0, False, False), ("", None, False), ({}, [], False), ([], [], True)],
)
def test_numbers_are_equal_by_value_and_nothing_else_across_types(one: Any, other: Any, same: bool) -> None:
    assert (PlanValue(one) == PlanValue(other)) is same
    assert (PlanValue([{"a": one}]) == PlanValue([{"a": other}])) is same


def test_a_missing_member_is_not_null() -> None:
    whole = PlanValue({"a": None})
    assert whole.member("a").is_null
    assert whole.member("b").is_null
    assert (whole.member("a").is_missing, whole.member("b").is_missing) == (False, True)
    assert whole.member("a") != whole.member("b")
    assert (whole.member("a").shown(), whole.member("b").shown()) == (None, ABSENT)


def test_a_member_whose_part_is_unknown_and_that_has_no_value_is_unknown() -> None:
    whole = PlanValue({}, {"vpc": {"id": True}, "same": {"id": False}})
    assert whole.keys() == ("vpc",)
    assert whole.member("vpc").is_unknown
    assert whole.known == {"vpc": None}
    assert whole.masked() == {}


@pytest.mark.parametrize(
    ("sensitive", "hidden"), [([False], False), ([True], False), ({"a": True}, False), (True, True)]
)
def test_null_is_hidden_only_by_a_mark_of_its_own(sensitive: Any, hidden: bool) -> None:
    assert PlanValue({"a": None}, False, {"a": sensitive}).masked() == {"a": MASK if hidden else None}


@pytest.mark.parametrize("sensitive", [["x"], [True], [False, True], "x", 1])
def test_marks_of_another_shape_hide_everything(sensitive: Any) -> None:
    whole = PlanValue({"a": 1}, False, sensitive)
    assert whole.masked() == MASK
    assert whole.member("a").masked() == MASK


def test_a_member_inside_is_found_and_left_out_by_its_path() -> None:
    whole = PlanValue({"a": {"b": 1, "c": 2}}, False, {"a": {"c": True}})
    assert whole.at("a.b") == PlanValue(1)
    assert whole.at("a.x.y").is_missing
    assert whole.without("a.b") == PlanValue({"a": {"c": 2}}, False, {"a": {"c": True}})
    assert whole.without("a.x") == whole == whole.without("x")
