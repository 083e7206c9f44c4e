"""A mistake: a finding about a value of an environment's file. Every step adds its own; all are shown at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from hp_tf.environment.tree import Node, Path, dotted
from hp_tf.errors import Location
from hp_tf.findings import Code, Finding


@dataclass(frozen=True)
class Mistake(Finding):
    """A finding, and the path from the top of the file of the value that cannot be used because of it."""

    path: Path = ()


def mistake(
    code: Code, tree: Node, path: Path, text: str, remedy: str | None = None, *, at: Location | None = None
) -> Mistake:
    """Return a mistake, placed at the path's value or the nearest thing around it.

    Args:
        code: its kind.
        tree: the merged document.
        path: of the value, which is also the mistake's subject.
        text: goes on after the path: " must be a list", ": this is in region us-east-1".
        remedy: what would be right.
        at: another place to name.
    """
    name = dotted(path)
    return Mistake(f"{name}{text}", at or tree.nearest(path).place, remedy, code, name, path)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by file, line and column, each once; those without a place come last."""
    return sorted(dict.fromkeys(findings), key=_rank)


def _rank(finding: Finding) -> tuple[bool, str, int, int, str]:
    place = finding.location
    where = (True, "", 0, 0) if place is None else (False, place.file, place.line, place.column)
    return (*where, finding.message)
