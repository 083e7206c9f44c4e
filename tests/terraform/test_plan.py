from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hp_tf.errors import HptfError
from hp_tf.terraform import commands
from hp_tf.terraform.plan import MASK, Action, Counts, Plan, ResourceChange, mask_change, operations, protected

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


def test_a_real_plan(make_root: MakeRoot, tmp_path: Path) -> None:
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
    assert a.after_unknown == {"input": [False, False], "output": True}
    assert protected(plan, ["terraform_data"]) == ["terraform_data.b", "terraform_data.c[0]"]

    masked = mask_change(a.raw["change"])
    assert masked["after"]["input"] == [MASK, 2]
    assert masked["before"]["input"] == [MASK, 1]
    assert "hunter2" not in json.dumps([masked["after"], mask_change(plan.outputs["secret"])])


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
def test_actions(actions: list[str], action: Action, replaces: bool, destroys: bool) -> None:
    loaded = ResourceChange.load(change("module.net.aws_vpc.this", *actions))
    assert (loaded.action, loaded.action.replaces, loaded.action.destroys) == (action, replaces, destroys)


def test_an_unknown_action_and_format_are_refused() -> None:
    with pytest.raises(HptfError, match=r"does 'explode' to module\.net\.aws_vpc\.this"):
        plan_of(change("module.net.aws_vpc.this", "explode"))
    with pytest.raises(HptfError, match=r"format 2\.0"):
        Plan.load({"format_version": "2.0"})


def test_the_empty_plan() -> None:
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


def test_masks_of_another_shape_hide_everything() -> None:
    masked = mask_change(
        {"before": {"a": 1}, "after": [1, 2], "before_sensitive": ["x"], "after_sensitive": {"a": True}}
    )
    assert (masked["before"], masked["after"]) == (MASK, MASK)
    assert mask_change({"before": None, "before_sensitive": True})["before"] is None


scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=3)
secrets = st.integers(10**6, 10**7).map("canary-{}".format)


@st.composite
def marked(draw: st.DrawFn, depth: int = 3) -> tuple[Any, Any]:
    """A value and its sensitivity; every secret is a canary, and nothing else is."""
    kind = draw(st.sampled_from(["plain", "secret", "dict", "list"] if depth else ["plain", "secret"]))
    if kind == "plain":
        return draw(scalars), False
    if kind == "secret":
        held: list[Any] = [draw(secrets), [draw(secrets)], {"k": draw(secrets)}]
        return draw(st.sampled_from(held)), True
    if kind == "dict":
        inner = draw(st.dictionaries(st.text(max_size=2), marked(depth - 1), max_size=3))
        marks = {key: sensitive for key, (_, sensitive) in inner.items() if sensitive is not False}
        return {key: value for key, (value, _) in inner.items()}, marks
    inner_list = draw(st.lists(marked(depth - 1), max_size=3))
    return [value for value, _ in inner_list], [sensitive for _, sensitive in inner_list]


def unmasked(value: Any, masked: Any) -> bool:
    """Whether `masked` is `value` but for masks."""
    if masked == MASK:
        return True
    if isinstance(value, dict):
        return value.keys() == masked.keys() and all(unmasked(value[key], masked[key]) for key in value)
    if isinstance(value, list):
        return len(value) == len(masked) and all(map(unmasked, value, masked))
    return bool(value == masked)


def _trues(marks: Any) -> int:
    if isinstance(marks, dict):
        return sum(map(_trues, marks.values()))
    return sum(map(_trues, marks)) if isinstance(marks, list) else int(marks is True)


@given(marked(), marked())
def test_no_secret_is_left_and_nothing_else_changes(before: tuple[Any, Any], after: tuple[Any, Any]) -> None:
    raw = {
        "actions": ["update"],
        "before": before[0],
        "after": after[0],
        "before_sensitive": before[1],
        "after_sensitive": after[1],
        "after_unknown": {"x": True},
    }
    original = json.dumps(raw)
    masked = mask_change(raw)
    assert "canary" not in json.dumps(masked)
    assert unmasked(raw["before"], masked["before"])
    assert unmasked(raw["after"], masked["after"])
    assert json.dumps(masked).count(MASK) == _trues(before[1]) + _trues(after[1])
    assert masked.keys() == raw.keys()
    assert json.dumps(raw) == original


def test_what_applying_takes() -> None:
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
