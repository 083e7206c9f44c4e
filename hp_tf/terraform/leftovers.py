"""What a Terraform that was killed leaves running: its providers, half a gigabyte each, which nobody ends then."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

_PROCESSES = Path("/proc")


def ended(process: subprocess.Popen[bytes], *, group: bool) -> bool:
    """Return whether a process has ended; with it ends what it has started.

    Args:
        group: whether it leads a process group of its own.
    """
    if process.returncode is not None:
        return True
    # As long as nobody has asked for its end, its id is no other's. (Not on macOS before Python 3.13.)
    if group and hasattr(os, "waitid"):
        # Where SIGCHLD is ignored the system has asked for it.
        with contextlib.suppress(ChildProcessError):
            if os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
                return False
            end_group(process.pid)
    return process.poll() is not None


def end_group(leader: int) -> None:
    """Kill a process group, by the id of the process that leads it or led it."""
    # macOS refuses where only what has ended already is in it.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def end_session(leader: int, folder: Path) -> list[int]:
    """Kill what is left of the session of a process that is gone, and return the ids; needs /proc.

    Args:
        folder: in which all of it works. The leader's id may be another program's by now, with a session of its own.
    """
    left = [pid for pid in _session(leader) if _works_in(pid, folder)]
    for pid in left:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return left


def _session(leader: int) -> Iterator[int]:
    for stat in _PROCESSES.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError):
            # After the command's name, which may hold anything: state, parent, group, session.
            if stat.read_text("utf-8", "replace").rpartition(")")[2].split()[3] == str(leader):
                yield int(stat.parent.name)


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return (_PROCESSES / str(pid) / "cwd").readlink() == folder.resolve()
    except OSError:
        return False
