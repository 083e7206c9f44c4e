"""Hold the store's locks for a run, and put on record how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from hp_tf.errors import HptfError, Interrupted
from hp_tf.run import journal
from hp_tf.run.command_line import CommandLine
from hp_tf.run.context import Context
from hp_tf.run.journal import Run
from hp_tf.state.lock_set import LockSet
from hp_tf.state.locks import LockHeld, LockInfo


class StateNotWritten(HptfError):
    """Terraform made something, and the store would not take its state. It is in the run's folder."""


class CutOff(HptfError):
    """Terraform did not end by itself: what it had just made may be in no state.

    Carries what the error that says how it ended carries, its exit code too: a user who hurried is told so.
    """

    def __init__(self, error: BaseException, command_line: CommandLine) -> None:
        said = error.message if isinstance(error, HptfError) else f"the apply was left: {error!r}"
        hints = (getattr(error, "hint", None), f"`{command_line.of('plan')}` says what it left")
        super().__init__(said, hint="; ".join(hint for hint in hints if hint))
        self.diagnostics = getattr(error, "diagnostics", ())
        self.exit_code = getattr(error, "exit_code", 1)


@contextmanager
def locked(context: Context, run: Run, purpose: str) -> Iterator[Run]:
    """Hold the locks of a run's layers, and give the run with their id on record.

    How the run ended is recorded once they are free: if hptf is killed before that, the next command frees them.
    Locks that cannot be freed are left to the next command too, and hide no other error.

    Args:
        purpose: what they are held for, as others read it.

    Raises:
        LockHeld: if somebody else holds one as long as the command was told to wait.
    """
    info = LockInfo.new("OperationTypeApply", info=purpose, version=str(context.terraform))
    locks = LockSet(context.store, run.layers)
    # A store that fails while they are taken does not say which it gave: the next command frees those.
    status = journal.CUT_OFF
    try:
        run = run.update(lock_id=info.id)
        locks.acquire(info, context.lock_wait, on_wait=context.say_waiting, stopped=lambda: context.stop.requested)
        status = journal.FAILED
        yield run
        status = journal.DONE
    except LockHeld:
        status = journal.FAILED
        raise
    except Interrupted:
        status = journal.INTERRUPTED
        raise
    except StateNotWritten:
        # Whoever comes next must first finish what is in the run's folder: the locks stay.
        locks.keep()
        status = journal.CUT_OFF
        raise
    except CutOff:
        status = journal.CUT_OFF
        raise
    finally:
        unfreed = _release(locks)
        # A record that cannot be written says that the run goes on, and the next command finishes it.
        with suppress(OSError):
            journal.reload(run).update(status=status if unfreed is None else journal.CUT_OFF)
        if unfreed is not None:
            if status == journal.DONE:
                raise unfreed
            context.ui.say(str(unfreed))


def _release(locks: LockSet) -> HptfError | None:
    try:
        locks.release()
    except HptfError as error:
        return error
    return None
