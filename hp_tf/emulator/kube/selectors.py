"""Label and field selectors of list requests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_SET = re.compile(r"\s*([^\s!=,()]+)\s+(in|notin)\s+\(([^)]*)\)\s*")


def _terms(selector: str) -> list[str]:
    """The selector's terms: split at commas that are not inside parentheses."""
    return [term.strip() for term in re.split(r",(?![^(]*\))", selector) if term.strip()]


def labels_match(labels: Mapping[str, str], selector: str) -> bool:
    """Whether labels fit a selector such as `app=x,tier in (a,b),!old`."""
    return all(_label_term(labels, term) for term in _terms(selector))


def _label_term(labels: Mapping[str, str], term: str) -> bool:
    if match := _SET.fullmatch(term):
        key, verb, values = match.groups()
        inside = labels.get(key) in {value.strip() for value in values.split(",")}
        return inside if verb == "in" else not inside
    if "!=" in term:
        key, value = term.split("!=", 1)
        return labels.get(key.strip()) != value.strip()
    if "=" in term:
        key, value = re.split("==?", term, maxsplit=1)
        return labels.get(key.strip()) == value.strip()
    if term.startswith("!"):
        return term[1:].strip() not in labels
    return term in labels


def fields_match(value: Mapping[str, Any], selector: str) -> bool:
    """Whether an object fits a field selector such as `metadata.name=x,status.phase!=Failed`."""
    return all(_field_term(value, term) for term in _terms(selector))


def _field_term(value: Mapping[str, Any], term: str) -> bool:
    negated = "!=" in term
    path, _, wanted = term.partition("!=" if negated else "=")
    found: Any = value
    for step in path.strip().split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    equal = str("" if found is None else found) == wanted.lstrip("=").strip()
    return equal != negated
