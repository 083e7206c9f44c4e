"""What rules answer while some values are not known."""

from __future__ import annotations

from typing import Any

import pytest

from hp_tf.contract.rules import (
    NOT_NULL,
    UNKNOWN,
    Expression,
    Rule,
    both,
    either,
    evaluate,
    implies,
    item,
    literal,
    negation,
    var,
)

A, B = var("a"), var("b")


@pytest.mark.parametrize(
    ("check", "scope", "verdict"),
    [
        (A.given(), {"a": UNKNOWN}, UNKNOWN),
        (A.given(), {"a": NOT_NULL}, True),
        (A.missing(), {"a": NOT_NULL}, False),
        (A.given(), {"a": None}, False),
        (A.eq("x"), {"a": NOT_NULL}, UNKNOWN),
        (A.length().ge(1), {"a": NOT_NULL}, UNKNOWN),
        (A.field("x").given(), {"a": NOT_NULL}, UNKNOWN),
        (negation(A), {"a": NOT_NULL}, UNKNOWN),
        (both(A.given(), B.given()), {"a": NOT_NULL, "b": UNKNOWN}, UNKNOWN),
        (both(A.given(), B.given()), {"a": NOT_NULL, "b": None}, False),
        (either(A.missing(), B.missing()), {"a": NOT_NULL, "b": UNKNOWN}, UNKNOWN),
        (implies(A.given(), B.given()), {"a": NOT_NULL, "b": None}, False),
        (A.within(B), {"a": "x", "b": ["x", UNKNOWN]}, True),
        (A.within(B), {"a": "y", "b": ["x", UNKNOWN]}, UNKNOWN),
        (A.within(B), {"a": "y", "b": ["x"]}, False),
        (literal("x").within(B.keys()), {"b": {"x": UNKNOWN}}, True),
        (A.covers(B), {"a": ["x", UNKNOWN], "b": ["x"]}, True),
        (A.covers(B), {"a": ["x", UNKNOWN], "b": ["y"]}, UNKNOWN),
        (A.covers(B), {"a": ["x"], "b": ["y", UNKNOWN]}, False),
        (A.covers(B), {"a": ["x"], "b": ["x", UNKNOWN]}, UNKNOWN),
        (A.covers(B), {"a": ["x"], "b": []}, True),
        (A.distinct(), {"a": ["x", "x", UNKNOWN]}, False),
        (A.distinct(), {"a": ["x", UNKNOWN, UNKNOWN]}, UNKNOWN),
        (A.distinct(), {"a": ["x", "y"]}, True),
        (A.common(["x"]).empty(), {"a": ["y", UNKNOWN]}, UNKNOWN),
        (A.common(["x"]).empty(), {"a": ["x", UNKNOWN]}, False),
        (A.common(["x"]).empty(), {"a": ["y"]}, True),
    ],
)
def test_what_is_unknown_is_not_guessed(check: Expression, scope: dict[str, Any], verdict: object) -> None:
    assert evaluate(check, scope) is verdict


def test_a_rule_knows_the_inputs_it_speaks_of() -> None:
    rule = Rule("x", on="b", check=implies(A.given(), item().field("c").within(var("d"))), message="No.", each=True)
    assert rule.inputs() == ("b", "a", "d")


def test_what_to_write_in_the_file_is_hptfs_to_say() -> None:
    rule = Rule("x", on="a", check=A.eq("y"), message="a must be y.", advice="Write y.", culprits=literal(["z"]))
    assert list(rule.failures({"a": "z"})) == [(("a",), "a must be y: z. Write y.")]
