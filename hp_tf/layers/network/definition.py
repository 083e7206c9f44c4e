"""The network module: a VPC, its subnets, the way out, and flow logs."""

from __future__ import annotations

from cdktn_provider_aws.data_aws_vpc import DataAwsVpc
from cdktn_provider_aws.default_security_group import DefaultSecurityGroup
from cdktn_provider_aws.eip import Eip
from cdktn_provider_aws.flow_log import FlowLog
from cdktn_provider_aws.iam_role_policy import IamRolePolicy
from cdktn_provider_aws.internet_gateway import InternetGateway
from cdktn_provider_aws.nat_gateway import NatGateway
from cdktn_provider_aws.route import Route
from cdktn_provider_aws.route_table import RouteTable
from cdktn_provider_aws.route_table_association import RouteTableAssociation
from cdktn_provider_aws.subnet import Subnet
from cdktn_provider_aws.vpc import Vpc
from cdktn_provider_aws.vpc_ipv4_cidr_block_association import VpcIpv4CidrBlockAssociation

from hp_tf.contract.addresses import PRIVATE_BITS, PUBLIC_BITS
from hp_tf.synth.module import Module
from hp_tf.synth.roles import log_group, role
from hp_tf.synth.snippets import tags

ANYWHERE = "0.0.0.0/0"
ZONES = "${local.zones}"
PUBLIC_ZONES = "${local.public_zones}"


def define(module: Module) -> None:
    """Write the module."""
    _plan(module)
    _vpc(module)
    gateway = _public(module)
    nat = _nat(module, gateway)
    _private(module, nat)
    _flow_logs(module)

    module.output("vpc_id", "${local.vpc_id}")
    module.output("vpc_cidr", "${var.vpc_cidr}")
    module.output("vpc_cidr_blocks", "${local.vpc_cidr_blocks}")


def _plan(module: Module) -> None:
    """Compute zones and blocks from the inputs alone, so that every key is known at plan."""
    module.local("zones", "toset(var.availability_zone_ids)")
    module.local(
        "primary_zone",
        "var.primary_availability_zone_id == null ? var.availability_zone_ids[0] : var.primary_availability_zone_id",
    )
    module.local("public_zones", "toset([for zone in local.zones : zone if var.public_subnets])")
    module.local(
        "zone_numbers",
        '{ for zone in local.zones : zone => tonumber(regex("az([0-9]+)$", zone)[0]) }',
        comment="Blocks follow from a zone's own number, so adding or reordering zones moves none.",
    )
    module.local(
        "public_cidrs",
        "{\n  for zone in local.public_zones : zone => try(var.public_subnet_cidrs[zone], "
        f"cidrsubnet(var.vpc_cidr, {PUBLIC_BITS}, local.zone_numbers[zone]))\n}}",
    )
    module.local(
        "private_cidrs",
        "{\n  for zone in local.zones : zone => try(var.private_subnet_cidrs[zone], "
        f"cidrsubnet(var.private_cidr_range, {PRIVATE_BITS}, local.zone_numbers[zone]))\n}}",
    )
    module.local("vpc_cidr_blocks", "merge(var.further_vpc_cidrs, local.private_cidrs, { primary = var.vpc_cidr })")
    module.local(
        "nat_zones",
        "toset([\n  for zone in local.zones : zone\n"
        '  if var.nat == "per_az" || (var.nat == "single" && zone == local.primary_zone)\n])',
        comment="Zones that a NAT gateway is made in.",
    )


def _vpc(module: Module) -> None:
    vpc = Vpc(
        module,
        "vpc.this",
        cidr_block=module.ref("vpc_cidr"),
        enable_dns_support=True,
        enable_dns_hostnames=True,
        tags=tags(module, module.ref("name")),
    )
    module.count(vpc, "${var.create_vpc ? 1 : 0}")

    given = DataAwsVpc(module, "data.given", id=module.ref("vpc_id"))
    module.count(given, "${var.create_vpc ? 0 : 1}")
    module.postcondition(
        given,
        "${self.cidr_block == var.vpc_cidr}",
        "The primary block of VPC ${self.id} is ${self.cidr_block}; vpc_cidr must be the same.",
    )
    module.postcondition(
        given,
        "${self.enable_dns_support && self.enable_dns_hostnames}",
        "VPC ${self.id} must have DNS support and DNS hostnames on, for its private endpoints to be found.",
    )
    module.check(
        "vpc_cidr_blocks",
        "${alltrue([\n  for given in data.aws_vpc.given : length(setsubtract(\n"
        "    given.cidr_block_associations[*].cidr_block, values(local.vpc_cidr_blocks)\n  )) == 0\n])}",
        "The given VPC has further blocks: name those in further_vpc_cidrs whose clients use interface endpoints.",
    )
    module.local("vpc_id", "var.create_vpc ? aws_vpc.this[0].id : data.aws_vpc.given[0].id")

    # A VPC comes with a security group that lets its members talk to each other; nothing here is meant to use it.
    default = DefaultSecurityGroup(
        module,
        "default_security_group.this",
        vpc_id="${local.vpc_id}",
        tags=tags(module, "${var.name}-unused"),
    )
    module.count(default, "${var.create_vpc ? 1 : 0}")


def _public(module: Module) -> InternetGateway:
    """Write the public subnets and their route; return the internet gateway."""
    gateway = InternetGateway(
        module, "internet_gateway.this", vpc_id="${local.vpc_id}", tags=tags(module, module.ref("name"))
    )
    module.count(gateway, "${var.create_vpc && var.public_subnets ? 1 : 0}")

    table = RouteTable(module, "route_table.public", vpc_id="${local.vpc_id}", tags=tags(module, "${var.name}-public"))
    module.count(table, "${var.public_subnets ? 1 : 0}")
    route = Route(
        module,
        "route.internet",
        route_table_id="${aws_route_table.public[0].id}",
        destination_cidr_block=ANYWHERE,
        gateway_id="${var.create_vpc ? aws_internet_gateway.this[0].id : var.internet_gateway_id}",
    )
    module.count(route, "${var.public_subnets ? 1 : 0}")

    subnet = Subnet(
        module,
        "subnet.public",
        vpc_id="${local.vpc_id}",
        availability_zone_id="${each.key}",
        cidr_block="${local.public_cidrs[each.key]}",
        tags=module.mapping(_subnet_tags("public", "kubernetes.io/role/elb")),
    )
    module.for_each(subnet, PUBLIC_ZONES)
    association = RouteTableAssociation(
        module,
        "route_table_association.public",
        subnet_id="${aws_subnet.public[each.key].id}",
        route_table_id="${aws_route_table.public[0].id}",
    )
    module.for_each(association, PUBLIC_ZONES)
    module.made_first(subnet, association)

    module.output(
        "public_subnet_ids",
        "${{ for zone, subnet in aws_subnet.public : zone => subnet.id }}",
        depends_on=[route, association],
    )
    module.output(
        "internet_gateway_id",
        "${var.create_vpc ? one(aws_internet_gateway.this[*].id) : var.internet_gateway_id}",
    )
    module.output("public_route_table_id", "${one(aws_route_table.public[*].id)}", depends_on=[route])
    return gateway


def _nat(module: Module, gateway: InternetGateway) -> NatGateway:
    """Write the NAT gateways and the map of which zone uses which."""
    address = Eip(
        module,
        "eip.nat",
        domain="vpc",
        # An address of the region cannot be used in a Local Zone: usw2-lax1-az1 is of the group us-west-2-lax-1.
        network_border_group='${try(format("%s-%s-%s", var.region, '
        'regex("^[a-z]+[0-9]-([a-z]+)([0-9])-az", each.key)...), null)}',
        tags=tags(module, "${var.name}-nat-${each.key}"),
    )
    module.for_each(
        address, "${toset([for zone in local.nat_zones : zone if !contains(keys(var.nat_allocation_ids), zone)])}"
    )
    module.depends_on(address, [gateway])
    nat = NatGateway(
        module,
        "nat_gateway.this",
        allocation_id="${try(var.nat_allocation_ids[each.key], aws_eip.nat[each.key].id)}",
        subnet_id="${aws_subnet.public[each.key].id}",
        tags=tags(module, "${var.name}-${each.key}"),
    )
    module.for_each(nat, "${local.nat_zones}")
    module.made_first(address, nat)
    module.comment(nat, "Routes move to another one before it goes; a new one in another subnet needs another address.")
    address.add_override("lifecycle.replace_triggered_by", ["aws_subnet.public[each.key].id"])
    # Without the route a NAT gateway is made, and fails.
    module.depends_on(nat, ["aws_route.internet", "aws_route_table_association.public"])

    module.local("routed_zones", 'toset([for zone in local.zones : zone if var.nat != "none"])')
    module.local(
        "nat_gateway_ids",
        "{\n  for zone in local.routed_zones : zone => (\n"
        '    var.nat == "existing"\n'
        "    ? try(var.nat_gateway_ids[zone], var.nat_gateway_ids[local.primary_zone])\n"
        '    : aws_nat_gateway.this[var.nat == "single" ? local.primary_zone : zone].id\n'
        "  )\n}",
        comment="The NAT gateway that each zone's private subnet goes out by.",
    )
    module.output("nat_gateway_ids", "${local.nat_gateway_ids}")
    module.output("nat_public_ips", "${{ for zone, address in aws_eip.nat : zone => address.public_ip }}")
    module.output("private_subnet_cidrs", "${local.private_cidrs}")
    module.output("public_subnet_cidrs", "${local.public_cidrs}")
    return nat


def _private(module: Module, nat: NatGateway) -> None:
    association = VpcIpv4CidrBlockAssociation(
        module,
        "vpc_ipv4_cidr_block_association.private",
        vpc_id="${local.vpc_id}",
        cidr_block="${local.private_cidrs[each.key]}",
    )
    module.for_each(association, "${toset([for zone in local.zones : zone if var.associate_private_cidrs])}")
    module.local(
        "private_ranges",
        """{
  for block in distinct(concat([var.vpc_cidr], values(local.private_cidrs))) : block => one([
    for range in ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] : range
    if cidrhost("${split("/", block)[0]}/${split("/", range)[1]}", 0) == cidrhost(range, 0)
  ])
}""",
        comment="The private range that a block is of, null for others.",
    )
    module.local("added_ranges", "{ for zone, block in local.private_cidrs : zone => local.private_ranges[block] }")
    module.precondition(
        association,
        "${local.added_ranges[each.key] == null || local.added_ranges[each.key] == local.private_ranges[var.vpc_cidr]}",
        "AWS adds no block of another private range than vpc_cidr's to a VPC: take one of it, or of 100.64.0.0/10.",
    )
    subnet = Subnet(
        module,
        "subnet.private",
        vpc_id="${local.vpc_id}",
        availability_zone_id="${each.key}",
        cidr_block="${local.private_cidrs[each.key]}",
        tags=module.mapping(_subnet_tags("private", "kubernetes.io/role/internal-elb")),
    )
    module.for_each(subnet, ZONES)
    # The block is there before the subnet, and goes after it.
    module.depends_on(subnet, [association])
    table = RouteTable(
        module, "route_table.private", vpc_id="${local.vpc_id}", tags=tags(module, "${var.name}-private-${each.key}")
    )
    module.for_each(table, ZONES)
    joined = RouteTableAssociation(
        module,
        "route_table_association.private",
        subnet_id="${aws_subnet.private[each.key].id}",
        route_table_id="${aws_route_table.private[each.key].id}",
    )
    module.for_each(joined, ZONES)
    route = Route(
        module,
        "route.nat",
        route_table_id="${aws_route_table.private[each.key].id}",
        destination_cidr_block=ANYWHERE,
        nat_gateway_id="${local.nat_gateway_ids[each.key]}",
    )
    module.for_each(route, "${local.routed_zones}")
    module.made_first(association, subnet, table, joined)
    module.local(
        "private_routes",
        "merge([\n  for zone in local.zones : {\n"
        '    for name, route in var.private_routes : "${zone}:${name}" => merge(route, { zone = zone })\n'
        "  }\n]...)",
        comment="Further routes, by zone and name: every private subnet has a table of its own.",
    )
    further = Route(
        module,
        "route.private",
        route_table_id="${aws_route_table.private[each.value.zone].id}",
        destination_cidr_block="${each.value.destination_cidr_block}",
        transit_gateway_id="${each.value.transit_gateway_id}",
        vpc_peering_connection_id="${each.value.vpc_peering_connection_id}",
        gateway_id="${each.value.vpn_gateway_id}",
        network_interface_id="${each.value.network_interface_id}",
    )
    module.for_each(further, "${local.private_routes}")

    usable = [joined, route, further, nat]
    module.output(
        "private_subnet_ids",
        "${{ for zone, subnet in aws_subnet.private : zone => subnet.id }}",
        depends_on=usable,
    )
    module.output("private_route_table_ids", "${{ for zone, table in aws_route_table.private : zone => table.id }}")
    module.output("primary_availability_zone_id", "${local.primary_zone}")
    module.output("primary_private_subnet_id", "${aws_subnet.private[local.primary_zone].id}", depends_on=usable)


def _subnet_tags(kind: str, role: str) -> str:
    """Return the tags of a kind of subnets; the user's own win but for the name."""
    return (
        f'${{merge(var.tags, {{ "{role}" = "1" }}, var.{kind}_subnet_tags, {{\n'
        f'  Name = "${{var.name}}-{kind}-${{each.key}}"\n}})}}'
    )


def _flow_logs(module: Module) -> None:
    to_group = '${var.flow_logs == "cloudwatch" ? 1 : 0}'
    name = module.name("flow_logs_group")
    group = log_group(module, "cloudwatch_log_group.flow_logs", name, "flow_log_retention_days", "kms_key_arn")
    module.count(group, to_group)
    description = "Lets VPC flow logs of ${var.name} be written to CloudWatch Logs."
    service = "vpc-flow-logs.amazonaws.com"
    writer = role(module, "iam_role.flow_logs", "flow_logs_role", service, description, for_account=True)
    module.count(writer, to_group)
    policy = IamRolePolicy(
        module,
        "iam_role_policy.flow_logs",
        name="write",
        role="${aws_iam_role.flow_logs[0].name}",
        policy="""${jsonencode({
  Version = "2012-10-17"
  Statement = [
    {
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.flow_logs[0].arn}:*"
    },
    {
      Effect   = "Allow"
      Action   = "logs:DescribeLogGroups"
      Resource = "*"
    },
  ]
})}""",
    )
    module.count(policy, to_group)
    log = FlowLog(
        module,
        "flow_log.this",
        vpc_id="${local.vpc_id}",
        traffic_type=module.ref("flow_log_traffic"),
        log_destination_type='${var.flow_logs == "s3" ? "s3" : "cloud-watch-logs"}',
        log_destination='${var.flow_logs == "s3" ? var.flow_log_bucket_arn : '
        "aws_cloudwatch_log_group.flow_logs[0].arn}",
        iam_role_arn="${one(aws_iam_role.flow_logs[*].arn)}",
        tags=tags(module, module.ref("name")),
    )
    module.count(log, '${var.flow_logs == "none" ? 0 : 1}')
    module.depends_on(log, [policy])
