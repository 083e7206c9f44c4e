"""An error as a user reads it: what, where, what next."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import TextIO

from hp_tf.errors import BadInput, HptfError, Interrupted
from hp_tf.findings import Finding
from hp_tf.report.quoting import quoted
from hp_tf.report.text import PLAIN, Paint, colored, labelled, printable, told


def print_error(error: HptfError, stream: TextIO | None = None) -> None:
    """Write an error with everything it carries; Terraform's diagnostics with their layer."""
    stream = stream or sys.stderr
    stream.write(render(error, Paint(colored(stream))))


def render(error: HptfError, paint: Paint = PLAIN) -> str:
    """Return an error as lines."""
    lines = _bad_input(error, paint) if isinstance(error, BadInput) else _failure(error, paint)
    return "".join(f"{line}\n" for line in lines)


def _bad_input(error: BadInput, paint: Paint) -> Iterator[str]:
    yield from (labelled("warning", told(warning, paint), paint) for warning in error.warnings)
    if len(error.problems) == 1:
        yield labelled("error", _with_source(error.problems[0], paint), paint)
        return
    yield labelled("error", f"{len(error.problems)} problems, nothing was changed", paint)
    yield from (_with_source(problem, paint) for problem in error.problems)


def _with_source(problem: Finding, paint: Paint) -> str:
    return told(problem, paint, quoted(problem.location) if problem.location is not None else ())


def _failure(error: HptfError, paint: Paint) -> Iterator[str]:
    yield labelled("error", printable(error.message), paint)
    yield from map(printable, _said(error))


def _said(error: HptfError) -> Iterator[str]:
    """What Terraform said, and what to do."""
    # Terraform's failures carry what it said; which class they are of is no business of a printer.
    diagnostics = getattr(error, "diagnostics", ())
    # Terraform says "execution halted" once for every module.
    for item in dict.fromkeys(item for item in diagnostics if item.severity == "error"):
        where = f" ({item.address})" if item.address else ""
        yield f"  {f'layer {item.layer}: ' if item.layer else ''}{item.summary}{where}"
        yield from (f"    {line}" for line in item.detail.strip().splitlines())
        if item.place:
            yield f"    at {item.place}{f': {item.snippet.strip()}' if item.snippet else ''}"
    if error.hint:
        yield f"  {error.hint}"
    elif diagnostics:
        yield "  repeat the command" if isinstance(error, Interrupted) else "  mend the cause and repeat the command"
