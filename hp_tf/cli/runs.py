"""The commands on environments."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import typer

from hp_tf.commands.apply import Outcome
from hp_tf.commands.apply import apply as run_apply
from hp_tf.commands.destroy import destroy as run_destroy
from hp_tf.commands.opening import open_context, open_resting
from hp_tf.commands.output import outputs, value
from hp_tf.commands.plan import review
from hp_tf.commands.request import Request
from hp_tf.errors import BadInput, HptfError, Interrupted
from hp_tf.planning.planner import Planned
from hp_tf.planning.selection import LayerOptions
from hp_tf.report import bought, document, next_steps, plan_text, summary
from hp_tf.report.console import Console
from hp_tf.report.document import OutcomeDocument
from hp_tf.run.context import Context
from hp_tf.terraform.plan import Counts
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
    with _failure_told(env, ui, as_json), ui, stop.listening():
        request = Request(tuple(layers), out=out)
        context = open_context(env, request, ui=ui, stop=stop, rehearse=rehearse, lock_wait=lock_wait)
        planned = review(context, LayerOptions(tuple(layers)), out=out, values=as_json or values)
    if as_json:
        _print_json(document.plan(context, planned, ui.said))
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
    as_json: bool,
) -> None:
    """Plan, ask once, apply. ``values`` as for `plan`."""
    _check_unasked(as_json, auto_approve)
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
    ui = Console(quiet=as_json)
    stop = StopRequest(ui.stopping)

    def approve(planned: Planned) -> bool:
        if not as_json:
            _show(ui, context, planned, values=values)
        return auto_approve or ui.ask("Apply these changes? Only 'yes' goes on: ", "yes", stop)

    with _failure_told(env, ui, as_json), ui, stop.listening():
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
    if as_json:
        _print_json(_outcome(context, "apply", outcome, ui))
    elif outcome.applied is not None:
        ui.out(summary.applied(context, outcome.planned, outcome.applied))
        for line in bought.lines(outcome.planned.bought, "paid for by the hour:"):
            ui.out(line)
        steps = _next_steps(context, outcome)
        for line in ["next:", *(f"  {step}" for step in steps)] if steps else []:
            ui.say(line)
        if outcome.planned.later:
            ui.say(f"{', '.join(outcome.planned.later)} can be planned now: {context.command_line.of('apply')}")
    elif outcome.approved:
        for line in plan_text.notes(outcome.planned.findings):
            ui.say(line)
        ui.say(summary.unchanged(context, outcome.planned))
    else:
        _declined(ui, stop, "yes", done="applied")


def destroy(
    env: str, layers: list[str], *, auto_approve: bool, lock_wait: float, rehearse: bool, as_json: bool
) -> None:
    """Plan the destruction, ask for the environment's name, destroy."""
    _check_unasked(as_json, auto_approve)
    ui = Console(quiet=as_json)
    stop = StopRequest(ui.stopping)

    def approve(planned: Planned) -> bool:
        if not as_json:
            _show(ui, context, planned)
        name = context.environment.id
        return auto_approve or ui.ask(
            f"This cannot be undone. Type the environment's name, {name}, to destroy: ", name, stop
        )

    with _failure_told(env, ui, as_json), ui, stop.listening():
        request = Request(tuple(layers))
        context = open_context(env, request, ui=ui, stop=stop, rehearse=rehearse, lock_wait=lock_wait)
        outcome = run_destroy(context, LayerOptions(tuple(layers)), approve=approve)
    if as_json:
        _print_json(_outcome(context, "destroy", outcome, ui))
    elif outcome.applied is not None:
        ui.out(summary.applied(context, outcome.planned, outcome.applied))
    elif outcome.approved:
        ui.say(summary.gone(context, layers, outcome.forgotten))
    else:
        _declined(ui, stop, context.environment.id, done="destroyed")


def output(env: str, layer: str | None, name: str | None, *, as_json: bool, raw: bool, rehearse: bool) -> None:
    """Print outputs, or the value of one; ``raw``: as it is, without a line's end, for the shell."""
    if raw and (name is None or as_json):
        raise BadInput("--raw prints one value", hint="name a layer and one of its outputs, and leave out --json")
    request = Request((layer,) if layer is not None else ())
    resting = open_resting(env, request, rehearse=rehearse)
    if layer is not None and name is not None:
        _print_value(value(resting, layer, name), name, as_json=as_json, raw=raw)
        return
    values = outputs(resting, layer)
    # A layer that was destroyed still has a state, which gives nothing.
    there = {name: given for name, given in values.items() if given}
    ui = Console()
    if not there:
        ui.say(f"nothing of {env} is applied: {resting.command_line.of('apply')}")
    if as_json:
        shown = values.get(layer, {}) if layer is not None else values
        _print_json(shown)
    elif there:
        ui.out(summary.outputs(there))


def _print_value(found: Any, name: str, *, as_json: bool, raw: bool) -> None:
    nested = isinstance(found, dict | list)
    if raw and (nested or found is None):
        raise HptfError(f"{name} is {'null' if found is None else 'no single value'}", hint="leave out --raw")
    text = found if isinstance(found, str) and not as_json else json.dumps(found, indent=2 if nested else None)
    sys.stdout.write(text if raw else f"{text}\n")


def _check_unasked(as_json: bool, auto_approve: bool) -> None:
    if as_json and not auto_approve:
        raise BadInput("--json leaves no place for a question", hint="add --auto-approve, or plan with --json first")


@contextmanager
def _failure_told(env: str, ui: Console, as_json: bool) -> Iterator[None]:
    """Print what fails inside as a document, where one is asked for."""
    try:
        yield
    except HptfError as error:
        if as_json:
            _print_json(document.failure(env, error, ui.said))
        raise


def _outcome(context: Context, kind: Literal["apply", "destroy"], found: Outcome, ui: Console) -> OutcomeDocument:
    done = found.applied.counts if found.applied is not None else Counts()
    steps = _next_steps(context, found)
    return document.outcome(context, kind, found.planned, done, found.forgotten, ui.said, steps)


def _next_steps(context: Context, found: Outcome) -> list[str]:
    if found.applied is None or not found.planned.bought:
        return []
    return list(next_steps.commands(context, found.planned, outputs(context)))


def _print_json(found: Any) -> None:
    sys.stdout.write(json.dumps(found, indent=2) + "\n")


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
