"""What a file says of an EKS cluster that exists, and where one that is made puts its subnets."""

from __future__ import annotations

from collections.abc import Iterator

from hp_tf.contract.addresses import CONTROL_PLANE_BITS, block, last_256, zone_blocks
from hp_tf.contract.seeds import Given, Seed, Values, fitted_id


def seed(given: Given) -> Iterator[Seed]:
    """Yield the cluster with its security group, or the blocks that nothing else may take."""
    if given.existing is not None:
        yield from _cluster(given.existing)
    elif given.inputs["create_subnets"]:
        vpc = block(given.inputs.get("vpc_cidr"))
        zones, named = given.inputs["availability_zone_ids"], given.inputs["subnet_cidrs"]
        for found in zone_blocks(zones, named, last_256(vpc) if vpc else None, CONTROL_PLANE_BITS).values():
            if found is not None:
                yield Seed("reserved", str(found), fitted=True)


def _cluster(outputs: Values) -> Iterator[Seed]:
    group = outputs.get("cluster_security_group_id") or fitted_id("sg", "cluster_security_group_id")
    vpc, name = outputs.get("vpc_id"), outputs["cluster_name"]
    yield Seed("security_group", group, {"vpc": vpc, "cluster": name}, fitted=True)
    facts = {
        "vpc": vpc,
        "security_group": group,
        "subnets": list((outputs.get("control_plane_subnet_ids") or {}).values()),
        "issuer": outputs.get("oidc_issuer_url"),
        "key": outputs.get("secrets_key_arn"),
    }
    yield Seed("eks_cluster", name, facts)
