"""What to say of text that is no YAML: what stands there, and what would be right."""

from __future__ import annotations

import re
import unicodedata

from ruamel.yaml.error import MarkedYAMLError

from hp_tf import codes
from hp_tf.findings import Finding, Location

_QUOTE_IT = "put the whole value in quotes"
_ONE_COLUMN = "keys of one mapping begin in the same column"
_CLOSED = "',' or '{0}' is missing here: {at} a {1} is opened with '{2}'"
# The parser's context and complaint; what to say of it and where, at the complaint (!) or where its context began;
# what would be right. {at} is where the context began, {0} what the pattern caught.
_COMPLAINTS = (
    (r".*\|found character '(.)' that cannot start", "!a value cannot begin with '{0}'", _QUOTE_IT),
    (r".*quoted scalar.*end of stream", "a quote is opened here and never closed", None),
    (
        r".*unknown escape character '(.)'",
        "!'\\{0}' means nothing in double quotes",
        "write '\\\\{0}', or put the value in single quotes",
    ),
    (r".*parsing a flow sequence", f"!{_CLOSED.format(']', 'list', '[', at='{at}')}", "close it with ']'"),
    (r".*parsing a flow mapping", f"!{_CLOSED.format('}}', 'mapping', '{{', at='{at}')}", "close it with '}}'"),
    (
        r".*sequence entries are not allowed",
        "!a list cannot begin behind its key",
        "put each '- ' on a line of its own under the key, or write [a, b]",
    ),
    (
        r".*expected <block end>.*'<block (?:mapping|sequence) start>'",
        "!this line is indented unlike those around it: the keys {at} begin in column {column}",
        _ONE_COLUMN,
    ),
    (
        r".*expected <block end>.*'-'",
        "!a list's element stands among the keys that begin {at}",
        "every '- ' of a list begins in the same column",
    ),
    (
        r".*collection.*\|.*expected <block end>.*'\?'",
        "!a key stands among the elements of the list that begins {at}",
        "indent it like the element it belongs to, or like the list's own key",
    ),
    (r".*expected <block end>", "!something stands behind a value that has ended already", _QUOTE_IT),
    (
        r".*could not find expected ':'",
        "this is neither a key nor part of the value above",
        "write a key as 'key: value'",
    ),
    (
        r".*expected the node content, but found '([\]},])'",
        "!'{0}' stands here without what it closes or parts",
        _QUOTE_IT,
    ),
    (
        r".*scanning an (?:alias|anchor)",
        "a name must follow '*' and '&'",
        f"if the sign is part of a text: {_QUOTE_IT}",
    ),
)


def without_tab(error: MarkedYAMLError, text: str) -> str | None:
    """Return the text with spaces for the tab an error is about, if YAML 1.2 allows it there; else None.

    It may stand behind a key's colon and at a line's end, where the parser takes none. Where it indents it is wrong,
    and inside a plain text it is part of the value.
    """
    mark = error.problem_mark
    if mark is None or "found character '\\t'" not in (error.problem or ""):
        return None
    before, behind = text[: mark.index], text[mark.index :]
    tab = re.match(r"\t[ \t]*", behind)
    if tab is None:
        return None
    rest = behind[tab.end() :]
    ends = rest[:1] in ("", "\n", "\r", "#") or before.rpartition("\n")[2].rstrip().endswith(":")
    return f"{before}{' ' * tab.end()}{rest}" if ends else None


def not_yaml(error: MarkedYAMLError, text: str, file: str) -> Finding:
    """Return what is wrong, at the place where it shows; where it began is said too if that is elsewhere.

    A character that only looks like a space is named: it is no space to YAML, and nobody sees it.
    """
    message, place, remedy = _answer(error, text, file)
    marks = [mark.line for mark in (error.context_mark, error.problem_mark) if mark is not None]
    first, last = max(min(marks, default=0) - 1, 0), max(marks, default=0)
    odd = (
        f"on line {number}, column {column}, stands no space but U+{ord(letter):04X}, "
        f"{unicodedata.name(letter, 'unnamed').lower()}"
        for number, line in list(enumerate(text.splitlines(), 1))[first : last + 1]
        for column, letter in enumerate(line, 1)
        if letter != " " and unicodedata.category(letter) in ("Zs", "Cf")
    )
    return Finding(message, place, next(odd, remedy), codes.NOT_YAML)


def _answer(error: MarkedYAMLError, text: str, file: str) -> tuple[str, Location, str | None]:
    mark, opened = error.problem_mark or error.context_mark, error.context_mark
    place = Location(file, mark.line + 1, mark.column + 1) if mark else Location(file, 1)
    began = Location(file, opened.line + 1, opened.column + 1) if opened else place
    context, problem = error.context or "", error.problem or "the text cannot be read"
    lines = text.splitlines()
    before = lines[place.line - 1][: place.column - 1] if place.line <= len(lines) else ""
    at = f"on line {began.line}, column {began.column},"
    if "found character '\\t'" in problem:
        message = "a tab stands here" if before.strip() else "a tab indents this line"
        return message, place, "YAML wants spaces: two per level."
    if "mapping values are not allowed" in problem:
        return _second_colon(before, lines, place)
    for pattern, message, remedy in _COMPLAINTS:
        if found := re.match(pattern, f"{context}|{problem}", re.DOTALL):
            words = {"at": at, "column": began.column}
            said = message.removeprefix("!").format(*found.groups(), **words)
            return said, place if message.startswith("!") else began, remedy and remedy.format(*found.groups())
    elsewhere = f" ({context}, {at})" if context and began != place else f" ({context})" if context else ""
    return f"not YAML: {problem}{elsewhere}", place, None


def _second_colon(before: str, lines: list[str], place: Location) -> tuple[str, Location, str | None]:
    """A colon where the value of another key has begun already."""
    if ": " in before:
        return "a second ': ' stands in this line", place, "if it is part of the value, put that in quotes"
    above = next((number for number in range(place.line - 1, 0, -1) if lines[number - 1].strip()), 0)
    if above and (lacking := re.match(r"\s*(?:- )?([\w.-]+):\S", lines[above - 1])):
        return f"the ':' behind '{lacking[1]}' has no space after it", Location(place.file, above), None
    return "this line is indented more than the one above, whose key has a value already", place, _ONE_COLUMN
