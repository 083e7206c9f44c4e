"""Operators bind as the tree says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hp_tf.contract.expressions.evaluate import evaluate
from hp_tf.contract.expressions.hcl import hcl, quoted
from hp_tf.contract.expressions.lowering import lowered
from hp_tf.contract.expressions.nodes import (
    And,
    Arithmetic,
    Comparison,
    Constant,
    Expression,
    If,
    Not,
    Null,
    Or,
    Variable,
)
from hp_tf.contract.rules import block, element, item, literal, text, var

# The levels of HCL's specification, the weakest first, without the conditional.
LEVELS = [("||",), ("&&",), ("==", "!="), ("<", "<=", ">", ">="), ("+",), ("*", "%")]
TOKEN = re.compile(r"\s*(var\.\w+|-?\d+|true|false|null|&&|\|\||[=!<>]=|[<>+*%!?:()])")


class Parser:
    """Reads the operators of HCL by their precedence, each level from left to right."""

    def __init__(self, source: str) -> None:
        self.tokens = TOKEN.findall(source)
        assert "".join(self.tokens) == re.sub(r"\s", "", source)

    def whole(self) -> Any:
        found = self.conditional()
        assert not self.tokens
        return found

    def conditional(self) -> Any:
        condition = self.level(0)
        if self.tokens[:1] != ["?"]:
            return condition
        self.tokens.pop(0)
        then = self.conditional()
        assert self.tokens.pop(0) == ":"
        return ("?", condition, then, self.conditional())

    def level(self, number: int) -> Any:
        if number == len(LEVELS):
            return self.term()
        left = self.level(number + 1)
        while self.tokens and self.tokens[0] in LEVELS[number]:
            left = (self.tokens.pop(0), left, self.level(number + 1))
        return left

    def term(self) -> Any:
        token = self.tokens.pop(0)
        if token == "!":
            return ("!", self.term())
        if token == "(":
            inner = self.conditional()
            assert self.tokens.pop(0) == ")"
            return inner
        return token


def shape(node: Expression) -> Any:
    """A tree as the parser gives it."""
    match node:
        case If(condition, then, otherwise):
            return ("?", shape(condition), shape(then), shape(otherwise))
        case And(parts) | Or(parts):
            found = shape(parts[0])
            for part in parts[1:]:
                found = ("&&" if isinstance(node, And) else "||", found, shape(part))
            return found
        case Comparison(operator, left, right) | Arithmetic(operator, left, right):
            return (operator, shape(left), shape(right))
        case Not(Null(value)):
            return ("!=", shape(value), "null")
        case Null(value):
            return ("==", shape(value), "null")
        case Not(inner):
            return ("!", shape(inner))
        case Variable(name):
            return f"var.{name}"
        case Constant(value):
            return str(value).lower()
    raise AssertionError(node)


NAMES = st.sampled_from(["a", "b", "c"]).map(var)
NUMBERS = st.recursive(
    NAMES | st.integers(-9, 9).map(literal),
    lambda inner: st.builds(Arithmetic, st.sampled_from(["+", "*", "%"]), inner, inner),
    max_leaves=6,
)
COMPARISONS = st.builds(Comparison, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), NUMBERS, NUMBERS)


def larger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    return (
        st.builds(And, several)
        | st.builds(Or, several)
        | st.builds(Not, inner)
        | st.builds(If, inner, inner, inner)
        | st.builds(Null, inner)
        | st.builds(Comparison, st.just("=="), inner, inner)
    )


@given(st.recursive(NAMES | COMPARISONS, larger, max_leaves=12), st.sampled_from([None, 40]))
def test_what_is_written_is_read_as_the_same_tree(tree: Expression, room: int | None) -> None:
    assert Parser(hcl(tree, room=room)).whole() == shape(lowered(tree, frozenset()))


def test_a_remainder_of_a_remainder_is_one_number() -> None:
    tree = literal(7).modulo(var("n").modulo(3))
    assert hcl(tree) == "7 % (var.n % 3)"
    assert evaluate(tree, {"n": 5}) == 1
    assert hcl(literal(7).modulo(var("n")).modulo(3)) == "7 % var.n % 3"


@pytest.mark.parametrize(
    ("plain", "written"),
    [
        ('a "b" \\ c', r'"a \"b\" \\ c"'),
        ("${a} %{b} $c", '"$${a} %%{b} $c"'),
        ("\n\t\x08\x0c\\b", r'"\n\t\u0008\u000c\\b"'),
        ("é", '"é"'),
    ],
)
def test_a_text_is_quoted_as_hcl_reads_it(plain: str, written: str) -> None:
    assert quoted(plain) == written


def test_one_try_is_around_all_that_may_be_null() -> None:
    deep = item().field("a").optional_field("b").optional_field("c")
    assert hcl(deep) == "try(item.a.b.c, null)"


def test_a_long_condition_has_a_line_for_each_part() -> None:
    private = block(element("zone"), var("blocks"), var("range"), 4)
    tree = var("zones").each("zone", private).every("block", element("block").apart(var("vpc_cidr")))
    lines = hcl(tree, room=100).splitlines()
    assert lines[0] == "alltrue(["
    assert lines[-1] == "])"
    assert len(lines) > 4
    assert hcl(text("{a}-x", a=item().field("b")), room=5) == '"${item.b}-x"'
