# Generated from hp_tf/layers/security/definition.py by `hptf synth`; edit there.

locals {
  group_name        = coalesce(var.security_group_name, "${var.name}-hyperpod")
  security_group_id = var.create_security_group ? aws_security_group.this[0].id : var.security_group_id
  present_rules     = var.present_rules == null ? [] : var.present_rules

  # What FSx for OpenZFS listens on, by TCP and UDP.
  nfs_ports = {
    rpc   = { from = 111, to = 111 }
    nfs   = { from = 2049, to = 2049 }
    mount = { from = 20001, to = 20003 }
  }

  vpc_cidr_blocks = var.vpc_cidr_blocks == null ? {} : var.vpc_cidr_blocks

  nfs_rules = {
    for part in setproduct(
      var.openzfs_security_group_ids, keys(local.vpc_cidr_blocks), ["tcp", "udp"], keys(local.nfs_ports)
    ) :
    join("-", part) => {
      group    = part[0]
      block    = part[1]
      protocol = part[2]
      ports    = local.nfs_ports[part[3]]
    }
  }
}

# What carries it is given another one before it goes: EC2 deletes none that is carried.
resource "aws_security_group" "this" {
  # checkov:skip=CKV2_AWS_5: Other modules attach it, to the cluster, its nodes and the file system

  count = var.create_security_group ? 1 : 0

  description = "HyperPod nodes of ${var.name}: EFA and Lustre among themselves, and the way out."
  name        = local.group_name
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = local.group_name })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "self" {
  count = contains(local.present_rules, "ingress_self") ? 0 : 1

  description                  = "Everything between the nodes: EFA needs all protocols."
  ip_protocol                  = "-1"
  referenced_security_group_id = local.security_group_id
  security_group_id            = local.security_group_id
  tags                         = merge(var.tags, { Name = "${var.name}-ingress-self" })
}

resource "aws_vpc_security_group_ingress_rule" "lustre" {
  count = contains(local.present_rules, "ingress_lustre") ? 0 : 1

  description                  = "Lustre."
  from_port                    = 988
  ip_protocol                  = "tcp"
  referenced_security_group_id = local.security_group_id
  security_group_id            = local.security_group_id
  to_port                      = 988
  tags                         = merge(var.tags, { Name = "${var.name}-ingress-lustre" })
}

resource "aws_vpc_security_group_ingress_rule" "lustre_data" {
  count = contains(local.present_rules, "ingress_lustre_data") ? 0 : 1

  description                  = "Lustre, among its clients and servers."
  from_port                    = 1018
  ip_protocol                  = "tcp"
  referenced_security_group_id = local.security_group_id
  security_group_id            = local.security_group_id
  to_port                      = 1023
  tags                         = merge(var.tags, { Name = "${var.name}-ingress-lustre-data" })
}

resource "aws_vpc_security_group_egress_rule" "self" {
  count = contains(local.present_rules, "egress_self") ? 0 : 1

  description                  = "Everything between the nodes: EFA wants this rule beside the one to anywhere."
  ip_protocol                  = "-1"
  referenced_security_group_id = local.security_group_id
  security_group_id            = local.security_group_id
  tags                         = merge(var.tags, { Name = "${var.name}-egress-self" })
}

resource "aws_vpc_security_group_egress_rule" "anywhere" {
  count = contains(local.present_rules, "egress_anywhere") ? 0 : 1

  cidr_ipv4         = "0.0.0.0/0"
  description       = "AWS services, registries and package repositories."
  ip_protocol       = "-1"
  security_group_id = local.security_group_id
  tags              = merge(var.tags, { Name = "${var.name}-egress-anywhere" })
}

resource "aws_vpc_security_group_ingress_rule" "nfs" {
  for_each = local.nfs_rules

  cidr_ipv4         = local.vpc_cidr_blocks[each.value.block]
  description       = "NFS from block ${each.value.block}."
  from_port         = each.value.ports.from
  ip_protocol       = each.value.protocol
  security_group_id = each.value.group
  to_port           = each.value.ports.to
  tags              = merge(var.tags, { Name = "${var.name}-nfs-${each.key}" })
}

resource "aws_vpc_security_group_ingress_rule" "ssh" {
  for_each = toset(var.ssh_cidr_blocks)

  cidr_ipv4         = each.key
  description       = "SSH from ${each.key}."
  from_port         = 22
  ip_protocol       = "tcp"
  security_group_id = local.security_group_id
  to_port           = 22
  tags              = merge(var.tags, { Name = "${var.name}-ssh-${each.key}" })
}

resource "aws_vpc_security_group_ingress_rule" "ssh_of_group" {
  for_each = toset(var.ssh_security_group_ids)

  description                  = "SSH from members of ${each.key}."
  from_port                    = 22
  ip_protocol                  = "tcp"
  referenced_security_group_id = each.key
  security_group_id            = local.security_group_id
  to_port                      = 22
  tags                         = merge(var.tags, { Name = "${var.name}-ssh-${each.key}" })
}
