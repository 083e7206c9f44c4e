"""A status that changes by itself after a while."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phase:
    """`during` until the clock reads `until` (epoch seconds), `then` from there on."""

    during: str
    then: str
    until: float

    def status(self, now: float) -> str:
        return self.during if now < self.until else self.then

    def over(self, now: float) -> bool:
        return now >= self.until
