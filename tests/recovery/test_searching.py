"""Looking for what was lost by the values a plan would create it with."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.planning.imports import Adoption
from hp_tf.recovery.history import Orphan
from hp_tf.recovery.orphans import search
from hp_tf.run.context import Context
from hp_tf.terraform.plan import Plan
from tests.aws.stubs import StubClients

TABLE = "aws_route_table"


def planned(name: str, **more: Any) -> dict[str, Any]:
    """A route table that a plan would create, told by its Name tag."""
    return {
        "address": f"module.network.{TABLE}.{name}",
        "module_address": "module.network",
        "mode": "managed",
        "type": TABLE,
        "change": {"actions": ["create"], "after": {"vpc_id": "vpc-1", "tags": {"Name": "same"}}, **more},
    }


def lost(name: str, identity: str | None = None) -> Orphan:
    return Orphan(f"module.network.{TABLE}.{name}", TABLE, identity)


def searched(there: list[str], items: list[Orphan], *changes: dict[str, Any]) -> list[Adoption]:
    """What is found where these tables are there, all of one name."""
    clients = StubClients(describe_route_tables=lambda **_: {"RouteTables": [{"RouteTableId": one} for one in there]})
    context = SimpleNamespace(
        target=SimpleNamespace(clients=clients),
        ui=SimpleNamespace(say=lambda line: None),
        resource_types=ResourceTypes(CONTRACTS.values()),
    )
    plan = Plan.load({"format_version": "1.2", "resource_changes": list(changes)})
    return search(cast(Context, context), items, plan, {TABLE: {"rtb-held"}})


def test_an_address_that_was_lost_twice_is_found_once() -> None:
    found = searched(["rtb-1"], [lost("a", "rtb-0"), lost("a")], planned("a"))
    assert found == [Adoption(f"module.network.{TABLE}.a", "rtb-1")]


def test_one_resource_is_not_two_addresses() -> None:
    found = searched(["rtb-1", "rtb-held"], [lost("a"), lost("b")], planned("a"), planned("b"))
    assert [item.address for item in found] == [f"module.network.{TABLE}.a"]


def test_what_the_plan_imports_already_is_nobody_elses() -> None:
    imported = planned("a", actions=["no-op"], importing={"id": "rtb-1"})
    found = searched(["rtb-1", "rtb-2"], [lost("a", "rtb-1"), lost("b")], imported, planned("b"))
    assert found == [Adoption(f"module.network.{TABLE}.b", "rtb-2")]
