"""Each patch: the attribute is there, moto without the patch is still wrong, and the patch mends it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from moto.ec2.exceptions import DependencyViolationError, EC2ClientError, InvalidParameterValue
from moto.ec2.models import EC2Backend
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.iam.access_control import PermissionResult
from moto.rds.models import DBParameterGroup, rds_backends
from moto.s3.models import FakeBucket

from hp_tf.emulator.patches import PATCHES, apply_patches, bucket_permission, rule_description


def _rule() -> Any:
    rule = object.__new__(SecurityGroupRule)
    rule.ip_range = {}
    rule.source_group = {"GroupId": "sg-1", "Description": "EFA"}
    return rule


def _bucket() -> Any:
    make: Any = object.__new__
    bucket = make(FakeBucket)
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    bucket.policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]}).encode()
    return bucket


def test_moto_still_loses_the_description_of_a_rule_with_a_group() -> None:
    assert _rule().description is None


def test_moto_still_denies_everybody_by_a_condition() -> None:
    assert _bucket().get_permission("s3:GetObject", "arn:aws:s3:::b/k") is PermissionResult.DENIED


def _parameters() -> Any:
    make: Any = DBParameterGroup
    group = make(rds_backends["000000000000"]["us-west-2"], "a", "of a test", "mariadb10.11", [])
    group.update_parameters([{"ParameterName": "innodb_lock_wait_timeout", "ParameterValue": "900"}])
    return group.parameters["innodb_lock_wait_timeout"]


def test_moto_still_does_not_say_whose_a_parameter_is() -> None:
    assert "Source" not in _parameters()


@pytest.fixture
def patched(monkeypatch: pytest.MonkeyPatch) -> None:
    # Registered first, so that the originals come back for the other tests.
    for owner, name, _ in PATCHES:
        monkeypatch.setattr(owner, name, owner.__dict__[name])
    apply_patches()


def test_the_patches_mend_both(patched: None) -> None:
    assert _rule().description == "EFA"
    assert _bucket().get_permission("s3:GetObject", "arn:aws:s3:::b/k") is PermissionResult.NEUTRAL


def test_a_parameter_of_a_user_is_the_users(patched: None) -> None:
    assert _parameters()["Source"] == "user"


def test_a_rule_without_description_has_none() -> None:
    rule = _rule()
    rule.source_group = {"GroupId": "sg-1"}
    assert rule_description(rule) is None
    rule.ip_range = {"CidrIp": "0.0.0.0/0", "Description": "anywhere"}
    assert rule_description(rule) == "anywhere"


def test_statements_without_conditions_still_count() -> None:
    bucket = _bucket()
    document = json.loads(bucket.policy)
    document["Statement"].append({"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"})
    bucket.policy = json.dumps(document).encode()
    assert bucket_permission(bucket, "s3:GetObject", "arn:aws:s3:::b/k") is PermissionResult.DENIED
    assert bucket_permission(bucket, "s3:PutObject", "arn:aws:s3:::b/k") is PermissionResult.NEUTRAL
    bucket.policy = None
    assert bucket_permission(bucket, "s3:GetObject", "arn:aws:s3:::b/k") is PermissionResult.NEUTRAL


@pytest.fixture
def ec2(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
    make: Any = EC2Backend
    return make("us-west-2", "111122223333")


def _group(ec2: Any, name: str) -> str:
    return str(ec2.create_security_group(name, name, vpc_id=_vpc(ec2)).id)


def _vpc(ec2: Any) -> str:
    return str(next(iter(ec2.vpcs)))


def _subnet(ec2: Any) -> Any:
    return next(iter(next(iter(ec2.subnets.values())).values()))


def test_moto_still_deletes_what_is_in_use(ec2: Any) -> None:
    subnet, group = _subnet(ec2), _group(ec2, "g")
    ec2.create_network_interface(subnet, None, group_ids=[group])
    ec2.delete_security_group(group_id=group)
    ec2.delete_subnet(subnet.id)


def test_moto_still_leaves_a_nat_gateways_interface_behind(ec2: Any) -> None:
    gateway = ec2.create_nat_gateway(_subnet(ec2).id, None, connectivity_type="private")
    ec2.delete_nat_gateway(gateway.id)
    assert list(ec2.enis) == [gateway._eni.id]


def _change_of_all_traffic(ec2: Any) -> Any:
    """Describe anew the rule that a group is made with, and return it."""
    group = _group(ec2, "g")
    (rule,) = ec2.groups[_vpc(ec2)][group].egress_rules
    change = {"IpProtocol": "-1", "CidrIpv4": "0.0.0.0/0", "Description": "new"}
    ec2.modify_security_group_rules(group, {rule.id: change})
    return rule


def test_moto_still_wants_ports_of_all_protocols(ec2: Any) -> None:
    with pytest.raises(InvalidParameterValue, match="ports"):
        _change_of_all_traffic(ec2)


def test_a_rule_for_all_protocols_is_changed_without_ports(ec2: Any, patched: None) -> None:
    rule = _change_of_all_traffic(ec2)
    assert (rule.description, rule.from_port, rule.to_port) == ("new", None, None)


def test_what_has_an_interface_is_not_deleted(ec2: Any, patched: None) -> None:
    subnet, group = _subnet(ec2), _group(ec2, "g")
    interface = ec2.create_network_interface(subnet, None, group_ids=[group])
    deletions: tuple[Callable[[], Any], ...] = (
        lambda: ec2.delete_subnet(subnet.id),
        lambda: ec2.delete_security_group(group_id=group),
    )
    for delete in deletions:
        with pytest.raises(DependencyViolationError):
            delete()
    ec2.delete_network_interface(interface.id)
    ec2.delete_subnet(subnet.id)
    ec2.delete_security_group(group_id=group)


def test_a_group_that_a_rule_or_an_endpoint_names_is_not_deleted(ec2: Any, patched: None) -> None:
    first, second = _group(ec2, "first"), _group(ec2, "second")
    for source in (first, second):
        ec2.authorize_security_group_ingress(first, "-1", None, None, ip_ranges=[], source_groups=[{"GroupId": source}])
    with pytest.raises(DependencyViolationError, match=second):
        ec2.delete_security_group(group_id=second)
    ec2.delete_security_group(group_id=first)  # its rule about itself does not count
    ec2.delete_security_group(group_id=second)
    third = _group(ec2, "third")
    endpoint = ec2.create_vpc_endpoint(
        _vpc(ec2), "com.amazonaws.us-west-2.ssm", "Interface", None, [], subnet_ids=[], security_group_ids=[third]
    )
    with pytest.raises(DependencyViolationError):
        ec2.delete_security_group(group_id=third)
    ec2.delete_vpc_endpoints([endpoint.id])
    ec2.delete_security_group(group_id=third)


def test_a_nat_gateway_holds_its_subnet(ec2: Any, patched: None) -> None:
    subnet = _subnet(ec2)
    gateway = ec2.create_nat_gateway(subnet.id, None, connectivity_type="private")
    with pytest.raises(DependencyViolationError):
        ec2.delete_subnet(subnet.id)
    ec2.delete_nat_gateway(gateway.id)
    ec2.delete_subnet(subnet.id)


def _used_network(ec2: Any) -> tuple[Any, str, Any, Any, str]:
    """A VPC with a subnet in a further block, and a NAT gateway there: VPC, association, gateway, NAT, address."""
    vpc = ec2.create_vpc("10.0.0.0/16")
    block = ec2.associate_vpc_cidr_block(vpc.id, "10.1.0.0/16", False)["association_id"]
    gateway = ec2.create_internet_gateway()
    ec2.attach_internet_gateway(gateway.id, vpc.id)
    subnet = ec2.create_subnet(vpc.id, "10.1.1.0/24", availability_zone="us-west-2a")
    address = ec2.allocate_address("vpc").allocation_id
    return vpc, block, gateway, ec2.create_nat_gateway(subnet.id, address), address


def test_moto_still_takes_a_used_network_apart_in_any_order(ec2: Any) -> None:
    vpc, block, gateway, _, address = _used_network(ec2)
    ec2.detach_internet_gateway(gateway.id, vpc.id)
    ec2.release_address(allocation_id=address)
    ec2.disassociate_vpc_cidr_block(block)
    ec2.attach_internet_gateway(gateway.id, vpc.id)
    ec2.create_security_group("g", "g", vpc_id=vpc.id)
    ec2.create_vpc_endpoint(vpc.id, "com.amazonaws.us-west-2.s3", "Gateway", None, [])
    ec2.delete_subnet(next(iter(ec2.describe_subnets(filters={"vpc-id": vpc.id}))).id)
    ec2.delete_vpc(vpc.id)


def test_a_used_network_comes_apart_in_one_order_only(ec2: Any, patched: None) -> None:
    vpc, block, gateway, nat, address = _used_network(ec2)
    with pytest.raises(DependencyViolationError, match="mapped public address"):
        ec2.detach_internet_gateway(gateway.id, vpc.id)
    with pytest.raises(EC2ClientError, match="permission"):
        ec2.release_address(allocation_id=address)
    ec2.delete_nat_gateway(nat.id)
    ec2.release_address(allocation_id=address)
    with pytest.raises(EC2ClientError, match=nat.subnet_id):
        ec2.disassociate_vpc_cidr_block(block)
    ec2.delete_subnet(nat.subnet_id)
    ec2.disassociate_vpc_cidr_block(block)
    with pytest.raises(DependencyViolationError, match="dependencies"):
        ec2.delete_vpc(vpc.id)
    ec2.detach_internet_gateway(gateway.id, vpc.id)
    ec2.delete_vpc(vpc.id)


def test_a_vpc_with_a_group_or_an_endpoint_is_not_deleted(ec2: Any, patched: None) -> None:
    vpc = ec2.create_vpc("10.0.0.0/16")
    group = ec2.create_security_group("g", "g", vpc_id=vpc.id)
    with pytest.raises(DependencyViolationError):
        ec2.delete_vpc(vpc.id)
    ec2.delete_security_group(group_id=group.id)
    endpoint = ec2.create_vpc_endpoint(vpc.id, "com.amazonaws.us-west-2.s3", "Gateway", None, [])
    with pytest.raises(DependencyViolationError):
        ec2.delete_vpc(vpc.id)
    ec2.delete_vpc_endpoints([endpoint.id])
    ec2.delete_vpc(vpc.id)


def test_a_vpc_takes_no_block_that_overlaps_one_it_has(ec2: Any, patched: None) -> None:
    """Amazon VPC's guide, "VPC CIDR blocks": blocks of one VPC do not overlap."""
    vpc = ec2.create_vpc("10.0.0.0/16")
    ec2.associate_vpc_cidr_block(vpc.id, "10.1.0.0/16", False)
    for taken in ("10.1.0.0/16", "10.0.128.0/24", "10.0.0.0/8"):
        with pytest.raises(EC2ClientError, match=f"{taken}' conflicts with"):
            ec2.associate_vpc_cidr_block(vpc.id, taken, False)
    other = ec2.associate_vpc_cidr_block(vpc.id, "10.2.0.0/16", False)
    ec2.disassociate_vpc_cidr_block(other["association_id"])
    ec2.associate_vpc_cidr_block(vpc.id, "10.2.0.0/16", False)


def test_the_first_block_of_a_vpc_stays_as_in_moto(ec2: Any, patched: None) -> None:
    vpc = ec2.create_vpc("10.0.0.0/16")
    ec2.create_subnet(vpc.id, "10.0.1.0/24", availability_zone="us-west-2a")
    with pytest.raises(EC2ClientError, match="primary"):
        ec2.disassociate_vpc_cidr_block(vpc.get_cidr_block_association_set()[0]["association_id"])


@pytest.mark.parametrize(
    ("primary", "block", "taken"),
    [
        ("10.192.0.0/16", "10.1.0.0/16", True),
        ("10.192.0.0/16", "100.64.0.0/16", True),
        ("10.192.0.0/16", "172.20.0.0/16", False),
        ("172.20.0.0/16", "10.1.0.0/16", False),
        ("172.20.0.0/16", "172.21.0.0/16", True),
        ("192.168.0.0/16", "10.1.0.0/16", False),
        ("10.192.0.0/16", "198.19.0.0/16", False),
    ],
)
def test_a_vpc_takes_blocks_of_its_own_private_range(
    ec2: Any, patched: None, primary: str, block: str, taken: bool
) -> None:
    """Amazon VPC's guide, "IPv4 CIDR block association restrictions"."""
    vpc = ec2.create_vpc(primary)
    if taken:
        ec2.associate_vpc_cidr_block(vpc.id, block, False)
        return
    with pytest.raises(EC2ClientError, match="is restricted"):
        ec2.associate_vpc_cidr_block(vpc.id, block, False)


def test_a_route_table_leads_to_one_endpoint_of_a_service(ec2: Any, patched: None) -> None:
    """Amazon VPC's guide, "Gateway endpoints": a second one is answered with RouteAlreadyExists."""
    vpc = ec2.create_vpc("10.0.0.0/16")
    table = ec2.create_route_table(vpc.id).id
    services = ("s3", "s3", "dynamodb")
    first, second, other = (
        ec2.create_vpc_endpoint(vpc.id, f"com.amazonaws.us-west-2.{service}", "Gateway", None, []).id
        for service in services
    )
    add = {"policy_doc": None, "add_subnets": None, "remove_subnets": None, "remove_route_tables": None}
    groups = {"add_security_groups": None, "remove_security_groups": None}
    ec2.modify_vpc_endpoint(first, **add, add_route_tables=[table], **groups)
    ec2.modify_vpc_endpoint(other, **add, add_route_tables=[table], **groups)
    with pytest.raises(EC2ClientError, match=f"{table} already has a route"):
        ec2.modify_vpc_endpoint(second, **add, add_route_tables=[table], **groups)
