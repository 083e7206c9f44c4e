# Generated from hp_tf/layers/eks/definition.py by `hptf synth`; edit there.

locals {
  cluster_name = coalesce(var.cluster_name, "${var.name}-eks")

  # What a /28 adds to the VPC's prefix.
  bits = 28 - tonumber(split("/", var.vpc_cidr)[1])

  # By the zone's own number, from the end of the VPC's range: adding a zone moves no other.
  subnet_cidrs = {
    for zone in var.availability_zone_ids : zone => (
      contains(keys(var.subnet_cidrs), zone) ? var.subnet_cidrs[zone] :
      cidrsubnet(var.vpc_cidr, local.bits, pow(2, local.bits) - 16 + tonumber(regex("[0-9]+$", zone)))
    ) if var.create_subnets
  }

  subnet_ids      = merge(var.subnet_ids, { for zone, subnet in aws_subnet.control_plane : zone => subnet.id })
  encryption_keys = var.secrets_encryption == "created_key" ? aws_kms_key.secrets[*].arn : compact([var.kms_key_arn])

  # One element per entry and policy, by the names they have in access_entries.
  access_policies = merge([
    for entry, access in var.access_entries : {
      for name, given in access.policies : "${entry}/${name}" => {
        entry      = entry
        namespaces = given.namespaces
        policy_arn = startswith(given.policy, "arn:") ? given.policy : "${local.policies}/${given.policy}"
      }
    }
  ]...)

  policies = "arn:${var.partition}:eks::aws:cluster-access-policy"
}

# For the control plane's network interfaces alone. Without the tag of internal load balancers:
# a /28 has no room for them, and its route table leads nowhere.
resource "aws_subnet" "control_plane" {
  for_each = local.subnet_cidrs

  availability_zone_id = each.key
  cidr_block           = each.value
  vpc_id               = var.vpc_id
  tags                 = merge(var.tags, { Name = "${var.name}-eks-${each.key}" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route_table" "control_plane" {
  for_each = local.subnet_cidrs

  vpc_id = var.vpc_id
  tags   = merge(var.tags, { Name = "${var.name}-eks-${each.key}" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_route_table_association" "control_plane" {
  for_each = local.subnet_cidrs

  route_table_id = aws_route_table.control_plane[each.key].id
  subnet_id      = aws_subnet.control_plane[each.key].id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_iam_role" "this" {
  description           = "Control plane of the EKS cluster of ${var.name}."
  force_detach_policies = true
  name                  = "${var.name}-eks-${var.region}"
  path                  = var.role_path
  permissions_boundary  = var.permissions_boundary_arn
  tags                  = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = "sts:AssumeRole"
      Principal = {
        Service = "eks.amazonaws.com"
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

resource "aws_iam_role_policy_attachment" "cluster" {
  policy_arn = "arn:${var.partition}:iam::aws:policy/AmazonEKSClusterPolicy"
  role       = aws_iam_role.this.name
}

# Before the cluster: EKS would make it itself, without a retention.
resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_338: How long logs are kept is the caller's choice, log_retention_days

  kms_key_id        = var.log_kms_key_arn
  name              = "/aws/eks/${local.cluster_name}/cluster"
  retention_in_days = var.log_retention_days
  tags              = var.tags
}

resource "aws_kms_key" "secrets" {
  count = var.secrets_encryption == "created_key" ? 1 : 0

  deletion_window_in_days = var.kms_key_deletion_window_days
  description             = "Kubernetes secrets of the EKS cluster of ${var.name}."
  enable_key_rotation     = true
  tags                    = var.tags

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid    = "Account"
      Effect = "Allow"
      Principal = {
        AWS = "arn:${var.partition}:iam::${var.account_id}:root"
      }
      Action   = "kms:*"
      Resource = "*"
    }]
  })
}

resource "aws_kms_alias" "secrets" {
  count = var.secrets_encryption == "created_key" ? 1 : 0

  name          = "alias/${local.cluster_name}-secrets"
  target_key_id = aws_kms_key.secrets[0].key_id
}

# What is bootstrapped counts at creation only, and EKS does not tell it afterwards: without ignore_changes
# a cluster that is imported would be replaced.
resource "aws_eks_cluster" "this" {
  # checkov:skip=CKV_AWS_38: Whether and for whom the API server is public is the caller's choice, public_access_cidrs
  # checkov:skip=CKV_AWS_39: Whether and for whom the API server is public is the caller's choice, endpoint_public_access
  # checkov:skip=CKV_AWS_58: EKS encrypts secrets with its own key where secrets_encryption names no other

  bootstrap_self_managed_addons = var.bootstrap_self_managed_addons
  enabled_cluster_log_types     = var.log_types
  name                          = local.cluster_name
  role_arn                      = aws_iam_role.this.arn
  version                       = var.kubernetes_version
  tags                          = var.tags

  access_config {
    authentication_mode                         = var.authentication_mode
    bootstrap_cluster_creator_admin_permissions = var.bootstrap_cluster_creator_admin_permissions
  }

  upgrade_policy {
    support_type = var.support_type
  }

  vpc_config {
    endpoint_private_access = var.endpoint_private_access
    endpoint_public_access  = var.endpoint_public_access
    public_access_cidrs     = var.endpoint_public_access ? var.public_access_cidrs : null
    security_group_ids      = concat([var.security_group_id], var.additional_security_group_ids)
    subnet_ids              = [for zone in var.availability_zone_ids : local.subnet_ids[zone]]
  }

  dynamic "encryption_config" {
    for_each = var.secrets_encryption == "aws_owned_key" ? [] : ["secrets"]

    content {
      resources = [encryption_config.value]

      provider {
        key_arn = one(local.encryption_keys)
      }
    }
  }

  dynamic "kubernetes_network_config" {
    for_each = var.service_ipv4_cidr == null ? [] : [var.service_ipv4_cidr]

    content {
      service_ipv4_cidr = kubernetes_network_config.value
    }
  }

  lifecycle {
    ignore_changes = [
      bootstrap_self_managed_addons,
      access_config[0].bootstrap_cluster_creator_admin_permissions,
    ]

    postcondition {
      condition     = try(self.access_config[0].bootstrap_cluster_creator_admin_permissions, null) != true || var.bootstrap_cluster_creator_admin_permissions
      error_message = "bootstrap_cluster_creator_admin_permissions is fixed at creation: leave it true, and delete the entry."
    }
  }

  depends_on = [
    aws_route_table_association.control_plane,
    aws_iam_role_policy_attachment.cluster,
    aws_cloudwatch_log_group.this,
  ]
}

# Only add-ons that become active without nodes: CoreDNS and the like come after the nodes.
# Here as below: what EKS deletes with the cluster is made anew with it, though its name stays the same.
resource "aws_eks_addon" "this" {
  for_each = var.addons

  addon_name                  = each.key
  addon_version               = each.value.addon_version
  cluster_name                = aws_eks_cluster.this.name
  configuration_values        = each.value.configuration_values
  preserve                    = each.value.preserve
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
  service_account_role_arn    = each.value.service_account_role_arn
  tags                        = var.tags

  dynamic "pod_identity_association" {
    for_each = each.value.pod_identity_roles

    content {
      role_arn        = pod_identity_association.value
      service_account = pod_identity_association.key
    }
  }

  lifecycle {
    replace_triggered_by = [aws_eks_cluster.this.created_at]
  }
}

resource "aws_eks_access_entry" "this" {
  for_each = var.access_entries

  cluster_name      = aws_eks_cluster.this.name
  kubernetes_groups = each.value.type == "STANDARD" ? each.value.kubernetes_groups : null
  principal_arn     = each.value.principal_arn
  type              = each.value.type
  user_name         = each.value.user_name
  tags              = var.tags

  lifecycle {
    replace_triggered_by = [aws_eks_cluster.this.created_at]
  }
}

resource "aws_eks_access_policy_association" "this" {
  for_each = local.access_policies

  cluster_name  = aws_eks_cluster.this.name
  policy_arn    = each.value.policy_arn
  principal_arn = aws_eks_access_entry.this[each.value.entry].principal_arn

  access_scope {
    namespaces = length(each.value.namespaces) == 0 ? null : each.value.namespaces
    type       = length(each.value.namespaces) == 0 ? "cluster" : "namespace"
  }

  lifecycle {
    replace_triggered_by = [aws_eks_cluster.this.created_at]
  }
}

resource "aws_vpc_security_group_ingress_rule" "private_access" {
  for_each = var.private_access_cidrs

  cidr_ipv4         = each.value
  description       = "Kubernetes API from ${each.key}."
  from_port         = 443
  ip_protocol       = "tcp"
  security_group_id = aws_eks_cluster.this.vpc_config[0].cluster_security_group_id
  to_port           = 443
  tags              = merge(var.tags, { Name = "${var.name}-eks-api-${each.key}" })
}

check "bootstrap_addons" {
  assert {
    condition     = !aws_eks_cluster.this.bootstrap_self_managed_addons || var.bootstrap_self_managed_addons
    error_message = "The cluster was made with bootstrap_self_managed_addons, or imported, and false has no effect on it any more."
  }
}

check "public_access_nodes" {
  assert {
    condition = var.endpoint_private_access || contains(var.public_access_cidrs, "0.0.0.0/0")

    error_message = join("", [
      "Without the private endpoint the nodes reach the API server by their way out: public_access_cidrs narrower than 0.0.0.0/0 must hold the ",
      "addresses of the NAT gateways."
    ])
  }
}

check "version_extended" {
  assert {
    condition     = !contains(["1.28", "1.29", "1.30", "1.31", "1.32", "1.33"], var.kubernetes_version)
    error_message = "EKS has ended standard support of this Kubernetes version: extended support costs more, and at its end EKS updates the cluster by itself."
  }
}

check "version_hyperpod" {
  assert {
    condition     = contains(["1.28", "1.29", "1.30", "1.31", "1.32", "1.33", "1.34"], var.kubernetes_version)
    error_message = "HyperPod is documented for Kubernetes 1.28 to 1.34 (read on 2026-12-01)."
  }
}

check "addons_need_nodes" {
  assert {
    condition = length(
      setintersection(
        keys(var.addons),
        [
          "adot",
          "amazon-cloudwatch-observability",
          "amazon-sagemaker-hyperpod-inference",
          "amazon-sagemaker-hyperpod-observability",
          "amazon-sagemaker-hyperpod-taskgovernance",
          "amazon-sagemaker-hyperpod-training-operator",
          "aws-ebs-csi-driver",
          "aws-efs-csi-driver",
          "aws-fsx-csi-driver",
          "aws-mountpoint-s3-csi-driver",
          "aws-privateca-connector-for-kubernetes",
          "cert-manager",
          "coredns",
          "external-dns",
          "kube-state-metrics",
          "metrics-server",
          "snapshot-controller"
        ]
      )
    ) == 0

    error_message = join("", [
      "addons holds only what becomes active without nodes. CoreDNS, controllers, operators and CSI drivers never would, and the apply would ",
      "wait 20 minutes; they come after the nodes."
    ])
  }
}
