"""The entry point: a fast path for the token, the typer application for the rest, and no traceback for a user."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path


def main() -> None:
    """Run the command line and exit with its code."""
    _open_missing()
    try:
        if sys.argv[1:2] == ["token"]:
            from hp_tf.cli.token import main as token

            sys.exit(token(sys.argv[2:]))
        from hp_tf.cli.app import app

        app()
    except KeyboardInterrupt:
        sys.stderr.write("interrupted\n")
        sys.exit(130)
    except BrokenPipeError:
        # Whoever read our output has stopped; the interpreter's last flush must not complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:  # the last net, whatever it is: a fault of ours, kept for a report
        import traceback

        sys.stderr.write(f"error: hptf itself failed: {type(error).__name__}: {error}\n")
        sys.stderr.write(f"  the details are in {_keep(traceback.format_exc())}\n")
        sys.exit(1)
    finally:
        # What is over cannot be interrupted: the interpreter would end by the signal, not with the command's code.
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _open_missing() -> None:
    """Let what a shell has closed (``>&-``) lead nowhere, rather than into the next file that is opened."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            os.set_inheritable(number, True)
            setattr(sys, name, os.fdopen(number, mode))


def _keep(text: str) -> str:
    folder = Path.cwd() / ".hptf"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        path = folder / "fault.log"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            stream.write(text)
    except OSError:
        return "no file: the folder cannot be written"
    return str(path)
