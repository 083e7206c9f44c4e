"""Where states rest: whose they are, and what became of them, told before anything is planned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from hp_tf import codes
from hp_tf.commands import states
from hp_tf.errors import BadInput, HptfError
from hp_tf.planning.selection import LayerOptions
from hp_tf.run.context import Context
from hp_tf.state import document, owner
from hp_tf.state.locks import LockHeld, LockInfo
from hp_tf.state.owner import Owner
from hp_tf.state.s3 import S3Store
from tests import buckets
from tests.engine import commands
from tests.engine.harness import THREE, Workbench, up, yes

ALL = LayerOptions()


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with buckets.serving() as endpoint:
        yield endpoint


def in_bucket(context: Context, endpoint: str, bucket: str) -> Context:
    """The same with its states in a bucket."""
    client = buckets.client_of(endpoint)
    return replace(context, store=S3Store(client, bucket, "hyperpod/test", command=context.command_line.of))


def test_an_emptied_state_stops_plan_and_apply_and_comes_back_by_the_line_that_is_named(
    bench: Workbench, endpoint: str
) -> None:
    client = buckets.client_of(endpoint)
    bucket = buckets.make(client)
    bench.write(THREE)
    assert commands.apply(in_bucket(bench.open(), endpoint, bucket), ALL, approve=yes).applied is not None
    held = in_bucket(bench.open(), endpoint, bucket).store.read("beta")

    client.put_object(Bucket=bucket, Key="hyperpod/test/beta.tfstate", Body=b"")
    context = in_bucket(bench.open(), endpoint, bucket)
    for command in (commands.apply, commands.destroy):
        with pytest.raises(BadInput):
            command(context, ALL, approve=yes)
    with pytest.raises(BadInput) as stopped:
        commands.plan(context, ALL)
    (problem,) = stopped.value.problems
    assert (problem.code, problem.subject) == (codes.STATE_SET_BACK, "beta")

    assert problem.remedy is not None
    line = next(line for line in problem.remedy.splitlines() if "state restore" in line)
    words = line.partition("hptf ")[2].split()
    assert words[:5] == ["state", "restore", "test", "--layer", "beta"]
    asked: list[str] = []

    def decline(what: str) -> bool:
        asked.append(what)
        return False

    assert not states.restore(context, "beta", words[-1], approve=decline)
    assert "2 resources takes the place of nothing" in asked[0]
    assert context.store.read("beta") is None
    assert states.restore(context, "beta", words[-1], approve=lambda what: True)
    assert context.store.read("beta") == held
    assert not commands.plan(in_bucket(bench.open(), endpoint, bucket), ALL).has_changes


def test_a_state_that_is_right_though_it_is_less_is_accepted(bench: Workbench) -> None:
    up(bench)
    (bench.root / "states" / "gamma.tfstate").unlink()
    with pytest.raises(BadInput):
        commands.plan(bench.open(), ALL)
    states.accept(bench.open(), "gamma")
    assert commands.plan(bench.open(), ALL).has_changes


def test_a_state_that_terraform_wrote_by_itself_stops_nothing(bench: Workbench) -> None:
    up(bench)
    path = bench.root / "states" / "alpha.tfstate"
    state = document.loads(path.read_bytes())
    path.write_bytes(document.dumps({**state, "serial": state["serial"] + 3, "outputs": {}}))
    assert commands.plan(bench.open(), ALL).has_changes


def test_a_state_is_not_restored_under_somebody_elses_lock(bench: Workbench, endpoint: str) -> None:
    client = buckets.client_of(endpoint)
    context = in_bucket(bench.open(), endpoint, buckets.make(client))
    context.store.lock("alpha", LockInfo.new("OperationTypeApply"))
    with pytest.raises(LockHeld):
        states.restore(context, "alpha", "v", approve=lambda what: True)


def test_a_copied_file_does_not_take_over_another_ones_states(bench: Workbench) -> None:
    up(bench)
    context = bench.open()
    assert owner.read(context.store) == Owner("test", "123456789012", "us-west-2", name="test")
    file = bench.root / "envs" / "test.yaml"
    text = file.read_text()
    file.write_text(text.replace("us-west-2", "us-east-1"))
    copy = bench.open()
    for command in (lambda: copy.owner.require(copy.store, copy.command_line.of), lambda: states.init(copy)):
        with pytest.raises(BadInput) as refused:
            command()
        assert [item.code for item in refused.value.problems] == [codes.STORE_OF_ANOTHER]
    with pytest.raises(BadInput, match="hold resources of environment test"):
        states.claim(copy)

    # Renamed: in the same place, it may have them.
    file.write_text(text)
    renamed = bench.open()
    Owner("before", "123456789012", "us-west-2").claim(renamed.store)
    with pytest.raises(BadInput, match="hptf state claim test"):
        renamed.owner.require(renamed.store, renamed.command_line.of)
    assert states.claim(renamed)
    assert not states.claim(renamed)
    assert renamed.owner.require(renamed.store, renamed.command_line.of)


def test_an_apply_looks_whose_the_states_are_under_their_locks(bench: Workbench) -> None:
    bench.write(THREE)
    context = bench.open()

    def approve(planned: object) -> bool:
        Owner("quicker", "123456789012", "us-west-2").claim(context.store)
        return True

    with pytest.raises(BadInput) as refused:
        commands.apply(context, ALL, approve=approve)
    assert [item.code for item in refused.value.problems] == [codes.STORE_OF_ANOTHER]
    assert context.store.layers() == []
    assert context.store.holder("alpha") is None


def test_an_owner_that_cannot_be_read_is_nobody(bench: Workbench, tmp_path: Path) -> None:
    context = bench.open()
    context.store.write_object("owner.json", b"[]")
    with pytest.raises(HptfError, match="cannot be read"):
        context.owner.require(context.store, context.command_line.of)


def test_the_place_of_the_states_is_made_once(bench: Workbench, endpoint: str) -> None:
    context = in_bucket(bench.open(), endpoint, "states-of-this-test")
    assert len(states.init(context)) == 5
    assert states.init(context) == []
    bench.write(THREE)
    assert not [item for item in commands.plan(context, ALL).findings if item.code is codes.STORE_UNSAFE]
    client = buckets.client_of(endpoint)
    client.delete_public_access_block(Bucket="states-of-this-test")
    (found,) = [item for item in commands.plan(context, ALL).findings if item.code is codes.STORE_UNSAFE]
    assert found.remedy == "hptf state init test"
