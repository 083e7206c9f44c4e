"""Two values side by side: the places where they differ, as deep as there is something to tell."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from hp_tf.report.text import words
from hp_tf.terraform.plan import Path
from hp_tf.terraform.values import PlanValue

# By what the elements of a list are told apart: a position says nothing to a reader.
_NAMES = ("instance_group_name", "name", "key", "Sid")
# So many elements that two lists share are only counted.
_SHARED = 3


@dataclass(frozen=True)
class Place:
    """Where a value is: ``shown`` to people, ``path`` as Terraform counts (it ends at a string, a place need not)."""

    shown: str
    path: Path

    def member(self, key: str) -> Place:
        """Return the place of an object's attribute."""
        return Place(f"{self.shown}.{key}", (*self.path, key))

    def element(self, name: str | int, at: int) -> Place:
        """Return the place of a list's element: by its name, or by its number."""
        return Place(f"{self.shown}[{json.dumps(name, ensure_ascii=False)}]", (*self.path, at))

    def lines(self, first: int) -> Place:
        """Return the place of lines in a text; ``first`` counts from one."""
        return Place(f"{self.shown} line {first}", self.path)


@dataclass(frozen=True)
class Told:
    """What differs at a place, in words. An element of a list that comes or goes as a whole is on one side only.

    Attributes:
        before, after: None where an element is not.
        parts: what such an element holds, path by path from itself.
    """

    place: Place
    before: str | None
    after: str | None
    parts: tuple[tuple[str, str], ...] = ()


def walk(place: Place, before: PlanValue, after: PlanValue) -> Iterator[Told]:
    """Yield everything that differs. What one side hides is hidden on both."""
    before, after = before.hidden_with(after), after.hidden_with(before)
    if before == after or (before.is_null and after.is_null):
        return
    if before.is_sensitive or after.is_sensitive:
        yield Told(place, words(before), words(after))
        return
    one, other = _documents(before, after)
    if one.is_object and other.is_object:
        for key in sorted({*one.keys(), *other.keys()}):
            yield from walk(place.member(key), one.member(key), other.member(key))
    elif one.is_list and other.is_list:
        yield from _walk_list(place, one.elements(), other.elements())
    elif "\n" in (before.text or "") and "\n" in (after.text or ""):
        yield from _walk_lines(place, before.value.splitlines(), after.value.splitlines())
    else:
        yield Told(place, words(before), words(after))


def leaves(place: Place, value: PlanValue) -> Iterator[tuple[Place, str]]:
    """Yield (place, value in words) of all that a value holds; what is null, empty or not known yet holds nothing."""
    if value.is_sensitive:
        yield place, words(value)
        return
    inner = _document(value) or value
    elements = inner.elements()
    if inner.is_object:
        for key in sorted(inner.keys()):
            yield from leaves(place.member(key), inner.member(key))
    elif elements and all(map(_deep, elements)):
        named = next((found for key in _NAMES if (found := _by_name(elements, key)) is not None), {})
        names: list[str | int] = list(named) or list(range(len(elements)))
        for at, name in enumerate(names):
            yield from leaves(place.element(name, at), elements[at])
    elif any(not item.is_unknown for item in elements) if inner.is_list else not _holds_nothing(inner):
        yield place, words(inner)


def _holds_nothing(value: PlanValue) -> bool:
    return value.is_unknown or value.is_null or value.text == ""


def _walk_list(place: Place, before: Sequence[PlanValue], after: Sequence[PlanValue]) -> Iterator[Told]:
    for key in _NAMES:
        old, new = _by_name(before, key), _by_name(after, key)
        if old is not None and new is not None:
            positions = {name: at for names in (old, new) for at, name in enumerate(names)}
            for name in sorted(positions):
                yield from _walk_element(place.element(name, positions[name]), key, old.get(name), new.get(name))
            return
    if len(before) == len(after) and all(map(_deep, (*before, *after))):
        for at, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from walk(place.element(at, at), one, other)
        return
    yield Told(place, *_uncommon(list(map(words, before)), list(map(words, after))))


def _walk_element(place: Place, key: str, before: PlanValue | None, after: PlanValue | None) -> Iterator[Told]:
    if before is not None and after is not None:
        yield from walk(place, before, after)
        return
    element = before or after or PlanValue()
    parts = [(inner.shown.removeprefix("."), said) for inner, said in leaves(Place("", ()), element)]
    # Its name stands in the place.
    own = tuple((path, said) for path, said in parts if path != key)
    shown = words(element)
    yield Told(place, None, shown, own) if before is None else Told(place, shown, None, own)


def _deep(item: PlanValue) -> bool:
    """Whether there is something to find inside a list's element."""
    return not item.is_sensitive and (item.is_object or item.is_list or "\n" in (item.text or ""))


def _uncommon(before: list[str], after: list[str]) -> tuple[str, str]:
    """Return two lists in words, with no more than the number of what they share if that is much."""
    gone, come = Counter(before) - Counter(after), Counter(after) - Counter(before)
    shared = len(before) - gone.total()
    if shared < _SHARED or not (gone or come):
        return _listed(before), _listed(after)
    return _listed([f"{shared} the same", *gone.elements()]), _listed([f"{shared} the same", *come.elements()])


def _listed(items: list[str]) -> str:
    return f"[{', '.join(items)}]"


def _walk_lines(place: Place, before: list[str], after: list[str]) -> Iterator[Told]:
    for tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            old, new = before[start:end], after[new_start:new_end]
            yield Told(place.lines(new_start + 1), _joined(old), _joined(new))


def _joined(lines: list[str]) -> str:
    return words(PlanValue("\n".join(lines))) if lines else "nothing"


def _documents(before: PlanValue, after: PlanValue) -> tuple[PlanValue, PlanValue]:
    """Policies and a chart's values are documents inside strings: what changed in one is worth more than two strings.

    Where only the spelling changed, the strings are what there is to tell.
    """
    one, other = _document(before), _document(after)
    if one is None or other is None or one == other:
        return before, after
    return one, other


def _document(value: PlanValue) -> PlanValue | None:
    """Return the JSON or YAML in a text of several lines, or JSON in one line; None if it is neither."""
    text = value.text or ""
    if text[:1] in ("{", "["):
        try:
            return PlanValue(json.loads(text))
        except ValueError:
            return None
    # A text with anchors could be much larger than it looks.
    found = _yaml(text) if "\n" in text and "&" not in text else None
    return PlanValue(found) if isinstance(found, Mapping) else None


def _yaml(text: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        # Through JSON, which has neither dates nor keys that are numbers.
        return json.loads(json.dumps(YAML(typ="safe", pure=True).load(text), default=str))
    except (YAMLError, ValueError, TypeError):
        return None


def _by_name(items: Sequence[PlanValue], key: str) -> dict[str, PlanValue] | None:
    """Return a list's elements by name, where every element has one of its own. An empty list has none without."""
    found = {}
    for item in items:
        name = item.member(key)
        if item.is_sensitive or name.is_sensitive or name.text is None:
            return None
        found[name.text] = item
    return found if len(found) == len(items) else None
