"""The errors a user can see, and the exit code each one ends with.

Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hp_tf.findings import Finding


class HptfError(Exception):
    """A failure with a message for the user.

    Attributes:
        message: one sentence, what went wrong.
        hint: what to do next, if that is known.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message


class BadInput(HptfError):
    """What the user gave cannot be used; nothing was changed.

    Attributes:
        problems: every finding that says so, not the first.
        warnings: what else there is to say, which may be the cause.
    """

    exit_code = 2

    def __init__(
        self, problems: Sequence[Finding] | str, *, hint: str | None = None, warnings: Sequence[Finding] = ()
    ) -> None:
        # Loaded by who needs it: the command line knows errors before it knows findings.
        from hp_tf.findings import Finding

        self.problems = [Finding(problems, remedy=hint)] if isinstance(problems, str) else list(problems)
        self.warnings = tuple(warnings)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Interrupted(HptfError):
    """The user asked to stop, and the run stopped cleanly."""

    exit_code = 130
