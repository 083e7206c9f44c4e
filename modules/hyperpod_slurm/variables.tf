# Generated from hp_tf/layers/hyperpod_slurm/contract.py by `hptf synth`; edit there.
# Variables that fill a file: instance_groups.tf.

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

variable "cluster_name" {
  description = "Name of the cluster. Fixed at creation: another name is another cluster."
  type        = string
  default     = "slurm-cluster"
  nullable    = false

  validation {
    condition     = can(regex("^(?:[a-zA-Z0-9](?:-*[a-zA-Z0-9])*)$", var.cluster_name)) && length(var.cluster_name) >= 1 && length(var.cluster_name) <= 63
    error_message = "cluster_name must be a name of letters, digits and inner hyphens and must have 1 to 63 characters."
  }
}

variable "configuration" {
  description = <<-EOT
    What tells Slurm of its groups, partitions and file systems: the service's API, or provisioning_parameters.json that AWS's lifecycle
    scripts read. A cluster goes from scripts to api, its nodes then need UpdateClusterSoftware, and never back.
  EOT
  type        = string
  default     = "api"
  nullable    = false

  validation {
    condition     = contains(["api", "scripts"], var.configuration)
    error_message = "configuration must be one of 'api', 'scripts'."
  }
}

variable "strategy" {
  description = <<-EOT
    What the service does where somebody has edited Slurm's configuration by hand: Overwrite takes the edits away, Managed fails, Merge
    keeps them. With configuration api.
  EOT
  type        = string
  default     = "Managed"
  nullable    = false

  validation {
    condition     = contains(["Overwrite", "Managed", "Merge"], var.strategy)
    error_message = "strategy must be one of 'Overwrite', 'Managed', 'Merge'."
  }
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
    condition = (
      var.lifecycle_script_uri == null ? true :
      can(regex("^(?:(?:s3|https)://[^/]+(?:/.*)?)$", var.lifecycle_script_uri)) ? length(var.lifecycle_script_uri) <= 1024 : false
    )
    error_message = "lifecycle_script_uri must be a location such as 's3://bucket/prefix' and must have at most 1024 characters."
  }

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
    condition = (
      var.lifecycle_on_create == null ? true :
      can(regex("^(?:[A-Za-z0-9_.-]+)$", var.lifecycle_on_create)) ?
      length(var.lifecycle_on_create) >= 1 && length(var.lifecycle_on_create) <= 128 : false
    )
    error_message = "lifecycle_on_create must be a file name without folders, such as 'on_create.sh' and must have 1 to 128 characters."
  }

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
    condition     = var.lustre_mount_name == null || can(regex("^(?:[A-Za-z0-9_-]{1,8})$", var.lustre_mount_name))
    error_message = "lustre_mount_name must be a Lustre mount name of one to eight letters, digits, - or _."
  }

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
    condition     = can(regex("^(?:(?:/[a-zA-Z0-9._-]+)+)$", var.lustre_mount_path)) && length(var.lustre_mount_path) <= 1024
    error_message = "lustre_mount_path must be an absolute path without a slash at its end, such as '/fsx' and must have at most 1024 characters."
  }

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
    condition = (
      var.openzfs_dns_name == null ? true :
      can(regex("^(?:(?:fs|fc)i?-[0-9a-f]{8,}\\..{4,253})$", var.openzfs_dns_name)) ?
      length(var.openzfs_dns_name) >= 16 && length(var.openzfs_dns_name) <= 275 : false
    )
    error_message = join("", [
      "openzfs_dns_name must be a file system's DNS name such as 'fs-0123456789abcdef0.fsx.us-west-2.amazonaws.com' and must have 16 to 275 ",
      "characters."
    ])
  }

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
    condition     = can(regex("^(?:(?:/[a-zA-Z0-9._-]+)+)$", var.openzfs_mount_path)) && length(var.openzfs_mount_path) <= 1024
    error_message = "openzfs_mount_path must be an absolute path without a slash at its end, such as '/fsx' and must have at most 1024 characters."
  }

  validation {
    condition     = var.configuration != "scripts" || var.openzfs_mount_path == "/home"
    error_message = "AWS's lifecycle scripts mount OpenZFS at /home: with configuration scripts, openzfs_mount_path must be that."
  }
}

variable "node_provisioning_mode" {
  description = <<-EOT
    Continuous makes the nodes that can be had and goes on trying; null makes all or none. With configuration api. A cluster goes to
    Continuous and never back.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.node_provisioning_mode == null ? true : contains(["Continuous"], var.node_provisioning_mode)
    error_message = "node_provisioning_mode must be 'Continuous'."
  }

  validation {
    condition     = var.node_provisioning_mode == null || var.configuration != "scripts"
    error_message = "node_provisioning_mode is for clusters that the API configures: configuration must be api."
  }
}

variable "accounting" {
  description = <<-EOT
    Whether Slurm's controllers are told of the accounting database; without, Slurm keeps its accounts on the controller. With configuration
    api that takes node_provisioning_mode Continuous.
  EOT
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !(var.accounting && var.configuration != "scripts") || var.node_provisioning_mode != null
    error_message = "With configuration api, accounting needs node_provisioning_mode Continuous."
  }
}

variable "database_endpoint" {
  description = "Host name of the accounting database."
  type        = string
  default     = null

  validation {
    condition     = var.database_endpoint == null ? true : length(var.database_endpoint) >= 1
    error_message = "database_endpoint must have at least 1 character."
  }

  validation {
    condition     = !var.accounting || var.database_endpoint != null
    error_message = "accounting is true, so database_endpoint must be given."
  }
}

variable "database_port" {
  description = "Port of it; null takes 3306."
  type        = number
  default     = null

  validation {
    condition     = var.database_port == null ? true : floor(var.database_port) == var.database_port && var.database_port >= 1 && var.database_port <= 65535
    error_message = "database_port must be a whole number, from 1 to 65535."
  }
}

variable "database_name" {
  description = "Schema of it that Slurm writes, with configuration api; null takes one named for the cluster."
  type        = string
  default     = null

  validation {
    condition     = var.database_name == null ? true : length(var.database_name) >= 1 && length(var.database_name) <= 64
    error_message = "database_name must have 1 to 64 characters."
  }
}

variable "database_secret_arn" {
  description = "Secret with its user and password."
  type        = string
  default     = null

  validation {
    condition     = var.database_secret_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:secretsmanager:.+)$", var.database_secret_arn))
    error_message = "database_secret_arn must be the ARN of a secret."
  }

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
    condition     = var.database_username == null ? true : length(var.database_username) >= 1
    error_message = "database_username must have at least 1 character."
  }

  validation {
    condition     = !(var.accounting && var.configuration == "scripts") || var.database_username != null
    error_message = "accounting is true with configuration scripts, so database_username must be given."
  }
}

variable "shared_directory" {
  description = "Where controllers keep their common state with an accounting database, on a file system that every node mounts."
  type        = string
  default     = "/fsx/slurm"
  nullable    = false

  validation {
    condition     = can(regex("^(?:(?:/[a-zA-Z0-9._-]+)+)$", var.shared_directory)) && length(var.shared_directory) <= 1024
    error_message = "shared_directory must be an absolute path without a slash at its end, such as '/fsx' and must have at most 1024 characters."
  }

  validation {
    condition = (
      !(var.accounting && var.configuration == "scripts") ||
      (var.mount_lustre && can(regex("^(?:/fsx(/.*)?)$", var.shared_directory))) ||
      (var.mount_openzfs && can(regex("^(?:/home(/.*)?)$", var.shared_directory)))
    )
    error_message = join("", [
      "With accounting by scripts, controllers keep common state: shared_directory must be below /fsx with mount_lustre, or below /home with ",
      "mount_openzfs."
    ])
  }
}

variable "failover_topic_arn" {
  description = "Topic that is told when another controller takes over; null tells nobody."
  type        = string
  default     = null

  validation {
    condition = (
      var.failover_topic_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256})$", var.failover_topic_arn))
    )
    error_message = "failover_topic_arn must be the ARN of an SNS topic such as 'arn:aws:sns:us-west-2:123456789012:alerts'."
  }
}

variable "observability" {
  description = "Whether nodes send what they and Slurm measure to a Prometheus workspace, with configuration scripts."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.observability || var.configuration == "scripts"
    error_message = "AWS's lifecycle scripts set up what measures: observability needs configuration scripts."
  }
}

variable "prometheus_endpoint" {
  description = "URL of the workspace, of this account, without a slash at its end."
  type        = string
  default     = null

  validation {
    condition = (
      var.prometheus_endpoint == null ||
      can(regex("^(?:https://aps-workspaces\\.[a-z0-9-]+\\.amazonaws\\.com(?:\\.cn)?/workspaces/ws-[0-9a-f-]+)$", var.prometheus_endpoint))
    )
    error_message = join("", [
      "prometheus_endpoint must be the URL of a Prometheus workspace without a slash at its end such as ",
      "'https://aps-workspaces.us-west-2.amazonaws.com/workspaces/ws-01234567-89ab-cdef-0123-456789abcdef'."
    ])
  }

  validation {
    condition     = !var.observability || var.prometheus_endpoint != null
    error_message = "observability is true, so prometheus_endpoint must be given."
  }
}

variable "advanced_metrics" {
  description = "Whether nodes send more of their GPUs than the basic metrics."
  type        = bool
  default     = false
  nullable    = false
}

variable "mount_s3_bucket_name" {
  description = "Bucket that nodes mount at /mnt/<its name>, with configuration scripts."
  type        = string
  default     = null

  validation {
    condition = (
      var.mount_s3_bucket_name == null ? true :
      can(regex("^(?:.*[a-z-].*|[^.]*(?:\\.[^.]*){0,2}|[^.]*(?:\\.[^.]*){4,})$", var.mount_s3_bucket_name)) ?
      (
        can(regex("^(?:[a-z0-9](?:(?:\\.?[a-z0-9-])*\\.?[a-z0-9])?)$", var.mount_s3_bucket_name)) ?
        length(var.mount_s3_bucket_name) >= 3 && length(var.mount_s3_bucket_name) <= 63 : false
      ) : false
    )
    error_message = join("", [
      "mount_s3_bucket_name must be a bucket name: S3 takes none that looks like an IP address and must be a bucket name of lower-case letters, ",
      "digits, hyphens and single dots and must have 3 to 63 characters."
    ])
  }

  validation {
    condition     = var.mount_s3_bucket_name == null || var.configuration == "scripts"
    error_message = "AWS's lifecycle scripts set it up: mount_s3_bucket_name needs configuration scripts."
  }
}

variable "script_features" {
  description = "What else AWS's scripts set up, with configuration scripts; null takes the defaults."
  type = object({
    docker_enroot_pyxis = optional(bool, true)
    pam_slurm_adopt     = optional(bool, false)
    update_neuron_sdk   = optional(bool, false)
    slurm_log_rotation  = optional(bool, true)
  })
  default = null

  validation {
    condition     = var.script_features == null || var.configuration == "scripts"
    error_message = "AWS's lifecycle scripts set it up: script_features needs configuration scripts."
  }
}

variable "sssd" {
  description = "Directory of users that nodes log in by, with configuration scripts; null for none."
  type = object({
    domain           = optional(string, "default")
    ldap_uri         = string
    search_base      = string
    bind_dn          = string
    password_type    = optional(string, "obfuscated_password")
    ssh_auth_method  = optional(string, "publickey")
    override_homedir = optional(string, "/fsx/%u")
    ssh_allow_groups = optional(object({
      controller = list(string)
      compute    = list(string)
      login      = list(string)
    }), { controller = ["ClusterAdmin", "ubuntu"], compute = ["ClusterAdmin", "ClusterDev", "ubuntu"], login = ["ClusterAdmin", "ClusterDev", "ubuntu"] })
    sudoers_groups = optional(object({
      controller = list(string)
      compute    = list(string)
      login      = list(string)
    }), { controller = ["ClusterAdmin", "ClusterDev"], compute = ["ClusterAdmin", "ClusterDev"], login = ["ClusterAdmin", "ClusterDev"] })
  })
  default = null

  validation {
    condition     = var.sssd == null ? true : length(var.sssd.domain) >= 1
    error_message = "sssd.domain must have at least 1 character."
  }

  validation {
    condition     = var.sssd == null ? true : can(regex("^(?:ldaps?://[^ ]+)$", var.sssd.ldap_uri))
    error_message = "sssd.ldap_uri must be URLs of LDAP servers such as 'ldaps://ldap.example.com'."
  }

  validation {
    condition     = var.sssd == null ? true : var.sssd.search_base == null ? false : length(var.sssd.search_base) >= 1
    error_message = "sssd.search_base must have at least 1 character."
  }

  validation {
    condition     = var.sssd == null ? true : var.sssd.bind_dn == null ? false : length(var.sssd.bind_dn) >= 1
    error_message = "sssd.bind_dn must have at least 1 character."
  }

  validation {
    condition     = var.sssd == null ? true : contains(["obfuscated_password", "password"], var.sssd.password_type)
    error_message = "sssd.password_type must be one of 'obfuscated_password', 'password'."
  }

  validation {
    condition     = var.sssd == null ? true : contains(["publickey", "password"], var.sssd.ssh_auth_method)
    error_message = "sssd.ssh_auth_method must be one of 'publickey', 'password'."
  }

  validation {
    condition     = var.sssd == null ? true : length(var.sssd.override_homedir) >= 1
    error_message = "sssd.override_homedir must have at least 1 character."
  }

  validation {
    condition     = var.sssd == null ? true : var.sssd.ssh_allow_groups.controller == null ? false : length(var.sssd.ssh_allow_groups.controller) >= 1
    error_message = "sssd.ssh_allow_groups.controller must have at least 1 element."
  }

  validation {
    condition = (
      var.sssd == null ? true :
      var.sssd.ssh_allow_groups.controller == null ? true :
      alltrue([for item in var.sssd.ssh_allow_groups.controller : item == null ? false : length(item) >= 1])
    )
    error_message = "Every element of sssd.ssh_allow_groups.controller must have at least 1 character."
  }

  validation {
    condition     = var.sssd == null ? true : var.sssd.ssh_allow_groups.compute == null ? false : length(var.sssd.ssh_allow_groups.compute) >= 1
    error_message = "sssd.ssh_allow_groups.compute must have at least 1 element."
  }

  validation {
    condition = (
      var.sssd == null ? true :
      var.sssd.ssh_allow_groups.compute == null ? true :
      alltrue([for item in var.sssd.ssh_allow_groups.compute : item == null ? false : length(item) >= 1])
    )
    error_message = "Every element of sssd.ssh_allow_groups.compute must have at least 1 character."
  }

  validation {
    condition     = var.sssd == null ? true : var.sssd.ssh_allow_groups.login == null ? false : length(var.sssd.ssh_allow_groups.login) >= 1
    error_message = "sssd.ssh_allow_groups.login must have at least 1 element."
  }

  validation {
    condition = (
      var.sssd == null ? true :
      var.sssd.ssh_allow_groups.login == null ? true :
      alltrue([for item in var.sssd.ssh_allow_groups.login : item == null ? false : length(item) >= 1])
    )
    error_message = "Every element of sssd.ssh_allow_groups.login must have at least 1 character."
  }

  validation {
    condition     = var.sssd == null ? true : var.sssd.sudoers_groups.controller == null ? false : length(var.sssd.sudoers_groups.controller) >= 1
    error_message = "sssd.sudoers_groups.controller must have at least 1 element."
  }

  validation {
    condition = (
      var.sssd == null ? true :
      var.sssd.sudoers_groups.controller == null ? true :
      alltrue([for item in var.sssd.sudoers_groups.controller : item == null ? false : length(item) >= 1])
    )
    error_message = "Every element of sssd.sudoers_groups.controller must have at least 1 character."
  }

  validation {
    condition     = var.sssd == null ? true : var.sssd.sudoers_groups.compute == null ? false : length(var.sssd.sudoers_groups.compute) >= 1
    error_message = "sssd.sudoers_groups.compute must have at least 1 element."
  }

  validation {
    condition = (
      var.sssd == null ? true :
      var.sssd.sudoers_groups.compute == null ? true :
      alltrue([for item in var.sssd.sudoers_groups.compute : item == null ? false : length(item) >= 1])
    )
    error_message = "Every element of sssd.sudoers_groups.compute must have at least 1 character."
  }

  validation {
    condition     = var.sssd == null ? true : var.sssd.sudoers_groups.login == null ? false : length(var.sssd.sudoers_groups.login) >= 1
    error_message = "sssd.sudoers_groups.login must have at least 1 element."
  }

  validation {
    condition = (
      var.sssd == null ? true :
      var.sssd.sudoers_groups.login == null ? true :
      alltrue([for item in var.sssd.sudoers_groups.login : item == null ? false : length(item) >= 1])
    )
    error_message = "Every element of sssd.sudoers_groups.login must have at least 1 character."
  }

  validation {
    condition     = var.sssd == null || var.configuration == "scripts"
    error_message = "AWS's lifecycle scripts set it up: sssd needs configuration scripts."
  }
}

variable "sssd_password" {
  description = "Password of sssd.bind_dn. It stands in config.py in the scripts' bucket, for there the scripts read it."
  type        = string
  default     = null
  sensitive   = true

  validation {
    condition     = var.sssd_password == null ? true : length(var.sssd_password) >= 1
    error_message = "sssd_password must have at least 1 character."
  }

  validation {
    condition     = var.sssd == null ? var.sssd_password == null : var.sssd_password != null
    error_message = "sssd and sssd_password go together: give both or neither."
  }
}
