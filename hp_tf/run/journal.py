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

from hp_tf.errors import HptfError
from hp_tf.files import make_private, write_durably, write_private

# Of the record: another version of hptf may mean something else by its fields.
FORMAT = 1
RUNNING, DONE, FAILED, INTERRUPTED = "running", "done", "failed", "interrupted"
# Terraform was killed, or the store would not take what it sent: something may exist that no state knows.
CUT_OFF, RECOVERED = "cut off", "recovered"


@dataclass(frozen=True)
class Home:
    """Whose states a run is about: its folder is named after the environment's file, and another may bear that name.

    Attributes:
        store: where the states rest, in the store's own words.
        file: of the environment.
        emulator: which start of the embedded AWS holds all this; None for an account.
    """

    store: str
    file: str
    emulator: str | None = None

    def vanished(self, now: Home) -> bool:
        """Whether this was in an embedded AWS that is gone, with everything in it; ``now``: the present one."""
        return None not in (self.emulator, now.emulator) and self.emulator != now.emulator

    def elsewhere(self, now: Home) -> bool:
        """Whether other states than these are meant by ``now``."""
        return (self.store, self.emulator) != (now.store, now.emulator)

    def require(self, now: Home, what: str, record: Path) -> None:
        """Raise HptfError if a command would bring into its own states what belongs to others.

        Args:
            now: what the command is about.
            what: was left behind, as the beginning of a sentence.
            record: what says so, for whoever has settled the matter by hand.
        """
        if self.elsewhere(now):
            raise HptfError(
                f"{what} belongs to the states in {self.store} (of {self.file}), and this command's are in {now.store}",
                hint=f"run `hptf plan {self.file}` with its `state:` as it was; or, once it is settled by hand, remove "
                f"{record}",
            )


@dataclass(frozen=True)
class Part:
    """One apply of Terraform within a run.

    Attributes:
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

    Attributes:
        id: sorts by time.
        kind: plan, apply, destroy, import or forget.
        home: whose states it is about.
        layers: the set.
        parts: what Terraform ran, in order.
        lock_id: the id of the store locks this run holds; None when it holds none.
    """

    id: str
    folder: str
    kind: str
    home: Home
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
        # One that holds no lock has nothing to lose with the machine's power, and seeing it to the disk takes its time.
        write = write_private if self.lock_id is None else write_durably
        write(self.path / "run.json", json.dumps({"format": FORMAT, **asdict(self)}, indent=2).encode())
        return self

    def update(self, **changes: Any) -> Run:
        """Return the run with changes, written through."""
        return replace(self, **changes).save()

    def alive(self) -> bool:
        """Whether the hptf process of this run still works (on this machine)."""
        return self.host == socket.gethostname() and process_started(self.pid) == self.pid_started


def begin(work: Path, home: Home, kind: str, layers: tuple[str, ...]) -> Run:
    """Start the record of a run under an environment's working folder."""
    now = datetime.now(UTC)
    identity = f"{now:%Y%m%dT%H%M%S}-{kind}-{uuid.uuid4().hex[:6]}"
    folder = make_private(make_private(work / "runs") / identity)
    return Run(
        id=identity,
        folder=str(folder),
        kind=kind,
        home=home,
        host=socket.gethostname(),
        pid=os.getpid(),
        pid_started=process_started(os.getpid()) or "",
        started=now.isoformat(timespec="seconds"),
        layers=layers,
    ).save()


def unfinished(work: Path) -> Iterator[Run]:
    """Yield the runs that began and never said how they ended, or were cut off, oldest first.

    Raises:
        HptfError: for one of another version of hptf.
    """
    for record in sorted((work / "runs").glob("*/run.json")):
        data = _read(record)
        if data.get("status") in (RUNNING, CUT_OFF):
            yield _run(record, data)


def reload(run: Run) -> Run:
    """Return a run as its folder records it now."""
    record = run.path / "run.json"
    data = _read(record)
    return _run(record, data) if data else run


def _read(record: Path) -> dict[str, Any]:
    """An unreadable record is that of a run that was killed while it began: it had done nothing yet."""
    try:
        data = json.loads(record.read_text())
    except (OSError, json.JSONDecodeError):
        return {}
    return data if isinstance(data, dict) else {}


def _run(record: Path, data: dict[str, Any]) -> Run:
    try:
        if data.pop("format") != FORMAT:
            raise ValueError
        data["home"] = Home(**data["home"])
        data["layers"] = tuple(data["layers"])
        before, now = Path(data["folder"]).parents[1], record.parents[2]
        data["parts"] = tuple(
            Part(**{name: _moved(path, before, now) for name, path in part.items()}) for part in data["parts"]
        )
        return Run(**{**data, "folder": str(record.parent)})
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise HptfError(
            f"another version of hptf began the run in {record.parent}, and it is not finished",
            hint="finish it with that version; or, once it is settled by hand, remove that folder",
        ) from error


def _moved(path: str, before: Path, now: Path) -> str:
    """A path as it is since the working folder was moved, with the project it is in: what lies there must be found."""
    return str(now / Path(path).relative_to(before)) if Path(path).is_relative_to(before) else path


def prune(work: Path, keep: int = 20) -> None:
    """Remove the oldest finished runs' folders beyond ``keep``."""
    records = sorted((work / "runs").glob("*/run.json"))
    for record in records[:-keep] if keep else records:
        if _read(record).get("status", RUNNING) not in (RUNNING, CUT_OFF):
            shutil.rmtree(record.parent, ignore_errors=True)


def process_started(pid: int) -> str | None:
    """Return when a process started (kernel ticks), None if it is gone or a zombie: a pid alone may be reused."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in ("Z", "X") else fields[19]
