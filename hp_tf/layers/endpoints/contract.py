"""The endpoints layer: private ways from the VPC to AWS services."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hp_tf.contract.base import Contract, Inputs, Name, Outputs, Text, Wired
from hp_tf.contract.facts import OfAccount, OfName, OfPartition, OfRegion, OfTags
from hp_tf.contract.roles import Endpoints
from hp_tf.contract.rules import Rule, either, element, implies, negation, var
from hp_tf.contract.shared_rules import partition_of_region
from hp_tf.contract.types import (
    RouteTableId,
    SubnetId,
    VpcCidr,
    VpcId,
    ZoneId,
)
from hp_tf.layers.endpoints.purchases import buys
from hp_tf.layers.endpoints.resources import RESOURCES

BucketPattern = Annotated[
    str,
    Text(
        "[a-z0-9*?][a-z0-9.*?-]{0,62}",
        "a bucket name, in which '*' stands for any characters and '?' for one",
    ),
]
EndpointId = Annotated[str, Text("vpce-[0-9a-f]{8,17}", "an endpoint id such as 'vpce-0123456789abcdef0'")]
Service = Annotated[
    str,
    Text(
        "[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?",
        "a service as the end of its endpoint's name, such as 'ecr.api' of 'com.amazonaws.us-west-2.ecr.api'",
        max_length=64,
    ),
]

_GIVEN_TOO = element("service").within(var("given_interface_endpoint_ids").keys())
HAS_INTERFACES = either(
    var("interface_endpoints").length().ge(1), var("given_interface_endpoint_ids").keys().length().ge(1)
)


class EndpointsInputs(Inputs):
    """Inputs of the endpoints layer."""

    name: OfName
    region: OfRegion
    account_id: OfAccount
    partition: OfPartition
    tags: OfTags
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
    dynamodb: bool = Field(
        default=False,
        description="Whether the DynamoDB gateway endpoint exists. It is free; what a table's policy allows, passes.",
    )
    interface_endpoints: list[Service] = Field(
        default_factory=list,
        description="Services with an interface endpoint each, which costs money by hour and zone. Nodes without a NAT "
        "gateway need ec2, sagemaker.api and sts, for their logs, metrics and sessions logs, monitoring, ssm, "
        "ssmmessages and ec2messages, with EKS ecr.api, ecr.dkr and eks-auth, with metrics in Prometheus "
        "aps-workspaces, and with restricted instance groups lambda and sqs.",
    )
    interface_availability_zone_ids: list[ZoneId] | None = Field(
        default=None,
        description="Zones whose private subnet has an address of every interface endpoint; null means all. Nodes of "
        "other zones reach it there, for the price of traffic between zones.",
    )
    given_interface_endpoint_ids: dict[Service, EndpointId] = Field(
        default_factory=dict,
        description="Interface endpoints that the VPC has already, by service: the security group of this module is "
        "added to them, so that the nodes reach them.",
    )
    private_subnet_ids: Annotated[dict[ZoneId, SubnetId], Wired("network.private_subnet_ids")] = Field(
        description="Private subnets by zone id: where interface endpoints have their addresses."
    )
    vpc_cidr_blocks: Annotated[dict[str, VpcCidr], Wired("network.vpc_cidr_blocks")] = Field(
        description="IPv4 blocks of the VPC, by a key that is known before they are: from them interface endpoints are "
        "reached."
    )


class EndpointsOutputs(Outputs):
    """Outputs of the endpoints layer."""

    s3_endpoint_id: EndpointId | None = Field(
        description="Id of the S3 gateway endpoint, usable: every route table leads to it. Null when s3 is false."
    )
    dynamodb_endpoint_id: EndpointId | None = Field(
        description="Id of the DynamoDB gateway endpoint, usable. Null when dynamodb is false."
    )
    interface_endpoint_ids: dict[str, EndpointId] = Field(
        description="Ids of the interface endpoints by service, usable: their security group lets HTTPS in."
    )


RULES = (
    partition_of_region("endpoints"),
    Rule(
        "endpoints-services-once",
        on="interface_endpoints",
        check=var("interface_endpoints").distinct(),
        message="A VPC has one interface endpoint of a service with private names: interface_endpoints must name each "
        "once.",
    ),
    Rule(
        "endpoints-given-or-made",
        on="interface_endpoints",
        check=var("interface_endpoints").every("service", negation(_GIVEN_TOO)),
        message="A VPC has one interface endpoint of a service with private names: what given_interface_endpoint_ids "
        "has, interface_endpoints must leave out.",
        culprits=var("interface_endpoints").each("service", element("service"), _GIVEN_TOO),
    ),
    Rule(
        "endpoints-zones",
        on="interface_availability_zone_ids",
        check=implies(
            var("interface_availability_zone_ids").given(),
            var("interface_availability_zone_ids").length().ge(1),
        ),
        message="interface_availability_zone_ids must name a zone, or be null for all.",
    ),
    Rule(
        "endpoints-zones-have-subnets",
        on="interface_availability_zone_ids",
        check=implies(
            var("interface_availability_zone_ids").given(),
            var("private_subnet_ids").keys().covers(var("interface_availability_zone_ids")),
        ),
        message="interface_availability_zone_ids must be zones that private_subnet_ids has a subnet of.",
    ),
)

CONTRACT = Contract(
    name="endpoints",
    summary="Private ways to AWS services: the S3 gateway endpoint with a policy of what may pass, one for DynamoDB, "
    "and interface endpoints.",
    inputs=EndpointsInputs,
    outputs=EndpointsOutputs,
    resources=RESOURCES,
    rules=RULES,
    names={
        "s3": Name("{name}-s3", 255, "S3 gateway endpoint", when=var("s3")),
        "dynamodb": Name("{name}-dynamodb", 255, "DynamoDB gateway endpoint", when=var("dynamodb")),
        "security_group": Name("{name}-endpoints", 255, "endpoints' security group", when=HAS_INTERFACES),
    },
    provides=(Endpoints(),),
    replaces=("S3EndpointStack",),
    buys=buys,
)
