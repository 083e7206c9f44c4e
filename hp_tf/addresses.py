"""The addresses of Terraform's resources."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MODULE = re.compile(r"module\.([^.\[]+)")


def layer_of(address: str) -> str | None:
    """Return the layer an address belongs to: its first module; None at the root.

    ``module.network["x"].aws_vpc.this`` gives ``network``, and so does a module's own address, or that of a check.
    """
    match = _MODULE.match(address)
    return match[1] if match else None


def meant(said: str, addresses: Iterable[str]) -> list[str]:
    """Return those of some addresses that a user may mean: as Terraform writes them, or without their layer.

    Plans show a resource under its layer; and a shell takes away the quotes of a key.
    """
    wanted = _unquoted(said)
    return [
        address
        for address in addresses
        if wanted in (_unquoted(address), _unquoted(address).removeprefix(f"module.{layer_of(address)}."))
    ]


def _unquoted(address: str) -> str:
    return re.sub(r"""[\\"']""", "", address)
