from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from hp_tf.standin.planning import plan_create, plan_update, settle
from hp_tf.standin.schema import load
from hp_tf.standin.values import Object
from hp_tf.wire import UNKNOWN

CLUSTER = load("awscc_sagemaker_cluster").attributes
RELEASE = load("helm_release").attributes


def with_nulls(attributes: Any, value: Object) -> Object:
    """A configuration as Terraform sends it: every attribute, null where nothing is set."""
    result: Object = {}
    for name, attribute in attributes.items():
        item = value.get(name)
        if attribute.nesting and item is not None:
            inner = [with_nulls(attribute.attributes, x) for x in (item if isinstance(item, list) else [item])]
            item = inner if isinstance(item, list) else inner[0]
        result[name] = item
    return result


def config(groups: list[Object], **more: Any) -> Object:
    return with_nulls(CLUSTER, {"cluster_name": "c", "instance_groups": groups, **more})


def filled(planned: Any, attributes: Any = CLUSTER) -> Any:
    """A state: a planned value with something real for every unknown scalar, and null for an unknown object or list."""
    result: Object = {}
    for name, attribute in attributes.items():
        value = planned[name]
        if value is UNKNOWN:
            value = {"string": "real", "number": 7}.get(attribute.kind)
        elif attribute.nesting and value is not None:
            inner = [filled(x, attribute.attributes) for x in (value if isinstance(value, list) else [value])]
            value = inner if isinstance(value, list) else inner[0]
        result[name] = value
    return result


GROUPS = st.lists(
    st.fixed_dictionaries(
        {"instance_group_name": st.sampled_from("abcdef"), "instance_count": st.integers(0, 9)},
        optional={
            "threads_per_core": st.integers(1, 2),
            "override_vpc_config": st.just({"subnets": ["s-1", "s-2"], "security_group_ids": ["sg"]}),
            "kubernetes_config": st.just({"labels": {"a": "b"}, "taints": []}),
        },
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda g: g["instance_group_name"],
)


@given(GROUPS)
def test_planning_again_changes_nothing(groups: list[Object]) -> None:
    wanted = config(groups)
    state = filled(plan_create(CLUSTER, wanted))
    assert plan_update(CLUSTER, state, wanted).state == state


@given(GROUPS, st.randoms())
def test_reordering_groups_changes_them_by_position(groups: list[Object], random: Any) -> None:
    """A group always has something the configuration leaves out, and that makes another order a change."""
    state = filled(plan_create(CLUSTER, config(groups)))
    shuffled = list(groups)
    random.shuffle(shuffled)
    planned = plan_update(CLUSTER, state, config(shuffled)).state
    assert (planned == state) is (shuffled == groups)
    assert [g["instance_group_name"] for g in planned["instance_groups"]] == [
        g["instance_group_name"] for g in shuffled
    ]


def test_a_group_moved_in_the_list_takes_what_it_leaves_out_from_its_new_position() -> None:
    groups = [
        {"instance_group_name": "a", "instance_count": 1},
        {"instance_group_name": "b", "instance_count": 2, "image_id": "ami-1"},
    ]
    state = filled(plan_create(CLUSTER, config(groups)))
    state["instance_groups"].reverse()
    planned = plan_update(CLUSTER, state, config(groups)).state["instance_groups"]
    assert [(g["instance_group_name"], g["image_id"]) for g in planned] == [("a", "ami-1"), ("b", "ami-1")]
    counts = [g["current_count"] for g in state["instance_groups"]]
    assert [g["current_count"] for g in planned] == counts


def test_what_the_service_sets_in_an_added_group_is_null_until_the_next_refresh() -> None:
    first = {"instance_group_name": "a", "instance_count": 1}
    state = filled(plan_create(CLUSTER, config([first])))
    added = plan_update(CLUSTER, state, config([first, {"instance_group_name": "b", "instance_count": 1}])).state
    assert repr(UNKNOWN) not in repr(added)
    known, unread = (g["current_count"] for g in added["instance_groups"])
    assert (known, unread) == (state["instance_groups"][0]["current_count"], None)


def taint(key: str, value: str | None) -> Object:
    return {"key": key, "value": value, "effect": "NoSchedule"}


def with_taints(*taints: Object) -> Object:
    taken: Object = {"labels": {"a": "b"}, "taints": list(taints)}
    return config([{"instance_group_name": "a", "instance_count": 1, "kubernetes_config": taken}])


def planned_taints(before: list[Object], after: list[Object]) -> list[tuple[str, str | None]]:
    state = filled(plan_create(CLUSTER, with_taints(*before)))
    (planned,) = plan_update(CLUSTER, state, with_taints(*after)).state["instance_groups"]
    return [(item["key"], item["value"]) for item in planned["kubernetes_config"]["taints"]]


def test_a_list_whose_items_say_everything_keeps_its_order() -> None:
    full = [taint("x", "1"), taint("y", "2")]
    assert planned_taints(full, full[::-1]) == [("x", "1"), ("y", "2")]
    network: Object = {"security_group_ids": ["sg"], "subnets": ["s-1", "s-2"]}
    state = filled(plan_create(CLUSTER, config([], vpc_config=network)))
    assert plan_update(CLUSTER, state, config([], vpc_config={**network, "subnets": ["s-2", "s-1"]})).state == state


def test_an_item_that_leaves_something_out_takes_it_from_its_position() -> None:
    assert planned_taints([taint("x", "1")], [taint("w", None), taint("x", "1")]) == [("w", "1"), ("x", "1")]
    assert planned_taints([taint("x", "1")], [taint("x", None)]) == [("x", "1")]


@given(GROUPS, GROUPS)
def test_what_is_configured_is_planned(before: list[Object], after: list[Object]) -> None:
    state = filled(plan_create(CLUSTER, config(before)))
    planned = plan_update(CLUSTER, state, config(after)).state["instance_groups"]
    assert len(planned) == len(after)
    asked = sorted((g["instance_group_name"], g["instance_count"]) for g in after)
    assert sorted((g["instance_group_name"], g["instance_count"]) for g in planned) == asked


@given(GROUPS)
def test_settling_removes_every_unknown_and_keeps_the_rest(groups: list[Object]) -> None:
    planned = plan_create(CLUSTER, config(groups))
    actual = filled(planned)
    actual["instance_groups"].reverse()
    state = settle(CLUSTER, planned, actual)
    assert repr(UNKNOWN) not in repr(state)
    assert [g["instance_group_name"] for g in state["instance_groups"]] == [g["instance_group_name"] for g in groups]


def test_a_count_makes_one_group_change() -> None:
    groups = [{"instance_group_name": "a", "instance_count": 1}, {"instance_group_name": "b", "instance_count": 1}]
    state = filled(plan_create(CLUSTER, config(groups)))
    plan = plan_update(CLUSTER, state, config([groups[0], {**groups[1], "instance_count": 4}]))
    assert plan.replace == []
    assert plan.state["instance_groups"][0] == state["instance_groups"][0]
    changed = plan.state["instance_groups"][1]
    assert (changed["instance_count"], changed["current_count"]) == (
        4,
        state["instance_groups"][1]["current_count"],
    )
    assert plan.state["cluster_status"] == state["cluster_status"]


def test_a_new_group_inherits_by_position_what_it_does_not_say() -> None:
    """A trap of the real provider, kept: computed values follow the position in the list."""
    old = {"instance_group_name": "b", "instance_count": 1, "threads_per_core": 1}
    state = filled(plan_create(CLUSTER, config([old])))
    planned = plan_update(CLUSTER, state, config([{"instance_group_name": "a", "instance_count": 1}, old])).state
    assert [g["threads_per_core"] for g in planned["instance_groups"]] == [1, 1]


def test_a_removed_single_object_is_kept() -> None:
    state = filled(plan_create(CLUSTER, config([], tiered_storage_config={"mode": "Enable"})))
    assert plan_update(CLUSTER, state, config([])).state["tiered_storage_config"]["mode"] == "Enable"


def test_unknown_create_only_values_force_replacement() -> None:
    vpc = {"subnets": ["s-1"], "security_group_ids": ["sg"]}
    state = filled(plan_create(CLUSTER, config([], vpc_config=vpc)))
    plan = plan_update(CLUSTER, state, config([], vpc_config={**vpc, "subnets": [UNKNOWN]}))
    assert plan.replace == [("vpc_config",)]
    assert plan_update(CLUSTER, state, config([])).replace == []


def test_defaults_and_values_of_a_new_release() -> None:
    planned = plan_create(RELEASE, with_nulls(RELEASE, {"name": "n", "chart": "c", "set": [{"name": "a"}]}))
    assert (planned["namespace"], planned["wait"], planned["description"]) == ("default", True, None)
    assert planned["metadata"] is UNKNOWN
    assert planned["set"] == [{"name": "a", "type": "", "value": None}]


def test_write_only_values_are_never_planned() -> None:
    wanted = with_nulls(RELEASE, {"name": "n", "chart": "c", "set_wo": [{"name": "a", "value": "secret"}]})
    planned = plan_create(RELEASE, wanted)
    assert planned["set_wo"] is None
    assert plan_update(RELEASE, filled(planned, RELEASE), wanted).state["set_wo"] is None
