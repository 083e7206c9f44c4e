"""Two values side by side: the places where they differ, as deep as there is something to tell."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from hp_tf.report.shown import UNKNOWN, same, words
from hp_tf.terraform.plan import Path

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


def walk(place: Place, before: Any, after: Any) -> Iterator[Told]:
    """Yield everything that differs."""
    if before is after or same(before, after):
        return
    one, other = _documents(before, after)
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in sorted({*one, *other}, key=str):
            yield from walk(place.member(str(key)), one.get(key), other.get(key))
    elif isinstance(one, list) and isinstance(other, list):
        yield from _walk_list(place, one, other)
    elif isinstance(before, str) and isinstance(after, str) and "\n" in before and "\n" in after:
        yield from _walk_lines(place, before.splitlines(), after.splitlines())
    else:
        yield Told(place, words(before), words(after))


def leaves(place: Place, value: Any) -> Iterator[tuple[Place, str]]:
    """Yield (place, value in words) of all that a value holds; what is null, empty or not known yet holds nothing."""
    found = _document(value) if isinstance(value, str) else None
    inner = value if found is None else found
    if isinstance(inner, Mapping):
        for key in sorted(inner, key=str):
            yield from leaves(place.member(str(key)), inner[key])
    elif isinstance(inner, list) and inner and all(map(_deep, inner)):
        named = next((found for key in _NAMES if (found := _by_name(inner, key)) is not None), {})
        names: list[str | int] = list(named) or list(range(len(inner)))
        for at, name in enumerate(names):
            yield from leaves(place.element(name, at), inner[at])
    elif inner not in (None, "", UNKNOWN) and not (isinstance(inner, list) and all(item is UNKNOWN for item in inner)):
        yield place, words(inner)


def _walk_list(place: Place, before: list[Any], after: list[Any]) -> Iterator[Told]:
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


def _walk_element(place: Place, key: str, before: Any, after: Any) -> Iterator[Told]:
    if before is not None and after is not None:
        yield from walk(place, before, after)
        return
    held = leaves(Place("", ()), before if after is None else after)
    parts = [(inner.shown.removeprefix("."), said) for inner, said in held]
    # Its name stands in the place.
    own = tuple((path, said) for path, said in parts if path != key)
    yield Told(place, None, words(after), own) if before is None else Told(place, words(before), None, own)


def _deep(item: Any) -> bool:
    """Whether there is something to find inside a list's element."""
    return isinstance(item, Mapping | list) or (isinstance(item, str) and "\n" in item)


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
    return words("\n".join(lines)) if lines else "nothing"


def _documents(before: Any, after: Any) -> tuple[Any, Any]:
    """Policies and a chart's values are documents inside strings: what changed in one is worth more than two strings.

    Where only the spelling changed, the strings are what there is to tell.
    """
    if not (isinstance(before, str) and isinstance(after, str)):
        return before, after
    one, other = _document(before), _document(after)
    if one is None or other is None or same(one, other):
        return before, after
    return one, other


def _document(text: str) -> Any:
    """Return the JSON or YAML in a text of several lines, or JSON in one line; None if it is neither."""
    if text[:1] in ("{", "["):
        try:
            return json.loads(text)
        except ValueError:
            return None
    # A text with anchors could be much larger than it looks.
    if "\n" not in text or "&" in text:
        return None
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        found = YAML(typ="safe", pure=True).load(text)
    except (YAMLError, ValueError):
        return None
    return found if isinstance(found, Mapping) else None


def _by_name(items: list[Any], key: str) -> dict[str, Any] | None:
    """Return a list's elements by name, where every element has one of its own. An empty list has none without."""
    if not all(isinstance(item, Mapping) and isinstance(item.get(key), str) for item in items):
        return None
    found = {item[key]: item for item in items}
    return found if len(found) == len(items) else None
