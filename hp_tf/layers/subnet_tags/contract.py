"""The subnet_tags layer: tags on subnets that exist, by which load balancers and Karpenter find them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hp_tf.contract.base import Contract, Inputs, Outputs, Wired
from hp_tf.contract.rules import Rule, either, var
from hp_tf.contract.types import SubnetId, Tags, ZoneId
from hp_tf.layers.subnet_tags.resources import RESOURCES


class SubnetTagsInputs(Inputs):
    """Inputs of the subnet_tags layer."""

    private_subnet_ids: Annotated[dict[ZoneId, SubnetId], Wired("network.private_subnet_ids", when="existing")] = Field(
        description="Private subnets that exist, by zone id."
    )
    public_subnet_ids: Annotated[dict[ZoneId, SubnetId] | None, Wired("network.public_subnet_ids", when="existing")] = (
        Field(None, description="Public subnets that exist, by zone id; null tags none.")
    )
    private_subnet_tags: Tags = Field(
        default_factory=lambda: {"kubernetes.io/role/internal-elb": "1"},
        description="Tags of every private subnet, such as kubernetes.io/cluster/NAME or karpenter.sh/discovery. Those "
        "that the subnets have already are left alone, but for these keys.",
    )
    public_subnet_tags: Tags = Field(
        default_factory=lambda: {"kubernetes.io/role/elb": "1"}, description="Tags of every public subnet."
    )


class SubnetTagsOutputs(Outputs):
    """Outputs of the subnet_tags layer."""

    tagged_subnet_ids: dict[ZoneId, SubnetId] = Field(description="Private subnets by zone id, once they are tagged.")


CONTRACT = Contract(
    name="subnet_tags",
    summary="Tags on subnets that exist, by which load balancers and Karpenter find them.",
    inputs=SubnetTagsInputs,
    outputs=SubnetTagsOutputs,
    resources=RESOURCES,
    rules=(
        Rule(
            "subnet_tags-some",
            on="private_subnet_tags",
            check=either(
                var("private_subnet_tags").keys().length().ge(1), var("public_subnet_tags").keys().length().ge(1)
            ),
            message="No tag is named: private_subnet_tags or public_subnet_tags must hold one.",
        ),
    ),
    enabled=False,
    replaces=("PrivateSubnetTagsStack",),
)
