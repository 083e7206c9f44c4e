"""An error as a user reads it: what, where, what next."""

from __future__ import annotations

import sys
from typing import TextIO

from hp_tf.errors import BadInput, HptfError


def print_error(error: HptfError, stream: TextIO | None = None) -> None:
    """Write an error with everything it carries; Terraform's diagnostics with their layer."""
    (stream or sys.stderr).write(render(error))


def render(error: HptfError) -> str:
    """Return an error as lines."""
    if isinstance(error, BadInput):
        count = len(error.problems)
        lines = [f"error: {error.problems[0]}"] if count == 1 else [f"error: {count} problems, nothing was changed"]
        if count > 1:
            lines += [str(problem) for problem in error.problems]
        return "\n".join(lines) + "\n"
    lines = [f"error: {error.message}"]
    for item in getattr(error, "diagnostics", ()):
        if item.severity != "error":
            continue
        layer = _layer(item.address)
        lines.append(
            f"  {f'layer {layer}: ' if layer else ''}{item.summary}{f' ({item.address})' if item.address else ''}"
        )
        lines += [f"    {line}" for line in item.detail.strip().splitlines()]
        if item.filename and item.line:
            lines.append(f"    at {item.filename}:{item.line}{f': {item.snippet.strip()}' if item.snippet else ''}")
    if error.hint:
        lines.append(f"  {error.hint}")
    elif getattr(error, "diagnostics", ()):
        lines.append("  what was done is written down; mend the cause and repeat the command")
    return "\n".join(lines) + "\n"


def _layer(address: str | None) -> str | None:
    parts = (address or "").split(".")
    return parts[1].split("[")[0] if len(parts) > 1 and parts[0] == "module" else None
