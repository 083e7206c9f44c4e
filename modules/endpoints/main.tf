# Generated from hp_tf/layers/endpoints/definition.py by `hptf synth`; edit there.

locals {
  # Buckets of AWS that nodes read images, packages and agents from.
  service_buckets = [
    # Layers of ECR images; the registry of Kubernetes serves its images the same way.
    "prod-${var.region}-starport-layer-bucket",
    "prod-registry-k8s-io-${var.region}",
    # Package repositories of Amazon Linux 2023 and 2.
    "al2023-repos-${var.region}-*",
    "amazonlinux-2-repos-${var.region}",
    "amazonlinux.${var.region}.amazonaws.com",
    "packages.${var.region}.amazonaws.com",
    "repo.${var.region}.amazonaws.com",
    # Systems Manager: the agent, its documents and packages, and patches.
    "amazon-ssm-${var.region}",
    "amazon-ssm-packages-${var.region}",
    "aws-ssm-${var.region}",
    "aws-ssm-distributor-file-${var.region}",
    "aws-ssm-document-attachments-${var.region}",
    "aws-patch-manager-${var.region}-*",
    "patch-baseline-snapshot-${var.region}",
    "${var.region}-birdwatcher-prod",
    # The CloudWatch agent.
    "amazoncloudwatch-agent",
    "amazoncloudwatch-agent-${var.region}",
    # What clusters read: EKS binaries, the EFA installer, the Lustre client.
    "amazon-eks",
    "aws-efa-installer",
    "fsx-lustre-client-repo",
    "fsx-lustre-client-repo-${var.region}",
    # SageMaker: models and samples. Its other buckets differ by region but share a beginning.
    "jumpstart-cache-prod-${var.region}",
    "jumpstart-private-cache-prod-${var.region}",
    "sagemaker-sample-files",
    "aws-sagemaker-*",
  ]

  # AWS's recipes for restricted instance groups, which a role must be allowed to read as well.
  gated_recipes = [
    "arn:${var.partition}:s3:*:334772094012:accesspoint/advanced-model-customization-recipes-*/*",
    "arn:${var.partition}:s3:::advanced-model-customization-recipes*/*",
  ]

  s3_read_resources = flatten([
    for bucket in concat(local.service_buckets, var.s3_read_buckets) :
    ["arn:${var.partition}:s3:::${bucket}", "arn:${var.partition}:s3:::${bucket}/*"]
  ])

  s3_write_resources = flatten([
    for bucket in var.s3_write_buckets :
    ["arn:${var.partition}:s3:::${bucket}", "arn:${var.partition}:s3:::${bucket}/*"]
  ])

  has_interfaces = length(var.interface_endpoints) + length(var.given_interface_endpoint_ids) > 0

  interface_subnet_ids = [
    for zone, subnet in var.private_subnet_ids :
    subnet
    if var.interface_availability_zone_ids == null ? true : contains(var.interface_availability_zone_ids, zone)
  ]
}

resource "aws_vpc_endpoint" "s3" {
  count = var.s3 ? 1 : 0

  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  vpc_id            = var.vpc_id
  tags              = merge(var.tags, { Name = "${var.name}-s3" })

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([
      {
        Sid       = "BucketsOfThisAccount"
        Effect    = "Allow"
        Principal = "*"
        Action    = "s3:*"
        Resource  = "*"
        Condition = { StringEquals = { "aws:ResourceAccount" = var.account_id } }
      },
      {
        Sid       = "ReadFromServices"
        Effect    = "Allow"
        Principal = "*"
        Action    = ["s3:GetBucketLocation", "s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"]
        Resource  = concat(local.s3_read_resources, local.gated_recipes)
      },
      ], length(local.s3_write_resources) == 0 ? [] : [{
        Sid       = "ReadAndWriteElsewhere"
        Effect    = "Allow"
        Principal = "*"
        Action = [
          "s3:AbortMultipartUpload",
          "s3:DeleteObject",
          "s3:DeleteObjectVersion",
          "s3:GetBucketLocation",
          "s3:GetObject",
          "s3:GetObjectTagging",
          "s3:GetObjectVersion",
          "s3:ListBucket",
          "s3:ListBucketMultipartUploads",
          "s3:ListMultipartUploadParts",
          "s3:PutObject",
          "s3:PutObjectTagging",
        ]
        Resource = local.s3_write_resources
    }])
  })
}

resource "aws_vpc_endpoint_route_table_association" "s3" {
  for_each = { for key, table in var.private_route_table_ids : key => table if var.s3 }

  route_table_id  = each.value
  vpc_endpoint_id = aws_vpc_endpoint.s3[0].id
}

resource "aws_vpc_endpoint" "dynamodb" {
  count = var.dynamodb ? 1 : 0

  service_name      = "com.amazonaws.${var.region}.dynamodb"
  vpc_endpoint_type = "Gateway"
  vpc_id            = var.vpc_id
  tags              = merge(var.tags, { Name = "${var.name}-dynamodb" })
}

resource "aws_vpc_endpoint_route_table_association" "dynamodb" {
  for_each = { for key, table in var.private_route_table_ids : key => table if var.dynamodb }

  route_table_id  = each.value
  vpc_endpoint_id = aws_vpc_endpoint.dynamodb[0].id
}

resource "aws_security_group" "this" {
  count = local.has_interfaces ? 1 : 0

  description = "Interface endpoints of ${var.name}: HTTPS from the VPC."
  name        = "${var.name}-endpoints"
  vpc_id      = var.vpc_id
  tags        = merge(var.tags, { Name = "${var.name}-endpoints" })

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  for_each = { for key, block in var.vpc_cidr_blocks : key => block if local.has_interfaces }

  cidr_ipv4         = each.value
  description       = "HTTPS from block ${each.key}."
  from_port         = 443
  ip_protocol       = "tcp"
  security_group_id = aws_security_group.this[0].id
  to_port           = 443
  tags              = merge(var.tags, { Name = "${var.name}-https-${each.key}" })
}

resource "aws_vpc_endpoint" "interface" {
  for_each = toset(var.interface_endpoints)

  private_dns_enabled = true
  security_group_ids  = [aws_security_group.this[0].id]
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  subnet_ids          = local.interface_subnet_ids
  vpc_endpoint_type   = "Interface"
  vpc_id              = var.vpc_id
  tags                = merge(var.tags, { Name = "${var.name}-${each.key}-interface" })
}

resource "aws_vpc_endpoint_security_group_association" "given" {
  for_each = var.given_interface_endpoint_ids

  security_group_id = aws_security_group.this[0].id
  vpc_endpoint_id   = each.value

  lifecycle {
    create_before_destroy = true
  }
}
