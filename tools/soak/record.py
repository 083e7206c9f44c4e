"""What was injected, and what came of it: one entry per injection, and the lives they were made in."""

from __future__ import annotations

from dataclasses import dataclass, field

# The ways in which a command ends before its time.
DEATHS = ("kill terraform", "kill hptf", "kill both", "interrupt", "interrupt twice", "terminate", "lose the machine")


@dataclass(frozen=True)
class Entry:
    """One injection.

    Attributes:
        kind: what was done: a way of dying, or what else was taken away.
        during: the command it happened to.
        under_way: how many resources Terraform was making or deleting at that moment.
        late: how many calls were held back, so that some came through after the end.
        outcome: what came of it at once, where that can be said.
    """

    kind: str
    during: str
    under_way: int = 0
    late: int = 0
    outcome: str = ""


@dataclass
class Life:
    """One environment's life.

    Attributes:
        resources: how many it had when it was complete.
        named: how many resources that a killed run was making the next command named.
        failure: what was not as promised; empty if all was.
    """

    seed: int
    entries: list[Entry] = field(default_factory=list)
    resources: int = 0
    named: int = 0
    seconds: float = 0.0
    failure: str = ""

    @property
    def kills(self) -> int:
        """How often a command was ended before its time."""
        return sum(entry.kind in DEATHS for entry in self.entries)
