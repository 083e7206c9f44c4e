"""What Terraform is doing right now, as data: fed with events, asked for lines."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from hp_tf.addresses import layer_of
from hp_tf.report.text import printable
from hp_tf.terraform.events import Event, PlannedChange, ResourceEvent

_DONE = {"create": "created", "update": "updated", "delete": "deleted", "replace": "replaced", "read": "read"}
_DOING = {"create": "creating", "update": "updating", "delete": "deleting", "replace": "replacing", "read": "reading"}
# How many operations a planned change is: forgetting, moving and importing are none.
_OPERATIONS = {"create": 1, "update": 1, "delete": 1, "replace": 2}
_STILL_SECONDS = 30


@dataclass
class Progress:
    """Counts and current work of one Terraform run.

    Attributes:
        clock: seconds, for what is in hand.
        due: how many operations are planned, by address; the stream of a plan says so, that of a saved plan's apply
            not.
    """

    clock: Callable[[], float] = time.monotonic
    failed: int = 0
    refreshed: int = 0
    busy: dict[str, tuple[str, float]] = field(default_factory=dict)
    due: dict[str, int] = field(default_factory=dict)
    _ended: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many resources the plan acts on; 0 while that is not known."""
        return len(self.due)

    @property
    def done(self) -> int:
        """How many resources have been acted on; a replacement counts when both its halves are done."""
        return sum(ended >= self.due.get(address, 1) for address, ended in self._ended.copy().items())

    def take(self, event: Event) -> str | None:
        """Note an event; return a line worth printing where there is no terminal."""
        if isinstance(event, PlannedChange) and not event.drift and event.resource is not None:
            operations = _OPERATIONS.get(event.action)
            if operations is not None:
                self.due[event.resource.address] = operations
            return None
        if not isinstance(event, ResourceEvent) or event.resource is None:
            return None
        address = event.resource.address
        if event.operation == "refresh":
            self.refreshed += event.phase == "complete"
            return None
        return self._applied(event, address) if event.operation == "apply" else None

    def _applied(self, event: ResourceEvent, address: str) -> str | None:
        doing = _DOING.get(event.action, event.action)
        seconds = int(event.elapsed)
        if event.phase == "start":
            self.busy[address] = (doing, self.clock())
            return None
        if event.phase == "progress":
            return f"{short(address)} still {doing} ({seconds}s)" if seconds % _STILL_SECONDS == 0 else None
        self.busy.pop(address, None)
        if event.phase == "complete":
            if event.action == "read":
                return None
            self._ended[address] = self._ended.get(address, 0) + 1
            return f"{short(address)} {_DONE.get(event.action, event.action)} ({seconds}s)"
        self.failed += 1
        return f"{short(address)} failed ({seconds}s)"

    def counts(self) -> str:
        """Return how far it is."""
        if self.total == 0:
            return f"{self.refreshed} read" if self.refreshed else ""
        text = f"{self.done}/{self.total}"
        return f"{text}, {self.failed} failed" if self.failed else text

    def lines(self, limit: int = 8) -> list[str]:
        """Return one line for each piece of work in hand, the longest first."""
        now = self.clock()
        current = sorted(self.busy.copy().items(), key=lambda item: item[1][1])
        shown = [f"{short(address)} {doing} {int(now - since)}s" for address, (doing, since) in current[:limit]]
        if len(current) > limit:
            shown.append(f"and {len(current) - limit} more")
        return shown


def short(address: str) -> str:
    """Return ``layer: type.name`` for an address, as people read it."""
    layer = layer_of(address)
    return printable(f"{layer}: {address.removeprefix(f'module.{layer}.')}" if layer else address)
