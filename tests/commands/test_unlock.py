"""Locks of a run that is dead: named with the line that frees them, and freed all at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from hp_tf.commands.unlock import lines, locks, unlock
from hp_tf.errors import HptfError
from hp_tf.planning.selection import LayerOptions
from hp_tf.run import journal
from hp_tf.run.context import Context
from hp_tf.state.locks import LockHeld, LockInfo
from hp_tf.state.s3 import S3Store
from tests import buckets
from tests.engine import commands
from tests.engine.harness import THREE, Workbench, yes

ALL = LayerOptions()
DEAD = LockInfo.new("OperationTypeApply", info="a runner that died")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with buckets.serving() as endpoint:
        yield endpoint


@pytest.fixture
def context(bench: Workbench, endpoint: str) -> Context:
    """An environment whose states rest in a bucket."""
    bench.write(THREE)
    found = bench.open()
    client = buckets.client_of(endpoint)
    return replace(found, store=S3Store(client, buckets.make(client), "hyperpod/test", command=found.command_line.of))


def test_every_message_about_a_lock_has_the_line_that_frees_all_of_that_run(context: Context, bench: Workbench) -> None:
    for layer in ("alpha", "beta", "gamma"):
        context.store.lock(layer, DEAD)
    line = f"hptf unlock test --id {DEAD.id}"
    with pytest.raises(LockHeld) as held:
        commands.plan(context, ALL)
    assert str(held.value).endswith(line)
    with pytest.raises(LockHeld) as held:
        context.store.lock("beta", LockInfo.new("another"))
    assert str(held.value).endswith(line)
    context.say_waiting("beta", DEAD)
    assert bench.ui.lines[-1].endswith(line)
    assert [text for text in lines(context, locks(context)) if line in text] == [
        f"  if it died, free all that it holds: {line}"
    ]

    assert unlock(context, DEAD.id) == ["alpha", "beta", "gamma"]
    assert commands.apply(context, ALL, approve=yes).applied is not None
    assert locks(context) == {}


def test_only_the_locks_of_that_run_and_of_those_layers_are_freed(context: Context) -> None:
    other = LockInfo.new("OperationTypeApply", info="a colleague")
    context.store.lock("alpha", DEAD)
    context.store.lock("beta", DEAD)
    context.store.lock("gamma", other)
    with pytest.raises(HptfError, match="bears the id nothing") as refused:
        unlock(context, "nothing")
    assert other.id in str(refused.value)
    with pytest.raises(HptfError):
        unlock(context, DEAD.id, ["gamma"])
    assert unlock(context, DEAD.id, ["alpha"]) == ["alpha"]
    assert list(locks(context)) == ["beta", "gamma"]


@pytest.mark.parametrize("body", [b"", b"not json", b"{}"])
def test_a_lock_that_cannot_be_read_is_shown_and_freed_too(context: Context, endpoint: str, body: bytes) -> None:
    bucket, _, prefix = context.store.describe().removeprefix("s3://").partition("/")
    client = buckets.client_of(endpoint)
    client.put_object(Bucket=bucket, Key=f"{prefix}/beta.tfstate.tflock", Body=body)
    with pytest.raises(LockHeld) as held:
        commands.plan(context, ALL)
    command, _, lock_id = str(held.value).rpartition(" ")
    assert command.endswith("hptf unlock test --id")
    # Another one in its place is not the one that was shown.
    client.put_object(Bucket=bucket, Key=f"{prefix}/beta.tfstate.tflock", Body=body + b" ")
    with pytest.raises(HptfError):
        unlock(context, lock_id)
    client.put_object(Bucket=bucket, Key=f"{prefix}/beta.tfstate.tflock", Body=body)
    assert unlock(context, lock_id) == ["beta"]
    assert locks(context) == {}


@pytest.mark.parametrize("alive", [True, False])
def test_locks_of_a_run_of_this_machine_that_is_not_over_stay(context: Context, alive: bool) -> None:
    run = journal.begin(context.work, context.home, "apply", ("alpha",)).update(lock_id=DEAD.id)
    if not alive:
        run.update(pid=0)
    context.store.lock("alpha", DEAD)
    with pytest.raises(HptfError) as refused:
        unlock(context, DEAD.id)
    assert refused.value.hint is not None
    assert refused.value.hint.endswith(f"kill -INT {run.pid}" if alive else "hptf plan test")
    holder = context.store.holder("alpha")
    assert holder is not None
    assert holder == DEAD.at(holder.path)


def test_a_plan_waits_for_a_lock_as_long_as_it_was_told_to(
    context: Context, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    context.store.lock("alpha", DEAD)
    waiting = replace(context, lock_wait=5.0)

    def say(line: str) -> None:
        bench.ui.lines.append(line)
        if "waiting for the lock of alpha" in line:
            context.store.unlock("alpha", DEAD.id)

    monkeypatch.setattr(bench.ui, "say", say)
    assert commands.plan(waiting, ALL).has_changes
