"""Where the time of a run of the tests goes: seconds and processor seconds, by folder and by worker.

A plugin of tests/conftest.py. Processor seconds are those of the test's own process and of the programs it waited for;
an emulator is nobody's child, and what it uses is not in them.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Generator

import pytest

_PROPERTY = "processor seconds"
_BEGUN = pytest.StashKey[float]()
_TITLE = "where the time goes"


def processor_seconds() -> float:
    """Return what this process and the children it has waited for have used."""
    return sum(os.times()[:4])


def folder_of(nodeid: str) -> str:
    """Return the folder of a test under tests/; of a walk through a whole environment, its file."""
    parts = nodeid.partition("::")[0].split("/")
    return "/".join(parts[1:]) if parts[1] == "end_to_end" else parts[1]


class Timetable:
    """Adds up what the tests took, where their reports come together."""

    def __init__(self) -> None:
        self._tests: dict[str, int] = defaultdict(int)
        self._seconds: dict[str, float] = defaultdict(float)
        self._used: dict[str, float] = defaultdict(float)
        self._ends: dict[str, float] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a report."""
        folder = folder_of(report.nodeid)
        self._seconds[folder] += report.duration
        self._ends[getattr(report, "worker_id", "")] = report.stop
        if report.when == "teardown":
            self._tests[folder] += 1
            self._used[folder] += sum(float(str(value)) for name, value in report.user_properties if name == _PROPERTY)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table, and how long before the end each worker had nothing more to do."""
        if sum(self._seconds.values()) < 10:
            return
        terminalreporter.section(_TITLE)
        terminalreporter.write_line(f"{'seconds':>9} {'processor':>10} {'tests':>6}")
        rows = sorted(self._seconds, key=lambda name: self._seconds[name], reverse=True)
        for name in rows:
            figures = f"{self._seconds[name]:9.1f} {self._used[name]:10.1f} {self._tests[name]:6}"
            terminalreporter.write_line(f"{figures}  {name}")
        total = f"{sum(self._seconds.values()):9.1f} {sum(self._used.values()):10.1f} {sum(self._tests.values()):6}"
        terminalreporter.write_line(f"{total}  in all")
        last = max(self._ends.values())
        idle = [f"{name} {last - end:.0f} s" for name, end in sorted(self._ends.items()) if name]
        if idle:
            terminalreporter.write_line(f"workers without work at the end: {', '.join(idle)}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Note what was used before a test, its fixtures included."""
    item.stash[_BEGUN] = processor_seconds()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Write on a test's last report what was used from its first fixture to the end of the last."""
    report = yield
    if call.when == "teardown" and _BEGUN in item.stash:
        report.user_properties.append((_PROPERTY, processor_seconds() - item.stash[_BEGUN]))
    return report


def pytest_configure(config: pytest.Config) -> None:
    """Add up where the reports of all workers come together."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Timetable(), "timetable of this run")
