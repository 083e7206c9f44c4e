"""Which Terraform and which providers a module needs, in Terraform's JSON form."""

from __future__ import annotations

from typing import Any

from hp_tf.contract.base import Contract

# Validations that refer to other variables came with 1.9, S3's own locking with 1.10.
REQUIRED_VERSION = ">= 1.10.0"


def terraform(contract: Contract) -> dict[str, Any]:
    """Return the ``terraform`` block: ranges, no pins; no provider and no backend, which are the root's to choose."""
    providers = {item.name: {"source": item.source, "version": item.version} for item in contract.providers}
    return {"required_version": REQUIRED_VERSION, **({"required_providers": providers} if providers else {})}
