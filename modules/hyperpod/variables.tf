# Generated from hp_tf/layers/hyperpod/contract.py by `hptf synth`; edit there.

variable "region" {
  description = "Region of the cluster. The provider says where it is made; it must offer HyperPod, and ARNs must be of it."
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

variable "eks_cluster_arn" {
  description = "EKS cluster that orchestrates the nodes. Fixed at creation: another orchestrator is another cluster."
  type        = string
  nullable    = false
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

variable "karpenter_role_arn" {
  description = "Role with which Karpenter adds and deletes nodes; needed when auto_scaling is on."
  type        = string
  default     = null

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
  description = "Location of the lifecycle scripts, such as 's3://bucket/prefix'. An S3 endpoint on the way must let a bucket of another account through."
  type        = string
  nullable    = false
}

variable "lifecycle_on_create" {
  description = "Script that runs when a node is made."
  type        = string
  nullable    = false
}

variable "dependencies_release" {
  description = "Release of the dependency chart. HyperPod refuses to make a cluster without it; naming it here makes the cluster wait for it."
  type        = string
  default     = null
}

variable "s3_endpoint_id" {
  description = "S3 endpoint through which nodes reach their scripts; naming it makes the cluster wait."
  type        = string
  default     = null
}

variable "cluster_name" {
  description = "Name of the cluster. Fixed at creation: another name is another cluster."
  type        = string
  default     = "ml-cluster"
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
    training_plan_arn          = optional(string)
    deep_health_checks         = optional(list(string), [])
    instance_type              = optional(string)
    instance_types             = optional(list(string), [])
    min_count                  = optional(number, 0)
    spot                       = optional(bool, false)
    image_id                   = optional(string)
    network_interface_type     = optional(string)
    lifecycle_script_uri       = optional(string)
    lifecycle_on_create        = optional(string)
    lifecycle_on_init_complete = optional(string)
    labels                     = optional(map(string), {})
    taints = optional(list(object({
      key    = string
      value  = optional(string)
      effect = string
    })), [])
    scheduled_update = optional(object({
      schedule = string
      deployment = optional(object({
        alarm_names = optional(list(string), [])
        rolling_update = optional(object({
          maximum_batch_size = object({
            type  = string
            value = number
          })
          rollback_maximum_batch_size = optional(object({
            type  = string
            value = number
          }))
        }))
        wait_interval_seconds = optional(number)
      }))
    }))
    auto_patch = optional(object({
      strategy = string
      deployment = optional(object({
        alarm_names = optional(list(string), [])
        rolling_update = optional(object({
          maximum_batch_size = object({
            type  = string
            value = number
          })
          rollback_maximum_batch_size = optional(object({
            type  = string
            value = number
          }))
        }))
        wait_interval_seconds = optional(number)
      }))
    }))
  }))
  default  = []
  nullable = false

  validation {
    condition = (
      length(distinct(concat(
        [for group in var.instance_groups : group.name if group != null],
        [for group in var.restricted_instance_groups : group.name if group != null]
      ))) ==
      length(concat(
        [for group in var.instance_groups : group.name if group != null],
        [for group in var.restricted_instance_groups : group.name if group != null]
      ))
    )
    error_message = "Every group of the cluster must have a name of its own."
  }

  validation {
    condition = (
      (length(var.instance_groups) >= 1 && length(var.restricted_instance_groups) == 0) ||
      (length(var.instance_groups) == 0 && length(var.restricted_instance_groups) >= 1)
    )
    error_message = "A cluster needs at least one group, of instance_groups or of restricted_instance_groups, not of both."
  }
}

variable "restricted_instance_groups" {
  description = <<-EOT
    Groups for the customisation of Amazon Nova models, instead of instance_groups. They need the chart revision that AWS pins for them and
    its script install_rig_dependencies.sh, run once by hand; they run no lifecycle scripts, whose location is asked for all the same.
  EOT
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
    training_plan_arn  = optional(string)
    deep_health_checks = optional(list(string), [])
    instance_type      = string
    storage = optional(object({
      size_gib   = number
      throughput = optional(number, 250)
    }))
  }))
  default  = []
  nullable = false
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
      try(var.restricted_shared_storage.size_gib, null) == 1200 ? true : try(var.restricted_shared_storage.size_gib, null) % 2400 == 0
    )
    error_message = "restricted_shared_storage.size_gib must be 1200 or a multiple of 2400."
  }

  validation {
    condition     = var.restricted_shared_storage == null || length(var.restricted_instance_groups) >= 1
    error_message = "restricted_shared_storage is for restricted_instance_groups, of which there are none."
  }
}

variable "node_recovery" {
  description = "What happens to a faulty node: Automatic reboots or replaces it, None only labels it."
  type        = string
  default     = "Automatic"
  nullable    = false

  validation {
    condition     = !var.auto_scaling || var.node_recovery == "Automatic"
    error_message = "Karpenter relies on faulty nodes being replaced: with auto_scaling, node_recovery must be Automatic."
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
    condition     = length(var.restricted_instance_groups) == 0 || var.node_provisioning_mode == null
    error_message = "A cluster of restricted instance groups has no Continuous provisioning: node_provisioning_mode must be null."
  }
}

variable "auto_scaling" {
  description = "Whether Karpenter adds and deletes nodes; counts then change outside of Terraform."
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
  description = "Percent of a node's memory for tiered storage; null leaves it to the service."
  type        = number
  default     = null

  validation {
    condition     = var.tiered_storage_memory_percentage == null || var.tiered_storage
    error_message = "tiered_storage_memory_percentage is given, so tiered_storage must be true."
  }
}

variable "live_cluster" {
  description = <<-EOT
    The cluster as the service has it, as JSON: of its data source, or of an object with its lists of groups. The provider fills in what a
    group leaves out from the group at the same position of the service's list; with this, groups keep their positions and nobody gets what
    is another's, and with auto_scaling counts stay as Karpenter left them. Null: groups are sent by name, see the README.
  EOT
  type        = string
  default     = null
}
