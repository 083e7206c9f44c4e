"""Whole processes by the wall clock, with the peak memory of the process itself, and fair orders to run them in."""

from __future__ import annotations

import os
import re
import signal
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

LIMIT_SECONDS = 900.0
_GRACE_SECONDS = 10.0
_SAMPLE_SECONDS = 0.02
_TAIL = 4000


class BenchFailed(Exception):
    """A program that should have been measured did not do its work: a number for it would mean nothing."""


@dataclass(frozen=True)
class Done:
    """One process that ended well.

    Attributes:
        seconds: from before it was started until it was reaped.
        peak_mb: the most memory it held itself, in MB of a million bytes; its children do not count.
        output: what it printed, on both streams.
    """

    seconds: float
    peak_mb: float
    output: str


def run(
    command: Sequence[str | Path],
    *,
    cwd: Path,
    environ: Mapping[str, str],
    good: tuple[int, ...] = (0,),
    limit: float = LIMIT_SECONDS,
) -> Done:
    """Run a program to its end and measure it.

    Raises:
        BenchFailed: if it fails or takes more than ``limit`` seconds.
    """
    with tempfile.TemporaryFile() as printed:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=printed,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
        late = threading.Event()

        def end() -> None:
            late.set()
            _end(process)

        alarm = threading.Timer(limit, end)
        alarm.start()
        watch = _Watch(process.pid)
        try:
            # A wait with a timeout would look every 50 ms, which is half of what the shortest of these programs takes.
            code = process.wait()
            seconds = time.perf_counter() - begun
        except BaseException:
            _end(process)  # a group of its own does not hear the terminal's Ctrl-C
            raise
        finally:
            alarm.cancel()
            if late.is_set():
                alarm.join()
        peak = watch.stop()
        printed.seek(0)
        output = printed.read().decode(errors="replace")
    if late.is_set() or code not in good:
        how = f"did not end within {limit:.0f} s" if late.is_set() else f"ended with exit code {code}"
        raise BenchFailed(f"`{' '.join(str(part) for part in command)}` {how}:\n{output[-_TAIL:]}")
    return Done(seconds, peak, output)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started: kindly, then for good."""
    try:
        below = psutil.Process(process.pid).children(recursive=True)  # Terraform under hptf has a group of its own
    except psutil.Error:
        below = []
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    for item in below:
        with suppress(psutil.Error):
            item.kill()


class _Watch:
    """Reads a process's peak memory until it ends."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._peak = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        self._over.set()
        self._thread.join()
        return self._peak

    def _sample(self) -> None:
        while not self._over.is_set():
            self._peak = max(self._peak, peak_megabytes(self._pid))
            self._over.wait(_SAMPLE_SECONDS)


def peak_megabytes(pid: int) -> float:
    """Return the most memory a process has held so far in MB; 0 once it is gone.

    Linux keeps the figure (VmHWM); elsewhere what it holds now is all there is.
    """
    try:
        found = re.search(r"^VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    except OSError:
        found = None
    if found is not None:
        return int(found[1]) * 1024 / 1e6
    try:
        return float(psutil.Process(pid).memory_info().rss) / 1e6
    except psutil.Error:
        return 0.0


def interleave(
    subjects: Mapping[str, Callable[[], float]],
    rounds: Mapping[str, int],
    *,
    before: Callable[[str], None] = lambda name: None,
    note: Callable[[str], None] = lambda line: None,
) -> dict[str, list[float]]:
    """Measure several subjects in turn, so that a machine that is busy for a while is so for all of them.

    Args:
        subjects: each does its work and returns its seconds.
        rounds: how often each is measured; one with fewer rounds leaves early, one without any is left out.
        before: prepares a subject's next measurement; it is not measured.
        note: is told of each result.

    The order turns by one with every round: nobody always follows the same neighbour.
    """
    names = list(subjects)
    measured: dict[str, list[float]] = {name: [] for name in names}
    for number in range(max(rounds.values())):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            if number < rounds.get(name, 0):
                before(name)
                measured[name].append(subjects[name]())
                note(f"{name}: {measured[name][-1]:.2f} s")
    return measured


def median(values: Sequence[float]) -> float:
    """Return the median."""
    return statistics.median(values)
