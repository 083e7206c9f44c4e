# Generated from hp_tf/layers/hyperpod/contract.py by `hptf synth`; edit there.

variable "region" {
  description = "Region of the cluster. The provider says where it is made; it must offer HyperPod, and ARNs must be of it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:[a-z]{2}(?:-[a-z]+)+-[0-9])$", var.region))
    error_message = "region must be an AWS region such as 'us-west-2'."
  }
}

variable "account_id" {
  description = "Account of the cluster. Only ARNs are checked against it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:[0-9]{12})$", var.account_id))
    error_message = "account_id must be an AWS account id of twelve digits."
  }
}

variable "partition" {
  description = "Partition of the cluster. Only ARNs and the region are checked against it."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["aws", "aws-cn", "aws-us-gov"], var.partition)
    error_message = "partition must be one of 'aws', 'aws-cn', 'aws-us-gov'."
  }

  validation {
    condition     = var.partition != "aws" || contains(["ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ca-central-1", "eu-central-1", "eu-north-1", "eu-south-2", "eu-west-1", "eu-west-2", "sa-east-1", "us-east-1", "us-east-2", "us-west-1", "us-west-2"], var.region)
    error_message = "region must be one that offers HyperPod."
  }

  validation {
    condition     = var.partition == (startswith(var.region, "cn-") ? "aws-cn" : startswith(var.region, "us-gov-") ? "aws-us-gov" : can(regex("^(?:[a-z]{2}-[a-z]+-[0-9])$", var.region)) ? "aws" : "")
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
    condition     = alltrue([for key in keys(var.tags) : can(regex("^(?:[^aA].*|[aA](?:[^wW].*)?|[aA][wW](?:[^sS].*)?|[aA][wW][sS](?:[^:].*)?)$", key))])
    error_message = "Every key of tags must be the key of a tag of yours: AWS keeps 'aws:' at the beginning for itself."
  }

  validation {
    condition     = alltrue([for key in keys(var.tags) : can(regex("^(?:[^\\x00-\\x1f!\"#$%&'()*,;<>?\\[\\\\\\]^`{|}~\\x7f]+)$", key))])
    error_message = "Every key of tags must be the key of a tag: letters, digits, spaces and the signs + - = . _ : / @."
  }

  validation {
    condition     = alltrue([for key in keys(var.tags) : length(key) >= 1 && length(key) <= 128])
    error_message = "Every key of tags must have 1 to 128 characters."
  }

  validation {
    condition     = alltrue([for item in values(var.tags) : can(regex("^(?:[^\\x00-\\x1f!\"#$%&'()*,;<>?\\[\\\\\\]^`{|}~\\x7f]*)$", item))])
    error_message = "Every element of tags must be the value of a tag: letters, digits, spaces and the signs + - = . _ : / @."
  }

  validation {
    condition     = alltrue([for item in values(var.tags) : item == null ? false : length(item) <= 256])
    error_message = "Every element of tags must have at most 256 characters."
  }

  validation {
    condition     = !contains(keys(var.tags), "SageMaker")
    error_message = "The tag SageMaker is set by this layer: the console goes by it."
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

variable "private_subnet_ids" {
  description = "Subnets of the nodes by zone id."
  type        = map(string)
  nullable    = false

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
    error_message = "primary_availability_zone_id must be a zone in which the network has a private subnet."
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
  description = "Further security groups of the nodes. Each must allow all traffic to and from itself, or EFA's health check fails. Fixed at creation: another list replaces the cluster; groups name their own."
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

variable "karpenter_role_arn" {
  description = "Role with which Karpenter adds and deletes nodes; needed when auto_scaling is on."
  type        = string
  default     = null

  validation {
    condition     = var.karpenter_role_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", var.karpenter_role_arn))
    error_message = "karpenter_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = var.karpenter_role_arn == null ? true : startswith(var.karpenter_role_arn, "arn:${var.partition}:iam::${var.account_id}:role/")
    error_message = "karpenter_role_arn must be a role of this account and partition."
  }
}

variable "lifecycle_script_uri" {
  description = "Location of the lifecycle scripts, such as 's3://bucket/prefix'. The S3 endpoint must let a bucket of another account through (s3_read_buckets of the endpoints)."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:(?:s3|https)://[^/]+(?:/.*)?)$", var.lifecycle_script_uri))
    error_message = "lifecycle_script_uri must be a location such as 's3://bucket/prefix'."
  }

  validation {
    condition     = length(var.lifecycle_script_uri) <= 1024
    error_message = "lifecycle_script_uri must have at most 1024 characters."
  }
}

variable "lifecycle_on_create" {
  description = "Script that runs when a node is made."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:[A-Za-z0-9_.-]+)$", var.lifecycle_on_create))
    error_message = "lifecycle_on_create must be a file name without folders, such as 'on_create.sh'."
  }

  validation {
    condition     = length(var.lifecycle_on_create) >= 1 && length(var.lifecycle_on_create) <= 128
    error_message = "lifecycle_on_create must have 1 to 128 characters."
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

variable "s3_endpoint_id" {
  description = "S3 endpoint through which nodes reach their scripts; naming it makes the cluster wait."
  type        = string
  default     = null

  validation {
    condition     = var.s3_endpoint_id == null ? true : length(var.s3_endpoint_id) >= 1
    error_message = "s3_endpoint_id must have at least 1 character."
  }
}

variable "cluster_name" {
  description = "Name of the cluster. Fixed at creation: another name is another cluster."
  type        = string
  default     = "ml-cluster"
  nullable    = false

  validation {
    condition     = can(regex("^(?:[a-zA-Z0-9](?:-*[a-zA-Z0-9])*)$", var.cluster_name))
    error_message = "cluster_name must be a name of letters, digits and inner hyphens."
  }

  validation {
    condition     = length(var.cluster_name) >= 1 && length(var.cluster_name) <= 63
    error_message = "cluster_name must have 1 to 63 characters."
  }
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
    deep_health_checks         = optional(list(string), [])
    training_plan_arn          = optional(string)
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
    condition     = length(var.instance_groups) <= 100
    error_message = "instance_groups must have at most 100 elements."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item != null])
    error_message = "No element of instance_groups may be null."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : can(regex("^(?:[a-zA-Z0-9](?:-*[a-zA-Z0-9])*)$", item.name)) if item != null])
    error_message = "Every instance_groups[].name must be a name of letters, digits and inner hyphens${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!can(regex("^(?:[a-zA-Z0-9](?:-*[a-zA-Z0-9])*)$", item.name)))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.name == null ? false : length(item.name) >= 1 && length(item.name) <= 63 if item != null])
    error_message = "Every instance_groups[].name must have 1 to 63 characters${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(item.name == null ? true : !(length(item.name) >= 1 && length(item.name) <= 63))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.count == null ? false : floor(item.count) == item.count && item.count >= 0 && item.count <= 6758 if item != null])
    error_message = "Every instance_groups[].count must be a whole number, from 0 to 6758${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(item.count == null ? true : !(floor(item.count) == item.count && item.count >= 0 && item.count <= 6758))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.availability_zone_id == null || can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", item.availability_zone_id)) if item != null])
    error_message = "Every instance_groups[].availability_zone_id must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : length(item.security_group_ids) <= 5 if item != null])
    error_message = "Every instance_groups[].security_group_ids must have at most 5 elements${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(length(item.security_group_ids) > 5)])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.security_group_ids : can(regex("^(?:sg-[0-9a-f]{8,17})$", part))]) if item != null])
    error_message = "Every element of instance_groups[].security_group_ids must be a security group id such as 'sg-0123456789abcdef0'${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!alltrue([for part in item.security_group_ids : can(regex("^(?:sg-[0-9a-f]{8,17})$", part))]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.execution_role_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", item.execution_role_arn)) if item != null])
    error_message = "Every instance_groups[].execution_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.threads_per_core == null ? true : floor(item.threads_per_core) == item.threads_per_core && item.threads_per_core >= 1 && item.threads_per_core <= 2 if item != null])
    error_message = "Every instance_groups[].threads_per_core must be a whole number, from 1 to 2."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : floor(item.volume_size_gb) == item.volume_size_gb && item.volume_size_gb >= 0 && item.volume_size_gb <= 16384 if item != null])
    error_message = "Every instance_groups[].volume_size_gb must be a whole number, from 0 to 16384${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!(floor(item.volume_size_gb) == item.volume_size_gb && item.volume_size_gb >= 0 && item.volume_size_gb <= 16384))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.volume_kms_key_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$", item.volume_kms_key_arn)) if item != null])
    error_message = "Every instance_groups[].volume_kms_key_arn must be the ARN of a KMS key such as 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.root_volume_kms_key_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$", item.root_volume_kms_key_arn)) if item != null])
    error_message = "Every instance_groups[].root_volume_kms_key_arn must be the ARN of a KMS key such as 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : length(item.fsx_lustre) <= 4 if item != null])
    error_message = "Every instance_groups[].fsx_lustre must have at most 4 elements${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(length(item.fsx_lustre) > 4)])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.fsx_lustre : part != null]) if item != null])
    error_message = "No element of instance_groups[].fsx_lustre may be null${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!alltrue([for part in item.fsx_lustre : part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.fsx_lustre : can(regex("^(?:(?:fs|fc)i?-[0-9a-f]{8,}\\..{4,253})$", part.dns_name)) if part != null]) if item != null])
    error_message = "Every instance_groups[].fsx_lustre[].dns_name must be a file system's DNS name such as 'fs-0123456789abcdef0.fsx.us-west-2.amazonaws.com'${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!alltrue([for part in item.fsx_lustre : can(regex("^(?:(?:fs|fc)i?-[0-9a-f]{8,}\\..{4,253})$", part.dns_name)) if part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.fsx_lustre : part.dns_name == null ? false : length(part.dns_name) >= 16 && length(part.dns_name) <= 275 if part != null]) if item != null])
    error_message = "Every instance_groups[].fsx_lustre[].dns_name must have 16 to 275 characters."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.fsx_lustre : can(regex("^(?:[A-Za-z0-9_-]{1,8})$", part.mount_name)) if part != null]) if item != null])
    error_message = "Every instance_groups[].fsx_lustre[].mount_name must be a Lustre mount name of one to eight letters, digits, - or _${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!alltrue([for part in item.fsx_lustre : can(regex("^(?:[A-Za-z0-9_-]{1,8})$", part.mount_name)) if part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.fsx_lustre : can(regex("^(?:(?:/[a-zA-Z0-9._-]+)+)$", part.mount_path)) if part != null]) if item != null])
    error_message = "Every instance_groups[].fsx_lustre[].mount_path must be an absolute path without a slash at its end, such as '/fsx'${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!alltrue([for part in item.fsx_lustre : can(regex("^(?:(?:/[a-zA-Z0-9._-]+)+)$", part.mount_path)) if part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.fsx_lustre : length(part.mount_path) <= 1024 if part != null]) if item != null])
    error_message = "Every instance_groups[].fsx_lustre[].mount_path must have at most 1024 characters${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!alltrue([for part in item.fsx_lustre : length(part.mount_path) <= 1024 if part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : length(item.fsx_openzfs) <= 4 if item != null])
    error_message = "Every instance_groups[].fsx_openzfs must have at most 4 elements${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(length(item.fsx_openzfs) > 4)])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.fsx_openzfs : part != null]) if item != null])
    error_message = "No element of instance_groups[].fsx_openzfs may be null${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!alltrue([for part in item.fsx_openzfs : part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.fsx_openzfs : can(regex("^(?:(?:fs|fc)i?-[0-9a-f]{8,}\\..{4,253})$", part.dns_name)) if part != null]) if item != null])
    error_message = "Every instance_groups[].fsx_openzfs[].dns_name must be a file system's DNS name such as 'fs-0123456789abcdef0.fsx.us-west-2.amazonaws.com'${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!alltrue([for part in item.fsx_openzfs : can(regex("^(?:(?:fs|fc)i?-[0-9a-f]{8,}\\..{4,253})$", part.dns_name)) if part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.fsx_openzfs : part.dns_name == null ? false : length(part.dns_name) >= 16 && length(part.dns_name) <= 275 if part != null]) if item != null])
    error_message = "Every instance_groups[].fsx_openzfs[].dns_name must have 16 to 275 characters."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.fsx_openzfs : can(regex("^(?:(?:/[a-zA-Z0-9._-]+)+)$", part.mount_path)) if part != null]) if item != null])
    error_message = "Every instance_groups[].fsx_openzfs[].mount_path must be an absolute path without a slash at its end, such as '/fsx'${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!alltrue([for part in item.fsx_openzfs : can(regex("^(?:(?:/[a-zA-Z0-9._-]+)+)$", part.mount_path)) if part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.fsx_openzfs : length(part.mount_path) <= 1024 if part != null]) if item != null])
    error_message = "Every instance_groups[].fsx_openzfs[].mount_path must have at most 1024 characters${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!alltrue([for part in item.fsx_openzfs : length(part.mount_path) <= 1024 if part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : length(item.deep_health_checks) <= 2 if item != null])
    error_message = "Every instance_groups[].deep_health_checks must have at most 2 elements${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(length(item.deep_health_checks) > 2)])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.deep_health_checks : part == null ? false : contains(["InstanceStress", "InstanceConnectivity"], part)]) if item != null])
    error_message = "Every element of instance_groups[].deep_health_checks must be one of 'InstanceStress', 'InstanceConnectivity'."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.training_plan_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:sagemaker:[a-z0-9-]+:[0-9]{12}:training-plan/[A-Za-z0-9-]+)$", item.training_plan_arn)) if item != null])
    error_message = "Every instance_groups[].training_plan_arn must be the ARN of a training plan such as 'arn:aws:sagemaker:us-west-2:123456789012:training-plan/name'."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.instance_type == null ? true : contains(local.instance_types, item.instance_type) if item != null])
    error_message = "Every instance_groups[].instance_type must be an instance type that HyperPod offers, such as 'ml.g5.8xlarge'${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(item.instance_type == null ? false : !contains(local.instance_types, item.instance_type))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : length(item.instance_types) <= 20 if item != null])
    error_message = "Every instance_groups[].instance_types must have at most 20 elements${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(length(item.instance_types) > 20)])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.instance_types : part == null ? false : contains(local.instance_types, part)]) if item != null])
    error_message = "Every element of instance_groups[].instance_types must be an instance type that HyperPod offers, such as 'ml.g5.8xlarge'${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!alltrue([for part in item.instance_types : part == null ? false : contains(local.instance_types, part)]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : floor(item.min_count) == item.min_count && item.min_count >= 0 && item.min_count <= 6758 if item != null])
    error_message = "Every instance_groups[].min_count must be a whole number, from 0 to 6758${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!(floor(item.min_count) == item.min_count && item.min_count >= 0 && item.min_count <= 6758))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.image_id == null || can(regex("^(?:ami-[0-9a-f]{8,17}|default)$", item.image_id)) if item != null])
    error_message = "Every instance_groups[].image_id must be an image id such as 'ami-0123456789abcdef0', or 'default'${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!(item.image_id == null || can(regex("^(?:ami-[0-9a-f]{8,17}|default)$", item.image_id))))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.network_interface_type == null ? true : contains(["efa", "efa-only"], item.network_interface_type) if item != null])
    error_message = "Every instance_groups[].network_interface_type must be one of 'efa', 'efa-only'${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(item.network_interface_type == null ? false : !contains(["efa", "efa-only"], item.network_interface_type))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.lifecycle_script_uri == null || can(regex("^(?:(?:s3|https)://[^/]+(?:/.*)?)$", item.lifecycle_script_uri)) if item != null])
    error_message = "Every instance_groups[].lifecycle_script_uri must be a location such as 's3://bucket/prefix'${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!(item.lifecycle_script_uri == null || can(regex("^(?:(?:s3|https)://[^/]+(?:/.*)?)$", item.lifecycle_script_uri))))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.lifecycle_script_uri == null ? true : length(item.lifecycle_script_uri) <= 1024 if item != null])
    error_message = "Every instance_groups[].lifecycle_script_uri must have at most 1024 characters${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(item.lifecycle_script_uri == null ? false : length(item.lifecycle_script_uri) > 1024)])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.lifecycle_on_create == null || can(regex("^(?:[A-Za-z0-9_.-]+)$", item.lifecycle_on_create)) if item != null])
    error_message = "Every instance_groups[].lifecycle_on_create must be a file name without folders, such as 'on_create.sh'${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!(item.lifecycle_on_create == null || can(regex("^(?:[A-Za-z0-9_.-]+)$", item.lifecycle_on_create))))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.lifecycle_on_create == null ? true : length(item.lifecycle_on_create) >= 1 && length(item.lifecycle_on_create) <= 128 if item != null])
    error_message = "Every instance_groups[].lifecycle_on_create must have 1 to 128 characters${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(item.lifecycle_on_create == null ? false : !(length(item.lifecycle_on_create) >= 1 && length(item.lifecycle_on_create) <= 128))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.lifecycle_on_init_complete == null || can(regex("^(?:[A-Za-z0-9_.-]+)$", item.lifecycle_on_init_complete)) if item != null])
    error_message = "Every instance_groups[].lifecycle_on_init_complete must be a file name without folders, such as 'on_create.sh'${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!(item.lifecycle_on_init_complete == null || can(regex("^(?:[A-Za-z0-9_.-]+)$", item.lifecycle_on_init_complete))))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.lifecycle_on_init_complete == null ? true : length(item.lifecycle_on_init_complete) >= 1 && length(item.lifecycle_on_init_complete) <= 128 if item != null])
    error_message = "Every instance_groups[].lifecycle_on_init_complete must have 1 to 128 characters."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : length(item.labels) <= 50 if item != null])
    error_message = "Every instance_groups[].labels must have at most 50 elements${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(length(item.labels) > 50)])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for key in keys(item.labels) : can(regex("^(?:(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)$", key))]) if item != null])
    error_message = "Every key of instance_groups[].labels must be a Kubernetes key such as 'example.com/dedicated'."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for key in keys(item.labels) : length(key) >= 1 && length(key) <= 317]) if item != null])
    error_message = "Every key of instance_groups[].labels must have 1 to 317 characters${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!alltrue([for key in keys(item.labels) : length(key) >= 1 && length(key) <= 317]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in values(item.labels) : can(regex("^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)$", part))]) if item != null])
    error_message = "Every element of instance_groups[].labels must be a Kubernetes label value: letters, digits, inner -, _ and .${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!alltrue([for part in values(item.labels) : can(regex("^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)$", part))]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in values(item.labels) : part == null ? false : length(part) >= 1 && length(part) <= 63]) if item != null])
    error_message = "Every element of instance_groups[].labels must have 1 to 63 characters${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!alltrue([for part in values(item.labels) : part == null ? false : length(part) >= 1 && length(part) <= 63]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : length(item.taints) <= 50 if item != null])
    error_message = "Every instance_groups[].taints must have at most 50 elements${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(length(item.taints) > 50)])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.taints : part != null]) if item != null])
    error_message = "No element of instance_groups[].taints may be null${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!alltrue([for part in item.taints : part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.taints : can(regex("^(?:(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)$", part.key)) if part != null]) if item != null])
    error_message = "Every instance_groups[].taints[].key must be a Kubernetes key such as 'example.com/dedicated'."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.taints : part.key == null ? false : length(part.key) >= 1 && length(part.key) <= 317 if part != null]) if item != null])
    error_message = "Every instance_groups[].taints[].key must have 1 to 317 characters${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!alltrue([for part in item.taints : part.key == null ? false : length(part.key) >= 1 && length(part.key) <= 317 if part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.taints : part.value == null || can(regex("^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)$", part.value)) if part != null]) if item != null])
    error_message = "Every instance_groups[].taints[].value must be a Kubernetes label value: letters, digits, inner -, _ and .."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.taints : part.value == null ? true : length(part.value) >= 1 && length(part.value) <= 63 if part != null]) if item != null])
    error_message = "Every instance_groups[].taints[].value must have 1 to 63 characters."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for part in item.taints : part.effect == null ? false : contains(["NoSchedule", "PreferNoSchedule", "NoExecute"], part.effect) if part != null]) if item != null])
    error_message = "Every instance_groups[].taints[].effect must be one of 'NoSchedule', 'PreferNoSchedule', 'NoExecute'."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.scheduled_update == null ? true : can(regex("^(?:cron\\([0-5]?[0-9] (?:[01]?[0-9]|2[0-3]) (?:(?:0?[1-9]|[12][0-9]|3[01]) (?:0?[1-9]|1[0-2]|\\*(?:/(?:[1-9]|1[0-2]))?) \\?|\\? (?:0?[1-9]|1[0-2]|\\*(?:/(?:[1-9]|1[0-2]))?) (?:MON|TUE|WED|THU|FRI|SAT|SUN|[1-7](?:L|#[1-5])?|L)) (?:20[2-9][0-9]|\\*)\\))$", item.scheduled_update.schedule)) if item != null])
    error_message = "Every instance_groups[].scheduled_update.schedule must be a schedule 'cron(minute hour day month weekday year)' in UTC with '?' for the day or the weekday, such as 'cron(0 3 ? * SUN *)'."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.scheduled_update == null ? true : item.scheduled_update.deployment == null ? true : length(item.scheduled_update.deployment.alarm_names) <= 10 if item != null])
    error_message = "Every instance_groups[].scheduled_update.deployment.alarm_names must have at most 10 elements."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.scheduled_update == null ? true : item.scheduled_update.deployment == null ? true : alltrue([for part in item.scheduled_update.deployment.alarm_names : part != null]) if item != null])
    error_message = "No element of instance_groups[].scheduled_update.deployment.alarm_names may be null."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.scheduled_update == null ? true : item.scheduled_update.deployment == null ? true : item.scheduled_update.deployment.rolling_update == null ? true : item.scheduled_update.deployment.rolling_update.maximum_batch_size != null if item != null])
    error_message = "Every instance_groups[].scheduled_update.deployment.rolling_update.maximum_batch_size must be given; null is not a value."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.scheduled_update == null ? true : item.scheduled_update.deployment == null ? true : item.scheduled_update.deployment.rolling_update == null ? true : item.scheduled_update.deployment.rolling_update.maximum_batch_size == null ? true : item.scheduled_update.deployment.rolling_update.maximum_batch_size.type == null ? false : contains(["INSTANCE_COUNT", "CAPACITY_PERCENTAGE"], item.scheduled_update.deployment.rolling_update.maximum_batch_size.type) if item != null])
    error_message = "Every instance_groups[].scheduled_update.deployment.rolling_update.maximum_batch_size.type must be one of 'INSTANCE_COUNT', 'CAPACITY_PERCENTAGE'."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.scheduled_update == null ? true : item.scheduled_update.deployment == null ? true : item.scheduled_update.deployment.rolling_update == null ? true : item.scheduled_update.deployment.rolling_update.maximum_batch_size == null ? true : item.scheduled_update.deployment.rolling_update.maximum_batch_size.value == null ? false : floor(item.scheduled_update.deployment.rolling_update.maximum_batch_size.value) == item.scheduled_update.deployment.rolling_update.maximum_batch_size.value ? item.scheduled_update.deployment.rolling_update.maximum_batch_size.value >= 1 : false if item != null])
    error_message = "Every instance_groups[].scheduled_update.deployment.rolling_update.maximum_batch_size.value must be a whole number, at least 1."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.scheduled_update == null ? true : item.scheduled_update.deployment == null ? true : item.scheduled_update.deployment.rolling_update == null ? true : item.scheduled_update.deployment.rolling_update.rollback_maximum_batch_size == null ? true : item.scheduled_update.deployment.rolling_update.rollback_maximum_batch_size.type == null ? false : contains(["INSTANCE_COUNT", "CAPACITY_PERCENTAGE"], item.scheduled_update.deployment.rolling_update.rollback_maximum_batch_size.type) if item != null])
    error_message = "Every instance_groups[].scheduled_update.deployment.rolling_update.rollback_maximum_batch_size.type must be one of 'INSTANCE_COUNT', 'CAPACITY_PERCENTAGE'."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.scheduled_update == null ? true : item.scheduled_update.deployment == null ? true : item.scheduled_update.deployment.rolling_update == null ? true : item.scheduled_update.deployment.rolling_update.rollback_maximum_batch_size == null ? true : item.scheduled_update.deployment.rolling_update.rollback_maximum_batch_size.value == null ? false : floor(item.scheduled_update.deployment.rolling_update.rollback_maximum_batch_size.value) == item.scheduled_update.deployment.rolling_update.rollback_maximum_batch_size.value ? item.scheduled_update.deployment.rolling_update.rollback_maximum_batch_size.value >= 1 : false if item != null])
    error_message = "Every instance_groups[].scheduled_update.deployment.rolling_update.rollback_maximum_batch_size.value must be a whole number, at least 1."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.scheduled_update == null ? true : item.scheduled_update.deployment == null ? true : item.scheduled_update.deployment.wait_interval_seconds == null ? true : floor(item.scheduled_update.deployment.wait_interval_seconds) == item.scheduled_update.deployment.wait_interval_seconds ? (item.scheduled_update.deployment.wait_interval_seconds >= 0 ? item.scheduled_update.deployment.wait_interval_seconds <= 3600 : false) : false if item != null])
    error_message = "Every instance_groups[].scheduled_update.deployment.wait_interval_seconds must be a whole number, from 0 to 3600."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.auto_patch == null ? true : item.auto_patch.strategy == null ? false : contains(["WhenIdle", "WhenAllIdle"], item.auto_patch.strategy) if item != null])
    error_message = "Every instance_groups[].auto_patch.strategy must be one of 'WhenIdle', 'WhenAllIdle'."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.auto_patch == null ? true : item.auto_patch.deployment == null ? true : length(item.auto_patch.deployment.alarm_names) <= 10 if item != null])
    error_message = "Every instance_groups[].auto_patch.deployment.alarm_names must have at most 10 elements${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(item.auto_patch == null ? false : item.auto_patch.deployment == null ? false : length(item.auto_patch.deployment.alarm_names) > 10)])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.auto_patch == null ? true : item.auto_patch.deployment == null ? true : alltrue([for part in item.auto_patch.deployment.alarm_names : part != null]) if item != null])
    error_message = "No element of instance_groups[].auto_patch.deployment.alarm_names may be null."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.auto_patch == null ? true : item.auto_patch.deployment == null ? true : item.auto_patch.deployment.rolling_update == null ? true : item.auto_patch.deployment.rolling_update.maximum_batch_size != null if item != null])
    error_message = "Every instance_groups[].auto_patch.deployment.rolling_update.maximum_batch_size must be given; null is not a value."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.auto_patch == null ? true : item.auto_patch.deployment == null ? true : item.auto_patch.deployment.rolling_update == null ? true : item.auto_patch.deployment.rolling_update.maximum_batch_size == null ? true : item.auto_patch.deployment.rolling_update.maximum_batch_size.type == null ? false : contains(["INSTANCE_COUNT", "CAPACITY_PERCENTAGE"], item.auto_patch.deployment.rolling_update.maximum_batch_size.type) if item != null])
    error_message = "Every instance_groups[].auto_patch.deployment.rolling_update.maximum_batch_size.type must be one of 'INSTANCE_COUNT', 'CAPACITY_PERCENTAGE'."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.auto_patch == null ? true : item.auto_patch.deployment == null ? true : item.auto_patch.deployment.rolling_update == null ? true : item.auto_patch.deployment.rolling_update.maximum_batch_size == null ? true : item.auto_patch.deployment.rolling_update.maximum_batch_size.value == null ? false : floor(item.auto_patch.deployment.rolling_update.maximum_batch_size.value) == item.auto_patch.deployment.rolling_update.maximum_batch_size.value ? item.auto_patch.deployment.rolling_update.maximum_batch_size.value >= 1 : false if item != null])
    error_message = "Every instance_groups[].auto_patch.deployment.rolling_update.maximum_batch_size.value must be a whole number, at least 1."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.auto_patch == null ? true : item.auto_patch.deployment == null ? true : item.auto_patch.deployment.rolling_update == null ? true : item.auto_patch.deployment.rolling_update.rollback_maximum_batch_size == null ? true : item.auto_patch.deployment.rolling_update.rollback_maximum_batch_size.type == null ? false : contains(["INSTANCE_COUNT", "CAPACITY_PERCENTAGE"], item.auto_patch.deployment.rolling_update.rollback_maximum_batch_size.type) if item != null])
    error_message = "Every instance_groups[].auto_patch.deployment.rolling_update.rollback_maximum_batch_size.type must be one of 'INSTANCE_COUNT', 'CAPACITY_PERCENTAGE'."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.auto_patch == null ? true : item.auto_patch.deployment == null ? true : item.auto_patch.deployment.rolling_update == null ? true : item.auto_patch.deployment.rolling_update.rollback_maximum_batch_size == null ? true : item.auto_patch.deployment.rolling_update.rollback_maximum_batch_size.value == null ? false : floor(item.auto_patch.deployment.rolling_update.rollback_maximum_batch_size.value) == item.auto_patch.deployment.rolling_update.rollback_maximum_batch_size.value ? item.auto_patch.deployment.rolling_update.rollback_maximum_batch_size.value >= 1 : false if item != null])
    error_message = "Every instance_groups[].auto_patch.deployment.rolling_update.rollback_maximum_batch_size.value must be a whole number, at least 1."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.auto_patch == null ? true : item.auto_patch.deployment == null ? true : item.auto_patch.deployment.wait_interval_seconds == null ? true : floor(item.auto_patch.deployment.wait_interval_seconds) == item.auto_patch.deployment.wait_interval_seconds ? (item.auto_patch.deployment.wait_interval_seconds >= 0 ? item.auto_patch.deployment.wait_interval_seconds <= 3600 : false) : false if item != null])
    error_message = "Every instance_groups[].auto_patch.deployment.wait_interval_seconds must be a whole number, from 0 to 3600."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.instance_type != null || length(item.instance_types) >= 1 if item != null])
    error_message = "A group needs an instance_type, or several instance_types to try one after the other${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!(item.instance_type != null || length(item.instance_types) >= 1))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.instance_type == null || length(item.instance_types) == 0 if item != null])
    error_message = "A group has either instance_type or instance_types, not both${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!(item.instance_type == null || length(item.instance_types) == 0))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : length(distinct(item.instance_types)) == length(item.instance_types) if item != null])
    error_message = "Every type of instance_types must be named once${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!(length(distinct(item.instance_types)) == length(item.instance_types)))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : alltrue([for batch in [try(item.scheduled_update.deployment.rolling_update.maximum_batch_size, null), try(item.scheduled_update.deployment.rolling_update.rollback_maximum_batch_size, null), try(item.auto_patch.deployment.rolling_update.maximum_batch_size, null), try(item.auto_patch.deployment.rolling_update.rollback_maximum_batch_size, null)] : batch.value <= 100 if try(batch.type, null) == "CAPACITY_PERCENTAGE"]) if item != null])
    error_message = "A batch of type CAPACITY_PERCENTAGE must have a value of at most 100."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.min_count <= item.count if item != null])
    error_message = "min_count must not be greater than count${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(item.min_count > item.count)])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : !(item.spot && item.training_plan_arn != null) if item != null])
    error_message = "A group uses either Spot capacity or a training plan, not both${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(item.spot && item.training_plan_arn != null)])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.availability_zone_id == null ? true : contains(keys(var.private_subnet_ids), item.availability_zone_id) if item != null])
    error_message = "A group's availability_zone_id must be a zone in which the network has a private subnet${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(item.availability_zone_id == null ? false : !contains(keys(var.private_subnet_ids), item.availability_zone_id))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.threads_per_core == 2 ? !anytrue([for type in(item.instance_type == null ? item.instance_types : [item.instance_type]) : can(regex("^(?:ml\\.(p6e-gb200|[cm][678]g|[cm]8a)\\.[a-z0-9]+)$", type))]) : true if item != null])
    error_message = "The cores of this instance type run one thread: threads_per_core must be 1 or null."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : length(item.deep_health_checks) >= 1 ? alltrue([for type in(item.instance_type == null ? item.instance_types : [item.instance_type]) : can(regex("^(?:ml\\.(g|p|trn)[a-z0-9-]*\\.[a-z0-9]+)$", type))]) : true if item != null])
    error_message = "deep_health_checks need an instance type with GPUs or Trainium chips."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : length(distinct(item.deep_health_checks)) == length(item.deep_health_checks) if item != null])
    error_message = "Every check of deep_health_checks must be named once${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!(length(distinct(item.deep_health_checks)) == length(item.deep_health_checks)))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : length(distinct(item.security_group_ids)) == length(item.security_group_ids) if item != null])
    error_message = "Every security group of a group must be named once${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!(length(distinct(item.security_group_ids)) == length(item.security_group_ids)))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : !anytrue([for type in(item.instance_type == null ? item.instance_types : [item.instance_type]) : can(regex("^(?:ml\\.p6e-gb200\\.[a-z0-9]+)$", type))]) || item.training_plan_arn != null if item != null])
    error_message = "ml.p6e-gb200 instances come in UltraServers through training plans: training_plan_arn must be given."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.training_plan_arn == null ? true : startswith(item.training_plan_arn, "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:training-plan/") if item != null])
    error_message = "training_plan_arn must be a plan of this account and region."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.execution_role_arn == null ? true : startswith(item.execution_role_arn, "arn:${var.partition}:iam::${var.account_id}:role/") if item != null])
    error_message = "execution_role_arn of a group must be a role of this account and partition."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.volume_kms_key_arn == null ? true : startswith(item.volume_kms_key_arn, "arn:${var.partition}:kms:${var.region}:") if item != null])
    error_message = "volume_kms_key_arn must be a key of this region and partition${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(item.volume_kms_key_arn == null ? false : !startswith(item.volume_kms_key_arn, "arn:${var.partition}:kms:${var.region}:"))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.root_volume_kms_key_arn == null ? true : startswith(item.root_volume_kms_key_arn, "arn:${var.partition}:kms:${var.region}:") if item != null])
    error_message = "root_volume_kms_key_arn must be a key of this region and partition."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.volume_kms_key_arn == null || item.volume_size_gb >= 1 if item != null])
    error_message = "volume_kms_key_arn is given, so volume_size_gb must be at least 1${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!(item.volume_kms_key_arn == null || item.volume_size_gb >= 1))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : (item.volume_size_gb > 0 ? 1 : 0) + (item.root_volume_kms_key_arn == null ? 0 : 1) + length(item.fsx_lustre) + length(item.fsx_openzfs) <= 4 if item != null])
    error_message = "A group has at most 4 storage configurations: its second volume, a root volume with a key of yours, and file systems."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : length(distinct([for mount in concat(item.fsx_lustre, item.fsx_openzfs) : mount.mount_path if mount != null])) == length([for mount in concat(item.fsx_lustre, item.fsx_openzfs) : mount.mount_path if mount != null]) if item != null])
    error_message = "Every file system of a group must have a mount_path of its own."
  }
}

variable "restricted_instance_groups" {
  description = "Groups for the customisation of Amazon Nova models, instead of instance_groups. They need the chart revision that AWS pins for them and its script install_rig_dependencies.sh, run once by hand; they run no lifecycle scripts, whose location is asked for all the same."
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
    deep_health_checks = optional(list(string), [])
    training_plan_arn  = optional(string)
    instance_type      = string
    storage = optional(object({
      size_gib   = number
      throughput = optional(number, 250)
    }))
  }))
  default  = []
  nullable = false

  validation {
    condition     = length(var.restricted_instance_groups) <= 100
    error_message = "restricted_instance_groups must have at most 100 elements."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item != null])
    error_message = "No element of restricted_instance_groups may be null."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : can(regex("^(?:[a-zA-Z0-9](?:-*[a-zA-Z0-9])*)$", item.name)) if item != null])
    error_message = "Every restricted_instance_groups[].name must be a name of letters, digits and inner hyphens${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(!can(regex("^(?:[a-zA-Z0-9](?:-*[a-zA-Z0-9])*)$", item.name)))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.name == null ? false : length(item.name) >= 1 && length(item.name) <= 63 if item != null])
    error_message = "Every restricted_instance_groups[].name must have 1 to 63 characters${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(item.name == null ? true : !(length(item.name) >= 1 && length(item.name) <= 63))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.count == null ? false : floor(item.count) == item.count && item.count >= 0 && item.count <= 6758 if item != null])
    error_message = "Every restricted_instance_groups[].count must be a whole number, from 0 to 6758${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(item.count == null ? true : !(floor(item.count) == item.count && item.count >= 0 && item.count <= 6758))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.availability_zone_id == null || can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", item.availability_zone_id)) if item != null])
    error_message = "Every restricted_instance_groups[].availability_zone_id must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : length(item.security_group_ids) <= 5 if item != null])
    error_message = "Every restricted_instance_groups[].security_group_ids must have at most 5 elements${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(length(item.security_group_ids) > 5)])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : alltrue([for part in item.security_group_ids : can(regex("^(?:sg-[0-9a-f]{8,17})$", part))]) if item != null])
    error_message = "Every element of restricted_instance_groups[].security_group_ids must be a security group id such as 'sg-0123456789abcdef0'${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(!alltrue([for part in item.security_group_ids : can(regex("^(?:sg-[0-9a-f]{8,17})$", part))]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.execution_role_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", item.execution_role_arn)) if item != null])
    error_message = "Every restricted_instance_groups[].execution_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.threads_per_core == null ? true : floor(item.threads_per_core) == item.threads_per_core && item.threads_per_core >= 1 && item.threads_per_core <= 2 if item != null])
    error_message = "Every restricted_instance_groups[].threads_per_core must be a whole number, from 1 to 2."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : floor(item.volume_size_gb) == item.volume_size_gb && item.volume_size_gb >= 0 && item.volume_size_gb <= 16384 if item != null])
    error_message = "Every restricted_instance_groups[].volume_size_gb must be a whole number, from 0 to 16384${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(!(floor(item.volume_size_gb) == item.volume_size_gb && item.volume_size_gb >= 0 && item.volume_size_gb <= 16384))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.volume_kms_key_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$", item.volume_kms_key_arn)) if item != null])
    error_message = "Every restricted_instance_groups[].volume_kms_key_arn must be the ARN of a KMS key such as 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.root_volume_kms_key_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$", item.root_volume_kms_key_arn)) if item != null])
    error_message = "Every restricted_instance_groups[].root_volume_kms_key_arn must be the ARN of a KMS key such as 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : length(item.fsx_lustre) <= 4 if item != null])
    error_message = "Every restricted_instance_groups[].fsx_lustre must have at most 4 elements${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(length(item.fsx_lustre) > 4)])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : alltrue([for part in item.fsx_lustre : part != null]) if item != null])
    error_message = "No element of restricted_instance_groups[].fsx_lustre may be null${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(!alltrue([for part in item.fsx_lustre : part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : alltrue([for part in item.fsx_lustre : can(regex("^(?:(?:fs|fc)i?-[0-9a-f]{8,}\\..{4,253})$", part.dns_name)) if part != null]) if item != null])
    error_message = "Every restricted_instance_groups[].fsx_lustre[].dns_name must be a file system's DNS name such as 'fs-0123456789abcdef0.fsx.us-west-2.amazonaws.com'${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(!alltrue([for part in item.fsx_lustre : can(regex("^(?:(?:fs|fc)i?-[0-9a-f]{8,}\\..{4,253})$", part.dns_name)) if part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : alltrue([for part in item.fsx_lustre : part.dns_name == null ? false : length(part.dns_name) >= 16 && length(part.dns_name) <= 275 if part != null]) if item != null])
    error_message = "Every restricted_instance_groups[].fsx_lustre[].dns_name must have 16 to 275 characters."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : alltrue([for part in item.fsx_lustre : can(regex("^(?:[A-Za-z0-9_-]{1,8})$", part.mount_name)) if part != null]) if item != null])
    error_message = "Every restricted_instance_groups[].fsx_lustre[].mount_name must be a Lustre mount name of one to eight letters, digits, - or _${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(!alltrue([for part in item.fsx_lustre : can(regex("^(?:[A-Za-z0-9_-]{1,8})$", part.mount_name)) if part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : alltrue([for part in item.fsx_lustre : can(regex("^(?:(?:/[a-zA-Z0-9._-]+)+)$", part.mount_path)) if part != null]) if item != null])
    error_message = "Every restricted_instance_groups[].fsx_lustre[].mount_path must be an absolute path without a slash at its end, such as '/fsx'${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(!alltrue([for part in item.fsx_lustre : can(regex("^(?:(?:/[a-zA-Z0-9._-]+)+)$", part.mount_path)) if part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : alltrue([for part in item.fsx_lustre : length(part.mount_path) <= 1024 if part != null]) if item != null])
    error_message = "Every restricted_instance_groups[].fsx_lustre[].mount_path must have at most 1024 characters${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(!alltrue([for part in item.fsx_lustre : length(part.mount_path) <= 1024 if part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : length(item.fsx_openzfs) <= 4 if item != null])
    error_message = "Every restricted_instance_groups[].fsx_openzfs must have at most 4 elements${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(length(item.fsx_openzfs) > 4)])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : alltrue([for part in item.fsx_openzfs : part != null]) if item != null])
    error_message = "No element of restricted_instance_groups[].fsx_openzfs may be null${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(!alltrue([for part in item.fsx_openzfs : part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : alltrue([for part in item.fsx_openzfs : can(regex("^(?:(?:fs|fc)i?-[0-9a-f]{8,}\\..{4,253})$", part.dns_name)) if part != null]) if item != null])
    error_message = "Every restricted_instance_groups[].fsx_openzfs[].dns_name must be a file system's DNS name such as 'fs-0123456789abcdef0.fsx.us-west-2.amazonaws.com'${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(!alltrue([for part in item.fsx_openzfs : can(regex("^(?:(?:fs|fc)i?-[0-9a-f]{8,}\\..{4,253})$", part.dns_name)) if part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : alltrue([for part in item.fsx_openzfs : part.dns_name == null ? false : length(part.dns_name) >= 16 && length(part.dns_name) <= 275 if part != null]) if item != null])
    error_message = "Every restricted_instance_groups[].fsx_openzfs[].dns_name must have 16 to 275 characters."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : alltrue([for part in item.fsx_openzfs : can(regex("^(?:(?:/[a-zA-Z0-9._-]+)+)$", part.mount_path)) if part != null]) if item != null])
    error_message = "Every restricted_instance_groups[].fsx_openzfs[].mount_path must be an absolute path without a slash at its end, such as '/fsx'${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(!alltrue([for part in item.fsx_openzfs : can(regex("^(?:(?:/[a-zA-Z0-9._-]+)+)$", part.mount_path)) if part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : alltrue([for part in item.fsx_openzfs : length(part.mount_path) <= 1024 if part != null]) if item != null])
    error_message = "Every restricted_instance_groups[].fsx_openzfs[].mount_path must have at most 1024 characters${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(!alltrue([for part in item.fsx_openzfs : length(part.mount_path) <= 1024 if part != null]))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : length(item.deep_health_checks) <= 2 if item != null])
    error_message = "Every restricted_instance_groups[].deep_health_checks must have at most 2 elements${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(length(item.deep_health_checks) > 2)])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : alltrue([for part in item.deep_health_checks : part == null ? false : contains(["InstanceStress", "InstanceConnectivity"], part)]) if item != null])
    error_message = "Every element of restricted_instance_groups[].deep_health_checks must be one of 'InstanceStress', 'InstanceConnectivity'."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.training_plan_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:sagemaker:[a-z0-9-]+:[0-9]{12}:training-plan/[A-Za-z0-9-]+)$", item.training_plan_arn)) if item != null])
    error_message = "Every restricted_instance_groups[].training_plan_arn must be the ARN of a training plan such as 'arn:aws:sagemaker:us-west-2:123456789012:training-plan/name'."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.instance_type == null ? false : contains(local.instance_types, item.instance_type) if item != null])
    error_message = "Every restricted_instance_groups[].instance_type must be an instance type that HyperPod offers, such as 'ml.g5.8xlarge'${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(item.instance_type == null ? true : !contains(local.instance_types, item.instance_type))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.storage == null ? true : item.storage.size_gib == null ? false : floor(item.storage.size_gib) == item.storage.size_gib ? (item.storage.size_gib >= 1200 ? item.storage.size_gib <= 100800 : false) : false if item != null])
    error_message = "Every restricted_instance_groups[].storage.size_gib must be a whole number, from 1200 to 100800."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.storage == null ? true : contains([125, 250, 500, 1000], item.storage.throughput) if item != null])
    error_message = "Every restricted_instance_groups[].storage.throughput must be one of 125, 250, 500, 1000${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(item.storage == null ? false : !contains([125, 250, 500, 1000], item.storage.throughput))])}", "")}."
  }

  validation {
    condition     = (length(var.instance_groups) >= 1 && length(var.restricted_instance_groups) == 0) || (length(var.instance_groups) == 0 && length(var.restricted_instance_groups) >= 1)
    error_message = "A cluster needs at least one group, of instance_groups or of restricted_instance_groups, not of both."
  }

  validation {
    condition     = length(distinct(concat([for group in var.instance_groups : group.name if group != null], [for group in var.restricted_instance_groups : group.name if group != null]))) == length(concat([for group in var.instance_groups : group.name if group != null], [for group in var.restricted_instance_groups : group.name if group != null]))
    error_message = "Every group of the cluster must have a name of its own."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.availability_zone_id == null ? true : contains(keys(var.private_subnet_ids), item.availability_zone_id) if item != null])
    error_message = "A group's availability_zone_id must be a zone in which the network has a private subnet${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(item.availability_zone_id == null ? false : !contains(keys(var.private_subnet_ids), item.availability_zone_id))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.threads_per_core == 2 ? !anytrue([for type in [item.instance_type] : can(regex("^(?:ml\\.(p6e-gb200|[cm][678]g|[cm]8a)\\.[a-z0-9]+)$", type))]) : true if item != null])
    error_message = "The cores of this instance type run one thread: threads_per_core must be 1 or null."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : length(item.deep_health_checks) >= 1 ? alltrue([for type in [item.instance_type] : can(regex("^(?:ml\\.(g|p|trn)[a-z0-9-]*\\.[a-z0-9]+)$", type))]) : true if item != null])
    error_message = "deep_health_checks need an instance type with GPUs or Trainium chips."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : length(distinct(item.deep_health_checks)) == length(item.deep_health_checks) if item != null])
    error_message = "Every check of deep_health_checks must be named once${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(!(length(distinct(item.deep_health_checks)) == length(item.deep_health_checks)))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : length(distinct(item.security_group_ids)) == length(item.security_group_ids) if item != null])
    error_message = "Every security group of a group must be named once${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(!(length(distinct(item.security_group_ids)) == length(item.security_group_ids)))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : !anytrue([for type in [item.instance_type] : can(regex("^(?:ml\\.p6e-gb200\\.[a-z0-9]+)$", type))]) || item.training_plan_arn != null if item != null])
    error_message = "ml.p6e-gb200 instances come in UltraServers through training plans: training_plan_arn must be given."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.training_plan_arn == null ? true : startswith(item.training_plan_arn, "arn:${var.partition}:sagemaker:${var.region}:${var.account_id}:training-plan/") if item != null])
    error_message = "training_plan_arn must be a plan of this account and region."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.execution_role_arn == null ? true : startswith(item.execution_role_arn, "arn:${var.partition}:iam::${var.account_id}:role/") if item != null])
    error_message = "execution_role_arn of a group must be a role of this account and partition."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.volume_kms_key_arn == null ? true : startswith(item.volume_kms_key_arn, "arn:${var.partition}:kms:${var.region}:") if item != null])
    error_message = "volume_kms_key_arn must be a key of this region and partition${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(item.volume_kms_key_arn == null ? false : !startswith(item.volume_kms_key_arn, "arn:${var.partition}:kms:${var.region}:"))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.root_volume_kms_key_arn == null ? true : startswith(item.root_volume_kms_key_arn, "arn:${var.partition}:kms:${var.region}:") if item != null])
    error_message = "root_volume_kms_key_arn must be a key of this region and partition."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.volume_kms_key_arn == null || item.volume_size_gb >= 1 if item != null])
    error_message = "volume_kms_key_arn is given, so volume_size_gb must be at least 1${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(!(item.volume_kms_key_arn == null || item.volume_size_gb >= 1))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : (item.volume_size_gb > 0 ? 1 : 0) + (item.root_volume_kms_key_arn == null ? 0 : 1) + length(item.fsx_lustre) + length(item.fsx_openzfs) <= 4 if item != null])
    error_message = "A group has at most 4 storage configurations: its second volume, a root volume with a key of yours, and file systems."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : length(distinct([for mount in concat(item.fsx_lustre, item.fsx_openzfs) : mount.mount_path if mount != null])) == length([for mount in concat(item.fsx_lustre, item.fsx_openzfs) : mount.mount_path if mount != null]) if item != null])
    error_message = "Every file system of a group must have a mount_path of its own."
  }

  validation {
    condition     = alltrue([for item in var.restricted_instance_groups : item.storage == null ? true : try(item.storage.size_gib, null) == 1200 ? true : try(item.storage.size_gib, null) % 2400 == 0 if item != null])
    error_message = "storage.size_gib of a restricted group must be 1200 or a multiple of 2400${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(item.storage == null ? false : try(item.storage.size_gib, null) == 1200 ? false : try(item.storage.size_gib, null) % 2400 != 0)])}", "")}."
  }

  validation {
    condition     = length(var.restricted_instance_groups) == 0 || contains(["eu-north-1", "eu-west-2", "us-east-1", "us-west-2"], var.region)
    error_message = "Restricted instance groups exist in eu-north-1, eu-west-2, us-east-1, us-west-2 only."
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
    condition     = var.restricted_shared_storage == null ? true : var.restricted_shared_storage.size_gib == null ? false : floor(var.restricted_shared_storage.size_gib) == var.restricted_shared_storage.size_gib && var.restricted_shared_storage.size_gib >= 1200 && var.restricted_shared_storage.size_gib <= 100800
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
    condition     = alltrue([for item in var.restricted_instance_groups : item.storage != null || var.restricted_shared_storage != null if item != null])
    error_message = "A restricted group needs storage, unless restricted_shared_storage serves all${try(": ${join(", ", [for item in var.restricted_instance_groups : item.name if nonsensitive(!(item.storage != null || var.restricted_shared_storage != null))])}", "")}."
  }

  validation {
    condition     = var.restricted_shared_storage == null ? true : try(var.restricted_shared_storage.size_gib, null) == 1200 ? true : try(var.restricted_shared_storage.size_gib, null) % 2400 == 0
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
    condition     = contains(["Automatic", "None"], var.node_recovery)
    error_message = "node_recovery must be one of 'Automatic', 'None'."
  }
}

variable "node_provisioning_mode" {
  description = "Continuous: the cluster is there at once and nodes come as capacity allows. Null: every change succeeds or fails as a whole. Continuous can be switched on later, never off."
  type        = string
  default     = "Continuous"

  validation {
    condition     = var.node_provisioning_mode == null ? true : contains(["Continuous"], var.node_provisioning_mode)
    error_message = "node_provisioning_mode must be 'Continuous'."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : item.min_count < 1 || var.node_provisioning_mode == "Continuous" if item != null])
    error_message = "min_count needs node_provisioning_mode Continuous${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!(item.min_count < 1 || var.node_provisioning_mode == "Continuous"))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : !item.spot || var.node_provisioning_mode == "Continuous" if item != null])
    error_message = "Spot capacity needs node_provisioning_mode Continuous${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!(!item.spot || var.node_provisioning_mode == "Continuous"))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : length(item.labels) == 0 || var.node_provisioning_mode == "Continuous" if item != null])
    error_message = "A group with labels needs node_provisioning_mode Continuous${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!(length(item.labels) == 0 || var.node_provisioning_mode == "Continuous"))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : length(item.taints) == 0 || var.node_provisioning_mode == "Continuous" if item != null])
    error_message = "A group with taints needs node_provisioning_mode Continuous${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!(length(item.taints) == 0 || var.node_provisioning_mode == "Continuous"))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : !(item.image_id != null && item.image_id != "default") || var.node_provisioning_mode == "Continuous" if item != null])
    error_message = "An image of your own needs node_provisioning_mode Continuous${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!(!(item.image_id != null && item.image_id != "default") || var.node_provisioning_mode == "Continuous"))])}", "")}."
  }

  validation {
    condition     = alltrue([for item in var.instance_groups : length(item.instance_types) == 0 || var.node_provisioning_mode == "Continuous" if item != null])
    error_message = "A group with several instance types needs node_provisioning_mode Continuous${try(": ${join(", ", [for item in var.instance_groups : item.name if nonsensitive(!(length(item.instance_types) == 0 || var.node_provisioning_mode == "Continuous"))])}", "")}."
  }

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
    condition     = !var.auto_scaling || var.node_recovery == "Automatic"
    error_message = "Karpenter relies on faulty nodes being replaced: with auto_scaling, node_recovery must be Automatic."
  }

  validation {
    condition     = !var.auto_scaling || var.node_provisioning_mode == "Continuous"
    error_message = "auto_scaling needs node_provisioning_mode Continuous."
  }

  validation {
    condition     = !var.auto_scaling || var.karpenter_role_arn != null
    error_message = "auto_scaling is on, so karpenter_role_arn must name the role of Karpenter."
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
    condition     = var.tiered_storage_memory_percentage == null ? true : floor(var.tiered_storage_memory_percentage) == var.tiered_storage_memory_percentage && var.tiered_storage_memory_percentage >= 0 && var.tiered_storage_memory_percentage <= 100
    error_message = "tiered_storage_memory_percentage must be a whole number, from 0 to 100."
  }

  validation {
    condition     = var.tiered_storage_memory_percentage == null || var.tiered_storage
    error_message = "tiered_storage_memory_percentage is given, so tiered_storage must be true."
  }
}
