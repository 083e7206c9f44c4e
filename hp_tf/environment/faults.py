"""pydantic's errors as problems: at the line that is wrong, in YAML's words, with what would be right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hp_tf import codes
from hp_tf.contract.base import has_origin
from hp_tf.environment.hints import choice, description, first_sentence, rewritten
from hp_tf.environment.shapes import at, bare, block_of, blocks_in, fields_of, is_sensitive
from hp_tf.environment.tree import Node, Path, dotted
from hp_tf.environment.words import is_slip, listed, meant, shown, suggestion
from hp_tf.errors import Location, Problem
from hp_tf.findings import Code

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
# How many places a key may be looked for in, of those that have it.
_HOMES = 3
_LENGTHS = {"too_short": ("min_length", "at least"), "too_long": ("max_length", "at most")}
_CHARACTERS = {"string_too_short": ("min_length", "at least"), "string_too_long": ("max_length", "at most")}


@dataclass(frozen=True)
class Fault:
    """A problem and the path, from the top of the file, of the value that cannot be used because of it."""

    path: Path
    problem: Problem

    def finding(self) -> Problem:
        """Return the problem; its subject is the value's path unless it says another."""
        return replace(self.problem, subject=self.problem.subject or dotted(self.path))


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

    Args:
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
        found = error.errors(include_url=False)
        keys = _Keys(what, also, neighbours or {})
        misspelt = {_meant(details["loc"], model) for details in found if details["type"] == "extra_forbidden"}
        return [
            _fault(details, model, tree, base, keys)
            for details in found
            if details["type"] != "missing" or not (details["loc"] in misspelt or _need_not(details, model, partial))
        ]
    return []


def _need_not(details: ErrorDetails, model: type[BaseModel], partial: bool) -> bool:
    """Whether a missing top key is no fault."""
    loc = details["loc"]
    return len(loc) == 1 and (partial or has_origin(model.model_fields[str(loc[0])]))


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
        text, hint = f"{name} is required", first_sentence(description(model, loc))
    elif kind == "extra_forbidden":
        place = node.key or place
        text, hint = _unknown(loc, model, name, keys)
        guess = (*base, *_meant(loc, model))
        # The value was given, under another name: nothing may be concluded from its absence.
        path = guess if tree.find(guess) is None else path
    elif about_key:
        place = node.key or place
        text, hint = f"{name}: the key {_complaint(details)}", None
    elif is_sensitive(model, loc):
        text, hint = f"{name} is not a value that can be used", first_sentence(description(model, loc))
    else:
        text, hint = _wrong(details, model, loc, name, node)
    return Fault(path, Problem(text, place, hint, _code(kind), name))


def _code(kind: str) -> Code:
    if kind == "missing":
        return codes.VALUE_MISSING
    if kind == "extra_forbidden":
        return codes.UNKNOWN_KEY
    return codes.WRONG_TYPE if kind in _TYPES else codes.WRONG_VALUE


def _unknown(loc: Path, model: type[BaseModel], name: str, keys: _Keys) -> tuple[str, str]:
    key = str(loc[-1])
    known = _known(model, loc[:-1])
    if len(loc) > 1:
        text, kind = f"{name} is unknown", f"keys of {dotted(loc[:-1])}"
        homes = [dotted(place) for place in sorted(_holders(model, key), key=len)[:_HOMES]]
    else:
        known += keys.also
        text, kind = f"{name} is unknown: '{key}' is not one of the {keys.what}", keys.what
        homes = [home for home, theirs in keys.neighbours.items() if key in theirs]
    guess = meant(key, known)
    cut_short = len(loc) > 1 and guess is not None and guess.endswith(f"_{key}")
    if not homes or cut_short or (guess is not None and is_slip(key, guess)):
        return text, suggestion(key, known, kind)
    if len(loc) > 1:
        return text, f"It is a key of {listed(homes, 'or')}."
    # Where a key has a home of its own, sharing its last word with one that is known here is no likeness.
    alike = guess is not None and not key.endswith(f"_{guess}")
    return text, f"It belongs under {listed(homes, 'or')}{f'; or did you mean {guess!r}?' if alike else '.'}"


def _meant(loc: Path, model: type[BaseModel]) -> Path:
    """Return the place an unknown key was probably meant for; its own if there is none."""
    return (*loc[:-1], meant(str(loc[-1]), _known(model, loc[:-1])) or loc[-1])


def _holders(model: type[BaseModel], key: str) -> Iterator[Path]:
    """Yield the places in a model, at whatever depth, whose structured value has a key."""
    for name, info in fields_of(model).items():
        for place, block in blocks_in(info.annotation):
            if key in fields_of(block):
                yield (name, *place)


def _known(model: type[BaseModel], loc: Path) -> list[str]:
    """Return the keys a file may give at a place."""
    block = block_of(at(model, loc))
    return list(fields_of(block)) if block is not None else []


def _wrong(details: ErrorDetails, model: type[BaseModel], loc: Path, name: str, node: Node) -> tuple[str, str | None]:
    problem, value = details["type"], details["input"]
    context: Mapping[str, Any] = details.get("ctx", {})
    if problem in _TYPES:
        return f"{name} must be {_TYPES[problem]}, not {shown(value)}", rewritten(problem, model, loc, node)
    if problem == "literal_error":
        return choice(name, [str(choice) for choice in get_args(bare(at(model, loc)))], value)
    if problem in _LIMITS:
        key, words = _LIMITS[problem]
        return f"{name} must be {words} {context[key]}, not {value}", None
    if problem in _LENGTHS:
        key, words = _LENGTHS[problem]
        return f"{name} must have {words} {_counted(context[key], 'element')}, not {len(value)}", None
    if problem in _CHARACTERS:
        key, words = _CHARACTERS[problem]
        return f"{name} must have {words} {_counted(context[key], 'character')}, not {len(value)}", None
    return f"{name}: {_complaint(details)}", None


def _complaint(details: ErrorDetails) -> str:
    message = details["msg"]
    return message[:1].lower() + message[1:] if message[1:2].islower() else message


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


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
