from __future__ import annotations

from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hp_tf.standin.schema import Attribute
from hp_tf.standin.values import conform, encode, match_all, same
from hp_tf.wire import UNKNOWN, decode

SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text() | st.just(UNKNOWN)
VALUES = st.recursive(SCALARS, lambda v: st.lists(v, max_size=4) | st.dictionaries(st.text(), v, max_size=4))


@given(VALUES)
def test_values_survive_the_wire(value: Any) -> None:
    assert decode(encode(value)) == value


def test_refined_unknowns_are_unknown() -> None:
    data = msgpack.packb({"a": msgpack.ExtType(12, b"\x81\x01\xc2"), "b": msgpack.ExtType(0, b"\x00")})
    assert decode(data) == {"a": UNKNOWN, "b": UNKNOWN}


def test_whole_floats_travel_as_integers() -> None:
    assert encode({"n": [3.0, 2.5]}) == encode({"n": [3, 2.5]})


@pytest.mark.parametrize("number", [2**64, -(2**63) - 1, 1e30])
def test_numbers_that_fit_no_machine_type_survive_the_wire(number: float) -> None:
    attributes = {"size": Attribute("size", type="number"), "sizes": Attribute("sizes", type=["list", "number"])}
    value = {"size": number, "sizes": [number, 1]}
    assert decode(encode(value))["size"] == str(int(number))
    assert conform(attributes, decode(encode(value))) == value


def test_conform_fills_drops_and_converts() -> None:
    attributes = {
        "count": Attribute("count", type="number"),
        "items": Attribute("items", nesting="list", attributes={"size": Attribute("size", type="number")}),
        "gone": Attribute("gone", type="string"),
    }
    state = {"count": "12345678901234567890", "items": [{"size": "2.5", "old": 1}, None], "other": True}
    assert conform(attributes, state) == {
        "count": 12345678901234567890,
        "items": [{"size": 2.5}, None],
        "gone": None,
    }


def test_same_compares_by_kind() -> None:
    strings = Attribute("x", type=["list", "string"])
    names = Attribute("x", type=["set", "string"])
    flag = Attribute("x", type="bool")
    assert same(names, ["a", "b"], ["b", "a"])
    assert not same(strings, ["a", "b"], ["b", "a"])
    assert not same(names, ["a", "a"], ["a", "b"])
    assert not same(flag, True, 1)
    assert same(strings, UNKNOWN, UNKNOWN)
    assert not same(strings, None, [])


@given(st.lists(st.integers(0, 3), max_size=6), st.randoms())
def test_match_all_finds_a_reordering(items: list[int], random: Any) -> None:
    shuffled = list(items)
    random.shuffle(shuffled)
    assert match_all(items, shuffled, lambda a, b: a == b) == items
    assert match_all([*items, 9], [*shuffled, 8], lambda a, b: a == b) is None
