"""pydantic's errors as problems: at the line that is wrong, in YAML's words, with what would be right."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hp_tf.contracts.base import Supplied, annotation, has_origin
from hp_tf.environment.shapes import at, bare, block_of, field_type, is_sensitive, refusal
from hp_tf.environment.tree import Node, Path, dotted
from hp_tf.environment.words import listed, meant, shown, suggestion
from hp_tf.errors import Location, Problem

LISTED_CHOICES = 12

_TYPES = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
}
_LIMITS = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "more than"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "less than"),
    "multiple_of": ("multiple_of", "a multiple of"),
}
_LENGTHS = {"too_short": ("min_length", "at least"), "too_long": ("max_length", "at most")}
_CHARACTERS = {"string_too_short": ("min_length", "at least"), "string_too_long": ("max_length", "at most")}


@dataclass(frozen=True)
class Fault:
    """A problem and the path, from the top of the file, of the value that cannot be used because of it."""

    path: Path
    problem: Problem


@dataclass(frozen=True)
class _Keys:
    what: str
    also: tuple[str, ...]
    neighbours: Mapping[str, Iterable[str]]


def check(
    model: type[BaseModel],
    data: Mapping[str, Any],
    tree: Node,
    base: Path = (),
    *,
    what: str,
    also: tuple[str, ...] = (),
    neighbours: Mapping[str, Iterable[str]] | None = None,
    partial: bool = False,
) -> list[Fault]:
    """Return everything pydantic has against some data.

    Parameters
    ----------
    model: what the data should be.
    data: plain data without the nulls that mean "not given".
    tree, base: the whole file, and where in it the data stands.
    what: whose keys these are, in the plural: "inputs of the layer network".
    also: keys that are read elsewhere but may be meant here.
    neighbours: other places a misplaced top key may belong to, with their keys.
    partial: a missing top key is no fault. Where it has an origin, it never is.
    """
    try:
        model.model_validate(dict(data))
    except ValidationError as error:
        return [
            _fault(details, model, tree, base, _Keys(what, also, neighbours or {}))
            for details in error.errors(include_url=False)
            if not _forgiven(details, model, partial)
        ]
    return []


def _forgiven(details: ErrorDetails, model: type[BaseModel], partial: bool) -> bool:
    if details["type"] != "missing" or len(details["loc"]) != 1:
        return False
    return partial or has_origin(model.model_fields[str(details["loc"][0])])


def _fault(
    details: ErrorDetails,
    model: type[BaseModel],
    tree: Node,
    base: Path,
    keys: _Keys,
) -> Fault:
    about_key = details["loc"][-1] == "[key]"
    loc: Path = details["loc"][:-1] if about_key else details["loc"]
    path = (*base, *loc)
    node = tree.nearest(path)
    name = dotted(path)
    place = node.place
    kind = details["type"]
    if kind == "missing":
        text, hint = f"{name} is required", _first_sentence(_description(model, loc))
    elif kind == "extra_forbidden":
        place = node.key or place
        text, hint = _unknown(loc, model, name, keys)
        guess = meant(str(loc[-1]), _known(model, loc[:-1]))
        # The value was given, under another name: nothing may be concluded from its absence.
        path = (*path[:-1], guess) if guess is not None and tree.find((*path[:-1], guess)) is None else path
    elif about_key:
        place = node.key or place
        text, hint = f"{name}: the key {_complaint(details)}", None
    elif is_sensitive(model, loc):
        text, hint = f"{name} is not a value that can be used", _first_sentence(_description(model, loc))
    else:
        text, hint = _wrong(details, model, loc, name, node)
    return Fault(path, Problem(text, place, hint))


def _unknown(loc: Path, model: type[BaseModel], name: str, keys: _Keys) -> tuple[str, str]:
    key = str(loc[-1])
    known = _known(model, loc[:-1])
    if len(loc) > 1:
        return f"{name} is unknown", suggestion(key, known, f"keys of {dotted(loc[:-1])}")
    known += keys.also
    text = f"{name} is unknown: '{key}' is not one of the {keys.what}"
    homes = [home for home, theirs in keys.neighbours.items() if key in theirs]
    if homes and meant(key, known) is None:
        return text, f"It belongs under {listed(homes, 'or')}."
    return text, suggestion(key, known, keys.what)


def _known(model: type[BaseModel], loc: Path) -> list[str]:
    """Return the keys a file may give at a place."""
    block = block_of(at(model, loc))
    fields = block.model_fields if block is not None else {}
    return [field for field, info in fields.items() if annotation(info, Supplied) is None]


def _wrong(details: ErrorDetails, model: type[BaseModel], loc: Path, name: str, node: Node) -> tuple[str, str | None]:
    problem, value = details["type"], details["input"]
    context: Mapping[str, Any] = details.get("ctx", {})
    if problem in _TYPES:
        return f"{name} must be {_TYPES[problem]}, not {shown(value)}", _hint(problem, model, loc, node)
    if problem == "literal_error":
        return _choice(name, [str(choice) for choice in get_args(bare(at(model, loc)))], value)
    if problem in _LIMITS:
        key, words = _LIMITS[problem]
        return f"{name} must be {words} {context[key]}, not {value}", None
    if problem in _LENGTHS:
        key, words = _LENGTHS[problem]
        return f"{name} must have {words} {_counted(context[key], 'element')}, not {context['actual_length']}", None
    if problem in _CHARACTERS:
        key, words = _CHARACTERS[problem]
        return f"{name} must have {words} {_counted(context[key], 'character')}, not {len(value)}", None
    return f"{name}: {_complaint(details)}", None


def _choice(name: str, choices: list[str], value: Any) -> tuple[str, str | None]:
    guess = meant(value, choices) if isinstance(value, str) else None
    if guess is None and str(value) in choices:
        return f"{name} must be a text, not {shown(value)}", f'Quote it: "{value}".'
    few = len(choices) <= LISTED_CHOICES
    among = f"one of {listed(choices, 'or')}" if few else "a known value"
    others = None if few else f"Known are for example {listed(choices[:LISTED_CHOICES])}."
    return f"{name} must be {among}, not {shown(value)}", f"Did you mean '{guess}'?" if guess else others


def _hint(problem: str, model: type[BaseModel], loc: Path, node: Node) -> str | None:
    """Return how the value would be written as the type that is wanted, if it then is right; else what is wanted."""
    value, kind = node.data, field_type(model, loc)
    if problem == "string_type" and isinstance(value, bool | int | float):
        quoted = node.raw or str(value)
        return _first_sentence(_description(model, loc)) if refusal(kind, quoted) else f'Quote it: "{quoted}".'
    if problem == "bool_type":
        return true_or_false(value)
    if problem in ("int_type", "float_type") and isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}", value):
        return None if refusal(kind, int(value)) else f"Write {value}, without quotes."
    if problem == "list_type" and isinstance(value, str | int):
        return None if refusal(kind, [value]) else f"Write a list even for one value: [{node.raw or value}]."
    return None


def true_or_false(value: Any) -> str | None:
    """Return which of the two a text probably means, as a hint."""
    folded = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
    meaning = folded.get(value.lower()) if isinstance(value, str) else None
    return f"Write {meaning}, without quotes." if meaning else None


def _complaint(details: ErrorDetails) -> str:
    message = details["msg"]
    return message[:1].lower() + message[1:] if message[1:2].islower() else message


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _description(model: type[BaseModel], path: Path) -> str:
    block = block_of(at(model, path[:-1]))
    info = block.model_fields.get(str(path[-1])) if block is not None else None
    return (info.description or "") if info is not None else ""


def _first_sentence(text: str) -> str | None:
    return re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0] or None


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Return problems by file, line and column, each once; those without a place come last."""
    return sorted(_once(problems), key=lambda problem: (*_position(problem.location), problem.message))


def _position(place: Location | None) -> tuple[bool, str, int, int]:
    return (True, "", 0, 0) if place is None else (False, place.file, place.line, place.column)


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    seen: set[Problem] = set()
    for problem in problems:
        if problem not in seen:
            seen.add(problem)
            yield problem
