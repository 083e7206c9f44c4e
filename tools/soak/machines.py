"""The machines that one environment is run from, one after the other, and the commands that die on them."""

from __future__ import annotations

import os
import random
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from hp_tf.terraform import process
from hp_tf.terraform.events import ResourceEvent, parse_line
from tests.end_to_end.conftest import local_project
from tests.end_to_end.project import BIN, Ended, Project

END_SECONDS = 400
# From the first resource that is made or deleted: many kills must fit into one making.
SPAN_SECONDS = 8.0
LOST = "lose the machine"
WAYS = (LOST, "kill terraform", LOST, "kill hptf", "kill both", "interrupt", LOST, "interrupt twice", "terminate")


class Machines:
    """The environment's file is on each of them, nothing else is.

    Attributes:
        now: the project on the present one.
    """

    def __init__(self, folder: Path, prepare: Callable[[Project], None]) -> None:
        self._folder = folder
        self._prepare = prepare
        self._number = 0
        self.now = self._another()

    def _another(self) -> Project:
        self._number += 1
        root = self._folder / f"machine-{self._number}"
        root.mkdir()
        project = local_project(root)
        self._prepare(project)
        return project

    def lose(self) -> None:
        """Everything on the present machine ends at once, and its disk is gone; the cloud alone stays."""
        lost, self.now = self.now, self._another()
        end_processes(lost)
        self.now.work.mkdir(mode=0o700, parents=True)
        # Who runs it is no business of hptf's: it stands for AWS.
        cloud = (lost.work / "emulator").resolve()
        (self.now.work / "emulator").symlink_to(cloud)
        for path in lost.work.iterdir():
            if path.name != "emulator":
                shutil.rmtree(path) if path.is_dir() else path.unlink()

    def leftovers(self) -> list[str]:
        """Return the command lines of what still works in these projects; the emulator is none of it."""
        found = []
        for cwd in Path("/proc").glob("[0-9]*/cwd"):
            try:
                if cwd.readlink().is_relative_to(self._folder.resolve()):
                    found.append((cwd.parent / "cmdline").read_text().replace("\0", " "))
            except OSError:
                continue
        return [line for line in found if "hp_tf.emulator" not in line]

    def close(self) -> None:
        """End everything, the emulator too."""
        end_processes(self.now)
        self.now.close()


def end_processes(project: Project) -> None:
    """Kill what runs of a project at once, as a machine that stops does."""
    for child in project.children:
        if child.poll() is None:
            child.kill()
            child.wait(timeout=30)
    for log in _logs(project):
        process.end(log)
        for root in project.work.glob("root-*"):
            process.end_leftovers(log, root)


def shell(project: Project, line: str) -> Ended:
    """Run a command line as hptf printed it."""
    words = shlex.split(line)
    done = subprocess.run(
        [str(BIN / words[0]), *words[1:]],
        cwd=project.root,
        env=project.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=END_SECONDS,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def kill(machines: Machines, running: subprocess.Popen[str], way: str) -> str:
    """End a command in one of the ways in which commands end, and return in which: Terraform may not run just now."""
    terraforms = _terraforms(machines.now)
    if way == "kill terraform" and not terraforms:
        way = "kill hptf"
    if way == LOST:
        machines.lose()
        return way
    if way in ("kill hptf", "kill both"):
        running.kill()
    if way in ("kill terraform", "kill both"):
        for pid in terraforms:
            os.kill(pid, signal.SIGKILL)
    if way == "terminate":
        running.terminate()
    if way.startswith("interrupt"):
        running.send_signal(signal.SIGINT)
    if way == "interrupt twice":
        time.sleep(1)
        running.send_signal(signal.SIGINT)
    running.wait(timeout=END_SECONDS)
    return way


def wait_for_moment(
    project: Project, running: subprocess.Popen[str], chance: random.Random, address: str | None
) -> bool:
    """Wait until a random moment of a command; False if it has ended before.

    Args:
        address: wait until Terraform makes this, and a little longer.
    """
    if address is not None:
        while running.poll() is None and not project.begun(address):
            time.sleep(0.1)
        time.sleep(chance.uniform(0, 2))
    elif chance.random() < 0.2:
        # At any time: while hptf starts, finishes what an earlier run left, or plans.
        time.sleep(chance.uniform(0, 10))
    else:
        while running.poll() is None and not under_way(project):
            time.sleep(0.1)
        time.sleep(chance.uniform(0, SPAN_SECONDS))
    return running.poll() is None


def under_way(project: Project) -> int:
    """Return how many resources Terraform makes or deletes at this moment."""
    open_ones: set[str] = set()
    for log in _logs(project):
        if log.name.startswith("apply") and process.is_running(log):
            for line in log.read_bytes().splitlines():
                event = parse_line(line)
                if isinstance(event, ResourceEvent) and event.operation == "apply" and event.resource is not None:
                    change = open_ones.add if event.phase == "start" else open_ones.discard
                    if event.phase in ("start", "complete", "errored"):
                        change(event.resource.address)
    return len(open_ones)


def _terraforms(project: Project) -> list[int]:
    return [pid for log in _logs(project) if (pid := process.running_pid(log)) is not None]


def _logs(project: Project) -> Iterator[Path]:
    return (project.work / "runs").glob("*/*.jsonl")
