"""Words and colours for a terminal, and nothing in them that a terminal would obey."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import replace
from typing import TextIO

from hp_tf.findings import BAD_INPUT, Finding
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


def colored(stream: TextIO) -> bool:
    """Return whether a stream is a terminal that shows colours, and nobody asked for none."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


PLAIN = Paint(False)
_DIM = "2"
_LABELS = {"error": "31", "needs consent": "31", "warning": "33", "allowed": "33", "note": "36"}


def labelled(label: str, text: str, paint: Paint = PLAIN) -> str:
    """Return a text behind the word that says how much it matters, in that word's colour."""
    return f"{paint(f'{label}:', _LABELS[label])} {text}"


def told(finding: Finding, paint: Paint = PLAIN, source: Iterable[str] = ()) -> str:
    """Return a finding as a line with its code, and its remedy as another.

    Line breaks in the values it quotes are written out.

    Args:
        source: lines of a file to quote under it.
    """
    line = _one_line(str(replace(finding, remedy=None)))
    if finding.code is not BAD_INPUT:
        line += f" {paint(f'({finding.code})', _DIM)}"
    remedy = [f"  {_one_line(finding.remedy)}"] if finding.remedy else []
    return "\n".join([line, *source, *remedy])


def _one_line(text: str) -> str:
    return printable(text.replace("\n", "\\n"))
