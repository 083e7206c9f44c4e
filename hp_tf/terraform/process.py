"""Runs one Terraform command.

Terraform writes its stdout to a file and hptf follows that file. A pipe would tie the two together: if hptf were
killed, Terraform would die of SIGPIPE at its next line, in the middle of an apply. With a file it carries on, and the
file is the journal of what it did.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from hp_tf.errors import HptfError, Interrupted
from hp_tf.files import make_folder
from hp_tf.terraform import leftovers
from hp_tf.terraform.binary import Product, Terraform
from hp_tf.terraform.error_attribution import ErrorAttribution
from hp_tf.terraform.events import Diagnostic, DiagnosticEvent, Event, parse_line
from hp_tf.terraform.stop import StopRequest

POLL_SECONDS = 0.02
# How long what was killed may take to be gone.
END_SECONDS = 30.0
_CHUNK = 1 << 16

OnEvent = Callable[[Event], None]


@dataclass(frozen=True)
class Finished:
    """A command that has ended.

    `returncode` is negative if a signal ended it. `stdout` and `stderr` are the files it wrote (0600); the part of
    `stdout` that is this command's starts at byte `offset`. `stops` is how many stop requests were handed on to it.
    `printed` is what a command printed whose stdout is no event stream: no file has it.
    """

    returncode: int
    stdout: Path
    stderr: Path
    offset: int
    diagnostics: tuple[Diagnostic, ...]
    seconds: float
    stops: int
    product: Product = "terraform"
    printed: bytes = b""


class Runner(Protocol):
    """The shape of `run`, for what runs Terraform through it."""

    def __call__(
        self,
        terraform: Terraform,
        arguments: Sequence[str],
        *,
        cwd: Path,
        environ: Mapping[str, str],
        log: Path,
        on_event: OnEvent | None,
        stop: StopRequest,
        follow: bool = True,
        holding: Sequence[int] = (),
    ) -> Finished: ...


def stderr_of(log: Path) -> Path:
    """Return where the stderr of the Terraform that writes to `log` goes."""
    return log.with_name(f"{log.name}.stderr")


def pid_file_of(log: Path) -> Path:
    """Return where the process id of the Terraform that writes to `log` is recorded."""
    return log.with_name(f"{log.name}.pid")


def run(
    terraform: Terraform,
    arguments: Sequence[str],
    *,
    cwd: Path,
    environ: Mapping[str, str],
    log: Path,
    on_event: OnEvent | None,
    stop: StopRequest,
    follow: bool = True,
    holding: Sequence[int] = (),
    new_session: bool = True,
    poll_seconds: float = POLL_SECONDS,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Finished:
    """Runs `terraform ARGUMENTS` to its end and reads its event stream.

    Args:
        cwd: the root's folder.
        environ: the whole environment of the process, see `terraform_environment`.
        log: the file its stdout goes to; appended to if it is there. stderr goes beside it (`LOG.stderr`), and its
            process id too (`LOG.pid`). While Terraform runs it holds a lock on `log`, see `is_running`.
        on_event: called with each event, in order. If it raises, Terraform is still waited for; then the error goes on.
        stop: the first request sends Terraform SIGINT (it finishes what it is doing and writes the state), the second
            sends it another (it gives up at once and says that data may be lost), the third kills it. There is no kill
            timer.
        follow: False for a command whose stdout is no event stream. It may hold secrets, so the file loses its name
            before anything is in it, and is gone with the last process that has it open, however that ends.
        holding: open files that it holds for as long as it runs.
        new_session: puts Terraform in a session of its own, so that a terminal's Ctrl-C reaches hptf alone.

    What Terraform has started ends with it, however that happens: a provider stays where it was killed.

    Raises:
        Interrupted: if stopping was asked for before the start.
        HptfError: if the program cannot be started.
        OSError: if the files cannot be made.
    """
    if stop.requested:
        raise Interrupted("Stopped before Terraform was started.")
    make_folder(log.parent)
    started = clock()
    with contextlib.ExitStack() as stack:
        out, err = (stack.enter_context(_open_private(path)) for path in (log, stderr_of(log)))
        offset = out.seek(0, os.SEEK_END)
        reader = log.open("rb")
        if not follow:
            log.unlink()
        # The lock belongs to the open file, which Terraform inherits: it is released when the last holder is gone.
        fcntl.flock(out, fcntl.LOCK_SH)
        try:
            process = subprocess.Popen(
                [os.fspath(terraform.path), *arguments],
                cwd=cwd,
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=new_session,
                pass_fds=tuple(holding),
                umask=0o077,
            )
        except OSError as error:
            reader.close()
            raise HptfError(f"{terraform.path} could not be started in {cwd}: {error.strerror}.") from error
    signals = _Signals(process, stop, group=new_session)
    diagnostics: list[Diagnostic] = []
    attribution = ErrorAttribution()
    printed = b""

    def handle(line: bytes) -> None:
        event = parse_line(line)
        if event is None:
            return
        attribution.take(event)
        if isinstance(event, DiagnosticEvent):
            diagnostics.append(event.diagnostic)
        if on_event is not None:
            on_event(event)

    # From here on Terraform runs: whatever fails, it is waited for.
    try:
        with contextlib.suppress(OSError), _open_private(pid_file_of(log), truncate=True) as pid_file:
            pid_file.write(str(process.pid).encode())
        with reader:
            reader.seek(offset)
            tail = _Tail(reader, handle if follow else None)
            while True:
                try:
                    over = signals.over()  # asked before reading, so that the last lines are not missed
                    tail.read()
                    if over:
                        break
                    signals.forward()
                    sleep(poll_seconds)
                except KeyboardInterrupt:
                    stop.request()
            tail.close()
            if not follow:
                reader.seek(offset)
                printed = reader.read()
    finally:
        signals.wait(poll_seconds, sleep)
    return Finished(
        returncode=process.returncode,
        stdout=log,
        stderr=stderr_of(log),
        offset=offset,
        diagnostics=attribution.addressed(diagnostics),
        seconds=clock() - started,
        stops=signals.sent,
        product=terraform.product,
        printed=printed,
    )


def is_running(log: Path) -> bool:
    """Whether a Terraform that writes to `log` is still alive, though the hptf that started it may be gone."""
    try:
        with log.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
    except FileNotFoundError:
        return False
    return False


def running_pid(log: Path) -> int | None:
    """The process id of the Terraform that is still writing to `log`; None if there is none (or it is not recorded)."""
    if not is_running(log):
        return None
    return _recorded_pid(log)


def end_leftovers(log: Path, root: Path) -> None:
    """Kills the providers of a Terraform that wrote to `log`, worked in `root`, and was killed with its hptf."""
    pid = _recorded_pid(log)
    if pid is not None and not is_running(log):
        leftovers.end_session(pid, root)


def _recorded_pid(log: Path) -> int | None:
    try:
        return int(pid_file_of(log).read_text())
    except (OSError, ValueError):
        return None


def end(log: Path) -> None:
    """Kills the Terraform that still writes to `log`, with its providers, and waits until it is gone.

    For one whose hptf is gone, and what it works on too.

    Raises:
        HptfError: if it stays, or if its process is not on record.
    """
    deadline = time.monotonic() + END_SECONDS
    while is_running(log):
        pid = running_pid(log)
        if pid is not None:
            # It leads a session of its own, so the id is nobody else's while one of that session lives.
            leftovers.end_group(pid)
        if time.monotonic() > deadline:
            raise HptfError(
                f"the Terraform that writes to {log} (process {pid or 'unknown'}) does not end",
                hint="end it, and repeat the command",
            )
        time.sleep(POLL_SECONDS)


class _Signals:
    """Hands stop requests on to the process, each once."""

    def __init__(self, process: subprocess.Popen[bytes], stop: StopRequest, *, group: bool) -> None:
        self._process = process
        self._stop = stop
        self._group = group
        self.sent = 0

    def over(self) -> bool:
        """Whether the process has ended, and with it all that it had started."""
        return leftovers.ended(self._process, group=self._group)

    def forward(self) -> None:
        while self.sent < self._stop.requested and not self.over():
            self.sent += 1
            if self.sent < 3:
                self._process.send_signal(signal.SIGINT)
            elif self._group:
                leftovers.end_group(self._process.pid)  # providers and provisioners too
            else:
                self._process.kill()

    def wait(self, poll_seconds: float, sleep: Callable[[float], None]) -> None:
        """Wait for the end, however long and whatever fails meanwhile, which is raised then.

        A Terraform left behind would write a state that nobody takes.
        """
        failed: BaseException | None = None
        while not self.over():
            try:
                self._step(poll_seconds, sleep)
            except BaseException as error:
                failed = error
        if failed is not None:
            raise failed

    def _step(self, poll_seconds: float, sleep: Callable[[float], None]) -> None:
        try:
            self.forward()
            sleep(poll_seconds)
        except KeyboardInterrupt:
            self._stop.request()


class _Tail:
    """Reads whole lines from a growing file."""

    def __init__(self, reader: BinaryIO, handle: Callable[[bytes], None] | None) -> None:
        self._reader = reader
        self._handle = handle
        self._rest = b""
        self._lines: deque[bytes] = deque()

    def read(self) -> None:
        if self._handle is None:
            return
        while True:
            while self._lines:  # first what a Ctrl-C left unread
                self._handle(self._lines.popleft())
            chunk = self._reader.read(_CHUNK)
            if not chunk:
                return
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            self._lines.extend(lines)

    def close(self) -> None:
        """A killed process leaves a last line without its end; it counts as a line."""
        if self._handle is not None and self._rest:
            rest, self._rest = self._rest, b""
            self._handle(rest)


def _open_private(path: Path, *, truncate: bool = False) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | (os.O_TRUNC if truncate else os.O_APPEND)
    return os.fdopen(os.open(path, flags, 0o600), "wb")
