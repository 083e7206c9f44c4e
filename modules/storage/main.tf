# Generated from hp_tf/layers/storage/definition.py by `hptf synth`; edit there.

locals {
  bucket_name      = var.create_bucket ? aws_s3_bucket.this[0].bucket : var.bucket_name
  lifecycle_prefix = var.lifecycle_prefix != null ? var.lifecycle_prefix : var.slurm_configuration == null ? "" : "LifecycleScripts/base-config"

  # What the cluster's module writes beside the scripts, or must not be there.
  written_elsewhere = concat(
    var.slurm_configuration == null ? [] : ["provisioning_parameters.json"],
    var.slurm_configuration == "scripts" ? ["config.py"] : [],
  )

  # The scripts by their name below the prefix: the one that comes with this module, or the user's.
  lifecycle_files = var.lifecycle_directory == null ? tomap({
    for file, place in { (var.lifecycle_on_create) = "scripts/on_create.sh", lustre_over_efa = "scripts/lustre_over_efa" } :
    file => "${path.module}/${place}" if file != "lustre_over_efa" || var.lustre_over_efa
    }) : tomap({
    for file in fileset(var.lifecycle_directory, "**") : file => "${var.lifecycle_directory}/${file}"
    if !contains(local.written_elsewhere, file)
  })

  hashed = var.create_bucket && var.kms_key_arn == null
}

resource "aws_s3_bucket" "this" {
  # checkov:skip=CKV2_AWS_62: Nothing acts on what happens to its objects
  # checkov:skip=CKV_AWS_144: What is in it comes from this module, which can make it anew elsewhere

  count = var.create_bucket ? 1 : 0

  bucket        = coalesce(var.bucket_name, "sagemaker-${var.name}-${var.account_id}-${var.region}")
  force_destroy = var.force_destroy
  tags          = var.tags
}

resource "aws_s3_bucket_public_access_block" "this" {
  count = var.create_bucket ? 1 : 0

  block_public_acls       = true
  block_public_policy     = true
  bucket                  = aws_s3_bucket.this[0].id
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  count = var.create_bucket ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  count = var.create_bucket ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  rule {
    bucket_key_enabled = var.kms_key_arn != null

    apply_server_side_encryption_by_default {
      kms_master_key_id = var.kms_key_arn
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  count = var.create_bucket ? 1 : 0

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

resource "aws_s3_bucket_versioning" "this" {
  count = var.create_bucket ? 1 : 0

  bucket = aws_s3_bucket.this[0].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  count = var.noncurrent_version_days == null ? 0 : 1

  bucket = aws_s3_bucket.this[0].id

  rule {
    id     = "old-versions"
    status = "Enabled"

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }

    filter {
      prefix = ""
    }

    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_version_days
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket" "logs" {
  # checkov:skip=CKV2_AWS_62: Nothing acts on what happens to its objects
  # checkov:skip=CKV_AWS_144: Logs of one bucket's requests are not worth a second region
  # checkov:skip=CKV_AWS_145: S3 delivers access logs only to buckets encrypted with its own keys

  count = var.access_logs == "created" ? 1 : 0

  bucket        = coalesce(var.access_log_bucket_name, "${var.name}-logs-${var.account_id}-${var.region}")
  force_destroy = var.force_destroy
  tags          = var.tags
}

resource "aws_s3_bucket_public_access_block" "logs" {
  count = var.access_logs == "created" ? 1 : 0

  block_public_acls       = true
  block_public_policy     = true
  bucket                  = aws_s3_bucket.logs[0].id
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "logs" {
  count = var.access_logs == "created" ? 1 : 0

  bucket = aws_s3_bucket.logs[0].id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  count = var.access_logs == "created" ? 1 : 0

  bucket = aws_s3_bucket.logs[0].id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "logs" {
  count = var.access_logs == "created" ? 1 : 0

  bucket = aws_s3_bucket.logs[0].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  count = var.access_logs == "created" && var.access_log_days != null ? 1 : 0

  bucket = aws_s3_bucket.logs[0].id

  rule {
    id     = "old-logs"
    status = "Enabled"

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }

    expiration {
      days = var.access_log_days
    }

    filter {
      prefix = ""
    }

    noncurrent_version_expiration {
      noncurrent_days = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.logs]
}

resource "aws_s3_bucket_policy" "logs" {
  count = var.access_logs == "created" ? 1 : 0

  bucket = aws_s3_bucket.logs[0].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = { AWS = "*" }
        Action    = "s3:*"
        Resource  = ["arn:${var.partition}:s3:::${aws_s3_bucket.logs[0].bucket}", "arn:${var.partition}:s3:::${aws_s3_bucket.logs[0].bucket}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "AccessLogDelivery"
        Effect    = "Allow"
        Principal = { Service = "logging.s3.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "arn:${var.partition}:s3:::${aws_s3_bucket.logs[0].bucket}/*"
        Condition = {
          ArnLike      = { "aws:SourceArn" = "arn:${var.partition}:s3:::${local.bucket_name}" }
          StringEquals = { "aws:SourceAccount" = var.account_id }
        }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.logs]
}

resource "aws_s3_bucket_logging" "this" {
  count = var.access_logs == "none" ? 0 : 1

  bucket        = aws_s3_bucket.this[0].id
  target_bucket = var.access_logs == "created" ? aws_s3_bucket.logs[0].id : var.access_log_bucket_name
  target_prefix = "${local.bucket_name}/"

  depends_on = [aws_s3_bucket_policy.logs]
}

# The content rather than a path: a path would differ between the roots that call this module.
# Under another prefix or name it is there before the cluster names it, and the old one until then.
# No tags: an object takes ten, an environment may have more.
resource "aws_s3_object" "lifecycle" {
  for_each = { for name, path in local.lifecycle_files : name => path if var.upload_lifecycle_scripts }

  bucket         = local.bucket_name
  content        = try(file(each.value), null)
  content_base64 = can(file(each.value)) ? null : filebase64(each.value)
  content_type   = can(file(each.value)) ? "text/plain; charset=utf-8" : "application/octet-stream"
  etag           = local.hashed && length(filebase64(each.value)) < 5000000 ? filemd5(each.value) : null
  key            = join("/", compact([local.lifecycle_prefix, each.key]))

  metadata = {
    sha256 = filesha256(each.value)
  }

  override_provider {
    default_tags {
      tags = {}
    }
  }

  lifecycle {
    create_before_destroy = true
  }

  depends_on = [
    aws_s3_bucket_public_access_block.this,
    aws_s3_bucket_ownership_controls.this,
    aws_s3_bucket_server_side_encryption_configuration.this,
    aws_s3_bucket_policy.this,
    aws_s3_bucket_versioning.this,
  ]
}
