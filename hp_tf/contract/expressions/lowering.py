"""Conditions as HCL needs them, without what a person would leave out.

HCL's ``&&`` and ``||`` evaluate both sides; ``a ? b : false`` does not. So a conjunction becomes a conditional where a
later operand could fail, and a conditional becomes a conjunction where none can. Null is asked for only where the
contract lets it in.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import fields, replace
from functools import reduce
from typing import Any

from hp_tf.contract.expressions.nodes import (
    And,
    Attribute,
    Comparator,
    Comparison,
    Constant,
    Element,
    Empty,
    Expression,
    Function,
    If,
    In,
    Length,
    Listed,
    Match,
    Not,
    Null,
    Or,
    Part,
    Variable,
)

TRUE, FALSE = Constant(True), Constant(False)
OPPOSITE: dict[Comparator, Comparator] = {"==": "!=", "!=": "==", ">=": "<", "<=": ">", ">": "<=", "<": ">="}
# What must not be null where an expression is evaluated; None for one that may fail for other reasons.
Needs = frozenset[Expression] | None
NOTHING: frozenset[Expression] = frozenset()


def lowered(node: Expression, never_null: Set[Expression]) -> Expression:
    """Return an expression that says the same and that HCL can evaluate as it is.

    Args:
        node: the expression.
        never_null: variables, elements and their attributes that cannot be null.
    """
    node = _rebuilt(node, never_null)
    match node:
        case Null(value) if value in never_null:
            return FALSE
        case Not(condition):
            return opposite(condition)
        case Comparison("==" | "!=" as operator, left, Constant(bool(wanted))) if left in never_null:
            return left if (operator == "==") == wanted else opposite(left)
        case If(condition, then, otherwise):
            return _conditional(condition, then, otherwise, never_null)
        case And(conditions):
            return reduce(lambda rest, one: _conditional(one, rest, FALSE, never_null), reversed(conditions))
        case Or(conditions):
            return reduce(lambda rest, one: _conditional(one, TRUE, rest, never_null), reversed(conditions))
    return node


def _rebuilt(node: Expression, never_null: Set[Expression]) -> Expression:
    """Return a node whose parts are lowered."""

    def part(value: Any) -> Any:
        if isinstance(value, Expression):
            return lowered(value, never_null)
        return tuple(map(part, value)) if isinstance(value, tuple) else value

    return replace(node, **{item.name: part(getattr(node, item.name)) for item in fields(node)})


def _conditional(
    condition: Expression, then: Expression, otherwise: Expression, never_null: Set[Expression]
) -> Expression:
    if isinstance(condition, Constant):
        return then if condition.value else otherwise
    assured = never_null | (_needs(condition) or NOTHING)
    if _says(then, True) and _safe(otherwise, assured):
        return _flat(Or, condition, otherwise)
    if _says(otherwise, True) and _safe(then, assured):
        return _flat(Or, opposite(condition), then)
    if _says(otherwise, False) and _safe(then, assured):
        return _flat(And, condition, then)
    if isinstance(condition, Not):
        return If(condition.condition, otherwise, then)
    return If(condition, then, otherwise)


def _flat(kind: type[And] | type[Or], *conditions: Expression) -> Expression:
    """Return a conjunction or disjunction without operands of the same kind and without those that decide nothing."""
    parts = [part for one in conditions for part in (one.conditions if isinstance(one, kind) else (one,))]
    kept = tuple(part for part in parts if not _says(part, kind is And))
    return kept[0] if len(kept) == 1 else kind(kept) if kept else Constant(kind is And)


def _says(node: Expression, value: bool) -> bool:
    # 1 is no True here.
    return isinstance(node, Constant) and node.value is value


def opposite(node: Expression) -> Expression:
    """Return a condition that holds where another does not."""
    match node:
        case Not(condition):
            return condition
        case Constant(bool(value)):
            return Constant(not value)
        case Comparison(">=", Length(value), Constant(1)):
            return Empty(value)
        case Comparison(operator, left, right):
            return Comparison(OPPOSITE[operator], left, right)
        case If(condition, then, otherwise) if any(
            _says(arm, value) for arm in (then, otherwise) for value in (True, False)
        ):
            return If(condition, opposite(then), opposite(otherwise))
    return Not(node)


def _safe(node: Expression, assured: Set[Expression]) -> bool:
    """Return whether an expression has a value where these are not null, so that it may be evaluated in vain."""
    needs = _needs(node, condition=True)
    return needs is not None and needs <= assured


def _needs(node: Expression, *, condition: bool = False) -> Needs:
    """Return what must not be null. ``condition``: the value itself must be true or false."""
    match node:
        case Constant() | Listed():
            return NOTHING
        case Variable() | Element():
            return frozenset({node}) if condition else NOTHING
        case Attribute(Element() | Variable() as value, _, optional):
            # Loops leave null elements out; a variable may be null.
            within = NOTHING if optional or isinstance(value, Element) else frozenset({value})
            return within | {node} if condition else within
        case And(conditions) | Or(conditions):
            return _united(*(_needs(part, condition=True) for part in conditions))
        case Not(inner):
            return _needs(inner, condition=True)
        case Null(value) | Match(value):
            return _needs(value)
        case Part(value, _, index):
            # `try` stands around all but the last one.
            return _filled(value) if index == -1 else _needs(value)
        case Comparison("==" | "!=", left, right):
            return _united(_needs(left), _needs(right))
        case Comparison(_, left, right):
            return _united(_filled(left), _filled(right))
        case Length(value) | Empty(value) | Function("floor" | "keys" | "values" | "lower", (value,)):
            return _filled(value)
        case In(value, collection):
            return _united(_filled(value), _filled(collection))
    return None


def _filled(node: Expression) -> Needs:
    """Return what must not be null so that a value is not."""
    return _united(
        _needs(node), NOTHING if isinstance(node, Constant | Listed | Length | Function) else frozenset({node})
    )


def _united(*all_needs: Needs) -> Needs:
    found = NOTHING
    for needs in all_needs:
        if needs is None:
            return None
        found |= needs
    return found
