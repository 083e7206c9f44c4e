"""Groups at positions: whatever the file says and in whatever order the service answers, nobody gets what is another's.

Pure: the provider is the stand-in's planning, which fills in by position as Terraform does, and the service a list.
tests/end_to_end/test_groups.py walks some steps of it with Terraform itself.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from itertools import permutations
from typing import Any

import pytest

from hp_tf.layers.hyperpod.contract import CONTRACT
from hp_tf.layers.hyperpod.resources import KEYED_LISTS
from hp_tf.planning.list_elements import keyed_lists, plain, refusals
from hp_tf.planning.positions import order, orders
from hp_tf.standin.awscc import from_document, to_document
from hp_tf.standin.schema import load
from hp_tf.terraform.plan import Action, Plan
from hp_tf.terraform.values import PlanValue
from tests.engine.groups import LUSTRE, OPENZFS, ROOT, SECOND, Group, arranged, group, planned

CONTRACTS = {"hyperpod": CONTRACT}
KNOWN = KEYED_LISTS["instance_groups"]
_GROUPS = load("awscc_sagemaker_cluster").attributes["instance_groups"].attributes
STEPS = 25
SEEDS = range(8)

ORDERS: Mapping[str, Callable[[list[Group]], list[Group]]] = {
    "sent": list,
    "reversed": lambda groups: groups[::-1],
    "sorted": lambda groups: sorted(groups, key=lambda item: str(item["instance_group_name"])),
}
# What may be said of a group, and what may be left out.
CHOICES: Mapping[str, Sequence[Any]] = {
    "image_id": [None, "ami-1", "ami-2"],
    "training_plan_arn": [None] * 5 + ["arn:p"],
    "kubernetes_config": [
        None,
        {"labels": {"team": "a"}, "taints": None},
        {"labels": {"team": "a", "tier": "b"}, "taints": None},
        {"labels": None, "taints": [{"key": "gpu", "value": "yes", "effect": "NoSchedule"}]},
        {"labels": {"team": "b"}, "taints": [{"key": "gpu", "value": None, "effect": "NoSchedule"}]},
    ],
    "instance_storage_configs": [None, *[[SECOND]] * 6, [SECOND, ROOT], [SECOND, LUSTRE], [SECOND, OPENZFS]],
    "on_start_deep_health_checks": [None, ["InstanceStress"], ["InstanceConnectivity", "InstanceStress"]],
    "capacity_requirements": [{"spot": "{}", "on_demand": None}, {"spot": None, "on_demand": "{}"}],
    "scheduled_update_config": [
        *[None] * 5,
        {"schedule_expression": "cron", "deployment_config": None},
        {"schedule_expression": "cron", "deployment_config": {"wait_interval_in_seconds": 60}},
    ],
    "auto_patch_config": [*[None] * 7, {"patching_strategy": "WhenIdle", "deployment_config": None}],
    "network_interface": [*[None] * 7, {"interface_type": "efa"}],
    "life_cycle_config": [
        *[{"source_s3_uri": "s3://b", "on_create": "on_create.sh", "on_init_complete": None}] * 7,
        {"source_s3_uri": "s3://b", "on_create": None, "on_init_complete": "after.sh"},
    ],
}
NAMES = "abcdef"


def fresh(chance: random.Random, name: str) -> Group:
    """A group of a name: its kind of types follows from that, because it is fixed."""
    several = {"instance_type": None, "instance_requirements": {"instance_types": ["ml.g5.8xlarge", "ml.g6.8xlarge"]}}
    said = {attribute: chance.choice(values) for attribute, values in CHOICES.items()}
    return group(name, **{**said, **(several if name in "f" else {})}, instance_count=chance.randrange(4))


def step(chance: random.Random, wanted: Sequence[Group]) -> list[Group]:
    """Another file: a group more or less, another order, another name, something on or off, another count."""
    groups = [dict(item) for item in wanted]
    free = [name for name in NAMES if name not in {item["instance_group_name"] for item in groups}]
    for _ in range(chance.choice([1, 1, 2, 3])):
        what = chance.choice(["add", "remove", "shuffle", "rename", "attribute", "attribute", "count"])
        at = chance.randrange(len(groups))
        if what == "add" and free:
            groups.insert(at, fresh(chance, free.pop(chance.randrange(len(free)))))
        elif what == "remove" and len(groups) > 1:
            free.append(groups.pop(at)["instance_group_name"])
        elif what == "shuffle":
            chance.shuffle(groups)
        elif what == "rename" and free:
            groups[at] = fresh(chance, free.pop())
        elif what == "attribute":
            attribute = chance.choice(list(CHOICES))
            groups[at][attribute] = chance.choice(CHOICES[attribute])
        else:
            groups[at]["instance_count"] = chance.randrange(4)
    return groups


class Walk:
    """A file, a service, and the states between them."""

    def __init__(self, listed: str, chance: random.Random) -> None:
        self._listed = ORDERS[listed]
        self.live: list[Group] = []
        self.wanted: list[Group] = []
        self.exact = self.in_another_order = self.after_a_deletion = self.refused = 0
        first = [fresh(chance, name) for name in chance.sample(NAMES, 3)]
        self._settle(planned([], first, config=arranged(KNOWN, [], first)), first)

    def take(self, wanted: list[Group]) -> None:
        """Plan and apply what a file wants, or see it refused for a reason."""
        plan, chosen = self._plan(wanted), None
        better = orders(plan, CONTRACTS)
        if better:
            chosen = better["hyperpod"]["instance_groups"]
            plan = self._plan(wanted, chosen)
        problems = refusals(plan, CONTRACTS)
        if problems:
            assert len(wanted) > 3 or not any(self._would_do(wanted, names) for names in permutations(_names(wanted)))
            # The one thing to do, where another group is in the way that goes anyway.
            ways = {str(item.remedy).rpartition("--instance-groups-to-delete ")[2] for item in problems}
            going = [item for item in self.live if item["instance_group_name"] not in _names(wanted)]
            gone = next((item for item in going if item["instance_group_name"] in ways), None)
            if gone is None:
                assert all("another name" in str(item.remedy) for item in problems)
                self.refused += 1
                return
            self.live.remove(gone)
            self.after_a_deletion += 1
            self.take(wanted)
            return
        self.in_another_order += chosen is not None
        self._settle(plan, wanted)

    def _plan(self, wanted: list[Group], names: Sequence[str] | None = None) -> Plan:
        return planned(self.live, wanted, config=arranged(KNOWN, self.live, wanted, names), last=self.wanted)

    def _would_do(self, wanted: list[Group], names: Sequence[str]) -> bool:
        return refusals(self._plan(wanted, names), CONTRACTS) == []

    def _settle(self, plan: Plan, wanted: list[Group]) -> None:
        (change,) = plan.resource_changes
        sent = [to_document(_GROUPS, item) for item in change.after.member("instance_groups").known]
        kept = {item["instance_group_name"]: item["image_id"] for item in self.live}
        had = {item["InstanceGroupName"]: from_document(_GROUPS, item) for item in sent}
        for item in wanted:
            name = item["instance_group_name"]
            asked = {**item, "image_id": item["image_id"] or kept.get(name)}
            assert comparable(had[name]) == comparable(asked), name
        assert had.keys() == {item["instance_group_name"] for item in wanted}
        self.live, self.wanted = self._listed([{**item, "current_count": 1} for item in had.values()]), wanted
        again = self._plan(wanted)
        assert [item.action for item in again.resource_changes] == [Action.NO_OP]
        assert refusals(again, CONTRACTS) == []
        self.exact += 1


def comparable(item: Mapping[str, Any]) -> Any:
    """A group, without what only the service sets."""
    image = None if item["image_id"] == "default" else item["image_id"]
    return plain(PlanValue({**item, "image_id": image, "current_count": None}))


def _names(groups: Sequence[Group]) -> list[str]:
    return [item["instance_group_name"] for item in groups]


@pytest.mark.parametrize("listed", ORDERS)
def test_every_group_is_what_the_file_says_and_the_next_plan_is_empty(listed: str) -> None:
    walks = []
    for seed in SEEDS:
        chance = random.Random(f"{listed} {seed}")
        walks.append(Walk(listed, chance))
        for _ in range(STEPS):
            walks[-1].take(step(chance, walks[-1].wanted))
    exact, refused = sum(walk.exact for walk in walks), sum(walk.refused for walk in walks)
    assert exact + refused == len(SEEDS) * (STEPS + 1)
    assert exact > 4 * refused
    assert sum(walk.after_a_deletion for walk in walks) > 0


def test_a_group_that_fits_nowhere_else_finds_another_place() -> None:
    """Of two that stay one has the plan that the gap's group had, and the other has none."""
    live = [group("a", training_plan_arn="arn:p"), group("b"), group("c", training_plan_arn="arn:p")]
    wanted = [group("b"), group("c", training_plan_arn="arn:p")]
    assert _names(arranged(KNOWN, live, wanted)) == ["c", "b"]
    plain_ones = [group("a"), group("b", training_plan_arn="arn:p"), group("c", training_plan_arn="arn:p")]
    left = [group("b"), group("c", training_plan_arn="arn:p")]
    plan = planned(plain_ones, left, config=arranged(KNOWN, plain_ones, left), last=plain_ones)
    assert {item.subject for item in refusals(plan, CONTRACTS)} == {"b.training_plan_arn"}
    chosen = orders(plan, CONTRACTS)["hyperpod"]["instance_groups"]
    assert chosen == ["b", "c"], "the one that is rid of its plan stands where there was none"
    better = planned(plain_ones, left, config=arranged(KNOWN, plain_ones, left, chosen), last=plain_ones)
    assert refusals(better, CONTRACTS) == []


def test_no_other_order_is_looked_for_where_the_planned_one_does() -> None:
    live = [group("a", image_id="ami-1"), group("b")]
    plan = planned(live, [group("b")], config=arranged(KNOWN, live, [group("b")]))
    (change,) = plan.resource_changes
    assert [order(listed) for listed in keyed_lists(change, plan, CONTRACTS)] == [None, None]
    assert orders(None, CONTRACTS) == {}
