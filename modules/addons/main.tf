# Generated from hp_tf/layers/addons/definition.py by `hptf synth`; edit there.

locals {
  make_fsx_role = var.fsx_csi_driver.enabled && length(var.fsx_csi_driver.pod_identity_roles) == 0 && var.fsx_csi_driver.service_account_role_arn == null

  buckets = distinct([
    for volume in values(var.bucket_volumes) : "arn:${var.partition}:s3:::${volume.bucket_name}"
  ])

  written_buckets = distinct([
    for volume in values(var.bucket_volumes) : "arn:${var.partition}:s3:::${volume.bucket_name}" if !volume.read_only
  ])

  s3_statements = [
    for statement in [
      {
        Sid      = "List"
        Effect   = "Allow"
        Action   = ["s3:ListBucket"]
        Resource = local.buckets
      },
      {
        Sid      = "Read"
        Effect   = "Allow"
        Action   = ["s3:GetObject"]
        Resource = [for bucket in local.buckets : "${bucket}/*"]
      },
      {
        Sid      = "Write"
        Effect   = "Allow"
        Action   = ["s3:AbortMultipartUpload", "s3:DeleteObject", "s3:PutObject"]
        Resource = [for bucket in local.written_buckets : "${bucket}/*"]
      },
      {
        Sid      = "UseKeys"
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:GenerateDataKey"]
        Resource = var.bucket_kms_key_arns
      },
    ] : statement if length(statement.Resource) > 0
  ]

  make_s3_role = var.s3_csi_driver.enabled && length(var.s3_csi_driver.pod_identity_roles) == 0 && var.s3_csi_driver.service_account_role_arn == null

  own_addons = {
    for name, addon in {
      "coredns"                      = var.coredns
      "metrics-server"               = var.metrics_server
      "cert-manager"                 = var.cert_manager
      "aws-fsx-csi-driver"           = var.fsx_csi_driver
      "aws-mountpoint-s3-csi-driver" = var.s3_csi_driver
    } : name => addon if addon.enabled
  }

  # Roles made here by add-on and service account.
  own_roles = {
    "aws-fsx-csi-driver"           = { for role in aws_iam_role.fsx : "fsx-csi-controller-sa" => role.arn }
    "aws-mountpoint-s3-csi-driver" = { for role in aws_iam_role.s3 : "s3-csi-driver-sa" => role.arn }
  }

  # What add-ons are told to run on the nodes of restricted groups.
  restricted_configuration = {
    "coredns" = jsonencode({
      tolerations = [{
        key      = "sagemaker.amazonaws.com/RestrictedNode"
        operator = "Exists"
      }]
    })
    "metrics-server" = jsonencode({
      tolerations = [{
        key      = "sagemaker.amazonaws.com/RestrictedNode"
        operator = "Exists"
      }]
    })
    "cert-manager" = jsonencode({
      tolerations = [{
        key      = "sagemaker.amazonaws.com/RestrictedNode"
        operator = "Exists"
      }]
      webhook = {
        tolerations = [{
          key      = "sagemaker.amazonaws.com/RestrictedNode"
          operator = "Exists"
        }]
      }
      cainjector = {
        tolerations = [{
          key      = "sagemaker.amazonaws.com/RestrictedNode"
          operator = "Exists"
        }]
      }
    })
    "aws-fsx-csi-driver" = jsonencode({
      controller = {
        tolerations = [{
          key      = "sagemaker.amazonaws.com/RestrictedNode"
          operator = "Exists"
        }]
      }
    })
    "aws-mountpoint-s3-csi-driver" = jsonencode({
      node = {
        tolerateAllTaints = true
      }
    })
  }

  addons = merge(
    {
      for name, addon in local.own_addons : name => merge(addon, {
        configuration_values = (
          addon.configuration_values == null && var.restricted_nodes
          ? local.restricted_configuration[name]
          : addon.configuration_values
        )
      })
    },
    { for name, addon in var.further_addons : name => merge(addon, { enabled = true }) },
  )

  usual_throughput = { PERSISTENT_1 = 200, PERSISTENT_2 = 250 }

  storage_classes = [
    for name, class in var.storage_classes : {
      name          = name
      default       = class.default
      reclaimPolicy = class.reclaim_policy
      mountOptions  = class.mount_options
      parameters = merge({
        for key, value in {
          subnetId = var.private_subnet_ids[coalesce(class.availability_zone_id, var.primary_availability_zone_id)]
          securityGroupIds = join(",", (
            length(class.security_group_ids) == 0 ? [var.security_group_id] : class.security_group_ids
          ))
          deploymentType = class.deployment_type
          perUnitStorageThroughput = try(
            coalesce(class.per_unit_storage_throughput, local.usual_throughput[class.deployment_type]),
            null,
          )
          dataCompressionType   = class.data_compression_type
          fileSystemTypeVersion = class.file_system_type_version
          kmsKeyId              = class.kms_key_arn
        } : key => tostring(value) if value != null
      }, class.parameters)
    }
  ]

  lustre_volumes = flatten([
    for name, volume in var.lustre_volumes : [
      for namespace in volume.namespaces : {
        name         = "${name}-${namespace}"
        namespace    = namespace
        claim        = coalesce(volume.claim_name, name)
        driver       = "fsx.csi.aws.com"
        handle       = "${coalesce(volume.file_system_id, var.file_system_id)}-${name}-${namespace}"
        capacity     = "${volume.capacity_gib}Gi"
        accessMode   = volume.read_only ? "ReadOnlyMany" : "ReadWriteMany"
        readOnly     = volume.read_only
        mountOptions = volume.mount_options
        attributes = {
          dnsname   = coalesce(volume.dns_name, var.file_system_dns_name)
          mountname = coalesce(volume.mount_name, var.file_system_mount_name, "fsx")
        }
      }
    ]
  ])

  bucket_volumes = flatten([
    for name, volume in var.bucket_volumes : [
      for namespace in volume.namespaces : {
        name       = "${name}-${namespace}"
        namespace  = namespace
        claim      = coalesce(volume.claim_name, name)
        driver     = "s3.csi.aws.com"
        handle     = "${volume.bucket_name}-${name}-${namespace}"
        capacity   = "1200Gi"
        accessMode = volume.read_only ? "ReadOnlyMany" : "ReadWriteMany"
        readOnly   = volume.read_only
        mountOptions = concat(
          ["region ${var.region}"],
          volume.prefix == null ? [] : ["prefix ${volume.prefix}"],
          volume.read_only ? ["read-only"] : ["allow-delete"],
          volume.mount_options,
        )
        attributes = { bucketName = volume.bucket_name }
      }
    ]
  ])

  # One volume for each claim: Kubernetes binds a volume to one alone. A driver tells volumes apart by
  # their handles.
  volumes = concat(local.lustre_volumes, local.bucket_volumes)
}

resource "aws_iam_role" "fsx" {
  count = local.make_fsx_role ? 1 : 0

  description           = "FSx for Lustre driver of the EKS cluster of ${var.name}."
  force_detach_policies = true
  name                  = "${var.name}-fsx-csi-${var.region}"
  path                  = var.role_path
  permissions_boundary  = var.permissions_boundary_arn
  tags                  = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = ["sts:AssumeRole", "sts:TagSession"]
      Principal = {
        Service = "pods.eks.amazonaws.com"
      }
      Condition = {
        StringEquals = {
          "aws:SourceAccount"                         = var.account_id
          "aws:RequestTag/kubernetes-namespace"       = "kube-system"
          "aws:RequestTag/kubernetes-service-account" = "fsx-csi-controller-sa"
        }
        ArnEquals = {
          "aws:SourceArn" = "arn:${var.partition}:eks:${var.region}:${var.account_id}:cluster/${var.cluster_name}"
        }
      }
    }]
  })
}

# Not AmazonFSxFullAccess: the driver deletes what it made, by the tag it gives, and no other file system.
resource "aws_iam_role_policy" "fsx" {
  count = local.make_fsx_role ? 1 : 0

  name = "fsx-csi"
  role = aws_iam_role.fsx[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Find"
        Effect   = "Allow"
        Action   = ["fsx:DescribeFileSystems"]
        Resource = "arn:${var.partition}:fsx:${var.region}:${var.account_id}:file-system/*"
      },
      {
        Sid      = "Make"
        Effect   = "Allow"
        Action   = ["fsx:CreateFileSystem", "fsx:TagResource"]
        Resource = "arn:${var.partition}:fsx:${var.region}:${var.account_id}:file-system/*"
        Condition = {
          Null = {
            "aws:RequestTag/CSIVolumeName" = "false"
          }
        }
      },
      {
        Sid      = "ChangeAndDeleteOwn"
        Effect   = "Allow"
        Action   = ["fsx:DeleteFileSystem", "fsx:UpdateFileSystem"]
        Resource = "arn:${var.partition}:fsx:${var.region}:${var.account_id}:file-system/*"
        Condition = {
          Null = {
            "aws:ResourceTag/CSIVolumeName" = "false"
          }
        }
      },
      {
        Sid      = "FirstFileSystemOfTheAccount"
        Effect   = "Allow"
        Action   = ["iam:CreateServiceLinkedRole"]
        Resource = "arn:${var.partition}:iam::${var.account_id}:role/aws-service-role/fsx.amazonaws.com/*"
        Condition = {
          StringEquals = {
            "iam:AWSServiceName" = "fsx.amazonaws.com"
          }
        }
      },
    ]
  })
}

resource "aws_iam_role" "s3" {
  count = local.make_s3_role ? 1 : 0

  description           = "S3 driver of the EKS cluster of ${var.name}."
  force_detach_policies = true
  name                  = "${var.name}-s3-csi-${var.region}"
  path                  = var.role_path
  permissions_boundary  = var.permissions_boundary_arn
  tags                  = var.tags

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = ["sts:AssumeRole", "sts:TagSession"]
      Principal = {
        Service = "pods.eks.amazonaws.com"
      }
      Condition = {
        StringEquals = {
          "aws:SourceAccount"                         = var.account_id
          "aws:RequestTag/kubernetes-namespace"       = "kube-system"
          "aws:RequestTag/kubernetes-service-account" = "s3-csi-driver-sa"
        }
        ArnEquals = {
          "aws:SourceArn" = "arn:${var.partition}:eks:${var.region}:${var.account_id}:cluster/${var.cluster_name}"
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "s3" {
  count = local.make_s3_role && length(local.buckets) > 0 ? 1 : 0

  name = "s3-csi"
  role = aws_iam_role.s3[0].id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = local.s3_statements
  })
}

# They become active on nodes, for which hyperpod_cluster_name makes them wait.
resource "aws_eks_addon" "this" {
  for_each = local.addons

  addon_name                  = each.key
  addon_version               = each.value.addon_version
  cluster_name                = var.cluster_name
  configuration_values        = each.value.configuration_values
  preserve                    = each.value.preserve
  resolve_conflicts_on_create = "OVERWRITE"
  resolve_conflicts_on_update = "OVERWRITE"
  service_account_role_arn    = each.value.service_account_role_arn
  tags                        = var.tags

  dynamic "pod_identity_association" {
    for_each = merge(lookup(local.own_roles, each.key, {}), each.value.pod_identity_roles)

    content {
      role_arn        = pod_identity_association.value
      service_account = pod_identity_association.key
    }
  }

  depends_on = [
    var.hyperpod_cluster_name,
    aws_iam_role.fsx,
    aws_iam_role_policy.fsx,
    aws_iam_role.s3,
    aws_iam_role_policy.s3,
  ]
}

# No version: a chart in a folder has its own, which changes with the chart's content.
resource "helm_release" "this" {
  chart     = "${path.module}/chart"
  name      = "${var.name}-storage"
  namespace = "kube-system"

  values = [
    yamlencode({
      namespaces     = [for name, namespace in var.namespaces : { name = name, labels = namespace.labels }]
      storageClasses = local.storage_classes
      volumes        = local.volumes
    }),
  ]

  depends_on = [var.cluster_name, aws_eks_addon.this]
}
