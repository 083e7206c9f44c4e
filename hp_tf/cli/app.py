"""The typer application. Each command imports what it needs when it runs: `hptf --help` must start at once."""

# Without `from __future__ import annotations`: typer asks for every command's annotations three times, and those that
# are text are compiled each time.
from pathlib import Path
from typing import Annotated

import typer

from hp_tf.cli.completion import addresses, environments, layers, outputs
from hp_tf.cli.failures import Detailed, reported

app = typer.Typer(
    name="hptf",
    help="Amazon SageMaker HyperPod clusters with Terraform: one YAML file per environment, one module per layer.",
    epilog="Exit codes: 0 done, 1 failed, 2 bad input, 130 interrupted. With plan --detailed-exitcode: 2 changes, 1 "
    "any error.",
    no_args_is_help=True,
    add_completion=True,
    # Plain help: formatting it would load rich, which takes longer than all the rest.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Env = Annotated[
    str, typer.Argument(metavar="ENV", help="A name under envs/, or a path to a file.", autocompletion=environments)
]
Layers = Annotated[
    list[str] | None,
    typer.Option("--layer", metavar="L", help="Only this layer; repeat for more.", autocompletion=layers),
]
Rehearse = Annotated[bool, typer.Option("--rehearse", help="Run on the embedded AWS, with states of its own.")]
OfRehearsal = Annotated[bool, typer.Option("--rehearse", help="The emulator of the environment's rehearsal is meant.")]
AutoApprove = Annotated[bool, typer.Option("--auto-approve", help="Do not ask.")]
LockWait = Annotated[
    float, typer.Option("--lock-timeout", metavar="SECONDS", min=0, help="How long to wait for locks.")
]
Values = Annotated[bool, typer.Option("--values", help="Show all values, of what is created or computed too.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


def _version(asked: bool) -> None:
    if asked:
        from hp_tf import __version__

        typer.echo(f"hptf {__version__}")
        raise typer.Exit


@app.callback()
def hptf(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Options of the command itself."""


@app.command()
@reported
def validate(env: Env, as_json: Json = False) -> None:
    """Check an environment's file: every problem at once, with line and column. Needs no AWS."""
    from hp_tf.cli import checking

    checking.validate(env, as_json=as_json)


@app.command(cls=Detailed)
@reported
def plan(
    env: Env,
    layer: Layers = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help="Keep the plan for `apply --plan`.")] = None,
    as_json: Json = False,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit 2 if there are changes, 1 for any error.")
    ] = False,
    lock_timeout: LockWait = 0.0,
    values: Values = False,
    rehearse: Rehearse = False,
) -> None:
    """Show what would change, in all layers at once."""
    from hp_tf.cli import runs

    runs.plan(
        env,
        layer or [],
        out=out,
        as_json=as_json,
        detailed_exitcode=detailed_exitcode,
        lock_wait=lock_timeout,
        rehearse=rehearse,
        values=values,
    )


@app.command()
@reported
def apply(
    env: Env,
    kept: Annotated[Path | None, typer.Option("--plan", metavar="DIR", help="Apply this kept plan.")] = None,
    layer: Layers = None,
    auto_approve: AutoApprove = False,
    allow_destroy: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-destroy",
            metavar="ADDRESS",
            help="A protected resource that may be deleted or replaced.",
            autocompletion=addresses,
        ),
    ] = None,
    allow: Annotated[
        list[str] | None,
        typer.Option("--allow", metavar="CODE=SUBJECT", help="What may be done though a finding speaks against it."),
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(
            "--keep",
            metavar="ADDRESS",
            help="A resource whose creation was cut off, to be kept as it is.",
            autocompletion=addresses,
        ),
    ] = None,
    remove_layer: Annotated[
        list[str] | None,
        typer.Option(
            "--remove-layer", metavar="L", help="A layer that may leave the environment.", autocompletion=layers
        ),
    ] = None,
    lock_timeout: LockWait = 0.0,
    as_json: Json = False,
    values: Values = False,
    rehearse: Rehearse = False,
) -> None:
    """Bring an environment to what its file says."""
    from hp_tf.cli import runs

    runs.apply(
        env,
        layer or [],
        kept=kept,
        auto_approve=auto_approve,
        allow_destroy=allow_destroy or [],
        remove_layer=remove_layer or [],
        allow=allow or [],
        lock_wait=lock_timeout,
        rehearse=rehearse,
        values=values,
        keep=keep or [],
        as_json=as_json,
    )


@app.command()
@reported
def destroy(
    env: Env,
    layer: Layers = None,
    auto_approve: AutoApprove = False,
    lock_timeout: LockWait = 0.0,
    as_json: Json = False,
    rehearse: Rehearse = False,
) -> None:
    """Destroy an environment, or some of its layers, consumers first."""
    from hp_tf.cli import runs

    runs.destroy(
        env, layer or [], auto_approve=auto_approve, lock_wait=lock_timeout, rehearse=rehearse, as_json=as_json
    )


@app.command()
@reported
def output(
    env: Env,
    layer: Annotated[
        str | None, typer.Argument(metavar="LAYER", help="Only this layer.", autocompletion=layers)
    ] = None,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Only this output.", autocompletion=outputs)
    ] = None,
    as_json: Json = False,
    raw: Annotated[bool, typer.Option("--raw", help="Print the one value as it is, for the shell.")] = False,
    rehearse: Rehearse = False,
) -> None:
    """Print the outputs of an environment's layers."""
    from hp_tf.cli import runs

    runs.output(env, layer, name, as_json=as_json, raw=raw, rehearse=rehearse)


@app.command()
@reported
def unlock(
    env: Env,
    layer: Layers = None,
    lock_id: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="The id of a dead run's locks; without it all are shown.")
    ] = None,
    rehearse: Rehearse = False,
) -> None:
    """Free the locks of a run that is dead, on all its layers."""
    from hp_tf.cli import states

    states.unlock(env, layer or [], lock_id=lock_id, rehearse=rehearse)


@app.command()
@reported
def synth(
    layer: Annotated[list[str] | None, typer.Argument(metavar="LAYER", help="Only these layers.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Fail if the committed files differ.")] = False,
) -> None:
    """Write modules/ and schema/ from the definitions. Needs `hp-tf[synth]`."""
    from hp_tf.cli import synthesis

    synthesis.synth(layer or [], check=check)


@app.command()
@reported
def lost(
    env: Env,
    gone: Annotated[
        list[str] | None,
        typer.Option("--gone", metavar="ADDRESS", help="What is not to be looked for any more; repeat for more."),
    ] = None,
    rehearse: Rehearse = False,
) -> None:
    """Show what runs that were cut off made, or were making, and no state knows."""
    from hp_tf.cli import states

    states.lost(env, gone or [], rehearse=rehearse)


state = typer.Typer(help="Where the states of an environment rest.", no_args_is_help=True)
app.add_typer(state, name="state")
OneLayer = Annotated[str, typer.Option("--layer", metavar="L", help="The layer whose state is meant.")]


@state.command("init")
@reported
def state_init(env: Env, rehearse: Rehearse = False) -> None:
    """Make the bucket of the states, with versioning, encryption and no public access; twice is no harm."""
    from hp_tf.cli import states

    states.init(env, rehearse=rehearse)


@state.command("restore")
@reported
def state_restore(
    env: Env,
    layer: OneLayer,
    version: Annotated[
        str | None, typer.Option("--version", metavar="V", help="The version; without it all are shown.")
    ] = None,
    auto_approve: AutoApprove = False,
    rehearse: Rehearse = False,
) -> None:
    """Bring back a version of a layer's state that S3 has kept."""
    from hp_tf.cli import states

    states.restore(env, layer, version=version, auto_approve=auto_approve, rehearse=rehearse)


@state.command("accept")
@reported
def state_accept(env: Env, layer: OneLayer, rehearse: Rehearse = False) -> None:
    """Take a layer's state for right as it is, though more was written last."""
    from hp_tf.cli import states

    states.accept(env, layer, rehearse=rehearse)


@state.command("claim")
@reported
def state_claim(env: Env, rehearse: Rehearse = False) -> None:
    """Let the states be this environment's, whose file was renamed."""
    from hp_tf.cli import states

    states.claim(env, rehearse=rehearse)


local = typer.Typer(help="The embedded AWS of an environment.", no_args_is_help=True)
app.add_typer(local, name="local")
LocalEnv = Annotated[
    str, typer.Argument(metavar="ENV", help="The environment whose emulator is meant.", autocompletion=environments)
]


@local.command()
@reported
def up(env: LocalEnv = "local", rehearse: OfRehearsal = False) -> None:
    """Start it, if it does not run."""
    from hp_tf.cli import emulator

    emulator.up(env, rehearse=rehearse)


@local.command()
@reported
def down(
    env: LocalEnv = "local",
    rehearse: OfRehearsal = False,
    every: Annotated[bool, typer.Option("--all", help="Stop all of this project, whosever they are.")] = False,
) -> None:
    """Stop it; its resources and states are gone then."""
    from hp_tf.cli import emulator

    if every:
        emulator.down_all()
    else:
        emulator.down(env, rehearse=rehearse)


@local.command("list")
@reported
def listed() -> None:
    """List those that run in this project, also those whose environment's file is gone."""
    from hp_tf.cli import emulator

    emulator.listed()


@local.command()
@reported
def status(env: LocalEnv = "local", rehearse: OfRehearsal = False) -> None:
    """Say whether it runs, where, and what is in it."""
    from hp_tf.cli import emulator

    emulator.status(env, rehearse=rehearse)


@local.command()
@reported
def reset(env: LocalEnv = "local", rehearse: OfRehearsal = False) -> None:
    """Empty it: no resource, no state."""
    from hp_tf.cli import emulator

    emulator.reset(env, rehearse=rehearse)


@local.command("env")
@reported
def environment(
    env: LocalEnv = "local",
    rehearse: OfRehearsal = False,
    unset: Annotated[bool, typer.Option("--unset", help="Print the line that takes them back.")] = False,
) -> None:
    """Print the variables that point aws, boto3 and terraform at it: eval "$(hptf local env)".

    Every terraform of that shell reaches the embedded AWS from then on, until: eval "$(hptf local env --unset)".
    """
    from hp_tf.cli import emulator

    emulator.environment(env, rehearse=rehearse, unset=unset)
