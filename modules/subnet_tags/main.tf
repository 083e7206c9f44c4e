# Generated from hp_tf/layers/subnet_tags/definition.py by `hptf synth`; edit there.

locals {
  private_tags = merge([
    for zone, subnet in var.private_subnet_ids : {
      for key, value in var.private_subnet_tags : "${zone}:${key}" => { subnet = subnet, key = key, value = value }
    }
  ]...)

  public_tags = merge([
    for zone, subnet in(var.public_subnet_ids == null ? {} : var.public_subnet_ids) : {
      for key, value in var.public_subnet_tags : "${zone}:${key}" => { subnet = subnet, key = key, value = value }
    }
  ]...)
}

resource "aws_ec2_tag" "private" {
  for_each = local.private_tags

  key         = each.value.key
  resource_id = each.value.subnet
  value       = each.value.value
}

resource "aws_ec2_tag" "public" {
  for_each = local.public_tags

  key         = each.value.key
  resource_id = each.value.subnet
  value       = each.value.value
}
