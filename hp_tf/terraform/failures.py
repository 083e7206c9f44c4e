"""How a Terraform command can end badly, and whether one that says it ended well did.

Nobody is believed on an exit code alone: what runs may be a wrapper that loses it. A command has ended well if its
event stream says so too.
"""

from __future__ import annotations

import re
import signal
from collections.abc import Sequence
from pathlib import Path

from hp_tf.errors import HptfError, Interrupted
from hp_tf.terraform.events import Diagnostic
from hp_tf.terraform.process import Finished

_STDERR_BYTES = 2000
_CRASH_BYTES = 1 << 20
# Go's own last words. Where a provider crashed the engine prints its words too, and ends with exit code 1.
_PANIC = re.compile(r"^(?:panic: |fatal error: ).*", re.MULTILINE)
_INIT_NEEDED = (
    "Backend initialization required",
    "Inconsistent dependency lock file",
    "Missing required provider",
    "Module not installed",
    "Module source has changed",
    "Required plugins are not installed",
)


class TerraformEnded(HptfError):
    """A command that ended badly.

    Attributes:
        broke_off: whether it ended without its last words: killed, crashed, or behind a wrapper that hides which.
    """

    finished: Finished
    broke_off: bool


class TerraformFailed(TerraformEnded):
    """A command that ended badly, with all it said: `diagnostics`, and `finished` with the files.

    Its message says how many errors there are, and as a text it is the first of them.

    Attributes:
        missing: what a command that ended with a good exit code should have said or written, and did not.
    """

    def __init__(self, command: str, finished: Finished, missing: Sequence[str] = ()) -> None:
        self.command = command
        self.finished = finished
        self.returncode = finished.returncode
        self.diagnostics = finished.diagnostics
        self.missing = tuple(missing)
        self.broke_off = bool(missing) or _broke_off(finished)
        self._said = f"{finished.product} {command}"
        hint = None
        if missing and crash(finished) is None:
            hint = f"if it is a wrapper, name the program itself: export HPTF_TERRAFORM=/path/to/{finished.product}"
        super().__init__(f"{self._said} {self._ending()}", hint=hint)

    def __str__(self) -> str:
        errors = _errors(self.finished)
        if not errors or self.returncode < 0:
            return super().__str__()
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        return f"{self._said} failed: {errors[0]}{more}"

    @property
    def needs_init(self) -> bool:
        """Whether Terraform asks for `init`: what was installed is no longer what the root needs."""
        return any(d.severity == "error" and d.summary.startswith(_INIT_NEEDED) for d in self.diagnostics)

    def _ending(self) -> str:
        finished, errors = self.finished, _errors(self.finished)
        if finished.returncode < 0:
            number = -finished.returncode
            name = signal.Signals(number).name if number in set(signal.Signals) else f"signal {number}"
            return f"was ended by {name}; it could not write what it had not written yet."
        crashed = crash(finished)
        if crashed is not None:
            return crashed
        if errors:
            return "failed" if len(errors) == 1 else f"failed with {len(errors)} errors"
        if self.missing:
            return f"ended with exit code {finished.returncode}, and {' and '.join(self.missing)}"
        return f"failed with exit code {finished.returncode}: {_last_words(finished.stderr) or 'it gave no reason'}"


class TerraformInterrupted(TerraformEnded, Interrupted):
    """A command that stopped because it was asked to; an apply with all it said.

    Any other command changes nothing, and what it says then is noise: a plan that could not save the state it had read.
    """

    def __init__(self, command: str, finished: Finished) -> None:
        applying = command in ("apply", "destroy")
        self.command = command
        self.finished = finished
        self.broke_off = _broke_off(finished)
        self.diagnostics = finished.diagnostics if applying else ()
        said = f"{finished.product} {command}"
        crashed = crash(finished)
        if crashed is not None:
            message = f"{said} was interrupted, and {crashed}"
        elif applying:
            message = f"{said} was interrupted."
        else:
            message = f"interrupted; {said} changes nothing"
        super().__init__(message)


def judge(
    command: str, finished: Finished, missing: Sequence[str], *, stopped: bool, good: tuple[int, ...] = (0,)
) -> Finished:
    """Return a command that ended well.

    Args:
        missing: what it should have said or written, and did not.
        stopped: whether it was asked to stop.

    Raises:
        TerraformInterrupted: if it ended badly, and was asked to stop.
        TerraformFailed: if it ended badly.
    """
    ended_well = finished.returncode in good
    if ended_well and not missing and not _errors(finished):
        return finished
    if stopped:
        raise TerraformInterrupted(command, finished)
    raise TerraformFailed(command, finished, missing if ended_well and not _errors(finished) else ())


def crash(finished: Finished) -> str | None:
    """Return how the program itself crashed, with the file that says the rest; None if it did not.

    Go ends a program that panics with 2, which a plan ends with too; Terraform ends itself with 11.
    """
    if finished.returncode in (0, 1):
        return None
    found = _PANIC.search(_end_of(finished.stderr, _CRASH_BYTES))
    return f"crashed: {found[0].strip()}; the rest is in {finished.stderr}" if found else None


def _broke_off(finished: Finished) -> bool:
    return finished.returncode < 0 or crash(finished) is not None


def _errors(finished: Finished) -> list[Diagnostic]:
    """The errors, each once: Terraform says "execution halted" once for every module."""
    return list(dict.fromkeys(item for item in finished.diagnostics if item.severity == "error"))


def _last_words(stderr: Path) -> str:
    return " ".join(_end_of(stderr, _STDERR_BYTES).split())


def _end_of(path: Path, most: int) -> str:
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - most))
            return file.read().decode("utf-8", errors="replace")
    except OSError:
        return ""
