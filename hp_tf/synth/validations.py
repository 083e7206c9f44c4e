"""A shape's constraints as Terraform conditions, each with a sentence that says what would be right.

Null is tested with ``x == null ? true : ...``: HCL's ``||`` evaluates both sides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from hp_tf.synth.expressions import escaped
from hp_tf.synth.shape import Shape
from hp_tf.synth.tidy import negated

# Names of the elements in nested `for` expressions, from the outside in.
ELEMENTS = ("item", "part", "detail", "inner", "innermost")
# A longer condition is not said a second time to name the elements it does not hold for.
LONGEST_TWICE = 130


@dataclass(frozen=True)
class Check:
    """A condition (bare HCL) and its message (a template), with an expression of the names of what is wrong."""

    condition: str
    message: str
    names: str = ""

    def text(self, *, named: bool = True) -> str:
        """Return the message, which ends in a full stop, with the names if there are any and they may be told."""
        return f"{self.message.removesuffix('.')}${{{self.names}}}." if named and self.names else self.message


def checks(shape: Shape, reference: str, path: str) -> list[Check]:
    """Return the checks of a variable.

    Args:
        reference: the value in HCL, ``var.vpc_id``.
        path: the value in messages, ``vpc_id``; ``[]`` stands for every element.
    """
    return list(_checks(shape, reference, path, 0, trusted=True))


def _checks(shape: Shape, reference: str, path: str, depth: int, *, trusted: bool) -> Iterator[Check]:
    """Yield the checks of a value. ``trusted``: Terraform itself keeps null out of it."""
    own = [Check(condition, f"{_subject(path)} {escaped(should)}.") for condition, should in _own(shape, reference)]
    inside = list(_inside(shape, reference, path, depth))
    if shape.nullable:
        yield from (_unless_null(reference, check) for check in (*own, *inside))
    elif trusted:
        yield from (*own, *inside)
    else:
        # A null here is refused by the first check, with its message; the others must not fail on it in their own way.
        yield from (check if check.condition.startswith("can(") else _tried(check) for check in own)
        yield from (_unless_null(reference, check) for check in inside)


def wrong_names(condition: str, reference: str, shape: Shape) -> str:
    """Return an expression of the names of the elements a condition on ``item`` does not hold for: ``: a, b``.

    Only objects are named: by their key, or by their attribute ``name``. Terraform evaluates a message even if nothing
    is wrong, and takes none that fails: a null in it costs the names, not the message. What is sensitive in an element
    does not become known by saying that it is wrong.
    """
    attributes = shape.element.attributes if shape.element is not None else {}
    if not attributes or len(condition) > LONGEST_TWICE or (shape.kind == "list" and "name" not in attributes):
        return ""
    names = f"for key, item in {reference} : key" if shape.kind == "map" else f"for item in {reference} : item.name"
    wrong = f"[{names} if nonsensitive({negated(condition)})]"
    return f'try(": ${{join(", ", {wrong})}}", "")'


def _unless_null(reference: str, check: Check) -> Check:
    return replace(check, condition=f"{reference} == null ? true : {check.condition}")


def _tried(check: Check) -> Check:
    return replace(check, condition=f"try({check.condition}, false)")


def _subject(path: str) -> str:
    """Return a path as the subject of a sentence."""
    if path.endswith("[]"):
        return f"Every element of {path.removesuffix('[]')}"
    if path.endswith("[key]"):
        return f"Every key of {path.removesuffix('[key]')}"
    return f"Every {path}" if "[]" in path else path


def _inside(shape: Shape, reference: str, path: str, depth: int) -> Iterator[Check]:
    element = ELEMENTS[depth] if depth < len(ELEMENTS) else f"item{depth}"
    if shape.kind == "map" and shape.key is not None:
        for check in _checks(shape.key, "key", f"{path}[key]", depth + 1, trusted=True):
            yield Check(f"alltrue([for key in keys({reference}) : {check.condition}])", check.message)
    if shape.element is not None:
        among = reference if shape.kind == "list" else f"values({reference})"
        only = ""
        if _accepts_any(shape.element):
            condition = f"alltrue([for {element} in {among} : {element} != null])"
            yield Check(condition, f"No element of {path} may be null.")
            only = f" if {element} != null" if shape.element.kind == "object" else ""
        inner = _checks(shape.element, element, f"{path}[]", depth + 1, trusted=bool(only))
        for check in inner:
            names = wrong_names(check.condition, reference, shape) if depth == 0 else ""
            yield Check(f"alltrue([for {element} in {among} : {check.condition}{only}])", check.message, names)
    for name, attribute in shape.attributes.items():
        place = f"{reference}.{name}"
        if attribute.required and _accepts_any(attribute.shape):
            yield Check(f"{place} != null", f"{_subject(f'{path}.{name}')} must be given; null is not a value.")
        yield from _checks(attribute.shape, place, f"{path}.{name}", depth, trusted=not attribute.required)


def _accepts_any(shape: Shape) -> bool:
    """Whether nothing else would notice a null where null is not a value."""
    return not shape.nullable and next(_own(shape, "x"), None) is None


def _own(shape: Shape, reference: str) -> Iterator[tuple[str, str]]:
    """Yield (condition, what the value must be) for the value itself."""
    if shape.listed is not None:
        yield f"contains(local.{shape.listed.name}, {reference})", f"must be {shape.listed.what}"
    elif shape.choices is not None:
        listed = ", ".join(f"'{item}'" if isinstance(item, str) else str(item) for item in shape.choices)
        prefix = "one of " if len(shape.choices) > 1 else ""
        yield f"contains({json.dumps(list(shape.choices))}, {reference})", f"must be {prefix}{listed}"
    for text in shape.texts:
        pattern = json.dumps(f"^(?:{text.pattern})$", ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
        yield f"can(regex({pattern}, {reference}))", f"must be {text.what}"
        yield from _length(f"length({reference})", text.min_length or None, text.max_length, "characters")
    if shape.kind == "number":
        yield from _range(shape, reference)
    if shape.shortest is not None or shape.longest is not None:
        unit = "characters" if shape.kind == "string" else "elements"
        yield from _length(f"length({reference})", shape.shortest, shape.longest, unit)


def _length(length: str, shortest: int | None, longest: int | None, unit: str) -> Iterator[tuple[str, str]]:
    if shortest and longest is not None:
        condition = f"{length} >= {shortest} && {length} <= {longest}"
        amount = f"{shortest}" if shortest == longest else f"{shortest} to {longest}"
        yield condition, f"must have {amount} {unit}"
    elif shortest:
        yield f"{length} >= {shortest}", f"must have at least {shortest} {_plural(shortest, unit)}"
    elif longest is not None:
        yield f"{length} <= {longest}", f"must have at most {longest} {_plural(longest, unit)}"


def _plural(number: int, unit: str) -> str:
    return unit.removesuffix("s") if number == 1 else unit


def _range(shape: Shape, reference: str) -> Iterator[tuple[str, str]]:
    conditions: list[str] = []
    words: list[str] = []
    if shape.whole and shape.choices is None:
        conditions.append(f"floor({reference}) == {reference}")
    for bound, operator, word in (
        (shape.low, ">=", "at least"),
        (shape.high, "<=", "at most"),
        (shape.above, ">", "more than"),
        (shape.below, "<", "less than"),
    ):
        if bound is not None:
            conditions.append(f"{reference} {operator} {json.dumps(bound)}")
            words.append(f"{word} {json.dumps(bound)}")
    if shape.low is not None and shape.high is not None:
        words[:2] = [f"from {json.dumps(shape.low)} to {json.dumps(shape.high)}"]
    if shape.step is not None:
        conditions.append(f"{reference} % {json.dumps(shape.step)} == 0")
        words.append(f"a multiple of {json.dumps(shape.step)}")
    if conditions:
        kind = "a whole number" if shape.whole else "a number"
        yield " && ".join(conditions), f"must be {kind}{', ' if words else ''}{' and '.join(words)}"
