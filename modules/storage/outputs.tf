# Generated from hp_tf/layers/storage/definition.py by `hptf synth`; edit there.

output "bucket_name" {
  description = "Name of the bucket."
  value       = local.bucket_name
}

output "bucket_arn" {
  description = "ARN of the bucket."
  value       = "arn:${var.partition}:s3:::${local.bucket_name}"
}

output "access_log_bucket_name" {
  description = "Name of the bucket with the access logs, made here or given; null without access logs."
  value       = one(aws_s3_bucket_logging.this[*].target_bucket)
}

output "lifecycle_script_uri" {
  description = "S3 address of the folder with the lifecycle scripts, usable: the scripts are uploaded."
  value       = "s3://${local.bucket_name}${local.lifecycle_prefix == "" ? "" : "/${local.lifecycle_prefix}"}"

  precondition {
    condition     = !var.upload_lifecycle_scripts || contains(keys(local.lifecycle_files), var.lifecycle_on_create)
    error_message = "The folder lifecycle_directory has no file of the name lifecycle_on_create gives."
  }

  depends_on = [aws_s3_object.lifecycle]
}

output "lifecycle_on_create" {
  description = "File name of the script each new node runs."
  value       = var.lifecycle_on_create

  depends_on = [aws_s3_object.lifecycle]
}
