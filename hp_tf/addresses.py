"""The addresses of Terraform's resources."""

from __future__ import annotations

import re

_MODULE = re.compile(r"module\.([^.\[]+)")


def layer_of(address: str) -> str | None:
    """Return the layer an address belongs to: its first module; None at the root.

    ``module.network["x"].aws_vpc.this`` gives ``network``, and so does a module's own address, or that of a check.
    """
    match = _MODULE.match(address)
    return match[1] if match else None
