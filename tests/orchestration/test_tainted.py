"""What was cut off while it was made: people are told so, and may keep it."""

from __future__ import annotations

import pytest

from hp_tf.errors import BadInput
from hp_tf.orchestration import commands
from hp_tf.orchestration.sets import Selection
from hp_tf.orchestration.tainted import cut_off
from hp_tf.state import document
from hp_tf.terraform.commands import TerraformFailed
from tests.orchestration.harness import Workbench

ALL = Selection()
THREE = "  alpha: {}\n  beta: {}\n  gamma: {}\n"
ADDRESS = "module.beta.terraform_data.this"


def identity(bench: Workbench) -> str | None:
    """Return the id of what was cut off, as its state has it."""
    return {address: found for address, _, found in document.addresses(bench.open().store.read("beta"))}[ADDRESS]


def cut(bench: Workbench) -> str | None:
    """Let the creation of beta's protected resource be cut off, and return its id."""
    bench.with_contract("beta", protected=("terraform_data",))
    bench.write("  alpha: {}\n  beta: {fail: true}\n  gamma: {}\n")
    with pytest.raises(TerraformFailed):
        commands.apply(bench.open(), ALL, approve=lambda planned: True)
    bench.write(THREE)
    return identity(bench)


def test_what_was_cut_off_is_kept_if_asked(bench: Workbench) -> None:
    before = cut(bench)
    planned = commands.review(bench.open(), ALL)
    assert planned.plan is not None
    assert [change.address for change in planned.plan.changes() if cut_off(change)] == [ADDRESS]
    (note,) = planned.notes
    assert note.startswith("apply will refuse this") and f"--keep '{ADDRESS}'" in note
    with pytest.raises(BadInput) as raised:
        commands.apply(bench.open(), ALL, approve=lambda planned: True)
    (problem,) = raised.value.problems
    assert "its creation was cut off" in problem.message
    assert f"--keep '{ADDRESS}'" in str(problem.hint) and f"--allow-destroy '{ADDRESS}'" in str(problem.hint)
    commands.apply(bench.open(), ALL, approve=lambda planned: True, keep=[ADDRESS])
    assert identity(bench) == before
    assert not commands.plan(bench.open(), ALL).has_changes


def test_what_was_cut_off_is_made_anew_if_allowed(bench: Workbench) -> None:
    before = cut(bench)
    commands.apply(bench.open(), ALL, approve=lambda planned: True, allow_destroy=[ADDRESS])
    assert identity(bench) != before


def test_only_what_was_cut_off_can_be_kept(bench: Workbench) -> None:
    cut(bench)
    store = bench.open().store
    states = store.read_all(["alpha", "beta"])
    wrong = ["module.alpha.terraform_data.this", "module.nowhere.x.this"]
    with pytest.raises(BadInput) as raised:
        commands.apply(bench.open(), ALL, approve=lambda planned: True, keep=[ADDRESS, *wrong])
    assert [item.message.partition(":")[0] for item in raised.value.problems] == [f"--keep {item}" for item in wrong]
    assert store.read_all(["alpha", "beta"]) == states
    assert store.holder("beta") is None
