# Generated from hp_tf/layers/security/contract.py by `hptf synth`; edit there.

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
    condition     = var.security_group_name != null || !can(regex("^(?:sg-.*)$", var.name))
    error_message = "A security group cannot have a name that begins with 'sg-', so name cannot either."
  }

  validation {
    condition = var.create_security_group && var.security_group_name == null ? length("${var.name}-hyperpod") <= 255 : true
    error_message = join("", [
      "name is too long: the security group would be '${var.name}-hyperpod', ",
      join("", [length("${var.name}-hyperpod"), " characters where 255 are allowed"]),
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

variable "cluster_vpc_id" {
  description = "VPC of an existing EKS cluster, which must be this one; null where there is none."
  type        = string
  default     = null

  validation {
    condition     = var.cluster_vpc_id == null || can(regex("^(?:vpc-[0-9a-f]{8,17})$", var.cluster_vpc_id))
    error_message = "cluster_vpc_id must be a VPC id such as 'vpc-0123456789abcdef0'."
  }
}

variable "vpc_id" {
  description = "Id of the VPC the group is in."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:vpc-[0-9a-f]{8,17})$", var.vpc_id))
    error_message = "vpc_id must be a VPC id such as 'vpc-0123456789abcdef0'."
  }

  validation {
    condition     = var.cluster_vpc_id == null || var.cluster_vpc_id == var.vpc_id
    error_message = "The EKS cluster is in another VPC, and its nodes cannot be in this one: vpc_id must be the VPC of the cluster, cluster_vpc_id."
  }
}

variable "create_security_group" {
  description = <<-EOT
    Whether a security group is created. False adds the rules to the one security_group_id names; with an existing EKS cluster that is the
    cluster's own group, and this must be false.
  EOT
  type        = bool
  default     = true
  nullable    = false

  validation {
    condition     = var.create_security_group || var.security_group_id != null
    error_message = "With create_security_group false, security_group_id must name the group to add rules to."
  }

  validation {
    condition     = !var.create_security_group || var.security_group_id == null
    error_message = "A security_group_id is given, so create_security_group must be false."
  }
}

variable "security_group_id" {
  description = "Id of the given security group when create_security_group is false."
  type        = string
  default     = null

  validation {
    condition     = var.security_group_id == null || can(regex("^(?:sg-[0-9a-f]{8,17})$", var.security_group_id))
    error_message = "security_group_id must be a security group id such as 'sg-0123456789abcdef0'."
  }
}

variable "security_group_name" {
  description = <<-EOT
    Name of the group that is created; null makes it from the environment's. Fixed at creation: another name is another group, and replaces
    the cluster.
  EOT
  type        = string
  default     = null

  validation {
    condition = (
      var.security_group_name == null ? true :
      can(regex("^(?:[a-zA-Z0-9 ._:/()#,@\\[\\]+=&;{}!$*-]+)$", var.security_group_name)) ? length(var.security_group_name) <= 255 : false
    )
    error_message = join("", [
      "security_group_name must be a security group's name: letters, digits, spaces and ._-:/()#,@[]+=&;{}!$* and must have at most 255 ",
      "characters."
    ])
  }

  validation {
    condition     = var.security_group_name == null || !can(regex("^(?:sg-.*)$", var.security_group_name))
    error_message = "A security group cannot have a name that begins with 'sg-': security_group_name must be another."
  }

  validation {
    condition     = var.security_group_name == null || var.create_security_group
    error_message = "A given group keeps its name, so security_group_name must be left out."
  }
}

variable "present_rules" {
  description = <<-EOT
    Rules a given group has already and which are not added, because EC2 refuses a rule twice: [] if it has none. A group that EKS made has
    ingress_self and egress_anywhere, that of a newer cluster egress_self too.
  EOT
  type        = list(string)
  default     = null

  validation {
    condition = (
      var.present_rules == null ? true :
      alltrue([
        for item in var.present_rules :
        item == null ? false :
        contains(["ingress_self", "ingress_lustre", "ingress_lustre_data", "egress_self", "egress_anywhere"], item)
      ])
    )
    error_message = "Every element of present_rules must be one of 'ingress_self', 'ingress_lustre', 'ingress_lustre_data', 'egress_self', 'egress_anywhere'."
  }

  validation {
    condition     = var.create_security_group ? (var.present_rules == null ? 0 : length(var.present_rules)) == 0 : true
    error_message = "A new security group has no rules, so present_rules must be left out."
  }

  validation {
    condition = var.create_security_group || var.present_rules != null
    error_message = join("", [
      "EC2 refuses a rule twice, so present_rules must say which a given group has: [ingress_self, egress_anywhere] for one that EKS made, and ",
      "egress_self if it has it; [] for one without rules."
    ])
  }
}

variable "vpc_cidr_blocks" {
  description = "The VPC's blocks, those of the nodes' subnets among them, by names that are known at plan; with openzfs_security_group_ids."
  type        = map(string)
  default     = null

  validation {
    condition = (
      var.vpc_cidr_blocks == null ? true :
      alltrue([
        for item in values(var.vpc_cidr_blocks) :
        can(regex(join("", [
          "^(?:(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]",
          "?[0-9])/(?:1[6-9]|2[0-8]))$"
        ]), item))
      ])
    )
    error_message = "Every element of vpc_cidr_blocks must be an IPv4 range between /16 and /28 such as '10.192.0.0/16'."
  }

  validation {
    condition     = length(var.openzfs_security_group_ids) == 0 || var.vpc_cidr_blocks != null
    error_message = "openzfs_security_group_ids has groups, so vpc_cidr_blocks must say from where they are reached."
  }
}

variable "openzfs_security_group_ids" {
  description = "Security groups of OpenZFS file systems that are not the nodes' own: they let the VPC in by NFS. In the nodes' group all reach each other."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for item in var.openzfs_security_group_ids : can(regex("^(?:sg-[0-9a-f]{8,17})$", item))])
    error_message = "Every element of openzfs_security_group_ids must be a security group id such as 'sg-0123456789abcdef0'."
  }

  validation {
    condition     = var.security_group_id == null ? true : !contains(var.openzfs_security_group_ids, var.security_group_id)
    error_message = "openzfs_security_group_ids has the nodes' group, whose members reach each other: leave it out."
  }

  validation {
    condition     = length(distinct(var.openzfs_security_group_ids)) == length(var.openzfs_security_group_ids)
    error_message = "Every group must be named once."
  }
}

variable "ssh_cidr_blocks" {
  description = "Blocks that may reach the nodes by SSH. None need: Session Manager leads to every node."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for item in var.ssh_cidr_blocks :
      can(regex(join("", [
        "^(?:(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]",
        "?[0-9])/(?:3[0-2]|[12][0-9]|[89]))$"
      ]), item))
    ])
    error_message = "Every element of ssh_cidr_blocks must be an IPv4 range between /8 and /32 such as '192.0.2.0/24'."
  }

  validation {
    condition     = length(distinct(var.ssh_cidr_blocks)) == length(var.ssh_cidr_blocks)
    error_message = "Every block must be named once."
  }
}

variable "ssh_security_group_ids" {
  description = "Security groups whose members may reach the nodes by SSH."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for item in var.ssh_security_group_ids : can(regex("^(?:sg-[0-9a-f]{8,17})$", item))])
    error_message = "Every element of ssh_security_group_ids must be a security group id such as 'sg-0123456789abcdef0'."
  }

  validation {
    condition     = length(distinct(var.ssh_security_group_ids)) == length(var.ssh_security_group_ids)
    error_message = "Every group must be named once."
  }
}
