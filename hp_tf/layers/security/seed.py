"""What a file says of a security group that rules are added to: the rules it has already."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.seeds import Given, Seed, fitted_id
from hp_tf.layers.security.present import RULES


def seed(given: Given) -> Iterator[Seed]:
    """Yield the group, which is the one of an existing EKS cluster where the file names none."""
    inputs = given.inputs
    if given.existing is None and inputs["create_security_group"] is False:
        group = inputs.get("security_group_id") or fitted_id("sg", "cluster_security_group_id")
        said = inputs.get("present_rules")
        # Where the file does not say, it has what EKS gives its groups.
        rules = None if said is None else [dict(RULES[name]) for name in said]
        yield Seed("security_group", group, {"rules": rules, "vpc": inputs.get("vpc_id")}, fitted=True)
