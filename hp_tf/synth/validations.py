"""A shape's constraints as conditions, each with a sentence that says what would be right."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from hp_tf.contract.expressions.nodes import Constant, Expression, Length, Match
from hp_tf.contract.expressions.words import both, element, implies
from hp_tf.synth.expressions import escaped
from hp_tf.synth.shape import Shape

# Names of the elements in nested `for` expressions, from the outside in.
ELEMENTS = ("item", "part", "detail", "inner", "innermost")


@dataclass(frozen=True)
class Check:
    """A condition and its message (a template).

    ``of_element``: the same condition of one element of the input, ``item()``, where the message names those it does
    not hold for. ``tail``: an expression of what else is put before the message's full stop.
    """

    condition: Expression
    message: str
    of_element: Expression | None = None
    tail: str = ""


def checks(shape: Shape, reference: Expression, path: str) -> list[Check]:
    """Return the checks of a variable.

    Args:
        shape: the variable's shape.
        reference: the value, ``var("vpc_id")``.
        path: the value in messages, ``vpc_id``; ``[]`` stands for every element.
    """
    return list(_checks(shape, reference, path, 0, trusted=True))


def _checks(shape: Shape, reference: Expression, path: str, depth: int, *, trusted: bool) -> Iterator[Check]:
    """Yield the checks of a value. ``trusted``: Terraform itself keeps null out of it."""
    found = list(_own(shape, reference))
    said = f"{_subject(path)} {escaped(' and '.join(should for _, should in found))}."
    conditions = [condition for condition, _ in found]
    if not trusted and not shape.nullable and found and not isinstance(conditions[0], Match):
        # Null is refused with the same message. It matches no pattern.
        conditions.insert(0, reference.given())
    own = [Check(both(*conditions), said)] if found else []
    inside = list(_inside(shape, reference, path, depth))
    if shape.nullable:
        yield from _where(reference.given(), [*own, *inside])
    else:
        yield from own
        yield from inside if trusted else _where(reference.given(), inside)


def _where(condition: Expression, found: list[Check]) -> Iterator[Check]:
    yield from (replace(check, condition=implies(condition, check.condition)) for check in found)


def _subject(path: str) -> str:
    """Return a path as the subject of a sentence."""
    if path.endswith("[]"):
        return f"Every element of {path.removesuffix('[]')}"
    if path.endswith("[key]"):
        return f"Every key of {path.removesuffix('[key]')}"
    return f"Every {path}" if "[]" in path else path


def _inside(shape: Shape, reference: Expression, path: str, depth: int) -> Iterator[Check]:
    name = ELEMENTS[depth] if depth < len(ELEMENTS) else f"item{depth}"
    one = element(name)
    if shape.kind == "map" and shape.key is not None:
        for check in _checks(shape.key, element("key"), f"{path}[key]", depth + 1, trusted=True):
            yield Check(reference.keys().every("key", check.condition), check.message)
    if shape.element is not None:
        among = reference if shape.kind == "list" else reference.values()
        only = None
        if _accepts_any(shape.element):
            yield Check(among.every(name, one.given()), f"No element of {path} may be null.")
            only = one.given() if shape.element.kind == "object" else None
        for check in _checks(shape.element, one, f"{path}[]", depth + 1, trusted=only is not None):
            yield Check(
                among.every(name, check.condition, only), check.message, check.condition if depth == 0 else None
            )
    for key, attribute in shape.attributes.items():
        place = reference.field(key)
        if attribute.required and _accepts_any(attribute.shape):
            yield Check(place.given(), f"{_subject(f'{path}.{key}')} must be given; null is not a value.")
        yield from _checks(attribute.shape, place, f"{path}.{key}", depth, trusted=not attribute.required)


def _accepts_any(shape: Shape) -> bool:
    """Return whether nothing else would notice a null where null is not a value."""
    return not shape.nullable and next(_own(shape, Constant(None)), None) is None


def _own(shape: Shape, value: Expression) -> Iterator[tuple[Expression, str]]:
    """Yield (condition, what the value must be) for the value itself."""
    if shape.choices is not None:
        named = ", ".join(f"'{item}'" if isinstance(item, str) else str(item) for item in shape.choices)
        yield value.one_of(shape.choices), f"must be {'one of ' if len(shape.choices) > 1 else ''}{named}"
    for text in shape.texts:
        yield value.matches(text.pattern), f"must be {text.what}"
        yield from _length(value, text.min_length or None, text.max_length, "characters")
    if shape.kind == "number":
        yield from _range(shape, value)
    if shape.shortest is not None or shape.longest is not None:
        unit = "characters" if shape.kind == "string" else "elements"
        yield from _length(value, shape.shortest, shape.longest, unit)


def _length(
    value: Expression, shortest: int | None, longest: int | None, unit: str
) -> Iterator[tuple[Expression, str]]:
    length = Length(value)
    if shortest and longest is not None:
        amount = f"{shortest}" if shortest == longest else f"{shortest} to {longest}"
        yield both(length.ge(shortest), length.le(longest)), f"must have {amount} {unit}"
    elif shortest:
        yield length.ge(shortest), f"must have at least {shortest} {_plural(shortest, unit)}"
    elif longest is not None:
        yield length.le(longest), f"must have at most {longest} {_plural(longest, unit)}"


def _plural(number: int, unit: str) -> str:
    return unit.removesuffix("s") if number == 1 else unit


def _range(shape: Shape, value: Expression) -> Iterator[tuple[Expression, str]]:
    conditions: list[Expression] = []
    words: list[str] = []
    if shape.whole and shape.choices is None:
        conditions.append(value.whole())
    bounds: tuple[tuple[float | None, Callable[[float], Expression], str], ...] = (
        (shape.low, value.ge, "at least"),
        (shape.high, value.le, "at most"),
        (shape.above, value.gt, "more than"),
        (shape.below, value.lt, "less than"),
    )
    for bound, compared, word in bounds:
        if bound is not None:
            conditions.append(compared(bound))
            words.append(f"{word} {json.dumps(bound)}")
    if shape.low is not None and shape.high is not None:
        words[:2] = [f"from {json.dumps(shape.low)} to {json.dumps(shape.high)}"]
    if shape.step is not None:
        conditions.append(value.modulo(shape.step).eq(0))
        words.append(f"a multiple of {json.dumps(shape.step)}")
    if conditions:
        kind = "a whole number" if shape.whole else "a number"
        yield both(*conditions), f"must be {kind}{', ' if words else ''}{' and '.join(words)}"
