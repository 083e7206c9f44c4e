"""Which inputs an expression speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from hp_tf.contract.expressions.nodes import Expression, Foreseen, Variable


def references(node: Expression) -> tuple[str, ...]:
    """Return the names of the inputs an expression speaks of, each once, in its order.

    What is only foreseen by hptf is not among them: the module does not see it.
    """
    return tuple(dict.fromkeys(found.name for found in within(node) if isinstance(found, Variable)))


def within(node: Expression) -> Iterator[Expression]:
    """Yield an expression and all that it is made of, the outer ones first."""
    yield node
    for child in children(node):
        yield from within(child)


def children(node: Expression) -> Iterator[Expression]:
    """Yield the expressions a node is directly made of."""
    if isinstance(node, Foreseen):
        yield node.value
        return
    for name in fields(node):
        value = getattr(node, name.name)
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Expression):
                yield part
