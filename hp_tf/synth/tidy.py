"""A rule's condition without what a person would leave out of it.

Rules write ``a ? b : false``, because HCL's ``&&`` and ``||`` evaluate both sides, and ask everything for null. Where
the second operand cannot fail, and where the contract keeps null out, the module says it more plainly.
"""

from __future__ import annotations

import re
from collections.abc import Set

from hp_tf.synth.expressions import end_of_string

OPEN, CLOSE = "([{", ")]}"
ATOM = r"(?:(?:var|item)\.\w+|null|true|false|-?[0-9.]+|\"[^\"$%\\]*\")"
EQUALITY = re.compile(rf"{ATOM} [!=]= {ATOM}")
OPPOSITE = {"==": "!=", "!=": "==", ">=": "<", "<=": ">", ">": "<=", "<": ">="}
SIZED = re.compile(r"length\((.+)\) (?:==|>=|<=) [0-9]+")
AMONG = re.compile(r"contains\(\[[^\[\]]*\], ([\w.]+)\)")


def tidy(text: str, never_null: Set[str]) -> str:
    """Return an expression that says the same.

    Args:
        never_null: references that cannot be null, such as ``var.name``.
    """
    text = text.strip()
    if arms := _ternary(text):
        condition, then, otherwise = (tidy(arm, never_null) for arm in arms)
        return _conditional(condition, then, otherwise, never_null)
    for operator in ("||", "&&"):
        operands = _split(text, operator)
        if len(operands) > 1:
            return _joined(operator, [tidy(operand, never_null) for operand in operands])
    if text.startswith("!"):
        return negated(tidy(text[1:], never_null))
    if _whole(text):
        return tidy(text[1:-1], never_null)
    text = _inside(text, never_null)
    left, operator, right = _comparison(text)
    if operator in ("==", "!=") and right in ("true", "false") and left in never_null:
        return left if (right == "true") == (operator == "==") else f"!{left}"
    return text


def _conditional(condition: str, then: str, otherwise: str, never_null: Set[str]) -> str:
    left, operator, right = _comparison(condition)
    if right == "null" and left in never_null:
        return otherwise if operator == "==" else then
    if then == "true" and _safe(otherwise, never_null):
        return _joined("||", [condition, otherwise])
    if otherwise == "true" and _safe(then, never_null):
        return _joined("||", [negated(condition), then])
    if otherwise == "false" and _safe(then, never_null):
        return _joined("&&", [condition, then])
    if condition.startswith("!") and not _has(condition, " "):
        condition, then, otherwise = condition[1:], otherwise, then
    return " ".join([_grouped(condition, "?"), "?", _grouped(then, "?"), ":", _grouped(otherwise, "?")])


def _safe(text: str, never_null: Set[str]) -> bool:
    """Whether an expression has a value whatever its references are, so that it may be evaluated in vain."""
    for operator in ("||", "&&"):
        operands = _split(text, operator)
        if len(operands) > 1:
            return all(_safe(operand, never_null) for operand in operands)
    if text.startswith("!"):
        return _safe(text[1:], never_null)
    if _whole(text):
        return _ternary(text[1:-1]) is None and _safe(text[1:-1], never_null)
    if asked := SIZED.fullmatch(text) or AMONG.fullmatch(text):
        return asked[1] in never_null
    return text in never_null or EQUALITY.fullmatch(text) is not None


def negated(text: str) -> str:
    """Return the opposite of a condition."""
    if text.startswith("!") and not _has(text, " "):
        return text[1:]
    left, operator, right = _comparison(text)
    if operator == ">=" and right == "1" and left.startswith("length("):
        return f"{left} == 0"
    if operator:
        return f"{left} {OPPOSITE[operator]} {right}"
    return f"!({text})" if _has(text, " ") and not _whole(text) else f"!{text}"


def _comparison(text: str) -> tuple[str, str, str]:
    """Return both sides and the operator of what is one comparison as a whole, else three empty texts."""
    if not any(_has(text, operator) for operator in ("?", "||", "&&")):
        for operator in OPPOSITE:
            sides = _split(text, f" {operator} ")
            if len(sides) == 2:
                return sides[0], operator, sides[1]
    return "", "", ""


def _whole(text: str) -> bool:
    """Whether a text stands in parentheses as a whole."""
    return text.startswith("(") and _end(text, 0) == len(text) - 1


def _joined(operator: str, operands: list[str]) -> str:
    loose = ("?", "||", "&&")
    return f" {operator} ".join(_grouped(text, *(other for other in loose if other != operator)) for text in operands)


def _grouped(text: str, *operators: str) -> str:
    return f"({text})" if any(_has(text, operator) for operator in operators) else text


def _inside(text: str, never_null: Set[str]) -> str:
    """Return an operand with what stands in its brackets tidied, and without brackets around what needs none."""
    written: list[str] = []
    at = 0
    while at < len(text):
        if text[at] == '"':
            end = end_of_string(text, at + 1)
            written.append(text[at : end + 1])
        elif text[at] in "([":
            end = _end(text, at)
            within = ", ".join(_element(item, never_null) for item in _split(text[at + 1 : end], ","))
            called = text[at] == "[" or (at > 0 and (text[at - 1].isalnum() or text[at - 1] == "_"))
            bare = not called and not _has(within, " ")
            written.append(within if bare else f"{text[at]}{within}{text[end]}")
        elif text[at] == "{":
            end = _end(text, at)
            written.append(text[at : end + 1])
        else:
            end = at
            written.append(text[at])
        at = end + 1
    return "".join(written)


def _element(text: str, never_null: Set[str]) -> str:
    """Return an argument, or the inside of a ``for`` expression, whose colon is no conditional's."""
    text = text.strip()
    if not text.startswith("for "):
        return tidy(text, never_null)
    head, *rest = _split(text, ":")
    value, *kept = _split(":".join(rest), " if ")
    return " ".join([head.strip(), ":", tidy(value, never_null), *(f"if {tidy(item, never_null)}" for item in kept)])


def _ternary(text: str) -> tuple[str, str, str] | None:
    """Return condition and arms of a conditional that is the whole of a text."""
    condition, *rest = _split(text, "?", once=True)
    if not rest:
        return None
    depth = 0
    for at in _tops(rest[0]):
        if rest[0][at] == "?":
            depth += 1
        elif rest[0][at] == ":":
            if depth == 0:
                return condition, rest[0][:at], rest[0][at + 1 :]
            depth -= 1
    return None


def _has(text: str, operator: str) -> bool:
    return len(_split(text, operator)) > 1


def _split(text: str, separator: str, *, once: bool = False) -> list[str]:
    """Return the parts of a text between separators that stand in no brackets and no strings."""
    found: list[str] = []
    start = 0
    for at in _tops(text):
        if at >= start and text.startswith(separator, at) and not (once and found):
            found.append(text[start:at].strip())
            start = at + len(separator)
    return [*found, text[start:].strip()]


def _tops(text: str) -> list[int]:
    """Return the places of a text that stand in no brackets and no strings."""
    found: list[int] = []
    at = 0
    while at < len(text):
        if text[at] == '"':
            at = end_of_string(text, at + 1)
        elif text[at] in OPEN:
            at = _end(text, at)
        else:
            found.append(at)
        at += 1
    return found


def _end(text: str, at: int) -> int:
    """Return the place of the bracket that closes the one at ``at``."""
    depth = 0
    while True:
        if text[at] == '"':
            at = end_of_string(text, at + 1)
        depth += (text[at] in OPEN) - (text[at] in CLOSE)
        if depth == 0:
            return at
        at += 1
