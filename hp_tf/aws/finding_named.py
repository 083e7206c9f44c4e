"""Whether a resource exists whose import string follows from its arguments.

Each function gets a plan's values, with all that the import string is built from, and answers yes or no, or lets AWS's
own "not found" pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hp_tf.aws.identity import Attributes
from hp_tf.contract.clients import Clients

Exists = Callable[[Attributes, Clients], bool]


def _tables(planned: Attributes, clients: Clients) -> list[dict[str, Any]]:
    answer = clients.client("ec2").describe_route_tables(RouteTableIds=[planned["route_table_id"]])
    return list(answer["RouteTables"])


def _route(planned: Attributes, clients: Clients) -> bool:
    wanted = planned["destination_cidr_block"]
    return any(
        route.get("DestinationCidrBlock") == wanted for table in _tables(planned, clients) for route in table["Routes"]
    )


def _association(planned: Attributes, clients: Clients) -> bool:
    return any(
        item.get("SubnetId") == planned["subnet_id"]
        for table in _tables(planned, clients)
        for item in table.get("Associations", ())
    )


def _endpoint_association(planned: Attributes, clients: Clients) -> bool:
    found = clients.client("ec2").describe_vpc_endpoints(VpcEndpointIds=[planned["vpc_endpoint_id"]])["VpcEndpoints"]
    return any(planned["route_table_id"] in item.get("RouteTableIds", ()) for item in found)


def _attachment(planned: Attributes, clients: Clients) -> bool:
    pages = clients.client("iam").get_paginator("list_attached_role_policies").paginate(RoleName=planned["role"])
    return any(item["PolicyArn"] == planned["policy_arn"] for page in pages for item in page["AttachedPolicies"])


def _role(planned: Attributes, clients: Clients) -> bool:
    return bool(clients.client("iam").get_role(RoleName=planned["name"]))


def _role_policy(planned: Attributes, clients: Clients) -> bool:
    return bool(clients.client("iam").get_role_policy(RoleName=planned["role"], PolicyName=planned["name"]))


def _log_group(planned: Attributes, clients: Clients) -> bool:
    groups = clients.client("logs").describe_log_groups(logGroupNamePrefix=planned["name"])["logGroups"]
    return any(group["logGroupName"] == planned["name"] for group in groups)


def _alias(planned: Attributes, clients: Clients) -> bool:
    pages = clients.client("kms").get_paginator("list_aliases").paginate()
    return any(alias["AliasName"] == planned["name"] for page in pages for alias in page["Aliases"])


def _cluster(planned: Attributes, clients: Clients) -> bool:
    # One that is being deleted cannot be taken over: the plan creates it anew, and waits or fails by name.
    return str(clients.client("eks").describe_cluster(name=planned["name"])["cluster"]["status"]) != "DELETING"


def _addon(planned: Attributes, clients: Clients) -> bool:
    return bool(
        clients.client("eks").describe_addon(clusterName=planned["cluster_name"], addonName=planned["addon_name"])
    )


def _access_entry(planned: Attributes, clients: Clients) -> bool:
    return bool(
        clients.client("eks").describe_access_entry(
            clusterName=planned["cluster_name"], principalArn=planned["principal_arn"]
        )
    )


def _policy_association(planned: Attributes, clients: Clients) -> bool:
    pages = (
        clients.client("eks")
        .get_paginator("list_associated_access_policies")
        .paginate(clusterName=planned["cluster_name"], principalArn=planned["principal_arn"])
    )
    return any(
        item["policyArn"] == planned["policy_arn"] for page in pages for item in page["associatedAccessPolicies"]
    )


def _bucket(planned: Attributes, clients: Clients) -> bool:
    return bool(clients.client("s3").head_bucket(Bucket=planned["bucket"]))


def _object(planned: Attributes, clients: Clients) -> bool:
    return bool(clients.client("s3").head_object(Bucket=planned["bucket"], Key=planned["key"]))


def _bucket_part(call: str, key: str) -> Exists:
    """Part of a bucket: there if S3 has an answer, and the answer says something."""

    def exists(planned: Attributes, clients: Clients) -> bool:
        return bool(getattr(clients.client("s3"), call)(Bucket=planned["bucket"]).get(key))

    return exists


EXISTS: Mapping[str, Exists] = {
    "aws_cloudwatch_log_group": _log_group,
    "aws_eks_access_entry": _access_entry,
    "aws_eks_access_policy_association": _policy_association,
    "aws_eks_addon": _addon,
    "aws_eks_cluster": _cluster,
    "aws_iam_role": _role,
    "aws_iam_role_policy": _role_policy,
    "aws_iam_role_policy_attachment": _attachment,
    "aws_kms_alias": _alias,
    "aws_route": _route,
    "aws_route_table_association": _association,
    "aws_s3_bucket": _bucket,
    "aws_s3_bucket_lifecycle_configuration": _bucket_part("get_bucket_lifecycle_configuration", "Rules"),
    "aws_s3_bucket_logging": _bucket_part("get_bucket_logging", "LoggingEnabled"),
    "aws_s3_bucket_ownership_controls": _bucket_part("get_bucket_ownership_controls", "OwnershipControls"),
    "aws_s3_bucket_policy": _bucket_part("get_bucket_policy", "Policy"),
    "aws_s3_bucket_public_access_block": _bucket_part("get_public_access_block", "PublicAccessBlockConfiguration"),
    "aws_s3_bucket_server_side_encryption_configuration": _bucket_part(
        "get_bucket_encryption", "ServerSideEncryptionConfiguration"
    ),
    "aws_s3_bucket_versioning": _bucket_part("get_bucket_versioning", "Status"),
    "aws_s3_object": _object,
    "aws_vpc_endpoint_route_table_association": _endpoint_association,
}
