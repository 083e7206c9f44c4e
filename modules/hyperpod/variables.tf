# Generated from hp_tf/layers/hyperpod/contract.py by `hptf synth`; edit there.
# Variables that fill a file: instance_groups.tf, restricted_instance_groups.tf.

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
  description = "Tags of the cluster, besides the one the console goes by."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.tags) <= 49
    error_message = "tags must have at most 49 elements."
  }

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
    condition     = !contains(keys(var.tags), "SageMaker")
    error_message = "The tag SageMaker is set by the module: the console goes by it."
  }
}

variable "private_subnet_ids" {
  description = "Subnets of the nodes by zone id."
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
}

variable "primary_availability_zone_id" {
  description = "Zone of every group that names none. Fixed at creation: another one replaces the cluster; groups name a zone of their own."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", var.primary_availability_zone_id))
    error_message = "primary_availability_zone_id must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition     = contains(keys(var.private_subnet_ids), var.primary_availability_zone_id)
    error_message = "primary_availability_zone_id must be one of the zones of private_subnet_ids."
  }
}

variable "cluster_availability_zone_ids" {
  description = <<-EOT
    Zones with whose subnets the cluster itself is configured, beside what its groups say; empty: the primary one's alone. A cluster that
    other modules or CloudFormation made has those of all its zones. Fixed at creation: another list replaces the cluster; groups name zones
    of their own.
  EOT
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.cluster_availability_zone_ids) <= 16
    error_message = "cluster_availability_zone_ids must have at most 16 elements."
  }

  validation {
    condition     = alltrue([for item in var.cluster_availability_zone_ids : can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", item))])
    error_message = "Every element of cluster_availability_zone_ids must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition = (
      length(distinct(var.cluster_availability_zone_ids)) == length(var.cluster_availability_zone_ids) ?
      length(setsubtract(var.cluster_availability_zone_ids, keys(var.private_subnet_ids))) == 0 : false
    )
    error_message = "cluster_availability_zone_ids must be zones of private_subnet_ids, each named once."
  }
}

variable "cluster_subnet_ids" {
  description = <<-EOT
    Subnets with which the cluster itself is configured, instead of those of zones. Fixed at creation: another list replaces the cluster;
    groups name subnets of their own.
  EOT
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.cluster_subnet_ids) <= 16
    error_message = "cluster_subnet_ids must have at most 16 elements."
  }

  validation {
    condition     = alltrue([for item in var.cluster_subnet_ids : can(regex("^(?:subnet-[0-9a-f]{8,17})$", item))])
    error_message = "Every element of cluster_subnet_ids must be a subnet id such as 'subnet-0123456789abcdef0'."
  }

  validation {
    condition = (
      length(distinct(var.cluster_subnet_ids)) == length(var.cluster_subnet_ids) &&
      (length(var.cluster_subnet_ids) == 0 || length(var.cluster_availability_zone_ids) == 0)
    )
    error_message = "cluster_subnet_ids must name every subnet once, and cluster_availability_zone_ids be left out beside."
  }
}

variable "security_group_id" {
  description = "Security group of the nodes. Fixed at creation: another one replaces the cluster; groups name their own."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:sg-[0-9a-f]{8,17})$", var.security_group_id))
    error_message = "security_group_id must be a security group id such as 'sg-0123456789abcdef0'."
  }
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
    condition     = length(var.additional_security_group_ids) <= 4
    error_message = "additional_security_group_ids must have at most 4 elements."
  }

  validation {
    condition     = alltrue([for item in var.additional_security_group_ids : can(regex("^(?:sg-[0-9a-f]{8,17})$", item))])
    error_message = "Every element of additional_security_group_ids must be a security group id such as 'sg-0123456789abcdef0'."
  }

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
    condition     = can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", var.execution_role_arn))
    error_message = "execution_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = startswith(var.execution_role_arn, "arn:${var.partition}:iam::${var.account_id}:role/")
    error_message = "execution_role_arn must be a role of this account and partition."
  }
}

variable "s3_endpoint_id" {
  description = "S3 endpoint through which nodes reach their scripts; naming it makes the cluster wait."
  type        = string
  default     = null

  validation {
    condition     = var.s3_endpoint_id == null ? true : length(var.s3_endpoint_id) >= 1
    error_message = "s3_endpoint_id must have at least 1 character."
  }
}

variable "interface_endpoint_ids" {
  description = "Interface endpoints by service, through which nodes reach AWS; with them the cluster waits."
  type        = map(string)
  default     = null

  validation {
    condition     = var.interface_endpoint_ids == null ? true : alltrue([for item in values(var.interface_endpoint_ids) : item != null])
    error_message = "No element of interface_endpoint_ids may be null."
  }
}

variable "node_recovery" {
  description = "What happens to a faulty node: Automatic reboots or replaces it, None only reports it."
  type        = string
  default     = "Automatic"
  nullable    = false

  validation {
    condition     = contains(["Automatic", "None"], var.node_recovery)
    error_message = "node_recovery must be one of 'Automatic', 'None'."
  }

  validation {
    condition     = !var.auto_scaling || var.node_recovery == "Automatic"
    error_message = "Karpenter relies on faulty nodes being replaced: with auto_scaling, node_recovery must be Automatic."
  }
}

variable "live_cluster" {
  description = "The cluster as the service has it, as JSON: groups keep their positions in its lists. Null: see the README."
  type        = string
  default     = null

  validation {
    condition     = var.live_cluster == null ? true : can(keys(jsondecode(var.live_cluster)))
    error_message = "live_cluster must be an object as JSON."
  }
}

variable "eks_cluster_arn" {
  description = "EKS cluster that orchestrates the nodes. Fixed at creation: another orchestrator is another cluster."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:arn:aws(?:-[a-z]+)*:eks:[a-z0-9-]+:[0-9]{12}:cluster/[A-Za-z0-9][A-Za-z0-9_-]{0,99})$", var.eks_cluster_arn))
    error_message = "eks_cluster_arn must be the ARN of an EKS cluster such as 'arn:aws:eks:us-west-2:123456789012:cluster/name'."
  }
}

variable "karpenter_role_arn" {
  description = "Role with which Karpenter adds and deletes nodes; needed when auto_scaling is on."
  type        = string
  default     = null

  validation {
    condition = (
      var.karpenter_role_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", var.karpenter_role_arn))
    )
    error_message = "karpenter_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = var.karpenter_role_arn == null ? true : startswith(var.karpenter_role_arn, "arn:${var.partition}:iam::${var.account_id}:role/")
    error_message = "karpenter_role_arn must be a role of this account and partition."
  }

  validation {
    condition     = !var.auto_scaling || var.karpenter_role_arn != null
    error_message = "auto_scaling is on, so karpenter_role_arn must name the role of Karpenter."
  }
}

variable "lifecycle_script_uri" {
  description = <<-EOT
    Location of the lifecycle scripts, such as 's3://bucket/prefix'. An S3 endpoint on the way must let a bucket of another account through.
    Null where no group runs any, or each says its own.
  EOT
  type        = string
  default     = null

  validation {
    condition = (
      var.lifecycle_script_uri == null ? true :
      can(regex("^(?:(?:s3|https)://[^/]+(?:/.*)?)$", var.lifecycle_script_uri)) ? length(var.lifecycle_script_uri) <= 1024 : false
    )
    error_message = "lifecycle_script_uri must be a location such as 's3://bucket/prefix' and must have at most 1024 characters."
  }
}

variable "lifecycle_on_create" {
  description = "Script that runs when a node is made."
  type        = string
  default     = null

  validation {
    condition = (
      var.lifecycle_on_create == null ? true :
      can(regex("^(?:[A-Za-z0-9_.-]+)$", var.lifecycle_on_create)) ?
      length(var.lifecycle_on_create) >= 1 && length(var.lifecycle_on_create) <= 128 : false
    )
    error_message = "lifecycle_on_create must be a file name without folders, such as 'on_create.sh' and must have 1 to 128 characters."
  }
}

variable "dependencies_release" {
  description = "Release of the dependency chart. HyperPod refuses to make a cluster without it; naming it here makes the cluster wait for it."
  type        = string
  default     = null

  validation {
    condition     = var.dependencies_release == null ? true : length(var.dependencies_release) >= 1
    error_message = "dependencies_release must have at least 1 character."
  }
}

variable "lustre_dns_name" {
  description = "DNS name of the environment's FSx for Lustre file system, for mounts that name none."
  type        = string
  default     = null

  validation {
    condition = (
      var.lustre_dns_name == null ? true :
      can(regex("^(?:(?:fs|fc)i?-[0-9a-f]{8,}\\..{4,253})$", var.lustre_dns_name)) ?
      length(var.lustre_dns_name) >= 16 && length(var.lustre_dns_name) <= 275 : false
    )
    error_message = join("", [
      "lustre_dns_name must be a file system's DNS name such as 'fs-0123456789abcdef0.fsx.us-west-2.amazonaws.com' and must have 16 to 275 ",
      "characters."
    ])
  }
}

variable "lustre_mount_name" {
  description = "Lustre mount name of it."
  type        = string
  default     = null

  validation {
    condition     = var.lustre_mount_name == null || can(regex("^(?:[A-Za-z0-9_-]{1,8})$", var.lustre_mount_name))
    error_message = "lustre_mount_name must be a Lustre mount name of one to eight letters, digits, - or _."
  }
}

variable "cluster_name" {
  description = "Name of the cluster. Fixed at creation: another name is another cluster."
  type        = string
  default     = "ml-cluster"
  nullable    = false

  validation {
    condition     = can(regex("^(?:[a-zA-Z0-9](?:-*[a-zA-Z0-9])*)$", var.cluster_name)) && length(var.cluster_name) >= 1 && length(var.cluster_name) <= 63
    error_message = "cluster_name must be a name of letters, digits and inner hyphens and must have 1 to 63 characters."
  }
}

variable "restricted_shared_storage" {
  description = "One storage for all restricted groups; null gives each its own. It cannot be taken back by removing it."
  type = object({
    size_gib        = number
    throughput      = optional(number, 250)
    deletion_policy = optional(string, "Keep")
  })
  default = null

  validation {
    condition = (
      var.restricted_shared_storage == null ? true :
      var.restricted_shared_storage.size_gib == null ? false :
      floor(var.restricted_shared_storage.size_gib) == var.restricted_shared_storage.size_gib &&
      var.restricted_shared_storage.size_gib >= 1200 &&
      var.restricted_shared_storage.size_gib <= 100800
    )
    error_message = "restricted_shared_storage.size_gib must be a whole number, from 1200 to 100800."
  }

  validation {
    condition     = var.restricted_shared_storage == null ? true : contains([125, 250, 500, 1000], var.restricted_shared_storage.throughput)
    error_message = "restricted_shared_storage.throughput must be one of 125, 250, 500, 1000."
  }

  validation {
    condition     = var.restricted_shared_storage == null ? true : contains(["Keep", "DeleteIfNotUsed"], var.restricted_shared_storage.deletion_policy)
    error_message = "restricted_shared_storage.deletion_policy must be one of 'Keep', 'DeleteIfNotUsed'."
  }

  validation {
    condition = (
      var.restricted_shared_storage == null ? true :
      try(var.restricted_shared_storage.size_gib, null) == 1200 ? true : try(var.restricted_shared_storage.size_gib, null) % 2400 == 0
    )
    error_message = "restricted_shared_storage.size_gib must be 1200 or a multiple of 2400."
  }
}

variable "node_provisioning_mode" {
  description = <<-EOT
    Continuous: the cluster is there at once and nodes come as capacity allows. Null: every change succeeds or fails as a whole. Continuous
    can be switched on later, never off.
  EOT
  type        = string
  default     = "Continuous"

  validation {
    condition     = var.node_provisioning_mode == null ? true : contains(["Continuous"], var.node_provisioning_mode)
    error_message = "node_provisioning_mode must be 'Continuous'."
  }

  validation {
    condition     = length(var.restricted_instance_groups) == 0 || var.node_provisioning_mode == null
    error_message = "A cluster of restricted instance groups has no Continuous provisioning: node_provisioning_mode must be null."
  }
}

variable "auto_scaling" {
  description = "Whether Karpenter adds and deletes nodes: a count is the first size only, and is not taken back."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.auto_scaling || var.node_provisioning_mode == "Continuous"
    error_message = "auto_scaling needs node_provisioning_mode Continuous."
  }
}

variable "tiered_storage" {
  description = "Whether nodes keep checkpoints in their memory (managed tiered checkpointing)."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = length(var.restricted_instance_groups) == 0 || !var.tiered_storage
    error_message = "A cluster of restricted instance groups has no tiered storage: tiered_storage must be false."
  }
}

variable "tiered_storage_memory_percentage" {
  description = "Percent of a node's memory for tiered storage, sent with tiered_storage: what is left out, the service keeps as it was."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition = (
      floor(var.tiered_storage_memory_percentage) == var.tiered_storage_memory_percentage &&
      var.tiered_storage_memory_percentage >= 0 &&
      var.tiered_storage_memory_percentage <= 100
    )
    error_message = "tiered_storage_memory_percentage must be a whole number, from 0 to 100."
  }
}
