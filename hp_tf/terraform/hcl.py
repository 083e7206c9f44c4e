"""HCL as text: its top level, without evaluating anything, and values in Terraform's JSON syntax."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

_SPACE = re.compile(r"[\s,;\ufeff]+")
_COMMENT = re.compile(r"(?:#|//)[^\n]*|/\*.*?\*/", re.DOTALL)
_WORD = re.compile(r"[^\W\d][\w.-]*")
_HEREDOC = re.compile(r"<<-?[ \t]*\"?([^\W\d][\w-]*)\"?[ \t]*\r?\n")
_OPEN, _CLOSE = "{[(", "}])"


@dataclass(frozen=True)
class Item:
    """A block: `kind`, `labels`, the `text` in its braces; or an attribute: its name, no labels, its expression."""

    kind: str
    labels: tuple[str, ...]
    text: str
    is_block: bool


def escape(value: Any) -> Any:
    """Return a value that Terraform's JSON syntax reads back literally (templates escaped)."""
    if isinstance(value, str):
        return re.sub(r"([$%])\{", r"\1\1{", value)
    if isinstance(value, Mapping):
        return {str(escape(key)): escape(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [escape(item) for item in value]
    return value


def top_level(text: str) -> list[Item]:
    """The blocks and attributes of a file or of a block's text, in order.

    Raises:
        ValueError: where it is not HCL.
    """
    found: list[Item] = []
    header: list[str] = []
    at = 0
    while (at := _skip(text, at)) < len(text):
        character = text[at]
        if character == '"':
            end = _string_end(text, at)
            header.append(text[at + 1 : end - 1])
            at = end
        elif header and character in "{=":
            if character == "{":
                end = _balanced_end(text, at)
                body = text[at + 1 : end - 1]
            else:
                end = _expression_end(text, at + 1)
                body = text[at + 1 : end].strip()
            found.append(Item(header[0], tuple(header[1:]), body, character == "{"))
            header = []
            at = end
        else:
            word = _WORD.match(text, at)
            if word is None:
                raise ValueError(f"not HCL at character {at}: {text[at : at + 20]!r}")
            header.append(word[0])
            at = word.end()
    if header:
        raise ValueError(f"{' '.join(header)} has neither a body nor a value")
    return found


def literal(expression: str) -> str | None:
    """The value of an expression that is one plain string; None for anything else."""
    if len(expression) < 2 or expression[0] != '"' or _string_end(expression, 0) != len(expression):
        return None
    inner = expression[1:-1]
    return None if "\\" in inner or "${" in inner or "%{" in inner else inner


def _skip(text: str, at: int) -> int:
    while match := _SPACE.match(text, at) or _COMMENT.match(text, at):
        at = match.end()
    return at


def _next(text: str, at: int) -> int:
    """The end of the token at `at`: a comment, a string, a heredoc, or one character."""
    if match := _COMMENT.match(text, at):
        return match.end()
    if text[at] == '"':
        return _string_end(text, at)
    if match := _HEREDOC.match(text, at):
        return _heredoc_end(text, match.end(), match[1])
    return at + 1


def _balanced_end(text: str, at: int) -> int:
    depth = 0
    while at < len(text):
        if text[at] in _OPEN:
            depth += 1
        elif text[at] in _CLOSE:
            depth -= 1
            if depth == 0:
                return at + 1
        at = _next(text, at)
    raise ValueError("a brace is not closed")


def _expression_end(text: str, at: int) -> int:
    while at < len(text) and text[at] != "\n":
        comment = text.startswith(("#", "//"), at)
        if comment:
            return at
        at = _balanced_end(text, at) if text[at] in _OPEN else _next(text, at)
    return at


def _string_end(text: str, at: int) -> int:
    at += 1
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text.startswith(("$${", "%%{"), at):
            at += 3
        elif text.startswith(("${", "%{"), at):
            at = _balanced_end(text, at + 1)
        elif text[at] == '"':
            return at + 1
        else:
            at += 1
    raise ValueError("a string is not closed")


def _heredoc_end(text: str, at: int, word: str) -> int:
    end = re.compile(rf"^[ \t]*{re.escape(word)}[ \t]*\r?$", re.MULTILINE).search(text, at)
    if end is None:
        raise ValueError(f"the heredoc {word} is not closed")
    return end.end()
