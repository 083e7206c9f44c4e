"""All layers, in the order they are created."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hp_tf.contracts import eks, endpoints, fsx, helm, hyperpod, iam, network, security, storage
from hp_tf.contracts.base import Contract

CONTRACTS: Mapping[str, Contract] = MappingProxyType(
    {
        contract.name: contract
        for contract in (
            network.CONTRACT,
            security.CONTRACT,
            endpoints.CONTRACT,
            storage.CONTRACT,
            eks.CONTRACT,
            iam.CONTRACT,
            helm.CONTRACT,
            fsx.CONTRACT,
            hyperpod.CONTRACT,
        )
    }
)
