"""What moto does wrong for our layers, mended in place.

Each patch has a test that the patched attribute still exists and that moto without the patch is still wrong, so that a
patch goes when moto no longer needs it.
"""

from __future__ import annotations

import json
from typing import Any

from moto.ec2.exceptions import DependencyViolationError
from moto.ec2.models.nat_gateways import NatGatewayBackend
from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule
from moto.ec2.models.subnets import SubnetBackend
from moto.iam.access_control import IAMPolicy, PermissionResult
from moto.s3.models import FakeBucket

_delete_subnet = SubnetBackend.delete_subnet
_delete_group = SecurityGroupBackend._delete_security_group
_delete_nat_gateway = NatGatewayBackend.delete_nat_gateway
_modify_rules = SecurityGroupBackend.modify_security_group_rules


def rule_description(rule: Any) -> str | None:
    """A rule's description, wherever its peer is kept. moto looks at address ranges only.

    A description on a rule whose peer is a security group is lost otherwise: every plan would show it as a change.
    """
    text = rule.ip_range.get("Description") or rule.source_group.get("Description")
    return str(text) if text else None


def bucket_permission(bucket: Any, action: str, resource: str) -> Any:
    """What a bucket's policy says, without the statements that have conditions. moto ignores the conditions.

    The usual statement that denies requests without TLS would deny every request otherwise.
    """
    if bucket.policy is None:
        return PermissionResult.NEUTRAL
    document = json.loads(bucket.policy)
    statements = document.get("Statement", [])
    if isinstance(statements, dict):
        statements = [statements]
    document["Statement"] = [statement for statement in statements if not statement.get("Condition")]
    return IAMPolicy(json.dumps(document)).is_action_permitted(action, resource)


def delete_subnet(backend: Any, subnet_id: str) -> Any:
    """Delete a subnet, if nothing is in it. moto deletes any: a wrong order of destruction would not be seen."""
    if any(interface.subnet.id == subnet_id for interface in list(backend.enis.values())):
        raise DependencyViolationError(f"The subnet '{subnet_id}' has dependencies and cannot be deleted.")
    return _delete_subnet(backend, subnet_id)


def delete_group(backend: Any, vpc_id: str | None, group_id: str) -> None:
    """Delete a security group that no interface, no endpoint and no rule of another group names."""
    interfaces = (group.id for interface in list(backend.enis.values()) for group in interface.group_set)
    endpoints = (
        identifier
        for endpoint in list(backend.vpc_end_points.values())
        if endpoint.state != "deleted"
        for identifier in endpoint.security_group_ids
    )
    rules = (
        rule.source_group.get("GroupId")
        for groups in list(backend.groups.values())
        for group in list(groups.values())
        if group.id != group_id
        for rule in (*group.ingress_rules, *group.egress_rules)
    )
    if any(group_id in named for named in (interfaces, endpoints, rules)):
        raise DependencyViolationError(f"resource {group_id} has a dependent object")
    _delete_group(backend, vpc_id, group_id)


def modify_rules(backend: Any, group_id: str, rules: dict[str, dict[str, Any]]) -> None:
    """Change rules of a group. One for all protocols has no ports, and moto wants some from it too."""
    portless = [name for name, rule in rules.items() if rule.get("IpProtocol") == "-1"]
    for name in portless:
        rules[name].update(FromPort=-1, ToPort=-1)
    _modify_rules(backend, group_id, rules)
    for name in portless:
        changed = backend.get_security_group_by_name_or_id(group_id).get_rule(name)
        changed.from_port = changed.to_port = None


def delete_nat_gateway(backend: Any, nat_gateway_id: str) -> Any:
    """Delete a NAT gateway and its interface, which moto leaves behind."""
    gateway = _delete_nat_gateway(backend, nat_gateway_id)
    backend.enis.pop(gateway._eni.id, None)
    return gateway


def apply_patches() -> None:
    """Mend moto in this process. Applying them twice changes nothing."""
    # Assigned through setattr: mypy would refuse to replace a property and a method, which is what a patch does.
    for owner, name, value in (
        (SecurityGroupRule, "description", property(rule_description)),
        (FakeBucket, "get_permission", bucket_permission),
        (SubnetBackend, "delete_subnet", delete_subnet),
        (SecurityGroupBackend, "_delete_security_group", delete_group),
        (SecurityGroupBackend, "modify_security_group_rules", modify_rules),
        (NatGatewayBackend, "delete_nat_gateway", delete_nat_gateway),
    ):
        setattr(owner, name, value)
