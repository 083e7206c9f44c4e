"""EC2's resource types that several layers make, and how all of EC2's are found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from hp_tf.contract.clients import Clients
from hp_tf.contract.resources.base import Account, Attributes, ResourceType
from hp_tf.contract.resources.pages import pages

Item = dict[str, Any]
Candidates = Callable[[Attributes, Clients], Iterable[str]]
Inventory = Callable[[Clients], Iterable[str]]
_DELETED = frozenset({"deleted", "deleting"})
_UNUSABLE = _DELETED | {"failed", "rejected", "expired"}
IN_VPC = {"vpc_id": "vpc-id"}


def name_tag(planned: Attributes) -> str | None:
    """Return the Name tag of what a plan would create."""
    name = (planned.get("tags") or {}).get("Name")
    return str(name) if name else None


def described(clients: Clients, call: str, answer: str, filters: Mapping[str, str] | None = None) -> Iterator[Item]:
    """Yield what an EC2 describe call answers under a key, for these filters."""
    wanted = [{"Name": name, "Values": [value]} for name, value in (filters or {}).items()]
    return pages(clients.client("ec2"), call, answer, Filters=wanted)


def tagged(call: str, answer: str, key: str, places: Mapping[str, str]) -> Candidates:
    """Return candidates from an EC2 describe call: by Name tag, and by arguments that say where the thing is.

    A place (a VPC, a subnet) that is not known yet is one that does not exist, so nothing can be in it.

    Args:
        call, answer: the call, and the key of its answer.
        key: of the id in an item.
        places: EC2's filters by argument.
    """

    def candidates(planned: Attributes, clients: Clients) -> Iterator[str]:
        name = name_tag(planned)
        filters = {filter_name: planned.get(argument) for argument, filter_name in places.items()}
        if name is None or not all(filters.values()):
            return
        wanted = {"tag:Name": name, **{key: str(value) for key, value in filters.items()}}
        for item in described(clients, call, answer, wanted):
            if str(item.get("State", "")).lower() not in _UNUSABLE:
                yield item[key]

    return candidates


def listed(call: str, answer: str, key: str) -> Inventory:
    """Return an inventory from an EC2 describe call: all that is not deleted. Arguments as for `tagged`."""

    def inventory(clients: Clients) -> Iterator[str]:
        for item in described(clients, call, answer):
            if str(item.get("State", "")).lower() not in _DELETED:
                yield item[key]

    return inventory


def default_vpcs(clients: Clients) -> set[str]:
    """Return the default VPCs' ids: what is elsewhere was made by somebody, also where its VPC is gone."""
    return {vpc["VpcId"] for vpc in described(clients, "describe_vpcs", "Vpcs") if vpc.get("IsDefault")}


def _subnets(clients: Clients) -> Iterator[str]:
    default = default_vpcs(clients)
    for subnet in described(clients, "describe_subnets", "Subnets"):
        if subnet["VpcId"] not in default:
            yield subnet["SubnetId"]


def _tables(clients: Clients) -> Iterator[Item]:
    """Yield the route tables outside the default VPCs, whose tables are AWS's."""
    default = default_vpcs(clients)
    return (item for item in described(clients, "describe_route_tables", "RouteTables") if item["VpcId"] not in default)


def _route_tables(clients: Clients) -> Iterator[str]:
    """Yield route tables less the main ones, which come with their VPCs."""
    for table in _tables(clients):
        if not any(item.get("Main") for item in table.get("Associations", ())):
            yield table["RouteTableId"]


def _associations(clients: Clients) -> Iterator[str]:
    for table in _tables(clients):
        for item in table.get("Associations", ()):
            if not item.get("Main") and item.get("SubnetId"):
                yield item["RouteTableAssociationId"]


def route_tables(planned: Attributes, clients: Clients) -> list[Item]:
    """Return the route table that an argument names."""
    answer = clients.client("ec2").describe_route_tables(RouteTableIds=[planned["route_table_id"]])
    return list(answer["RouteTables"])


def _associated(planned: Attributes, account: Account) -> bool:
    return any(
        item.get("SubnetId") == planned["subnet_id"]
        for table in route_tables(planned, account)
        for item in table.get("Associations", ())
    )


def security_groups(planned: Attributes, clients: Clients) -> Iterator[str]:
    """Yield the security group of a name in a VPC."""
    if planned.get("name") and planned.get("vpc_id"):
        filters = {"group-name": planned["name"], "vpc-id": planned["vpc_id"]}
        for group in described(clients, "describe_security_groups", "SecurityGroups", filters):
            yield group["GroupId"]


def _made_groups(clients: Clients) -> tuple[set[str], set[str]]:
    """Return the security groups that somebody made, and those that EKS made for its clusters.

    EKS makes one per cluster and removes it with the cluster: one that stayed behind counts as somebody's.
    """
    default = default_vpcs(clients)
    clusters = set(pages(clients.client("eks"), "list_clusters", "clusters"))
    groups, of_clusters = set(), set()
    for group in described(clients, "describe_security_groups", "SecurityGroups"):
        tags = {tag["Key"]: tag["Value"] for tag in group.get("Tags", ())}
        if tags.get("aws:eks:cluster-name") in clusters:
            of_clusters.add(group["GroupId"])
        elif group.get("VpcId") not in default and group["GroupName"] != "default":
            groups.add(group["GroupId"])
    return groups, of_clusters


def _rules(*, egress: bool) -> Inventory:
    def inventory(clients: Clients) -> Iterator[str]:
        groups, of_clusters = _made_groups(clients)
        for rule in described(clients, "describe_security_group_rules", "SecurityGroupRules"):
            # EKS tags no rule of the group it makes: one with tags was added to it.
            ours = rule["GroupId"] in groups or (rule["GroupId"] in of_clusters and rule.get("Tags"))
            if ours and rule["IsEgress"] is egress:
                yield rule["SecurityGroupRuleId"]

    return inventory


_RULE = {
    "ip_protocol": "IpProtocol",
    "cidr_ipv4": "CidrIpv4",
    "cidr_ipv6": "CidrIpv6",
    "prefix_list_id": "PrefixListId",
}
_PORTS = {"from_port": "FromPort", "to_port": "ToPort"}


def _rule(*, egress: bool) -> Candidates:
    def fits(rule: Item, planned: Attributes) -> bool:
        other = (rule.get("ReferencedGroupInfo") or {}).get("GroupId")
        return (
            rule["IsEgress"] is egress
            and all(rule.get(theirs) == planned.get(ours) for ours, theirs in _RULE.items())
            and other == planned.get("referenced_security_group_id")
            # With protocol -1 a plan names no ports, and EC2 answers with -1.
            and all(planned.get(ours) in (None, rule.get(theirs)) for ours, theirs in _PORTS.items())
        )

    def candidates(planned: Attributes, clients: Clients) -> Iterator[str]:
        if not planned.get("security_group_id"):
            return
        filters = {"group-id": planned["security_group_id"]}
        for rule in described(clients, "describe_security_group_rules", "SecurityGroupRules", filters):
            if fits(rule, planned):
                yield rule["SecurityGroupRuleId"]

    return candidates


SUBNET = ResourceType(
    "aws_subnet",
    candidates=tagged("describe_subnets", "Subnets", "SubnetId", {**IN_VPC, "cidr_block": "cidr-block"}),
    single=True,
    inventory=_subnets,
)
ROUTE_TABLE = ResourceType(
    "aws_route_table",
    candidates=tagged("describe_route_tables", "RouteTables", "RouteTableId", IN_VPC),
    inventory=_route_tables,
)
ROUTE_TABLE_ASSOCIATION = ResourceType(
    "aws_route_table_association",
    import_id="{subnet_id}/{route_table_id}",
    own_id=True,
    exists=_associated,
    inventory=_associations,
)
SECURITY_GROUP = ResourceType(
    "aws_security_group",
    candidates=security_groups,
    single=True,
    inventory=lambda clients: _made_groups(clients)[0],
    # EC2 makes every security group with a rule that lets everything out, and the provider takes the rule away in a
    # second call: killed between the two, the rule is there, and creating the one that the layer wants is refused as a
    # duplicate.
    born_with=("aws_vpc_security_group_egress_rule",),
)
EGRESS_RULE = ResourceType(
    "aws_vpc_security_group_egress_rule", candidates=_rule(egress=True), single=True, inventory=_rules(egress=True)
)
INGRESS_RULE = ResourceType(
    "aws_vpc_security_group_ingress_rule", candidates=_rule(egress=False), single=True, inventory=_rules(egress=False)
)


def _has_tag(planned: Attributes, account: Account) -> bool:
    wanted = {"resource-id": planned["resource_id"], "key": planned["key"]}
    return any(True for _ in described(account, "describe_tags", "Tags", wanted))


TAG = ResourceType("aws_ec2_tag", import_id="{resource_id},{key}", exists=_has_tag)
