"""Text to positions: a file of YAML 1.2 as a tree of nodes that know where they stand.

The tree is built from the parser's events rather than its objects, so that duplicate keys, tags, aliases and the
source text of a scalar can be judged here (docs/decisions/2026-12-01-positions-from-the-parsers-events.md). Scalars
follow YAML 1.2's core schema: ``yes`` and ``2024-01-01`` are text.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent, MappingEndEvent, NodeEvent, ScalarEvent, SequenceEndEvent, SequenceStartEvent
from ruamel.yaml.reader import ReaderError

from hp_tf import codes
from hp_tf.contract.base import ORCHESTRATORS
from hp_tf.environment.messages.syntax import not_yaml, without_tab
from hp_tf.environment.tree import Node, Scalar
from hp_tf.errors import BadInput
from hp_tf.findings import Finding, Location

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
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_UNUSABLE = re.compile("[\0\ud800-\udfff]")
_QUOTE_A_TEXT = "quote it if it is meant as a text"


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
        place = Location(str(path), before.count(b"\n") + 1, error.start - before.rfind(b"\n"))
        kind = "UTF-16" if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "in another encoding"
        remedy = f"it seems to be {kind}: save it as UTF-8"
        raise BadInput([Finding("the file is not UTF-8 text", place, remedy, codes.FILE_UNREADABLE)]) from error
    return read_text(text, str(path))


def read_text(text: str, file: str) -> Node:
    """Read a document from text; ``file`` is the name its positions carry.

    Raises:
        BadInput: syntax errors, all duplicate keys, tags, keys that are no text, aliases that expand without end, more
            than one document, or a document that is not a mapping. Always with a position.
    """
    if len(text) > MAX_BYTES:
        raise _bad(f"the file is larger than {MAX_BYTES} characters", Location(file, 1))
    tabs = 0
    while True:
        document = _Document(text, file)
        try:
            return document.root()
        except ReaderError as error:
            letter = error.character
            shown = f"U+{letter:04X}" if isinstance(letter, int) else repr(letter)
            raise _bad(f"the character {shown} may not stand in YAML", document.at(error.position)) from error
        except MarkedYAMLError as error:
            spaced = without_tab(error, text) if tabs < MAX_TABS else None
            if spaced is None:
                raise BadInput([*document.doubled, not_yaml(error, text, file)]) from error
            text, tabs = spaced, tabs + 1
        except (YAMLError, ValueError, OverflowError) as error:
            # ruamel lets the errors of chr() and int() through, for "\Uffffffff" or "%YAML 99999999999.1"
            raise _bad(
                "the file is not YAML: an escape or a directive has an impossible value", document.last
            ) from error


class _Document:
    """One document, built from the parser's events.

    Attributes:
        doubled: what is to be said of keys that stand twice.
        last: where the latest event began.
    """

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._events: Iterator[Any] = iter(())
        self._anchors: dict[str, Node | None] = {}
        self._nodes = 0
        self.doubled: list[Finding] = []
        self.last = Location(file, 1)

    def at(self, index: int) -> Location:
        """Return the position of a character by its number."""
        before = self._text[:index]
        return Location(self._file, before.count("\n") + 1, index - before.rfind("\n"))

    def root(self) -> Node:
        self._events = iter(YAML(typ="safe", pure=True).parse(self._text))
        root: Node | None = None
        for event in self._events:
            if isinstance(event, NodeEvent):
                if root is not None:
                    raise _bad("the file holds more than one YAML document", self._mark(event))
                root = self._node(event, None, 0)
        if self.doubled:
            raise BadInput(self.doubled)
        if root is None or root.data is None:
            raise _bad("the file is empty", Location(self._file, 1))
        if not isinstance(root.data, dict):
            remedy = f"it begins with lines such as 'orchestrator: {ORCHESTRATORS[0]}' and 'name: dev'"
            raise _bad("an environment's file is a mapping of keys to values", root.start, remedy)
        return root

    def _mark(self, event: Any) -> Location:
        self.last = Location(self._file, event.start_mark.line + 1, event.start_mark.column + 1)
        return self.last

    def _node(self, event: Any, key: Location | None, depth: int) -> Node:
        place = self._mark(event)
        if isinstance(event, AliasEvent):
            self._limit(depth, 0, place)
            return self._alias(str(event.anchor), place, key, depth)
        self._limit(depth, 1, place)
        if isinstance(event, ScalarEvent) and event.value == "" and event.style is None and key is not None:
            # The parser places what is not written at whatever comes next.
            self.last = place = key
        if event.tag is not None and not (isinstance(event, ScalarEvent) and str(event.tag) == "!"):
            raise _bad(f"tags such as '{event.tag}' are not used here", place, "remove the tag; quote a text instead")
        anchor = None if event.anchor is None else str(event.anchor)
        if anchor is not None:
            self._anchors[anchor] = None
        if isinstance(event, ScalarEvent):
            node = self._scalar(event, place, key)
        elif isinstance(event, SequenceStartEvent):
            node = Node(list(self._elements(depth)), place, key)
        else:
            node = Node(self._pairs(depth), place, key)
        if anchor is not None:
            self._anchors[anchor] = node
        return node

    def _limit(self, depth: int, number: int, place: Location) -> None:
        if depth > MAX_DEPTH:
            raise _bad(f"values are nested more than {MAX_DEPTH} deep", place)
        self._nodes += number
        if self._nodes > MAX_NODES:
            raise _bad(f"the file holds more than {MAX_NODES} values, its aliases (*name) counted in full", place)

    def _scalar(self, event: Any, place: Location, key: Location | None) -> Node:
        if _UNUSABLE.search(event.value):
            raise _bad("a text holds a character that no text can hold: U+0000, or half of a pair", place)
        plain = event.style is None and event.tag is None
        return Node(_value(event.value, place) if plain else event.value, place, key, event.value if plain else "")

    def _elements(self, depth: int) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, SequenceEndEvent):
                return
            yield self._node(event, None, depth + 1)

    def _pairs(self, depth: int) -> dict[str, Node]:
        pairs: dict[str, Node] = {}
        for event in self._events:
            if isinstance(event, MappingEndEvent):
                break
            name = self._node(event, None, depth + 1)
            if not isinstance(name.data, str):
                remedy = f'quote it: "{name.raw}"' if name.raw else None
                raise _bad(f"a key must be a text, and {name.raw or 'this'} is none", name.start, remedy)
            if name.data == "<<" and name.raw:
                raise _bad("merge keys (<<) are not YAML 1.2", name.start, "repeat the values, or use extends")
            first = pairs[name.data].key if name.data in pairs else None
            if first is not None:
                text = f"the key '{name.data}' stands here twice, first on line {first.line}"
                self.doubled.append(Finding(text, name.start, code=codes.DUPLICATE_KEY, subject=name.data))
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
            self._limit(0, 1, place)
        self._limit(depth + deepest, 0, place)
        return Node(target.data, place, key, target.raw)


def _value(text: str, place: Location) -> Scalar:
    """Return what a plain scalar means.

    Raises:
        BadInput: it is a number that has no use, or no end.
    """
    if _NULL.fullmatch(text):
        return None
    if _BOOL.fullmatch(text):
        return text.lower() == "true"
    if _NOT_FINITE.fullmatch(text):
        raise _bad(f"'{text}' is not a number that can be used here", place, _QUOTE_A_TEXT)
    if not (_FLOAT.fullmatch(text) or _OCTAL_OR_HEX.fullmatch(text)):
        return text
    if len(text) > MAX_DIGITS:
        raise _bad(f"the number has more than {MAX_DIGITS} digits", place, _QUOTE_A_TEXT)
    if _INT.fullmatch(text) or _OCTAL_OR_HEX.fullmatch(text):
        return int(text, 0 if text[1:2] in ("o", "x") else 10)
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise _bad(f"the number '{text}' is too large", place, _QUOTE_A_TEXT)
    return value


def _bad(message: str, place: Location, remedy: str | None = None) -> BadInput:
    return BadInput([Finding(message, place, remedy, codes.NOT_YAML)])
