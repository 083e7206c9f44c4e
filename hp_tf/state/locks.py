"""Locks on layers' states, in the form Terraform gives them, and waiting for one."""

from __future__ import annotations

import getpass
import hashlib
import json
import socket
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol, TypeVar

from hp_tf.errors import HptfError, Interrupted

_POLL_SECONDS = 1.0


class Clock(Protocol):
    """Time for those who wait; the module `time` is one."""

    def monotonic(self) -> float:
        """Seconds since some fixed moment."""
        ...

    def sleep(self, seconds: float, /) -> None:
        """Wait."""
        ...


@dataclass(frozen=True)
class LockInfo:
    """Who holds a lock and what for: Terraform's LockInfo.

    id: a UUID. operation: `OperationTypeApply` and the like. info: free text. who: `user@host`. version: of Terraform,
        or of hptf. created: RFC 3339, UTC. path: of the state that is locked.
    """

    id: str
    operation: str = ""
    info: str = ""
    who: str = ""
    version: str = ""
    created: str = ""
    path: str = ""

    @classmethod
    def new(cls, operation: str, *, info: str = "", version: str = "", now: datetime | None = None) -> LockInfo:
        """A lock of this process, with an id of its own."""
        return cls(
            id=str(uuid.uuid4()),
            operation=operation,
            info=info,
            who=whoami(),
            version=version,
            created=(now or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        )

    def at(self, path: str) -> LockInfo:
        """The same lock on the state at `path`."""
        return replace(self, path=path)

    def to_json(self) -> bytes:
        """As Terraform writes it."""
        return json.dumps(
            {
                "ID": self.id,
                "Operation": self.operation,
                "Info": self.info,
                "Who": self.who,
                "Version": self.version,
                "Created": self.created,
                "Path": self.path,
            }
        ).encode()

    @classmethod
    def from_json(cls, body: bytes) -> LockInfo:
        """From what Terraform wrote.

        Raises:
            ValueError: if it is not a JSON object with an ID.
        """
        data = json.loads(body)
        if not isinstance(data, dict) or not data.get("ID"):
            raise ValueError("lock info is a JSON object with an ID")
        names = ("ID", "Operation", "Info", "Who", "Version", "Created", "Path")
        return cls(*(str(data.get(name) or "") for name in names))

    @classmethod
    def unreadable(cls, body: bytes) -> LockInfo:
        """The lock that an object without lock info is; its id says which object that was."""
        return cls(id=f"unreadable-{hashlib.sha256(body).hexdigest()[:12]}", info="the lock object is not readable")

    def __str__(self) -> str:
        text = self.who or "someone unknown"
        if self.created:
            text += f" since {self.created}"
        about = ", ".join(part for part in (self.operation.removeprefix("OperationType").lower(), self.info) if part)
        return f"{text} ({about})" if about else text


def whoami() -> str:
    """Who this is, as locks name people: `user@host`."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "unknown"
    return f"{user}@{socket.gethostname()}"


class LockHeld(HptfError):
    """Somebody else holds the lock of a layer's state.

    holder: None if the lock does not say who. if_dead: what to do if that run is known to be dead, where locks outlive
        runs.
    """

    def __init__(self, layer: str, holder: LockInfo | None, *, where: str = "", if_dead: str = "") -> None:
        self.layer = layer
        self.holder = holder
        self.if_dead = if_dead
        place = f" in {where}" if where else ""
        by = f" by {holder}" if holder else ""
        super().__init__(
            f"the state of layer {layer}{place} is locked{by}",
            hint=f"wait until that run has ended{'; ' + if_dead if if_dead else ''}",
        )


OnWait = Callable[[str, LockInfo | None], None]
Result = TypeVar("Result")


def patiently(
    attempt: Callable[[], Result],
    wait_seconds: float = 0.0,
    clock: Clock = time,
    on_wait: OnWait | None = None,
    stopped: Callable[[], object] = lambda: False,
) -> Result:
    """Return what an attempt gives, tried again while somebody holds a lock that is in its way.

    Args:
        wait_seconds: how long to try.
        clock: tells and passes the time.
        on_wait: called with the layer and its holder whenever what is waited for changes. A holder that is unknown must
            be so twice in a row: Terraform says who it is just after it locks, and takes that back just before it
            frees.
        stopped: whether the user asked to stop waiting.

    Raises:
        LockHeld: if a lock is still in the way at the end.
        Interrupted: if stopped.
    """
    deadline = clock.monotonic() + wait_seconds
    told: tuple[str, str | None] | None = None
    seen: tuple[str, str | None] | None = None
    while True:
        try:
            return attempt()
        except LockHeld as held:
            left = deadline - clock.monotonic()
            if left <= 0:
                raise
            waiting = (held.layer, held.holder.id if held.holder else None)
            if on_wait and waiting != told and (held.holder or waiting == seen):
                on_wait(held.layer, held.holder)
                told = waiting
            seen = waiting
            clock.sleep(min(_POLL_SECONDS, left))
            if stopped():
                raise Interrupted(f"stopped while waiting for the lock of {held.layer}; nothing was changed") from None
