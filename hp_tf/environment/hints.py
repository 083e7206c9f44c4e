"""What would be right in the place of a wrong value, as far as its type tells."""

from __future__ import annotations

import json
import re
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from hp_tf.contract.base import Text, annotation
from hp_tf.environment.shapes import at, bare, block_of, field_type, refusal
from hp_tf.environment.tree import Node, Path
from hp_tf.environment.words import kin, listed, meant, shown

LISTED_CHOICES = 12
# A value written anew in a hint is no longer than this, in characters.
LONGEST_REWRITTEN = 80


def rewritten(problem: str, model: type[BaseModel], loc: Path, node: Node) -> str | None:
    """Return how a value would be written as the type that is wanted, if it then is right; else what is wanted.

    ``problem`` is pydantic's name of it, ``loc`` where in the model the value stands.
    """
    kind, wanted = field_type(model, loc), first_sentence(description(model, loc))
    if node.data is None:
        return _not_null(kind, str(loc[-1]), in_map=_is_map(at(model, loc[:-1])))
    if problem == "string_type":
        return _text(kind, node, wanted) or wanted
    if problem == "bool_type":
        return true_or_false(node.data)
    if problem in ("int_type", "float_type") and isinstance(node.data, str):
        digits = re.fullmatch(r"-?[0-9]{1,18}", node.data) is not None
        return f"Write {node.data}, without quotes." if digits and not refusal(kind, int(node.data)) else None
    if problem == "list_type":
        return _list(kind, node)
    if problem in ("dict_type", "model_type", "model_attributes_type"):
        return _mapping(kind, node)
    return None


def choice(name: str, choices: list[str], value: Any) -> tuple[str, str | None]:
    """Return the message and the hint for a value that is none of those it may be."""
    if str(value) in choices and not isinstance(value, str):
        return f"{name} must be a text, not {shown(value)}", f'Quote it: "{value}".'
    family = kin(value, choices) if isinstance(value, str) else []
    guess = family[0] if len(family) == 1 else None
    if isinstance(value, str) and not family:
        guess = meant(value, choices)
    few = len(choices) <= LISTED_CHOICES
    among = "a known value" if not few else f"{'one of ' if len(choices) > 1 else ''}{listed(choices, 'or')}"
    text = f"{name} must be {among}, not {shown(value)}"
    if guess is not None:
        return text, f"Did you mean '{guess}'?"
    known = family or choices
    if few and not family:
        return text, None
    some = known[:LISTED_CHOICES]
    return text, f"Known are {'for example ' if len(some) < len(known) or not family else ''}{listed(some)}."


def true_or_false(value: Any) -> str | None:
    """Return which of the two a text probably means, as a hint."""
    folded = {"yes": "true", "on": "true", "true": "true", "no": "false", "off": "false", "false": "false"}
    meaning = folded.get(value.lower()) if isinstance(value, str) else None
    return f"Write {meaning}, without quotes." if meaning else None


def description(model: type[BaseModel], loc: Path) -> str:
    """Return what a field says of itself; empty for what is no field."""
    block = block_of(at(model, loc[:-1]))
    info = block.model_fields.get(str(loc[-1])) if block is not None else None
    return (info.description or "") if info is not None else ""


def first_sentence(text: str) -> str | None:
    """Return the first sentence, or None if there is none."""
    return re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0] or None


def _not_null(kind: Any, key: str, *, in_map: bool) -> str:
    defaults = block_of(kind) is not None and refusal(kind, {}) is None
    write = f"Write '{key}: {{}}' for its defaults" if defaults and in_map else "Give it a value"
    why = "Null takes an inherited value away, and here none is inherited. " if in_map else ""
    return f"{why}{write}, or leave it out."


def _text(kind: Any, node: Node, wanted: str | None) -> str | None:
    value = node.plain()
    if isinstance(value, bool | int | float):
        quoted = node.raw or str(value)
        return None if refusal(kind, quoted) else f'Quote it: "{quoted}".'
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str) and not refusal(kind, value[0]):
        return f"Write it without brackets: {value[0]}."
    written = json.dumps(value, ensure_ascii=False)
    if refusal(kind, written):
        return None
    if len(written) <= LONGEST_REWRITTEN and "'" not in written:
        return f"Write it as one text: '{written}', or '|' and its lines indented below."
    return f"Write it as one text: '|' and its lines indented below. {wanted or ''}".rstrip()


def _list(kind: Any, node: Node) -> str | None:
    value, element = node.data, get_args(bare(kind))[0]
    if isinstance(value, str | int) and refusal(kind, [value]) is None:
        return f"Write a list even for one value: [{node.raw or value}]."
    if block_of(element) is None:
        return None
    name = next(iter(value), "...") if isinstance(value, dict) else "..."
    return f"Write a list, each element with a '- ' in front: '- {_example(element, name)}'."


def _mapping(kind: Any, node: Node) -> str:
    block, value = block_of(kind), node.plain()
    if block is not None:
        if isinstance(value, str) and value in block.model_fields:
            return f"Write it as a key: '{{{value}: ...}}'."
        field = _taker(block, value) if isinstance(value, str) else None
        if field is not None:
            return f"Write '{{{field}: {json.dumps(value, ensure_ascii=False)}}}'."
        if any(info.is_required() for info in block.model_fields.values()):
            return f"Write its keys, such as '{_example(block)}'."
        return f"Its keys are {listed(list(block.model_fields))}."
    inner = get_args(bare(kind))[1]
    names = [name for name in value if isinstance(name, str)] if isinstance(value, list) else []
    instead = ", without a '- ' in front" if isinstance(value, list) else ""
    return f"Write a key for each{instead}: '{names[0] if names else 'key'}: {_example(inner)}'."


def _taker(block: type[BaseModel], value: str) -> str | None:
    """Return the field of a block that a lone text is plainly meant for: it is of that kind and needs no other."""
    required = {name for name, info in block.model_fields.items() if info.is_required()}
    for name, info in block.model_fields.items():
        kind = info.rebuild_annotation()
        narrow = get_origin(bare(kind)) is Literal or annotation(info, Text) is not None or name in required
        if narrow and required <= {name} and refusal(kind, value) is None:
            return name
    return None


def _example(kind: Any, name: str = "...") -> str:
    """Return how a value of a type looks: what a block needs, with what is to be filled in."""
    block = block_of(kind)
    if block is None:
        return "value"
    needed = [field for field, info in block.model_fields.items() if info.is_required()]
    pairs = [f"{field}: {name if field == 'name' else '...'}" for field in needed]
    return f"{{{', '.join(pairs)}}}"


def _is_map(kind: Any) -> bool:
    return get_origin(bare(kind)) is dict
