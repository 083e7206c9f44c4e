"""What Terraform is doing right now, as data: fed with events, asked for lines."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from hp_tf.terraform.events import ChangeSummary, Event, PlannedChange, ResourceEvent

_DONE = {"create": "created", "update": "updated", "delete": "deleted", "replace": "replaced", "read": "read"}
_DOING = {"create": "creating", "update": "updating", "delete": "deleting", "replace": "replacing", "read": "reading"}


@dataclass
class Progress:
    """Counts and current work of one Terraform run.

    ``total`` is the number of changes the plan says; 0 while it is not known.
    """

    clock: Callable[[], float] = time.monotonic
    total: int = 0
    done: int = 0
    failed: int = 0
    refreshed: int = 0
    busy: dict[str, tuple[str, float]] = field(default_factory=dict)
    planned: set[str] = field(default_factory=set)

    def take(self, event: Event) -> str | None:
        """Note an event; return a line worth printing where there is no terminal."""
        if isinstance(event, PlannedChange) and not event.drift and event.resource is not None:
            if event.action not in ("noop", "read"):
                self.planned.add(event.resource.address)
                self.total = len(self.planned)
            return None
        if isinstance(event, ChangeSummary):
            return None
        if not isinstance(event, ResourceEvent) or event.resource is None:
            return None
        return self._resource(event, event.resource.address)

    def _resource(self, event: ResourceEvent, address: str) -> str | None:
        if event.operation == "refresh":
            self.refreshed += event.phase == "complete"
            return None
        if event.operation != "apply":
            return None
        if event.phase == "start":
            self.busy[address] = (_DOING.get(event.action, event.action), self.clock())
        elif event.phase == "progress":
            if int(event.elapsed) % 30 == 0:
                return f"{short(address)} still {_DOING.get(event.action, event.action)} ({int(event.elapsed)}s)"
        else:
            self.busy.pop(address, None)
            if event.phase == "complete":
                self.done += event.action != "read"
                return f"{short(address)} {_DONE.get(event.action, event.action)} ({int(event.elapsed)}s)"
            self.failed += 1
            return f"{short(address)} failed ({int(event.elapsed)}s)"
        return None

    def counts(self) -> str:
        """Return how far it is."""
        if self.total == 0:
            return f"{self.refreshed} read" if self.refreshed else ""
        text = f"{self.done}/{self.total}"
        return f"{text}, {self.failed} failed" if self.failed else text

    def lines(self, limit: int = 8) -> list[str]:
        """Return one line for each piece of work in hand, the longest first."""
        now = self.clock()
        current = sorted(self.busy.items(), key=lambda item: item[1][1])
        shown = [f"{short(address)} {doing} {int(now - since)}s" for address, (doing, since) in current[:limit]]
        if len(current) > limit:
            shown.append(f"and {len(current) - limit} more")
        return shown


def short(address: str) -> str:
    """Return ``layer: type.name`` for an address, as people read it."""
    if address.startswith("module."):
        layer, _, rest = address.removeprefix("module.").partition(".")
        return f"{layer}: {rest}"
    return address
