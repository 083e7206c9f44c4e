"""`Cloud` over moto's own objects, in this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.ec2.exceptions import (
    DependencyViolationError,
    InvalidInstanceTypeError,
    InvalidNetworkInterfaceIdError,
    InvalidSecurityGroupNotFoundError,
)
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends
from moto.s3.models import FakeDeleteMarker, s3_backends
from moto.sts.models import sts_backends

from hp_tf.emulator.cloud import ANYWHERE, GroupFacts, InstanceFacts, Interface, RuleFacts, SubnetFacts
from hp_tf.emulator.partitions import partition_of
from hp_tf.emulator.public_parameters import add_parameters


class MotoCloud:
    """Reads and makes things in moto's backends of one account."""

    def __init__(self, account_id: str, region: str) -> None:
        self._account_id = account_id
        self._region = region
        self._partition = partition_of(region)
        add_parameters(account_id, region)

    def _ec2(self, region: str) -> Any:
        return ec2_backends[self._account_id][region]

    def subnet(self, region: str, subnet_id: str) -> SubnetFacts | None:
        for zone in list(self._ec2(region).subnets.values()):
            found = zone.get(subnet_id)
            if found is not None:
                return SubnetFacts(
                    subnet_id, found.vpc_id, found.availability_zone, found.availability_zone_id, found.cidr_block
                )
        return None

    def reaches(self, region: str, subnet_id: str, service: str) -> bool:
        backend, subnet = self._ec2(region), self.subnet(region, subnet_id)
        if subnet is None:
            return False
        tables = [table for table in list(backend.route_tables.values()) if table.vpc_id == subnet.vpc_id]
        by_subnet = [table for table in tables if subnet_id in table._associations.values()]
        [table] = by_subnet or [table for table in tables if table.main_association_id is not None]
        if any(route.destination_cidr_block == ANYWHERE for route in table.routes):
            return True
        return any(
            endpoint.state == "available"
            and endpoint.vpc_id == subnet.vpc_id
            and endpoint.service_name.endswith(f".{region}.{service}")
            and (endpoint.private_dns_enabled or table.id in endpoint.route_table_ids)
            for endpoint in list(backend.vpc_end_points.values())
        )

    def security_group(self, region: str, group_id: str) -> GroupFacts | None:
        group = self._ec2(region).get_security_group_from_id(group_id)
        if group is None:
            return None
        rules = [
            RuleFacts(egress, rule.ip_protocol, rule.from_port, rule.to_port, rule.source_group.get("GroupId"))
            for egress, found in ((False, group.ingress_rules), (True, group.egress_rules))
            for rule in list(found)
        ]
        return GroupFacts(group_id, group.vpc_id, tuple(rules))

    def instance_type(self, region: str, name: str) -> InstanceFacts | None:
        try:
            found = self._ec2(region).describe_instance_types([name])
        except InvalidInstanceTypeError:
            return None
        return InstanceFacts.of(found[0])

    def role_exists(self, role_arn: str) -> bool:
        roles = iam_backends[self._account_id][self._partition].roles
        return any(role.arn == role_arn for role in list(roles.values()))

    def read_object(self, bucket: str, key: str) -> bytes | None:
        found = s3_backends[self._account_id][self._partition].buckets.get(bucket)
        versions = found.keys.getlist(key) if found is not None else None
        if not versions or isinstance(versions[-1], FakeDeleteMarker):
            return None
        content: bytes = versions[-1].value
        return content

    def caller_arn(self, region: str, access_key: str) -> str:
        _, arn, _ = sts_backends[self._account_id][self._partition].get_caller_identity(access_key, region)
        return str(arn)

    def secret_of(self, access_key: str) -> str | None:
        session = sts_backends[self._account_id][self._partition].get_assumed_role_from_access_key(access_key)
        if session is not None:
            return str(session.secret_access_key)
        users = list(iam_backends[self._account_id][self._partition].users.values())
        keys = [key for user in users for key in list(user.access_keys)]
        return next((str(key.secret_access_key) for key in keys if key.access_key_id == access_key), None)

    def knows(self, access_key: str) -> bool:
        return self.secret_of(access_key) is not None

    def create_security_group(
        self, region: str, vpc_id: str, name: str, description: str, tags: Mapping[str, str]
    ) -> str:
        backend = self._ec2(region)
        group_id = str(backend.create_security_group(name, description, vpc_id=vpc_id, tags=dict(tags)).id)
        backend.authorize_security_group_ingress(
            group_id, "-1", None, None, ip_ranges=[], source_groups=[{"GroupId": group_id}]
        )
        return group_id

    def delete_security_group(self, region: str, group_id: str) -> None:
        try:
            self._ec2(region).delete_security_group(group_id=group_id)
        except InvalidSecurityGroupNotFoundError:
            return  # someone removed it first
        except DependencyViolationError:
            return  # it stays behind, as in AWS

    def create_interface(self, region: str, subnet_id: str, group_ids: Sequence[str], description: str) -> Interface:
        backend = self._ec2(region)
        subnet = backend.get_subnet(subnet_id)
        interface = backend.create_network_interface(
            subnet, None, group_ids=list(group_ids) or None, description=description
        )
        return Interface(str(interface.id), str(interface.private_ip_address))

    def delete_interface(self, region: str, interface_id: str) -> None:
        try:
            self._ec2(region).delete_network_interface(interface_id)
        except InvalidNetworkInterfaceIdError:
            return  # someone removed it first

    def reset(self) -> None:
        BackendDict.reset()
        reset_model_data()
        add_parameters(self._account_id, self._region)
