"""The states of a set while Terraform runs over it: what it is given, and what becomes of what it sends.

What Terraform sends is the only copy of what it has just made. It is put in the run's folder before anything else, then
parted and written through to the store, and removed only when all of it is there.
"""

from __future__ import annotations

import contextlib
import threading
import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any

from hp_tf.errors import HptfError
from hp_tf.files import write_durably
from hp_tf.state.document import State, address_of, dumps, loads
from hp_tf.state.merge import merge, split
from hp_tf.state.record import Record, posted_path
from hp_tf.state.snapshot import Reading, Snapshot, Version, read
from hp_tf.state.stores import Store

QUARANTINE = "quarantine"


class StrayResources(HptfError):
    """Resources that belong to no layer of the set. They are kept in the store, apart from every state."""

    def __init__(self, stray: list[dict[str, Any]]) -> None:
        addresses = ", ".join(address_of(resource) for resource in stray)
        super().__init__(
            f"Terraform made resources that belong to no layer: {addresses}.",
            hint=f"They are described in an object of the store under {QUARANTINE}/; this is a fault in a module.",
        )


class StateSession:
    """One run's view of the states of a set. Safe to use from several threads.

    Attributes:
        environment: its name.
        layers: the set. What Terraform sends is parted among these.
        store: where the states rest; for a run that writes, the caller holds their locks.
        run_directory: a folder of this session's own, inside the run's.
        read_only: a plan: nothing is accepted.
        reading: the states, where the caller has just read them (`Snapshot.verify`); otherwise they are read here, and
            a read-only session refuses if somebody holds a lock.
        order: as for `merge`.

    Attributes:
        snapshot: the states' versions at the start.
        states: each layer's state as the store has it now.
        stray: managed resources of the last state sent that belong to no layer of the set; the run must fail.
        failed_writes: what could not be written, by layer; while it is not empty, the caller keeps the store's locks.
    """

    def __init__(
        self,
        environment: str,
        layers: Iterable[str],
        store: Store,
        run_directory: Path,
        read_only: bool = False,
        *,
        reading: Reading | None = None,
        order: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self.environment = environment
        self.layers = tuple(sorted(set(layers)))
        self.store = store
        self.run_directory = run_directory
        self.read_only = read_only
        self.order = order or {}
        if not read_only and posted_path(run_directory).exists():
            raise HptfError(
                f"An earlier run left a state in {posted_path(run_directory)} that is not all in the store.",
                hint="It must be finished before anything else is done.",
            )
        if reading is None:
            reading = read(store, self.layers, refuse_if_locked=read_only)
        self.states: dict[str, State | None] = {layer: reading.states[layer] for layer in self.layers}
        self.snapshot = Snapshot({layer: reading.snapshot.versions[layer] for layer in self.layers})
        self.stray: list[dict[str, Any]] = []
        self.failed_writes: dict[str, HptfError] = {}
        self._pending: bytes | None = None
        self._lineages: defaultdict[str, str] = defaultdict(lambda: str(uuid.uuid4()))
        self._record = Record.start(environment, self.snapshot)
        self._mutex = threading.RLock()
        if not read_only:
            # Before Terraform starts there is nothing to lose yet, so a folder that cannot be written stops the run
            # here.
            try:
                self._record.save(run_directory)
            except OSError as error:
                raise HptfError(f"The run's folder {run_directory} cannot be written: {error.strerror}.") from error

    @property
    def failed(self) -> bool:
        """Whether something Terraform sent is not in the store."""
        return bool(self.failed_writes) or self._pending is not None

    def merged(self) -> State | None:
        """The state of the set, None if no layer has one.

        What could not be written before is tried once more first.

        Raises:
            HptfError: if it fails again.
        """
        with self._mutex:
            self.retry()
            state = merge(self.environment, self.states, self.order)
            if not self.read_only and self._record.give(state["lineage"] if state else None):
                self._save_record()
            return state

    def accept(self, body: bytes) -> None:
        """Take the state that Terraform sends.

        Raises:
            HptfError: if it could not all be written; it is then in the run's folder, and `failed_writes` says what.
        """
        if self.read_only:
            raise HptfError("This run only plans, yet Terraform sent a state.")
        with self._mutex:
            # With a full disk here the store may still take it: a failure to keep the copy is no reason to stop.
            with contextlib.suppress(OSError):
                write_durably(posted_path(self.run_directory), body)
            self._pending = body
            self._write_through(body)

    def accept_left(self, body: bytes) -> None:
        """Take the state that Terraform left in a file, as `accept` does; refuse one that is not this run's."""
        with contextlib.suppress(ValueError):
            lineage = loads(body).get("lineage")
            if not self._record.gave(lineage):
                raise HptfError(f"The state that was left is not this run's: its lineage is {lineage}.")
        self.accept(body)

    def retry(self) -> None:
        """Write what could not be written before, if anything.

        Raises:
            HptfError: if it fails again.
        """
        with self._mutex:
            if self._pending is not None:
                self._write_through(self._pending)

    def refuse(self, body: bytes, reason: str) -> HptfError:
        """Keep a state that came as it must not (without the lock's id) where it can be looked at; the run fails."""
        path = self.run_directory / "state" / f"refused-{uuid.uuid4()}.tfstate"
        with contextlib.suppress(OSError):
            write_durably(path, body)
        error = HptfError(f"A state was sent that cannot be taken: {reason}.", hint=f"It is kept in {path}.")
        self.failed_writes.update(dict.fromkeys(self.layers, error))
        return error

    def _write_through(self, body: bytes) -> None:
        try:
            state = loads(body)
            parted = split(state, self.states)
        except ValueError as error:
            unreadable = HptfError(
                f"The state that Terraform sent cannot be read: {error}.",
                hint=f"It is kept in {posted_path(self.run_directory)}.",
            )
            self.failed_writes = dict.fromkeys(self.layers, unreadable)
            raise unreadable from error
        new = {layer: self._with_lineage(layer, parted.layers[layer]) for layer in sorted(parted.changed)}
        versions = {layer: Version.of(state) for layer, state in new.items()}
        self._record.attempt(versions)
        if self._record.sent(state.get("lineage")) or new:
            self._save_record()
        failed = self.store.write_all(new)
        written = [layer for layer in new if layer not in failed]
        for layer in written:
            self.states[layer] = new[layer]
        self._record.confirm(versions, written)
        failed.update(set_apart(self.store, self.run_directory, parted.stray, had=bool(self.stray)))
        self.stray = parted.stray
        self.failed_writes = failed
        if new:
            self._save_record()
        if failed:
            raise HptfError(
                f"Not written: {', '.join(sorted(failed))}. " + " ".join(error.message for error in failed.values()),
                hint=f"The whole state is kept in {posted_path(self.run_directory)}.",
            )
        self._pending = None
        with contextlib.suppress(OSError):
            posted_path(self.run_directory).unlink(missing_ok=True)

    def _with_lineage(self, layer: str, state: State) -> State:
        """A layer's first state keeps the lineage of the first try to write it."""
        return state if self.states[layer] is not None else {**state, "lineage": self._lineages[layer]}

    def _save_record(self) -> None:
        # A record that cannot be updated makes a later recovery stop and ask; losing the state would be worse.
        with contextlib.suppress(OSError):
            self._record.save(self.run_directory)


def set_apart(store: Store, run_directory: Path, stray: list[dict[str, Any]], *, had: bool) -> dict[str, HptfError]:
    """Put stray resources into an object of the store, or remove it if there are none any more.

    It is named after the run and the session's part in it.

    Returns:
        What failed, under the name of the object.
    """
    name = f"{QUARANTINE}/{run_directory.parent.name}-{run_directory.name}.json"
    try:
        if stray:
            body: State = {"addresses": [address_of(resource) for resource in stray], "resources": stray}
            store.write_object(name, dumps(body))
        elif had:
            store.delete_object(name)
    except HptfError as error:
        return {name: error}
    return {}
