"""`hptf state ...`, `hptf unlock` and `hptf lost`: where states rest, what holds them, and what is in none of them."""

from __future__ import annotations

from hp_tf.commands import lost as losses
from hp_tf.commands import states
from hp_tf.commands import unlock as unlocking
from hp_tf.commands.opening import open_resting
from hp_tf.commands.request import Request
from hp_tf.errors import HptfError
from hp_tf.report.console import Console
from hp_tf.terraform.stop import StopRequest


def unlock(env: str, layers: list[str], *, lock_id: str | None, rehearse: bool) -> None:
    """Free locks, or without an id say which there are."""
    resting = open_resting(env, Request(tuple(layers)), rehearse=rehearse)
    ui = Console()
    if lock_id is None:
        held = unlocking.locks(resting, layers)
        ui.out("\n".join(unlocking.lines(resting, held)) or f"nothing is locked in {resting.store.describe()}")
        return
    freed = unlocking.unlock(resting, lock_id, layers)
    ui.say(f"freed the locks on {', '.join(freed)}")
    ui.say(f"what that run made and no state knows, the next plan looks for: {resting.command_line.of('plan')}")


def init(env: str, *, rehearse: bool) -> None:
    """Make the place of the states, and say what was done."""
    resting = open_resting(env, Request(), rehearse=rehearse)
    for line in states.init(resting) or ["nothing to do: it is as it should be"]:
        Console().say(f"{resting.store.describe()}: {line}")


def claim(env: str, *, rehearse: bool) -> None:
    """Let states be an environment's."""
    resting = open_resting(env, Request(), rehearse=rehearse)
    new = states.claim(resting)
    Console().say(f"the states in {resting.store.describe()} are those of {resting.owner}{'' if new else ' already'}")


def restore(env: str, layer: str, *, version: str | None, auto_approve: bool, rehearse: bool) -> None:
    """Bring a version of a state back, or without one say which there are."""
    resting = open_resting(env, Request((layer,)), rehearse=rehearse)
    ui = Console()
    if version is None:
        there = states.versions(resting, layer)
        ui.out("\n".join(map(str, there)) or f"{resting.store.describe()} has kept no version of it")
        return
    stop = StopRequest(ui.stopping)

    def approve(what: str) -> bool:
        ui.say(what)
        return auto_approve or ui.ask("Bring it back? Only 'yes' goes on: ", "yes", stop)

    with ui, stop.listening():
        if not states.restore(resting, layer, version, approve=approve):
            raise HptfError("not restored: nobody answered 'yes'; nothing was changed")
    ui.say(f"restored; look at what it means: {resting.command_line.of('plan')}")


def accept(env: str, layer: str, *, rehearse: bool) -> None:
    """Take a state for right as it is."""
    resting = open_resting(env, Request((layer,)), rehearse=rehearse)
    states.accept(resting, layer)
    Console().say(f"the state of layer {layer} is taken for right as it is")


def lost(env: str, gone: list[str], *, rehearse: bool) -> None:
    """Say what is lost, or note that some of it is gone."""
    resting = open_resting(env, Request(), rehearse=rehearse)
    ui = Console()
    if gone:
        losses.gone(resting, gone)
        ui.say(f"no longer looked for: {', '.join(gone)}")
        return
    for item in losses.lost(resting):
        what = f"made as {item.id}" if item.id is not None else "being made"
        ui.out(f"{item.address} was {what} by the run {item.run}")
        ui.out(f"  once it is gone: {resting.command_line.of('lost', '--gone', item.address)}")
    if not losses.lost(resting):
        ui.say("nothing is lost")
