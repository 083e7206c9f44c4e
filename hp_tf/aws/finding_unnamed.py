"""Find a resource whose id AWS chooses, by what a plan would create it with.

With several candidates it cannot be told which one was meant, and none is taken. A place (a VPC, a subnet) that is not
known yet is one that does not exist, so nothing can be in it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from hp_tf.aws.identity import Attributes
from hp_tf.contract.clients import Clients

Finder = Callable[[Attributes, Clients, Collection[str]], str | None]
_GONE = frozenset({"deleted", "deleting", "failed", "rejected", "expired"})


def _only(candidates: Iterable[str], known: Collection[str]) -> str | None:
    found = {item for item in candidates if item not in known}
    return found.pop() if len(found) == 1 else None


def _name_tag(planned: Attributes) -> str | None:
    name = (planned.get("tags") or {}).get("Name")
    return str(name) if name else None


def _described(clients: Clients, call: str, answer: str, filters: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    wanted = [{"Name": name, "Values": [value]} for name, value in filters.items()]
    yield from getattr(clients.client("ec2"), call)(Filters=wanted)[answer]


def _tagged(call: str, answer: str, key: str, places: Mapping[str, str]) -> Finder:
    """Return a finder over an EC2 describe call: by Name tag, and by arguments that say where the thing is."""

    def finder(planned: Attributes, clients: Clients, known: Collection[str]) -> str | None:
        name = _name_tag(planned)
        filters = {filter_name: planned.get(argument) for argument, filter_name in places.items()}
        if name is None or not all(filters.values()):
            return None
        wanted = {"tag:Name": name, **{key: str(value) for key, value in filters.items()}}
        items = _described(clients, call, answer, wanted)
        return _only((item[key] for item in items if str(item.get("State", "")).lower() not in _GONE), known)

    return finder


def _internet_gateway(planned: Attributes, clients: Clients, known: Collection[str]) -> str | None:
    """It is made first and attached after: a run may have been killed between the two."""
    name, vpc = _name_tag(planned), planned.get("vpc_id")
    if name is None or not vpc:
        return None
    items = _described(clients, "describe_internet_gateways", "InternetGateways", {"tag:Name": name})
    attached = {item["InternetGatewayId"]: {at["VpcId"] for at in item.get("Attachments", ())} for item in items}
    return _only((identity for identity, vpcs in attached.items() if not vpcs or vpc in vpcs), known)


def _cidr_association(planned: Attributes, clients: Clients, known: Collection[str]) -> str | None:
    if not planned.get("vpc_id"):
        return None
    vpc = clients.client("ec2").describe_vpcs(VpcIds=[planned["vpc_id"]])["Vpcs"][0]
    return _only(
        (
            item["AssociationId"]
            for item in vpc.get("CidrBlockAssociationSet", ())
            if item["CidrBlock"] == planned.get("cidr_block")
            and item["CidrBlock"] != vpc["CidrBlock"]
            and item.get("CidrBlockState", {}).get("State") in ("associating", "associated")
        ),
        known,
    )


def _security_group(planned: Attributes, clients: Clients, known: Collection[str]) -> str | None:
    if not planned.get("name") or not planned.get("vpc_id"):
        return None
    filters = {"group-name": planned["name"], "vpc-id": planned["vpc_id"]}
    groups = _described(clients, "describe_security_groups", "SecurityGroups", filters)
    return _only((group["GroupId"] for group in groups), known)


def _default_security_group(planned: Attributes, clients: Clients, known: Collection[str]) -> str | None:
    """Every VPC has one: Terraform takes it over either way."""
    return _security_group({**planned, "name": "default"}, clients, known)


_RULE = {
    "ip_protocol": "IpProtocol",
    "cidr_ipv4": "CidrIpv4",
    "cidr_ipv6": "CidrIpv6",
    "prefix_list_id": "PrefixListId",
}
_PORTS = {"from_port": "FromPort", "to_port": "ToPort"}


def _rule(*, egress: bool) -> Finder:
    def fits(rule: Mapping[str, Any], planned: Attributes) -> bool:
        other = (rule.get("ReferencedGroupInfo") or {}).get("GroupId")
        return (
            rule["IsEgress"] is egress
            and all(rule.get(theirs) == planned.get(ours) for ours, theirs in _RULE.items())
            and other == planned.get("referenced_security_group_id")
            # With protocol -1 a plan names no ports, and EC2 answers with -1.
            and all(planned.get(ours) in (None, rule.get(theirs)) for ours, theirs in _PORTS.items())
        )

    def finder(planned: Attributes, clients: Clients, known: Collection[str]) -> str | None:
        if not planned.get("security_group_id"):
            return None
        filters = {"group-id": planned["security_group_id"]}
        rules = _described(clients, "describe_security_group_rules", "SecurityGroupRules", filters)
        return _only((rule["SecurityGroupRuleId"] for rule in rules if fits(rule, planned)), known)

    return finder


def _key(planned: Attributes, clients: Clients, known: Collection[str]) -> str | None:
    """By description and tags: a key has no name of its own."""
    kms = clients.client("kms")
    wanted = {str(name): str(value) for name, value in (planned.get("tags") or {}).items()}
    description = planned.get("description")
    if not description:
        return None
    found = []
    for page in kms.get_paginator("list_keys").paginate():
        for key in page["Keys"]:
            described = kms.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
            if described["KeyState"] != "Enabled" or described.get("Description") != description:
                continue
            tags = {tag["TagKey"]: tag["TagValue"] for tag in kms.list_resource_tags(KeyId=key["KeyId"])["Tags"]}
            if wanted.items() <= tags.items():
                found.append(str(key["KeyId"]))
    return _only(found, known)


def _file_system(planned: Attributes, clients: Clients, known: Collection[str]) -> str | None:
    name = _name_tag(planned)
    subnets = planned.get("subnet_ids") or []
    if name is None or not subnets or not all(subnets):
        return None
    found = []
    for page in clients.client("fsx").get_paginator("describe_file_systems").paginate():
        for item in page["FileSystems"]:
            tags = {tag["Key"]: tag["Value"] for tag in item.get("Tags", ())}
            alive = item.get("Lifecycle") not in ("DELETING", "FAILED")
            if alive and tags.get("Name") == name and set(item.get("SubnetIds", ())) == set(subnets):
                found.append(str(item["FileSystemId"]))
    return _only(found, known)


def _hyperpod(planned: Attributes, clients: Clients, known: Collection[str]) -> str | None:
    if not planned.get("cluster_name"):
        return None
    cluster = clients.client("sagemaker").describe_cluster(ClusterName=planned["cluster_name"])
    return None if cluster.get("ClusterStatus") == "Deleting" else _only([str(cluster["ClusterArn"])], known)


_VPC = {"vpc_id": "vpc-id"}
FINDERS: Mapping[str, Finder] = {
    "aws_default_security_group": _default_security_group,
    "aws_eip": _tagged("describe_addresses", "Addresses", "AllocationId", {}),
    "aws_flow_log": _tagged("describe_flow_logs", "FlowLogs", "FlowLogId", {"vpc_id": "resource-id"}),
    "aws_fsx_lustre_file_system": _file_system,
    "aws_internet_gateway": _internet_gateway,
    "aws_kms_key": _key,
    "aws_nat_gateway": _tagged("describe_nat_gateways", "NatGateways", "NatGatewayId", {"subnet_id": "subnet-id"}),
    "aws_route_table": _tagged("describe_route_tables", "RouteTables", "RouteTableId", _VPC),
    "aws_security_group": _security_group,
    "aws_subnet": _tagged("describe_subnets", "Subnets", "SubnetId", {**_VPC, "cidr_block": "cidr-block"}),
    "aws_vpc": _tagged("describe_vpcs", "Vpcs", "VpcId", {"cidr_block": "cidr"}),
    "aws_vpc_endpoint": _tagged(
        "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId", {**_VPC, "service_name": "service-name"}
    ),
    "aws_vpc_ipv4_cidr_block_association": _cidr_association,
    "aws_vpc_security_group_egress_rule": _rule(egress=True),
    "aws_vpc_security_group_ingress_rule": _rule(egress=False),
    "awscc_sagemaker_cluster": _hyperpod,
}
