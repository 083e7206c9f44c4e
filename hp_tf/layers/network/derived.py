"""What is plain of a network that exists, and of a VPC that one is made in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.rules import Scope


def derived(outputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the primary zone and its subnet: of one subnet there is one zone."""
    subnets, primary = outputs.get("private_subnet_ids") or {}, outputs.get("primary_availability_zone_id")
    if primary is None and len(subnets) == 1:
        primary = next(iter(subnets))
    found = {"primary_availability_zone_id": primary, "primary_private_subnet_id": subnets.get(primary)}
    return {name: value for name, value in found.items() if value is not None}


def find_vpc_cidr(clients: Clients, inputs: Scope, own: Collection[str]) -> str | None:
    """Return the primary block of the given VPC; None where there is no such VPC, which Terraform then says."""
    wanted = [{"Name": "vpc-id", "Values": [str(inputs.get("vpc_id"))]}]
    vpcs = clients.client("ec2").describe_vpcs(Filters=wanted)["Vpcs"]
    return str(vpcs[0]["CidrBlock"]) if vpcs else None
