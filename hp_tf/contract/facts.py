"""Inputs that say where a layer is, the same in every contract: facts of the environment."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hp_tf.contract.base import FromEnvironment
from hp_tf.contract.types import AccountId, EnvironmentName, Partition, Region, Tags

OfName = Annotated[
    EnvironmentName,
    FromEnvironment("name"),
    Field(description="Name of the environment: what is made here is named after it."),
]
OfRegion = Annotated[
    Region,
    FromEnvironment("region"),
    Field(description="Region of what is made here, as the provider has it."),
]
OfAccount = Annotated[AccountId, FromEnvironment("account_id"), Field(description="Account of what is made here.")]
OfPartition = Annotated[
    Partition, FromEnvironment("partition"), Field(description="Partition of the region, which ARNs are made with.")
]
OfTags = Annotated[
    Tags,
    FromEnvironment("tags"),
    Field(default_factory=dict, description="Tags of every resource that can carry them."),
]
