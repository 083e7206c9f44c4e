"""What an expression is worth in Python: a value, or UNKNOWN where what is not known yet could decide.

It is what Terraform makes of the same tree. Null where Terraform takes none is an error in both.
"""

from __future__ import annotations

import json
import math
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import singledispatch
from itertools import combinations
from typing import Any

from hp_tf.contract import addresses
from hp_tf.contract.expressions import nodes
from hp_tf.contract.expressions.values import UNKNOWN, Open, Scope, unknown
from hp_tf.contract.role import configured

_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_COMPUTE: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "*": operator.mul,
    # Terraform's remainder has the sign of the dividend, Python's that of the divisor.
    "%": lambda a, b: abs(a) % abs(b) * (-1 if a < 0 else 1),
}
_FUNCTIONS: Mapping[nodes.FunctionName, Callable[..., Any]] = {
    "keys": sorted,
    "values": lambda mapping: [mapping[key] for key in sorted(mapping)],
    "lower": str.lower,
    "split": lambda separator, text: text.split(separator),
    "startswith": str.startswith,
    "strcontains": lambda text, part: part in text,
    "tonumber": int,
    "floor": math.floor,
    "join": lambda separator, texts: separator.join(map(as_text, texts)),
}


def bound(scope: Scope, name: str, value: Any) -> Scope:
    """Return a scope in which ``element(name)`` is a value."""
    return {**scope, _key(name): value}


def _key(name: str) -> str:
    # No input has such a name.
    return f"[{name}]"


def as_text(value: Any) -> str:
    """Return a scalar as Terraform writes it into a text."""
    return json.dumps(value) if isinstance(value, bool) else str(value)


@singledispatch
def evaluate(node: nodes.Expression, scope: Scope) -> Any:
    """Return the value of an expression.

    Args:
        node: the expression.
        scope: plain data (dicts, lists, scalars, ``UNKNOWN``, ``NOT_NULL``) by input name.
    """
    raise TypeError(f"{type(node).__name__} is no node of an expression")


@evaluate.register
def _(node: nodes.Variable, scope: Scope) -> Any:
    return scope.get(node.name)


@evaluate.register
def _(node: nodes.OtherInput, scope: Scope) -> Any:
    return configured(scope, node.role).get(node.name)


@evaluate.register
def _(node: nodes.Element, scope: Scope) -> Any:
    return scope[_key(node.name)]


@evaluate.register
def _(node: nodes.Constant, scope: Scope) -> Any:
    return list(node.value) if isinstance(node.value, tuple) else node.value


@evaluate.register
def _(node: nodes.Listed, scope: Scope) -> Any:
    return list(node.items)


@evaluate.register
def _(node: nodes.Attribute, scope: Scope) -> Any:
    value = evaluate(node.value, scope)
    if unknown(value):
        return UNKNOWN
    return None if value is None else value.get(node.name)


@evaluate.register
def _(node: nodes.Index, scope: Scope) -> Any:
    value, key = evaluate(node.value, scope), evaluate(node.key, scope)
    return UNKNOWN if unknown(value) or unknown(key) else value.get(key)


@evaluate.register
def _(node: nodes.Comparison, scope: Scope) -> Any:
    left, right = evaluate(node.left, scope), evaluate(node.right, scope)
    if unknown(left) or unknown(right):
        return UNKNOWN
    if node.operator in ("==", "!="):
        # To Terraform true is not 1.
        same = left == right and isinstance(left, bool) == isinstance(right, bool)
        return same == (node.operator == "==")
    return _COMPARE[node.operator](left, right)


@evaluate.register
def _(node: nodes.Arithmetic, scope: Scope) -> Any:
    left, right = evaluate(node.left, scope), evaluate(node.right, scope)
    return UNKNOWN if unknown(left) or unknown(right) else _COMPUTE[node.operator](left, right)


@evaluate.register
def _(node: nodes.Null, scope: Scope) -> Any:
    value = evaluate(node.value, scope)
    return UNKNOWN if value is UNKNOWN else value is None


@evaluate.register
def _(node: nodes.And, scope: Scope) -> Any:
    return _all(evaluate(condition, scope) for condition in node.conditions)


@evaluate.register
def _(node: nodes.Or, scope: Scope) -> Any:
    return _any(evaluate(condition, scope) for condition in node.conditions)


@evaluate.register
def _(node: nodes.Not, scope: Scope) -> Any:
    return _opposite(evaluate(node.condition, scope))


@evaluate.register
def _(node: nodes.If, scope: Scope) -> Any:
    holds = evaluate(node.condition, scope)
    return UNKNOWN if unknown(holds) else evaluate(node.then if holds else node.otherwise, scope)


@evaluate.register
def _(node: nodes.Length, scope: Scope) -> Any:
    value = evaluate(node.value, scope)
    return UNKNOWN if unknown(value) or isinstance(value, Open) else len(value)


@evaluate.register
def _(node: nodes.Function, scope: Scope) -> Any:
    arguments = [evaluate(argument, scope) for argument in node.arguments]
    if any(unknown(value) or isinstance(value, Open) for value in arguments):
        return UNKNOWN
    if node.name == "join" and any(unknown(value) for value in arguments[1]):
        return UNKNOWN
    return _FUNCTIONS[node.name](*arguments)


@evaluate.register
def _(node: nodes.Part, scope: Scope) -> Any:
    value = evaluate(node.value, scope)
    if unknown(value):
        return UNKNOWN
    parts = value.split(node.separator)
    return parts[node.index] if node.index < len(parts) else ""


@evaluate.register
def _(node: nodes.Template, scope: Scope) -> Any:
    parts = [evaluate(part, scope) for part in node.parts]
    return UNKNOWN if any(unknown(part) for part in parts) else "".join(map(as_text, parts))


@evaluate.register
def _(node: nodes.In, scope: Scope) -> Any:
    value, collection = evaluate(node.value, scope), evaluate(node.collection, scope)
    return UNKNOWN if unknown(value) or unknown(collection) else _contains(collection, value)


@evaluate.register
def _(node: nodes.Selection, scope: Scope) -> Any:
    mine, theirs = evaluate(node.value, scope), evaluate(node.other, scope)
    if unknown(mine) or unknown(theirs):
        return UNKNOWN
    wanted = node.function == "setintersection"
    found = [(value, UNKNOWN if unknown(value) else _contains(theirs, value)) for value in mine]
    kept = _once(value for value, there in found if there is wanted)
    return Open(kept) if isinstance(mine, Open) or any(unknown(there) for _, there in found) else kept


@evaluate.register
def _(node: nodes.Empty, scope: Scope) -> Any:
    value = evaluate(node.value, scope)
    if unknown(value):
        return UNKNOWN
    return False if value else UNKNOWN if isinstance(value, Open) else True


@evaluate.register
def _(node: nodes.Distinct, scope: Scope) -> Any:
    value = evaluate(node.value, scope)
    if unknown(value):
        return UNKNOWN
    known = [_identity(item) for item in value if not _holds_unknown(item)]
    if len(set(known)) < len(known):
        return False
    return UNKNOWN if isinstance(value, Open) or len(known) < len(value) else True


@evaluate.register
def _(node: nodes.Repeated, scope: Scope) -> Any:
    value = evaluate(node.value, scope)
    names = value if node.names is None else evaluate(node.names, scope)
    if unknown(value) or unknown(names):
        return UNKNOWN
    known = [UNKNOWN if _holds_unknown(item) else _identity(item) for item in value]
    again = (
        name
        for index, (item, name) in enumerate(zip(known, names, strict=False))
        if not unknown(item) and not unknown(name) and item in known[:index]
    )
    found = _once(again)
    return Open(found) if isinstance(value, Open) or any(unknown(item) for item in known) else found


@evaluate.register
def _(node: nodes.Match, scope: Scope) -> Any:
    value = evaluate(node.value, scope)
    if unknown(value):
        return UNKNOWN
    # Python's classes hold letters of all scripts, RE2's ASCII ones.
    return value is not None and re.fullmatch(node.pattern, as_text(value), re.ASCII) is not None


@evaluate.register
def _(node: nodes.Document, scope: Scope) -> Any:
    value = evaluate(node.value, scope)
    return UNKNOWN if unknown(value) else _is_mapping(as_text(value), node.language)


@evaluate.register
def _(node: nodes.List, scope: Scope) -> Any:
    return [evaluate(item, scope) for item in node.items]


@evaluate.register
def _(node: nodes.Concat, scope: Scope) -> Any:
    lists = [evaluate(part, scope) for part in node.lists]
    known = [item for part in lists if not unknown(part) for item in part]
    return Open(known) if any(unknown(part) or isinstance(part, Open) for part in lists) else known


@evaluate.register
def _(node: nodes.For, scope: Scope) -> Any:
    among = evaluate(node.among, scope)
    if unknown(among):
        return UNKNOWN
    chosen = list(_chosen(node, among, scope))
    found = [evaluate(node.value, inner) for inner, kept in chosen if kept is True]
    return Open(found) if isinstance(among, Open) or any(unknown(kept) for _, kept in chosen) else found


@evaluate.register
def _(node: nodes.Every, scope: Scope) -> Any:
    return _every(node, scope)


@evaluate.register
def _(node: nodes.Some, scope: Scope) -> Any:
    return _opposite(_every(node, scope, opposite=True))


@evaluate.register
def _(node: nodes.Apart, scope: Scope) -> Any:
    return _ranges(node, scope, lambda one, other: not one.overlaps(other))


@evaluate.register
def _(node: nodes.Inside, scope: Scope) -> Any:
    return _ranges(node, scope, lambda one, other: one.subnet_of(other))


@evaluate.register
def _(node: nodes.Disjoint, scope: Scope) -> Any:
    found = evaluate(node.blocks, scope)
    if unknown(found):
        return UNKNOWN
    known = [block for value in found if not unknown(value) and (block := addresses.block(value)) is not None]
    if any(one.overlaps(other) for one, other in combinations(known, 2)):
        return False
    return UNKNOWN if isinstance(found, Open) or any(unknown(value) for value in found) else True


@evaluate.register
def _(node: nodes.Block, scope: Scope) -> Any:
    zone, given, parent = (evaluate(part, scope) for part in (node.zone, node.own, node.parent))
    if unknown(zone) or unknown(given):
        return UNKNOWN
    if zone in given:
        return given[zone]
    if unknown(parent):
        return UNKNOWN
    number, whole = re.search(r"[0-9]+$", zone, re.ASCII), addresses.block(parent)
    made = addresses.child(whole, node.bits, int(number[0])) if number and whole else None
    return None if made is None else str(made)


@evaluate.register
def _(node: nodes.Foreseen, scope: Scope) -> Any:
    value = evaluate(node.value, scope)
    by = evaluate(node.by, scope) if unknown(value) else None
    return value if by is None else by


def _opposite(holds: Any) -> Any:
    return UNKNOWN if unknown(holds) else not holds


def _all(verdicts: Iterable[Any]) -> Any:
    open_ended = False
    for holds in verdicts:
        if unknown(holds):
            open_ended = True
        elif not holds:
            return False
    return UNKNOWN if open_ended else True


def _any(verdicts: Iterable[Any]) -> Any:
    return _opposite(_all(_opposite(holds) for holds in verdicts))


def _every(node: nodes.Every | nodes.Some, scope: Scope, *, opposite: bool = False) -> Any:
    """Return whether the condition, or its opposite, holds for every element."""
    among = evaluate(node.among, scope)
    if unknown(among):
        return UNKNOWN

    def verdicts() -> Iterator[Any]:
        for inner, kept in _chosen(node, among, scope):
            holds = evaluate(node.condition, inner)
            holds = _opposite(holds) if opposite else holds
            # An element that may not count can hold nothing up.
            yield UNKNOWN if unknown(kept) and holds is not True else holds
        if isinstance(among, Open):
            yield UNKNOWN

    return _all(verdicts())


def _chosen(node: nodes.For | nodes.Every | nodes.Some, among: Any, scope: Scope) -> Iterator[tuple[Scope, Any]]:
    """Yield for each element the scope that has it, and whether it counts: True or UNKNOWN."""
    for value in [among[key] for key in sorted(among)] if isinstance(among, Mapping) else among:
        inner = bound(scope, node.name, value)
        kept = True if node.where is None else evaluate(node.where, inner)
        if kept is not False:
            yield inner, kept


def _ranges(node: nodes.Apart | nodes.Inside, scope: Scope, holds: Callable[[Any, Any], bool]) -> Any:
    one, other = evaluate(node.one, scope), evaluate(node.other, scope)
    if unknown(one) or unknown(other):
        return UNKNOWN
    first, second = addresses.block(one), addresses.block(other)
    return True if first is None or second is None else holds(first, second)


def _contains(collection: Iterable[Any], value: Any) -> Any:
    """Return whether a collection holds a value; UNKNOWN if an element that is not known may be it."""
    items = list(collection)
    if any(item == value and isinstance(item, bool) == isinstance(value, bool) for item in items):
        return True
    return UNKNOWN if isinstance(collection, Open) or any(unknown(item) for item in items) else False


def _once(items: Iterable[Any]) -> list[Any]:
    return list({_identity(item): item for item in items}.values())


def _identity(item: Any) -> str:
    return json.dumps(item, sort_keys=True)


def _holds_unknown(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_unknown(part) for part in value.values())
    return any(_holds_unknown(part) for part in value) if isinstance(value, list) else unknown(value)


def _is_mapping(text: str, language: str) -> bool:
    if language == "json":
        try:
            return isinstance(json.loads(text, parse_constant=_refuse), dict)
        except ValueError:
            return False
    # Few commands read a YAML text inside the file; the others start faster without the parser.
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        return isinstance(YAML(typ="safe", pure=True).load(text), dict)
    except (YAMLError, ValueError):
        return False


def _refuse(constant: str) -> Any:
    """Refuse what Python takes for JSON and nobody else does: NaN and the infinities."""
    raise ValueError(constant)
