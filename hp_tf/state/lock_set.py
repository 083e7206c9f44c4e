"""The locks of a set of layers, taken all or none."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from types import TracebackType

from hp_tf.errors import HptfError
from hp_tf.state.locks import Clock, LockInfo, OnWait, patiently
from hp_tf.state.stores import Store


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
                hint="The next command on this environment frees them, once the store answers again.",
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
