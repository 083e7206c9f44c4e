"""Plans and applies over a keyed list, played by `terraform_data` and a service that is a list."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import Field

from hp_tf import codes
from hp_tf.contract.base import Block, Contract, FromService, Inputs, Outputs
from hp_tf.contract.keyed import KeyedList, LiveLists
from hp_tf.contract.resources.base import ResourceType
from hp_tf.contract.roles import HyperPodCluster, Nodes
from hp_tf.errors import BadInput
from hp_tf.findings import Finding
from hp_tf.planning import plan_checks
from hp_tf.planning.planner import Planned
from hp_tf.planning.selection import LayerOptions
from hp_tf.report import plan_text
from tests.engine import commands
from tests.engine.harness import ALPHA, CONTRACTS, THREE, Workbench, up, yes

pytestmark = pytest.mark.slow
ALL = LayerOptions()
ADDRESS = "module.listed.terraform_data.this"
LISTED = """
variable "groups" { type = list(object({ name = string, size = number })) }
variable "live" { default = null }
resource "terraform_data" "this" { input = var.groups }
output "input" { value = { for group in var.groups : group.name => group } }
"""
MADE = "  alpha: {}\n  listed: {groups: [{name: a, size: 1}, {name: b, size: 2}]}\n"
# What the service has.
SERVICE: list[dict[str, Any]] = []


class Item(Block):
    """An element."""

    name: str = Field(description="Its name.")
    size: int = Field(description="A size.")


class ListedInputs(Inputs):
    """Inputs."""

    groups: list[Item] = Field(description="The elements.")
    live: Annotated[str | None, FromService()] = Field(None, description="The elements as they are.")


class ListedOutputs(Outputs):
    """Outputs."""

    input: dict[str, Any] = Field(description="The elements by name, as they are sent.")


@pytest.fixture
def listed(tmp_path: Path) -> Workbench:
    """A project with a list, and a service that has it."""
    SERVICE[:] = [{"name": "a", "size": 1, "seen": 1}, {"name": "b", "size": 2, "seen": 2}]
    known = KeyedList(
        key="name",
        computed=("seen",),
        size="size",
        lost=lambda item, later: f"{item['name']} is deleted" if later is None else None,
    )
    live = LiveLists(
        lambda clients, identity: {"input": list(SERVICE)}, "live", lambda resource, name: f"delete {name}"
    )
    contract = Contract(
        "listed",
        "A list.",
        ListedInputs,
        ListedOutputs,
        providers=(),
        provides=(HyperPodCluster(),),
        resources=(ResourceType("terraform_data", keyed_lists={"input": known}, live=live),),
    )
    bench = Workbench(tmp_path, {"alpha": CONTRACTS["alpha"], "listed": contract}, {"alpha": ALPHA, "listed": LISTED})
    up(bench, MADE)
    return bench


def test_an_element_that_is_deleted_needs_consent_in_plans_and_before_every_apply(
    listed: Workbench, tmp_path: Path
) -> None:
    listed.write("  alpha: {}\n  listed: {groups: [{name: b, size: 2}]}\n")
    context = listed.open()
    kept = tmp_path / "kept"
    deleted = codes.GROUP_DELETED.about("a", "a is deleted", "if that is meant, apply with --allow group-deleted=a")
    planned = commands.review(context, ALL, out=kept)
    assert planned.findings == (deleted,)
    lines = plan_text.render(context, planned, color=False, width=200).splitlines()
    assert lines[-2:] == [
        "needs consent: a is deleted (group-deleted)",
        "  if that is meant, apply with --allow group-deleted=a",
    ], "last"
    for plan in (None, kept):
        with pytest.raises(BadInput) as raised:
            commands.apply(context, ALL, approve=yes, kept=plan)
        assert raised.value.problems == [deleted]
    before = context.store.read("listed")
    assert commands.apply(context, ALL, approve=yes, kept=kept, allow=["group-deleted=a"]).applied is not None
    assert context.store.read("listed") != before


def test_what_somebody_changed_since_the_plan_stops_the_apply(listed: Workbench, tmp_path: Path) -> None:
    """The provider sends the list whole: what is new would be deleted."""
    listed.write("  alpha: {}\n  listed: {groups: [{name: a, size: 3}, {name: b, size: 2}]}\n")
    context = listed.open()
    kept = tmp_path / "kept"
    commands.review(context, ALL, out=kept)
    before = context.store.read("listed")
    SERVICE[:] = [{"name": "a", "size": 7, "seen": 2}, {"name": "c", "size": 1, "seen": 1}]
    with pytest.raises(BadInput) as raised:
        commands.apply(context, ALL, approve=yes, kept=kept)
    (finding,) = raised.value.problems
    assert (finding.code, finding.subject) == (codes.CHANGED_MEANWHILE, ADDRESS)
    assert finding.message.endswith('since it was planned: input["a"]: size; input["b"] is gone; input["c"] is new')
    assert context.store.read("listed") == before
    SERVICE[:] = [{"name": "a", "size": 1, "seen": 5}, {"name": "b", "size": 2, "seen": 5}]
    assert commands.apply(context, ALL, approve=yes, kept=kept).applied is not None, "what is only seen is no change"


def test_the_module_is_told_what_the_service_has(listed: Workbench) -> None:
    root = commands.plan(listed.open(), ALL).prepared.root
    assert json.loads(root.main["module"]["listed"]["live"]) == {
        "input": [{"name": "a", "size": 1}, {"name": "b", "size": 2}]
    }


def test_every_stage_is_judged_by_itself(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.with_contract("gamma", requires=frozenset({Nodes}))
    bench.write(THREE)
    asked = iter([False, True])
    context = bench.open(nodes_running=lambda: next(asked))
    judged: list[Planned] = []

    refused = codes.UPDATE_REFUSED.about("a.size", "this would be something else")

    def refusals(context: Any, planned: Planned) -> list[Finding]:
        judged.append(planned)
        return [refused] if len(planned.prepared.members.all) == 2 else []

    monkeypatch.setattr(plan_checks, "refusals", refusals)
    with pytest.raises(BadInput, match="something else"):
        commands.apply(context, ALL, approve=yes)
    assert len(judged) == 2, "with the plan, and for the first stage"
    assert context.store.read("alpha") is None


def test_what_blocks_and_may_be_allowed_is_carried_out_in_every_stage(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.with_contract("gamma", requires=frozenset({Nodes}))
    bench.write(THREE)
    asked = iter([False, False, True, True])
    refused = codes.UPDATE_REFUSED.about("a.size", "the service would refuse it")
    monkeypatch.setattr(plan_checks, "refusals", lambda context, planned: [refused])
    with pytest.raises(BadInput) as raised:
        commands.apply(bench.open(nodes_running=lambda: next(asked)), ALL, approve=yes)
    assert raised.value.problems == [refused]
    context = bench.open(nodes_running=lambda: next(asked))
    outcome = commands.apply(context, ALL, approve=yes, allow=["update-refused=a.size"])
    assert outcome.applied is not None and outcome.applied.stages == 2
