# Generated from hp_tf/layers/accounting/contract.py by `hptf synth`; edit there.

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
    condition = length("${var.name}-accounting") <= 63
    error_message = join("", [
      "name is too long: the database would be '${var.name}-accounting', ",
      join("", [length("${var.name}-accounting"), " characters where 63 are allowed"]),
      "."
    ])
  }

  validation {
    condition = length("${var.name}-accounting") <= 255
    error_message = join("", [
      "name is too long: the database's security group would be '${var.name}-accounting', ",
      join("", [length("${var.name}-accounting"), " characters where 255 are allowed"]),
      "."
    ])
  }

  validation {
    condition = var.failover_topic ? length("${var.name}-failover") <= 256 : true
    error_message = join("", [
      "name is too long: the topic of controllers would be '${var.name}-failover', ",
      join("", [length("${var.name}-failover"), " characters where 256 are allowed"]),
      "."
    ])
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

variable "vpc_id" {
  description = "VPC of the database."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:vpc-[0-9a-f]{8,17})$", var.vpc_id))
    error_message = "vpc_id must be a VPC id such as 'vpc-0123456789abcdef0'."
  }
}

variable "private_subnet_ids" {
  description = "Subnets the database may be in, by zone id: two zones at least."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.private_subnet_ids) : can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", key))])
    error_message = "Every key of private_subnet_ids must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition     = alltrue([for item in values(var.private_subnet_ids) : can(regex("^(?:subnet-[0-9a-f]{8,17})$", item))])
    error_message = "Every element of private_subnet_ids must be a subnet id such as 'subnet-0123456789abcdef0'."
  }

  validation {
    condition     = (keys(var.private_subnet_ids) == null ? 0 : length(keys(var.private_subnet_ids))) >= 2
    error_message = "RDS wants subnets in two zones at least: private_subnet_ids must have two."
  }
}

variable "security_group_id" {
  description = "Security group of the nodes, which alone reach the database."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:sg-[0-9a-f]{8,17})$", var.security_group_id))
    error_message = "security_group_id must be a security group id such as 'sg-0123456789abcdef0'."
  }
}

variable "execution_role_name" {
  description = "Role of the nodes, which read the database's password."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.execution_role_name) >= 1
    error_message = "execution_role_name must have at least 1 character."
  }
}

variable "grant_secret" {
  description = "Whether the nodes' role gets the right to read the password. False if it has it already, or must not be changed."
  type        = bool
  default     = true
  nullable    = false
}

variable "instance_class" {
  description = "Class of the database's machine."
  type        = string
  default     = "db.m6g.large"
  nullable    = false

  validation {
    condition     = can(regex("^(?:db\\.[a-z0-9-]+\\.[a-z0-9]+)$", var.instance_class))
    error_message = "instance_class must be a class of database instances such as 'db.m6g.large'."
  }
}

variable "engine_version" {
  description = "Version of MariaDB. RDS takes the newest of it, and it never goes back."
  type        = string
  default     = "10.11"
  nullable    = false

  validation {
    condition     = can(regex("^(?:1[01]\\.[0-9]+(?:\\.[0-9]+)?)$", var.engine_version))
    error_message = "engine_version must be a version of MariaDB such as '10.11'."
  }
}

variable "database_name" {
  description = "Database that slurmdbd writes. Fixed at creation: another value is another database; restore a snapshot into it."
  type        = string
  default     = "slurm_acct_db"
  nullable    = false

  validation {
    condition     = can(regex("^(?:[A-Za-z][A-Za-z0-9_]*)$", var.database_name)) && length(var.database_name) <= 64
    error_message = "database_name must be a database name of letters, digits and _ and must have at most 64 characters."
  }
}

variable "username" {
  description = <<-EOT
    User of the database. RDS makes its password and keeps it in a secret. Fixed at creation: another value is another database; restore a
    snapshot into it.
  EOT
  type        = string
  default     = "slurm"
  nullable    = false

  validation {
    condition     = can(regex("^(?:[A-Za-z][A-Za-z0-9]*)$", var.username)) && length(var.username) <= 16
    error_message = "username must be a user name of letters and digits and must have at most 16 characters."
  }

  validation {
    condition     = !contains(["admin", "rdsadmin", "root", "mysql"], lower(var.username))
    error_message = "RDS and MariaDB keep users of this name for themselves: username must be another."
  }
}

variable "storage_gib" {
  description = "GiB of storage. It can grow, never shrink."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = floor(var.storage_gib) == var.storage_gib && var.storage_gib >= 20 && var.storage_gib <= 65536
    error_message = "storage_gib must be a whole number, from 20 to 65536."
  }
}

variable "storage_limit_gib" {
  description = "GiB up to which RDS lets the storage grow by itself; null lets it not."
  type        = number
  default     = null

  validation {
    condition = (
      var.storage_limit_gib == null ? true :
      floor(var.storage_limit_gib) == var.storage_limit_gib && var.storage_limit_gib >= 20 && var.storage_limit_gib <= 65536
    )
    error_message = "storage_limit_gib must be a whole number, from 20 to 65536."
  }

  validation {
    condition     = var.storage_limit_gib == null ? true : var.storage_limit_gib > var.storage_gib
    error_message = "storage_limit_gib must be more than storage_gib."
  }
}

variable "standby" {
  description = "Whether a standby in another zone takes over when a zone fails."
  type        = bool
  default     = false
  nullable    = false
}

variable "backup_retention_days" {
  description = "Days daily backups are kept; 0 makes none."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = floor(var.backup_retention_days) == var.backup_retention_days && var.backup_retention_days >= 0 && var.backup_retention_days <= 35
    error_message = "backup_retention_days must be a whole number, from 0 to 35."
  }
}

variable "deletion_protection" {
  description = "Whether RDS refuses to delete the database until this is false."
  type        = bool
  default     = true
  nullable    = false
}

variable "final_snapshot" {
  description = "Whether deleting the database leaves a last snapshot."
  type        = bool
  default     = true
  nullable    = false
}

variable "final_snapshot_name" {
  description = "Name of the last snapshot; null takes <name>-accounting-final. An account has one of a name."
  type        = string
  default     = null

  validation {
    condition = (
      var.final_snapshot_name == null ? true :
      can(regex("^(?:[A-Za-z](?:-?[A-Za-z0-9])*)$", var.final_snapshot_name)) ? length(var.final_snapshot_name) <= 255 : false
    )
    error_message = "final_snapshot_name must be a snapshot's name of letters, digits and single hyphens and must have at most 255 characters."
  }

  validation {
    condition     = var.final_snapshot_name == null || var.final_snapshot
    error_message = "final_snapshot_name is given, so final_snapshot must be true."
  }
}

variable "snapshot_name" {
  description = "Snapshot that a new database is made from; a living one is left as it is."
  type        = string
  default     = null

  validation {
    condition = (
      var.snapshot_name == null ? true :
      can(regex("^(?:[A-Za-z](?:-?[A-Za-z0-9])*)$", var.snapshot_name)) ? length(var.snapshot_name) <= 255 : false
    )
    error_message = "snapshot_name must be a snapshot's name of letters, digits and single hyphens and must have at most 255 characters."
  }
}

variable "apply_immediately" {
  description = "Whether changes are made at once, which may restart the database; otherwise in its next maintenance window."
  type        = bool
  default     = false
  nullable    = false
}

variable "kms_key_arn" {
  description = <<-EOT
    Key that encrypts storage and password; null takes the AWS-managed ones. Fixed at creation: another value is another database; restore a
    snapshot into it.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key such as 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'."
  }
}

variable "failover_topic" {
  description = "Whether a topic is made that several controllers tell when another takes over."
  type        = bool
  default     = false
  nullable    = false
}

variable "failover_emails" {
  description = "Addresses that the topic writes to, once each has confirmed it by the mail that SNS sends."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for item in var.failover_emails : can(regex("^(?:[^@\\s,]+@[^@\\s,]+\\.[^@\\s,]+)$", item))])
    error_message = "Every element of failover_emails must be an e-mail address."
  }

  validation {
    condition     = length(var.failover_emails) == 0 || var.failover_topic
    error_message = "failover_emails are addresses that the topic writes to, so failover_topic must be true."
  }

  validation {
    condition     = length(distinct(var.failover_emails)) == length(var.failover_emails)
    error_message = "Every address must be named once."
  }
}
