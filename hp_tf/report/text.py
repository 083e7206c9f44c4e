"""Words and colours for a terminal, and nothing in them that a terminal would obey."""

from __future__ import annotations

import json
from dataclasses import replace

from hp_tf.errors import Problem
from hp_tf.terraform.plan import Counts
from hp_tf.terraform.values import MASK, UNKNOWN_TEXT, PlanValue


def printable(text: str) -> str:
    """Return text with what is not printable written out, line breaks apart: names and messages come from elsewhere."""
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() or letter == "\n" else f"\\u{ord(letter):04x}" for letter in text)


def words(value: PlanValue) -> str:
    """Return a value of a plan in one line that is safe to show."""
    if value.is_unknown:
        return UNKNOWN_TEXT
    if value.is_sensitive and not value.is_missing:
        return MASK
    shown = None if value.is_missing else value.shown()
    return printable(json.dumps(shown, sort_keys=True, ensure_ascii=False))


def told(problem: Problem) -> str:
    """Return a problem as a line, and its hint as another: line breaks in the values it quotes are written out."""
    lines = [str(replace(problem, hint=None)), *([f"  {problem.hint}"] if problem.hint else [])]
    return "\n".join(printable(line.replace("\n", "\\n")) for line in lines)


def some(items: list[str] | tuple[str, ...], limit: int) -> str:
    """Return items joined by commas, the first ones by name and the rest by number."""
    shown = ", ".join(items[:limit])
    return shown if len(items) <= limit else f"{shown} and {len(items) - limit} more"


def totals(counts: Counts, *, done: bool = False) -> str:
    """Return counts in words: ``2 to add``, or ``2 added`` when it is done."""
    parts = [
        (counts.add, "to add", "added"),
        (counts.change, "to change", "changed"),
        (counts.replace, "to replace", "replaced"),
        (counts.destroy, "to destroy", "destroyed"),
        (counts.forget, "to forget", "forgotten"),
        (counts.imported, "to import", "imported"),
    ]
    found = [f"{number} {past if done else future}" for number, future, past in parts if number]
    return ", ".join(found) or "no resource changes"


class Paint:
    """Colours text, or leaves it. Codes are those of ANSI's select-graphic-rendition sequence."""

    def __init__(self, on: bool) -> None:
        self._on = on

    def __call__(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._on else text
