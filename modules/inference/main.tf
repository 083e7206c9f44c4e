# Generated from hp_tf/layers/inference/definition.py by `hptf synth`; edit there.

locals {
  issuer            = trimprefix(var.oidc_issuer_url, "https://")
  oidc_provider_arn = var.create_oidc_provider ? one(aws_iam_openid_connect_provider.this[*].arn) : var.oidc_provider_arn
  tls_bucket_name   = var.create_tls_bucket ? one(aws_s3_bucket.this[*].bucket) : var.tls_bucket_name
  tls_bucket_arn    = "arn:${var.partition}:s3:::${local.tls_bucket_name}"

  operator_statements = concat(
    [{
      Sid    = "MakeInterfaces"
      Effect = "Allow"
      Action = ["ec2:CreateNetworkInterface", "ec2:CreateNetworkInterfacePermission"]
      Resource = concat(
        ["arn:${var.partition}:ec2:${var.region}:${var.account_id}:network-interface/*"],
        [
          for subnet in values(var.private_subnet_ids) :
          "arn:${var.partition}:ec2:${var.region}:${var.account_id}:subnet/${subnet}"
        ],
        ["arn:${var.partition}:ec2:${var.region}:${var.account_id}:security-group/${var.security_group_id}"],
      )
    }],
    [
      for arn in compact([var.kms_key_arn]) : {
        Sid      = "UseKeyOfCertificates"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = arn
      }
    ],
  )

  keda_statements = concat(
    [{
      Sid      = "ReadMetrics"
      Effect   = "Allow"
      Action   = ["cloudwatch:GetMetricData", "cloudwatch:GetMetricStatistics", "cloudwatch:ListMetrics"]
      Resource = "*"
    }],
    [
      for arn in compact([var.prometheus_workspace_arn]) : {
        Sid      = "QueryPrometheus"
        Effect   = "Allow"
        Action   = ["aps:GetLabels", "aps:GetMetricMetadata", "aps:GetSeries", "aps:QueryMetrics"]
        Resource = arn
      }
    ],
  )

  # Of pods that serve a model: each has an account of its own, whose name begins so.
  model_accounts = length(var.model_namespaces) == 0 ? ["system:serviceaccount:*:hyperpod-inference-service-account*"] : [
    for namespace in var.model_namespaces : "system:serviceaccount:${namespace}:hyperpod-inference-service-account*"
  ]

  operator_role_arn = var.create_operator_role ? one(aws_iam_role.operator[*].arn) : var.operator_role_arn

  keda_role_arns = var.keda ? [
    var.create_keda_role ? one(aws_iam_role.keda[*].arn) : var.keda_role_arn,
  ] : []

  load_balancer_role_arns = var.load_balancer_controller ? [
    var.create_load_balancer_role ? one(aws_iam_role.load_balancer[*].arn) : var.load_balancer_role_arn,
  ] : []

  gated_role_arns = var.gated_models ? [
    var.create_gated_role ? one(aws_iam_role.gated[*].arn) : var.gated_role_arn,
  ] : []

  addon_configuration = merge(concat(
    [{
      executionRoleArn       = local.operator_role_arn
      tlsCertificateS3Bucket = local.tls_bucket_name
      keda = merge(concat(
        [{ enabled = var.keda }],
        [for arn in local.keda_role_arns : { auth = { aws = { irsa = { enabled = true, roleArn = arn } } } }],
      )...)
      alb = merge(concat(
        [{ enabled = var.load_balancer_controller }],
        [for arn in local.load_balancer_role_arns : { serviceAccount = { create = true, roleArn = arn } }],
      )...)
    }],
    [for arn in local.gated_role_arns : { jumpstartGatedModelDownloadRoleArn = arn }],
    [for text in compact([var.addon_configuration]) : jsondecode(text)],
  )...)

  # What the operator's parts run on.
  needed_addons = concat(
    ["cert-manager", "metrics-server"],
    var.s3_models ? ["aws-mountpoint-s3-csi-driver"] : [],
    var.fsx_models ? ["aws-fsx-csi-driver"] : [],
  )
}

resource "aws_iam_openid_connect_provider" "this" {
  count = var.create_oidc_provider ? 1 : 0

  client_id_list = ["sts.amazonaws.com"]
  url            = var.oidc_issuer_url
  tags           = merge(var.tags, { Name = "${var.name}-eks" })
}

resource "aws_s3_bucket" "this" {
  # checkov:skip=CKV2_AWS_62: Nothing acts on what happens to its objects
  # checkov:skip=CKV_AWS_144: The operator makes certificates anew wherever it runs
  # checkov:skip=CKV2_AWS_61: The operator deletes what it no longer needs

  count = var.create_tls_bucket ? 1 : 0

  bucket        = "hyperpod-tls-${var.name}-${var.account_id}-${var.region}"
  force_destroy = var.tls_bucket_force_destroy
  tags          = merge(var.tags, { Name = "hyperpod-tls-${var.name}-${var.account_id}-${var.region}", CreatedBy = "HyperPodInference" })
}

resource "aws_s3_bucket_public_access_block" "this" {
  count = var.create_tls_bucket ? 1 : 0

  block_public_acls       = true
  block_public_policy     = true
  bucket                  = aws_s3_bucket.this[0].id
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  count = var.create_tls_bucket ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  count = var.create_tls_bucket ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  rule {
    bucket_key_enabled = var.kms_key_arn != null

    apply_server_side_encryption_by_default {
      kms_master_key_id = var.kms_key_arn
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  count = var.create_tls_bucket ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_policy" "this" {
  count = var.create_tls_bucket ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = { AWS = "*" }
        Action    = "s3:*"
        Resource  = ["arn:${var.partition}:s3:::${aws_s3_bucket.this[0].bucket}", "arn:${var.partition}:s3:::${aws_s3_bucket.this[0].bucket}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.this]
}

resource "aws_s3_bucket_logging" "this" {
  count = var.access_logs ? 1 : 0

  bucket        = aws_s3_bucket.this[0].id
  target_bucket = var.access_log_bucket_name
  target_prefix = "tls-cert-logs/"
}

resource "aws_iam_role" "operator" {
  count = var.create_operator_role ? 1 : 0

  description           = "Inference operator of ${var.name}."
  force_detach_policies = true
  name                  = "SageMakerHyperPodInference-${var.name}-${var.region}"
  path                  = var.role_path
  permissions_boundary  = var.permissions_boundary_arn
  tags                  = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "sts:AssumeRoleWithWebIdentity"
        Principal = {
          Federated = local.oidc_provider_arn
        }
        Condition = {
          StringEquals = {
            "${local.issuer}:aud" = "sts.amazonaws.com"
            "${local.issuer}:sub" = "system:serviceaccount:${var.service_accounts.operator}"
          }
        }
      },
      {
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
      },
    ]
  })
}

resource "aws_iam_role" "keda" {
  count = var.keda && var.create_keda_role ? 1 : 0

  description           = "KEDA of ${var.name}, which scales models."
  force_detach_policies = true
  name                  = "${var.name}-keda-${var.region}"
  path                  = var.role_path
  permissions_boundary  = var.permissions_boundary_arn
  tags                  = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = "sts:AssumeRoleWithWebIdentity"
      Principal = {
        Federated = local.oidc_provider_arn
      }
      Condition = {
        StringEquals = {
          "${local.issuer}:aud" = "sts.amazonaws.com"
          "${local.issuer}:sub" = "system:serviceaccount:${var.service_accounts.keda}"
        }
      }
    }]
  })
}

resource "aws_iam_role" "load_balancer" {
  count = var.load_balancer_controller && var.create_load_balancer_role ? 1 : 0

  description           = "Load balancers in front of the models of ${var.name}."
  force_detach_policies = true
  name                  = "${var.name}-load-balancer-${var.region}"
  path                  = var.role_path
  permissions_boundary  = var.permissions_boundary_arn
  tags                  = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = "sts:AssumeRoleWithWebIdentity"
      Principal = {
        Federated = local.oidc_provider_arn
      }
      Condition = {
        StringEquals = {
          "${local.issuer}:aud" = "sts.amazonaws.com"
          "${local.issuer}:sub" = "system:serviceaccount:${var.service_accounts.load_balancer_controller}"
        }
      }
    }]
  })
}

resource "aws_iam_role" "gated" {
  count = var.gated_models && var.create_gated_role ? 1 : 0

  description           = "Downloads of gated models of ${var.name}."
  force_detach_policies = true
  name                  = "${var.name}-gated-models-${var.region}"
  path                  = var.role_path
  permissions_boundary  = var.permissions_boundary_arn
  tags                  = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = "sts:AssumeRoleWithWebIdentity"
      Principal = {
        Federated = local.oidc_provider_arn
      }
      Condition = {
        StringEquals = {
          "${local.issuer}:aud" = "sts.amazonaws.com"
        }
        StringLike = {
          "${local.issuer}:sub" = local.model_accounts
        }
      }
    }]
  })
}

# Resource *: to log in to registries, to describe what EC2, ELB and FSx have, and to send metrics, which are
# narrowed to a namespace. AWS knows nothing narrower for these.
resource "aws_iam_role_policy" "operator" {
  count = length(aws_iam_role.operator)

  name = "operator"
  role = aws_iam_role.operator[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Sid      = "KeepCertificates"
          Effect   = "Allow"
          Action   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject", "s3:PutObjectTagging"]
          Resource = "${local.tls_bucket_arn}/*"
          Condition = {
            StringEquals = {
              "aws:ResourceAccount" = var.account_id
            }
          }
        },
        {
          Sid      = "ListCertificates"
          Effect   = "Allow"
          Action   = ["s3:ListBucket"]
          Resource = local.tls_bucket_arn
          Condition = {
            StringEquals = {
              "aws:ResourceAccount" = var.account_id
            }
          }
        },
        {
          Sid      = "LogInToRegistries"
          Effect   = "Allow"
          Action   = ["ecr:GetAuthorizationToken"]
          Resource = "*"
        },
        {
          Sid      = "PullImages"
          Effect   = "Allow"
          Action   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
          Resource = "arn:${var.partition}:ecr:${var.region}:*:repository/*"
        },
        {
          Sid    = "LookUp"
          Effect = "Allow"
          Action = [
            "ec2:DescribeDhcpOptions",
            "ec2:DescribeInstanceTypes",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSubnets",
            "ec2:DescribeVpcs",
            "elasticloadbalancing:DescribeLoadBalancers",
            "fsx:DescribeFileSystems",
          ]
          Resource = "*"
        },
        {
          Sid      = "DeleteInterfaces"
          Effect   = "Allow"
          Action   = ["ec2:DeleteNetworkInterface"]
          Resource = "arn:${var.partition}:ec2:${var.region}:${var.account_id}:network-interface/*"
        },
        {
          Sid      = "UseCluster"
          Effect   = "Allow"
          Action   = ["eks:DescribeCluster", "eks-auth:AssumeRoleForPodIdentity"]
          Resource = "arn:${var.partition}:eks:${var.region}:${var.account_id}:cluster/${var.cluster_name}"
        },
        {
          Sid      = "WatchByAccessPolicy"
          Effect   = "Allow"
          Action   = ["eks:AssociateAccessPolicy", "eks:DisassociateAccessPolicy"]
          Resource = "arn:${var.partition}:eks:${var.region}:${var.account_id}:access-entry/${var.cluster_name}/*"
          Condition = {
            StringEquals = {
              "eks:policyarn" = "arn:${var.partition}:eks::aws:cluster-access-policy/AmazonSagemakerHyperpodInferenceMonitoringPolicy"
            }
          }
        },
        {
          Sid      = "ListAccessPolicies"
          Effect   = "Allow"
          Action   = ["eks:ListAssociatedAccessPolicies"]
          Resource = "arn:${var.partition}:eks:${var.region}:${var.account_id}:access-entry/${var.cluster_name}/*"
        },
        {
          Sid      = "ImportCertificates"
          Effect   = "Allow"
          Action   = ["acm:AddTagsToCertificate", "acm:ImportCertificate"]
          Resource = "arn:${var.partition}:acm:${var.region}:${var.account_id}:certificate/*"
          Condition = {
            StringEquals = {
              "aws:RequestTag/CreatedBy" = "HyperPodInference"
            }
            "ForAllValues:StringEquals" = {
              "aws:TagKeys" = ["CreatedBy"]
            }
          }
        },
        {
          Sid      = "DeleteOwnCertificates"
          Effect   = "Allow"
          Action   = ["acm:DeleteCertificate"]
          Resource = "arn:${var.partition}:acm:${var.region}:${var.account_id}:certificate/*"
          Condition = {
            StringEquals = {
              "aws:ResourceTag/CreatedBy" = "HyperPodInference"
            }
          }
        },
        {
          Sid      = "PassItself"
          Effect   = "Allow"
          Action   = ["iam:PassRole"]
          Resource = aws_iam_role.operator[0].arn
          Condition = {
            StringEquals = {
              "iam:PassedToService" = "sagemaker.amazonaws.com"
            }
          }
        },
        {
          Sid      = "SendMetrics"
          Effect   = "Allow"
          Action   = ["cloudwatch:PutMetricData"]
          Resource = "*"
          Condition = {
            StringEquals = {
              "cloudwatch:namespace" = "HyperPodInference"
            }
          }
        },
        {
          Sid      = "SendLogs"
          Effect   = "Allow"
          Action   = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
          Resource = "arn:${var.partition}:logs:${var.region}:${var.account_id}:log-group:*"
        },
        {
          Sid    = "ServeOnCluster"
          Effect = "Allow"
          Action = [
            "sagemaker:DescribeCluster",
            "sagemaker:DescribeClusterInference",
            "sagemaker:UpdateClusterInference",
          ]
          Resource = var.hyperpod_cluster_arn
        },
        {
          Sid    = "ReadModels"
          Effect = "Allow"
          Action = [
            "sagemaker:DescribeEndpoint",
            "sagemaker:DescribeEndpointConfig",
            "sagemaker:DescribeModel",
          ]
          Resource = [
            "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:model/*",
            "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:endpoint/*",
            "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:endpoint-config/*",
          ]
        },
        {
          Sid    = "ReadHubs"
          Effect = "Allow"
          Action = ["sagemaker:DescribeHubContent"]
          Resource = [
            "arn:${var.partition}:sagemaker:${var.region}:aws:hub/SageMakerPublicHub",
            "arn:${var.partition}:sagemaker:${var.region}:aws:hub-content/SageMakerPublicHub/*",
            "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:hub/*",
            "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:hub-content/*",
          ]
        },
        {
          Sid    = "MakeModels"
          Effect = "Allow"
          Action = [
            "sagemaker:CreateEndpoint",
            "sagemaker:CreateEndpointConfig",
            "sagemaker:CreateModel",
          ]
          Resource = [
            "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:model/*",
            "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:endpoint/*",
            "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:endpoint-config/*",
          ]
          Condition = {
            StringEquals = {
              "aws:RequestTag/CreatedBy" = "HyperPodInference"
            }
          }
        },
        {
          Sid    = "TagModelsMade"
          Effect = "Allow"
          Action = ["sagemaker:AddTags"]
          Resource = [
            "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:model/*",
            "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:endpoint/*",
            "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:endpoint-config/*",
          ]
          Condition = {
            StringEquals = {
              "sagemaker:TaggingAction" = ["CreateModel", "CreateEndpointConfig", "CreateEndpoint"]
            }
          }
        },
        {
          Sid    = "ChangeOwnModels"
          Effect = "Allow"
          Action = [
            "sagemaker:DeleteEndpoint",
            "sagemaker:DeleteEndpointConfig",
            "sagemaker:DeleteModel",
            "sagemaker:UpdateEndpoint",
          ]
          Resource = [
            "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:model/*",
            "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:endpoint/*",
            "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:endpoint-config/*",
          ]
          Condition = {
            StringEquals = {
              "aws:ResourceTag/CreatedBy" = "HyperPodInference"
            }
          }
        },
      ],
      local.operator_statements,
    )
  })
}

resource "aws_iam_role_policy" "keda" {
  count = length(aws_iam_role.keda)

  name = "keda"
  role = aws_iam_role.keda[0].id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = local.keda_statements
  })
}

# Resource *: descriptions, for which AWS knows nothing narrower. Listeners carry no tag when they are made.
resource "aws_iam_role_policy" "load_balancer" {
  count = length(aws_iam_role.load_balancer)

  name = "load-balancer"
  role = aws_iam_role.load_balancer[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "FirstLoadBalancerOfTheAccount"
        Effect   = "Allow"
        Action   = ["iam:CreateServiceLinkedRole"]
        Resource = "arn:${var.partition}:iam::${var.account_id}:role/aws-service-role/elasticloadbalancing.amazonaws.com/*"
        Condition = {
          StringEquals = {
            "iam:AWSServiceName" = "elasticloadbalancing.amazonaws.com"
          }
        }
      },
      {
        Sid    = "LookUp"
        Effect = "Allow"
        Action = [
          "acm:DescribeCertificate",
          "acm:ListCertificates",
          "ec2:DescribeAccountAttributes",
          "ec2:DescribeAddresses",
          "ec2:DescribeAvailabilityZones",
          "ec2:DescribeCoipPools",
          "ec2:DescribeInstances",
          "ec2:DescribeInternetGateways",
          "ec2:DescribeIpamPools",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeRouteTables",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "ec2:DescribeTags",
          "ec2:DescribeVpcPeeringConnections",
          "ec2:DescribeVpcs",
          "ec2:GetCoipPoolUsage",
          "ec2:GetSecurityGroupsForVpc",
          "elasticloadbalancing:DescribeCapacityReservation",
          "elasticloadbalancing:DescribeListenerAttributes",
          "elasticloadbalancing:DescribeListenerCertificates",
          "elasticloadbalancing:DescribeListeners",
          "elasticloadbalancing:DescribeLoadBalancerAttributes",
          "elasticloadbalancing:DescribeLoadBalancers",
          "elasticloadbalancing:DescribeRules",
          "elasticloadbalancing:DescribeSSLPolicies",
          "elasticloadbalancing:DescribeTags",
          "elasticloadbalancing:DescribeTargetGroupAttributes",
          "elasticloadbalancing:DescribeTargetGroups",
          "elasticloadbalancing:DescribeTargetHealth",
          "elasticloadbalancing:DescribeTrustStores",
          "shield:DescribeProtection",
          "shield:GetSubscriptionState",
          "waf-regional:GetWebACLForResource",
          "wafv2:GetWebACLForResource",
        ]
        Resource = "*"
      },
      {
        Sid      = "LetThrough"
        Effect   = "Allow"
        Action   = ["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"]
        Resource = "arn:${var.partition}:ec2:${var.region}:${var.account_id}:security-group/*"
        Condition = {
          ArnEquals = {
            "ec2:Vpc" = "arn:${var.partition}:ec2:${var.region}:${var.account_id}:vpc/${var.vpc_id}"
          }
        }
      },
      {
        Sid    = "MakeGroups"
        Effect = "Allow"
        Action = ["ec2:CreateSecurityGroup"]
        Resource = [
          "arn:${var.partition}:ec2:${var.region}:${var.account_id}:security-group/*",
          "arn:${var.partition}:ec2:${var.region}:${var.account_id}:vpc/${var.vpc_id}",
        ]
      },
      {
        Sid      = "TagGroupsMade"
        Effect   = "Allow"
        Action   = ["ec2:CreateTags"]
        Resource = "arn:${var.partition}:ec2:${var.region}:${var.account_id}:security-group/*"
        Condition = {
          StringEquals = {
            "ec2:CreateAction"                     = "CreateSecurityGroup"
            "aws:RequestTag/elbv2.k8s.aws/cluster" = var.cluster_name
          }
        }
      },
      {
        Sid      = "ChangeOwnGroups"
        Effect   = "Allow"
        Action   = ["ec2:CreateTags", "ec2:DeleteSecurityGroup", "ec2:DeleteTags"]
        Resource = "arn:${var.partition}:ec2:${var.region}:${var.account_id}:security-group/*"
        Condition = {
          StringEquals = {
            "aws:ResourceTag/elbv2.k8s.aws/cluster" = var.cluster_name
          }
        }
      },
      {
        Sid    = "MakeLoadBalancers"
        Effect = "Allow"
        Action = [
          "elasticloadbalancing:CreateLoadBalancer",
          "elasticloadbalancing:CreateTargetGroup",
        ]
        Resource = [
          "arn:${var.partition}:elasticloadbalancing:${var.region}:${var.account_id}:loadbalancer/app/*/*",
          "arn:${var.partition}:elasticloadbalancing:${var.region}:${var.account_id}:loadbalancer/net/*/*",
          "arn:${var.partition}:elasticloadbalancing:${var.region}:${var.account_id}:targetgroup/*/*",
        ]
        Condition = {
          StringEquals = {
            "aws:RequestTag/elbv2.k8s.aws/cluster" = var.cluster_name
          }
        }
      },
      {
        Sid    = "TagLoadBalancersMade"
        Effect = "Allow"
        Action = ["elasticloadbalancing:AddTags"]
        Resource = [
          "arn:${var.partition}:elasticloadbalancing:${var.region}:${var.account_id}:loadbalancer/app/*/*",
          "arn:${var.partition}:elasticloadbalancing:${var.region}:${var.account_id}:loadbalancer/net/*/*",
          "arn:${var.partition}:elasticloadbalancing:${var.region}:${var.account_id}:targetgroup/*/*",
        ]
        Condition = {
          StringEquals = {
            "elasticloadbalancing:CreateAction"    = ["CreateLoadBalancer", "CreateTargetGroup"]
            "aws:RequestTag/elbv2.k8s.aws/cluster" = var.cluster_name
          }
        }
      },
      {
        Sid    = "ChangeOwnLoadBalancers"
        Effect = "Allow"
        Action = [
          "elasticloadbalancing:AddTags",
          "elasticloadbalancing:CreateListener",
          "elasticloadbalancing:DeleteLoadBalancer",
          "elasticloadbalancing:DeleteTargetGroup",
          "elasticloadbalancing:ModifyCapacityReservation",
          "elasticloadbalancing:ModifyIpPools",
          "elasticloadbalancing:ModifyLoadBalancerAttributes",
          "elasticloadbalancing:ModifyTargetGroup",
          "elasticloadbalancing:ModifyTargetGroupAttributes",
          "elasticloadbalancing:RemoveTags",
          "elasticloadbalancing:SetIpAddressType",
          "elasticloadbalancing:SetSecurityGroups",
          "elasticloadbalancing:SetSubnets",
        ]
        Resource = [
          "arn:${var.partition}:elasticloadbalancing:${var.region}:${var.account_id}:loadbalancer/app/*/*",
          "arn:${var.partition}:elasticloadbalancing:${var.region}:${var.account_id}:loadbalancer/net/*/*",
          "arn:${var.partition}:elasticloadbalancing:${var.region}:${var.account_id}:targetgroup/*/*",
        ]
        Condition = {
          StringEquals = {
            "aws:ResourceTag/elbv2.k8s.aws/cluster" = var.cluster_name
          }
        }
      },
      {
        Sid    = "RegisterTargets"
        Effect = "Allow"
        Action = [
          "elasticloadbalancing:DeregisterTargets",
          "elasticloadbalancing:RegisterTargets",
        ]
        Resource = "arn:${var.partition}:elasticloadbalancing:${var.region}:${var.account_id}:targetgroup/*/*"
        Condition = {
          StringEquals = {
            "aws:ResourceTag/elbv2.k8s.aws/cluster" = var.cluster_name
          }
        }
      },
      {
        Sid    = "ChangeListeners"
        Effect = "Allow"
        Action = [
          "elasticloadbalancing:AddListenerCertificates",
          "elasticloadbalancing:AddTags",
          "elasticloadbalancing:CreateRule",
          "elasticloadbalancing:DeleteListener",
          "elasticloadbalancing:DeleteRule",
          "elasticloadbalancing:ModifyListener",
          "elasticloadbalancing:ModifyListenerAttributes",
          "elasticloadbalancing:ModifyRule",
          "elasticloadbalancing:RemoveListenerCertificates",
          "elasticloadbalancing:RemoveTags",
          "elasticloadbalancing:SetRulePriorities",
        ]
        Resource = [
          "arn:${var.partition}:elasticloadbalancing:${var.region}:${var.account_id}:listener/*",
          "arn:${var.partition}:elasticloadbalancing:${var.region}:${var.account_id}:listener-rule/*",
        ]
      },
    ]
  })
}

resource "aws_iam_role_policy" "gated" {
  count = length(aws_iam_role.gated)

  name = "gated"
  role = aws_iam_role.gated[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid    = "DownloadGatedModels"
      Effect = "Allow"
      Action = ["sagemaker:CreateHubContentPresignedUrls"]
      Resource = [
        "arn:${var.partition}:sagemaker:${var.region}:aws:hub/SageMakerPublicHub",
        "arn:${var.partition}:sagemaker:${var.region}:aws:hub-content/SageMakerPublicHub/*/*",
      ]
    }]
  })
}

# By this tag the load balancer controller finds subnets for internal load balancers.
resource "aws_ec2_tag" "internal" {
  for_each = var.tag_subnets && var.given_subnet_ids != null ? var.given_subnet_ids : {}

  key         = "kubernetes.io/role/internal-elb"
  resource_id = each.value
  value       = "1"
}

# It becomes active on nodes, and with the add-ons it needs.
resource "aws_eks_addon" "this" {
  count = var.create_addon ? 1 : 0

  addon_name                  = "amazon-sagemaker-hyperpod-inference"
  addon_version               = var.addon_version
  cluster_name                = var.cluster_name
  configuration_values        = jsonencode(local.addon_configuration)
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
  tags                        = var.tags

  lifecycle {
    precondition {
      condition     = var.addon_versions == null ? true : alltrue([for name in local.needed_addons : contains(keys(var.addon_versions), name)])
      error_message = "addon_versions must have ${join(", ", local.needed_addons)}, or s3_models and fsx_models say that no driver is needed."
    }
  }

  depends_on = [
    aws_iam_role_policy.operator,
    aws_iam_role_policy.keda,
    aws_iam_role_policy.load_balancer,
    aws_iam_role_policy.gated,
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_ownership_controls.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_versioning.this,
    aws_s3_bucket_policy.this,
    aws_ec2_tag.internal,
    var.hyperpod_cluster_arn,
    var.addon_versions,
    var.governance_addon_name,
  ]
}
