"""What was cut off while it was made: people are told so, and may keep it."""

from __future__ import annotations

import pytest

from hp_tf import codes
from hp_tf.contract.resources.base import ResourceType
from hp_tf.errors import BadInput
from hp_tf.findings import Severity
from hp_tf.planning.planner import Planned
from hp_tf.planning.selection import LayerOptions
from hp_tf.state import document
from hp_tf.state.snapshot import StaleSnapshot
from hp_tf.terraform.failures import TerraformFailed
from hp_tf.terraform.plan import cut_off
from tests.engine import commands
from tests.engine.harness import Workbench, up

ALL = LayerOptions()
THREE = "  alpha: {}\n  beta: {}\n  gamma: {}\n"
ADDRESS = "module.beta.terraform_data.this"
# Fails when it is applied, as a quota does.
QUOTA = 'lifecycle {\nprecondition {\ncondition = timestamp() == var.beta_id\nerror_message = "No more."\n}\n}'


def identity(bench: Workbench) -> str | None:
    """Return the id of what was cut off, as its state has it."""
    return {address: found for address, _, found in document.addresses(bench.open().store.read("beta"))}[ADDRESS]


def cut(bench: Workbench) -> str | None:
    """Let the creation of beta's protected resource be cut off, and return its id."""
    bench.with_contract("beta", resources=(ResourceType("terraform_data", protected=True),))
    bench.write("  alpha: {}\n  beta: {fail: true}\n  gamma: {}\n")
    with pytest.raises(TerraformFailed) as raised:
        commands.apply(bench.open(), ALL, approve=lambda planned: True)
    # Repeating the command would only be refused.
    assert raised.value.hint == f"what was done is written down; whether {ADDRESS} is well: hptf plan test"
    bench.write(THREE)
    return identity(bench)


def test_what_was_cut_off_is_kept_if_asked(bench: Workbench) -> None:
    before = cut(bench)
    planned = commands.review(bench.open(), ALL)
    assert planned.plan is not None
    assert [change.address for change in planned.plan.changes() if cut_off(change)] == [ADDRESS]
    (found,) = planned.findings
    assert (found.code, found.severity, found.subject) == (codes.CREATION_CUT_OFF, Severity.CONSENT, ADDRESS)
    with pytest.raises(BadInput) as raised:
        commands.apply(bench.open(), ALL, approve=lambda planned: True)
    assert raised.value.problems == [found]
    assert f"--keep '{ADDRESS}'" in str(found.remedy) and f"--allow-destroy '{ADDRESS}'" in str(found.remedy)
    commands.apply(bench.open(), ALL, approve=lambda planned: True, keep=[ADDRESS.removeprefix("module.beta.")])
    assert identity(bench) == before
    assert not commands.plan(bench.open(), ALL).has_changes


@pytest.mark.parametrize(
    ("allow_destroy", "allow"), [([ADDRESS], []), ([], [f"creation-cut-off={ADDRESS}"])], ids=["address", "code"]
)
def test_what_was_cut_off_is_made_anew_if_allowed(bench: Workbench, allow_destroy: list[str], allow: list[str]) -> None:
    before = cut(bench)
    commands.apply(bench.open(), ALL, approve=lambda planned: True, allow_destroy=allow_destroy, allow=allow)
    assert identity(bench) != before


def test_only_what_is_there_can_be_kept(bench: Workbench) -> None:
    cut(bench)
    store = bench.open().store
    states = store.read_all(["alpha", "beta"])
    wrong = ["module.alpha.terraform_data.other", "module.nowhere.x.this"]
    with pytest.raises(BadInput) as raised:
        commands.apply(bench.open(), ALL, approve=lambda planned: True, keep=[ADDRESS, *wrong])
    assert [item.message.partition(":")[0] for item in raised.value.problems] == [f"--keep {item}" for item in wrong]
    assert store.read_all(["alpha", "beta"]) == states
    assert store.holder("beta") is None


def test_nothing_is_kept_before_it_is_approved(bench: Workbench) -> None:
    before = cut(bench)
    store = bench.open().store
    states = store.read_all(["alpha", "beta", "gamma"])
    shown: list[Planned] = []

    def no(planned: Planned) -> bool:
        shown.append(planned)
        return False

    for _ in range(2):
        assert not commands.apply(bench.open(), ALL, approve=no, keep=[ADDRESS]).approved
        assert store.read_all(["alpha", "beta", "gamma"]) == states
    for planned in shown:
        assert planned.plan is not None
        assert not [change for change in planned.plan.changes() if change.address == ADDRESS and change.acts]
        assert (codes.CREATION_KEPT, ADDRESS) in [(item.code, item.subject) for item in planned.findings]
    assert commands.apply(bench.open(), ALL, approve=lambda planned: True, keep=[ADDRESS]).applied is not None
    assert identity(bench) == before


def test_keeping_alone_is_asked_about_too(bench: Workbench) -> None:
    up(bench)
    store = bench.open().store
    state = store.read("beta") or {}
    taint = {**state, "serial": state["serial"] + 1}
    for resource in taint["resources"]:
        resource["instances"][0]["status"] = "tainted"
    store.write("beta", taint)
    both = [ADDRESS, "module.beta.terraform_data.first"]
    assert not commands.apply(bench.open(), ALL, approve=lambda planned: False, keep=both).approved
    assert store.read("beta") == taint
    outcome = commands.apply(bench.open(), ALL, approve=lambda planned: True, keep=both)
    assert (outcome.applied, outcome.approved) == (None, True)
    assert store.holder("beta") is None
    assert not commands.plan(bench.open(), ALL).has_changes


def test_the_same_command_goes_on_where_the_one_that_kept_failed(bench: Workbench) -> None:
    before = cut(bench)
    module = bench.root / "modules" / "gamma" / "main.tf"
    good = module.read_text()
    module.write_text(good.replace("  for_each", f"  {QUOTA}\n  for_each"))
    with pytest.raises(TerraformFailed, match="precondition"):
        commands.apply(bench.open(), ALL, approve=lambda planned: True, keep=[ADDRESS])
    module.write_text(good)
    outcome = commands.apply(bench.open(), ALL, approve=lambda planned: True, keep=[ADDRESS])
    assert outcome.applied is not None
    assert f"{ADDRESS} is kept as it is already" in bench.ui.lines
    assert identity(bench) == before


def test_states_that_change_after_the_question_are_not_written_over(bench: Workbench) -> None:
    cut(bench)
    store = bench.open().store

    def meanwhile(planned: Planned) -> bool:
        state = store.read("beta") or {}
        store.write("beta", {**state, "serial": state["serial"] + 1})
        return True

    with pytest.raises(StaleSnapshot, match="beta"):
        commands.apply(bench.open(), ALL, approve=meanwhile, keep=[ADDRESS])
    assert "tainted" in str(store.read("beta"))
    assert store.holder("beta") is None
