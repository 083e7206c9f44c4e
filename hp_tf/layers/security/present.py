"""Which of this layer's rules a given security group has already."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

from hp_tf.contract.clients import Clients
from hp_tf.contract.resources.ec2 import described
from hp_tf.contract.rules import Scope

# The rules of this layer by the names a user calls them; the definition takes the same names.
SecurityRule = Literal["ingress_self", "ingress_lustre", "ingress_lustre_data", "egress_self", "egress_anywhere"]
ANYWHERE = "0.0.0.0/0"
# Protocol and ports; of the group itself, unless it says anywhere.
RULES: Mapping[SecurityRule, Mapping[str, Any]] = {
    "ingress_self": {"egress": False, "protocol": "-1"},
    "ingress_lustre": {"egress": False, "protocol": "tcp", "ports": [988, 988]},
    "ingress_lustre_data": {"egress": False, "protocol": "tcp", "ports": [1018, 1023]},
    "egress_self": {"egress": True, "protocol": "-1"},
    "egress_anywhere": {"egress": True, "protocol": "-1", "anywhere": True},
}


def present(clients: Clients, inputs: Scope, own: Collection[str]) -> list[SecurityRule]:
    """Return the rules that the given group has, less those that the layer made: in its state, or by their name."""
    group = inputs.get("security_group_id")
    if not isinstance(group, str):
        return []
    found = [
        rule
        for rule in described(clients, "describe_security_group_rules", "SecurityGroupRules", {"group-id": group})
        if rule["SecurityGroupRuleId"] not in own
    ]
    return [
        name
        for name, wanted in RULES.items()
        if any(_is(rule, wanted, group) and _tag(rule) != made_as(inputs["name"], name) for rule in found)
    ]


def made_as(environment: str, rule: str) -> str:
    """Return the Name tag of a rule that the layer makes, in an environment or in terms of one."""
    return f"{environment}-{rule.replace('_', '-')}"


def _tag(rule: Mapping[str, Any]) -> str | None:
    return next((tag["Value"] for tag in rule.get("Tags") or () if tag["Key"] == "Name"), None)


def _is(rule: Mapping[str, Any], wanted: Mapping[str, Any], group: str) -> bool:
    if (rule["IsEgress"], rule["IpProtocol"]) != (wanted["egress"], wanted["protocol"]):
        return False
    if "ports" in wanted and [rule.get("FromPort"), rule.get("ToPort")] != wanted["ports"]:
        return False
    if wanted.get("anywhere"):
        return rule.get("CidrIpv4") == ANYWHERE
    return bool((rule.get("ReferencedGroupInfo") or {}).get("GroupId") == group)
