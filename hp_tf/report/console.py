"""The terminal: results on stdout, everything else on stderr. Works without a terminal, and with NO_COLOR."""

from __future__ import annotations

import os
import select
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from hp_tf.errors import Interrupted
from hp_tf.report.progress import Progress
from hp_tf.report.text import colored
from hp_tf.terraform.events import Event
from hp_tf.terraform.stop import StopRequest

if TYPE_CHECKING:
    from rich.live import Live


class Console:
    """What a command says.

    Attributes:
        quiet: only errors and the result (for ``--json``).

    Attributes:
        said: what a quiet one was told to say.
    """

    def __init__(self, *, quiet: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self.quiet = quiet
        self.said: list[str] = []
        self.color = colored(sys.stdout)
        self.width = shutil.get_terminal_size((120, 40)).columns if sys.stdout.isatty() else 120
        self._live_wanted = sys.stderr.isatty() and os.environ.get("TERM") != "dumb" and not quiet
        self._live: Live | None = None
        self._progress = Progress(clock)
        self._clock = clock
        self._started = clock()
        self._applying = self._asking = False

    def __enter__(self) -> Console:
        return self

    def __exit__(self, *error: object) -> None:
        """Whatever happened, the live display must not stand in the way of what is said about it."""
        self.end()

    def out(self, text: str) -> None:
        """Print a result."""
        self.end()
        # What the terminal's encoding lacks, a file's name for one, is written out rather than failing.
        encoding = sys.stdout.encoding or "utf-8"
        sys.stdout.write(text.rstrip("\n").encode(encoding, "backslashreplace").decode(encoding) + "\n")
        sys.stdout.flush()

    def say(self, line: str) -> None:
        """Print a line about what is going on."""
        if self.quiet:
            self.said.append(line)
            return
        if self._live is not None:
            self._live.console.print(line, highlight=False, markup=False, soft_wrap=True)
        else:
            sys.stderr.write(line + "\n")
            sys.stderr.flush()

    def begin(self, title: str, due: Mapping[str, int] | None = None) -> None:
        """Begin a phase: counts start anew. ``due`` as for `Progress`; a phase that applies nothing has none."""
        self.end()
        self._applying = due is not None
        self._progress = Progress(self._clock, due=dict(due or {}))
        self._started = self._clock()
        if not self.quiet:
            self.say(title)

    def event(self, event: Event) -> None:
        """Show what Terraform does."""
        line = self._progress.take(event)
        if not self._live_wanted:
            if line is not None:
                counts = self._progress.counts()
                self.say(f"[{counts}] {line}" if counts else line)
            return
        if self._live is None and (self._progress.busy or self._progress.refreshed):
            self._begin_live()

    def end(self) -> None:
        """End the live display."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def stopping(self, count: int) -> None:
        """Answer Ctrl-C. Runs in a signal handler: it only writes."""
        # Whoever asks a question says himself that it was not answered.
        line = "" if self._asking else f"{self._stopping(count)}\n"
        # With nobody left to read it, stopping must go on all the same.
        with suppress(OSError):
            os.write(2, f"\n{line}".encode())

    def _stopping(self, count: int) -> str:
        if not self._applying:
            return "stopping" if count == 1 else "stopping at once"
        words = {
            1: "stopping: Terraform finishes what is in hand and writes the states (again to hurry, thrice to kill)",
            2: "hurrying Terraform: it gives up waiting for what is in hand",
        }
        return words.get(count, "killing Terraform")

    def ask(self, question: str, expected: str, stop: StopRequest) -> bool:
        """Ask, and say whether the answer is the expected one; no without a terminal.

        Raises:
            Interrupted: on Ctrl-C.
        """
        self.end()
        if not sys.stdin.isatty():
            sys.stderr.write("nobody can be asked here: add --auto-approve if the plan above is what you want\n")
            return False
        self._asking = True
        try:
            sys.stderr.write(question)
            sys.stderr.flush()
            while not stop.requested:
                ready, _, _ = select.select([sys.stdin], [], [], 0.1)
                if ready:
                    return sys.stdin.readline().strip() == expected
        finally:
            self._asking = False
        raise Interrupted("interrupted; nothing was changed")

    def _begin_live(self) -> None:
        from rich.console import Console as Rich
        from rich.live import Live
        from rich.text import Text

        def picture() -> Text:
            seconds = int(self._clock() - self._started)
            head = f"{self._progress.counts()}  {seconds // 60}:{seconds % 60:02d}"
            return Text("\n".join([head, *(f"  {line}" for line in self._progress.lines())]))

        self._live = Live(
            console=Rich(stderr=True, no_color=bool(os.environ.get("NO_COLOR"))),
            get_renderable=picture,
            refresh_per_second=4,
            transient=True,
        )
        self._live.start()
