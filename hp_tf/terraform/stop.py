"""A request to stop: counted, so that the first is polite and the third is not."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


class StopRequest:
    """Counts how often the user asked to stop. Passed to whatever may have to.

    `on_request`, if given, is called with the new count each time. It may run inside a signal handler, so it must be
    short and take no lock.
    """

    def __init__(self, on_request: Callable[[int], None] | None = None) -> None:
        self._count = 0
        self._on_request = on_request
        self._at_once = False

    @property
    def requested(self) -> int:
        """How often stopping was asked for; 0 means carry on."""
        return self._count

    def request(self) -> None:
        """Asks once more."""
        self._count += 1
        if self._on_request is not None:
            self._on_request(self._count)

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Lets a signal end the block with KeyboardInterrupt: nothing in it has to be finished.

        Raises:
            KeyboardInterrupt: if stopping was asked for before.
        """
        if self.requested:
            raise KeyboardInterrupt
        before, self._at_once = self._at_once, True
        try:
            yield
        finally:
            self._at_once = before

    @contextmanager
    def listening(self) -> Iterator[StopRequest]:
        """Turns SIGINT, SIGTERM and SIGHUP into requests while the block runs; restores the handlers after it.

        SIGHUP stays ignored if it was (nohup). Only for the main thread: elsewhere Python raises ValueError.
        """

        def handler(number: int, frame: FrameType | None) -> None:
            if self._at_once:
                self._count += 1
                raise KeyboardInterrupt
            self.request()

        before: dict[signal.Signals, signal.Handlers | Callable[[int, FrameType | None], object] | int | None] = {}
        try:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                if number is signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN:
                    continue
                before[number] = signal.signal(number, handler)
            yield self
        finally:
            for number, old in before.items():
                # None: the handler was not installed from Python, and cannot be put back by it.
                signal.signal(number, signal.SIG_DFL if old is None else old)
