from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from hp_tf.errors import HptfError
from hp_tf.terraform import commands
from hp_tf.terraform.plan import Action, Counts, Plan, ResourceChange, operations, protected
from hp_tf.terraform.values import MASK, PlanValue

from .conftest import MakeRoot


def change(
    address: str, *actions: str, module: str = "module.net", kind: str = "aws_vpc", **more: Any
) -> dict[str, Any]:
    top: dict[str, Any] = {key: more.pop(key) for key in ("deposed", "previous_address", "mode") if key in more}
    return {
        "address": address,
        "module_address": module,
        "mode": "managed",
        "type": kind,
        "name": "this",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        **top,
        "change": {"actions": list(actions), "before": None, "after": None, "after_unknown": {}, **more},
    }


def plan_of(*changes: dict[str, Any]) -> Plan:
    return Plan.load({"format_version": "1.2", "resource_changes": list(changes)})


def test_a_plan_of_terraforms_is_read_whole_and_masked(make_root: MakeRoot, tmp_path: Path) -> None:
    def main(number: int) -> str:
        return (
            'variable "secret" {\n  default = "hunter2"\n  sensitive = true\n}\n'
            f'resource "terraform_data" "a" {{\n  for_each = toset(["é"])\n  input = [var.secret, {number}]\n}}\n'
            f'resource "terraform_data" "b" {{\n  triggers_replace = {number}\n}}\n'
            f'resource "terraform_data" "c" {{\n  count = {2 - number}\n}}\n'
            'output "secret" {\n  value = var.secret\n  sensitive = true\n}\n'
        )

    invocation = make_root(main(1))
    commands.init(invocation)
    fresh = commands.show(invocation, commands.plan(invocation, out=tmp_path / "p").plan_file)
    assert fresh.counts() == Counts(add=3)
    assert [c.index for c in fresh.changes()] == ["é", None, 0]
    commands.apply(invocation, tmp_path / "p")

    (invocation.root / "main.tf").write_text(main(2))
    plan = commands.show(invocation, commands.plan(invocation, out=tmp_path / "p", name="second").plan_file)
    assert plan.counts() == Counts(change=1, replace=1, destroy=1)
    a, b, c = plan.changes()
    assert (a.action, b.action, c.action) == (Action.UPDATE, Action.REPLACE_DELETE_FIRST, Action.DELETE)
    assert b.replace_paths == (("triggers_replace",),)
    assert (b.layer, b.provider, b.reason) == (None, "terraform.io/builtin/terraform", "replace_because_cannot_update")
    assert a.after.unknown == {"input": [False, False], "output": True}
    assert protected(plan, ["terraform_data"]) == ["terraform_data.b", "terraform_data.c[0]"]

    assert a.after.masked()["input"] == [MASK, 2]
    assert a.before.masked()["input"] == [MASK, 1]
    secret = PlanValue.after(plan.outputs["secret"])
    assert "hunter2" not in json.dumps([a.after.masked(), secret.masked(), a.after.shown(), secret.shown()])


@pytest.mark.parametrize(
    ("actions", "action", "replaces", "destroys"),
    [
        (["no-op"], Action.NO_OP, False, False),
        (["create"], Action.CREATE, False, False),
        (["read"], Action.READ, False, False),
        (["update"], Action.UPDATE, False, False),
        (["delete"], Action.DELETE, False, True),
        (["delete", "create"], Action.REPLACE_DELETE_FIRST, True, True),
        (["create", "delete"], Action.REPLACE_CREATE_FIRST, True, True),
        (["forget"], Action.FORGET, False, False),
        (["create", "forget"], Action.REPLACE_FORGET, True, False),
    ],
)
def test_every_action_of_terraforms_is_known(
    actions: list[str], action: Action, replaces: bool, destroys: bool
) -> None:
    loaded = ResourceChange.load(change("module.net.aws_vpc.this", *actions))
    assert (loaded.action, loaded.action.replaces, loaded.action.destroys) == (action, replaces, destroys)


def test_an_unknown_action_and_format_are_refused() -> None:
    with pytest.raises(HptfError, match=r"does 'explode' to module\.net\.aws_vpc\.this"):
        plan_of(change("module.net.aws_vpc.this", "explode"))
    with pytest.raises(HptfError, match=r"format 2\.0"):
        Plan.load({"format_version": "2.0"})


def test_an_empty_document_is_a_plan_that_does_nothing() -> None:
    empty = Plan.load({})
    assert (empty.changes(), empty.counts()) == ((), Counts())


def test_counts_and_changes_go_by_layer() -> None:
    plan = plan_of(
        change("module.net.aws_vpc.this", "create"),
        change("module.net.aws_subnet.this", "delete", "create", kind="aws_subnet"),
        change("module.net.aws_eip.this", "no-op"),
        change("module.net.data.aws_region.this", "read", mode="data"),
        change("module.eks.module.inner.aws_eks_cluster.this", "update", module="module.eks.module.inner"),
        change("module.eks.aws_eks_addon.old", "forget", module="module.eks"),
        change("module.eks.aws_iam_role.old", "no-op", module="module.eks", importing={"id": "r"}),
        change("module.eks.aws_iam_role.new", "no-op", module="module.eks", previous_address="module.iam.x.y"),
    )
    assert plan.counts("net") == Counts(add=1, replace=1)
    assert plan.counts("eks") == Counts(change=1, imported=1, forget=1)
    assert len(plan.changes("eks")) == 4
    assert plan.counts() == Counts(add=1, replace=1, change=1, imported=1, forget=1)
    assert plan.counts("other") == Counts()


def test_a_deposed_object_of_a_protected_type_counts() -> None:
    plan = plan_of(change("module.net.aws_vpc.this", "delete", deposed="abcd1234"))
    assert protected(plan, {"aws_vpc"}) == ["module.net.aws_vpc.this"]
    assert protected(plan, {"aws_subnet"}) == []


def test_operations_count_a_replacement_twice_and_nothing_for_what_is_only_forgotten() -> None:
    def change(address: str, *actions: str, **more: Any) -> dict[str, Any]:
        return {"address": address, "mode": "managed", "change": {"actions": list(actions)}, **more}

    plan = Plan.load(
        {
            "format_version": "1.2",
            "resource_changes": [
                change("a.new", "create"),
                change("a.both", "delete", "create"),
                change("a.left", "forget"),
                change("a.same", "no-op"),
                change("a.old", "update"),
                change("a.old", "delete", deposed="1234"),
            ],
        }
    )
    assert operations(plan) == {"a.new": 1, "a.both": 2, "a.old": 2}
    assert operations(None) == {}


def test_what_is_forgotten_before_it_is_made_anew_is_replaced() -> None:
    raw = {"address": "a.b", "change": {"actions": ["forget", "create"], "before": {}, "after": {}}}
    (change,) = Plan.load({"format_version": "1.2", "resource_changes": [raw]}).changes()
    assert change.action.replaces
    assert not change.action.destroys
