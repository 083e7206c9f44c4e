"""`Cloud` over another emulator, asked by boto3."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from hp_tf.emulator.awsjson import AwsError
from hp_tf.emulator.cloud import ANYWHERE, GroupFacts, InstanceFacts, Interface, RuleFacts, SubnetFacts

# LocalStack's, and plain moto's.
RESETS = ("/_localstack/state/reset", "/moto-api/reset")
# Any key will do there. LocalStack takes the account from one of twelve digits, and its default account from others.
_ACCESS_KEY = "emulator"


class UpstreamCloud:
    """Looks up and makes things in the emulator at `url`.

    Attributes:
        url: `http://HOST:PORT`.
        region: for the services that have no region of their own.
    """

    def __init__(self, url: str, region: str) -> None:
        self._url = url
        self._region = region
        self._session = boto3.Session(aws_access_key_id=_ACCESS_KEY, aws_secret_access_key=_ACCESS_KEY)
        self._clients: dict[tuple[str, str], Any] = {}

    def _client(self, service: str, region: str) -> Any:
        """Made once: loading a service's model takes longer than the call."""
        if (service, region) not in self._clients:
            config = Config(retries={"max_attempts": 2}, connect_timeout=5, read_timeout=60)
            # Typed loosely: the service's name is a variable, and the stubs tell clients apart by literal names.
            make: Any = self._session.client
            self._clients[service, region] = make(service, region_name=region, endpoint_url=self._url, config=config)
        return self._clients[service, region]

    def subnet(self, region: str, subnet_id: str) -> SubnetFacts | None:
        try:
            found = self._client("ec2", region).describe_subnets(SubnetIds=[subnet_id])["Subnets"]
        except ClientError:
            return None
        if not found:
            return None
        subnet = found[0]
        zone_id = subnet.get("AvailabilityZoneId", "")
        return SubnetFacts(subnet_id, subnet["VpcId"], subnet["AvailabilityZone"], zone_id, subnet["CidrBlock"])

    def reaches(self, region: str, subnet_id: str, service: str) -> bool:
        subnet, ec2 = self.subnet(region, subnet_id), self._client("ec2", region)
        if subnet is None:
            return False
        in_vpc = [{"Name": "vpc-id", "Values": [subnet.vpc_id]}]
        tables = ec2.describe_route_tables(Filters=in_vpc)["RouteTables"]
        links = [(table, link) for table in tables for link in table.get("Associations", ())]
        by_subnet = [table for table, link in links if link.get("SubnetId") == subnet_id]
        [table] = (by_subnet or [table for table, link in links if link.get("Main")])[:1] or [{}]
        if any(route.get("DestinationCidrBlock") == ANYWHERE for route in table.get("Routes", ())):
            return True
        return any(
            endpoint["ServiceName"].endswith(f".{region}.{service}")
            and (endpoint.get("PrivateDnsEnabled") or table.get("RouteTableId") in endpoint.get("RouteTableIds", ()))
            for endpoint in ec2.describe_vpc_endpoints(Filters=in_vpc)["VpcEndpoints"]
        )

    def security_group(self, region: str, group_id: str) -> GroupFacts | None:
        try:
            found = self._client("ec2", region).describe_security_groups(GroupIds=[group_id])["SecurityGroups"]
        except ClientError:
            return None
        if not found:
            return None
        rules = tuple(
            rule
            for egress, key in ((False, "IpPermissions"), (True, "IpPermissionsEgress"))
            for permission in found[0].get(key, ())
            for rule in _rules(permission, egress)
        )
        return GroupFacts(group_id, found[0].get("VpcId", ""), rules)

    def instance_type(self, region: str, name: str) -> InstanceFacts | None:
        try:
            found = self._client("ec2", region).describe_instance_types(InstanceTypes=[name])["InstanceTypes"]
        except ClientError:
            return None
        return InstanceFacts.of(found[0]) if found else None

    def role_exists(self, role_arn: str) -> bool:
        try:
            role = self._client("iam", self._region).get_role(RoleName=role_arn.rpartition("/")[2])["Role"]
        except ClientError:
            return False
        return bool(role["Arn"] == role_arn)

    def read_object(self, bucket: str, key: str) -> bytes | None:
        try:
            content: bytes = self._client("s3", self._region).get_object(Bucket=bucket, Key=key)["Body"].read()
        except ClientError:
            return None
        return content

    def caller_arn(self, region: str, access_key: str) -> str:
        return str(self._client("sts", region).get_caller_identity()["Arn"])

    def secret_of(self, access_key: str) -> str | None:
        return None  # the other emulator tells no secrets

    def knows(self, access_key: str) -> bool:
        return True  # what it keeps can be had at its own port with any key

    def create_security_group(
        self, region: str, vpc_id: str, name: str, description: str, tags: Mapping[str, str]
    ) -> str:
        client = self._client("ec2", region)
        # The service's own tags begin with `aws:`, which the API refuses from others.
        pairs = [{"Key": key, "Value": value} for key, value in tags.items() if not key.startswith("aws:")]
        group_id = str(
            client.create_security_group(
                GroupName=name,
                Description=description[:255],
                VpcId=vpc_id,
                TagSpecifications=[{"ResourceType": "security-group", "Tags": pairs}],
            )["GroupId"]
        )
        permission = {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group_id}]}
        client.authorize_security_group_ingress(GroupId=group_id, IpPermissions=[permission])
        return group_id

    def delete_security_group(self, region: str, group_id: str) -> None:
        self._quietly("ec2", region, "delete_security_group", GroupId=group_id)

    def create_interface(self, region: str, subnet_id: str, group_ids: Sequence[str], description: str) -> Interface:
        groups = {"Groups": list(group_ids)} if group_ids else {}
        made = self._client("ec2", region).create_network_interface(
            SubnetId=subnet_id, Description=description, **groups
        )["NetworkInterface"]
        return Interface(made["NetworkInterfaceId"], made["PrivateIpAddress"])

    def delete_interface(self, region: str, interface_id: str) -> None:
        self._quietly("ec2", region, "delete_network_interface", NetworkInterfaceId=interface_id)

    def _quietly(self, service: str, region: str, method: str, **arguments: str) -> None:
        """A deletion of something that may be gone already."""
        try:
            getattr(self._client(service, region), method)(**arguments)
        except ClientError as error:
            # What others still use stays behind, as in AWS.
            if not any(known in error.response["Error"]["Code"] for known in ("NotFound", "DependencyViolation")):
                raise AwsError(error.response["Error"]["Code"], error.response["Error"]["Message"]) from error

    def reset(self) -> None:
        for path in RESETS:
            try:
                urllib.request.urlopen(urllib.request.Request(self._url + path, method="POST"), timeout=60).close()
                return
            except urllib.error.HTTPError:
                continue
            except OSError as error:
                raise AwsError("UpstreamUnreachable", f"{self._url} does not answer: {error}") from error
        raise AwsError("UpstreamReset", f"the emulator at {self._url} cannot be reset")


def _rules(permission: Mapping[str, Any], egress: bool) -> list[RuleFacts]:
    protocol, start, end = permission["IpProtocol"], permission.get("FromPort"), permission.get("ToPort")
    peers: list[str | None] = [pair.get("GroupId") for pair in permission.get("UserIdGroupPairs") or ()]
    peers += [None] * (len(permission.get("IpRanges") or ()) + len(permission.get("Ipv6Ranges") or ()))
    return [RuleFacts(egress, protocol, start, end, peer) for peer in peers]
