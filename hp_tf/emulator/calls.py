"""What is called, what shall fail, and how long changes take: the parts that tests steer."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from hp_tf.emulator.awsjson import AwsError
from hp_tf.emulator.web import Dropped

LOG_LENGTH = 20_000


@dataclass(frozen=True)
class CallRecord:
    """One call that was answered: when (epoch seconds), how long it took (seconds), and how it ended."""

    service: str
    operation: str
    at: float
    seconds: float
    status: int
    error: str | None = None


@dataclass
class Fault:
    """After `skip` calls of an operation the next `times` are late by `delay` seconds, and fail if `error` is given.

    With `drop` the connection ends without an answer. `operation` "*" means every operation of the service. Those of
    `kubernetes` are a method and what it is about: "get secrets", "get version". `Creating` of sagemaker is the part of
    CreateCluster that comes after its answer: a cluster whose creation fails there is left in the state Failed.
    """

    service: str
    operation: str
    times: int = 1
    error: str | None = None
    message: str = "injected by a test"
    delay: float = 0.0
    status: int = 400
    drop: bool = False
    skip: int = 0

    def concerns(self, service: str, operation: str) -> bool:
        return self.times > 0 and self.service == service and self.operation in ("*", operation)


GroupOrder = Literal["made", "sent", "reversed", "sorted"]


@dataclass
class Settings:
    """How the emulator behaves.

    Attributes:
        transition_seconds: how long Creating, Updating, Deleting and the like last. 0: done at once.
        ahead_seconds: how far the services' clock is ahead. Moved on, it ends what lasts, however long that was to
            take.
        fast_delete: answer Terraform's FSx deletions with "not found". The aws provider sleeps for over three minutes
            before it asks whether the file system is gone, unless the deletion itself says so. Other clients get the
            ordinary answer.
        groups_listed: in which order the instance groups of a cluster are listed: as they were "made", as they were
            last "sent", that "reversed", or "sorted" by name. The service promises none.
    """

    transition_seconds: float = 0.0
    ahead_seconds: float = 0.0
    fast_delete: bool = True
    groups_listed: GroupOrder = "made"


@dataclass
class Unsupported:
    """A call that the emulator could not serve: how often, and why."""

    service: str
    operation: str
    reason: str
    times: int = field(default=1)


class Calls:
    """The log of calls, the faults to inject, and what was asked for in vain. Safe for many threads."""

    def __init__(
        self, *, clock: Callable[[], float] = time.time, sleep: Callable[[float], object] | None = None
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._cleared = threading.Event()
        self._lock = threading.Lock()
        self._log: deque[CallRecord] = deque(maxlen=LOG_LENGTH)
        self._faults: list[Fault] = []
        self._unsupported: dict[tuple[str, str], Unsupported] = {}

    def begin(self, service: str, operation: str, *, sleep: Callable[[float], object] | None = None) -> None:
        """Apply the first fault that concerns this call: wait, then raise Dropped, or its AwsError if it has one.

        `sleep` is how this call waits, if not as all do.
        """
        with self._lock:
            fault = next((fault for fault in self._faults if fault.concerns(service, operation)), None)
            if fault is None:
                return
            if fault.skip > 0:
                fault.skip -= 1
                return
            fault.times -= 1
            sleep = sleep or self._sleep or self._cleared.wait
        if fault.delay > 0:
            sleep(fault.delay)
        if fault.drop:
            raise Dropped
        if fault.error is not None:
            raise AwsError(fault.error, fault.message, status=fault.status)

    def record(self, service: str, operation: str, started: float, status: int, error: str | None = None) -> None:
        """Add an answered call to the log."""
        record = CallRecord(service, operation, started, round(self._clock() - started, 4), status, error)
        with self._lock:
            self._log.append(record)

    def unsupported(self, service: str, operation: str, reason: str) -> None:
        """Note a call that could not be served."""
        with self._lock:
            known = self._unsupported.get((service, operation))
            if known is None:
                self._unsupported[service, operation] = Unsupported(service, operation, reason)
            else:
                known.times += 1

    def add_fault(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def clear_faults(self) -> None:
        """Forget the faults; calls that one made late go on."""
        with self._lock:
            self._forget_faults()

    def clear(self) -> None:
        """Forget the log, the faults and the list of unsupported calls."""
        with self._lock:
            self._log.clear()
            self._forget_faults()
            self._unsupported.clear()

    def _forget_faults(self) -> None:
        self._faults.clear()
        self._cleared.set()
        self._cleared = threading.Event()

    def log(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(record) for record in self._log]

    def faults(self) -> list[dict[str, Any]]:
        """The faults that have calls left."""
        with self._lock:
            return [asdict(fault) for fault in self._faults if fault.times > 0]

    def unsupported_calls(self) -> list[dict[str, Any]]:
        with self._lock:
            return [asdict(entry) for entry in self._unsupported.values()]


def parse_fault(document: Mapping[str, Any]) -> Fault:
    """A fault from its JSON form.

    Raises:
        AwsError: that names what is wrong.
    """
    known = {
        "service": str,
        "operation": str,
        "times": int,
        "error": str,
        "message": str,
        "delay": float,
        "status": int,
        "drop": bool,
        "skip": int,
    }
    values: dict[str, Any] = {}
    for key, value in document.items():
        expected = known.get(key)
        if expected is None:
            raise AwsError("ValidationException", f"a fault has no member {key!r}; it has {', '.join(known)}")
        if value is None:
            continue
        if not isinstance(value, (int, float) if expected is float else expected):
            raise AwsError("ValidationException", f"{key} of a fault must be a {expected.__name__}")
        values[key] = value
    missing = [key for key in ("service", "operation") if key not in values]
    if missing:
        raise AwsError("ValidationException", f"a fault needs {' and '.join(missing)}")
    return Fault(**values)
