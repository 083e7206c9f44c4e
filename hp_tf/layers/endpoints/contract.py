"""The endpoints layer: private ways from the VPC to AWS services."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hp_tf.contract.base import Contract, FromEnvironment, Inputs, Name, Outputs, Text, Wired
from hp_tf.contract.rules import var
from hp_tf.contract.shared_rules import partition_of_region
from hp_tf.contract.types import AccountId, EnvironmentName, Partition, Region, RouteTableId, Tags, VpcId
from hp_tf.layers.endpoints.resources import RESOURCES

BucketPattern = Annotated[
    str,
    Text(
        "[a-z0-9*?][a-z0-9.*?-]{0,62}",
        "a bucket name, in which '*' stands for any characters and '?' for one",
    ),
]
EndpointId = Annotated[str, Text("vpce-[0-9a-f]{8,17}", "an endpoint id such as 'vpce-0123456789abcdef0'")]


class EndpointsInputs(Inputs):
    """Inputs of the endpoints layer."""

    name: Annotated[EnvironmentName, FromEnvironment("name")] = Field(
        description="Name of the environment; every name here begins with it."
    )
    region: Annotated[Region, FromEnvironment("region")] = Field(description="AWS region of the environment.")
    account_id: Annotated[AccountId, FromEnvironment("account_id")] = Field(
        description="AWS account id; its buckets can be read and written through the endpoint."
    )
    partition: Annotated[Partition, FromEnvironment("partition")] = Field(
        description="AWS partition that ARNs are made with."
    )
    tags: Annotated[Tags, FromEnvironment("tags")] = Field(
        default_factory=dict, description="Tags of every resource that can carry them."
    )
    vpc_id: Annotated[VpcId, Wired("network.vpc_id")] = Field(description="Id of the VPC.")
    private_route_table_ids: Annotated[dict[str, RouteTableId], Wired("network.private_route_table_ids")] = Field(
        description="Ids of the route tables that lead to the endpoint, by a key that is known before they are."
    )

    s3: bool = Field(
        default=True,
        description="Whether the S3 gateway endpoint exists. It is free, and keeps S3 traffic of private subnets off "
        "the NAT gateway.",
    )
    s3_read_buckets: list[BucketPattern] = Field(
        default_factory=list,
        description="Buckets of other accounts that may be read through the endpoint, besides those AWS services keep "
        "images, packages and agents in; '*' in a name stands for anything, and ['*'] lets everything be read.",
    )
    s3_write_buckets: list[BucketPattern] = Field(
        default_factory=list, description="Buckets of other accounts that may be read and written through the endpoint."
    )


class EndpointsOutputs(Outputs):
    """Outputs of the endpoints layer."""

    s3_endpoint_id: EndpointId | None = Field(
        description="Id of the S3 gateway endpoint, usable: every route table leads to it. Null when s3 is false."
    )


CONTRACT = Contract(
    name="endpoints",
    summary="A gateway endpoint for S3 on all private route tables, with a policy of what may pass.",
    inputs=EndpointsInputs,
    outputs=EndpointsOutputs,
    resources=RESOURCES,
    rules=(partition_of_region("endpoints"),),
    names={"s3": Name("{name}-s3", 255, "S3 gateway endpoint", when=var("s3"))},
    replaces=("S3EndpointStack",),
)
