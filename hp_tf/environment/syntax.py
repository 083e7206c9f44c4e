"""The parser's complaints about text that is not YAML, as sentences: what stands there, and what would be right."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from ruamel.yaml.error import MarkedYAMLError

from hp_tf import codes
from hp_tf.errors import Location, Problem

_QUOTE_IT = "Put the whole value in quotes."
_CLOSING = {"sequence": ("list", "[", "]"), "mapping": ("mapping", "{", "}")}


def without_tab(error: MarkedYAMLError, text: str) -> str | None:
    """Return the text with spaces for the tab an error is about, if YAML 1.2 allows it there; else None.

    It may stand behind a key's colon and at a line's end, where the parser takes none. Where it indents it is wrong,
    and inside a plain text it is part of the value.
    """
    mark = error.problem_mark
    if mark is None or "found character '\\t'" not in (error.problem or ""):
        return None
    line = text[: mark.index].rpartition("\n")[2]
    tab = re.match(r"\t[ \t]*", text[mark.index :])
    if tab is None:
        return None
    follows = text[mark.index + tab.end() :][:1]
    if not (follows in ("", "\n", "\r", "#") or line.rstrip().endswith(":")):
        return None
    return f"{text[: mark.index]}{' ' * tab.end()}{text[mark.index + tab.end() :]}"


def syntax_problem(error: MarkedYAMLError, text: str, file: str) -> Problem:
    """Return what is wrong, at the place where it shows; where it began is said too if that is elsewhere.

    A character that only looks like a space is named: it is no space to YAML, and nobody sees it.
    """
    problem = replace(_problem(error, text, file), code=codes.NOT_YAML)
    marks = [mark.line for mark in (error.context_mark, error.problem_mark) if mark is not None]
    first, last = max(min(marks, default=0) - 1, 0), max(marks, default=0)
    for number, line in list(enumerate(text.splitlines(), 1))[first : last + 1]:
        for column, letter in enumerate(line, 1):
            if letter != " " and unicodedata.category(letter) in ("Zs", "Cf"):
                name = f"U+{ord(letter):04X}, {unicodedata.name(letter, 'unnamed').lower()}"
                return replace(problem, remedy=f"On line {number}, column {column}, stands no space but {name}.")
    return problem


def _problem(error: MarkedYAMLError, text: str, file: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    place = Location(file, mark.line + 1, mark.column + 1) if mark else Location(file, 1)
    opened = error.context_mark
    began = Location(file, opened.line + 1, opened.column + 1) if opened else place
    context, problem = error.context or "", error.problem or "the text cannot be read"
    lines = text.splitlines()
    before = lines[place.line - 1][: place.column - 1] if place.line <= len(lines) else ""

    if "found character '\\t'" in problem:
        message = "a tab indents this line" if not before.strip() else "a tab stands here"
        return Problem(message, place, "YAML wants spaces: two per level.")
    if found := re.search(r"found character '(.)' that cannot start", problem):
        return Problem(f"a value cannot begin with '{found[1]}'", place, _QUOTE_IT)
    if "quoted scalar" in context and "end of stream" in problem:
        return Problem("a quote is opened here and never closed", began)
    if found := re.search(r"unknown escape character '(.)'", problem):
        hint = f"Write '\\\\{found[1]}', or put the value in single quotes."
        return Problem(f"'\\{found[1]}' means nothing in double quotes", place, hint)
    if found := re.search(r"parsing a flow (sequence|mapping)", context):
        kind, start, end = _CLOSING[found[1]]
        message = f"',' or '{end}' is missing here: {_at(began)} a {kind} is opened with '{start}'"
        return Problem(message, place, f"Close it with '{end}'.")
    if "mapping values are not allowed" in problem:
        return _second_colon(before, lines, place)
    if "sequence entries are not allowed" in problem:
        hint = "Put each '- ' on a line of its own under the key, or write [a, b]."
        return Problem("a list cannot begin behind its key", place, hint)
    if "expected <block end>" in problem:
        return _misfit(problem, context, began, place)
    if "could not find expected ':'" in problem:
        return Problem("this is neither a key nor part of the value above", began, "Write a key as 'key: value'.")
    if found := re.search(r"expected the node content, but found '([\]},])'", problem):
        return Problem(f"'{found[1]}' stands here without what it closes or parts", place, _QUOTE_IT)
    if found := re.search(r"scanning an (?:alias|anchor)", context):
        return Problem("a name must follow '*' and '&'", began, f"If the sign is part of a text: {_QUOTE_IT}")
    elsewhere = f" ({context}, {_at(began)})" if context and began != place else f" ({context})" if context else ""
    return Problem(f"not YAML: {problem}{elsewhere}", place)


def _second_colon(before: str, lines: list[str], place: Location) -> Problem:
    """A colon where the value of another key has begun already."""
    if ": " in before:
        return Problem("a second ': ' stands in this line", place, "If it is part of the value, put that in quotes.")
    above = next(
        ((number, line) for number, line in reversed(list(enumerate(lines[: place.line - 1], 1))) if line.strip()), None
    )
    if above is not None and (lacking := re.match(r"\s*(?:- )?([\w.-]+):\S", above[1])):
        return Problem(f"the ':' behind '{lacking[1]}' has no space after it", Location(place.file, above[0]))
    message = "this line is indented more than the one above, whose key has a value already"
    return Problem(message, place, "Keys of one mapping begin in the same column.")


def _misfit(problem: str, context: str, began: Location, place: Location) -> Problem:
    """A line that ends neither the mapping or list around it nor goes on with it."""
    if "'<block mapping start>'" in problem or "'<block sequence start>'" in problem:
        message = f"this line is indented unlike those around it: the keys {_at(began)} begin in column {began.column}"
        return Problem(message, place, "Keys of one mapping begin in the same column.")
    if "'-'" in problem:
        hint = "Every '- ' of a list begins in the same column."
        return Problem(f"a list's element stands among the keys that begin {_at(began)}", place, hint)
    if "'?'" in problem and "collection" in context:
        hint = "Indent it like the element it belongs to, or like the list's own key."
        return Problem(f"a key stands among the elements of the list that begins {_at(began)}", place, hint)
    return Problem("something stands behind a value that has ended already", place, _QUOTE_IT)


def _at(place: Location) -> str:
    return f"on line {place.line}, column {place.column},"
