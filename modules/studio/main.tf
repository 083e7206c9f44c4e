# Generated from hp_tf/layers/studio/definition.py by `hptf synth`; edit there.

locals {
  sagemaker  = "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}"
  makes_role = var.execution_role_arn == null
  role_arn   = local.makes_role ? aws_iam_role.this[0].arn : var.execution_role_arn
  domain_id  = var.create_domain ? aws_sagemaker_domain.this[0].id : var.domain_id

  # IAM fills in whose editor asks.
  own_profile = "${local.sagemaker}:user-profile/$${sagemaker:DomainId}/$${sagemaker:UserProfileName}"

  clusters    = var.orchestrator == "eks" ? ["arn:${var.partition}:eks:${var.region}:${var.account_id}:cluster/${var.cluster_name}"] : []
  makes_group = length(var.security_group_ids) == 0
  group_ids   = local.makes_group ? aws_security_group.this[*].id : var.security_group_ids

  own_script = templatefile("${path.module}/start.sh.tftpl", {
    cluster_name    = var.orchestrator == "eks" ? var.cluster_name : ""
    helm_version    = var.helm_version
    install_tools   = var.install_tools
    kubectl_version = var.kubectl_version
    region          = var.region
  })

  script = var.start_script == null ? local.own_script : var.start_script
  enters = var.orchestrator == "eks" && var.create_access_entry
}

resource "aws_iam_role" "this" {
  count = local.makes_role ? 1 : 0

  description           = "Editors of ${var.name} in SageMaker Studio."
  force_detach_policies = true
  name                  = "${var.name}-studio-${var.region}"
  path                  = var.role_path
  permissions_boundary  = var.permissions_boundary_arn
  tags                  = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = "sts:AssumeRole"
      Principal = {
        Service = "sagemaker.amazonaws.com"
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

resource "aws_iam_role_policy" "this" {
  count = local.makes_role ? 1 : 0

  name = "studio"
  role = aws_iam_role.this[0].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid    = "SeeStudio"
          Effect = "Allow"
          Action = [
            "sagemaker:DescribeApp",
            "sagemaker:DescribeDomain",
            "sagemaker:DescribeSpace",
            "sagemaker:DescribeUserProfile",
          ]
          Resource = concat(["${local.sagemaker}:domain/${local.domain_id}"], [
            for kind in ["app", "space", "user-profile"] : "${local.sagemaker}:${kind}/${local.domain_id}/*"
          ])
        },
        # Each user starts and stops what is in spaces of their own.
        {
          Sid      = "RunOwnApps"
          Effect   = "Allow"
          Action   = ["sagemaker:CreateApp", "sagemaker:DeleteApp"]
          Resource = "${local.sagemaker}:app/${local.domain_id}/*"
          Condition = {
            ArnLike = {
              "sagemaker:OwnerUserProfileArn" = local.own_profile
            }
            StringEquals = { "sagemaker:SpaceSharingType" = ["Private"] }
          }
        },
        {
          Sid      = "WriteLogs"
          Effect   = "Allow"
          Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
          Resource = "arn:${var.partition}:logs:${var.region}:${var.account_id}:log-group:/aws/sagemaker/studio*"
        },
        # What AWS allows on no narrower resource.
        {
          Sid    = "ListStudio"
          Effect = "Allow"
          Action = [
            "sagemaker:ListApps",
            "sagemaker:ListDomains",
            "sagemaker:ListSpaces",
            "sagemaker:ListUserProfiles",
          ]
          Resource = "*"
        },
      ],
      [
        for arn in local.clusters : {
          Sid      = "FindCluster"
          Effect   = "Allow"
          Action   = ["eks:DescribeCluster"]
          Resource = arn
        }
      ],
      [
        for arn in compact([var.hyperpod_cluster_arn]) : {
          Sid    = "SeeNodes"
          Effect = "Allow"
          Action = [
            "sagemaker:DescribeCluster",
            "sagemaker:DescribeClusterEvent",
            "sagemaker:DescribeClusterNode",
            "sagemaker:ListClusterEvents",
            "sagemaker:ListClusterNodes",
          ]
          Resource = arn
        }
      ],
      [
        for statement in [
          {
            Sid      = "ListBuckets"
            Effect   = "Allow"
            Action   = ["s3:GetBucketLocation", "s3:ListBucket"]
            Resource = [for bucket in var.bucket_names : "arn:${var.partition}:s3:::${bucket}"]
          },
          {
            Sid      = "UseObjects"
            Effect   = "Allow"
            Action   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
            Resource = [for bucket in var.bucket_names : "arn:${var.partition}:s3:::${bucket}/*"]
          },
        ] : statement if length(var.bucket_names) > 0
      ],
    )
  })
}

resource "aws_iam_role_policy_attachment" "additional" {
  for_each = var.additional_policy_arns

  policy_arn = each.value
  role       = aws_iam_role.this[0].name
}

resource "aws_security_group" "this" {
  count = local.makes_group ? 1 : 0

  description = "Editors of ${var.name} in SageMaker Studio: the way out, and nobody in."
  name        = "${var.name}-studio"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-studio" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "anywhere" {
  count = local.makes_group ? 1 : 0

  cidr_ipv4         = "0.0.0.0/0"
  description       = "AWS services, the cluster, registries and package repositories."
  ip_protocol       = "-1"
  security_group_id = aws_security_group.this[0].id
  tags              = merge(var.tags, { Name = "${var.name}-studio-anywhere" })
}

# A script cannot be changed, nor deleted while spaces use it: another one has another name, and comes first.
resource "aws_sagemaker_studio_lifecycle_config" "start" {
  studio_lifecycle_config_app_type = "CodeEditor"
  studio_lifecycle_config_content  = base64encode(local.script)
  studio_lifecycle_config_name     = "${var.name}-start-${substr(sha256(local.script), 0, 8)}"
  tags                             = var.tags

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_sagemaker_domain" "this" {
  # checkov:skip=CKV_AWS_187: A key of one's own is an input

  count = var.create_domain ? 1 : 0

  app_network_access_type = var.network_access
  auth_mode               = "IAM"
  domain_name             = var.name
  kms_key_id              = var.kms_key_arn
  subnet_ids              = values(var.private_subnet_ids)
  vpc_id                  = var.vpc_id
  tags                    = merge(var.tags, { Name = var.name })

  default_user_settings {
    execution_role  = local.role_arn
    security_groups = local.group_ids
  }

  retention_policy {
    home_efs_file_system = var.keep_home_directories ? "Retain" : "Delete"
  }
}

resource "aws_sagemaker_user_profile" "this" {
  for_each = toset(var.user_names)

  domain_id         = local.domain_id
  user_profile_name = each.value
  tags              = var.tags

  user_settings {
    execution_role  = local.role_arn
    security_groups = local.group_ids

    code_editor_app_settings {
      lifecycle_config_arns = [aws_sagemaker_studio_lifecycle_config.start.arn]

      app_lifecycle_management {
        idle_settings {
          idle_timeout_in_minutes     = var.idle_timeout_minutes
          lifecycle_management        = "ENABLED"
          max_idle_timeout_in_minutes = 525600
          min_idle_timeout_in_minutes = 60
        }
      }

      default_resource_spec {
        instance_type        = var.instance_type
        lifecycle_config_arn = aws_sagemaker_studio_lifecycle_config.start.arn
      }
    }
  }
}

resource "aws_sagemaker_space" "this" {
  for_each = toset(var.user_names)

  domain_id  = local.domain_id
  space_name = "${each.value}-code-editor"
  tags       = var.tags

  ownership_settings {
    owner_user_profile_name = aws_sagemaker_user_profile.this[each.value].user_profile_name
  }

  space_settings {
    app_type = "CodeEditor"

    code_editor_app_settings {
      app_lifecycle_management {
        idle_settings {
          idle_timeout_in_minutes = var.idle_timeout_minutes
        }
      }

      default_resource_spec {
        instance_type        = var.instance_type
        lifecycle_config_arn = aws_sagemaker_studio_lifecycle_config.start.arn
      }
    }

    space_storage_settings {
      ebs_storage_settings {
        ebs_volume_size_in_gb = var.volume_size_gb
      }
    }
  }

  space_sharing_settings {
    sharing_type = "Private"
  }
}

resource "aws_eks_access_entry" "this" {
  count = local.enters ? 1 : 0

  cluster_name      = var.cluster_name
  kubernetes_groups = var.kubernetes_groups
  principal_arn     = local.role_arn
  tags              = var.tags
}

resource "aws_eks_access_policy_association" "this" {
  for_each = { for name, given in var.cluster_policies : name => given if local.enters }

  cluster_name  = var.cluster_name
  policy_arn    = startswith(each.value.policy, "arn:") ? each.value.policy : "arn:${var.partition}:eks::aws:cluster-access-policy/${each.value.policy}"
  principal_arn = aws_eks_access_entry.this[0].principal_arn

  access_scope {
    namespaces = length(each.value.namespaces) == 0 ? null : each.value.namespaces
    type       = length(each.value.namespaces) == 0 ? "cluster" : "namespace"
  }
}
