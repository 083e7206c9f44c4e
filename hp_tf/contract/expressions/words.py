"""The words that begin an expression; its methods are the others."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from hp_tf.contract.expressions.nodes import (
    And,
    Block,
    Concat,
    Constant,
    Element,
    Expression,
    If,
    List,
    Not,
    Or,
    OtherInput,
    Variable,
    literal,
)

if TYPE_CHECKING:
    from hp_tf.contract.role import Role


def var(name: str) -> Expression:
    """Return an input by its name."""
    return Variable(name)


def other(role: type[Role], name: str) -> Expression:
    """Return an input of the layer that provides a role, one of those that the role lists."""
    if name not in role.inputs:
        raise ValueError(f"{role.__name__} does not say that others read {name}")
    return OtherInput(role, name)


def element(name: str) -> Expression:
    """Return the element that ``each``, ``every`` or ``some`` calls so."""
    return Element(name)


def item() -> Expression:
    """Return the element a rule with ``each`` is looking at."""
    return Element("item")


def listed(*items: Expression) -> Expression:
    """Return a list of expressions."""
    return List(items)


def concat(*lists: Expression) -> Expression:
    """Return the elements of several lists as one."""
    return Concat(lists)


def choose(condition: Expression, then: Any, otherwise: Any) -> Expression:
    """Return one of two values."""
    return If(condition, literal(then), literal(otherwise))


def implies(condition: Expression, then: Expression) -> Expression:
    """Return ``then`` where the condition holds, true elsewhere."""
    return If(condition, then, Constant(True))


def both(*conditions: Expression) -> Expression:
    """Return whether all conditions hold; later ones are not looked at when an earlier one fails."""
    return And(conditions)


def either(*conditions: Expression) -> Expression:
    """Return whether one condition holds; later ones are not looked at when an earlier one holds."""
    return Or(conditions)


def negation(condition: Expression) -> Expression:
    """Return whether a condition does not hold."""
    return Not(condition)


def total(*numbers: Expression) -> Expression:
    """Return the sum of numbers."""
    return reduce(lambda one, other: one.plus(other), numbers)


def block(zone: Expression, own: Expression, parent: Expression, bits: int) -> Expression:
    """Return the IPv4 range of a zone: its own in a map, or that of its number in ``parent``."""
    return Block(zone, own, parent, bits)
