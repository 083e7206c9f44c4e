"""What a command was asked about, and how another command about the same is typed."""

from __future__ import annotations

import shlex
from dataclasses import dataclass


@dataclass(frozen=True)
class CommandLine:
    """An environment as it was named, by its name or a path, and whether this is its rehearsal.

    A hint that leaves out either leads elsewhere: out of a rehearsal, into the account.
    """

    env: str
    rehearse: bool = False

    def of(self, verb: str, *options: str) -> str:
        """Return a command line about the same."""
        rehearse = ["--rehearse"] if self.rehearse else []
        return f"hptf {verb} {shlex.join([self.env, *options, *rehearse])}"
