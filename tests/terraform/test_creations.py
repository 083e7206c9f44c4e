from __future__ import annotations

import json

from hp_tf.terraform.creations import creations
from hp_tf.terraform.events import PlannedChange, parse_line
from hp_tf.terraform.plan import Action


def planned(address: str, action: str) -> PlannedChange:
    rest = address.removeprefix("module.network.")
    kind, name = rest.removesuffix('["a"]').split(".")
    resource = {
        "addr": address,
        "module": "module.network",
        "resource": rest,
        "resource_type": kind,
        "resource_name": name,
        "resource_key": "a" if address.endswith('["a"]') else None,
    }
    line = {"type": "planned_change", "@message": "", "change": {"resource": resource, "action": action}}
    event = parse_line(json.dumps(line).encode())
    assert isinstance(event, PlannedChange)
    return event


def test_what_is_only_created_is_a_plan_by_itself() -> None:
    subnet, vpc = 'module.network.aws_subnet.this["a"]', "module.network.aws_vpc.this"
    found = creations([planned(vpc, "create"), planned(subnet, "create"), planned("module.network.aws_eip.x", "noop")])
    assert found is not None
    assert [(item.address, item.action, item.layer, item.index) for item in found.changes()] == [
        (subnet, Action.CREATE, "network", "a"),
        (vpc, Action.CREATE, "network", None),
    ]


def test_where_something_else_acts_its_values_are_wanted() -> None:
    create, update = planned("module.network.aws_vpc.this", "create"), planned("module.network.aws_vpc.b", "update")
    assert creations([create, update]) is None
    assert creations([]) is None
