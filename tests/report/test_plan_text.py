from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any, cast

import pytest

from hp_tf import codes
from hp_tf.findings import Allowance, Finding, Location
from hp_tf.planning.stages import Stages
from hp_tf.report.plan_text import render
from hp_tf.report.text import totals
from hp_tf.run.context import Context
from hp_tf.terraform.events import Diagnostic
from hp_tf.terraform.plan import Counts
from tests.engine.groups import group
from tests.engine.groups import planned as group_plan
from tests.report.plans import CONTEXT, change, loaded, planned

VPC = "module.network.aws_vpc.this[0]"
CLUSTER = "module.eks.aws_eks_cluster.this"
POD = "module.hyperpod.awscc_sagemaker_cluster.this"


def text(*arguments: Any, width: int = 120, color: bool = False, values: bool = False, **options: Any) -> str:
    return render(CONTEXT, planned(*arguments, **options), color=color, width=width, values=values)


def test_warnings_of_the_file_stand_under_the_notes() -> None:
    environment = SimpleNamespace(id="dev", warnings=(Finding("Think.", Location("envs/dev.yaml", 3)),))
    context = cast(Context, SimpleNamespace(environment=environment, target=CONTEXT.target, contracts={}))
    note = codes.PLAN_CUT.about("eks", "this is a note", "do that")
    lines = render(context, planned(None, findings=[note]), color=False, width=120).splitlines()
    assert lines[1:4] == ["note: this is a note (plan-cut)", "  do that", "warning: envs/dev.yaml:3:1: Think."]


def test_what_blocks_and_what_needs_consent_stands_last_beside_the_question() -> None:
    destroyed, other = (codes.PROTECTED_DESTROYED.about(name, f"{name} goes", "add it") for name in ("a", "b"))
    refused = codes.VALUE_TAKEN_OVER.about("a.size", "it moves", "say it")
    allowed = Allowance(("protected-destroyed",), "a", "--allow-destroy a")
    shown = text(None, findings=[destroyed, other, refused], allowances=[allowed])
    assert shown.splitlines()[-5:] == [
        "error: it moves (value-taken-over)",
        "  say it",
        "allowed: a goes (protected-destroyed)",
        "needs consent: b goes (protected-destroyed)",
        "  add it",
    ]


def test_a_plan_reads_like_this() -> None:
    def group(count: int) -> dict[str, Any]:
        return {"instance_groups": [{"instance_group_name": "workers", "instance_count": count}]}

    plan = loaded(
        change(VPC, ["create"], None, {"cidr_block": "10.0.0.0/16"}, unknown={"id": True}),
        change(
            CLUSTER,
            ["delete", "create"],
            {"name": "a", "arn": "x"},
            {"name": "b"},
            unknown={"arn": True},
            replace_paths=[["name"]],
        ),
        change("module.eks.aws_eks_addon.this", ["delete"], {"addon_name": "x"}),
        change(POD, ["update"], group(2), group(3)),
        change("module.fsx.aws_fsx_lustre_file_system.this", ["forget"], {"id": "fs-1"}),
    )
    found = text(
        plan,
        leaving={"fsx": "forget"},
        stages=Stages((("network", "eks"), ("hyperpod",)), "no node runs yet"),
        findings=[codes.PLAN_CUT.about("eks", "this is a note")],
        warnings=[Diagnostic("warning", "Deprecated", address=VPC)],
    )
    assert (
        found
        == """\
Plan for dev on account 123456789012 in us-west-2
note: this is a note (plan-cut)

network: 1 to add
  + aws_vpc.this[0]
eks: 1 to replace, 1 to destroy
  -/+ aws_eks_cluster.this
      name: "a" -> "b"  # forces replacement
      and 1 computed attribute
  - aws_eks_addon.this
hyperpod: 1 to change
  ~ awscc_sagemaker_cluster.this
      instance_groups["workers"].instance_count: 2 -> 3
fsx (leaves the environment): 1 to forget
  . aws_fsx_lustre_file_system.this

1 to add, 1 to change, 1 to replace, 1 to destroy, 1 to forget
in 2 stages (no node runs yet): network, eks | hyperpod
warning: Deprecated (module.network.aws_vpc.this[0])"""
    )


def test_groups_that_come_and_go_say_what_they_are() -> None:
    gone = group("old", instance_count=16, instance_type="ml.p5.48xlarge")
    plan = group_plan([group("a"), gone], [group("a"), group("new", image_id="ami-1")])
    start = "  ~ awscc_sagemaker_cluster.this"

    def shown(width: int, *, values: bool = False) -> list[str]:
        lines = text(plan, width=width, values=values).splitlines()
        return lines[lines.index(start) + 1 : lines.index("", 3)]

    assert shown(80) == [
        '      + instance_groups["new"]',
        '          instance_type "ml.g5.8xlarge", instance_count 1, …',
        '      - instance_groups["old"]',
        '          instance_type "ml.p5.48xlarge", instance_count 16, …',
    ]
    assert shown(120)[1] == (
        '          instance_type "ml.g5.8xlarge", instance_count 1, override_vpc_config.subnets ["subnet-1"], …'
    )
    every = shown(60, values=True)
    assert every[:5] == [
        '      + instance_groups["new"]',
        '          instance_type: "ml.g5.8xlarge"',
        "          instance_count: 1",
        '          override_vpc_config.subnets: ["subnet-1"]',
        '          execution_role: "arn:aws:iam::123456789012:role/n…',
    ]
    assert '          image_id: "ami-1"' in every
    assert every.count("          threads_per_core: 2") == 2


def test_a_replacement_begins_with_its_reason_and_counts_what_is_computed() -> None:
    before = {"arn": "x", "name": "a", "zone": "z"}
    unknown = {"arn": True, "id": True, "role": True}
    cluster = change(
        CLUSTER,
        ["delete", "create"],
        before,
        {"name": "b", "zone": "y"},
        unknown=unknown,
        replace_paths=[["zone"]],
    )
    addon = change("module.eks.aws_eks_addon.this", ["delete", "create"], {"arn": "x"}, {}, unknown={"arn": True})
    addon["action_reason"] = "replace_by_triggers"
    plan = loaded(cluster, addon)

    def shown(*, values: bool) -> list[str]:
        lines = text(plan, values=values).splitlines()
        return lines[lines.index("  -/+ aws_eks_cluster.this") + 1 : lines.index("hyperpod: no changes")]

    reason = ['      zone: "z" -> "y"  # forces replacement']
    other = ['      name: "a" -> "b"']
    along = ["  -/+ aws_eks_addon.this  (with what it belongs to)"]
    assert shown(values=False) == [*reason, *other, "      and 3 computed attributes", *along]
    arn = ['      arn: "x" -> (known after apply)']
    computed = [f"      {name}: null -> (known after apply)" for name in ("id", "role")]
    assert shown(values=True) == [*reason, *arn, computed[0], *other, computed[1], *along, *arn]


def test_no_changes_is_one_line() -> None:
    assert text(None).splitlines()[1:] == ["No changes: 3 layers are as the file says."]
    assert text(None, ("eks",)).splitlines()[1:] == ["No changes: 1 layer is as the file says."]


def test_a_layer_without_changes_says_so() -> None:
    assert "network: no changes" in text(loaded(change(CLUSTER, ["create"], None, {}))).splitlines()


def test_imports_moves_and_leftovers_are_remarked() -> None:
    plan = loaded(
        change(VPC, ["no-op"], {}, {}, importing="vpc-1"),
        change(CLUSTER, ["no-op"], {}, {}, previous_address="module.eks.aws_eks_cluster.old"),
        change("module.eks.aws_subnet.a", ["delete"], {}, deposed="1a2b"),
    )
    lines = text(plan).splitlines()
    assert "  < aws_vpc.this[0]  (import vpc-1)" in lines
    assert "  < aws_eks_cluster.this  (was module.eks.aws_eks_cluster.old)" in lines
    assert "  - aws_subnet.a  (left over from an interrupted replacement)" in lines
    assert "1 to destroy, 1 to import" in lines


def test_a_destruction_says_so() -> None:
    assert text(loaded(change(VPC, ["delete"], {})), kind="destroy").startswith("Destroy dev on account")


def test_a_plan_of_outputs_alone_names_them() -> None:
    outputs = {
        "network__vpc_id": {"actions": ["create"], "before": None, "after": "x"},
        "eks__name": {"actions": ["no-op"], "before": "x", "after": "x"},
    }
    lines = text(loaded(outputs=outputs)).splitlines()
    assert "outputs: network.vpc_id" in lines
    assert "no resource changes" in lines


@pytest.mark.parametrize("width", [40, 80, 120])
@pytest.mark.parametrize(("before", "after"), [("x" * 500, "y"), ("x", "y" * 500), ("x" * 500, "y" * 500)])
def test_long_values_are_cut_and_the_reason_is_not(width: int, before: str, after: str) -> None:
    plan = loaded(change(CLUSTER, ["delete", "create"], {"name": before}, {"name": after}, replace_paths=[["name"]]))
    line = next(line for line in text(plan, width=width).splitlines() if "name:" in line)
    assert len(line) <= max(width, 60)
    assert line.endswith("  # forces replacement")
    assert "…" in line
    old, new = line.removeprefix("      name: ").removesuffix("  # forces replacement").split(" -> ")
    assert old.startswith('"x')
    assert new.startswith('"y')


def test_many_that_are_gone_are_counted() -> None:
    gone = [f"module.network.aws_subnet.s{number}" for number in range(12)]
    lines = text(loaded(*(change(address, ["create"], None, {}) for address in gone)), gone=gone).splitlines()
    assert lines[-12] == "changed outside Terraform, and taken back:"
    assert lines[-2:] == ["  module.network.aws_subnet.s7 is gone", "  and 2 more"]


def test_a_tag_on_everything_is_one_line() -> None:
    before, after = (
        {"tags": {"team": "a"}, "tags_all": {"team": "a"}},
        {"tags": {"team": "b"}, "tags_all": {"team": "b"}},
    )
    many = [change(f"module.network.aws_subnet.s{number}", ["update"], before, after) for number in range(5)]
    other = change(VPC, ["update"], {**before, "cidr": 1}, {**after, "cidr": 2})
    lines = text(loaded(*many, other), ["network"]).splitlines()
    assert lines[2:-1] == [
        "network: 6 to change",
        "  ~ aws_vpc.this[0]",
        "      cidr: 1 -> 2",
        '      tags.team: "a" -> "b"',
        '~ 5 resources  tags.team: "a" -> "b"',
        "",
    ]
    # A few are told one by one.
    assert "resources" not in text(loaded(*many[:3])).replace("no resource changes", "")


def test_colour_changes_nothing_but_the_colour() -> None:
    plan = loaded(change(VPC, ["create"], None, {}), change(CLUSTER, ["update"], {"a": 1}, {"a": 2}))
    plain, coloured = text(plan), text(plan, color=True)
    assert "\x1b[32m+\x1b[0m" in coloured
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


def test_what_comes_from_elsewhere_cannot_steer_the_terminal() -> None:
    evil = "\x1b[2J\r\u009b"
    plan = loaded(change(f'module.network.aws_vpc.this["{evil}"]', ["update"], {"a": evil}, {"a": 1, evil: evil}))
    found = text(plan, gone=[evil], warnings=[Diagnostic("warning", evil, address=evil)])
    assert found.replace("\n", "").isprintable()
    assert "\\u001b[2J" in found


def test_totals_say_what_is_due_or_done() -> None:
    counts = Counts(add=2, destroy=1)
    assert totals(counts) == "2 to add, 1 to destroy"
    assert totals(counts, done=True) == "2 added, 1 destroyed"
    assert totals(Counts()) == "no resource changes"


def test_two_long_values_with_one_beginning_are_cut_around_where_they_part() -> None:
    before, after = f"{'x' * 200} one {'y' * 200}", f"{'x' * 200} two {'y' * 200}"
    plan = loaded(change(CLUSTER, ["update"], {"name": before}, {"name": after}))
    line = next(line for line in text(plan, width=80).splitlines() if "name:" in line)
    assert " one y" in line and " two y" in line
    assert len(line) <= 80


def test_the_values_of_what_is_created_are_shown_if_asked() -> None:
    policy = '{"Statement": [{"Sid": "Read", "Action": ["s3:GetObject"]}]}'
    after = {
        "name": "a",
        "tags": {"team": "a"},
        "tags_all": {"team": "a"},
        "policy": policy,
        "secret": "canary-4711",
        "description": None,
        "ids": ["x", "y"],
        "vpc": [{"id": "v" * 200}],
        "groups": [None],
    }
    unknown = {"arn": True, "vpc": [{"subnet": True}], "groups": [True]}
    plan = loaded(change(CLUSTER, ["create"], None, after, unknown=unknown, after_sensitive={"secret": True}))
    assert "name:" not in text(plan)
    found = text(plan, width=60, values=True).splitlines()
    assert found[found.index("  + aws_eks_cluster.this") :][:8] == [
        "  + aws_eks_cluster.this",
        '      ids: ["x", "y"]',
        '      name: "a"',
        '      policy.Statement["Read"].Action: ["s3:GetObject"]',
        '      policy.Statement["Read"].Sid: "Read"',
        "      secret: (sensitive value)",
        '      tags.team: "a"',
        f'      vpc[0].id: "{"v" * 41}…',
    ]


def test_of_what_was_cut_off_while_it_was_made_that_is_said_and_not_every_attribute() -> None:
    raw = change(POD, ["delete", "create"], {"id": "arn"}, {"cluster_name": "a"}, replace_paths=[])
    raw["action_reason"] = "replace_because_tainted"
    found = text(loaded(raw))
    assert "  -/+ awscc_sagemaker_cluster.this  (its creation was cut off)\n" in found
    assert "cluster_name" not in found
