"""Plans and applies over a list that the service lists in another order, played by `terraform_data`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import Field

from hp_tf import codes
from hp_tf.contract.base import Block, Contract, Inputs, Outputs
from hp_tf.contract.keyed import KeyedList
from hp_tf.contract.resources.base import ResourceType
from hp_tf.contract.roles import HyperPodCluster, Nodes
from hp_tf.errors import BadInput
from hp_tf.findings import Finding
from hp_tf.planning import plan_checks
from hp_tf.planning.planner import Planned
from hp_tf.planning.selection import LayerOptions
from hp_tf.report import document, plan_text
from hp_tf.state import markers
from tests.engine import commands
from tests.engine.harness import ALPHA, CONTRACTS, THREE, Workbench, up, yes

pytestmark = pytest.mark.slow
ALL = LayerOptions()
ADDRESS = "module.listed.terraform_data.this"
LISTED = """
variable "groups" { type = list(object({ name = string, size = number })) }
resource "terraform_data" "this" { input = var.groups }
output "input" { value = { for group in var.groups : group.name => group } }
"""
TURNED = "  alpha: {}\n  listed: {groups: [{name: a, size: 1}, {name: b, size: 2}]}\n"
MADE = "  alpha: {}\n  listed: {groups: [{name: b, size: 2}, {name: a, size: 1}]}\n"


class Item(Block):
    """An element."""

    name: str = Field(description="Its name.")
    size: int = Field(description="A size.")


class ListedInputs(Inputs):
    """Inputs."""

    groups: list[Item] = Field(description="The elements.")


class ListedOutputs(Outputs):
    """Outputs."""

    input: dict[str, Any] = Field(description="The elements by name, as they are sent.")


@pytest.fixture
def listed(tmp_path: Path) -> Workbench:
    """A project whose list stands in another order than it is sent."""
    known = KeyedList(key="name", computed_beside=("output",), deleted=lambda item: f"{item['name']} is deleted")
    contract = Contract(
        "listed",
        "A list.",
        ListedInputs,
        ListedOutputs,
        providers=(),
        provides=(HyperPodCluster(),),
        resources=(ResourceType("terraform_data", keyed_lists={"input": known}),),
    )
    bench = Workbench(tmp_path, {"alpha": CONTRACTS["alpha"], "listed": contract}, {"alpha": ALPHA, "listed": LISTED})
    up(bench, MADE)
    bench.write(TURNED)
    return bench


def test_text_json_exit_code_and_apply_agree_that_nothing_changes(listed: Workbench, tmp_path: Path) -> None:
    context = listed.open()
    kept = tmp_path / "kept"
    planned = commands.review(context, ALL, out=kept)
    assert not planned.has_changes
    text = plan_text.render(context, planned, color=False, width=200)
    assert f"note: {ADDRESS}: the service lists the groups in another order; Terraform calls that an update" in text
    assert "No changes: 2 layers are as the file says." in text
    shown = document.plan(context, planned)
    assert [layer["change"] for layer in shown["layers"].values()] == [0, 0]
    assert shown["layers"]["listed"]["resource_changes"] == []
    assert [(item["code"], item["subject"]) for item in shown["findings"]] == [("groups-reordered", ADDRESS)]

    before = context.store.read("listed")
    markers.remove(context.store, "listed")
    for plan in (None, kept):
        outcome = commands.apply(context, ALL, approve=yes, kept=plan)
        assert outcome.approved and outcome.applied is None
    assert context.store.read("listed") == before
    assert markers.complete(context.store, "listed", before)


def test_beside_another_change_it_is_not_counted(listed: Workbench) -> None:
    listed.write(TURNED.replace("alpha: {}", "alpha: {size: 2}"))
    context = listed.open()

    def approve(planned: Planned) -> bool:
        assert planned.plan is not None
        assert planned.plan.counts().change == 1
        assert "listed: no changes" in plan_text.render(context, planned, color=False, width=200)
        assert planned.findings[0].code == codes.GROUPS_REORDERED
        assert "sends them again with the other changes" in planned.findings[0].message
        return True

    assert commands.apply(context, ALL, approve=approve).applied is not None
    # Terraform does it all the same, and it is among what is waited for.
    assert set(listed.ui.phases[-1][1]) == {"module.alpha.terraform_data.this", ADDRESS}
    assert commands.plan(listed.open(), ALL).findings == ()


def test_a_change_of_an_element_is_a_change(listed: Workbench) -> None:
    listed.write(TURNED.replace("size: 2", "size: 3"))
    context = listed.open()
    planned = commands.plan(context, ALL)
    assert planned.has_changes
    text = plan_text.render(context, planned, color=False, width=200)
    assert '      input["b"].size: 2 -> 3' in text.splitlines()
    assert 'input["a"]' not in text


def test_an_element_that_is_deleted_is_noted_in_plans_and_before_every_apply(listed: Workbench, tmp_path: Path) -> None:
    listed.write("  alpha: {}\n  listed: {groups: [{name: b, size: 2}]}\n")
    context = listed.open()
    kept = tmp_path / "kept"
    deleted = codes.GROUP_DELETED.about("a", "a is deleted")
    assert commands.review(context, ALL, out=kept).findings == (deleted,)
    asked: list[tuple[Finding, ...]] = []

    def decline(planned: Planned) -> bool:
        asked.append(planned.findings)
        return False

    for plan in (None, kept):
        commands.apply(context, ALL, approve=decline, kept=plan)
    assert asked == [(deleted,), (deleted,)]


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
