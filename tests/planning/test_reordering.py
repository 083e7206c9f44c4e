"""Updates that are nothing but another order of the groups."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from hp_tf import codes
from hp_tf.layers.hyperpod.contract import CONTRACT
from hp_tf.planning.list_elements import refusals
from hp_tf.planning.reordering import acts, as_sent, findings, judge
from hp_tf.report.differences import differences
from hp_tf.terraform.plan import Action, Plan
from hp_tf.wire import UNKNOWN
from tests.engine.groups import ADDRESS, LUSTRE, SECOND, group, planned
from tests.report.plans import change, loaded

CONTRACTS = {"hyperpod": CONTRACT}
A, B = group("a"), group("b", image_id="ami-1")


def with_another(plan: Plan) -> Plan:
    extra = loaded(change("module.eks.aws_eks_cluster.this", ["update"], {}, {"x": 1}))
    return replace(plan, resource_changes=(*plan.resource_changes, *extra.resource_changes))


def test_another_order_is_no_change() -> None:
    plan = planned([B, A], [A, B])
    assert [item.action for item in plan.changes()] == [Action.UPDATE]
    wanted = judge(plan, True, CONTRACTS)
    assert (wanted.plan, wanted.has_changes) == (None, False)
    assert [item.action for item in wanted.reordered] == [Action.UPDATE]
    (note,) = findings(wanted.reordered, has_changes=wanted.has_changes)
    assert (note.code, note.subject) == (codes.GROUPS_REORDERED, ADDRESS)
    assert "hptf does not apply it" in note.message


def test_an_order_inside_a_group_is_no_change_either() -> None:
    both = [group("a", instance_storage_configs=[SECOND, LUSTRE])]
    turned = [group("a", instance_storage_configs=[LUSTRE, SECOND])]
    assert not judge(planned(turned, both), True, CONTRACTS).has_changes


def test_what_is_not_sent_any_more_stays_and_is_no_change() -> None:
    assert not judge(planned([B, A], [A, group("b")]), True, CONTRACTS).has_changes


def test_beside_other_changes_it_is_not_counted_and_is_sent_again() -> None:
    plan = with_another(planned([group("b"), A], [A, group("b")]))
    wanted = judge(plan, True, CONTRACTS)
    assert wanted.has_changes
    assert wanted.plan is not None
    assert [item.address for item in wanted.plan.changes()] == ["module.eks.aws_eks_cluster.this"]
    assert wanted.plan.counts().change == 1
    (note,) = findings(wanted.reordered, has_changes=wanted.has_changes)
    assert "sends them again with the other changes" in note.message
    assert refusals(wanted.plan, wanted.reordered, CONTRACTS) == []


def test_beside_other_changes_it_is_refused_if_it_would_send_something_else() -> None:
    wanted = judge(with_another(planned([B, A], [A, B])), True, CONTRACTS)
    (refused,) = refusals(wanted.plan, wanted.reordered, CONTRACTS)
    assert (refused.code, refused.subject) == (codes.VALUE_TAKEN_OVER, "a.image_id")
    assert '["a"].image_id would become that of "b"' in refused.message


def test_an_output_alone_is_another_change() -> None:
    plan = planned([B, A], [A, B])
    outputs: dict[str, Any] = {**plan.outputs, "hyperpod__cluster_id": {"actions": ["update"]}}
    wanted = judge(replace(plan, outputs=outputs), True, CONTRACTS)
    assert wanted.has_changes
    assert wanted.plan is not None and acts(wanted.plan)


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(lambda: planned([B, A], [group("a", instance_count=2), B]), id="a count"),
        pytest.param(lambda: planned([B, A], [A]), id="one less"),
        pytest.param(lambda: planned([B], [A, B]), id="one more"),
        pytest.param(lambda: planned([B, A], [A, group("c", image_id="ami-1")]), id="another name"),
        pytest.param(lambda: planned([B, A], [A, B], about={"node_recovery": "None"}), id="the cluster itself"),
        pytest.param(lambda: planned([B, A], [A, B], about={"cluster_role": UNKNOWN}), id="unknown in the cluster"),
        pytest.param(lambda: planned([B, A], [group("a", execution_role=UNKNOWN), B]), id="unknown in a group"),
        pytest.param(lambda: planned([group("a", instance_storage_configs=[SECOND, LUSTRE])], [A]), id="a mount goes"),
        pytest.param(lambda: replace(planned([B, A], [A, B]), outputs={}), id="not said what is sent"),
    ],
)
def test_everything_else_is_a_change(plan: Callable[[], Plan]) -> None:
    wanted = judge(plan(), True, CONTRACTS)
    assert wanted.has_changes
    assert wanted.reordered == ()
    assert wanted.plan is not None
    assert [item.action for item in wanted.plan.changes()] == [Action.UPDATE]


def test_a_plan_without_changes_stays_one() -> None:
    assert judge(None, False, CONTRACTS).plan is None
    assert not judge(planned([A], [A]), False, CONTRACTS).has_changes


def test_a_change_among_moved_groups_is_shown_by_name_and_alone() -> None:
    plan = planned([group("b", instance_count=2), A], [A, group("b", instance_count=3)])
    (update,) = plan.changes()
    shown = differences(as_sent(update, plan, CONTRACTS))
    assert [(item.path, item.before, item.after) for item in shown] == [
        ('instance_groups["b"].instance_count', "2", "3")
    ]


def test_what_moves_to_a_position_that_is_new_shows_no_change_of_what_it_leaves_out() -> None:
    network = {"interface_type": "efa"}
    b = group("b", network_interface=network, instance_storage_configs=[SECOND, LUSTRE])
    plan = planned([b], [A, group("b", instance_storage_configs=[SECOND, LUSTRE])])
    (update,) = plan.changes()
    assert update.after.member("instance_groups").element(1).member("network_interface").value is None
    assert [item.path for item in differences(as_sent(update, plan, CONTRACTS))] == ['instance_groups["a"]']


def test_what_a_group_takes_from_its_position_is_shown() -> None:
    plan = planned([B, A], [A, B])
    (update,) = plan.changes()
    (shown,) = differences(as_sent(update, plan, CONTRACTS))
    assert (shown.path, shown.after) == ('instance_groups["a"].image_id', '"ami-1"')


def test_what_will_be_known_later_is_shown() -> None:
    plan = planned([A], [group("a", execution_role=UNKNOWN)])
    (update,) = plan.changes()
    (shown,) = differences(as_sent(update, plan, CONTRACTS))
    assert (shown.path, shown.after) == ('instance_groups["a"].execution_role', "(known after apply)")
