"""The record of each run: who ran what, which locks it held, how it ended.

A run's folder holds ``run.json``, Terraform's event stream and every state body Terraform sent. Together they say,
after a crash at any moment, what was made and not written down.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import uuid
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hp_tf.orchestration.project import make_private

RUNNING, DONE, FAILED, INTERRUPTED = "running", "done", "failed", "interrupted"
# Terraform was killed, or the store would not take what it sent: something may exist that no state knows.
CUT_OFF, RECOVERED = "cut off", "recovered"


@dataclass(frozen=True)
class Part:
    """One apply of Terraform within a run.

    Parameters
    ----------
    session: the folder with the states it sent.
    root: its root, where it would leave an ``errored.tfstate``.
    log: its event stream.
    """

    session: str
    root: str
    log: str


@dataclass(frozen=True)
class Run:
    """One run as its folder records it.

    Parameters
    ----------
    id: sorts by time.
    kind: plan, apply or destroy.
    layers: the set.
    parts: what Terraform ran, in order.
    lock_id: the id of the store locks this run holds; None when it holds none.
    """

    id: str
    folder: str
    kind: str
    host: str
    pid: int
    pid_started: str
    started: str
    layers: tuple[str, ...]
    status: str = RUNNING
    lock_id: str | None = None
    parts: tuple[Part, ...] = ()

    @property
    def path(self) -> Path:
        """The run's folder."""
        return Path(self.folder)

    def save(self) -> Run:
        """Write the record through, and return it."""
        target = self.path / "run.json"
        temporary = target.with_suffix(".new")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            json.dump(asdict(self), stream, indent=2)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(target)
        return self

    def update(self, **changes: Any) -> Run:
        """Return the run with changes, written through."""
        return replace(self, **changes).save()

    def alive(self) -> bool:
        """Whether the hptf process of this run still works (on this machine)."""
        return self.host == socket.gethostname() and process_started(self.pid) == self.pid_started


def begin(work: Path, kind: str, layers: tuple[str, ...]) -> Run:
    """Start the record of a run under an environment's working folder."""
    now = datetime.now(UTC)
    identity = f"{now:%Y%m%dT%H%M%S}-{kind}-{uuid.uuid4().hex[:6]}"
    folder = make_private(make_private(work / "runs") / identity)
    return Run(
        id=identity,
        folder=str(folder),
        kind=kind,
        host=socket.gethostname(),
        pid=os.getpid(),
        pid_started=process_started(os.getpid()) or "",
        started=now.isoformat(timespec="seconds"),
        layers=layers,
    ).save()


def unfinished(work: Path) -> Iterator[Run]:
    """Yield the runs that began and never said how they ended, or were cut off, oldest first."""
    for record in sorted((work / "runs").glob("*/run.json")):
        run = _load(record)
        if run is not None and run.status in (RUNNING, CUT_OFF):
            yield run


def reload(run: Run) -> Run:
    """Return a run as its folder records it now."""
    return _load(run.path / "run.json") or run


def _load(record: Path) -> Run | None:
    """An unreadable record is that of a run that was killed while it began: it had done nothing yet."""
    try:
        data = json.loads(record.read_text())
    except (OSError, json.JSONDecodeError):
        return None
    data["layers"] = tuple(data["layers"])
    data["parts"] = tuple(Part(**part) for part in data["parts"])
    return Run(**{**data, "folder": str(record.parent)})


def prune(work: Path, keep: int = 20) -> None:
    """Remove the oldest finished runs' folders beyond ``keep``."""
    records = sorted((work / "runs").glob("*/run.json"))
    for record in records[:-keep] if keep else records:
        try:
            status = json.loads(record.read_text()).get("status")
        except (OSError, json.JSONDecodeError):
            continue
        if status not in (RUNNING, CUT_OFF):
            shutil.rmtree(record.parent, ignore_errors=True)


def process_started(pid: int) -> str | None:
    """Return when a process started (kernel ticks), None if it is gone or a zombie: a pid alone may be reused."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in ("Z", "X") else fields[19]
