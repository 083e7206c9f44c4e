# Generated from hp_tf/layers/iam/contract.py by `hptf synth`; edit there.

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
    condition = var.create_execution_role && var.execution_role_name == null ? length("${var.name}-hyperpod-${var.region}") <= 64 : true
    error_message = join("", [
      "name is too long: the nodes' role would be '${var.name}-hyperpod-${var.region}', ",
      join("", [length("${var.name}-hyperpod-${var.region}"), " characters where 64 are allowed"]),
      "."
    ])
  }

  validation {
    condition = (
      (var.karpenter_role == true || (var.karpenter_role == null && var.node_provisioning_mode == "Continuous")) &&
      var.karpenter_role_name == null ?
      length("${var.name}-karpenter-${var.region}") <= 64 : true
    )
    error_message = join("", [
      "name is too long: the role of Karpenter would be '${var.name}-karpenter-${var.region}', ",
      join("", [length("${var.name}-karpenter-${var.region}"), " characters where 64 are allowed"]),
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

  validation {
    condition = (
      var.create_execution_role || var.karpenter_role == true || (var.karpenter_role == null && var.node_provisioning_mode == "Continuous") ?
      length(distinct([for key in keys(var.tags) : lower(key)])) == length(var.tags) : true
    )
    error_message = "IAM does not tell capitals from small letters in the keys of tags: every key of tags must be another."
  }
}

variable "bucket_name" {
  description = "Bucket of the lifecycle scripts, which nodes read."
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

variable "lifecycle_script_uris" {
  description = "Locations of lifecycle scripts in other buckets, which nodes read as well. A key of theirs goes into kms_key_arns."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for item in var.lifecycle_script_uris : can(regex("^(?:(?:s3|https)://[^/]+(?:/.*)?)$", item)) ? length(item) <= 1024 : false])
    error_message = "Every element of lifecycle_script_uris must be a location such as 's3://bucket/prefix' and must have at most 1024 characters."
  }
}

variable "vpc_id" {
  description = "VPC in which nodes make and change their network interfaces."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:vpc-[0-9a-f]{8,17})$", var.vpc_id))
    error_message = "vpc_id must be a VPC id such as 'vpc-0123456789abcdef0'."
  }
}

variable "private_subnet_ids" {
  description = "Subnets of the nodes by zone id, in which they may make network interfaces."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for item in values(var.private_subnet_ids) : can(regex("^(?:subnet-[0-9a-f]{8,17})$", item))])
    error_message = "Every element of private_subnet_ids must be a subnet id such as 'subnet-0123456789abcdef0'."
  }
}

variable "additional_subnet_ids" {
  description = "Further subnets of the nodes, in which they may make interfaces."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for item in var.additional_subnet_ids : can(regex("^(?:subnet-[0-9a-f]{8,17})$", item))])
    error_message = "Every element of additional_subnet_ids must be a subnet id such as 'subnet-0123456789abcdef0'."
  }
}

variable "security_group_id" {
  description = "Security group of the nodes, which they may give their network interfaces."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:sg-[0-9a-f]{8,17})$", var.security_group_id))
    error_message = "security_group_id must be a security group id such as 'sg-0123456789abcdef0'."
  }
}

variable "additional_security_group_ids" {
  description = "Further security groups of the nodes or of some groups of them."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for item in var.additional_security_group_ids : can(regex("^(?:sg-[0-9a-f]{8,17})$", item))])
    error_message = "Every element of additional_security_group_ids must be a security group id such as 'sg-0123456789abcdef0'."
  }
}

variable "cluster_arn" {
  description = "EKS cluster whose pods may take up roles by pod identity; null without EKS."
  type        = string
  default     = null

  validation {
    condition = (
      var.cluster_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:eks:[a-z0-9-]+:[0-9]{12}:cluster/[A-Za-z0-9][A-Za-z0-9_-]{0,99})$", var.cluster_arn))
    )
    error_message = "cluster_arn must be the ARN of an EKS cluster such as 'arn:aws:eks:us-west-2:123456789012:cluster/name'."
  }
}

variable "node_provisioning_mode" {
  description = "How the cluster provisions nodes: a cluster scales by itself with Continuous alone."
  type        = string
  default     = null

  validation {
    condition     = var.node_provisioning_mode == null ? true : contains(["Continuous"], var.node_provisioning_mode)
    error_message = "node_provisioning_mode must be 'Continuous'."
  }
}

variable "karpenter_role" {
  description = <<-EOT
    Whether to make the role with which Karpenter adds and deletes nodes; null makes it with node_provisioning_mode Continuous, whether
    auto_scaling is on or not. A cluster names it for good: HyperPod keeps the role when scaling is switched off, and refuses every later
    change once it is gone.
  EOT
  type        = bool
  default     = null
}

variable "mounts_lustre" {
  description = "Whether the nodes look up the Lustre file system that they mount."
  type        = bool
  default     = false
  nullable    = false
}

variable "mounted_bucket_name" {
  description = "Bucket that the nodes mount as a folder: they read and write there, and delete nothing. Its key goes into kms_key_arns."
  type        = string
  default     = null

  validation {
    condition = (
      var.mounted_bucket_name == null ? true :
      can(regex("^(?:.*[a-z-].*|[^.]*(?:\\.[^.]*){0,2}|[^.]*(?:\\.[^.]*){4,})$", var.mounted_bucket_name)) ?
      (
        can(regex("^(?:[a-z0-9](?:(?:\\.?[a-z0-9-])*\\.?[a-z0-9])?)$", var.mounted_bucket_name)) ?
        length(var.mounted_bucket_name) >= 3 && length(var.mounted_bucket_name) <= 63 : false
      ) : false
    )
    error_message = join("", [
      "mounted_bucket_name must be a bucket name: S3 takes none that looks like an IP address and must be a bucket name of lower-case letters, ",
      "digits, hyphens and single dots and must have 3 to 63 characters."
    ])
  }
}

variable "data_bucket_names" {
  description = "Further buckets that the nodes read."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for item in var.data_bucket_names :
      can(regex("^(?:.*[a-z-].*|[^.]*(?:\\.[^.]*){0,2}|[^.]*(?:\\.[^.]*){4,})$", item)) ?
      (can(regex("^(?:[a-z0-9](?:(?:\\.?[a-z0-9-])*\\.?[a-z0-9])?)$", item)) ? length(item) >= 3 && length(item) <= 63 : false) : false
    ])
    error_message = join("", [
      "Every element of data_bucket_names must be a bucket name: S3 takes none that looks like an IP address and must be a bucket name of ",
      "lower-case letters, digits, hyphens and single dots and must have 3 to 63 characters."
    ])
  }
}

variable "writable_data_bucket_names" {
  description = "Further buckets that the nodes read, write and delete in."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for item in var.writable_data_bucket_names :
      can(regex("^(?:.*[a-z-].*|[^.]*(?:\\.[^.]*){0,2}|[^.]*(?:\\.[^.]*){4,})$", item)) ?
      (can(regex("^(?:[a-z0-9](?:(?:\\.?[a-z0-9-])*\\.?[a-z0-9])?)$", item)) ? length(item) >= 3 && length(item) <= 63 : false) : false
    ])
    error_message = join("", [
      "Every element of writable_data_bucket_names must be a bucket name: S3 takes none that looks like an IP address and must be a bucket name ",
      "of lower-case letters, digits, hyphens and single dots and must have 3 to 63 characters."
    ])
  }
}

variable "prometheus_endpoints" {
  description = <<-EOT
    URLs of Prometheus workspaces of this account that the nodes may write to. For one that it makes, the module observability gives that
    right by itself.
  EOT
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for item in var.prometheus_endpoints :
      can(regex("^(?:https://aps-workspaces\\.[a-z0-9-]+\\.amazonaws\\.com(?:\\.cn)?/workspaces/ws-[0-9a-f-]+)$", item))
    ])
    error_message = join("", [
      "Every element of prometheus_endpoints must be the URL of a Prometheus workspace without a slash at its end such as ",
      "'https://aps-workspaces.us-west-2.amazonaws.com/workspaces/ws-01234567-89ab-cdef-0123-456789abcdef'."
    ])
  }
}

variable "observability" {
  description = "Whether the nodes send metrics to a workspace that exists."
  type        = bool
  default     = false
  nullable    = false
}

variable "prometheus_workspace_arn" {
  description = "ARN of that workspace."
  type        = string
  default     = null

  validation {
    condition     = var.prometheus_workspace_arn == null ? true : length(var.prometheus_workspace_arn) >= 1
    error_message = "prometheus_workspace_arn must have at least 1 character."
  }

  validation {
    condition     = var.prometheus_workspace_arn == null || var.observability
    error_message = "prometheus_workspace_arn is for nodes that send metrics, so observability must be true."
  }
}

variable "accounting" {
  description = "Whether Slurm's controllers work with an accounting database."
  type        = bool
  default     = false
  nullable    = false
}

variable "database_secret_arn" {
  description = "Secret of a given accounting database, which the nodes may read; the module accounting gives that right by itself."
  type        = string
  default     = null

  validation {
    condition     = var.database_secret_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:secretsmanager:.+)$", var.database_secret_arn))
    error_message = "database_secret_arn must be the ARN of a secret."
  }

  validation {
    condition     = var.database_secret_arn == null || var.accounting
    error_message = "database_secret_arn is for nodes that work with an accounting database, so accounting must be true."
  }
}

variable "failover_topic_arn" {
  description = "Given topic that controllers may tell when another takes over."
  type        = string
  default     = null

  validation {
    condition = (
      var.failover_topic_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256})$", var.failover_topic_arn))
    )
    error_message = "failover_topic_arn must be the ARN of an SNS topic such as 'arn:aws:sns:us-west-2:123456789012:alerts'."
  }

  validation {
    condition     = var.failover_topic_arn == null || var.accounting
    error_message = "failover_topic_arn is for nodes that work with an accounting database, so accounting must be true."
  }
}

variable "create_execution_role" {
  description = "Whether to make the nodes' role; false takes execution_role_arn as it is."
  type        = bool
  default     = true
  nullable    = false
}

variable "execution_role_arn" {
  description = "Existing role of the nodes. It is not changed: it must already have every permission."
  type        = string
  default     = null

  validation {
    condition = (
      var.execution_role_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", var.execution_role_arn))
    )
    error_message = "execution_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = var.create_execution_role || var.execution_role_arn != null
    error_message = "create_execution_role is false, so execution_role_arn must name the role to use."
  }

  validation {
    condition     = var.execution_role_arn == null || !var.create_execution_role
    error_message = "execution_role_arn names an existing role, so create_execution_role must be false."
  }

  validation {
    condition     = var.execution_role_arn == null ? true : startswith(var.execution_role_arn, "arn:${var.partition}:iam::${var.account_id}:role/")
    error_message = "execution_role_arn must be a role of this account and partition."
  }
}

variable "execution_role_name" {
  description = <<-EOT
    Name of the nodes' role that is made; null makes it from the environment's. Fixed at creation: another name is another role, which
    groups cannot change to.
  EOT
  type        = string
  default     = null

  validation {
    condition = (
      var.execution_role_name == null ? true :
      can(regex("^(?:[A-Za-z0-9+=,.@_-]+)$", var.execution_role_name)) ?
      length(var.execution_role_name) >= 1 && length(var.execution_role_name) <= 64 : false
    )
    error_message = "execution_role_name must be the name of an IAM role: letters, digits and + = , . @ _ - and must have 1 to 64 characters."
  }

  validation {
    condition     = var.execution_role_name == null || var.create_execution_role
    error_message = "An existing role keeps its name, so execution_role_name must be left out."
  }
}

variable "karpenter_role_name" {
  description = <<-EOT
    Name of Karpenter's role; null makes it from the environment's. Fixed at creation: another name is another role, which a cluster that
    scales cannot take.
  EOT
  type        = string
  default     = null

  validation {
    condition = (
      var.karpenter_role_name == null ? true :
      can(regex("^(?:[A-Za-z0-9+=,.@_-]+)$", var.karpenter_role_name)) ?
      length(var.karpenter_role_name) >= 1 && length(var.karpenter_role_name) <= 64 : false
    )
    error_message = "karpenter_role_name must be the name of an IAM role: letters, digits and + = , . @ _ - and must have 1 to 64 characters."
  }

  validation {
    condition = (
      var.karpenter_role_name == null ||
      var.karpenter_role == true ||
      (var.karpenter_role == null && var.node_provisioning_mode == "Continuous")
    )
    error_message = "Karpenter's role is not made here, so karpenter_role_name must be left out."
  }
}

variable "role_path" {
  description = "IAM path of the roles. Fixed at creation: the nodes' groups name their role by its path; make another environment for another one."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^(?:/|/[!-~]{1,510}/)$", var.role_path))
    error_message = "role_path must be an IAM path that begins and ends with a slash, such as '/ml/'."
  }
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the roles."
  type        = string
  default     = null

  validation {
    condition = (
      var.permissions_boundary_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::(?:[0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+)$", var.permissions_boundary_arn))
    )
    error_message = "permissions_boundary_arn must be the ARN of an IAM policy such as 'arn:aws:iam::123456789012:policy/name'."
  }
}

variable "additional_policy_arns" {
  description = "Managed policies to attach to the nodes' role besides AWS's own, by a name of your choice. A role takes ten in all."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.additional_policy_arns) <= 9
    error_message = "additional_policy_arns must have at most 9 elements."
  }

  validation {
    condition = alltrue([
      for item in values(var.additional_policy_arns) :
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::(?:[0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+)$", item))
    ])
    error_message = "Every element of additional_policy_arns must be the ARN of an IAM policy such as 'arn:aws:iam::123456789012:policy/name'."
  }
}

variable "bucket_kms_key_arn" {
  description = "Customer-managed key of the bucket, which the nodes' role may use."
  type        = string
  default     = null

  validation {
    condition = (
      var.bucket_kms_key_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$", var.bucket_kms_key_arn))
    )
    error_message = "bucket_kms_key_arn must be the ARN of a KMS key such as 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'."
  }
}

variable "volume_kms_key_arns" {
  description = "Customer-managed keys of the nodes' volumes, which the nodes' role may use and grant to them."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([for item in var.volume_kms_key_arns : can(regex("^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$", item))])
    error_message = join("", [
      "Every element of volume_kms_key_arns must be the ARN of a KMS key such as ",
      "'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'."
    ])
  }
}

variable "kms_key_arns" {
  description = "Further customer-managed keys the nodes' role may use, such as that of a bucket which exists."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([for item in var.kms_key_arns : can(regex("^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$", item))])
    error_message = join("", [
      "Every element of kms_key_arns must be the ARN of a KMS key such as ",
      "'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'."
    ])
  }
}

variable "restricted_access" {
  description = "Further rights for restricted instance groups; null where there are none."
  type = object({
    input_bucket_name       = optional(string)
    output_bucket_name      = optional(string)
    gated_recipes           = optional(bool, false)
    reinforcement_functions = optional(bool, false)
  })
  default = null

  validation {
    condition = (
      var.restricted_access == null ? true :
      var.restricted_access.input_bucket_name == null ? true :
      can(regex("^(?:.*[a-z-].*|[^.]*(?:\\.[^.]*){0,2}|[^.]*(?:\\.[^.]*){4,})$", var.restricted_access.input_bucket_name)) ?
      (
        can(regex("^(?:[a-z0-9](?:(?:\\.?[a-z0-9-])*\\.?[a-z0-9])?)$", var.restricted_access.input_bucket_name)) ?
        length(var.restricted_access.input_bucket_name) >= 3 && length(var.restricted_access.input_bucket_name) <= 63 : false
      ) : false
    )
    error_message = join("", [
      "restricted_access.input_bucket_name must be a bucket name: S3 takes none that looks like an IP address and must be a bucket name of ",
      "lower-case letters, digits, hyphens and single dots and must have 3 to 63 characters."
    ])
  }

  validation {
    condition = (
      var.restricted_access == null ? true :
      var.restricted_access.output_bucket_name == null ? true :
      can(regex("^(?:.*[a-z-].*|[^.]*(?:\\.[^.]*){0,2}|[^.]*(?:\\.[^.]*){4,})$", var.restricted_access.output_bucket_name)) ?
      (
        can(regex("^(?:[a-z0-9](?:(?:\\.?[a-z0-9-])*\\.?[a-z0-9])?)$", var.restricted_access.output_bucket_name)) ?
        length(var.restricted_access.output_bucket_name) >= 3 && length(var.restricted_access.output_bucket_name) <= 63 : false
      ) : false
    )
    error_message = join("", [
      "restricted_access.output_bucket_name must be a bucket name: S3 takes none that looks like an IP address and must be a bucket name of ",
      "lower-case letters, digits, hyphens and single dots and must have 3 to 63 characters."
    ])
  }
}
