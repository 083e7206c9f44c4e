"""Read YAML 1.2 into a :class:`~hp_tf.environment.tree.Node` tree, with the position of every key and value.

The tree is built from the parser's events rather than its objects, so that duplicate keys, tags, aliases and the
source text of a scalar can be judged here. Scalars follow YAML 1.2's core schema: ``yes`` and ``2024-01-01`` are text.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.reader import ReaderError

from hp_tf import codes
from hp_tf.environment.syntax import syntax_problem, without_tab
from hp_tf.environment.tree import Node, Scalar
from hp_tf.errors import BadInput, Location, Problem

MAX_BYTES = 1_000_000
MAX_NODES = 50_000
MAX_DEPTH = 40
MAX_DIGITS = 300
# The file is read anew for each.
MAX_TABS = 50

_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL_OR_HEX = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_UNUSABLE = re.compile("[\0\ud800-\udfff]")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")


def is_file(path: FilePath) -> bool:
    """Whether a path leads to a file; a path no file can have does not."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def read_file(path: FilePath) -> Node:
    """Read a file.

    Raises:
        BadInput: the file cannot be read or is not a YAML 1.2 document with a mapping at its top.
    """
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", error)
        raise BadInput([codes.FILE_UNREADABLE.about(str(path), f"{path} cannot be read: {why}")]) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = error.start - (before.rfind(b"\n") + 1) + 1
        kind = "UTF-16" if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "in another encoding"
        hint = f"It seems to be {kind}: save it as UTF-8."
        place = Location(str(path), line, column)
        raise BadInput([Problem("the file is not UTF-8 text", place, hint, codes.FILE_UNREADABLE)]) from error
    return read_text(text, str(path))


def read_text(text: str, file: str) -> Node:
    """Read a document from text; ``file`` is the name its positions carry.

    Raises:
        BadInput: syntax errors, all duplicate keys, tags, keys that are no text, aliases that expand without end, more
            than one document, or a document that is not a mapping. Always with a position.
    """
    if len(text) > MAX_BYTES:
        raise _bad(f"the file is larger than {MAX_BYTES} characters", Location(file, 1))
    return _read(text, file, MAX_TABS)


def _read(text: str, file: str, tabs: int) -> Node:
    """Read a document, with up to so many tabs that YAML allows and the parser does not."""
    builder = _Builder(text, file)
    try:
        return builder.document()
    except ReaderError as error:
        raise _bad(
            f"the character {_shown(error.character)} may not stand in YAML", builder.at(error.position)
        ) from error
    except MarkedYAMLError as error:
        spaced = without_tab(error, text) if tabs else None
        if spaced is not None:
            return _read(spaced, file, tabs - 1)
        raise BadInput([*builder.problems, syntax_problem(error, text, file)]) from error
    except (YAMLError, ValueError, OverflowError) as error:
        # ruamel lets the errors of chr() and int() through, for "\Uffffffff" or "%YAML 99999999999.1"
        raise _bad("the file is not YAML: an escape or a directive has an impossible value", builder.last) from error


class _Builder:
    """Builds one document from the parser's events."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._events: Iterator[Any] = iter(())
        self._anchors: dict[str, Node | None] = {}
        self._nodes = 0
        self.problems: list[Problem] = []
        self.last = Location(file, 1)

    def at(self, index: int) -> Location:
        """Return the position of a character by its number."""
        before = self._text[:index]
        return Location(self._file, before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1)

    def document(self) -> Node:
        self._events = iter(YAML(typ="safe", pure=True).parse(self._text))
        root: Node | None = None
        for event in self._events:
            kind = type(event).__name__
            if kind in ("StreamStartEvent", "DocumentStartEvent", "DocumentEndEvent", "StreamEndEvent"):
                continue
            if root is not None:
                raise _bad("the file holds more than one YAML document", self._mark(event))
            root = self._node(event, None, 0)
        if self.problems:
            raise BadInput(self.problems)
        if root is None or root.data is None:
            raise _bad("the file is empty", Location(self._file, 1))
        if not isinstance(root.data, dict):
            raise _bad(
                "an environment's file is a mapping of keys to values",
                root.start,
                "It begins with lines such as 'orchestrator: eks' and 'name: dev'.",
            )
        return root

    def _mark(self, event: Any) -> Location:
        self.last = Location(self._file, event.start_mark.line + 1, event.start_mark.column + 1)
        return self.last

    def _count(self, number: int, place: Location) -> None:
        self._nodes += number
        if self._nodes > MAX_NODES:
            raise _bad(f"the file holds more than {MAX_NODES} values, its aliases (*name) counted in full", place)

    def _node(self, event: Any, key: Location | None, depth: int) -> Node:
        place = self._mark(event)
        if depth > MAX_DEPTH:
            raise _bad(f"values are nested more than {MAX_DEPTH} deep", place)
        kind = type(event).__name__
        if kind == "ScalarEvent" and event.value == "" and event.style is None and key is not None:
            # The parser places what is not written at whatever comes next.
            self.last = place = key
        if kind == "AliasEvent":
            return self._alias(str(event.anchor), place, key, depth)
        self._count(1, place)
        if event.tag is not None and not (kind == "ScalarEvent" and str(event.tag) == "!"):
            raise _bad(f"tags such as '{event.tag}' are not used here", place, "Remove the tag; quote a text instead.")
        anchor = None if event.anchor is None else str(event.anchor)
        if anchor is not None:
            self._anchors[anchor] = None
        if kind == "ScalarEvent":
            if _UNUSABLE.search(event.value):
                raise _bad("a text holds a character that no text can hold: U+0000, or half of a pair", place)
            plain = event.style is None and event.tag is None
            node = Node(_scalar(event.value, place) if plain else event.value, place, key, event.value if plain else "")
        elif kind == "SequenceStartEvent":
            node = Node(list(self._elements(depth)), place, key)
        else:
            node = Node(self._pairs(depth), place, key)
        if anchor is not None:
            self._anchors[anchor] = node
        return node

    def _elements(self, depth: int) -> Iterator[Node]:
        for event in self._events:
            if type(event).__name__ == "SequenceEndEvent":
                return
            yield self._node(event, None, depth + 1)

    def _pairs(self, depth: int) -> dict[str, Node]:
        pairs: dict[str, Node] = {}
        for event in self._events:
            if type(event).__name__ == "MappingEndEvent":
                break
            name = self._node(event, None, depth + 1)
            if not isinstance(name.data, str):
                hint = f'Quote it: "{name.raw}".' if name.raw else None
                raise _bad(f"a key must be a text, and {name.raw or 'this'} is none", name.start, hint)
            if name.data == "<<" and name.raw:
                raise _bad("merge keys (<<) are not YAML 1.2", name.start, "Repeat the values, or use extends.")
            if name.data in pairs:
                first = pairs[name.data].key
                line = first.line if first else 1
                text = f"the key '{name.data}' stands here twice, first on line {line}"
                self.problems.append(Problem(text, name.start, code=codes.DUPLICATE_KEY, subject=name.data))
            pairs[name.data] = self._node(next(self._events), name.start, depth + 1)
        return pairs

    def _alias(self, anchor: str, place: Location, key: Location | None, depth: int) -> Node:
        if anchor not in self._anchors:
            raise _bad(f"the alias '*{anchor}' names no anchor above it", place)
        target = self._anchors[anchor]
        if target is None:
            raise _bad(f"the alias '*{anchor}' stands inside its own anchor", place)
        deepest = 0
        for path, _ in target.walk():
            deepest = max(deepest, len(path))
            self._count(1, place)
        if depth + deepest > MAX_DEPTH:
            raise _bad(f"values are nested more than {MAX_DEPTH} deep", place)
        return Node(target.data, place, key, target.raw)


def _scalar(text: str, place: Location) -> Scalar:
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    if _NOT_FINITE.fullmatch(text):
        raise _bad(f"'{text}' is not a number that can be used here", place, "Quote it if it is meant as a text.")
    number = _FLOAT.fullmatch(text) or _OCTAL_OR_HEX.fullmatch(text)
    if number is None:
        return text
    if len(text) > MAX_DIGITS:
        raise _bad(f"the number has more than {MAX_DIGITS} digits", place, "Quote it if it is meant as a text.")
    if _INT.fullmatch(text):
        return int(text)
    if _OCTAL_OR_HEX.fullmatch(text):
        return int(text, 0)
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise _bad(f"the number '{text}' is too large", place, "Quote it if it is meant as a text.")
    return value


def _shown(character: Any) -> str:
    return f"U+{character:04X}" if isinstance(character, int) else repr(character)


def _bad(message: str, place: Location, hint: str | None = None) -> BadInput:
    return BadInput([Problem(message, place, hint, codes.NOT_YAML)])
