"""The network's addresses as rules of other layers see them: as the file configures them, before anything exists."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hp_tf.contract.base import Configured, HptfOnly, Inputs
from hp_tf.contract.rules import Scope
from hp_tf.contract.types import VpcCidr, ZoneId

_PREFIX = "network_"
_FOR_RULES = "For rules of hptf: the network's own input of this name, null where no network is created."


class NetworkPlan(Inputs):
    """Inputs of a layer whose rules look at the network's address plan. Its module has no variables for them."""

    network_create_vpc: Annotated[bool | None, Configured("network.create_vpc"), HptfOnly()] = Field(
        None, description=_FOR_RULES
    )
    network_vpc_cidr: Annotated[VpcCidr | None, Configured("network.vpc_cidr"), HptfOnly()] = Field(
        None, description=_FOR_RULES
    )
    network_further_vpc_cidrs: Annotated[
        dict[str, VpcCidr] | None, Configured("network.further_vpc_cidrs"), HptfOnly()
    ] = Field(None, description=_FOR_RULES)
    network_availability_zone_ids: Annotated[
        list[ZoneId] | None, Configured("network.availability_zone_ids"), HptfOnly()
    ] = Field(None, description=_FOR_RULES)
    network_private_cidr_range: Annotated[str | None, Configured("network.private_cidr_range"), HptfOnly()] = Field(
        None, description=_FOR_RULES
    )
    network_private_subnet_cidrs: Annotated[
        dict[ZoneId, VpcCidr] | None, Configured("network.private_subnet_cidrs"), HptfOnly()
    ] = Field(None, description=_FOR_RULES)
    network_public_subnets: Annotated[bool | None, Configured("network.public_subnets"), HptfOnly()] = Field(
        None, description=_FOR_RULES
    )
    network_public_subnet_cidrs: Annotated[
        dict[ZoneId, VpcCidr] | None, Configured("network.public_subnet_cidrs"), HptfOnly()
    ] = Field(None, description=_FOR_RULES)
    network_nat: Annotated[str | None, Configured("network.nat"), HptfOnly()] = Field(None, description=_FOR_RULES)


def network_scope(scope: Scope) -> Scope:
    """Return the network's inputs under their own names, out of those of a layer that has a ``NetworkPlan``."""
    return {name.removeprefix(_PREFIX): scope.get(name) for name in NetworkPlan.model_fields}
