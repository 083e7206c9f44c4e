"""Instance groups of a Slurm cluster: what a file says of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hp_tf.contract.base import CreateOnly, Text
from hp_tf.contract.instance_types import InstanceType
from hp_tf.contract.types import ScriptLocation
from hp_tf.contract.types_cluster import ScriptName
from hp_tf.layers.hyperpod.groups import PlainGroup
from hp_tf.layers.hyperpod.resources import NEW_GROUP

Partition = Annotated[
    str, Text("[a-zA-Z0-9](?:-*[a-zA-Z0-9])*", "a partition's name of letters, digits and inner hyphens", max_length=63)
]


class SlurmGroup(PlainGroup):
    """A group of instances with one task in Slurm."""

    instance_type: Annotated[InstanceType, CreateOnly(NEW_GROUP)] = Field(description="Type of the instances.")
    node_type: Literal["Controller", "Login", "Compute"] = Field(
        "Compute",
        description="What the nodes do: one group is the Controller, one at most Login, the others Compute.",
    )
    partition: Partition | None = Field(
        None,
        description="Partition of a Compute group, several groups may share one; null takes the type's name with "
        "hyphens, such as ml-p5-48xlarge.",
    )
    lifecycle_script_uri: ScriptLocation | None = Field(
        None, description="Location of the group's lifecycle scripts instead of the cluster's."
    )
    lifecycle_on_create: ScriptName | None = Field(
        None, description="Script that runs when a node is made, instead of the cluster's."
    )
