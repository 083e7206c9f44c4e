"""Lets moto give a thing the id that is wanted for it, where it would draw one.

The id is in many of moto's tables by the time a thing is made: giving it afterwards would mean to know them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import ModuleType

from moto.ec2.models import (
    elastic_ip_addresses,
    internet_gateways,
    nat_gateways,
    route_tables,
    security_groups,
    subnets,
    transit_gateway,
    vpcs,
)

# Of this thread's work alone: others go on drawing theirs.
_WANTED: ContextVar[str | None] = ContextVar("wanted id", default=None)
# Where moto draws an id, by the name of the function there, and the prefix of such ids.
DRAWS: tuple[tuple[ModuleType, str, str], ...] = (
    (vpcs, "random_vpc_id", "vpc"),
    (subnets, "random_subnet_id", "subnet"),
    (security_groups, "random_security_group_id", "sg"),
    (route_tables, "random_route_table_id", "rtb"),
    (nat_gateways, "random_nat_gateway_id", "nat"),
    (internet_gateways, "random_internet_gateway_id", "igw"),
    (elastic_ip_addresses, "random_eip_allocation_id", "eipalloc"),
    (transit_gateway, "random_transit_gateway_id", "tgw"),
)


def let_ids_be_wanted() -> None:
    """Put ourselves before moto's functions in this process. Doing it twice changes nothing."""
    for module, name, prefix in DRAWS:
        draw = getattr(module, name)
        if not hasattr(draw, "instead_of"):
            setattr(module, name, _choosing(draw, f"{prefix}-"))


@contextmanager
def wanted(identity: str) -> Iterator[None]:
    """Let the next thing of the id's kind have this id."""
    token = _WANTED.set(identity)
    try:
        yield
    finally:
        _WANTED.reset(token)


def _choosing(draw: Callable[[], str], prefix: str) -> Callable[[], str]:
    def choose() -> str:
        identity = _WANTED.get()
        return identity if identity is not None and identity.startswith(prefix) else draw()

    choose.__dict__["instead_of"] = draw
    return choose
