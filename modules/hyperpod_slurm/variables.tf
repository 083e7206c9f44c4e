# Generated from hp_tf/layers/hyperpod_slurm/contract.py by `hptf synth`; edit there.

variable "region" {
  description = "Region of the cluster. The provider says where it is made; it must offer HyperPod."
  type        = string
  nullable    = false
}

variable "account_id" {
  description = "Account of the cluster. Only ARNs are checked against it."
  type        = string
  nullable    = false
}

variable "partition" {
  description = "Partition of the cluster. Only ARNs and the region are checked against it."
  type        = string
  nullable    = false

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
  description = "Tags of the cluster, besides the one the console goes by."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = !contains(keys(var.tags), "SageMaker")
    error_message = "The tag SageMaker is set by the module: the console goes by it."
  }
}

variable "private_subnet_ids" {
  description = "Subnets of the nodes by zone id."
  type        = map(string)
  nullable    = false
}

variable "primary_availability_zone_id" {
  description = "Zone of every group that names none. Fixed at creation: another one replaces the cluster; groups name a zone of their own."
  type        = string
  nullable    = false

  validation {
    condition     = contains(keys(var.private_subnet_ids), var.primary_availability_zone_id)
    error_message = "primary_availability_zone_id must be one of the zones of private_subnet_ids."
  }
}

variable "security_group_id" {
  description = "Security group of the nodes. Fixed at creation: another one replaces the cluster; groups name their own."
  type        = string
  nullable    = false
}

variable "additional_security_group_ids" {
  description = <<-EOT
    Further security groups of the nodes. Each must allow all traffic to and from itself, or EFA's health check fails. Fixed at creation:
    another list replaces the cluster; groups name their own.
  EOT
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(distinct(var.additional_security_group_ids)) == length(var.additional_security_group_ids)
    error_message = "Every security group of additional_security_group_ids must be named once."
  }
}

variable "execution_role_arn" {
  description = "Role of the nodes of every group that names none."
  type        = string
  nullable    = false

  validation {
    condition     = startswith(var.execution_role_arn, "arn:${var.partition}:iam::${var.account_id}:role/")
    error_message = "execution_role_arn must be a role of this account and partition."
  }
}

variable "s3_endpoint_id" {
  description = "S3 endpoint through which nodes reach their scripts; naming it makes the cluster wait."
  type        = string
  default     = null
}

variable "cluster_name" {
  description = "Name of the cluster. Fixed at creation: another name is another cluster."
  type        = string
  default     = "slurm-cluster"
  nullable    = false
}

variable "instance_groups" {
  description = "Groups of instances. Their order has no meaning. Type, zone, role, threads and security groups of a group are fixed when it is made."
  type = list(object({
    name                    = string
    count                   = number
    availability_zone_id    = optional(string)
    security_group_ids      = optional(list(string), [])
    execution_role_arn      = optional(string)
    threads_per_core        = optional(number)
    volume_size_gb          = optional(number, 500)
    volume_kms_key_arn      = optional(string)
    root_volume_kms_key_arn = optional(string)
    fsx_lustre = optional(list(object({
      dns_name   = string
      mount_name = string
      mount_path = optional(string, "/fsx")
    })), [])
    fsx_openzfs = optional(list(object({
      dns_name   = string
      mount_path = optional(string, "/home")
    })), [])
    training_plan_arn    = optional(string)
    instance_type        = string
    node_type            = optional(string, "Compute")
    partition            = optional(string)
    lifecycle_script_uri = optional(string)
    lifecycle_on_create  = optional(string)
  }))
  nullable = false

  validation {
    condition = (
      length(distinct(concat([for group in var.instance_groups : group.name if group != null]))) ==
      length(concat([for group in var.instance_groups : group.name if group != null]))
    )
    error_message = "Every group of the cluster must have a name of its own."
  }

  validation {
    condition = (
      (
        [for group in var.instance_groups : group.name if group.node_type == "Controller"] == null ? 0 :
        length([for group in var.instance_groups : group.name if group.node_type == "Controller"])
      ) ==
      1
    )
    error_message = "Exactly one group must have node_type Controller."
  }

  validation {
    condition = (
      (
        [for group in var.instance_groups : group.name if group.node_type == "Login"] == null ? 0 :
        length([for group in var.instance_groups : group.name if group.node_type == "Login"])
      ) <=
      1
    )
    error_message = "At most one group may have node_type Login."
  }

  validation {
    condition = (
      (
        [for group in var.instance_groups : group.name if group.node_type == "Compute"] == null ? 0 :
        length([for group in var.instance_groups : group.name if group.node_type == "Compute"])
      ) >=
      1
    )
    error_message = "At least one group must have node_type Compute."
  }
}

variable "configuration" {
  description = <<-EOT
    What tells Slurm of its groups, partitions and file systems: the service's API, or the file provisioning_parameters.json that AWS's
    lifecycle scripts read. From scripts to api the file goes, and the nodes need UpdateClusterSoftware.
  EOT
  type        = string
  default     = "api"
  nullable    = false
}

variable "strategy" {
  description = <<-EOT
    What the service does where somebody has edited Slurm's configuration by hand: Overwrite takes the edits away, Managed fails, Merge
    keeps them. With configuration api.
  EOT
  type        = string
  default     = "Managed"
  nullable    = false
}

variable "lifecycle_scripts" {
  description = "Whether nodes run lifecycle scripts. With configuration scripts they must."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = var.configuration != "scripts" || var.lifecycle_scripts
    error_message = "With configuration scripts, lifecycle_scripts must be true."
  }
}

variable "lifecycle_script_uri" {
  description = "Location of the lifecycle scripts, such as 's3://bucket/prefix'. An S3 endpoint on the way must let a bucket of another account through."
  type        = string
  default     = null

  validation {
    condition     = !var.lifecycle_scripts || var.lifecycle_script_uri != null
    error_message = "lifecycle_scripts is true, so lifecycle_script_uri must be given."
  }
}

variable "lifecycle_on_create" {
  description = "Script that runs when a node is made."
  type        = string
  default     = null

  validation {
    condition     = !var.lifecycle_scripts || var.lifecycle_on_create != null
    error_message = "lifecycle_scripts is true, so lifecycle_on_create must be given."
  }
}

variable "mount_lustre" {
  description = "Whether every node mounts the FSx for Lustre file system."
  type        = bool
  default     = false
  nullable    = false
}

variable "lustre_dns_name" {
  description = "DNS name of the FSx for Lustre file system."
  type        = string
  default     = null

  validation {
    condition     = !var.mount_lustre || var.lustre_dns_name != null
    error_message = "mount_lustre is true, so lustre_dns_name must be given."
  }
}

variable "lustre_mount_name" {
  description = "Lustre mount name of it."
  type        = string
  default     = null

  validation {
    condition     = !var.mount_lustre || var.lustre_mount_name != null
    error_message = "mount_lustre is true, so lustre_mount_name must be given."
  }
}

variable "lustre_mount_path" {
  description = "Where it is mounted. With configuration scripts, /fsx."
  type        = string
  default     = "/fsx"
  nullable    = false

  validation {
    condition     = var.configuration != "scripts" || var.lustre_mount_path == "/fsx"
    error_message = "AWS's lifecycle scripts mount Lustre at /fsx: with configuration scripts, lustre_mount_path must be that."
  }
}

variable "mount_openzfs" {
  description = "Whether every node mounts the FSx for OpenZFS file system."
  type        = bool
  default     = false
  nullable    = false
}

variable "openzfs_dns_name" {
  description = "DNS name of the FSx for OpenZFS file system."
  type        = string
  default     = null

  validation {
    condition     = !var.mount_openzfs || var.openzfs_dns_name != null
    error_message = "mount_openzfs is true, so openzfs_dns_name must be given."
  }
}

variable "openzfs_mount_path" {
  description = "Where it is mounted. With configuration scripts, /home."
  type        = string
  default     = "/home"
  nullable    = false

  validation {
    condition     = var.configuration != "scripts" || var.openzfs_mount_path == "/home"
    error_message = "AWS's lifecycle scripts mount OpenZFS at /home: with configuration scripts, openzfs_mount_path must be that."
  }
}

variable "controllers" {
  description = "What several controllers need, with configuration scripts and an accounting database; null with one controller."
  type = object({
    sns_topic_arn    = string
    shared_directory = optional(string, "/fsx/slurm")
  })
  default = null

  validation {
    condition     = var.controllers == null || (var.configuration == "scripts" && var.accounting && var.mount_lustre)
    error_message = "Several controllers need configuration scripts, accounting and mount_lustre: they share a database and a directory."
  }
}

variable "accounting" {
  description = "Whether Slurm's controllers are told of the accounting database, with configuration scripts."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.accounting || var.configuration == "scripts"
    error_message = "The service does not tell Slurm of an accounting database: accounting needs configuration scripts."
  }
}

variable "database_endpoint" {
  description = "Host name of the accounting database."
  type        = string
  default     = null

  validation {
    condition     = !var.accounting || var.database_endpoint != null
    error_message = "accounting is true, so database_endpoint must be given."
  }
}

variable "database_secret_arn" {
  description = "Secret with its password."
  type        = string
  default     = null

  validation {
    condition     = !var.accounting || var.database_secret_arn != null
    error_message = "accounting is true, so database_secret_arn must be given."
  }
}

variable "database_username" {
  description = "User of it."
  type        = string
  default     = null

  validation {
    condition     = !var.accounting || var.database_username != null
    error_message = "accounting is true, so database_username must be given."
  }
}

variable "node_recovery" {
  description = "What happens to a faulty node: Automatic reboots or replaces it, None only reports it. Jobs resume by themselves with srun --auto-resume=1."
  type        = string
  default     = "Automatic"
  nullable    = false
}

variable "live_cluster" {
  description = <<-EOT
    The cluster as the service has it, as JSON: of its data source, or of an object with its list of groups. The provider fills in what a
    group leaves out from the group at the same position of the service's list; with this, groups keep their positions and nobody gets what
    is another's. Null: groups are sent by name, see the README.
  EOT
  type        = string
  default     = null
}
