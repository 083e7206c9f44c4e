# Generated from hp_tf/layers/iam/definition.py by `hptf synth`; edit there.

locals {
  karpenter_role = var.karpenter_role == null ? var.node_provisioning_mode == "Continuous" : var.karpenter_role
  ec2            = "arn:${var.partition}:ec2:${var.region}:${var.account_id}"
  s3             = "arn:${var.partition}:s3::"

  interface_actions = concat(
    [
      "ec2:CreateNetworkInterface",
      "ec2:CreateNetworkInterfacePermission",
      "ec2:DeleteNetworkInterface",
      "ec2:DeleteNetworkInterfacePermission",
    ],
    var.cluster_arn == null ? [] : [
      "ec2:AssignPrivateIpAddresses",
      "ec2:ModifyNetworkInterfaceAttribute",
      "ec2:UnassignPrivateIpAddresses",
    ],
  )

  script_buckets = distinct(concat([var.bucket_name], [
    for uri in var.lifecycle_script_uris : startswith(uri, "s3://") ? split("/", uri)[2] :
    regex("^https://(?:s3(?:[.-][a-z0-9-]+)?\\.amazonaws\\.com[^/]*/)?([^/]+?)(?:\\.s3[.-][^/]*)?(?:/|$)", uri)[0]
  ]))

  # One document: a role takes ten managed policies, and this would be most of them.
  execution_statements = concat(
    local.node_statements,
    local.pod_statements,
    local.key_statements,
    local.restricted_statements,
    local.data_statements,
    local.slurm_statements,
  )

  key_arns = distinct(concat(
    var.kms_key_arns,
    var.volume_kms_key_arns,
    var.bucket_kms_key_arn == null ? [] : [var.bucket_kms_key_arn],
  ))

  node_statements = [
    {
      Sid      = "AttachInterfaces"
      Effect   = "Allow"
      Action   = ["ec2:AttachNetworkInterface", "ec2:DetachNetworkInterface"]
      Resource = ["${local.ec2}:instance/*", "${local.ec2}:network-interface/*"]
    },
    {
      Sid      = "TagInterfaces"
      Effect   = "Allow"
      Action   = ["ec2:CreateTags"]
      Resource = ["${local.ec2}:network-interface/*"]
    },
    {
      Sid    = "ManageInterfaces"
      Effect = "Allow"
      Action = local.interface_actions
      Resource = [
        "${local.ec2}:instance/*",
        "${local.ec2}:network-interface/*",
        "${local.ec2}:vpc/${var.vpc_id}",
      ]
    },
    {
      Sid    = "InterfacesInSubnetsAndGroups"
      Effect = "Allow"
      Action = concat(local.interface_actions, ["ec2:DetachNetworkInterface"])
      Resource = concat(
        [
          for subnet in distinct(concat(values(var.private_subnet_ids), var.additional_subnet_ids)) :
          "${local.ec2}:subnet/${subnet}"
        ],
        [
          for group in distinct(concat([var.security_group_id], var.additional_security_group_ids)) :
          "${local.ec2}:security-group/${group}"
        ],
      )
    },
    {
      Sid    = "LookUp"
      Effect = "Allow"
      Action = concat(
        [
          "cloudwatch:DescribeAlarms",
          "ec2:DescribeDhcpOptions",
          "ec2:DescribeInstances",
          "ec2:DescribeInstanceTypes",
          "ec2:DescribeNetworkInterfaces",
          "ec2:DescribeSecurityGroups",
          "ec2:DescribeSubnets",
          "ec2:DescribeTags",
          "ec2:DescribeVpcs",
        ],
        # The kubelet fetches the images of pods with the node's role.
        var.cluster_arn == null ? [] : [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:GetAuthorizationToken",
          "ecr:GetDownloadUrlForLayer",
        ],
        # It takes no ARN of a file system.
        var.mounts_lustre ? ["fsx:DescribeFileSystems"] : [],
      )
      Resource = "*"
    },
    {
      Sid    = "ReadLifecycleScripts"
      Effect = "Allow"
      Action = ["s3:GetObject", "s3:ListBucket"]
      Resource = flatten([
        for bucket in local.script_buckets : ["${local.s3}:${bucket}", "${local.s3}:${bucket}/*"]
      ])
    },
  ]

  pod_statements = var.cluster_arn == null ? [] : [{
    Sid      = "PodIdentity"
    Effect   = "Allow"
    Action   = ["eks-auth:AssumeRoleForPodIdentity"]
    Resource = [var.cluster_arn]
  }]

  input_bucket_name  = try(var.restricted_access.input_bucket_name, null)
  output_bucket_name = try(var.restricted_access.output_bucket_name, null)

  written_buckets = concat(
    compact([local.output_bucket_name, var.mounted_bucket_name]),
    var.writable_data_bucket_names,
  )

  # A for rather than a conditional, which wants one type of its arms: these two differ in shape.
  key_statements = [
    for statement in [
      {
        Sid    = "UseKeys"
        Effect = "Allow"
        Action = concat(
          ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKeyWithoutPlaintext"],
          # To encrypt what is written, S3 asks for a data key in plain text as well.
          length(local.written_buckets) == 0 ? [] : ["kms:GenerateDataKey"],
        )
        Resource = local.key_arns
      },
      {
        Sid       = "GrantKeysToVolumes"
        Effect    = "Allow"
        Action    = ["kms:CreateGrant"]
        Resource  = local.key_arns
        Condition = { Bool = { "kms:GrantIsForAWSResource" = "true" } }
      },
    ] : statement if length(local.key_arns) > 0
  ]

  gated_recipes = [
    "arn:${var.partition}:s3:*:334772094012:accesspoint/advanced-model-customization-recipes-*/*",
    "arn:${var.partition}:s3:::advanced-model-customization-recipes*/*",
  ]

  restricted_statements = concat(
    local.input_bucket_name == null ? [] : [{
      Sid      = "ReadTrainingData"
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:ListBucket"]
      Resource = ["${local.s3}:${local.input_bucket_name}", "${local.s3}:${local.input_bucket_name}/*"]
    }],
    local.output_bucket_name == null ? [] : [{
      Sid      = "WriteResults"
      Effect   = "Allow"
      Action   = ["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
      Resource = ["${local.s3}:${local.output_bucket_name}", "${local.s3}:${local.output_bucket_name}/*"]
    }],
    try(var.restricted_access.gated_recipes, false) ? [{
      Sid      = "ReadGatedRecipes"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = local.gated_recipes
    }] : [],
    try(var.restricted_access.reinforcement_functions, false) ? [{
      Sid      = "CallFunctions"
      Effect   = "Allow"
      Action   = ["lambda:InvokeFunction"]
      Resource = ["arn:${var.partition}:lambda:${var.region}:${var.account_id}:function:*SageMaker*"]
    }] : [],
    try(var.restricted_access.reinforcement_functions, false) ? [{
      Sid      = "UseQueues"
      Effect   = "Allow"
      Action   = ["sqs:DeleteMessage", "sqs:ReceiveMessage", "sqs:SendMessage"]
      Resource = ["arn:${var.partition}:sqs:${var.region}:${var.account_id}:*SageMaker*"]
    }] : [],
  )

  # Keys of the nodes' volumes alone: Karpenter makes nodes, and nothing else that is encrypted.
  karpenter_statements = concat(
    [{
      Sid      = "ScaleClusters"
      Effect   = "Allow"
      Action   = ["sagemaker:BatchAddClusterNodes", "sagemaker:BatchDeleteClusterNodes"]
      Resource = "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:cluster/*"
    }],
    [
      for statement in [
        {
          Sid      = "EncryptVolumes"
          Effect   = "Allow"
          Action   = ["kms:CreateGrant"]
          Resource = var.volume_kms_key_arns
          Condition = {
            StringEquals = { "kms:ViaService" = "sagemaker.${var.region}.amazonaws.com" }
            Bool         = { "kms:GrantIsForAWSResource" = "true" }
            "ForAllValues:StringEquals" = {
              "kms:GrantOperations" = [
                "CreateGrant",
                "Decrypt",
                "DescribeKey",
                "GenerateDataKeyWithoutPlaintext",
                "ReEncryptFrom",
                "ReEncryptTo",
                "RetireGrant",
              ]
            }
          }
        },
        # On its own: a request to describe a key says nothing of a grant.
        {
          Sid       = "DescribeKeys"
          Effect    = "Allow"
          Action    = ["kms:DescribeKey"]
          Resource  = var.volume_kms_key_arns
          Condition = { StringEquals = { "kms:ViaService" = "sagemaker.${var.region}.amazonaws.com" } }
        },
      ] : statement if length(var.volume_kms_key_arns) > 0
    ],
  )

  data_statements = concat(
    var.mounted_bucket_name == null ? [] : [{
      Sid      = "UseMountedBucket"
      Effect   = "Allow"
      Action   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
      Resource = ["${local.s3}:${var.mounted_bucket_name}", "${local.s3}:${var.mounted_bucket_name}/*"]
    }],
    length(var.data_bucket_names) == 0 ? [] : [{
      Sid    = "ReadData"
      Effect = "Allow"
      Action = ["s3:GetObject", "s3:ListBucket"]
      Resource = flatten([
        for bucket in var.data_bucket_names : ["${local.s3}:${bucket}", "${local.s3}:${bucket}/*"]
      ])
    }],
    length(var.writable_data_bucket_names) == 0 ? [] : [{
      Sid    = "WriteData"
      Effect = "Allow"
      Action = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"]
      Resource = flatten([
        for bucket in var.writable_data_bucket_names : ["${local.s3}:${bucket}", "${local.s3}:${bucket}/*"]
      ])
    }],
  )

  prometheus_workspace_arns = distinct(concat(
    compact([var.observability ? var.prometheus_workspace_arn : null]),
    [
      for part in [
        for url in var.prometheus_endpoints : regex("^https://aps-workspaces\\.([a-z0-9-]+)\\..*/workspaces/(.+)$", url)
      ] : "arn:${var.partition}:aps:${part[0]}:${var.account_id}:workspace/${part[1]}"
    ],
  ))

  slurm_statements = concat(
    length(local.prometheus_workspace_arns) == 0 ? [] : [{
      Sid      = "SendMetrics"
      Effect   = "Allow"
      Action   = ["aps:RemoteWrite"]
      Resource = local.prometheus_workspace_arns
    }],
    !var.accounting || var.database_secret_arn == null ? [] : [{
      Sid      = "ReadDatabasePassword"
      Effect   = "Allow"
      Action   = ["secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue"]
      Resource = [var.database_secret_arn]
    }],
    !var.accounting || var.failover_topic_arn == null ? [] : [{
      Sid      = "TellOfFailover"
      Effect   = "Allow"
      Action   = ["sns:Publish"]
      Resource = [var.failover_topic_arn]
    }],
  )
}

resource "aws_iam_role" "execution" {
  count = var.create_execution_role ? 1 : 0

  description           = "Nodes of the HyperPod cluster of ${var.name}."
  force_detach_policies = true
  name                  = coalesce(var.execution_role_name, "${var.name}-hyperpod-${var.region}")
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
    }]
  })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_iam_role_policy_attachment" "managed" {
  count = var.create_execution_role ? 1 : 0

  policy_arn = "arn:${var.partition}:iam::aws:policy/AmazonSageMakerClusterInstanceRolePolicy"
  role       = aws_iam_role.execution[0].name
}

resource "aws_iam_role_policy_attachment" "additional" {
  for_each = { for name, arn in var.additional_policy_arns : name => arn if var.create_execution_role }

  policy_arn = each.value
  role       = aws_iam_role.execution[0].name
}

resource "aws_iam_role_policy" "execution" {
  count = var.create_execution_role ? 1 : 0

  name = "hyperpod"
  role = aws_iam_role.execution[0].name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = local.execution_statements
  })
}

resource "aws_iam_role" "karpenter" {
  count = local.karpenter_role ? 1 : 0

  description           = "Karpenter of ${var.name}."
  force_detach_policies = true
  name                  = coalesce(var.karpenter_role_name, "${var.name}-karpenter-${var.region}")
  path                  = var.role_path
  permissions_boundary  = var.permissions_boundary_arn
  tags                  = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = "sts:AssumeRole"
      Principal = {
        Service = "hyperpod.sagemaker.amazonaws.com"
      }
    }]
  })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_iam_role_policy" "karpenter" {
  count = local.karpenter_role ? 1 : 0

  name = "scale"
  role = aws_iam_role.karpenter[0].name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = local.karpenter_statements
  })
}
