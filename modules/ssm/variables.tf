# Generated from hp_tf/layers/ssm/contract.py by `hptf synth`; edit there.

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
    condition = var.create_document && var.document_name == null ? length("${var.name}-session") <= 128 : true
    error_message = join("", [
      "name is too long: the session document would be '${var.name}-session', ",
      join("", [length("${var.name}-session"), " characters where 128 are allowed"]),
      "."
    ])
  }

  validation {
    condition = var.session_logs == "cloudwatch" ? length("/aws/ssm/${var.name}/sessions") <= 512 : true
    error_message = join("", [
      "name is too long: the log group of sessions would be '/aws/ssm/${var.name}/sessions', ",
      join("", [length("/aws/ssm/${var.name}/sessions"), " characters where 512 are allowed"]),
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
  description = "Tags of every resource that can carry them."
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

variable "bucket_name" {
  description = "Bucket that session logs go to with session_logs s3."
  type        = string
  nullable    = false

  validation {
    condition = (
      can(regex("^(?:.*[a-z-].*|[^.]*(?:\\.[^.]*){0,2}|[^.]*(?:\\.[^.]*){4,})$", var.bucket_name)) &&
      can(regex("^(?:[a-z0-9](?:(?:\\.?[a-z0-9-])*\\.?[a-z0-9])?)$", var.bucket_name)) &&
      length(var.bucket_name) >= 3 &&
      length(var.bucket_name) <= 63
    )
    error_message = join("", [
      "bucket_name must be a bucket name: S3 takes none that looks like an IP address and must be a bucket name of lower-case letters, digits, ",
      "hyphens and single dots and must have 3 to 63 characters."
    ])
  }
}

variable "execution_role_name" {
  description = "Role of the nodes, which write the logs of sessions on them."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.execution_role_name) >= 1
    error_message = "execution_role_name must have at least 1 character."
  }
}

variable "create_document" {
  description = "Whether the session document is made; false takes the one document_name names."
  type        = bool
  default     = true
  nullable    = false
}

variable "document_name" {
  description = <<-EOT
    Name of the session document; null takes <name>-session. An account has one of a name in a region: one that is there already is used
    with create_document false.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.document_name == null || can(regex("^(?:[A-Za-z0-9_.-]{3,128})$", var.document_name))
    error_message = "document_name must be a document's name: 3 to 128 letters, digits and the signs - _ .."
  }

  validation {
    condition     = var.create_document || var.document_name != null
    error_message = "create_document is false, so document_name must name the session document to use."
  }

  validation {
    condition     = !(var.create_document && var.document_name != null) || !can(regex("^(?:(?i:aws|amazon|amzn)[-_.].*)$", var.document_name))
    error_message = "AWS keeps names of documents that begin with aws, amazon or amzn for itself."
  }
}

variable "default_user" {
  description = "Linux user of a session whose IAM user or role has no tag SSMSessionRunAs; null lets in only those who have the tag."
  type        = string
  default     = "ubuntu"

  validation {
    condition     = var.default_user == null || can(regex("^(?:[a-z_][a-z0-9_-]{0,31})$", var.default_user))
    error_message = "default_user must be a name of a Linux user: lower-case letters, digits, - and _, 32 at most."
  }
}

variable "idle_timeout_minutes" {
  description = "Minutes after which a session in which nothing happens ends."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = floor(var.idle_timeout_minutes) == var.idle_timeout_minutes && var.idle_timeout_minutes >= 1 && var.idle_timeout_minutes <= 60
    error_message = "idle_timeout_minutes must be a whole number, from 1 to 60."
  }
}

variable "longest_session_minutes" {
  description = "Minutes after which every session ends; null lets it last."
  type        = number
  default     = null

  validation {
    condition = (
      var.longest_session_minutes == null ? true :
      floor(var.longest_session_minutes) == var.longest_session_minutes &&
      var.longest_session_minutes >= 1 &&
      var.longest_session_minutes <= 1440
    )
    error_message = "longest_session_minutes must be a whole number, from 1 to 1440."
  }
}

variable "shell_profile" {
  description = "Commands that begin a session in the user's shell; an empty one leaves it as it is."
  type        = string
  default     = "cd ~ && exec bash -l"
  nullable    = false

  validation {
    condition     = length(var.shell_profile) <= 512
    error_message = "shell_profile must have at most 512 characters."
  }
}

variable "session_logs" {
  description = "Where what is typed and shown is written: to a log group of this module's, or to the bucket."
  type        = string
  default     = "none"
  nullable    = false

  validation {
    condition     = contains(["none", "cloudwatch", "s3"], var.session_logs)
    error_message = "session_logs must be one of 'none', 'cloudwatch', 's3'."
  }

  validation {
    condition     = var.create_document || var.session_logs == "none"
    error_message = "A document that exists says itself where logs go: with create_document false, session_logs must be none."
  }
}

variable "session_log_prefix" {
  description = "Where in the bucket session logs are."
  type        = string
  default     = "sessions"
  nullable    = false

  validation {
    condition     = can(regex("^(?:[A-Za-z0-9!_.*'()-]+(?:/[A-Za-z0-9!_.*'()-]+)*)$", var.session_log_prefix))
    error_message = "session_log_prefix must be a prefix without a slash at its ends, such as 'sessions'."
  }
}

variable "session_log_retention_days" {
  description = "Days the log group keeps session logs."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.session_log_retention_days
    )
    error_message = join("", [
      "session_log_retention_days must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, ",
      "3288, 3653."
    ])
  }
}

variable "grant_logs" {
  description = "Whether the nodes' role gets the right to write session logs. False if it has it already, or must not be changed."
  type        = bool
  default     = true
  nullable    = false
}

variable "kms_key_arn" {
  description = "Key that encrypts sessions, and the log group's content; its policy must let CloudWatch Logs use it. Null takes what AWS does by itself."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key such as 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'."
  }

  validation {
    condition     = var.kms_key_arn == null || try(split(":", var.kms_key_arn)[3], "") == var.region
    error_message = "A key of another region cannot be used: kms_key_arn must name a key of this region."
  }
}
