"""Turn errors into messages and exit codes, in one place."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import typer

from hp_tf.errors import HptfError

P = ParamSpec("P")
R = TypeVar("R")


def reported(command: Callable[P, R]) -> Callable[P, R]:
    """Run a command; print what a user can act on, and exit with the error's code."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except HptfError as error:
            from hp_tf.report.errors import print_error

            print_error(error)
            raise typer.Exit(error.exit_code) from None

    return run
