from __future__ import annotations

from functools import reduce
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hp_tf.environment import inherit
from hp_tf.environment.inherit import merge, merge_documents, read_inherited
from hp_tf.environment.text import read_file
from hp_tf.environment.tree import Node
from hp_tf.errors import BadInput
from hp_tf.findings import Location
from tests.environment.samples import write

KEYS = st.sampled_from(["a", "b", "c"])
VALUES = st.recursive(
    st.one_of(st.none(), st.integers(0, 3), st.lists(st.integers(0, 3), max_size=2)),
    lambda inner: st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)


def node(value: Any, file: str = "f") -> Node:
    place = Location(file, 1)
    if isinstance(value, dict):
        return Node({key: node(item, file) for key, item in value.items()}, place, place)
    if isinstance(value, list):
        return Node([node(item, file) for item in value], place, place)
    return Node(value, place, place)


@settings(max_examples=300)
@given(VALUES, VALUES, VALUES)
def test_merge_is_associative(a: Any, b: Any, c: Any) -> None:
    one, two, three = node(a, "a"), node(b, "b"), node(c, "c")
    left, right = merge(merge(one, two), three), merge(one, merge(two, three))
    assert left == right
    assert left.plain() == right.plain()


@settings(max_examples=100)
@given(VALUES)
def test_merging_with_itself_or_with_nothing_changes_nothing(value: Any) -> None:
    assert merge(node(value), node(value)).plain() == value
    if isinstance(value, dict):
        assert merge(node({}), node(value)).plain() == value
        assert merge(node(value), node({})).plain() == value


def test_mappings_merge_and_lists_and_scalars_replace() -> None:
    older = node({"a": {"x": 1, "y": [1, 2]}, "b": 1})
    newer = node({"a": {"y": [3], "z": None}, "c": 2})
    assert merge(older, newer).plain() == {"a": {"x": 1, "y": [3], "z": None}, "b": 1, "c": 2}


def test_null_knows_whether_it_takes_something_away() -> None:
    merged = merge(node({"a": 1, "b": {"c": 1}, "d": None}), node({"a": None, "b": {"c": None, "e": None}, "d": None}))
    found = {path: found.takes for path, found in merged.walk() if found.data is None}
    assert found == {("a",): True, ("b", "c"): True, ("b", "e"): False, ("d",): False}
    assert merge(merged, node({"a": None})).mapping["a"].takes


@pytest.mark.parametrize(
    ("generations", "allowed"),
    [
        ([["a"], ["b"]], ["a", "b"]),
        ([["a", "b"], ["b"]], ["a", "b"]),
        ([["a"], []], ["a"]),
        ([["a"], None], None),
        ([["a"], None, ["b"]], ["b"]),
        ([None, ["b"], ["c"]], ["b", "c"]),
    ],
)
def test_a_child_allows_besides_what_its_parent_does(generations: list[Any], allowed: Any) -> None:
    files = [
        node({"allow": names and [{"finding": "layer-leaves", "subject": one} for one in names]})
        for names in generations
    ]
    result = {"allow": allowed and [{"finding": "layer-leaves", "subject": one} for one in allowed]}
    assert reduce(merge_documents, files).plain() == result
    assert merge_documents(files[0], reduce(merge_documents, files[1:])).plain() == result


def test_every_value_keeps_the_file_it_came_from(tmp_path: Path) -> None:
    write(tmp_path, dev="a: 1\nb: {x: 1, y: 2}\n", prod="extends: dev\nb: {y: 3}\n")
    document = read_inherited(tmp_path / "prod.yaml")
    assert document.tree.plain() == {"a": 1, "b": {"x": 1, "y": 3}}
    files = {path: found.start.file for path, found in document.tree.walk() if path}
    assert {path: Path(file).stem for path, file in files.items()} == {
        ("a",): "dev",
        ("b",): "prod",
        ("b", "x"): "dev",
        ("b", "y"): "prod",
    }
    assert [file.stem for file in document.files] == ["dev", "prod"]


def test_of_several_parents_the_later_wins(tmp_path: Path) -> None:
    write(tmp_path, one="a: 1\nb: 1\n", two="b: 2\n", child="extends: [one, two]\nc: 3\n")
    assert read_inherited(tmp_path / "child.yaml").tree.plain() == {"a": 1, "b": 2, "c": 3}


@pytest.mark.parametrize(
    ("older", "newer", "result"),
    [
        ({"zones": [1]}, {"existing": {"id": "x"}}, {"existing": {"id": "x"}}),
        ({"enabled": False, "zones": [1]}, {"existing": {"id": "x"}}, {"existing": {"id": "x"}}),
        ({"existing": {"id": "x"}}, {"existing": {"arn": "y"}}, {"existing": {"id": "x", "arn": "y"}}),
        ({"existing": {"id": "x"}}, {"enabled": True, "zones": [1]}, {"enabled": True, "zones": [1]}),
        ({"existing": {"id": "x"}}, {"existing": None, "zones": [1]}, {"existing": None, "zones": [1]}),
        ({"zones": [1]}, {"enabled": False}, {"zones": [1], "enabled": False}),
    ],
)
def test_the_last_file_decides_whether_a_layer_is_created_given_or_off(older: Any, newer: Any, result: Any) -> None:
    merged = merge_documents(node({"layers": {"net": older}}), node({"layers": {"net": newer}}))
    assert merged.plain() == {"layers": {"net": result}}


@pytest.mark.parametrize(
    ("older", "newer", "result"),
    [
        ({"s3": {"bucket": "x"}}, {"local": {"directory": "d"}}, {"local": {"directory": "d"}}),
        ({"local": {"directory": "d"}}, {"s3": {"bucket": "x"}}, {"s3": {"bucket": "x"}}),
        ({"s3": {"bucket": "x"}}, {"s3": {"prefix": "p"}}, {"s3": {"bucket": "x", "prefix": "p"}}),
        ({"s3": {"bucket": "x"}}, {"local": None}, {"s3": {"bucket": "x"}, "local": None}),
        ({"s3": 1}, {"s3": 2, "local": 3}, {"s3": 2, "local": 3}),
    ],
)
def test_the_last_file_decides_where_states_rest(older: Any, newer: Any, result: Any) -> None:
    assert merge_documents(node({"state": older}), node({"state": newer})).plain() == {"state": result}


def test_every_parent_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    write(tmp_path, dev="a: [\n", prod="extends: [nope, dev, nono]\n", x="extends: [prod, prod]\n")
    with pytest.raises(BadInput) as caught:
        read_inherited(tmp_path / "x.yaml")
    places = [str(problem.location).removeprefix(f"{tmp_path}/") for problem in caught.value.problems]
    assert places == ["prod.yaml:1:11", "dev.yaml:2:1", "prod.yaml:1:22"]


def test_a_circle_names_its_files_and_the_line(tmp_path: Path) -> None:
    write(tmp_path, a="extends: b\n", b="x: 1\nextends: c\n", c="extends: [a]\n")
    with pytest.raises(BadInput, match="in a circle: a -> b -> c -> a") as caught:
        read_inherited(tmp_path / "a.yaml")
    assert caught.value.problems[0].location == Location(str(tmp_path / "c.yaml"), 1, 11)


def test_a_missing_parent_is_named_with_the_one_meant(tmp_path: Path) -> None:
    write(tmp_path, dev="a: 1\n", prod="name: x\nextends: dve\n")
    with pytest.raises(BadInput, match="extends names 'dve'") as caught:
        read_inherited(tmp_path / "prod.yaml")
    assert caught.value.problems[0].location == Location(str(tmp_path / "prod.yaml"), 2, 10)
    assert caught.value.problems[0].remedy == "did you mean 'dev'?"


def test_a_name_no_file_can_have_is_told_what_would_be_right(tmp_path: Path) -> None:
    write(tmp_path, prod='extends: "my dev"\n')
    with pytest.raises(BadInput, match='the text "my dev" cannot be its name') as caught:
        read_inherited(tmp_path / "prod.yaml")
    assert (caught.value.problems[0].remedy or "").startswith("such names are of letters, digits")


@pytest.mark.parametrize("name", ["../dev", "/etc/passwd", "5", "[1]", "{a: b}", "'a b'", "..", "a/../b"])
def test_extends_takes_names_only(tmp_path: Path, name: str) -> None:
    write(tmp_path, prod=f"extends: {name}\n")
    with pytest.raises(BadInput, match="extends names"):
        read_inherited(tmp_path / "prod.yaml")


def test_files_that_extend_each_other_by_many_ways_are_read_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []

    def counted(path: Path) -> Node:
        read.append(path.stem)
        return read_file(path)

    monkeypatch.setattr(inherit, "read_file", counted)
    names = [f"x{number}" for number in range(12)]
    write(tmp_path, x0="a: 1\n", **{new: f"extends: [{old}, {old}]\n" for old, new in pairwise(names)})
    assert read_inherited(tmp_path / "x11.yaml").tree.plain() == {"a": 1}
    assert sorted(read) == sorted(names)


def test_generations_have_an_end(tmp_path: Path) -> None:
    names = [f"x{number}" for number in range(inherit.MAX_GENERATIONS + 2)]
    write(tmp_path, x0="a: 1\n", **{new: f"extends: {old}\n" for old, new in pairwise(names)})
    with pytest.raises(BadInput, match="more than 20 generations"):
        read_inherited(tmp_path / f"{names[-1]}.yaml")
    assert read_inherited(tmp_path / f"{names[-3]}.yaml").tree.plain() == {"a": 1}


@pytest.mark.parametrize(
    ("extends", "message"),
    [
        ("[]", "extends is a list without a file"),
        ("dev.yml", "there is no dev.yml beside this file"),
        ("a" * 300, "beside this file"),
    ],
)
def test_what_extends_cannot_name(tmp_path: Path, extends: str, message: str) -> None:
    write(tmp_path, dev="a: 1\n", prod=f"extends: {extends}\n")
    with pytest.raises(BadInput, match=message) as caught:
        read_inherited(tmp_path / "prod.yaml")
    assert caught.value.problems[0].location == Location(str(tmp_path / "prod.yaml"), 1, 10)


def test_a_parent_may_be_named_with_its_ending(tmp_path: Path) -> None:
    write(tmp_path, dev="a: 1\n", prod="extends: dev.yaml\n")
    assert read_inherited(tmp_path / "prod.yaml").tree.plain() == {"a": 1}
