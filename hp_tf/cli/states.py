"""`hptf unlock`: what a dead run holds."""

from __future__ import annotations

from hp_tf.commands import unlock as unlocking
from hp_tf.commands.opening import open_resting
from hp_tf.commands.request import Request
from hp_tf.report.console import Console


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
