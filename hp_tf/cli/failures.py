"""Turn errors into messages and exit codes, in one place."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

import typer

from hp_tf.errors import HptfError

P = ParamSpec("P")
R = TypeVar("R")
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
            raise _exit(error) from None

    return run


def _exit(error: HptfError) -> typer.Exit:
    from hp_tf.report.errors import print_error

    print_error(error)
    return typer.Exit(error.exit_code)
