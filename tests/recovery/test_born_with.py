"""What AWS makes by itself together with a resource that was lost."""

from __future__ import annotations

from typing import Any

from hp_tf.contract.resources.declared import ResourceTypes
from hp_tf.layers.discovery import CONTRACTS
from hp_tf.recovery.history import Orphan
from hp_tf.recovery.orphans import companions
from hp_tf.terraform.plan import Plan

TYPES = ResourceTypes(CONTRACTS.values())
GROUP = Orphan("module.security.aws_security_group.this[0]", "aws_security_group", None)
RULES = {
    "module.security.aws_vpc_security_group_egress_rule.anywhere[0]": ["create"],
    "module.security.aws_vpc_security_group_egress_rule.self[0]": ["no-op"],
    "module.security.aws_vpc_security_group_ingress_rule.self[0]": ["create"],
    "module.elsewhere.aws_vpc_security_group_egress_rule.anywhere[0]": ["create"],
}


def plan() -> Plan:
    """A plan over the rules, each with its action."""
    changes: list[dict[str, Any]] = [
        {
            "address": address,
            "module_address": ".".join(address.split(".")[:2]),
            "mode": "managed",
            "type": address.split(".")[2],
            "change": {"actions": actions, "after": {}},
        }
        for address, actions in RULES.items()
    ]
    return Plan.load({"format_version": "1.2", "resource_changes": changes})


def test_a_lost_group_may_have_the_rule_it_was_made_with() -> None:
    found = companions([GROUP], plan(), TYPES)
    assert [item.address for item in found] == ["module.security.aws_vpc_security_group_egress_rule.anywhere[0]"]


def test_what_is_lost_in_its_own_right_is_not_named_again() -> None:
    rule = Orphan(
        "module.security.aws_vpc_security_group_egress_rule.anywhere[0]", "aws_vpc_security_group_egress_rule", None
    )
    assert companions([GROUP, rule], plan(), TYPES) == []


def test_nothing_else_that_was_lost_has_companions() -> None:
    assert companions([Orphan("module.security.aws_vpc.this[0]", "aws_vpc", None)], plan(), TYPES) == []
