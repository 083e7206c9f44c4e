"""Every resource in an emulator, of the kinds that the layers make: proof that a destroy left nothing.

Kinds are Terraform's types, and each identifier is the `id` that the Terraform resource has, so that an inventory can
be compared with states. What AWS makes by itself is left out: the default VPC and what belongs to it, every VPC's own
main route table, default security group and ACL, the security group and the creator's access entry of an EKS cluster
that exists, AWS's policies, service-linked roles, keys that wait for their deletion.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from hp_tf.emulator.clients import ClientFactory
from hp_tf.emulator.daemon import Emulator

Found = Iterator[tuple[str, str]]


def resources(running: Emulator, session_factory: Callable[[], ClientFactory]) -> dict[str, list[str]]:
    """What there is, as Terraform type -> sorted Terraform ids; types without resources are left out.

    Args:
        running: the emulator, for what only it can tell (EKS, FSx, HyperPod, helm releases).
        session_factory: makes a session whose clients reach the emulator.
    """
    session = session_factory()
    own: dict[str, list[str]] = running.call("GET", "/_hptf/resources", seconds=30)
    found = {kind: set(identifiers) for kind, identifiers in own.items()}
    clusters = frozenset(found["aws_eks_cluster"])
    parts = (_network, _gateways, _storage, _identity, _logs_and_keys, lambda given: _security(given, clusters))
    for part in parts:
        for kind, identifier in part(session):
            found.setdefault(kind, set()).add(identifier)
    return {kind: sorted(identifiers) for kind, identifiers in sorted(found.items()) if identifiers}


def _pages(client: Any, method: str, key: str, **arguments: Any) -> Iterable[dict[str, Any]]:
    for page in client.get_paginator(method).paginate(**arguments):
        yield from page.get(key, ())


def _vpcs(ec2: Any) -> tuple[list[dict[str, Any]], set[str]]:
    """The VPCs that were created, and the ids of the default ones.

    What is not in a default VPC was created too, and counts even where its own VPC is gone.
    """
    vpcs = list(_pages(ec2, "describe_vpcs", "Vpcs"))
    return [vpc for vpc in vpcs if not vpc.get("IsDefault")], {vpc["VpcId"] for vpc in vpcs if vpc.get("IsDefault")}


def _network(session: ClientFactory) -> Found:
    ec2 = session.client("ec2")
    created, default = _vpcs(ec2)
    for vpc in created:
        yield "aws_vpc", vpc["VpcId"]
        for block in vpc.get("CidrBlockAssociationSet", ()):
            # The VPC's first block is part of it; further ones are resources of their own.
            live = block.get("CidrBlockState", {}).get("State") == "associated"
            if live and block["CidrBlock"] != vpc["CidrBlock"]:
                yield "aws_vpc_ipv4_cidr_block_association", block["AssociationId"]
    for subnet in _pages(ec2, "describe_subnets", "Subnets"):
        if subnet["VpcId"] not in default:
            yield "aws_subnet", subnet["SubnetId"]
    for table in _pages(ec2, "describe_route_tables", "RouteTables"):
        if table["VpcId"] in default:
            continue
        associations = table.get("Associations", ())
        if not any(association.get("Main") for association in associations):
            yield "aws_route_table", table["RouteTableId"]
        for association in associations:
            if not association.get("Main") and association.get("SubnetId"):
                yield "aws_route_table_association", association["RouteTableAssociationId"]


def _gateways(session: ClientFactory) -> Found:
    ec2 = session.client("ec2")
    _, default = _vpcs(ec2)
    for gateway in _pages(ec2, "describe_internet_gateways", "InternetGateways"):
        if not any(attachment["VpcId"] in default for attachment in gateway.get("Attachments", ())):
            yield "aws_internet_gateway", gateway["InternetGatewayId"]
    for gateway in _pages(ec2, "describe_nat_gateways", "NatGateways"):
        if gateway["State"] not in ("deleted", "deleting"):
            yield "aws_nat_gateway", gateway["NatGatewayId"]
    for address in ec2.describe_addresses()["Addresses"]:
        yield "aws_eip", address["AllocationId"]
    for endpoint in _pages(ec2, "describe_vpc_endpoints", "VpcEndpoints"):
        if endpoint.get("State") not in ("deleted", "deleting"):
            yield "aws_vpc_endpoint", endpoint["VpcEndpointId"]
    for log in _pages(ec2, "describe_flow_logs", "FlowLogs"):
        yield "aws_flow_log", log["FlowLogId"]


def _security(session: ClientFactory, clusters: frozenset[str]) -> Found:
    ec2 = session.client("ec2")
    _, default = _vpcs(ec2)
    groups, of_clusters = set(), set()
    for group in _pages(ec2, "describe_security_groups", "SecurityGroups"):
        tags = {tag["Key"]: tag["Value"] for tag in group.get("Tags", ())}
        # EKS makes one group per cluster and removes it with the cluster: only one that stayed behind counts.
        of_a_cluster = tags.get("aws:eks:cluster-name") in clusters
        if group.get("VpcId") not in default and group["GroupName"] != "default" and not of_a_cluster:
            groups.add(group["GroupId"])
            yield "aws_security_group", group["GroupId"]
        elif of_a_cluster:
            of_clusters.add(group["GroupId"])
    for rule in _pages(ec2, "describe_security_group_rules", "SecurityGroupRules"):
        # EKS tags no rule of the group it makes: one with tags was added to it.
        if rule["GroupId"] in groups or (rule["GroupId"] in of_clusters and rule.get("Tags")):
            direction = "egress" if rule["IsEgress"] else "ingress"
            yield f"aws_vpc_security_group_{direction}_rule", rule["SecurityGroupRuleId"]


def _storage(session: ClientFactory) -> Found:
    s3 = session.client("s3")
    for bucket in s3.list_buckets().get("Buckets", ()):
        yield "aws_s3_bucket", bucket["Name"]


def _identity(session: ClientFactory) -> Found:
    iam = session.client("iam")
    for role in _pages(iam, "list_roles", "Roles"):
        if role["Path"].startswith("/aws-service-role/"):
            continue
        yield "aws_iam_role", role["RoleName"]
        for name in iam.list_role_policies(RoleName=role["RoleName"])["PolicyNames"]:
            yield "aws_iam_role_policy", f"{role['RoleName']}:{name}"
    for policy in _pages(iam, "list_policies", "Policies", Scope="Local"):
        yield "aws_iam_policy", policy["Arn"]
    for profile in _pages(iam, "list_instance_profiles", "InstanceProfiles"):
        yield "aws_iam_instance_profile", profile["InstanceProfileName"]
    for provider in iam.list_open_id_connect_providers().get("OpenIDConnectProviderList", ()):
        yield "aws_iam_openid_connect_provider", provider["Arn"]


def _logs_and_keys(session: ClientFactory) -> Found:
    for group in _pages(session.client("logs"), "describe_log_groups", "logGroups"):
        yield "aws_cloudwatch_log_group", group["logGroupName"]
    kms = session.client("kms")
    for key in _pages(kms, "list_keys", "Keys"):
        # By its ARN: moto takes an id of one for several regions for none.
        facts = kms.describe_key(KeyId=key["KeyArn"])["KeyMetadata"]
        if facts["KeyManager"] == "CUSTOMER" and facts["KeyState"] != "PendingDeletion":
            yield "aws_kms_key", key["KeyId"]
    for alias in _pages(kms, "list_aliases", "Aliases"):
        if not alias["AliasName"].startswith("alias/aws/"):
            yield "aws_kms_alias", alias["AliasName"]
