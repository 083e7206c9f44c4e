"""`hptf local ...`: the embedded AWS by hand."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.environment.load import ENDINGS, path_of, validated
from hp_tf.environment.model import Environment
from hp_tf.environment.text import is_file
from hp_tf.errors import BadInput, HptfError
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.report.console import Console
from hp_tf.run import target
from hp_tf.run.command_line import CommandLine
from hp_tf.run.project import EMULATOR, project_here
from hp_tf.run.target import Target

if TYPE_CHECKING:
    from hp_tf.emulator.daemon import Emulator

_NONE = "no embedded AWS runs in this project"


def up(env: str, *, rehearse: bool) -> None:
    """Start it."""
    _target(env, rehearse, Console())


def down(env: str, *, rehearse: bool) -> None:
    """Stop it, also where the environment's file is gone."""
    stopped = _stopped(_folder(env, rehearse))
    if not stopped:
        _described(env, rehearse)
    Console().say("stopped; its resources and states are gone" if stopped else "it does not run")


def down_all() -> None:
    """Stop every one of this project."""
    ui = Console()
    found = _of_project()
    for name, running, _ in found:
        if _stopped(running.directory):
            ui.say(f"{name}: stopped; its resources and states are gone")
    if not found:
        ui.say(_NONE)


def listed() -> None:
    """Print a line for each that runs in this project."""
    ui = Console()
    found = _of_project()
    for name, running, how in found:
        ui.out(f"{name}: {running.endpoint}, process {running.pid}, {how}")
    if not found:
        ui.say(_NONE)


def status(env: str, *, rehearse: bool) -> None:
    """Say whether it runs. Exits 1 if not."""
    running = _running(env, rehearse)
    from hp_tf.emulator import clients, inventory

    ui = Console()
    ui.out(f"embedded AWS at {running.endpoint}, account {running.account_id}, {running.region}, process {running.pid}")
    found = inventory.resources(running, lambda: clients.session(running), ResourceTypes(CONTRACTS.values()))
    for kind, ids in sorted(found.items()):
        if ids:
            ui.out(f"  {kind}: {len(ids)}")


def reset(env: str, *, rehearse: bool) -> None:
    """Empty it."""
    from hp_tf.emulator import daemon
    from hp_tf.recovery import recover

    _running(env, rehearse)
    folder = _folder(env, rehearse)
    with recover.abandoning(folder.parent):
        daemon.reset(folder, down=CommandLine(env, rehearse).of("local down"))
    Console().say("emptied: no resource, no state")


def environment(env: str, *, rehearse: bool, unset: bool) -> None:
    """Print export lines, or the line that takes them back."""
    if unset:
        from hp_tf.emulator.settings import REATTACH, client_environment

        names = {*client_environment("", "", ""), *target.NO_PROFILES, REATTACH}
        Console().out(f"unset {' '.join(sorted(names))}")
        return
    from hp_tf.aws.sessions import PROFILES

    aim = _target(env, rehearse, Console(quiet=True))
    lines = [f"export {name}={shlex.quote(value)}" for name, value in sorted(aim.environ.items())]
    # Whoever reads a profile would look for it in the files that are switched off, and fail.
    strays = [name for name in PROFILES if name in os.environ]
    if strays:
        lines.append(f"unset {' '.join(strays)}")
    Console().out("\n".join(lines))


def _described(env: str, rehearse: bool) -> Environment:
    """Return an environment that has an embedded AWS.

    Raises:
        BadInput: if its file is wrong.
        HptfError: if it is for an account.
    """
    described, _ = validated(env, CONTRACTS, project_here().envs)
    if described.emulator is None and not rehearse:
        raise HptfError(f"environment {env} is for a real account", hint="add --rehearse for its embedded AWS")
    return described


def _target(env: str, rehearse: bool, ui: Console) -> Target:
    described = _described(env, rehearse)
    project = project_here().of(described.path)
    return target.resolve(described, project, CommandLine(env, rehearse), environ=os.environ, say=ui.say)


def _folder(env: str, rehearse: bool) -> Path:
    project = project_here()
    try:
        path = path_of(env, project.envs)
    except BadInput:
        left = project.work(env, rehearsal=rehearse) / EMULATOR
        if "/" in env or not left.is_dir():
            raise
        return left
    return project.of(path).work(path.stem, rehearsal=rehearse) / EMULATOR


def _stopped(folder: Path) -> bool:
    from hp_tf.emulator import daemon
    from hp_tf.recovery import recover

    if not folder.is_dir():
        return False
    with recover.abandoning(folder.parent):
        return daemon.stop(folder)


def _of_project() -> list[tuple[str, Emulator, str]]:
    """What runs here: whose it is, as commands name it; the emulator; how it does."""
    from hp_tf.emulator import daemon

    project = project_here()
    found = []
    for env, rehearsal, folder in project.emulators():
        running, answers = daemon.find(folder) or (None, False)
        if running is None:
            continue
        places = [place / f"{env}{ending}" for place in (project.envs, project.root) for ending in ENDINGS]
        how = f"{daemon.memory(running)} MB" if answers else "does not answer"
        gone = "" if any(map(is_file, places)) else "; its file is gone"
        found.append((f"{env} --rehearse" if rehearsal else env, running, how + gone))
    return found


def _running(env: str, rehearse: bool) -> Emulator:
    from hp_tf.emulator import daemon

    running = daemon.status(_folder(env, rehearse), down=CommandLine(env, rehearse).of("local down"))
    if running is None:
        _described(env, rehearse)
        raise HptfError(f"the embedded AWS of {env} does not run", hint=CommandLine(env, rehearse).of("local up"))
    return running
