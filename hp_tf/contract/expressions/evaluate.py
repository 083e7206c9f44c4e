"""What an expression is worth in Python: a value, or UNKNOWN where what is not known yet could decide.

It is what Terraform makes of the same tree. Null where Terraform takes none is an error in both.
"""

from __future__ import annotations

import json
import math
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

from hp_tf.contract import addresses
from hp_tf.contract.expressions import nodes
from hp_tf.contract.expressions.references import children
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


def evaluate(node: nodes.Expression, scope: Scope) -> Any:
    """Return the value of an expression.

    Args:
        node: the expression.
        scope: plain data (dicts, lists, scalars, ``UNKNOWN``, ``NOT_NULL``) by input name.
    """
    kind = type(node)
    if (row := _OF_NODES.get(kind)) is not None:
        return row(node, scope)
    if (row := _OF_VALUES.get(kind)) is None:
        raise TypeError(f"{kind.__name__} is no node of an expression")
    values = [evaluate(part, scope) for part in children(node)]
    return UNKNOWN if any(unknown(value) for value in values) else row(node, *values)


def _compare(node: nodes.Comparison, left: Any, right: Any) -> bool:
    if node.operator in ("==", "!="):
        # To Terraform true is not 1.
        same = left == right and isinstance(left, bool) == isinstance(right, bool)
        return bool(same == (node.operator == "=="))
    return bool(_COMPARE[node.operator](left, right))


def _if(node: nodes.If, scope: Scope) -> Any:
    holds = evaluate(node.condition, scope)
    return UNKNOWN if unknown(holds) else evaluate(node.then if holds else node.otherwise, scope)


def _null(node: nodes.Null, scope: Scope) -> Any:
    value = evaluate(node.value, scope)
    return UNKNOWN if value is UNKNOWN else value is None


def _call(node: nodes.Function, *arguments: Any) -> Any:
    if any(isinstance(value, Open) for value in arguments):
        return UNKNOWN
    if node.name == "join" and any(unknown(value) for value in arguments[1]):
        return UNKNOWN
    return _FUNCTIONS[node.name](*arguments)


def _part(node: nodes.Part, value: Any) -> str:
    parts = value.split(node.separator)
    return str(parts[node.index]) if node.index < len(parts) else ""


def _selection(node: nodes.Selection, mine: Any, theirs: Any) -> list[Any]:
    wanted = node.function == "setintersection"
    found = [(value, UNKNOWN if unknown(value) else _contains(theirs, value)) for value in mine]
    kept = _once(value for value, there in found if there is wanted)
    return Open(kept) if isinstance(mine, Open) or any(unknown(there) for _, there in found) else kept


def _distinct(_: nodes.Distinct, value: Any) -> Any:
    known = [_identity(item) for item in value if not _holds_unknown(item)]
    if len(set(known)) < len(known):
        return False
    return UNKNOWN if isinstance(value, Open) or len(known) < len(value) else True


def _repeated(_: nodes.Repeated, value: Any, names: Any = None) -> list[Any]:
    known = [UNKNOWN if _holds_unknown(item) else _identity(item) for item in value]
    again = (
        name
        for index, (item, name) in enumerate(zip(known, value if names is None else names, strict=False))
        if not unknown(item) and not unknown(name) and item in known[:index]
    )
    found = _once(again)
    return Open(found) if isinstance(value, Open) or any(unknown(item) for item in known) else found


def _concat(node: nodes.Concat, scope: Scope) -> list[Any]:
    lists = [evaluate(part, scope) for part in node.lists]
    known = [item for part in lists if not unknown(part) for item in part]
    return Open(known) if any(unknown(part) or isinstance(part, Open) for part in lists) else known


def _for(node: nodes.For, scope: Scope) -> Any:
    among = evaluate(node.among, scope)
    if unknown(among):
        return UNKNOWN
    chosen = list(_chosen(node, among, scope))
    found = [evaluate(node.value, inner) for inner, kept in chosen if kept is True]
    return Open(found) if isinstance(among, Open) or any(unknown(kept) for _, kept in chosen) else found


def _disjoint(_: nodes.Disjoint, found: Any) -> Any:
    known = [block for value in found if not unknown(value) and (block := addresses.block(value)) is not None]
    if any(one.overlaps(other) for one, other in combinations(known, 2)):
        return False
    return UNKNOWN if isinstance(found, Open) or any(unknown(value) for value in found) else True


def _block(node: nodes.Block, scope: Scope) -> Any:
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


def _foreseen(node: nodes.Foreseen, scope: Scope) -> Any:
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


def _ranges(one: Any, other: Any, holds: Callable[[Any, Any], bool]) -> bool:
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


# Nodes that have a value although one of their parts may have none yet, or that are not made of nodes.
_OF_NODES: Mapping[type[nodes.Expression], Callable[[Any, Scope], Any]] = {
    nodes.Variable: lambda node, scope: scope.get(node.name),
    nodes.OtherInput: lambda node, scope: configured(scope, node.role).get(node.name),
    nodes.Element: lambda node, scope: scope[_key(node.name)],
    nodes.Constant: lambda node, _: list(node.value) if isinstance(node.value, tuple) else node.value,
    nodes.Listed: lambda node, _: list(node.items),
    nodes.Null: _null,
    nodes.And: lambda node, scope: _all(evaluate(condition, scope) for condition in node.conditions),
    nodes.Or: lambda node, scope: _any(evaluate(condition, scope) for condition in node.conditions),
    nodes.If: _if,
    nodes.List: lambda node, scope: [evaluate(item, scope) for item in node.items],
    nodes.Concat: _concat,
    nodes.For: _for,
    nodes.Every: lambda node, scope: _every(node, scope),
    nodes.Some: lambda node, scope: _opposite(_every(node, scope, opposite=True)),
    nodes.Block: _block,
    nodes.Foreseen: _foreseen,
}
# Nodes that are unknown where one of their parts is; each takes the values of its parts.
_OF_VALUES: Mapping[type[nodes.Expression], Callable[..., Any]] = {
    nodes.Attribute: lambda node, value: None if value is None else value.get(node.name),
    nodes.Index: lambda _, value, key: value.get(key),
    nodes.Comparison: _compare,
    nodes.Arithmetic: lambda node, left, right: _COMPUTE[node.operator](left, right),
    nodes.Not: lambda _, holds: not holds,
    nodes.Length: lambda _, value: UNKNOWN if isinstance(value, Open) else len(value),
    nodes.Function: _call,
    nodes.Part: _part,
    nodes.Template: lambda _, *parts: "".join(map(as_text, parts)),
    nodes.In: lambda _, value, collection: _contains(collection, value),
    nodes.Selection: _selection,
    nodes.Empty: lambda _, value: False if value else UNKNOWN if isinstance(value, Open) else True,
    nodes.Distinct: _distinct,
    nodes.Repeated: _repeated,
    # Python's classes hold letters of all scripts, RE2's ASCII ones.
    nodes.Match: lambda node, value: value is not None and bool(re.fullmatch(node.pattern, as_text(value), re.ASCII)),
    nodes.Document: lambda node, value: _is_mapping(as_text(value), node.language),
    nodes.Apart: lambda _, one, other: _ranges(one, other, lambda a, b: not a.overlaps(b)),
    nodes.Inside: lambda _, one, other: _ranges(one, other, lambda a, b: a.subnet_of(b)),
    nodes.Disjoint: _disjoint,
}
