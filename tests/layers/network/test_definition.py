from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from hp_tf.contract.addresses import PRIVATE_BITS, PUBLIC_BITS, zone_blocks
from tests.layers.evaluation import arguments
from tests.layers.planning import LOCAL, NAT, ONE, OTHER_NAT, THREE, TWO, settings

pytestmark = [pytest.mark.slow, pytest.mark.synth]


def at(name: str, *keys: str) -> set[str]:
    return {f'{name}["{key}"]' for key in keys}


def test_adding_a_zone_only_adds() -> None:
    two, three = settings()["two"], settings()["three"]
    assert set(two.resources) < set(three.resources)
    assert {address: three.resources[address] for address in two.resources} == two.resources
    added = set(three.resources) - set(two.resources)
    assert len(added) == 7
    assert all(address.endswith(f'["{THREE}"]') for address in added)


def test_the_order_of_zones_means_nothing() -> None:
    assert settings()["reordered"] == settings()["two"]


def test_blocks_are_those_the_rules_check() -> None:
    zones = [ONE, TWO, THREE]
    private = zone_blocks(zones, {}, IPv4Network("10.0.0.0/12"), PRIVATE_BITS)
    public = zone_blocks(zones, {}, IPv4Network("10.192.0.0/16"), PUBLIC_BITS)
    subnets = settings()["three"].of("subnet")
    for zone in zones:
        assert subnets[f'private["{zone}"]']["cidr_block"] == str(private[zone])
        assert subnets[f'public["{zone}"]']["cidr_block"] == str(public[zone])
        assert subnets[f'private["{zone}"]']["availability_zone_id"] == zone
    associated = settings()["three"].of("vpc_ipv4_cidr_block_association")
    assert {name: value["cidr_block"] for name, value in associated.items()} == {
        f'private["{zone}"]': str(private[zone]) for zone in zones
    }


def test_a_vpc_has_dns_and_a_default_group_without_rules() -> None:
    two = settings()["two"]
    vpc = two.resources["aws_vpc.this[0]"]
    assert (vpc["enable_dns_support"], vpc["enable_dns_hostnames"]) == (True, True)
    assert vpc["cidr_block"] == "10.192.0.0/16"
    group = two.resources["aws_default_security_group.this[0]"]
    assert (group.get("ingress"), group.get("egress")) == (None, None)


def test_subnets_are_tagged_for_load_balancers() -> None:
    subnets = settings()["two"].of("subnet")
    private, public = subnets[f'private["{ONE}"]']["tags"], subnets[f'public["{ONE}"]']["tags"]
    assert private == {"team": "ml", "Name": f"dev-private-{ONE}", "kubernetes.io/role/internal-elb": "1"}
    assert public == {"team": "ml", "Name": f"dev-public-{ONE}", "kubernetes.io/role/elb": "1"}


def test_a_single_nat_stands_in_the_primary_zone() -> None:
    two = settings()["two"]
    assert set(two.of("nat_gateway")) == at("this", TWO)
    assert set(two.of("eip")) == at("nat", TWO)
    assert set(two.of("route")) == at("nat", ONE, TWO) | {"internet[0]"}


def test_a_nat_for_each_zone() -> None:
    per_az = settings()["per_az"]
    assert set(per_az.of("nat_gateway")) == at("this", ONE, TWO, THREE)
    assert set(per_az.of("eip")) == at("nat", ONE, TWO, THREE)


def test_given_nats_serve_their_zones_or_all() -> None:
    alone = settings()["existing_nat"]
    assert {name: route["nat_gateway_id"] for name, route in alone.of("route").items()} == {
        f'nat["{ONE}"]': NAT,
        f'nat["{TWO}"]': NAT,
    }
    assert alone.outputs["nat_gateway_ids"] == {ONE: NAT, TWO: NAT}
    each = settings()["existing_nats"]
    assert each.outputs["nat_gateway_ids"] == {ONE: OTHER_NAT, TWO: NAT}
    assert not each.of("nat_gateway") and not each.of("internet_gateway")


def test_a_closed_network_has_no_way_out() -> None:
    closed = settings()["closed"]
    kinds = {address.partition(".")[0] for address in closed.resources}
    assert kinds == {
        "aws_vpc",
        "aws_default_security_group",
        "aws_vpc_ipv4_cidr_block_association",
        "aws_subnet",
        "aws_route_table",
        "aws_route_table_association",
    }
    assert closed.outputs["nat_gateway_ids"] == {}
    assert closed.outputs["primary_availability_zone_id"] == ONE


def test_a_local_zone_has_its_own_blocks_and_border_group() -> None:
    local = settings()["local_zone"]
    assert local.of("subnet")[f'private["{LOCAL}"]']["cidr_block"] == "10.9.0.0/16"
    assert local.of("subnet")[f'public["{LOCAL}"]']["cidr_block"] == "10.192.9.0/24"
    assert local.of("eip")[f'nat["{LOCAL}"]']["network_border_group"] == "us-west-2-lax-1"
    # Left to AWS: the region's own.
    assert local.of("eip")[f'nat["{ONE}"]'].get("network_border_group") is None


def test_a_given_vpc_is_only_added_to() -> None:
    given = settings()["given_vpc"]
    kinds = {address.partition(".")[0] for address in given.resources}
    assert kinds == {"aws_subnet", "aws_route_table", "aws_route_table_association", "aws_flow_log"}
    subnet = given.of("subnet")[f'private["{ONE}"]']
    assert subnet["cidr_block"] == "10.50.128.0/17"
    assert subnet["vpc_id"] == given.outputs["vpc_id"] != settings()["two"].outputs.get("vpc_id")
    log = given.resources["aws_flow_log.this[0]"]
    assert (log["log_destination_type"], log["log_destination"]) == ("s3", "arn:aws:s3:::acme-flow-logs")
    blocks = {"primary": "10.50.0.0/16", ONE: "10.50.128.0/17", "offices": "10.60.0.0/16"}
    assert given.outputs["vpc_cidr_blocks"] == blocks
    # Keys are known though the VPC is not read yet.
    https = settings()["given_interfaces"].of("vpc_security_group_ingress_rule")
    assert {name: rule["cidr_ipv4"] for name, rule in https.items() if name.startswith("https")} == {
        f'https["{key}"]': block for key, block in blocks.items()
    }


def test_a_given_vpcs_forgotten_block_is_warned_of() -> None:
    assert settings()["existing_nat"].checks["vpc_cidr_blocks"] == "fail"
    assert settings()["two"].checks["vpc_cidr_blocks"] == "pass"
    assert set(settings()["two"].checks.values()) == {"pass"}


def test_flow_logs_are_delivered_where_the_role_may_write() -> None:
    log = arguments("network", "aws_flow_log.this")
    group = "aws_cloudwatch_log_group.flow_logs[0].arn"
    assert group in log["log_destination"]
    assert log["iam_role_arn"] == "${one(aws_iam_role.flow_logs[*].arn)}"
    assert log["depends_on"] == ["aws_iam_role_policy.flow_logs"]
    policy = arguments("network", "aws_iam_role_policy.flow_logs")
    assert policy["role"] == "${aws_iam_role.flow_logs[0].name}"
    assert f"${{{group}}}:*" in policy["policy"]
    for action in ("logs:CreateLogStream", "logs:PutLogEvents", "logs:DescribeLogGroups", "logs:DescribeLogStreams"):
        assert action in policy["policy"]
    assert "vpc-flow-logs.amazonaws.com" in str(arguments("network", "aws_iam_role.flow_logs"))


def test_flow_logs_to_cloudwatch() -> None:
    one = settings()["one"]
    assert one.resources["aws_cloudwatch_log_group.flow_logs[0]"]["name"] == "/aws/vpc/dev/flow-logs"
    assert one.resources["aws_iam_role.flow_logs[0]"]["name"] == "dev-flow-logs-us-west-2"
    assert one.resources["aws_flow_log.this[0]"]["log_destination_type"] == "cloud-watch-logs"
    assert not settings()["two"].of("flow_log")


def test_keys_of_outputs_are_known_before_anything_exists() -> None:
    outputs = settings()["two"].outputs
    assert outputs["vpc_cidr_blocks"] == {"primary": "10.192.0.0/16", ONE: "10.1.0.0/16", TWO: "10.2.0.0/16"}
    assert outputs["vpc_cidr"] == "10.192.0.0/16"


def test_what_is_public_is_named_where_there_is_any() -> None:
    public = {"internet_gateway_id", "public_route_table_id"}
    closed, two = settings()["closed"].outputs, settings()["two"].outputs
    assert {name: closed[name] for name in public} == dict.fromkeys(public)
    # Known after the apply.
    assert not public & set(two)


def test_a_subnet_waits_for_its_block() -> None:
    waits = arguments("network", "aws_subnet.private")["depends_on"]
    assert waits == ["aws_vpc_ipv4_cidr_block_association.private"]
