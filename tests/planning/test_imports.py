"""Import blocks: one for a resource, and a plan that does not do what they say is stopped."""

from __future__ import annotations

import pytest

from hp_tf.planning import imports
from hp_tf.planning.imports import Adoption, NotImported, blocks, check
from hp_tf.planning.selection import LayerOptions
from hp_tf.state.document import State
from hp_tf.terraform.plan import Plan
from tests.engine import commands
from tests.engine.harness import Workbench, yes
from tests.engine.losing import lose, lost

GAMMA = "module.gamma.terraform_data.this"


def test_instances_of_one_resource_are_one_block() -> None:
    found = blocks(
        [
            Adoption('module.a.aws_subnet.s["x"]', "subnet-1"),
            Adoption("module.a.aws_vpc.this", "vpc-${1}"),
            Adoption('module.a.aws_subnet.s["y\\"$${z}"]', "subnet-2"),
            Adoption("module.b.aws_eip.this[0]", "eip-1"),
        ]
    )
    assert found == [
        {"to": "module.a.aws_vpc.this", "id": "vpc-$${1}"},
        {
            "for_each": {
                "x": {"key": "x", "id": "subnet-1"},
                'y"$${z}': {"key": 'y"$${z}', "id": "subnet-2"},
            },
            "to": "module.a.aws_subnet.s[each.value.key]",
            "id": "${each.value.id}",
        },
        {
            "for_each": {"0": {"key": 0, "id": "eip-1"}},
            "to": "module.b.aws_eip.this[each.value.key]",
            "id": "${each.value.id}",
        },
    ]


def test_what_is_neither_imported_nor_in_state_is_named() -> None:
    plan = Plan.load(
        {
            "format_version": "1.2",
            "resource_changes": [
                {"address": "m.a", "change": {"actions": ["no-op"], "importing": {"id": "1"}}},
                {"address": "m.b", "change": {"actions": ["create"]}},
            ],
        }
    )
    held: State = {"resources": [{"mode": "managed", "type": "t", "name": "c", "instances": [{"attributes": {}}]}]}
    wanted = [Adoption("m.a", "1"), Adoption("m.b", "2"), Adoption("t.c", "3")]
    check([wanted[0], wanted[2]], plan, {"l": held, "m": None}, product="tofu")
    with pytest.raises(NotImported, match=r"^tofu does not import .*: m\.b \(2\)") as raised:
        check(wanted, plan, {"l": held}, product="tofu")
    assert raised.value.adoptions == (wanted[1],)
    with pytest.raises(NotImported):
        check(wanted[:1], None, {}, product="terraform")


def test_every_instance_that_was_lost_is_imported(bench: Workbench) -> None:
    bench.write("  alpha: {}\n  beta: {}\n  gamma: {count_of: 3}\n")
    lose(bench, *(f'{GAMMA}["{number}"]' for number in range(3)))
    planned = commands.plan(bench.open(), LayerOptions())
    assert planned.plan is not None
    assert planned.plan.counts("gamma").imported == 3


def test_an_engine_that_forgets_an_import_makes_nothing(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.write("  alpha: {}\n  beta: {}\n  gamma: {count_of: 2}\n")
    lose(bench, f'{GAMMA}["0"]', f'{GAMMA}["1"]')
    both = imports.blocks
    monkeypatch.setattr(imports, "blocks", lambda adoptions: both(list(adoptions)[:1]))
    with pytest.raises(NotImported) as raised:
        commands.apply(bench.open(), LayerOptions(), approve=yes)
    assert [item.address for item in raised.value.adoptions] == [f'{GAMMA}["1"]']
    assert bench.open().store.layers() == []
    assert lost(bench) == [f'{GAMMA}["0"]', f'{GAMMA}["1"]']
