"""Locks on layers' states, in the form Terraform gives them, and taking those of a set all or nothing."""

from __future__ import annotations

import getpass
import json
import socket
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, TypeVar

from hp_tf.errors import HptfError, Interrupted

if TYPE_CHECKING:
    from hp_tf.state.stores import Store

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
            who=f"{_user()}@{socket.gethostname()}",
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

    def __str__(self) -> str:
        text = self.who or "someone unknown"
        if self.created:
            text += f" since {self.created}"
        about = ", ".join(part for part in (self.operation.removeprefix("OperationType").lower(), self.info) if part)
        return f"{text} ({about})" if about else text


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


class LockHeld(HptfError):
    """Somebody else holds the lock of a layer's state.

    holder: None if the lock does not say who. if_dead: what to do if that run is known to be dead, where locks outlive
        runs.
    """

    def __init__(self, layer: str, holder: LockInfo | None, *, where: str = "", if_dead: str = "") -> None:
        self.layer = layer
        self.holder = holder
        place = f" in {where}" if where else ""
        by = f" by {holder}" if holder else ""
        super().__init__(
            f"The state of layer {layer}{place} is locked{by}.",
            hint=f"Wait until that run has ended{'; ' + if_dead if if_dead else ''}.",
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


class LockSet:
    """The locks of a set of layers, taken in the order of their names, all or none. A context manager that frees them.

    Attributes:
        store: where the states rest.
        layers: the set; order and repetition do not matter.
    """

    def __init__(self, store: Store, layers: Iterable[str]) -> None:
        self.store = store
        self.layers = tuple(sorted(set(layers)))
        self._held: dict[str, str] = {}

    def acquire(
        self,
        info: LockInfo,
        wait_seconds: float = 0.0,
        clock: Clock = time,
        on_wait: OnWait | None = None,
        stopped: Callable[[], object] = lambda: False,
        *,
        resuming: bool = False,
    ) -> None:
        """Take every lock of the set; none is held while waiting.

        Args:
            info: who takes them and what for; all bear its id.
            wait_seconds, clock, on_wait, stopped: as for `patiently`.
            resuming: locks that bear the id already count as taken, and are never freed here if others cannot be had.

        Raises:
            LockHeld: if a lock is still held by somebody else at the end, with none taken.
        """
        if self._held:
            raise HptfError(f"This run already holds the locks of {', '.join(sorted(self._held))}.")
        patiently(lambda: self._acquire_all(info, resuming), wait_seconds, clock, on_wait, stopped)

    def _acquire_all(self, info: LockInfo, resuming: bool) -> None:
        complete = False
        try:
            for layer in self.layers:
                holder = self.store.holder(layer) if resuming else None
                if holder is None or holder.id != info.id:
                    self.store.lock(layer, info)
                self._held[layer] = info.id
            complete = True
        finally:
            if not complete and resuming:
                self.keep()
            elif not complete:
                self.release()

    def release(self) -> None:
        """Free the locks that are held; doing it twice is no harm.

        Raises:
            HptfError: that names every lock that could not be freed, after trying all.
        """
        failed: dict[str, HptfError] = {}
        for layer, lock_id in list(self._held.items()):
            try:
                self.store.unlock(layer, lock_id)
                del self._held[layer]
            except HptfError as error:
                failed[layer] = error
        if failed:
            details = "; ".join(error.message for error in failed.values())
            raise HptfError(
                f"The locks of {', '.join(failed)} could not be freed: {details}",
                hint="When the store answers again, free each with `terraform force-unlock "
                f"{next(iter(self._held.values()))}` in a root of that layer.",
            )

    def keep(self) -> None:
        """Let go of the locks without freeing them: they stay until what this run could not write is finished."""
        self._held.clear()

    def break_own(self, lock_ids: Iterable[str]) -> list[str]:
        """Free the locks on this set's layers that bear one of these ids, and name those layers.

        For the locks of a run of ours that is known to be dead. The caller knows that; this does not check it.
        """
        own = frozenset(lock_ids)
        broken = []
        for layer in self.layers:
            holder = self.store.holder(layer)
            if holder is not None and holder.id in own:
                self.store.unlock(layer, holder.id)
                broken.append(layer)
        return broken

    def __enter__(self) -> LockSet:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
