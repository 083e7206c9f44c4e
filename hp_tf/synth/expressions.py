"""Terraform templates and expressions as text: taken apart, checked and written.

A string in Terraform's JSON syntax is a template: literal text with ``${...}`` interpolations and ``%{...}``
directives. Backslashes in it are plain text (JSON has already had its turn), ``$${`` stands for ``${``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from hp_tf.synth.problems import DefinitionError

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
NAME = re.compile(rf"{IDENTIFIER.pattern}(?:\.{IDENTIFIER.pattern})*(?:\s*\()?")
# Lists longer than this many characters get a line per element.
LINE = 80
# How CDKTF writes a reference it has not resolved yet.
TOKEN = "TfToken["


@dataclass(frozen=True)
class Part:
    """A piece of a template: literal text as it stands, or the inside of ``${}`` or ``%{}``."""

    kind: Literal["text", "expression", "directive"]
    text: str


def parts(template: str) -> list[Part]:
    """Take a template apart.

    Raises:
        DefinitionError: an interpolation is not closed, or stands inside another one outside a string.
    """
    found: list[Part] = []
    start = index = 0
    while index < len(template):
        if template.startswith(("$${", "%%{"), index):
            index += 3
        elif template.startswith(("${", "%{"), index):
            if index > start:
                found.append(Part("text", template[start:index]))
            end = _end_of_expression(template, index + 2)
            kind: Literal["expression", "directive"] = "expression" if template[index] == "$" else "directive"
            found.append(Part(kind, template[index + 2 : end]))
            start = index = end + 1
        else:
            index += 1
    if start < len(template):
        found.append(Part("text", template[start:]))
    return found


def _end_of_expression(text: str, index: int) -> int:
    """Return the place of the brace that closes the expression beginning at ``index``."""
    depth = 0
    while index < len(text):
        character = text[index]
        if character == '"':
            index = end_of_string(text, index + 1)
        elif text.startswith(("${", "%{"), index):
            raise DefinitionError(
                f"'{text}' has an interpolation inside an expression; use module.address() or a bare reference there."
            )
        elif character == "{":
            depth += 1
        elif character == "}":
            if depth == 0:
                return index
            depth -= 1
        index += 1
    raise DefinitionError(f"'{text}' has an interpolation that is never closed.")


def end_of_string(text: str, index: int) -> int:
    """Return the place of the quote that closes the string whose content begins at ``index``."""
    while index < len(text):
        if text[index] == "\\":
            index += 2
        elif text.startswith(("$${", "%%{"), index):
            index += 3
        elif text.startswith(("${", "%{"), index):
            index = _end_of_expression(text, index + 2) + 1
        elif text[index] == '"':
            return index
        else:
            index += 1
    raise DefinitionError(f"'{text}' has a string that is never closed.")


def literals_in(template: str) -> list[str]:
    """Return the literal text of every string inside a template's expressions."""
    return [text for part in parts(template) if part.kind != "text" for text in _literals(part.text)]


def _literals(text: str) -> list[str]:
    found: list[str] = []
    index = 0
    while index < len(text):
        if text[index] == '"':
            end = end_of_string(text, index + 1)
            for part in parts(text[index + 1 : end]):
                found += [part.text] if part.kind == "text" else _literals(part.text)
            index = end
        index += 1
    return found


def names_in(template: str) -> list[str]:
    """Return the names in a template, each with what is reached from it: ``var.a``, ``each.value``, ``uuid(``.

    What only stands in a string is none.
    """
    return [name for part in parts(template) if part.kind != "text" for name in _names(part.text)]


def _names(text: str) -> list[str]:
    found: list[str] = []
    index = 0
    while index < len(text):
        if text[index] == '"':
            end = end_of_string(text, index + 1)
            found += names_in(text[index + 1 : end])
            index = end + 1
        elif (name := NAME.match(text, index)) is not None:
            found.append("".join(name[0].split()))
            index = name.end()
        else:
            index += 1
    return found


def escaped(text: str) -> str:
    """Return plain text as a template that yields it."""
    return text.replace("${", "$${").replace("%{", "%%{")


def _quoted_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def quoted(template: str) -> str:
    """Return a template as a quoted string of HCL."""
    written: list[str] = []
    for part in parts(template):
        if part.kind == "text":
            written.append(_quoted_text(part.text))
        elif part.text.startswith(TOKEN):
            # Inside an expression CDKTF puts the bare reference in the place of `${token}`, even within a string.
            written.append(f"${{${{{part.text}}}}}")
        else:
            written.append(f"{'$' if part.kind == 'expression' else '%'}{{{part.text}}}")
    return f'"{"".join(written)}"'


def _heredoc(template: str) -> str:
    marker = "EOT"
    while any(line.strip() == marker for line in template.splitlines()):
        marker += "_"
    return f"<<{marker}\n{template}{marker}"


def string(template: str, *, heredoc: bool = True) -> str:
    """Return a template as HCL: a bare expression where it is nothing else, a heredoc for whole lines, else quoted.

    ``heredoc`` is False where something would follow on the heredoc's last line.
    """
    pieces = parts(template)
    if len(pieces) == 1 and pieces[0].kind == "expression":
        return template if pieces[0].text.startswith(TOKEN) else pieces[0].text.strip()
    # A heredoc always ends its last line and cannot say a carriage return.
    if heredoc and template.count("\n") > 1 and template.endswith("\n") and "\r" not in template:
        return _heredoc(template)
    return quoted(template)


def expression(value: Any, *, flat: bool = False) -> str:
    """Return plain data as an HCL expression. Strings are templates; `terraform fmt` indents the lines.

    ``flat`` puts objects on one line.
    """
    if isinstance(value, str):
        return string(value, heredoc=not flat)
    if isinstance(value, Mapping):
        if not value:
            return "{}"
        pairs = [f"{_key(str(key))} = {expression(item, flat=flat)}" for key, item in value.items()]
        return f"{{ {', '.join(pairs)} }}" if flat else "{\n" + "\n".join(pairs) + "\n}"
    if isinstance(value, (list, tuple)):
        items = [
            string(item, heredoc=False) if isinstance(item, str) else expression(item, flat=flat) for item in value
        ]
        line = f"[{', '.join(items)}]"
        one_object = len(items) == 1 and isinstance(value[0], Mapping)
        if flat or one_object or ("\n" not in line and len(line) <= LINE):
            return line
        return "[\n" + "".join(f"{item},\n" for item in items) + "]"
    return json.dumps(value)


def _key(key: str) -> str:
    pieces = parts(key)
    if len(pieces) == 1 and pieces[0].kind == "expression":
        return f"({pieces[0].text.strip()})"
    return key if IDENTIFIER.fullmatch(key) else quoted(key)


def plain(value: Any) -> Any:
    """Return data whose strings are plain text as data whose strings are templates."""
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, Mapping):
        return {escaped(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value
