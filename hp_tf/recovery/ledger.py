"""What runs are making, and what they lost, written in the store as they go on: any machine can take it up from there.

Terraform tells of a creation when it begins it, and persists its state every twenty seconds. What the two differ by
is on this machine's disk, in the run's folder; a disk that is lost, a CI runner's, would take it along. One small
object for each run holds it too, written at most every half second, and removed when the run is over and nothing is
lost.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from types import TracebackType

from hp_tf.errors import HptfError
from hp_tf.recovery.held import Held
from hp_tf.recovery.history import History, Orphan
from hp_tf.run.journal import Run
from hp_tf.run.state_lock import CutOff, StateNotWritten
from hp_tf.state.locks import whoami
from hp_tf.state.session import StateSession
from hp_tf.state.stores import Store
from hp_tf.terraform.events import Event
from hp_tf.terraform.plan import Action, Plan

_FOLDER = "runs"
_FORMAT = 1
_SECONDS = 0.5


@dataclass(frozen=True)
class Entry:
    """What one run is making, or has lost.

    Attributes:
        run: its id, which sorts by time.
        layers: the set.
        by: whose it is, ``user@host``.
        lock_id: of the locks that it holds while it works; None once it is over, or was taken up.
        lost: what it makes or has made and no state knew, with what it has not begun as far as is known.
        gone: what states may hold of old though it is replaced, as (address, id).
        absent: of that, what was not there any more when something was begun to be made in its place.
    """

    run: str
    layers: tuple[str, ...]
    by: str
    lock_id: str | None
    lost: tuple[Orphan, ...] = ()
    gone: tuple[tuple[str, str | None], ...] = ()
    absent: tuple[tuple[str, str | None], ...] = ()

    @property
    def over(self) -> bool:
        """Whether nobody works on it any more: what is in it is lost."""
        return self.lock_id is None

    def dead(self, store: Store) -> bool:
        """Whether its run ended without saying so: it holds none of its locks."""
        holders = (store.holder(layer) for layer in self.layers)
        return not self.over and all(holder is None or holder.id != self.lock_id for holder in holders)


def of_run(run: Run, lost: Collection[Orphan] = ()) -> Entry:
    """Return the entry of a run that is over."""
    return Entry(run.id, run.layers, whoami(), None, tuple(replace(item, run=run.id) for item in lost))


def read_all(store: Store) -> list[Entry]:
    """Return all entries, the oldest first."""
    bodies = store.read_objects(store.list_objects(_FOLDER))
    return [_entry(store, name, body) for name, body in sorted(bodies.items()) if body is not None]


def read(store: Store, run: str) -> Entry | None:
    """Return the entry of a run, if there is one."""
    body = store.read_object(_name(run))
    return None if body is None else _entry(store, _name(run), body)


def save(store: Store, entry: Entry) -> None:
    """Write an entry; one of a run that is over and lost nothing is removed."""
    if entry.over and not entry.lost:
        store.delete_object(_name(entry.run))
    else:
        store.write_object(_name(entry.run), json.dumps({"format": _FORMAT, **asdict(entry)}).encode())


def drop_unfinished(store: Store, run: str) -> None:
    """Remove the entry of a run unless it says what was lost."""
    entry = read(store, run)
    if entry is not None and not entry.over:
        store.delete_object(_name(run))


def _name(run: str) -> str:
    return f"{_FOLDER}/{run}.json"


def _entry(store: Store, name: str, body: bytes) -> Entry:
    try:
        data = json.loads(body)
        if data.pop("format") != _FORMAT:
            raise ValueError("another version of hptf wrote it")
        data["lost"] = tuple(Orphan(**item) for item in data["lost"])
        for key in ("gone", "absent"):
            data[key] = tuple((address, identity) for address, identity in data.get(key, ()))
        return Entry(**{**data, "layers": tuple(data["layers"])})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise HptfError(
            f".hptf/{name} in {store.describe()}, which says what a run lost, cannot be read: {error!r}",
            hint="look for what that run made, then remove the object",
        ) from error


class Book:
    """Keeps the entry of a run up to date while Terraform works. A context manager.

    Attributes:
        store: where it is.
        run: whose; it holds its locks.
        session: the states: what they hold is lost no more.
        plan: what Terraform is about to do, None for nothing.
        say: told once if the store does not take it; the run goes on, for this machine has it all.
    """

    def __init__(
        self, store: Store, run: Run, session: StateSession, plan: Plan | None, say: Callable[[str], None]
    ) -> None:
        self._store = store
        self._session = session
        self._say = say
        self._entry = Entry(run.id, run.layers, whoami(), run.lock_id)
        changes = [change for change in plan.changes() if change.importing is None] if plan is not None else []
        self._due = [
            Orphan(change.address, change.type, None, run.id, certain=False)
            for change in changes
            if change.action is Action.CREATE or change.action.replaces
        ]
        held = Held(session.states)
        self._gone = _held_by(held, (change.address for change in changes if change.action.replaces))
        # A state knows it, and Terraform makes it anew: the plan found that it is gone.
        self._absent = _held_by(held, (change.address for change in changes if change.action is Action.CREATE))
        self._history = History()
        self._mutex = threading.Lock()
        self._changed = threading.Event()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Book:
        # Before anything is made: a store that does not take this will take no state either.
        save(self._store, self._now())
        self._thread.start()
        return self

    def event(self, event: Event) -> None:
        """Terraform did something."""
        with self._mutex:
            self._history.take(event)
        self._changed.set()

    def conclude(self, lost: Collection[Orphan]) -> None:
        """Say what the run lost though it ended by itself; no later event changes that."""
        self._stop()
        named = tuple(replace(item, run=self._entry.run) for item in lost)
        save(self._store, replace(self._entry, lock_id=None, lost=named))

    def _stop(self) -> None:
        self._closed.set()
        self._changed.set()
        self._thread.join()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove the entry, unless somebody must take it up: the next command here, or on another machine."""
        self._stop()
        unfinished = isinstance(error, CutOff | StateNotWritten) or not isinstance(error, HptfError | None)
        # A store that fails now keeps the entry, and the next command takes it up.
        with suppress(HptfError):
            there = read(self._store, self._entry.run)
            if there is not None and there.over:
                return
            save(self._store, self._now() if unfinished else replace(self._entry, lock_id=None))

    def _keep(self) -> None:
        told = False
        while True:
            self._changed.wait()
            if self._closed.is_set():
                return
            self._changed.clear()
            try:
                save(self._store, self._now())
            except HptfError as error:
                if not told:
                    self._say(f"what is being made is on record on this machine alone: {error.message}")
                told = True
            self._closed.wait(_SECONDS)

    def _now(self) -> Entry:
        with self._mutex:
            begun = [*self._history.made.values(), *self._history.failed.values()]
            absent = {*self._absent, *self._history.deleted}
            gone = {*self._gone, *absent}
            started = set(self._history.started)
        held = Held(dict(self._session.states), gone)
        run = self._entry.run
        making = [replace(item, run=run) for item in begun if not held.has(item)]
        due = [item for item in self._due if item.address not in started]
        return replace(
            self._entry,
            lost=(*making, *due),
            gone=tuple(sorted(gone, key=repr)),
            absent=tuple(sorted(absent, key=repr)),
        )


def _held_by(held: Held, addresses: Iterable[str]) -> list[tuple[str, str | None]]:
    return [(address, identity) for address in addresses for identity in held.ids(address)]
