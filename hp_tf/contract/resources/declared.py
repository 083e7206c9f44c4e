"""The resource types that contracts declare, by name."""

from __future__ import annotations

from collections.abc import Iterable

from hp_tf.contract.base import Contract
from hp_tf.contract.resources.base import ResourceType


class ResourceTypes(dict[str, ResourceType]):
    """The resource types of these contracts, by name.

    One that nobody declares is imported by its id, and cannot be looked for.
    """

    def __init__(self, contracts: Iterable[Contract]) -> None:
        super().__init__((item.type, item) for contract in contracts for item in contract.resources)

    def __missing__(self, kind: str) -> ResourceType:
        return ResourceType(kind)
