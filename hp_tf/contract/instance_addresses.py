"""How many addresses of its subnet a HyperPod node takes on EKS: one per network interface, and those of its pods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# The types whose need AWS names. Of others nothing is known but that they take some.
ADDRESSES_PER_NODE: Mapping[str, int] = {
    "ml.g5.48xlarge": 15,
    "ml.p4d.24xlarge": 51,
    "ml.p4de.24xlarge": 51,
    "ml.p5.48xlarge": 81,
    "ml.p5e.48xlarge": 81,
    "ml.trn1.32xlarge": 57,
    "ml.trn2.48xlarge": 65,
}


def addresses_per_node(group: Any) -> int:
    """Return the most addresses a node of an instance group may take, 0 where nothing is known."""
    if not isinstance(group, Mapping):
        return 0
    types = [group.get("instance_type"), *(group.get("instance_types") or ())]
    return max((ADDRESSES_PER_NODE.get(name, 0) for name in types if isinstance(name, str)), default=0)
