"""Expressions in words, for people who read neither Python nor HCL: ``nat is 'existing' and vpc_id is given``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from hp_tf.contract.expressions import nodes

_COMPARED = {
    "==": "is",
    "!=": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}


def explain(node: nodes.Expression) -> str:
    """Return an expression in words: a clause for a condition, a noun for another value."""
    match node:
        case nodes.Not(condition):
            return _negated(condition)
        case nodes.And(conditions):
            return " and ".join(_grouped(condition, nodes.Or) for condition in conditions)
        case nodes.Or(conditions):
            return " or ".join(_grouped(condition, nodes.And) for condition in conditions)
        case nodes.If(condition, then, nodes.Constant(True)):
            return f"{explain(then)}, if {explain(condition)}"
        case nodes.If(nodes.Null(), nodes.Constant(0), nodes.Length() as length):
            return _noun(length)
        case nodes.Comparison(operator, left, nodes.Constant(bool(value))):
            return f"{_noun(left)} {_COMPARED[operator]} {json.dumps(value)}"
        case nodes.Comparison(operator, left, right):
            return f"{_noun(left)} {_COMPARED[operator]} {_noun(right)}"
        case nodes.Null(value):
            return f"{_noun(value)} is null"
        case nodes.In(value, nodes.Constant(tuple(allowed))):
            return f"{_noun(value)} is one of {', '.join(map(_constant, allowed))}"
        case nodes.In(value, collection):
            return f"{_noun(value)} is one of {_noun(collection)}"
        case nodes.Empty(nodes.Selection("setsubtract", value, other)):
            return f"{_noun(other)} hold all of {_noun(value)}"
        case nodes.Empty(value):
            return f"{_noun(value)} are none"
        case nodes.Distinct(value):
            return f"{_noun(value)} are each another"
        case nodes.Match(value, pattern):
            return f"{_noun(value)} matches '{pattern}'"
        case nodes.Document(value, language):
            return f"{_noun(value)} is a mapping in {language.upper()}"
        case nodes.Function("startswith", (value, prefix)):
            return f"{_noun(value)} begins with {_noun(prefix)}"
        case nodes.Function("strcontains", (value, part)):
            return f"{_noun(value)} holds {_noun(part)}"
        case nodes.Every(name, among, condition, where):
            return f"of every {name} of {_noun(among)}{_where(where)}: {explain(condition)}"
        case nodes.Some(name, among, condition, where):
            return f"of one {name} of {_noun(among)}{_where(where)}: {explain(condition)}"
        case nodes.Apart(one, other):
            return f"{_noun(one)} is apart from {_noun(other)}"
        case nodes.Inside(one, other):
            return f"{_noun(one)} is inside {_noun(other)}"
        case nodes.Disjoint(blocks):
            return f"{_noun(blocks)} are apart from each other"
        case nodes.Variable() | nodes.Element() | nodes.Attribute():
            return f"{_noun(node)} is true"
    return _noun(node)


def _negated(condition: nodes.Expression) -> str:
    match condition:
        case nodes.Null(value):
            return f"{_noun(value)} is given"
        case nodes.Not(inner):
            return explain(inner)
        case nodes.Variable() | nodes.Element() | nodes.Attribute():
            return f"{_noun(condition)} is false"
    return f"not ({explain(condition)})"


def _grouped(condition: nodes.Expression, kind: type[nodes.Expression]) -> str:
    return f"({explain(condition)})" if isinstance(condition, kind | nodes.If) else explain(condition)


def _where(where: nodes.Expression | None) -> str:
    return "" if where is None else f" of which {explain(where)}"


def _noun(node: nodes.Expression) -> str:
    match node:
        case nodes.Variable(name) | nodes.Element(name) | nodes.Listed(name) | nodes.OtherInput(_, name):
            return name
        case nodes.Constant(value):
            return _constant(value)
        case nodes.Attribute(value, name):
            return f"{_noun(value)}.{name}"
        case nodes.Index(value, key):
            return f"{_noun(value)} of {_noun(key)}"
        case nodes.Arithmetic(operator, left, right):
            words = {"+": "plus", "*": "times", "%": "modulo"}
            return f"({_noun(left)} {words[operator]} {_noun(right)})"
        case nodes.Length(value):
            return f"the length of {_noun(value)}"
        case nodes.If(nodes.Null(), nodes.Constant(0), nodes.Length(value)):
            return f"the length of {_noun(value)}"
        case nodes.If(condition, then, otherwise):
            return f"({_noun(then)} if {explain(condition)}, else {_noun(otherwise)})"
        case nodes.Function(name, arguments):
            return f"the {name} of {' and '.join(map(_noun, arguments))}"
        case nodes.Part(value, separator, index):
            which = "the last part" if index == -1 else f"part {index + 1}"
            return f"{which} of {_noun(value)} between '{separator}'"
        case nodes.Template(parts):
            return "'" + "".join(_piece(part) for part in parts) + "'"
        case nodes.Selection(function, value, other):
            return f"{_noun(value)} {'not among' if function == 'setsubtract' else 'among'} {_noun(other)}"
        case nodes.Repeated(value, names):
            return f"repeated {_noun(value if names is None else names)}"
        case nodes.List(items):
            return ", ".join(map(_noun, items))
        case nodes.Concat(lists):
            return " and ".join(map(_noun, lists))
        case nodes.For(name, among, value, where):
            return f"{_noun(value)} of every {name} of {_noun(among)}{_where(where)}"
        case nodes.Block(zone, own, parent):
            return f"the block of {_noun(zone)} in {_noun(own)} or {_noun(parent)}"
        case nodes.Foreseen(value):
            return _noun(value)
    return f"whether {explain(node)}"


def _piece(part: nodes.Expression) -> str:
    constant = isinstance(part, nodes.Constant) and isinstance(part.value, str)
    return str(part.value) if constant and isinstance(part, nodes.Constant) else f"<{_noun(part)}>"


def _constant(value: Any) -> str:
    if isinstance(value, str):
        return f"'{value}'"
    if isinstance(value, tuple):
        return ", ".join(map(_constant, value))
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_constant(item)}" for key, item in value.items())
    return json.dumps(value)
