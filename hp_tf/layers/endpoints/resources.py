"""The resource types of the VPC's endpoints."""

from __future__ import annotations

from hp_tf.contract.resources import ec2
from hp_tf.contract.resources.base import Account, Attributes, ResourceType


def _associated(planned: Attributes, account: Account) -> bool:
    answer = account.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[planned["vpc_endpoint_id"]])
    return any(planned["route_table_id"] in item.get("RouteTableIds", ()) for item in answer["VpcEndpoints"])


_LISTED = ("describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId")
RESOURCES = (
    ResourceType(
        "aws_vpc_endpoint",
        candidates=ec2.tagged(*_LISTED, {**ec2.IN_VPC, "service_name": "service-name"}),
        inventory=ec2.listed(*_LISTED),
    ),
    ResourceType(
        "aws_vpc_endpoint_route_table_association",
        import_id="{vpc_endpoint_id}/{route_table_id}",
        own_id=True,
        exists=_associated,
    ),
    # The provider imports none of these; making one that is there again changes nothing.
    ResourceType("aws_vpc_endpoint_security_group_association", candidates=lambda planned, clients: ()),
    ec2.SECURITY_GROUP,
    ec2.INGRESS_RULE,
)
