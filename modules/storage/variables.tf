# Generated from hp_tf/layers/storage/contract.py by `hptf synth`; edit there.

variable "name" {
  description = "Name of the environment: what is made here is named after it."
  type        = string
  nullable    = false

  validation {
    condition = can(regex("^(?:[a-z](?:-?[a-z0-9])*)$", var.name)) && length(var.name) >= 2
    error_message = join("", [
      "name must be a name of lower-case letters, digits and single hyphens that begins with a letter, such as 'ml-dev' and must have at least 2 ",
      "characters."
    ])
  }

  validation {
    condition = var.create_bucket && var.bucket_name == null ? length("sagemaker-${var.name}-${var.account_id}-${var.region}") <= 63 : true
    error_message = join("", [
      "name is too long: the lifecycle bucket would be 'sagemaker-${var.name}-${var.account_id}-${var.region}', ",
      join("", [length("sagemaker-${var.name}-${var.account_id}-${var.region}"), " characters where 63 are allowed"]),
      "."
    ])
  }

  validation {
    condition = (
      var.create_bucket && var.access_logs == "created" && var.access_log_bucket_name == null ?
      length("${var.name}-logs-${var.account_id}-${var.region}") <= 63 : true
    )
    error_message = join("", [
      "name is too long: the bucket of the access logs would be '${var.name}-logs-${var.account_id}-${var.region}', ",
      join("", [length("${var.name}-logs-${var.account_id}-${var.region}"), " characters where 63 are allowed"]),
      "."
    ])
  }
}

variable "region" {
  description = "Region of what is made here, as the provider has it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:[a-z]{2}(?:-[a-z]+)+-[0-9])$", var.region))
    error_message = "region must be an AWS region such as 'us-west-2'."
  }
}

variable "account_id" {
  description = "Account of what is made here."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:[0-9]{12})$", var.account_id))
    error_message = "account_id must be an AWS account id of twelve digits."
  }
}

variable "partition" {
  description = "Partition of the region, which ARNs are made with."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["aws", "aws-cn", "aws-us-gov"], var.partition)
    error_message = "partition must be one of 'aws', 'aws-cn', 'aws-us-gov'."
  }

  validation {
    condition = (
      var.partition ==
      (
        startswith(var.region, "cn-") ? "aws-cn" :
        startswith(var.region, "us-gov-") ? "aws-us-gov" : can(regex("^(?:[a-z]{2}-[a-z]+-[0-9])$", var.region)) ? "aws" : ""
      )
    )
    error_message = "partition must be the region's: aws-cn for regions of China, aws-us-gov for those of GovCloud, aws for the other public ones."
  }
}

variable "tags" {
  description = "Tags of every resource that can carry them, except the scripts' objects: S3 gives an object ten tags at most."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for key in keys(var.tags) :
      can(regex("^(?:[^aA].*|[aA](?:[^wW].*)?|[aA][wW](?:[^sS].*)?|[aA][wW][sS](?:[^:].*)?)$", key)) ?
      (
        can(regex("^(?:[^\\x00-\\x1f!\"#$%&'()*,;<>?\\[\\\\\\]^`{|}~\\x7f]+)$", key)) ?
        length(key) >= 1 && length(key) <= 128 : false
      ) : false
    ])
    error_message = join("", [
      "Every key of tags must be the key of a tag of yours: AWS keeps 'aws:' at the beginning for itself and must be the key of a tag: letters, ",
      "digits, spaces and the signs + - = . _ : / @ and must have 1 to 128 characters."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.tags) :
      can(regex("^(?:[^\\x00-\\x1f!\"#$%&'()*,;<>?\\[\\\\\\]^`{|}~\\x7f]*)$", item)) ? length(item) <= 256 : false
    ])
    error_message = join("", [
      "Every element of tags must be the value of a tag: letters, digits, spaces and the signs + - = . _ : / @ and must have at most 256 ",
      "characters."
    ])
  }
}

variable "create_bucket" {
  description = "Whether the bucket is created. False uses the one bucket_name names and changes nothing of it but the lifecycle scripts' objects."
  type        = bool
  default     = true
  nullable    = false
}

variable "bucket_name" {
  description = <<-EOT
    Name of the bucket: of the given one when create_bucket is false, else of the one that is made; null makes that from the environment's.
    AWS's own policy for nodes reads buckets only whose names begin with 'sagemaker-'; the role of iam reads this one whatever its name.
    Fixed at creation: another name is another bucket.
  EOT
  type        = string
  default     = null

  validation {
    condition = (
      var.bucket_name == null ? true :
      can(regex("^(?:.*[a-z-].*|[^.]*(?:\\.[^.]*){0,2}|[^.]*(?:\\.[^.]*){4,})$", var.bucket_name)) ?
      (
        can(regex("^(?:[a-z0-9](?:(?:\\.?[a-z0-9-])*\\.?[a-z0-9])?)$", var.bucket_name)) ?
        length(var.bucket_name) >= 3 && length(var.bucket_name) <= 63 : false
      ) : false
    )
    error_message = join("", [
      "bucket_name must be a bucket name: S3 takes none that looks like an IP address and must be a bucket name of lower-case letters, digits, ",
      "hyphens and single dots and must have 3 to 63 characters."
    ])
  }

  validation {
    condition     = var.create_bucket || var.bucket_name != null
    error_message = "With create_bucket false, bucket_name must name the bucket to use."
  }
}

variable "force_destroy" {
  description = "Whether deleting the bucket deletes every object in it, old versions included. False lets the deletion fail while the bucket holds anything."
  type        = bool
  default     = false
  nullable    = false
}

variable "kms_key_arn" {
  description = "KMS key that objects are encrypted with; the execution role needs kms:Decrypt on it. Null encrypts with keys S3 manages."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key such as 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'."
  }

  validation {
    condition     = var.create_bucket || var.kms_key_arn == null
    error_message = "The settings of a given bucket are left alone, so kms_key_arn must be left out."
  }

  validation {
    condition     = var.kms_key_arn == null || try(split(":", var.kms_key_arn)[3], "") == var.region
    error_message = "A key of another region cannot be used: kms_key_arn must name a key of this region."
  }
}

variable "noncurrent_version_days" {
  description = <<-EOT
    Days after which old versions of objects are deleted. Null keeps them. The AWS provider waits a minute whenever it makes or changes this
    setting.
  EOT
  type        = number
  default     = null

  validation {
    condition = (
      var.noncurrent_version_days == null ? true :
      floor(var.noncurrent_version_days) == var.noncurrent_version_days &&
      var.noncurrent_version_days >= 1 &&
      var.noncurrent_version_days <= 3650
    )
    error_message = "noncurrent_version_days must be a whole number, from 1 to 3650."
  }

  validation {
    condition     = var.create_bucket || var.noncurrent_version_days == null
    error_message = "The settings of a given bucket are left alone, so noncurrent_version_days must be left out."
  }
}

variable "access_logs" {
  description = "Where S3 logs the requests to the bucket: nowhere, in a bucket made here, or in the one access_log_bucket_name names."
  type        = string
  default     = "none"
  nullable    = false

  validation {
    condition     = contains(["none", "created", "given"], var.access_logs)
    error_message = "access_logs must be one of 'none', 'created', 'given'."
  }

  validation {
    condition     = var.create_bucket || var.access_logs == "none"
    error_message = "The settings of a given bucket are left alone, so access_logs must be 'none'."
  }
}

variable "access_log_days" {
  description = <<-EOT
    Days after which access logs are deleted from a bucket made here; a week later they are gone for good. Null keeps them. The AWS provider
    waits a minute whenever it makes or changes this setting.
  EOT
  type        = number
  default     = 365

  validation {
    condition = (
      var.access_log_days == null ? true :
      floor(var.access_log_days) == var.access_log_days && var.access_log_days >= 1 && var.access_log_days <= 3650
    )
    error_message = "access_log_days must be a whole number, from 1 to 3650."
  }
}

variable "access_log_bucket_name" {
  description = <<-EOT
    Name of the bucket for access logs. With access_logs 'given' it is there, and its policy must let logging.s3.amazonaws.com write; with
    'created' null makes the name from the environment's. Fixed at creation: another name is another bucket.
  EOT
  type        = string
  default     = null

  validation {
    condition = (
      var.access_log_bucket_name == null ? true :
      can(regex("^(?:.*[a-z-].*|[^.]*(?:\\.[^.]*){0,2}|[^.]*(?:\\.[^.]*){4,})$", var.access_log_bucket_name)) ?
      (
        can(regex("^(?:[a-z0-9](?:(?:\\.?[a-z0-9-])*\\.?[a-z0-9])?)$", var.access_log_bucket_name)) ?
        length(var.access_log_bucket_name) >= 3 && length(var.access_log_bucket_name) <= 63 : false
      ) : false
    )
    error_message = join("", [
      "access_log_bucket_name must be a bucket name: S3 takes none that looks like an IP address and must be a bucket name of lower-case ",
      "letters, digits, hyphens and single dots and must have 3 to 63 characters."
    ])
  }

  validation {
    condition     = var.access_logs != "given" || var.access_log_bucket_name != null
    error_message = "With access_logs 'given', access_log_bucket_name must name the bucket."
  }

  validation {
    condition     = var.access_log_bucket_name == null || var.access_logs != "none"
    error_message = "Without access_logs no bucket takes them: access_log_bucket_name must be left out."
  }
}

variable "upload_lifecycle_scripts" {
  description = "Whether the lifecycle scripts are uploaded. False when they are in the bucket already."
  type        = bool
  default     = true
  nullable    = false
}

variable "lifecycle_directory" {
  description = <<-EOT
    Folder whose files are uploaded as lifecycle scripts, sub-folders included. Null uploads the script that comes with this module, which
    is for EKS.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.lifecycle_directory == null ? true : length(var.lifecycle_directory) >= 1
    error_message = "lifecycle_directory must have at least 1 character."
  }

  validation {
    condition     = var.lifecycle_directory == null || var.upload_lifecycle_scripts
    error_message = "With upload_lifecycle_scripts false nothing is uploaded, so lifecycle_directory must be left out."
  }
}

variable "slurm_configuration" {
  description = <<-EOT
    What tells Slurm of its groups, null with EKS. The cluster's module writes provisioning_parameters.json and, with scripts, config.py: a
    folder's own are not uploaded.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.slurm_configuration == null ? true : contains(["api", "scripts"], var.slurm_configuration)
    error_message = "slurm_configuration must be one of 'api', 'scripts'."
  }
}

variable "lifecycle_prefix" {
  description = "Prefix of the scripts' keys in the bucket, empty for the bucket's root. Null takes the root, with Slurm LifecycleScripts/base-config."
  type        = string
  default     = null

  validation {
    condition = (
      var.lifecycle_prefix == null ||
      can(regex(join("", [
        "^(?:(?:\\.*[A-Za-z0-9!_=*'()-][A-Za-z0-9!_.=*'()-]*(?:/\\.*[A-Za-z0-9!_=*'()-][A-Za-z0-9!_.=*'()-]*)*)",
        "?)$"
      ]), var.lifecycle_prefix))
    )
    error_message = "lifecycle_prefix must be a key prefix without a slash at either end and without '..', such as 'lifecycle/eks'."
  }

  validation {
    condition     = var.slurm_configuration == null || var.lifecycle_prefix != ""
    error_message = "Scripts for Slurm are many files that come and go together: lifecycle_prefix must name a folder for them, not the bucket's root."
  }
}

variable "lustre_over_efa" {
  description = <<-EOT
    Whether the script that comes with this module sets the Lustre client up for EFA, on nodes that have it: for a file system with EFA in
    their zone.
  EOT
  type        = bool
  default     = false
  nullable    = false
}

variable "lifecycle_on_create" {
  description = "File name of the script each new node runs. SageMaker calls it OnCreate."
  type        = string
  default     = "on_create.sh"
  nullable    = false

  validation {
    condition = (
      can(regex("^(?:[A-Za-z0-9_.-]+)$", var.lifecycle_on_create)) &&
      length(var.lifecycle_on_create) >= 1 &&
      length(var.lifecycle_on_create) <= 128
    )
    error_message = "lifecycle_on_create must be a file name without folders, such as 'on_create.sh' and must have 1 to 128 characters."
  }
}
