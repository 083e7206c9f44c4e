"""Put a command's context together: environment, target, store, Terraform."""

from __future__ import annotations

import os
from collections.abc import Mapping

from hp_tf.commands.request import Request
from hp_tf.environment.load import validated
from hp_tf.environment.wiring import resolve
from hp_tf.files import make_private
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.planning import invoking
from hp_tf.recovery import recover
from hp_tf.run import shared_providers, target
from hp_tf.run import work_lock as worklock
from hp_tf.run.command_line import CommandLine
from hp_tf.run.context import Context, Interface, Resting, open_store
from hp_tf.run.nodes import NodesInAws
from hp_tf.run.project import Project, project_here
from hp_tf.run.shared_providers import SharedProviders
from hp_tf.terraform.binary import find
from hp_tf.terraform.stop import StopRequest


def open_context(
    name: str,
    request: Request,
    *,
    ui: Interface,
    stop: StopRequest,
    rehearse: bool = False,
    lock_wait: float = 0.0,
    project: Project | None = None,
    environ: Mapping[str, str] | None = None,
) -> Context:
    """Return everything a command on an environment needs; keep other hptfs out, and finish what killed runs left.

    Args:
        name: of the environment, or a path.
        request: what is asked for; it is checked before anything else is opened.
        rehearse: run against the embedded AWS, with states of its own.
        lock_wait: seconds to wait for locks others hold.

    Raises:
        BadInput: with every problem of the file or the request.
        HptfError: where something is not installed or does not answer.
    """
    project = project or project_here()
    environ = dict(os.environ) if environ is None else environ
    with stop.at_once():
        environment, wiring = validated(name, CONTRACTS, project.envs)
        project = project.of(environment.path)
        request.check(environment, CONTRACTS)
        terraform = find(environ)
        make_private(project.hidden)
        work = make_private(project.work(environment.id, rehearsal=rehearse))
        work_lock = worklock.take(work, lock_wait)
        command_line = CommandLine(name, rehearse)
        aim = target.resolve(environment, project, command_line, environ=environ, say=ui.say, product=terraform.product)
        if aim.emulator is not None:
            from hp_tf.run import seeding

            environment = seeding.emulated(environment, wiring)
            wiring = resolve(environment, CONTRACTS)
            seeding.seed(environment, wiring, CONTRACTS, aim, ui.say)
        context = Context(
            command_line=command_line,
            project=project,
            environment=environment,
            wiring=wiring,
            contracts=CONTRACTS,
            target=aim,
            store=open_store(aim, command_line),
            terraform=terraform,
            work=work,
            environ=environ,
            ui=ui,
            stop=stop,
            lock_wait=lock_wait,
            nodes=NodesInAws(aim, environment, wiring),
            work_lock=work_lock,
            providers=SharedProviders(terraform, aim, work) if shared_providers.wanted(environ) else None,
        )
        if not request.layers:
            invoking.foresee(context)
        context.owner.require(context.store, command_line.of)
    recover.recover(context)
    return context


def open_resting(
    name: str,
    request: Request,
    *,
    rehearse: bool = False,
    project: Project | None = None,
    environ: Mapping[str, str] | None = None,
) -> Resting:
    """Return an environment's states as they are; nothing is started for that. Parameters as for `open_context`.

    Raises:
        BadInput: with every problem of the file.
        HptfError: where its emulator does not run.
    """
    project = project or project_here()
    environ = dict(os.environ) if environ is None else environ
    environment, wiring = validated(name, CONTRACTS, project.envs)
    project = project.of(environment.path)
    request.check(environment, CONTRACTS)
    command_line = CommandLine(name, rehearse)
    aim = target.resolve(environment, project, command_line, environ=environ, say=lambda line: None, start=False)
    return Resting(
        command_line,
        environment,
        wiring,
        CONTRACTS,
        open_store(aim, command_line),
        aim,
        project.work(environment.id, rehearsal=rehearse),
    )
