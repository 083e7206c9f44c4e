"""What people see of groups that move in the list."""

from __future__ import annotations

from hp_tf.layers.hyperpod.contract import CONTRACT
from hp_tf.planning.as_sent import as_sent
from hp_tf.report.differences import differences
from hp_tf.wire import UNKNOWN
from tests.engine.groups import LUSTRE, SECOND, group, planned

CONTRACTS = {"hyperpod": CONTRACT}
A, B = group("a"), group("b", image_id="ami-1")


def test_a_change_among_moved_groups_is_shown_by_name_and_alone() -> None:
    plan = planned([group("b", instance_count=2), A], [A, group("b", instance_count=3)])
    (update,) = plan.changes()
    shown = differences(as_sent(update, plan, CONTRACTS))
    assert [(item.path, item.before, item.after) for item in shown] == [
        ('instance_groups["b"].instance_count', "2", "3")
    ]


def test_what_is_left_out_at_a_position_that_is_new_is_shown_to_go() -> None:
    network = {"interface_type": "efa"}
    b = group("b", network_interface=network, instance_storage_configs=[SECOND, LUSTRE])
    plan = planned([b], [A, group("b", instance_storage_configs=[SECOND, LUSTRE])])
    (update,) = plan.changes()
    assert update.after.member("instance_groups").element(1).member("network_interface").value is None
    assert {item.path: item.after for item in differences(as_sent(update, plan, CONTRACTS)) if item.before} == {
        'instance_groups["b"].network_interface': "null"
    }, "it is lost: nobody sends it there"


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


def test_labels_that_are_taken_away_are_shown() -> None:
    labels = {"team": "a", "tier": "b"}
    before = [group("a", kubernetes_config={"labels": labels, "taints": None})]
    fewer = planned(before, [group("a", kubernetes_config={"labels": {"team": "a"}, "taints": None})])
    (update,) = fewer.changes()
    (shown,) = differences(as_sent(update, fewer, CONTRACTS))
    assert (shown.path, shown.before, shown.after) == (
        'instance_groups["a"].kubernetes_config.labels.tier',
        '"b"',
        "null",
    )
    none = planned(before, [group("a")], config=[group("a", kubernetes_config={"labels": {}, "taints": None})])
    (update,) = none.changes()
    assert {item.path for item in differences(as_sent(update, none, CONTRACTS))} == {
        'instance_groups["a"].kubernetes_config.labels.team',
        'instance_groups["a"].kubernetes_config.labels.tier',
    }
