"""Conditions without what a person would leave out, and with what HCL needs."""

from __future__ import annotations

import pytest

from hp_tf.contract.expressions.hcl import hcl
from hp_tf.contract.rules import Expression, both, choose, either, element, implies, item, literal, negation, total, var

ON, OFF, MANY, MODE, MAYBE = (var(name) for name in ("on", "off", "many", "mode", "maybe"))
NEVER_NULL = {ON, OFF, MANY, MODE, item().field("many")}
EACH = item().field("many")
CASES: list[tuple[Expression, str]] = [
    (implies(ON.eq(False), MAYBE.given()), "var.on || var.maybe != null"),
    (implies(ON.eq(True), MAYBE.missing()), "!var.on || var.maybe == null"),
    (implies(ON.ne(True), OFF), "var.on || var.off"),
    (implies(MAYBE.eq(True), ON), "var.maybe != true || var.on"),
    (negation(both(ON, OFF)), "!(var.on && var.off)"),
    (implies(both(ON.eq(False), OFF.eq(True)), MAYBE.given()), "!(!var.on && var.off) || var.maybe != null"),
    (either(ON, OFF, MAYBE.given()), "var.on || var.off || var.maybe != null"),
    (both(ON, either(OFF, MAYBE.given())), "var.on && (var.off || var.maybe != null)"),
    (implies(MANY.length().ge(1), negation(OFF)), "length(var.many) == 0 || !var.off"),
    (implies(MODE.eq("a"), ON), 'var.mode != "a" || var.on'),
    (negation(MODE.eq("a")), 'var.mode != "a"'),
    (implies(MODE.one_of(["a", "b"]), ON), '!contains(["a", "b"], var.mode) || var.on'),
    (
        implies(MANY.given(), MANY.every("item", implies(item().eq("p"), ON), item().given())),
        'alltrue([for item in var.many : item != "p" || var.on if item != null])',
    ),
    (
        negation(MANY.some("one", element("one").eq(MODE))),
        "!anytrue([for one in var.many : one == var.mode])",
    ),
    (
        total(choose(ON, 1, 0), choose(MAYBE.missing(), 0, 1)).le(1),
        "(var.on ? 1 : 0) + (var.maybe == null ? 0 : 1) <= 1",
    ),
    # The second operand fails where the first decides, and && would evaluate it.
    (
        implies(MAYBE.given(), MAYBE.length().ge(1)),
        "var.maybe == null ? true : (var.maybe == null ? 0 : length(var.maybe)) >= 1",
    ),
    (implies(MAYBE.given(), MAYBE.one_of(["p"])), 'var.maybe == null ? true : contains(["p"], var.maybe)'),
    (both(MAYBE.ge(1), MAYBE.le(2)), "var.maybe >= 1 && var.maybe <= 2"),
    (both(MAYBE.given(), MAYBE.ge(1)), "var.maybe == null ? false : var.maybe >= 1"),
    (implies(MODE.eq("a"), MAYBE), 'var.mode == "a" ? var.maybe : true'),
    # `can` takes null as well.
    (implies(MAYBE.given(), MAYBE.matches("a ? b")), 'var.maybe == null || can(regex("^(?:a ? b)$", var.maybe))'),
    (MAYBE.length().eq(0), "(var.maybe == null ? 0 : length(var.maybe)) == 0"),
    (EACH.length().eq(0), "length(item.many) == 0"),
    (item().field("few").length().eq(0), "(item.few == null ? 0 : length(item.few)) == 0"),
    (both(literal(True), ON), "var.on"),
]


@pytest.mark.parametrize(("condition", "text"), CASES, ids=[text for _, text in CASES])
def test_a_condition_as_a_person_writes_it(condition: Expression, text: str) -> None:
    assert hcl(condition, NEVER_NULL) == text
