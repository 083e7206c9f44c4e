"""What a file says of a security group that rules are added to: the rules it has already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hp_tf.contract.seeds import Given, Seed, fitted_id
from hp_tf.layers.security.contract import SecurityRule

_ALL = {"protocol": "-1"}
# What each rule allows: from or to the group itself, unless it says anywhere.
_RULES: Mapping[SecurityRule, dict[str, Any]] = {
    "ingress_self": {"egress": False, **_ALL},
    "ingress_lustre": {"egress": False, "protocol": "tcp", "ports": [988, 988]},
    "ingress_lustre_data": {"egress": False, "protocol": "tcp", "ports": [1018, 1023]},
    "egress_self": {"egress": True, **_ALL},
    "egress_anywhere": {"egress": True, **_ALL, "anywhere": True},
}


def seed(given: Given) -> Iterator[Seed]:
    """Yield the group, which is the one of an existing EKS cluster where the file names none."""
    inputs = given.inputs
    if given.existing is None and inputs["create_security_group"] is False:
        group = inputs.get("security_group_id") or fitted_id("sg", "cluster_security_group_id")
        rules = [_RULES[name] for name in inputs["present_rules"] or ()]
        yield Seed("security_group", group, {"rules": rules, "vpc": inputs.get("vpc_id")}, fitted=True)
