"""What event streams tell of a run: what Terraform made, was making, deleted, and failed to make."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from hp_tf.terraform.events import Diagnostic, DiagnosticEvent, Event, ResourceEvent, parse_line

# The provider gave no answer, or Terraform did not stay to write it down: what was being made may be there.
_UNANSWERED = ("Plugin did not respond", "Request cancelled", "Plugin error", "operation canceled")

# The words of AWS's services for a name that is in use: EntityAlreadyExists, BucketAlreadyOwnedByYou, Duplicate, …
_TAKEN = re.compile(r"already\s?exists?|AlreadyOwnedByYou|\.Duplicate\b|already in use", re.IGNORECASE)


@dataclass(frozen=True)
class Orphan:
    """A resource that a run made, or was making, and no state knows.

    Attributes:
        id: None where Terraform had not said.
        run: the id of the run that lost it.
        certain: Terraform had begun it; otherwise it may have, unheard.
        seen: it was found in the account: when it is found there no more, it is gone.
        foreign: the service refused to make it, for one of its name is there; no run of ours is known to have made it.
    """

    address: str
    type: str
    id: str | None
    run: str = field(default="", compare=False)
    certain: bool = field(default=True, compare=False)
    seen: bool = field(default=False, compare=False)
    foreign: bool = field(default=False, compare=False)


@dataclass
class History:
    """What event streams tell.

    Attributes:
        made: what was made and not deleted after, by address.
        deleted: what was deleted, as (address, id).
        failed: what failed to be made, with an answer, by address.
        started: the addresses at which something was begun to be made.
        occupied: the addresses that failed because one of that name is there already.
    """

    made: dict[str, Orphan] = field(default_factory=dict)
    deleted: set[tuple[str, str | None]] = field(default_factory=set)
    failed: dict[str, Orphan] = field(default_factory=dict)
    started: set[str] = field(default_factory=set)
    occupied: set[str] = field(default_factory=set)
    _explained: bool = False
    _deleting: dict[str, str | None] = field(default_factory=dict)

    def read(self, log: Path) -> None:
        """Add what a whole event stream tells."""
        try:
            lines = log.read_bytes().splitlines()
        except OSError:
            return
        self._explained = False
        for line in lines:
            self.take(parse_line(line))
        if not self._explained:
            # Killed before it said why these failed, and so before it wrote down what came of them.
            self.made |= self.failed

    def take(self, event: Event | None) -> None:
        """Add what one event tells."""
        if isinstance(event, DiagnosticEvent):
            self._explained = self._explained or event.diagnostic.severity == "error"
            self._diagnostic(event.diagnostic)
        elif isinstance(event, ResourceEvent) and event.operation == "apply" and event.resource is not None:
            if event.action == "create":
                self._create(event.phase, Orphan(event.resource.address, event.resource.type, event.id))
            elif event.action == "delete":
                self._delete(event.phase, event.resource.address, event.id)

    def _create(self, phase: str, item: Orphan) -> None:
        if phase in ("start", "complete"):
            self.started.add(item.address)
            self.made[item.address] = item
        elif phase == "errored" and item.address in self.made:
            self.failed[item.address] = self.made.pop(item.address)

    def _delete(self, phase: str, address: str, identity: str | None) -> None:
        if phase == "start":
            self._deleting[address] = identity
        elif phase == "complete":
            old = self._deleting.pop(address, None)
            self.deleted.add((address, old))
            # A replacement deletes the old one, before or after it has made the new one at the same address.
            if address in self.made and self.made[address].id == old:
                del self.made[address]

    def _diagnostic(self, item: Diagnostic) -> None:
        if item.severity == "error" and item.address is not None and _TAKEN.search(f"{item.summary} {item.detail}"):
            self.occupied.add(item.address)
        if item.summary in _UNANSWERED or "context canceled" in f"{item.summary} {item.detail}":
            unanswered = [item.address] if item.address in self.failed else list(self.failed)
            self.made |= {address: self.failed.pop(address) for address in unanswered if address is not None}


def read_history(logs: Iterable[str]) -> History:
    """Return what these event streams tell, one after the other."""
    history = History()
    for log in logs:
        history.read(Path(log))
    return history
