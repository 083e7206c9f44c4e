"""The critical path of an apply, from Terraform's own event stream."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_ENDS = ("apply_complete", "apply_errored")
# Terraform starts what waited for a resource a moment after it reports that resource as complete.
_TOLERANCE = 0.05
# Seconds from which a link is worth a line.
_LONG = 0.5


@dataclass(frozen=True)
class Work:
    """Terraform's work on one resource: seconds since the epoch."""

    address: str
    start: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it took."""
        return self.end - self.start


def read(lines: Iterable[str]) -> list[Work]:
    """Return the work on every resource that an event stream of `terraform apply -json` tells of."""
    begun: dict[tuple[str, str], float] = {}
    found = []
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue
        hook = event.get("hook") if isinstance(event, dict) else None
        if not hook or "resource" not in hook:
            continue
        key = hook["resource"]["addr"], hook.get("action", "")
        at = datetime.fromisoformat(event["@timestamp"]).timestamp()
        if event["type"] == "apply_start":
            begun[key] = at
        elif event["type"] in _ENDS and key in begun:
            found.append(Work(key[0], begun.pop(key), at))
    return found


def path(work: Sequence[Work]) -> list[Work]:
    """Return a chain of work that fills the time of an apply, in order of time.

    It is found backwards: from what ended last, to what ended last before that began, and so on. Terraform starts a
    resource when the last it waited for is done, so a link waited for the one before it, or for something that ended
    in the same moment: the stream does not tell the two apart. Long links are certain, short ones may be neighbours.
    """
    chain: list[Work] = []
    rest = sorted(work, key=lambda item: item.end)
    limit = float("inf")
    while rest:
        before = [item for item in rest if item.end <= limit]
        if not before:
            break
        last = before[-1]
        chain.append(last)
        limit = last.start + _TOLERANCE
        rest = [item for item in before if item.start < last.start]
    return chain[::-1]


def describe(chain: Sequence[Work]) -> list[str]:
    """Return a line for each link that took long: when it began, how long it took, what it was."""
    if not chain:
        return ["critical path: nothing was made"]
    zero = chain[0].start
    long = [item for item in chain if item.seconds >= _LONG]
    total = sum(item.seconds for item in chain)
    head = f"critical path: {total:.1f} s of work in a row, {sum(item.seconds for item in long):.1f} s of it in these:"
    return [head, *(f"{item.start - zero:6.1f} s  +{item.seconds:5.1f} s  {item.address}" for item in long)]


def logs(work_folder: Path) -> list[Path]:
    """Return the event streams of the newest apply in an environment's working folder."""
    found = sorted(work_folder.rglob("apply*.jsonl"), key=lambda item: item.stat().st_mtime)
    return [item for item in found if item.parent == found[-1].parent] if found else []
