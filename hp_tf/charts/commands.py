"""Running git and helm to fetch something."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from hp_tf.errors import HptfError

# (command, folder, more environment variables)
Run = Callable[[Sequence[str], Path, Mapping[str, str]], None]
_SECONDS = 600
# A git hook that starts hptf sets these, and then git would work on the hook's repository.
_GIT_PLACES = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR")


def run_command(command: Sequence[str], cwd: Path, environ: Mapping[str, str]) -> None:
    """Run a command in a folder, without asking the user anything.

    Args:
        environ: variables on top of the process's own, which hold proxies and credentials.

    Raises:
        HptfError: with the last line of what it said if it fails, is not installed or takes over ten minutes.
    """
    inherited = {name: value for name, value in os.environ.items() if name not in _GIT_PLACES}
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            env={**inherited, "GIT_TERMINAL_PROMPT": "0", **environ},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise HptfError(f"{command[0]} is not installed", hint="install it, or use a folder of yours") from error
    except subprocess.TimeoutExpired as error:
        raise HptfError(
            f"`{_short(command)}` did not end within ten minutes", hint="check the network and repeat the command"
        ) from error
    if done.returncode != 0:
        detail = (done.stderr.strip() or done.stdout.strip()).splitlines()
        said = detail[-1].removeprefix("Error: ") if detail else f"exit code {done.returncode}"
        raise HptfError(
            f"`{_short(command)}` failed: {said}",
            hint="it is fetched once per machine; check the network, or use a folder of yours",
        )


def _short(command: Sequence[str]) -> str:
    """The command for people: its program's name and what it does, without switches, values and paths."""
    words = [word for word in command[1:] if word.isalpha()]
    return " ".join([Path(command[0]).name, *words[:2]])
