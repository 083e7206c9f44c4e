"""Expressions in Terraform's language.

Operators bind as the tree says: an operand that binds less than its place needs stands in parentheses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any

from hp_tf.contract.expressions import nodes
from hp_tf.contract.expressions.lowering import lowered


class Binding(IntEnum):
    """How strongly an operator binds, the weakest first: the precedence of HCL's specification."""

    CONDITIONAL = 1
    OR = 2
    AND = 3
    EQUALITY = 4
    ORDER = 5
    SUM = 6
    PRODUCT = 7
    NOT = 8
    WHOLE = 9


# Characters of a text that is too long for one line, by line.
PIECE = 100


@dataclass(frozen=True)
class _Place:
    """Where an operand is written.

    Attributes:
        room: characters a line has, None for one line of any length.
        enclosed: whether it stands in brackets, in which lines may end anywhere.
    """

    room: int | None = None
    enclosed: bool = False

    def less(self, characters: int) -> _Place:
        return self if self.room is None else replace(self, room=max(self.room - characters, 30))

    def within(self) -> _Place:
        return _Place(None if self.room is None else max(self.room - 2, 30), enclosed=True)


_OPERATORS: Mapping[str, Binding] = {
    "==": Binding.EQUALITY,
    "!=": Binding.EQUALITY,
    **dict.fromkeys(("<", "<=", ">", ">="), Binding.ORDER),
    "+": Binding.SUM,
    "*": Binding.PRODUCT,
    "%": Binding.PRODUCT,
}


def hcl(node: nodes.Expression, never_null: Set[nodes.Expression] = frozenset(), room: int | None = None) -> str:
    """Return an expression in HCL.

    Args:
        node: the expression.
        never_null: variables and attributes of elements that cannot be null, so that nobody asks.
        room: characters in which a line should end; None for one line. `terraform fmt` indents them.
    """
    return _write(lowered(node, never_null), _Place(room))


def condition(node: nodes.Expression, never_null: Set[nodes.Expression], room: int) -> str:
    """Return an expression in HCL as what stands before a question mark."""
    return _operand(lowered(node, never_null), Binding.OR, _Place(room))


def quoted(text: str) -> str:
    """Return plain text as a string of HCL."""
    # JSON's \b and \f are none of HCL's escapes.
    other = {"b": "\\u0008", "f": "\\u000c"}
    written = re.sub(r"\\(.)", lambda match: other.get(match[1], match[0]), json.dumps(text, ensure_ascii=False))
    return written.replace("${", "$${").replace("%{", "%%{")


def _binding(node: nodes.Expression) -> Binding:
    match node:
        case nodes.If():
            return Binding.CONDITIONAL
        case nodes.Or():
            return Binding.OR
        case nodes.And():
            return Binding.AND
        case nodes.Comparison(operator) | nodes.Arithmetic(operator):
            return _OPERATORS[operator]
        case nodes.Null() | nodes.Not(nodes.Null()) | nodes.Distinct() | nodes.Empty():
            return Binding.EQUALITY
        case nodes.Not():
            return Binding.NOT
        case nodes.Foreseen(value):
            return _binding(value)
        case nodes.Constant(int(value) | float(value)) if not isinstance(value, bool) and value < 0:
            return Binding.NOT
    return Binding.WHOLE


def _operand(node: nodes.Expression, least: Binding, place: _Place) -> str:
    """Return an operand, in parentheses where it binds less than ``least``."""
    if _binding(node) >= least:
        return _write(node, place)
    return _bracketed("(", [node], ")", place)


def _fitting(flat: str, place: _Place) -> bool:
    return place.room is None or len(flat) <= place.room


def _bracketed(opening: str, items: Sequence[nodes.Expression], closing: str, place: _Place) -> str:
    """Return items in brackets, one a line where a line is too short for all."""
    flat = f"{opening}{', '.join(_write(item, _Place()) for item in items)}{closing}"
    if _fitting(flat, place) or not items:
        return flat
    inner = ",\n".join(_write(item, place.within()) for item in items)
    return f"{opening}\n{inner}\n{closing}"


def _call(name: str, *arguments: nodes.Expression, place: _Place) -> str:
    if len(arguments) == 1 and isinstance(arguments[0], nodes.For | nodes.List):
        return f"{name}({_write(arguments[0], place)})"
    return _bracketed(f"{name}(", arguments, ")", place)


def _infix(operands: Sequence[nodes.Expression], operator: str, least: Binding, place: _Place) -> str:
    flat = f" {operator} ".join(_operand(operand, least, _Place()) for operand in operands)
    if _fitting(flat, place):
        return flat
    return _broken(f" {operator}\n".join(_operand(operand, least, place.within()) for operand in operands), place)


def _sided(left: nodes.Expression, operator: str, right: nodes.Expression, place: _Place) -> str:
    """Return two operands of an operator that takes the left one first."""
    binding = _OPERATORS[operator]

    def sides(where: _Place) -> tuple[str, str]:
        return _operand(left, binding, where), _operand(right, Binding(binding + 1), where)

    flat = f" {operator} ".join(sides(_Place()))
    return flat if _fitting(flat, place) else _broken(f" {operator}\n".join(sides(place.within())), place)


def _broken(lines: str, place: _Place) -> str:
    """Return lines that end with an operator, which HCL reads as one expression inside brackets only."""
    return lines if place.enclosed else f"(\n{lines}\n)"


def _write(node: nodes.Expression, place: _Place) -> str:
    if (row := _ROWS.get(type(node))) is None:
        raise TypeError(f"{type(node).__name__} is no node of an expression")
    return row(node, place)


def _string(text: str, place: _Place) -> str:
    """Return plain text as a string; in pieces where a line is too short for it."""
    return quoted(text) if _fitting(quoted(text), place) else _pieces(text)


def _pieces(text: str) -> str:
    if len(text) <= PIECE:
        return quoted(text)
    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
    return 'join("", [\n' + ",\n".join(map(quoted, pieces)) + "\n])"


def _constant(value: Any, place: _Place) -> str:
    if isinstance(value, str):
        return _string(value, place)
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{quoted(key)} = {_constant(item, place)}' for key, item in value.items())} }}"
    if isinstance(value, tuple):
        return _bracketed("[", [nodes.Constant(item) for item in value], "]", place)
    return json.dumps(value)


def _attribute_node(node: nodes.Attribute, place: _Place) -> str:
    path = _path(node)
    return f"try({path}, null)" if node.optional else path


def _path(node: nodes.Attribute) -> str:
    """Return an attribute of an attribute; one `try` is enough for all that may be null on the way."""
    if isinstance(node.value, nodes.Attribute) and (node.optional or not node.value.optional):
        return f"{_path(node.value)}.{node.name}"
    return f"{_operand(node.value, Binding.WHOLE, _Place())}.{node.name}"


def _not(node: nodes.Not, place: _Place) -> str:
    if isinstance(node.condition, nodes.Null):
        return f"{_operand(node.condition.value, Binding.ORDER, place)} != null"
    return f"!{_operand(node.condition, Binding.NOT, place)}"


def _if(node: nodes.If, place: _Place) -> str:
    def arms(where: _Place) -> list[str]:
        parts = ((node.condition, Binding.OR), (node.then, Binding.OR), (node.otherwise, Binding.CONDITIONAL))
        return [_operand(part, least, where) for part, least in parts]

    condition, then, otherwise = arms(_Place())
    flat = f"{condition} ? {then} : {otherwise}"
    if _fitting(flat, place):
        return flat
    condition, then, otherwise = arms(place.within())
    head = f"{condition} ? {then}" if isinstance(node.then, nodes.Constant) else f"{condition} ?\n{then}"
    tail = f" {otherwise}" if isinstance(node.otherwise, nodes.Constant) else f"\n{otherwise}"
    return _broken(f"{head} :{tail}", place)


def _part(node: nodes.Part, place: _Place) -> str:
    parts = f"split({quoted(node.separator)}, {_write(node.value, place)})"
    return f"element({parts}, -1)" if node.index == -1 else f'try({parts}[{node.index}], "")'


def _template(node: nodes.Template, place: _Place) -> str:
    parts = [
        quoted(part.value)[1:-1]
        if isinstance(part, nodes.Constant) and isinstance(part.value, str)
        else f"${{{_write(part, _Place())}}}"
        for part in node.parts
    ]
    return f'"{"".join(parts)}"'


def _distinct(node: nodes.Distinct, place: _Place) -> str:
    # A list of something of each element is as long as what it is made from.
    made = node.value
    while isinstance(made, nodes.For) and made.where is None:
        made = made.among
    if isinstance(made, nodes.Function) and made.name in ("keys", "values"):
        made = made.arguments[0]
    several, once = (_write(part, _Place()) for part in (made, node.value))
    flat = f"length(distinct({once})) == length({several})"
    if _fitting(flat, place):
        return flat
    several, once = (_write(part, place.within().within()) for part in (made, node.value))
    return _broken(f"length(distinct({once})) ==\nlength({several})", place)


def _repeated(node: nodes.Repeated, place: _Place) -> str:
    items = _write(node.value, _Place())
    name = "one" if node.names is None else f"{_operand(node.names, Binding.WHOLE, _Place())}[index]"
    return f"distinct([for index, one in {items} : {name} if contains(slice({items}, 0, index), one)])"


def _match(node: nodes.Match, place: _Place) -> str:
    whole, value = f"^(?:{node.pattern})$", _write(node.value, _Place())
    flat = f"can(regex({quoted(whole)}, {value}))"
    return flat if _fitting(flat, place) else f"can(regex({_pieces(whole)}, {value}))"


def _loop(node: nodes.For | nodes.Every | nodes.Some, value: nodes.Expression, place: _Place) -> str:
    def pieces(where: _Place) -> list[str]:
        head = f"for {node.name} in {_operand(node.among, Binding.OR, where)} :"
        kept = [] if node.where is None else [f"if {_write(node.where, where)}"]
        return [head, _write(value, where), *kept]

    flat = f"[{' '.join(pieces(_Place()))}]"
    if _fitting(flat, place):
        return flat
    inner = "\n".join(pieces(place.within()))
    return f"[\n{inner}\n]"


def _apart(node: nodes.Apart, place: _Place) -> str:
    one, other = (_write(part, _Place()) for part in (node.one, node.other))
    return _tried(_differ(one, other), place)


def _inside(node: nodes.Inside, place: _Place) -> str:
    one, other = (_write(part, _Place()) for part in (node.one, node.other))
    prefix = _prefix(other)
    return _tried([f"{_prefix(one)} >= {prefix} &&", f"{_first(one, prefix)} ==", _first(other, prefix)], place)


def _disjoint(node: nodes.Disjoint, place: _Place) -> str:
    # Every two, by their places: equal ranges are two as well.
    inner = place.within()
    end = "\n" if place.room else " "
    apart = _tried(_differ("a", "b"), inner.within().within() if place.room else place)
    pairs = f"for at, a in all : [{end}for place, b in all :{end}at == place || {apart}{end}]"
    return f"alltrue(flatten([{end}for all in [{_write(node.blocks, inner)}] : [{end}{pairs}{end}]{end}]))"


def _tried(lines: list[str], place: _Place) -> str:
    """Return a condition that holds where it cannot be computed."""
    flat = f"try({' '.join(lines)}, true)"
    return flat if _fitting(flat, place) else "try(\n" + "\n".join(lines) + ",\ntrue\n)"


def _differ(one: str, other: str) -> list[str]:
    """Return that two ranges differ where the shorter of their prefixes still reaches."""
    shorter = f"min({_prefix(one)}, {_prefix(other)})"
    return [f"{_first(one, shorter)} !=", _first(other, shorter)]


def _prefix(block: str) -> str:
    return f'split("/", {block})[1]'


def _first(block: str, prefix: str) -> str:
    """Return the first address of a range that is widened to a prefix."""
    return f'cidrhost(join("/", [split("/", {block})[0], {prefix}]), 0)'


def _block(node: nodes.Block, place: _Place) -> str:
    zone, given, parent = (_write(part, _Place()) for part in (node.zone, node.own, node.parent))
    number = f'tonumber(regex("[0-9]+$", {zone}))'
    return f"try({given}[{zone}], cidrsubnet({parent}, {node.bits}, {number}), null)"


_ROWS: Mapping[type[nodes.Expression], Callable[[Any, _Place], str]] = {
    nodes.Variable: lambda node, _: f"var.{node.name}",
    nodes.Element: lambda node, _: node.name,
    nodes.Constant: lambda node, place: _constant(node.value, place),
    nodes.Listed: lambda node, _: f"local.{node.name}",
    nodes.Attribute: _attribute_node,
    nodes.Index: lambda node, place: (
        f"try({_operand(node.value, Binding.WHOLE, place)}[{_write(node.key, place)}], null)"
    ),
    nodes.Comparison: lambda node, place: _sided(node.left, node.operator, node.right, place),
    nodes.Arithmetic: lambda node, place: _sided(node.left, node.operator, node.right, place),
    nodes.Null: lambda node, place: f"{_operand(node.value, Binding.ORDER, place)} == null",
    nodes.Not: _not,
    nodes.And: lambda node, place: _infix(node.conditions, "&&", Binding.EQUALITY, place),
    # HCL knows which binds more; people look it up.
    nodes.Or: lambda node, place: _infix(node.conditions, "||", Binding.EQUALITY, place),
    nodes.If: _if,
    nodes.Length: lambda node, place: _call("length", node.value, place=place),
    nodes.Function: lambda node, place: _call(node.name, *node.arguments, place=place),
    nodes.Part: _part,
    nodes.Template: _template,
    nodes.In: lambda node, place: _call("contains", node.collection, node.value, place=place),
    nodes.Selection: lambda node, place: _call(node.function, node.value, node.other, place=place),
    nodes.Empty: lambda node, place: f"{_call('length', node.value, place=place)} == 0",
    nodes.Distinct: _distinct,
    nodes.Repeated: _repeated,
    nodes.Match: _match,
    nodes.Document: lambda node, place: f"can(keys({node.language}decode({_write(node.value, place)})))",
    nodes.List: lambda node, place: _bracketed("[", node.items, "]", place),
    nodes.Concat: lambda node, place: _call("concat", *node.lists, place=place),
    nodes.For: lambda node, place: _loop(node, node.value, place),
    nodes.Every: lambda node, place: f"alltrue({_loop(node, node.condition, place.less(9))})",
    nodes.Some: lambda node, place: f"anytrue({_loop(node, node.condition, place.less(9))})",
    nodes.Apart: _apart,
    nodes.Inside: _inside,
    nodes.Disjoint: _disjoint,
    nodes.Block: _block,
    nodes.Foreseen: lambda node, place: _write(node.value, place),
}
