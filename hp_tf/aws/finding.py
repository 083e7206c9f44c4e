"""Find a resource that exists but is in no state: one a killed run had made, or was making.

Terraform imports a resource by a string of its own; for most types that is the ``id`` attribute, for some it is built
from arguments. What was being made when a run was killed has no id on record: it is looked for by the values the next
plan would create it with, by name where the service demands unique names, by ``Name`` tag and place where not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from botocore.exceptions import ClientError


class Clients(Protocol):
    """Makes AWS clients."""

    def client(self, name: str) -> Any:
        """Return a client of one service."""


Planned = Mapping[str, Any]
Finder = Callable[[Planned, Clients, set[str]], str | None]

# Types whose import string is not their id: it is built from arguments instead.
_BUILT: Mapping[str, Callable[[Planned], str | None]] = {
    "aws_route": lambda a: _join("_", a.get("route_table_id"), a.get("destination_cidr_block")),
    "aws_route_table_association": lambda a: _join("/", a.get("subnet_id"), a.get("route_table_id")),
    "aws_iam_role_policy_attachment": lambda a: _join("/", a.get("role"), a.get("policy_arn")),
    "aws_s3_object": lambda a: _join("/", a.get("bucket"), a.get("key")),
    "helm_release": lambda a: _join("/", a.get("namespace"), a.get("name")),
}
# Types whose import string follows from arguments and equals the id.
_NAMED: Mapping[str, Callable[[Planned], str | None]] = {
    **_BUILT,
    "aws_iam_role": lambda a: a.get("name"),
    "aws_iam_role_policy": lambda a: _join(":", a.get("role"), a.get("name")),
    "aws_cloudwatch_log_group": lambda a: a.get("name"),
    "aws_kms_alias": lambda a: a.get("name"),
    "aws_s3_bucket": lambda a: a.get("bucket"),
    "aws_eks_cluster": lambda a: a.get("name"),
    "aws_eks_addon": lambda a: _join(":", a.get("cluster_name"), a.get("addon_name")),
    "aws_eks_access_entry": lambda a: _join(":", a.get("cluster_name"), a.get("principal_arn")),
    "aws_eks_access_policy_association": lambda a: _join(
        "#", a.get("cluster_name"), a.get("principal_arn"), a.get("policy_arn")
    ),
}
# Parts of a bucket: imported by its name, once the bucket is there.
_BUCKET_PARTS = frozenset(
    f"aws_s3_bucket_{part}"
    for part in (
        "lifecycle_configuration",
        "logging",
        "ownership_controls",
        "policy",
        "public_access_block",
        "server_side_encryption_configuration",
        "versioning",
    )
)


def import_id(kind: str, identity: str) -> str | None:
    """Return the import string of a resource whose id is known, None if it takes more than the id."""
    return None if kind in _BUILT else identity


def find(kind: str, planned: Planned, clients: Clients, known: set[str]) -> str | None:
    """Return the import string of an existing resource that a plan would create, None if there is none.

    Parameters
    ----------
    planned: the values of the plan; unknown ones are absent.
    known: ids of this type that states hold: those resources are somebody's already.
    """
    try:
        if kind in _BUCKET_PARTS:
            return _bucket_part(kind, planned, clients)
        if kind in _NAMED:
            identity = _NAMED[kind](planned)
            return identity if identity and _EXISTS[kind](planned, clients) else None
        finder = _FINDERS.get(kind)
        return finder(planned, clients, known) if finder else None
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        if "NotFound" in code or "NoSuch" in code or code in ("404", "403"):
            return None
        raise


def _join(separator: str, *parts: str | None) -> str | None:
    return None if any(part is None for part in parts) else separator.join(str(part) for part in parts)


def _bucket_part(kind: str, planned: Planned, clients: Clients) -> str | None:
    bucket = planned.get("bucket")
    if not bucket:
        return None
    s3 = clients.client("s3")
    read = {
        "aws_s3_bucket_lifecycle_configuration": s3.get_bucket_lifecycle_configuration,
        "aws_s3_bucket_logging": s3.get_bucket_logging,
        "aws_s3_bucket_ownership_controls": s3.get_bucket_ownership_controls,
        "aws_s3_bucket_policy": s3.get_bucket_policy,
        "aws_s3_bucket_public_access_block": s3.get_public_access_block,
        "aws_s3_bucket_server_side_encryption_configuration": s3.get_bucket_encryption,
        "aws_s3_bucket_versioning": s3.get_bucket_versioning,
    }[kind]
    answer = read(Bucket=bucket)
    return str(bucket) if set(answer) - {"ResponseMetadata"} else None


def _route(planned: Planned, clients: Clients) -> bool:
    tables = clients.client("ec2").describe_route_tables(RouteTableIds=[planned["route_table_id"]])["RouteTables"]
    wanted = planned["destination_cidr_block"]
    return any(route.get("DestinationCidrBlock") == wanted for table in tables for route in table["Routes"])


def _association(planned: Planned, clients: Clients) -> bool:
    tables = clients.client("ec2").describe_route_tables(RouteTableIds=[planned["route_table_id"]])["RouteTables"]
    return any(
        item.get("SubnetId") == planned["subnet_id"] for table in tables for item in table.get("Associations", [])
    )


def _attachment(planned: Planned, clients: Clients) -> bool:
    attached = clients.client("iam").list_attached_role_policies(RoleName=planned["role"])["AttachedPolicies"]
    return any(item["PolicyArn"] == planned["policy_arn"] for item in attached)


def _log_group(planned: Planned, clients: Clients) -> bool:
    groups = clients.client("logs").describe_log_groups(logGroupNamePrefix=planned["name"])["logGroups"]
    return any(group["logGroupName"] == planned["name"] for group in groups)


def _alias(planned: Planned, clients: Clients) -> bool:
    pages = clients.client("kms").get_paginator("list_aliases").paginate()
    return any(alias["AliasName"] == planned["name"] for page in pages for alias in page["Aliases"])


def _policy_association(planned: Planned, clients: Clients) -> bool:
    answer = clients.client("eks").list_associated_access_policies(
        clusterName=planned["cluster_name"], principalArn=planned["principal_arn"]
    )
    return any(item["policyArn"] == planned["policy_arn"] for item in answer["associatedAccessPolicies"])


_EXISTS: Mapping[str, Callable[[Planned, Clients], bool]] = {
    "aws_route": _route,
    "aws_route_table_association": _association,
    "aws_iam_role_policy_attachment": _attachment,
    "aws_s3_object": lambda a, c: bool(c.client("s3").head_object(Bucket=a["bucket"], Key=a["key"])),
    # The chart's own provider looks: an import of a release that is not there would fail the plan, a second install
    # under the same name upgrades it.
    "helm_release": lambda a, c: False,
    "aws_iam_role": lambda a, c: bool(c.client("iam").get_role(RoleName=a["name"])),
    "aws_iam_role_policy": lambda a, c: bool(c.client("iam").get_role_policy(RoleName=a["role"], PolicyName=a["name"])),
    "aws_cloudwatch_log_group": _log_group,
    "aws_kms_alias": _alias,
    "aws_s3_bucket": lambda a, c: bool(c.client("s3").head_bucket(Bucket=a["bucket"])),
    "aws_eks_cluster": lambda a, c: bool(c.client("eks").describe_cluster(name=a["name"])),
    "aws_eks_addon": lambda a, c: bool(
        c.client("eks").describe_addon(clusterName=a["cluster_name"], addonName=a["addon_name"])
    ),
    "aws_eks_access_entry": lambda a, c: bool(
        c.client("eks").describe_access_entry(clusterName=a["cluster_name"], principalArn=a["principal_arn"])
    ),
    "aws_eks_access_policy_association": _policy_association,
}


def _tagged(
    call: str, answer: str, key: str, places: Mapping[str, str] | None = None, gone: frozenset[str] = frozenset()
) -> Finder:
    """Return a finder over an EC2 describe call: by Name tag, and by arguments that say where the thing is."""

    def finder(planned: Planned, clients: Clients, known: set[str]) -> str | None:
        name = (planned.get("tags") or {}).get("Name")
        filters = [{"Name": "tag:Name", "Values": [name]}] if name else []
        for argument, filter_name in (places or {}).items():
            if planned.get(argument):
                filters.append({"Name": filter_name, "Values": [planned[argument]]})
        if not filters:
            return None
        items = getattr(clients.client("ec2"), call)(Filters=filters)[answer]
        return _only(item[key] for item in items if item[key] not in known and item.get("State") not in gone)

    return finder


def _only(candidates: Iterable[str]) -> str | None:
    """Return the one candidate; with several, which one was meant cannot be told, and none is taken."""
    found = sorted(set(candidates))
    return found[0] if len(found) == 1 else None


def _cidr_association(planned: Planned, clients: Clients, known: set[str]) -> str | None:
    vpc = planned.get("vpc_id")
    if not vpc:
        return None
    answer = clients.client("ec2").describe_vpcs(VpcIds=[vpc])["Vpcs"][0]
    return _only(
        item["AssociationId"]
        for item in answer.get("CidrBlockAssociationSet", [])
        if item["CidrBlock"] == planned.get("cidr_block") and item["AssociationId"] not in known
    )


def _rule(egress: bool) -> Finder:
    def finder(planned: Planned, clients: Clients, known: set[str]) -> str | None:
        group = planned.get("security_group_id")
        if not group:
            return None
        rules = clients.client("ec2").describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])[
            "SecurityGroupRules"
        ]
        return _only(
            rule["SecurityGroupRuleId"]
            for rule in rules
            if rule["IsEgress"] is egress
            and rule["SecurityGroupRuleId"] not in known
            and str(rule.get("IpProtocol")) == str(planned.get("ip_protocol"))
            and rule.get("CidrIpv4") == planned.get("cidr_ipv4")
            and (rule.get("ReferencedGroupInfo") or {}).get("GroupId") == planned.get("referenced_security_group_id")
            and (planned.get("from_port") is None or rule.get("FromPort") == planned["from_port"])
        )

    return finder


def _security_group(planned: Planned, clients: Clients, known: set[str]) -> str | None:
    filters = [
        {"Name": "group-name", "Values": [planned.get("name")]},
        {"Name": "vpc-id", "Values": [planned.get("vpc_id")]},
    ]
    if not all(item["Values"][0] for item in filters):
        return None
    groups = clients.client("ec2").describe_security_groups(Filters=filters)["SecurityGroups"]
    return _only(group["GroupId"] for group in groups if group["GroupId"] not in known)


def _flow_log(planned: Planned, clients: Clients, known: set[str]) -> str | None:
    if not planned.get("vpc_id"):
        return None
    filters = [{"Name": "resource-id", "Values": [planned["vpc_id"]]}]
    logs = clients.client("ec2").describe_flow_logs(Filters=filters)["FlowLogs"]
    return _only(item["FlowLogId"] for item in logs if item["FlowLogId"] not in known)


def _policy(planned: Planned, clients: Clients, known: set[str]) -> str | None:
    pages = clients.client("iam").get_paginator("list_policies").paginate(Scope="Local")
    return _only(
        item["Arn"]
        for page in pages
        for item in page["Policies"]
        if item["PolicyName"] == planned.get("name") and item["Arn"] not in known
    )


def _key(planned: Planned, clients: Clients, known: set[str]) -> str | None:
    kms = clients.client("kms")
    wanted = (planned.get("tags") or {}).get("Name")
    found = []
    for page in kms.get_paginator("list_keys").paginate():
        for key in page["Keys"]:
            described = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
            if key["KeyId"] in known or described["KeyState"] != "Enabled" or described["KeyManager"] != "CUSTOMER":
                continue
            tags = {tag["TagKey"]: tag["TagValue"] for tag in kms.list_resource_tags(KeyId=key["KeyId"])["Tags"]}
            if wanted and tags.get("Name") == wanted:
                found.append(str(key["KeyId"]))
    return _only(found)


def _file_system(planned: Planned, clients: Clients, known: set[str]) -> str | None:
    wanted = (planned.get("tags") or {}).get("Name")
    found = []
    for page in clients.client("fsx").get_paginator("describe_file_systems").paginate():
        for item in page["FileSystems"]:
            tags = {tag["Key"]: tag["Value"] for tag in item.get("Tags", [])}
            if wanted and tags.get("Name") == wanted and item["FileSystemId"] not in known:
                found.append(str(item["FileSystemId"]))
    return _only(found)


def _hyperpod(planned: Planned, clients: Clients, known: set[str]) -> str | None:
    name = planned.get("cluster_name")
    if not name:
        return None
    arn = str(clients.client("sagemaker").describe_cluster(ClusterName=name)["ClusterArn"])
    return None if arn in known else arn


_GONE = frozenset({"deleted", "deleting", "failed"})
_FINDERS: Mapping[str, Finder] = {
    "aws_vpc": _tagged("describe_vpcs", "Vpcs", "VpcId", {"cidr_block": "cidr"}),
    "aws_subnet": _tagged("describe_subnets", "Subnets", "SubnetId", {"vpc_id": "vpc-id", "cidr_block": "cidr-block"}),
    "aws_internet_gateway": _tagged("describe_internet_gateways", "InternetGateways", "InternetGatewayId"),
    "aws_route_table": _tagged("describe_route_tables", "RouteTables", "RouteTableId", {"vpc_id": "vpc-id"}),
    "aws_eip": _tagged("describe_addresses", "Addresses", "AllocationId"),
    "aws_nat_gateway": _tagged(
        "describe_nat_gateways", "NatGateways", "NatGatewayId", {"subnet_id": "subnet-id"}, _GONE
    ),
    "aws_vpc_endpoint": _tagged(
        "describe_vpc_endpoints",
        "VpcEndpoints",
        "VpcEndpointId",
        {"vpc_id": "vpc-id", "service_name": "service-name"},
        _GONE,
    ),
    "aws_vpc_ipv4_cidr_block_association": _cidr_association,
    "aws_security_group": _security_group,
    "aws_vpc_security_group_ingress_rule": _rule(egress=False),
    "aws_vpc_security_group_egress_rule": _rule(egress=True),
    "aws_flow_log": _flow_log,
    "aws_iam_policy": _policy,
    "aws_kms_key": _key,
    "aws_fsx_lustre_file_system": _file_system,
    "awscc_sagemaker_cluster": _hyperpod,
}
