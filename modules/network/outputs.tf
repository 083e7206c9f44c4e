# Generated from hp_tf/layers/network/definition.py by `hptf synth`; edit there.

output "vpc_id" {
  description = "Id of the VPC."
  value       = local.vpc_id
}

output "vpc_cidr" {
  description = "Primary IPv4 block of the VPC."
  value       = var.vpc_cidr
}

output "vpc_cidr_blocks" {
  description = "IPv4 blocks in use: 'primary' is the VPC's own, a zone id that of the zone's private subnet, other keys are those of further_vpc_cidrs."
  value       = local.vpc_cidr_blocks
}

output "private_subnet_ids" {
  description = "Ids of the private subnets by zone id, usable once their routes exist."
  value       = { for zone, subnet in aws_subnet.private : zone => subnet.id }

  depends_on = [
    aws_route_table_association.private,
    aws_route.nat,
    aws_route.private,
    aws_nat_gateway.this,
  ]
}

output "public_subnet_ids" {
  description = "Ids of the public subnets by zone id."
  value       = { for zone, subnet in aws_subnet.public : zone => subnet.id }

  depends_on = [aws_route.internet, aws_route_table_association.public]
}

output "private_route_table_ids" {
  description = "Ids of the private subnets' route tables by zone id."
  value       = { for zone, table in aws_route_table.private : zone => table.id }
}

output "internet_gateway_id" {
  description = "Id of the internet gateway; null without public subnets."
  value       = var.create_vpc ? one(aws_internet_gateway.this[*].id) : var.internet_gateway_id
}

output "public_route_table_id" {
  description = "Id of the public subnets' route table, once it leads to the internet; null without public subnets."
  value       = one(aws_route_table.public[*].id)

  depends_on = [aws_route.internet]
}

output "nat_gateway_ids" {
  description = "NAT gateway of each private subnet's default route by zone id; empty without NAT."
  value       = local.nat_gateway_ids
}

output "nat_public_ips" {
  description = "Public addresses of the NAT gateways made here by zone id: what others must let in."
  value       = { for zone, address in aws_eip.nat : zone => address.public_ip }
}

output "private_subnet_cidrs" {
  description = "Blocks of the private subnets by zone id."
  value       = local.private_cidrs
}

output "public_subnet_cidrs" {
  description = "Blocks of the public subnets by zone id."
  value       = local.public_cidrs
}

output "primary_availability_zone_id" {
  description = "Id of the primary zone."
  value       = local.primary_zone
}

output "primary_private_subnet_id" {
  description = "Id of the private subnet in the primary zone."
  value       = aws_subnet.private[local.primary_zone].id

  depends_on = [
    aws_route_table_association.private,
    aws_route.nat,
    aws_route.private,
    aws_nat_gateway.this,
  ]
}
