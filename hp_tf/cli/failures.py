"""Turn errors into messages and exit codes, in one place."""

from __future__ import annotations

import errno
import functools
import sys
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import typer
from typer.core import TyperCommand

from hp_tf.errors import BadInput, HptfError

P = ParamSpec("P")
R = TypeVar("R")
# A disk that is full or a quota that is used up names no file.
_FULL = (errno.ENOSPC, errno.EDQUOT)
# click's UsageError: typer carries a click of its own, or uses the one installed.
_USAGE: type[Exception] = typer.BadParameter.__bases__[0]
# What the extras bring, by the name it is imported under.
_EXTRAS = {
    **dict.fromkeys(("moto", "localstack_client", "tf", "grpc", "msgpack", "flask", "werkzeug"), "local"),
    **dict.fromkeys(("cdktn", "cdktn_provider_aws", "cdktn_provider_awscc", "cdktn_provider_helm", "jsii"), "synth"),
}


def reported(command: Callable[P, R]) -> Callable[P, R]:
    """Run a command; print what a user can act on, and exit with the error's code."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except KeyboardInterrupt:
            # Before a run listens for it, and after: nothing was under way.
            sys.stderr.write("\ninterrupted\n")
            raise typer.Exit(130) from None
        except ModuleNotFoundError as error:
            extra = _EXTRAS.get((error.name or "").partition(".")[0])
            if extra is None:
                raise
            failed = HptfError(f"{error.name} is not installed", hint=f"pip install 'hp-tf[{extra}]'")
            raise _exit(failed) from None
        except HptfError as error:
            raise _exit(error, detailed=bool(kwargs.get("detailed_exitcode"))) from None
        except OSError as error:
            if error.filename is None and error.errno not in _FULL:
                raise
            place = f"{error.filename}: " if error.filename is not None else ""
            hint = "make it usable for hptf and repeat the command"
            if error.errno in _FULL:
                hint = "make room where hptf writes, .hptf or what its output goes to, and repeat the command"
            failed = HptfError(f"{place}{error.strerror}", hint=hint)
            raise _exit(failed) from None

    return run


class Detailed(TyperCommand):
    """A command whose option ``--detailed-exitcode`` leaves 2 to what it says: wrong usage is 1 with it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the command line."""
        detailed = "--detailed-exitcode" in args
        try:
            return super().parse_args(ctx, args)
        except _USAGE as error:
            wrong: Any = error
            wrong.exit_code = 1 if detailed else wrong.exit_code
            raise


def _exit(error: HptfError, *, detailed: bool = False) -> typer.Exit:
    from hp_tf.report.errors import print_error

    print_error(error)
    return typer.Exit(1 if detailed and error.exit_code == BadInput.exit_code else error.exit_code)
