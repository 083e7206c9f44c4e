# Generated from hp_tf/layers/network/definition.py by `hptf synth`; edit there.

locals {
  zones        = toset(var.availability_zone_ids)
  primary_zone = var.primary_availability_zone_id == null ? var.availability_zone_ids[0] : var.primary_availability_zone_id
  public_zones = toset([for zone in local.zones : zone if var.public_subnets])

  # Blocks follow from a zone's own number, so adding or reordering zones moves none.
  zone_numbers = { for zone in local.zones : zone => tonumber(regex("az([0-9]+)$", zone)[0]) }

  public_cidrs = {
    for zone in local.public_zones : zone => try(var.public_subnet_cidrs[zone], cidrsubnet(var.vpc_cidr, 8, local.zone_numbers[zone]))
  }

  private_cidrs = {
    for zone in local.zones : zone => try(var.private_subnet_cidrs[zone], cidrsubnet(var.private_cidr_range, 4, local.zone_numbers[zone]))
  }

  vpc_cidr_blocks = merge(var.further_vpc_cidrs, local.private_cidrs, { primary = var.vpc_cidr })

  # Zones that a NAT gateway is made in.
  nat_zones = toset([
    for zone in local.zones : zone
    if var.nat == "per_az" || (var.nat == "single" && zone == local.primary_zone)
  ])

  vpc_id       = var.create_vpc ? aws_vpc.this[0].id : data.aws_vpc.given[0].id
  routed_zones = toset([for zone in local.zones : zone if var.nat != "none"])

  # The NAT gateway that each zone's private subnet goes out by.
  nat_gateway_ids = {
    for zone in local.routed_zones : zone => (
      var.nat == "existing"
      ? try(var.nat_gateway_ids[zone], var.nat_gateway_ids[local.primary_zone])
      : aws_nat_gateway.this[var.nat == "single" ? local.primary_zone : zone].id
    )
  }

  # The private range that a block is of, null for others.
  private_ranges = {
    for block in distinct(concat([var.vpc_cidr], values(local.private_cidrs))) : block => one([
      for range in ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] : range
      if cidrhost("${split("/", block)[0]}/${split("/", range)[1]}", 0) == cidrhost(range, 0)
    ])
  }

  added_ranges = { for zone, block in local.private_cidrs : zone => local.private_ranges[block] }

  # Further routes, by zone and name: every private subnet has a table of its own.
  private_routes = merge([
    for zone in local.zones : {
      for name, route in var.private_routes : "${zone}:${name}" => merge(route, { zone = zone })
    }
  ]...)
}

resource "aws_vpc" "this" {
  count = var.create_vpc ? 1 : 0

  cidr_block           = var.vpc_cidr
  enable_dns_hostnames = true
  enable_dns_support   = true
  tags                 = merge(var.tags, { Name = var.name })
}

data "aws_vpc" "given" {
  count = var.create_vpc ? 0 : 1

  id = var.vpc_id

  lifecycle {
    postcondition {
      condition     = self.cidr_block == var.vpc_cidr
      error_message = "The primary block of VPC ${self.id} is ${self.cidr_block}; vpc_cidr must be the same."
    }

    postcondition {
      condition     = self.enable_dns_support && self.enable_dns_hostnames
      error_message = "VPC ${self.id} must have DNS support and DNS hostnames on, for its private endpoints to be found."
    }
  }
}

resource "aws_default_security_group" "this" {
  count = var.create_vpc ? 1 : 0

  vpc_id = local.vpc_id
  tags   = merge(var.tags, { Name = "${var.name}-unused" })
}

resource "aws_internet_gateway" "this" {
  count = var.create_vpc && var.public_subnets ? 1 : 0

  vpc_id = local.vpc_id
  tags   = merge(var.tags, { Name = var.name })
}

resource "aws_route_table" "public" {
  count = var.public_subnets ? 1 : 0

  vpc_id = local.vpc_id
  tags   = merge(var.tags, { Name = "${var.name}-public" })
}

resource "aws_route" "internet" {
  count = var.public_subnets ? 1 : 0

  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = var.create_vpc ? aws_internet_gateway.this[0].id : var.internet_gateway_id
  route_table_id         = aws_route_table.public[0].id
}

resource "aws_subnet" "public" {
  for_each = local.public_zones

  availability_zone_id = each.key
  cidr_block           = local.public_cidrs[each.key]
  vpc_id               = local.vpc_id

  tags = merge(var.tags, { "kubernetes.io/role/elb" = "1" }, var.public_subnet_tags, {
    Name = "${var.name}-public-${each.key}"
  })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route_table_association" "public" {
  for_each = local.public_zones

  route_table_id = aws_route_table.public[0].id
  subnet_id      = aws_subnet.public[each.key].id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_eip" "nat" {
  for_each = toset([for zone in local.nat_zones : zone if !contains(keys(var.nat_allocation_ids), zone)])

  domain               = "vpc"
  network_border_group = try(format("%s-%s-%s", var.region, regex("^[a-z]+[0-9]-([a-z]+)([0-9])-az", each.key)...), null)
  tags                 = merge(var.tags, { Name = "${var.name}-nat-${each.key}" })

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [aws_subnet.public[each.key].id]
  }

  depends_on = [aws_internet_gateway.this]
}

# Routes move to another one before it goes; a new one in another subnet needs another address.
resource "aws_nat_gateway" "this" {
  for_each = local.nat_zones

  allocation_id = try(var.nat_allocation_ids[each.key], aws_eip.nat[each.key].id)
  subnet_id     = aws_subnet.public[each.key].id
  tags          = merge(var.tags, { Name = "${var.name}-${each.key}" })

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [aws_route.internet, aws_route_table_association.public]
}

resource "aws_vpc_ipv4_cidr_block_association" "private" {
  for_each = toset([for zone in local.zones : zone if var.associate_private_cidrs])

  cidr_block = local.private_cidrs[each.key]
  vpc_id     = local.vpc_id

  lifecycle {
    create_before_destroy = true

    precondition {
      condition     = local.added_ranges[each.key] == null || local.added_ranges[each.key] == local.private_ranges[var.vpc_cidr]
      error_message = "AWS adds no block of another private range than vpc_cidr's to a VPC: take one of it, or of 100.64.0.0/10."
    }
  }
}

resource "aws_subnet" "private" {
  for_each = local.zones

  availability_zone_id = each.key
  cidr_block           = local.private_cidrs[each.key]
  vpc_id               = local.vpc_id

  tags = merge(var.tags, { "kubernetes.io/role/internal-elb" = "1" }, var.private_subnet_tags, {
    Name = "${var.name}-private-${each.key}"
  })

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [aws_vpc_ipv4_cidr_block_association.private]
}

resource "aws_route_table" "private" {
  for_each = local.zones

  vpc_id = local.vpc_id
  tags   = merge(var.tags, { Name = "${var.name}-private-${each.key}" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route_table_association" "private" {
  for_each = local.zones

  route_table_id = aws_route_table.private[each.key].id
  subnet_id      = aws_subnet.private[each.key].id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route" "nat" {
  for_each = local.routed_zones

  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = local.nat_gateway_ids[each.key]
  route_table_id         = aws_route_table.private[each.key].id
}

resource "aws_route" "private" {
  for_each = local.private_routes

  destination_cidr_block    = each.value.destination_cidr_block
  gateway_id                = each.value.vpn_gateway_id
  network_interface_id      = each.value.network_interface_id
  route_table_id            = aws_route_table.private[each.value.zone].id
  transit_gateway_id        = each.value.transit_gateway_id
  vpc_peering_connection_id = each.value.vpc_peering_connection_id
}

resource "aws_cloudwatch_log_group" "flow_logs" {
  count = var.flow_logs == "cloudwatch" ? 1 : 0

  kms_key_id        = var.kms_key_arn
  name              = "/aws/vpc/${var.name}/flow-logs"
  retention_in_days = var.flow_log_retention_days
  tags              = var.tags
}

resource "aws_iam_role" "flow_logs" {
  count = var.flow_logs == "cloudwatch" ? 1 : 0

  description           = "Lets VPC flow logs of ${var.name} be written to CloudWatch Logs."
  force_detach_policies = true
  name                  = "${var.name}-flow-logs-${var.region}"
  path                  = var.role_path
  permissions_boundary  = var.permissions_boundary_arn
  tags                  = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = "sts:AssumeRole"
      Principal = {
        Service = "vpc-flow-logs.amazonaws.com"
      }
      Condition = {
        StringEquals = {
          "aws:SourceAccount" = var.account_id
        }
      }
    }]
  })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_iam_role_policy" "flow_logs" {
  count = var.flow_logs == "cloudwatch" ? 1 : 0

  name = "write"
  role = aws_iam_role.flow_logs[0].name

  policy = jsonencode({
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
  })
}

resource "aws_flow_log" "this" {
  count = var.flow_logs == "none" ? 0 : 1

  iam_role_arn         = one(aws_iam_role.flow_logs[*].arn)
  log_destination      = var.flow_logs == "s3" ? var.flow_log_bucket_arn : aws_cloudwatch_log_group.flow_logs[0].arn
  log_destination_type = var.flow_logs == "s3" ? "s3" : "cloud-watch-logs"
  traffic_type         = var.flow_log_traffic
  vpc_id               = local.vpc_id
  tags                 = merge(var.tags, { Name = var.name })

  depends_on = [aws_iam_role_policy.flow_logs]
}

check "vpc_cidr_blocks" {
  assert {
    error_message = "The given VPC has further blocks: name those in further_vpc_cidrs whose clients use interface endpoints."

    condition = alltrue([
      for given in data.aws_vpc.given : length(setsubtract(
        given.cidr_block_associations[*].cidr_block, values(local.vpc_cidr_blocks)
      )) == 0
    ])
  }
}

check "zones_quota" {
  assert {
    condition     = length(var.availability_zone_ids) <= 4 || !var.associate_private_cidrs
    error_message = "Five zones need six CIDR blocks, and a VPC's default quota is five: raise it first."
  }
}
