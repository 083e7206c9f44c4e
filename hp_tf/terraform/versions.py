"""Versions of providers, and the ranges that a module's `required_providers` give."""

from __future__ import annotations

import re
from collections.abc import Iterable

_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)(?:-([\w.-]+))?(?:\+[\w.-]+)?")
_TERM = re.compile(r"(>=|<=|!=|~>|>|<|=)?\s*(\S+)")


def order(version: str) -> tuple[list[int], bool, str]:
    """Return a key that sorts versions, oldest first; a prerelease comes before its release."""
    found = _VERSION.fullmatch(version)
    if found is None:
        return [int(number) for number in re.findall(r"\d+", version)], False, version
    return [*_numbers(found[1])], found[2] is None, found[2] or ""


def allows(constraint: str, version: str) -> bool:
    """Return whether a range holds a version, as Terraform reads both. A prerelease is held only by its own name.

    Args:
        constraint: terms separated by commas, such as ``>= 3.0.0, < 4.0.0``.
    """
    found = _VERSION.fullmatch(version)
    if found is None:
        return False
    terms = [_TERM.fullmatch(part.strip()) for part in constraint.split(",") if part.strip()]
    return all(term is not None and _holds(term[1] or "=", term[2], found) for term in terms)


def newest(versions: Iterable[str], constraint: str) -> str | None:
    """Return the newest version that a range holds, None if it holds none."""
    return max((version for version in versions if allows(constraint, version)), key=order, default=None)


def _holds(operator: str, limit: str, version: re.Match[str]) -> bool:
    bound = _VERSION.fullmatch(limit)
    if bound is None:
        return False
    if version[2] is not None or bound[2] is not None:
        return operator == "=" and (_numbers(version[1]), version[2]) == (_numbers(bound[1]), bound[2])
    is_, than = _numbers(version[1]), _numbers(bound[1])
    match operator:
        case "=":
            return is_ == than
        case "!=":
            return is_ != than
        case ">=":
            return is_ >= than
        case "<=":
            return is_ <= than
        case ">":
            return is_ > than
        case "<":
            return is_ < than
        case _:
            # `~>` lets the last number that is written grow, and no other.
            fixed = len(bound[1].split(".")) - 1
            return is_ >= than and is_[:fixed] == than[:fixed]


def _numbers(text: str) -> tuple[int, ...]:
    numbers = [int(part) for part in text.split(".")]
    return tuple(numbers + [0] * (3 - len(numbers)))
