"""What to say of a wrong key or value: pydantic's errors in YAML's words, with what would be right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from hp_tf.contract.base import Text, annotation
from hp_tf.environment.fields import (
    at,
    bare,
    block_of,
    blocks_in,
    field_at,
    field_type,
    fields_of,
    known_values,
    refusal,
)
from hp_tf.environment.messages.words import clause, is_slip, kin, listed, meant, shown, suggestion
from hp_tf.environment.tree import Node, Path, dotted

Answer = tuple[str, str | None]
# pydantic's names of what it has against a value: what it wants, or the words and unit of a limit and where that is.
TYPES = {
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
    "greater_than_equal": ("be at least", "ge", ""),
    "greater_than": ("be more than", "gt", ""),
    "less_than_equal": ("be at most", "le", ""),
    "less_than": ("be less than", "lt", ""),
    "multiple_of": ("be a multiple of", "multiple_of", ""),
    "too_short": ("have at least", "min_length", "element"),
    "too_long": ("have at most", "max_length", "element"),
    "string_too_short": ("have at least", "min_length", "character"),
    "string_too_long": ("have at most", "max_length", "character"),
}
# How many places a key may be looked for in, of those that have it; how many choices are listed.
_HOMES = 3
LISTED_CHOICES = 12
# A value written anew in a hint is no longer than this, in characters.
LONGEST_REWRITTEN = 80
_MEANINGS = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}


@dataclass(frozen=True)
class Room:
    """A part of the file that one model describes.

    Attributes:
        path: from the top of the file.
        model: what should stand there.
        what: whose keys these are, in the plural: "inputs of the layer network".
        also: keys that are read elsewhere but may be meant here.
        neighbours: other places that a misplaced key may belong to, with their keys.
    """

    path: Path
    model: type[BaseModel]
    what: str
    neighbours: Mapping[str, Iterable[str]]
    also: tuple[str, ...] = ()


def unknown_key(room: Room, loc: Path) -> Answer:
    """Return what to say, after its path, of a key below a room's model that nothing knows."""
    key, known = str(loc[-1]), list(fields_of(at(room.model, loc[:-1])))
    inner = len(loc) > 1
    if inner:
        text, kind = " is unknown", f"keys of {dotted(loc[:-1])}"
        homes = [dotted(place) for place in sorted(_holders(room.model, key), key=len)[:_HOMES]]
    else:
        text, kind = f" is unknown: '{key}' is not one of the {room.what}", room.what
        known += room.also
        homes = [name for name, theirs in room.neighbours.items() if key in theirs]
    guess = meant(key, known)
    if not homes or (guess is not None and (is_slip(key, guess) or (inner and guess.endswith(f"_{key}")))):
        return text, suggestion(key, known, kind)
    if inner:
        return text, f"it is a key of {listed(homes, 'or')}"
    # Where a key has a home of its own, sharing its last word with one that is known here is no likeness.
    alike = guess is not None and not key.endswith(f"_{guess}")
    return text, f"it belongs under {listed(homes, 'or')}{f'; or did you mean {guess!r}?' if alike else ''}"


def meant_for(model: type[BaseModel], loc: Path) -> Path:
    """Return the place an unknown key was probably meant for; its own if there is none."""
    return (*loc[:-1], meant(str(loc[-1]), fields_of(at(model, loc[:-1]))) or loc[-1])


def _holders(model: type[BaseModel], key: str) -> Iterator[Path]:
    """Yield the places in a model, at whatever depth, whose structured value has a key."""
    for name, info in fields_of(model).items():
        for place, block in blocks_in(info.annotation):
            if key in fields_of(block):
                yield (name, *place)


def wrong_value(details: ErrorDetails, model: type[BaseModel], loc: Path, node: Node) -> Answer:
    """Return what to say of a value, after its path, and how it would be written as the type that is wanted."""
    problem, value = details["type"], details["input"]
    if problem in TYPES:
        return f" must be {TYPES[problem]}, not {shown(value)}", _rewritten(problem, model, loc, node)
    if problem == "literal_error":
        return choice([str(one) for one in get_args(bare(at(model, loc)))], value)
    if problem in _LIMITS:
        words, key, unit = _LIMITS[problem]
        limit = details["ctx"][key]
        wanted = f"{limit} {unit}{'' if limit == 1 else 's'}" if unit else str(limit)
        return f" must {words} {wanted}, not {len(value) if unit else value}", None
    known = known_values(field_type(model, loc))
    return f": {complaint(details)}", likeliest(value, known) if known and isinstance(value, str) else None


def complaint(details: ErrorDetails) -> str:
    """Return pydantic's own sentence, or a contract's, as the rest of one."""
    return clause(details["msg"])


def choice(choices: list[str], value: Any) -> Answer:
    """Return what to say, after its path, of a value that is none of those it may be."""
    if str(value) in choices and not isinstance(value, str):
        return f" must be a text, not {shown(value)}", f'quote it: "{value}"'
    few = len(choices) <= LISTED_CHOICES
    among = "a known value" if not few else f"{'one of ' if len(choices) > 1 else ''}{listed(choices, 'or')}"
    text = f" must be {among}, not {shown(value)}"
    return text, likeliest(value if isinstance(value, str) else "", choices, told=few)


def likeliest(value: str, known: list[str], *, told: bool = False) -> str | None:
    """Return which of the known values was probably meant, or some of them. ``told``: they have been listed already."""
    family = kin(value, known)
    guess = family[0] if len(family) == 1 else None if family else meant(value, known)
    if guess is not None:
        return f"did you mean '{guess}'?"
    if told and not family:
        return None
    some = (family or known)[:LISTED_CHOICES]
    return f"known are {'' if some in (family, known) else 'for example '}{listed(some)}"


def true_or_false(value: Any) -> str | None:
    """Return which of the two a text probably means, as a hint."""
    meaning = _MEANINGS.get(value.lower()) if isinstance(value, str) else None
    return f"write {meaning}, without quotes" if meaning else None


def about(model: type[BaseModel], loc: Path) -> str | None:
    """Return the first sentence a field says of itself, or None if it says none."""
    info = field_at(model, loc)
    text = (info.description or "").strip() if info is not None else ""
    return clause(re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]) or None


def _rewritten(problem: str, model: type[BaseModel], loc: Path, node: Node) -> str | None:
    """Return how a value would be written as the type that is wanted, if it then is right; else what is wanted."""
    kind = field_type(model, loc)
    if node.data is None:
        return _not_null(kind, str(loc[-1]), in_map=get_origin(bare(at(model, loc[:-1]))) is dict)
    if problem == "string_type":
        wanted = about(model, loc)
        return _text(kind, node, wanted) or wanted
    if problem == "bool_type":
        return true_or_false(node.data)
    if problem in ("int_type", "float_type") and isinstance(node.data, str):
        digits = re.fullmatch(r"-?[0-9]{1,18}", node.data) is not None
        return f"write {node.data}, without quotes" if digits and not refusal(kind, int(node.data)) else None
    if problem == "list_type":
        return _list(kind, node)
    return _mapping(kind, node) if TYPES[problem] == "a mapping" else None


def _not_null(kind: Any, key: str, *, in_map: bool) -> str:
    defaults = in_map and block_of(kind) is not None and refusal(kind, {}) is None
    why = "null takes an inherited value away, and here none is inherited; " if in_map else ""
    write = f"write '{key}: {{}}' for its defaults" if defaults else "give it a value"
    return f"{why}{write}, or leave it out"


def _text(kind: Any, node: Node, wanted: str | None) -> str | None:
    value = node.plain()
    if isinstance(value, bool | int | float):
        quoted = node.raw or str(value)
        return None if refusal(kind, quoted) else f'quote it: "{quoted}"'
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str) and not refusal(kind, value[0]):
        return f"write it without brackets: {value[0]}"
    written = json.dumps(value, ensure_ascii=False)
    if refusal(kind, written):
        return None
    if len(written) <= LONGEST_REWRITTEN and "'" not in written:
        return f"write it as one text: '{written}', or '|' and its lines indented below"
    return f"write it as one text: '|' and its lines indented below{f'; {wanted}' if wanted else ''}"


def _list(kind: Any, node: Node) -> str | None:
    value, element = node.data, get_args(bare(kind))[0]
    if isinstance(value, str | int) and refusal(kind, [value]) is None:
        return f"write a list even for one value: [{node.raw or value}]"
    if block_of(element) is None:
        return None
    name = next(iter(node.mapping), "...")
    return f"write a list, each element with a '- ' in front: '- {_example(element, name)}'"


def _mapping(kind: Any, node: Node) -> str:
    block, value = block_of(kind), node.plain()
    if block is None:
        names = [name for name in value if isinstance(name, str)] if isinstance(value, list) else []
        instead = ", without a '- ' in front" if isinstance(value, list) else ""
        return f"write a key for each{instead}: '{[*names, 'key'][0]}: {_example(get_args(bare(kind))[1])}'"
    if isinstance(value, str) and value in block.model_fields:
        return f"write it as a key: '{{{value}: ...}}'"
    taker = _taker(block, value) if isinstance(value, str) else None
    if taker is not None:
        return f"write '{{{taker}: {json.dumps(value, ensure_ascii=False)}}}'"
    if _needed(block):
        return f"write its keys, such as '{_example(block)}'"
    return f"its keys are {listed(list(block.model_fields))}"


def _taker(block: type[BaseModel], value: str) -> str | None:
    """Return the field of a block that a lone text is plainly meant for: it is of that kind and needs no other."""
    for name, info in block.model_fields.items():
        kind = info.rebuild_annotation()
        narrow = get_origin(bare(kind)) is Literal or annotation(info, Text) is not None or info.is_required()
        if narrow and {*_needed(block)} <= {name} and refusal(kind, value) is None:
            return name
    return None


def _needed(block: type[BaseModel]) -> list[str]:
    return [name for name, info in block.model_fields.items() if info.is_required()]


def _example(kind: Any, name: str = "...") -> str:
    """Return how a value of a type looks: what a block needs, with what is to be filled in."""
    block = block_of(kind)
    if block is None:
        return "value"
    pairs = [f"{field}: {name if field == 'name' else '...'}" for field in _needed(block)]
    return f"{{{', '.join(pairs)}}}"
