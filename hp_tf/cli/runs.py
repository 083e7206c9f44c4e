"""The commands on environments."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import typer

from hp_tf.commands.apply import apply as run_apply
from hp_tf.commands.destroy import destroy as run_destroy
from hp_tf.commands.opening import open_context, open_resting
from hp_tf.commands.output import outputs
from hp_tf.commands.plan import review
from hp_tf.commands.request import Request
from hp_tf.errors import BadInput, HptfError, Interrupted
from hp_tf.planning.planner import Planned
from hp_tf.planning.selection import LayerOptions
from hp_tf.report import document, plan_text, summary
from hp_tf.report.console import Console
from hp_tf.run.context import Context
from hp_tf.terraform.stop import StopRequest


def plan(
    env: str,
    layers: list[str],
    *,
    out: Path | None,
    as_json: bool,
    detailed_exitcode: bool,
    lock_wait: float,
    rehearse: bool,
    values: bool,
) -> None:
    """Plan, print, and exit 2 for changes if asked. ``values``: as for ``plan_text.render``."""
    ui = Console(quiet=as_json)
    stop = StopRequest(ui.stopping)
    try:
        with ui, stop.listening():
            request = Request(tuple(layers), out=out)
            context = open_context(env, request, ui=ui, stop=stop, rehearse=rehearse, lock_wait=lock_wait)
            planned = review(context, LayerOptions(tuple(layers)), out=out, values=as_json or values)
    except HptfError as error:
        if as_json:
            sys.stdout.write(json.dumps(document.failure(env, error, ui.said), indent=2) + "\n")
        raise
    if as_json:
        sys.stdout.write(json.dumps(document.plan(context, planned, ui.said), indent=2) + "\n")
    else:
        _show(ui, context, planned, values=values)
        if out is not None:
            ui.say(f"plan kept in {out}: {context.command_line.of('apply', '--plan', str(out))}")
    if detailed_exitcode and planned.has_changes:
        raise typer.Exit(2)


def apply(
    env: str,
    layers: list[str],
    *,
    kept: Path | None,
    auto_approve: bool,
    allow_destroy: list[str],
    remove_layer: list[str],
    allow: list[str],
    lock_wait: float,
    rehearse: bool,
    values: bool,
    keep: list[str],
) -> None:
    """Plan, ask once, apply. ``values`` as for `plan`."""
    if kept is not None and keep:
        raise BadInput(
            "--plan and --keep exclude each other: a kept plan was made before",
            hint="apply with --keep alone: it plans again",
        )
    if kept is not None and layers:
        raise BadInput(
            "--plan and --layer exclude each other: a kept plan is about the layers it was made for",
            hint="apply without --layer, or plan those layers alone and keep that plan",
        )
    ui = Console()
    stop = StopRequest(ui.stopping)

    def approve(planned: Planned) -> bool:
        _show(ui, context, planned, values=values)
        return auto_approve or ui.ask("Apply these changes? Only 'yes' goes on: ", "yes", stop)

    with ui, stop.listening():
        request = Request((*layers, *remove_layer), kept=kept, allow=tuple(allow))
        context = open_context(env, request, ui=ui, stop=stop, rehearse=rehearse, lock_wait=lock_wait)
        chosen = LayerOptions(tuple(layers), frozenset(remove_layer))
        outcome = run_apply(
            context,
            chosen,
            approve=approve,
            allow_destroy=allow_destroy,
            allow=allow,
            kept=kept,
            values=values,
            keep=keep,
        )
    if outcome.applied is not None:
        ui.out(summary.applied(context, outcome.planned, outcome.applied))
        if outcome.planned.later:
            ui.say(f"{', '.join(outcome.planned.later)} can be planned now: {context.command_line.of('apply')}")
    elif outcome.approved:
        for line in plan_text.notes(outcome.planned.findings):
            ui.say(line)
        ui.say(summary.unchanged(context, outcome.planned))
    else:
        _declined(ui, stop, "yes", done="applied")


def destroy(env: str, layers: list[str], *, auto_approve: bool, lock_wait: float, rehearse: bool) -> None:
    """Plan the destruction, ask for the environment's name, destroy."""
    ui = Console()
    stop = StopRequest(ui.stopping)

    def approve(planned: Planned) -> bool:
        _show(ui, context, planned)
        name = context.environment.id
        return auto_approve or ui.ask(
            f"This cannot be undone. Type the environment's name, {name}, to destroy: ", name, stop
        )

    with ui, stop.listening():
        request = Request(tuple(layers))
        context = open_context(env, request, ui=ui, stop=stop, rehearse=rehearse, lock_wait=lock_wait)
        outcome = run_destroy(context, LayerOptions(tuple(layers)), approve=approve)
    if outcome.applied is not None:
        ui.out(summary.applied(context, outcome.planned, outcome.applied))
    elif outcome.approved:
        ui.say(summary.gone(context, layers, outcome.forgotten))
    else:
        _declined(ui, stop, context.environment.id, done="destroyed")


def output(env: str, layer: str | None, *, as_json: bool, rehearse: bool) -> None:
    """Print outputs."""
    request = Request((layer,) if layer is not None else ())
    resting = open_resting(env, request, rehearse=rehearse)
    values = outputs(resting, layer)
    # A layer that was destroyed still has a state, which gives nothing.
    there = {name: given for name, given in values.items() if given}
    ui = Console()
    if not there:
        ui.say(f"nothing of {env} is applied: {resting.command_line.of('apply')}")
    if as_json:
        shown = values.get(layer, {}) if layer is not None else values
        sys.stdout.write(json.dumps(shown, indent=2) + "\n")
    elif there:
        ui.out(summary.outputs(there))


def _show(ui: Console, context: Context, planned: Planned, *, values: bool = False) -> None:
    ui.end()
    if planned.sources:
        ui.say(f"providers: {'; '.join(planned.sources)}")
    ui.out(plan_text.render(context, planned, color=ui.color, width=ui.width, values=values))


def _declined(ui: Console, stop: StopRequest, expected: str, *, done: str) -> None:
    """End a run that was not approved."""
    if stop.requested:
        raise Interrupted("interrupted; nothing was changed")
    ui.say(f"not {done}: nobody answered '{expected}'; nothing was changed")
    raise typer.Exit(1)
