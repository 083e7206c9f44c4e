# Generated from hp_tf/layers/eks/contract.py by `hptf synth`; edit there.

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
    condition = var.cluster_name == null ? length("${var.name}-eks") <= 100 : true
    error_message = join("", [
      "name is too long: the EKS cluster would be '${var.name}-eks', ",
      join("", [length("${var.name}-eks"), " characters where 100 are allowed"]),
      "."
    ])
  }

  validation {
    condition = length("${var.name}-eks-${var.region}") <= 64
    error_message = join("", [
      "name is too long: the EKS cluster's role would be '${var.name}-eks-${var.region}', ",
      join("", [length("${var.name}-eks-${var.region}"), " characters where 64 are allowed"]),
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
    condition     = length(distinct([for key in keys(var.tags) : lower(key)])) == length(var.tags)
    error_message = "IAM does not tell capitals from small letters in the keys of tags: every key of tags must be another."
  }
}

variable "vpc_id" {
  description = "VPC of the control-plane subnets."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:vpc-[0-9a-f]{8,17})$", var.vpc_id))
    error_message = "vpc_id must be a VPC id such as 'vpc-0123456789abcdef0'."
  }
}

variable "vpc_cidr" {
  description = <<-EOT
    Primary range of the VPC. Control-plane subnets without a range of their own lie in its last 256 addresses: /28 number n for the zone
    whose id ends in n.
  EOT
  type        = string
  nullable    = false

  validation {
    condition = can(regex(join("", [
      "^(?:(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]",
      "?[0-9])/(?:1[6-9]|2[0-8]))$"
    ]), var.vpc_cidr))
    error_message = "vpc_cidr must be an IPv4 range between /16 and /28 such as '10.192.0.0/16'."
  }

  validation {
    condition = (
      var.create_subnets ?
      (
        can(regex("^(?:.*/(?:1[6-9]|2[0-4]))$", var.vpc_cidr)) ? true :
        length(setsubtract(var.availability_zone_ids, keys(var.subnet_cidrs))) == 0
      ) : true
    )
    error_message = "A VPC smaller than /24 has no room for the usual control-plane subnets: subnet_cidrs must name a range for each of availability_zone_ids."
  }
}

variable "vpc_cidr_blocks" {
  description = "IPv4 blocks of the VPC by a key of any name, its primary one or not: service_ipv4_cidr is held against them. Null: against vpc_cidr alone."
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
}

variable "security_group_id" {
  description = "Security group of the nodes, which the control plane's network interfaces carry as well."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:sg-[0-9a-f]{8,17})$", var.security_group_id))
    error_message = "security_group_id must be a security group id such as 'sg-0123456789abcdef0'."
  }
}

variable "additional_security_group_ids" {
  description = "Further security groups of the control plane's network interfaces, besides that of the nodes and the one EKS makes. EKS takes four in all."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.additional_security_group_ids) <= 3
    error_message = "additional_security_group_ids must have at most 3 elements."
  }

  validation {
    condition     = alltrue([for item in var.additional_security_group_ids : can(regex("^(?:sg-[0-9a-f]{8,17})$", item))])
    error_message = "Every element of additional_security_group_ids must be a security group id such as 'sg-0123456789abcdef0'."
  }
}

variable "cluster_name" {
  description = "Name of the cluster; null makes it from the environment's name. Fixed at creation: another name is another cluster."
  type        = string
  default     = null

  validation {
    condition = (
      var.cluster_name == null ? true :
      can(regex("^(?:[A-Za-z0-9][A-Za-z0-9_-]*)$", var.cluster_name)) ? length(var.cluster_name) <= 100 : false
    )
    error_message = join("", [
      "cluster_name must be an EKS cluster name: letters, digits, hyphens and underscores, beginning with a letter or digit and must have at ",
      "most 100 characters."
    ])
  }
}

variable "kubernetes_version" {
  description = "Kubernetes version of the control plane. HyperPod needs 1.28 or newer. It goes up by one minor at a time, and never down."
  type        = string
  default     = "1.34"
  nullable    = false

  validation {
    condition     = can(regex("^(?:1\\.(?:2[89]|[3-9][0-9]))$", var.kubernetes_version))
    error_message = "kubernetes_version must be a Kubernetes version from 1.28 on, in quotes, such as '1.34'."
  }
}

variable "availability_zone_ids" {
  description = <<-EOT
    Zones of the control plane's network interfaces: two or more, independent of the nodes' zones. Fixed at creation: EKS keeps the zones it
    was created in; other zones mean another cluster.
  EOT
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.availability_zone_ids) >= 2
    error_message = "availability_zone_ids must have at least 2 elements."
  }

  validation {
    condition     = alltrue([for item in var.availability_zone_ids : can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", item))])
    error_message = "Every element of availability_zone_ids must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition     = length(distinct(var.availability_zone_ids)) == length(var.availability_zone_ids)
    error_message = "Every zone of availability_zone_ids must be named once."
  }

  validation {
    condition = alltrue([
      for item in var.availability_zone_ids :
      can(regex("^(?:[a-z]{3,4}[0-9]-az[0-9]{1,2})$", item)) ? !contains(["use1-az3", "usw1-az2", "cac1-az3"], item) : false
      if item != null
    ])
    error_message = join("", [
      "The EKS control plane cannot be in a Local Zone, nor in use1-az3, usw1-az2 or cac1-az3; availability_zone_ids must name other zones (the ",
      "nodes' zones are free)."
    ])
  }
}

variable "create_subnets" {
  description = "Whether to make the control-plane subnets; false takes those of subnet_ids."
  type        = bool
  default     = true
  nullable    = false
}

variable "subnet_cidrs" {
  description = "Range of a control-plane subnet by zone id, in the VPC, where the usual one is taken."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.subnet_cidrs) : can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", key))])
    error_message = "Every key of subnet_cidrs must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition = alltrue([
      for item in values(var.subnet_cidrs) :
      can(regex(join("", [
        "^(?:(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]",
        "?[0-9])/(?:1[6-9]|2[0-8]))$"
      ]), item))
    ])
    error_message = "Every element of subnet_cidrs must be an IPv4 range between /16 and /28 such as '10.192.0.0/16'."
  }

  validation {
    condition     = length(setsubtract(keys(var.subnet_cidrs), var.availability_zone_ids)) == 0
    error_message = "subnet_cidrs names a zone that is not in availability_zone_ids."
  }
}

variable "subnet_ids" {
  description = "Existing control-plane subnets by zone id, when create_subnets is false."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.subnet_ids) : can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", key))])
    error_message = "Every key of subnet_ids must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition     = alltrue([for item in values(var.subnet_ids) : can(regex("^(?:subnet-[0-9a-f]{8,17})$", item))])
    error_message = "Every element of subnet_ids must be a subnet id such as 'subnet-0123456789abcdef0'."
  }

  validation {
    condition     = var.create_subnets ? true : length(setsubtract(var.availability_zone_ids, keys(var.subnet_ids))) == 0
    error_message = "create_subnets is false, so subnet_ids must name a subnet for each of availability_zone_ids."
  }

  validation {
    condition     = !var.create_subnets || length(var.subnet_ids) == 0
    error_message = "subnet_ids names existing subnets, so create_subnets must be false."
  }
}

variable "authentication_mode" {
  description = <<-EOT
    How principals are known to the cluster. HyperPod needs access entries, so CONFIG_MAP alone will not do. API_AND_CONFIG_MAP can become
    API, never the other way.
  EOT
  type        = string
  default     = "API_AND_CONFIG_MAP"
  nullable    = false

  validation {
    condition     = contains(["API", "API_AND_CONFIG_MAP"], var.authentication_mode)
    error_message = "authentication_mode must be one of 'API', 'API_AND_CONFIG_MAP'."
  }
}

variable "bootstrap_cluster_creator_admin_permissions" {
  description = "Whether the principal that creates the cluster becomes its administrator. Fixed at creation: give the creator an access entry instead."
  type        = bool
  default     = true
  nullable    = false
}

variable "bootstrap_self_managed_addons" {
  description = <<-EOT
    Whether EKS puts self-managed CoreDNS, kube-proxy and VPC CNI into the new cluster. With false there is no CoreDNS until something that
    comes after the nodes installs it. Fixed at creation: install the add-ons as EKS add-ons instead.
  EOT
  type        = bool
  default     = true
  nullable    = false
}

variable "support_type" {
  description = <<-EOT
    What EKS does when standard support of the version ends: EXTENDED keeps it for a year at a higher price, STANDARD updates the cluster by
    itself.
  EOT
  type        = string
  default     = "EXTENDED"
  nullable    = false

  validation {
    condition     = contains(["STANDARD", "EXTENDED"], var.support_type)
    error_message = "support_type must be one of 'STANDARD', 'EXTENDED'."
  }
}

variable "endpoint_private_access" {
  description = "Whether the API server is reachable from the VPC."
  type        = bool
  default     = true
  nullable    = false

  validation {
    condition     = var.endpoint_private_access || var.endpoint_public_access
    error_message = "The API server must be reachable: endpoint_private_access or endpoint_public_access must be true."
  }
}

variable "endpoint_public_access" {
  description = "Whether the API server is reachable from the internet."
  type        = bool
  default     = true
  nullable    = false
}

variable "public_access_cidrs" {
  description = "Ranges from which the public endpoint may be reached. Without the private endpoint the nodes are among those that reach it from outside."
  type        = list(string)
  default     = ["0.0.0.0/0"]
  nullable    = false

  validation {
    condition     = length(var.public_access_cidrs) >= 1
    error_message = "public_access_cidrs must have at least 1 element."
  }

  validation {
    condition = alltrue([
      for item in var.public_access_cidrs :
      can(regex(join("", [
        "^(?:(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]",
        "?[0-9])/(?:3[0-2]|[12]?[0-9]))$"
      ]), item))
    ])
    error_message = "Every element of public_access_cidrs must be an IPv4 range such as '10.0.0.0/16'."
  }
}

variable "private_access_cidrs" {
  description = <<-EOT
    Ranges, of the VPC or of what is joined to it (a VPN, a peered VPC), by a name of your choice, from which the private endpoint may be
    reached. Without them only the nodes reach it: its network interfaces let nobody else in.
  EOT
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for item in values(var.private_access_cidrs) :
      can(regex(join("", [
        "^(?:(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]",
        "?[0-9])/(?:3[0-2]|[12]?[0-9]))$"
      ]), item))
    ])
    error_message = "Every element of private_access_cidrs must be an IPv4 range such as '10.0.0.0/16'."
  }

  validation {
    condition     = length(var.private_access_cidrs) == 0 || var.endpoint_private_access
    error_message = "private_access_cidrs are for the private endpoint, so endpoint_private_access must be true."
  }

  validation {
    condition     = length(distinct(values(var.private_access_cidrs))) == length(var.private_access_cidrs)
    error_message = "Every range of private_access_cidrs must be named once."
  }
}

variable "service_ipv4_cidr" {
  description = <<-EOT
    Range of Kubernetes services, apart from every block of the VPC; null lets EKS choose 10.100.0.0/16 or 172.20.0.0/16. Fixed at creation:
    the range of services is fixed at creation.
  EOT
  type        = string
  default     = null

  validation {
    condition = (
      var.service_ipv4_cidr == null ||
      can(regex(join("", [
        "^(?:(?:10\\.(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])|172\\.(?:1[6-9]|2[0-9]|3[01])|192\\.168)\\.(",
        "?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])/(?:1",
        "[2-9]|2[0-4]))$"
      ]), var.service_ipv4_cidr))
    )
    error_message = "service_ipv4_cidr must be an IPv4 range between /12 and /24 of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, such as '10.100.0.0/16'."
  }

  validation {
    condition = (
      var.service_ipv4_cidr == null ? true :
      alltrue([
        for block in concat([var.vpc_cidr], var.vpc_cidr_blocks == null ? [] : values(var.vpc_cidr_blocks)) :
        try(
          cidrhost(join("/", [split("/", block)[0], min(split("/", block)[1], split("/", var.service_ipv4_cidr)[1])]), 0) !=
          cidrhost(join("/", [split("/", var.service_ipv4_cidr)[0], min(split("/", block)[1], split("/", var.service_ipv4_cidr)[1])]), 0),
          true
        )
      ])
    )
    error_message = join("", [
      "Addresses of services would hide those of the VPC: service_ipv4_cidr must be apart from vpc_cidr and vpc_cidr_blocks; take another, such ",
      "as 172.20.0.0/16."
    ])
  }
}

variable "secrets_encryption" {
  description = <<-EOT
    Key that encrypts Kubernetes secrets: EKS's own, one made here, or the one of kms_key_arn. Fixed at creation: an encryption key cannot
    be taken away again.
  EOT
  type        = string
  default     = "aws_owned_key"
  nullable    = false

  validation {
    condition     = contains(["aws_owned_key", "created_key", "given_key"], var.secrets_encryption)
    error_message = "secrets_encryption must be one of 'aws_owned_key', 'created_key', 'given_key'."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts Kubernetes secrets when secrets_encryption is given_key."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key such as 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'."
  }

  validation {
    condition     = var.secrets_encryption != "given_key" || var.kms_key_arn != null
    error_message = "secrets_encryption is given_key, so kms_key_arn must name the key."
  }

  validation {
    condition     = var.kms_key_arn == null || var.secrets_encryption == "given_key"
    error_message = "kms_key_arn names a key, so secrets_encryption must be given_key."
  }

  validation {
    condition     = var.kms_key_arn == null || try(split(":", var.kms_key_arn)[3], "") == var.region
    error_message = "A key of another region cannot be used: kms_key_arn must name a key of this region."
  }
}

variable "kms_key_deletion_window_days" {
  description = "Days between the deletion of a key made here and its end."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition = (
      floor(var.kms_key_deletion_window_days) == var.kms_key_deletion_window_days &&
      var.kms_key_deletion_window_days >= 7 &&
      var.kms_key_deletion_window_days <= 30
    )
    error_message = "kms_key_deletion_window_days must be a whole number, from 7 to 30."
  }
}

variable "log_types" {
  description = "Control-plane logs that go to CloudWatch."
  type        = list(string)
  default     = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
  nullable    = false

  validation {
    condition = alltrue([
      for item in var.log_types :
      item == null ? false : contains(["api", "audit", "authenticator", "controllerManager", "scheduler"], item)
    ])
    error_message = "Every element of log_types must be one of 'api', 'audit', 'authenticator', 'controllerManager', 'scheduler'."
  }
}

variable "log_retention_days" {
  description = "Days CloudWatch keeps the control-plane logs."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.log_retention_days
    )
    error_message = "log_retention_days must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653."
  }
}

variable "log_kms_key_arn" {
  description = "Key that encrypts the control-plane logs; null leaves it to CloudWatch. Its policy must allow the service."
  type        = string
  default     = null

  validation {
    condition     = var.log_kms_key_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$", var.log_kms_key_arn))
    error_message = "log_kms_key_arn must be the ARN of a KMS key such as 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'."
  }

  validation {
    condition     = var.log_kms_key_arn == null || try(split(":", var.log_kms_key_arn)[3], "") == var.region
    error_message = "A key of another region cannot be used: log_kms_key_arn must name a key of this region."
  }
}

variable "addons" {
  description = "EKS add-ons that become active without nodes, by name. Objects already there are overwritten."
  type = map(object({
    addon_version            = optional(string)
    configuration_values     = optional(string)
    service_account_role_arn = optional(string)
    pod_identity_roles       = optional(map(string), {})
    preserve                 = optional(bool, false)
  }))
  default = {
    vpc-cni                = {}
    kube-proxy             = {}
    eks-pod-identity-agent = {}
  }
  nullable = false

  validation {
    condition     = alltrue([for item in values(var.addons) : item != null])
    error_message = "No element of addons may be null."
  }

  validation {
    condition = alltrue([
      for item in values(var.addons) :
      item.addon_version == null || can(regex("^(?:v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+)$", item.addon_version))
      if item != null
    ])
    error_message = join("", [
      "Every addons[].addon_version must be a version of an EKS add-on such as 'v1.20.1-eksbuild.1'",
      try(join("", [": ", join(", ", [
        for key, item in var.addons : key
        if nonsensitive(!(item.addon_version == null || can(regex("^(?:v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+)$", item.addon_version))))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.addons) :
      item.service_account_role_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", item.service_account_role_arn))
      if item != null
    ])
    error_message = "Every addons[].service_account_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition = alltrue([
      for item in values(var.addons) :
      alltrue([
        for part in values(item.pod_identity_roles) :
        can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", part))
      ])
      if item != null
    ])
    error_message = "Every element of addons[].pod_identity_roles must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition = alltrue([
      for item in var.addons :
      item.configuration_values == null ? true : can(keys(jsondecode(item.configuration_values)))
      if item != null
    ])
    error_message = join("", [
      "configuration_values of an add-on must be a JSON object",
      try(join("", [": ", join(", ", [
        for key, item in var.addons : key
        if nonsensitive(item.configuration_values == null ? false : !can(keys(jsondecode(item.configuration_values))))
      ])]), ""),
      "."
    ])
  }
}

variable "access_entries" {
  description = <<-EOT
    Who may use the cluster, by a name of your choice. The principal that creates the cluster has an entry already where
    bootstrap_cluster_creator_admin_permissions is true: EKS refuses another one for it.
  EOT
  type = map(object({
    principal_arn     = string
    type              = optional(string, "STANDARD")
    kubernetes_groups = optional(list(string), [])
    user_name         = optional(string)
    policies = optional(map(object({
      policy     = string
      namespaces = optional(list(string), [])
    })), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for item in values(var.access_entries) : item != null])
    error_message = "No element of access_entries may be null."
  }

  validation {
    condition = alltrue([
      for item in values(var.access_entries) :
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:(?:role|user)/[A-Za-z0-9+=,.@_/-]+)$", item.principal_arn))
      if item != null
    ])
    error_message = join("", [
      "Every access_entries[].principal_arn must be the ARN of an IAM role or user (of the role itself, not of an assumed-role session)",
      try(join("", [": ", join(", ", [
        for key, item in var.access_entries : key
        if nonsensitive(!can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:(?:role|user)/[A-Za-z0-9+=,.@_/-]+)$", item.principal_arn)))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.access_entries) :
      contains(["STANDARD", "EC2", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX", "HYPERPOD_LINUX"], item.type)
      if item != null
    ])
    error_message = join("", [
      "Every access_entries[].type must be one of 'STANDARD', 'EC2', 'EC2_LINUX', 'EC2_WINDOWS', 'FARGATE_LINUX', 'HYBRID_LINUX', ",
      "'HYPERPOD_LINUX'",
      try(join("", [": ", join(", ", [
        for key, item in var.access_entries : key
        if nonsensitive(!contains(["STANDARD", "EC2", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX", "HYBRID_LINUX", "HYPERPOD_LINUX"], item.type))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([for item in values(var.access_entries) : alltrue([for part in item.kubernetes_groups : part != null]) if item != null])
    error_message = join("", [
      "No element of access_entries[].kubernetes_groups may be null",
      try(join("", [": ", join(", ", [
        for key, item in var.access_entries : key
        if nonsensitive(!alltrue([for part in item.kubernetes_groups : part != null]))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([for item in values(var.access_entries) : item.user_name == null ? true : length(item.user_name) >= 1 if item != null])
    error_message = join("", [
      "Every access_entries[].user_name must have at least 1 character",
      try(join("", [": ", join(", ", [
        for key, item in var.access_entries : key
        if nonsensitive(item.user_name == null ? false : length(item.user_name) == 0)
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([for item in values(var.access_entries) : alltrue([for part in values(item.policies) : part != null]) if item != null])
    error_message = join("", [
      "No element of access_entries[].policies may be null",
      try(join("", [": ", join(", ", [
        for key, item in var.access_entries : key
        if nonsensitive(!alltrue([for part in values(item.policies) : part != null]))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.access_entries) :
      alltrue([
        for part in values(item.policies) :
        can(regex(join("", [
          "^(?:Amazon[A-Za-z0-9]+Policy|arn:aws(?:-[a-z]+)*:eks::aws:cluster-access-policy/Amazon[A-Za-z0-9]+Po",
          "licy)$"
        ]), part.policy))
        if part != null
      ])
      if item != null
    ])
    error_message = "Every access_entries[].policies[].policy must be an EKS access policy's name such as 'AmazonEKSViewPolicy', or its ARN."
  }

  validation {
    condition = alltrue([
      for item in values(var.access_entries) :
      alltrue([
        for part in values(item.policies) :
        alltrue([
          for detail in part.namespaces :
          can(regex("^(?:[a-z0-9*](?:[a-z0-9*-]*[a-z0-9*])?)$", detail)) ? length(detail) <= 63 : false
        ])
        if part != null
      ])
      if item != null
    ])
    error_message = join("", [
      "Every element of access_entries[].policies[].namespaces must be a namespace of lower-case letters, digits and inner hyphens such as 'ml'; ",
      "'*' in it stands for anything and must have at most 63 characters."
    ])
  }

  validation {
    condition = (
      var.bootstrap_cluster_creator_admin_permissions ? true :
      anytrue([for entry in var.access_entries : entry.type == "STANDARD" && length(entry.policies) >= 1 if entry != null])
    )
    error_message = join("", [
      "Nobody could use the cluster: with bootstrap_cluster_creator_admin_permissions false, access_entries must hold a STANDARD entry with a ",
      "policy."
    ])
  }

  validation {
    condition = (
      length(distinct([for entry in var.access_entries : entry.principal_arn if entry != null])) ==
      length([for entry in var.access_entries : entry.principal_arn if entry != null])
    )
    error_message = "EKS has one entry for a principal: each of access_entries must have a principal_arn of its own."
  }

  validation {
    condition = alltrue([for item in var.access_entries : startswith(item.principal_arn, "arn:${var.partition}:iam::") if item != null])
    error_message = join("", [
      "principal_arn must be of the same partition",
      try(join("", [": ", join(", ", [
        for key, item in var.access_entries : key
        if nonsensitive(!startswith(item.principal_arn, "arn:${var.partition}:iam::"))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([for item in var.access_entries : item.type == "STANDARD" || can(regex("^(?:.*:role/.*)$", item.principal_arn)) if item != null])
    error_message = join("", [
      "Nodes have roles, not users: principal_arn must name a role, or the entry's type be STANDARD",
      try(join("", [": ", join(", ", [
        for key, item in var.access_entries : key
        if nonsensitive(!(item.type == "STANDARD" || can(regex("^(?:.*:role/.*)$", item.principal_arn))))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([for item in var.access_entries : item.type == "STANDARD" || length(item.kubernetes_groups) == 0 if item != null])
    error_message = join("", [
      "Nodes have no kubernetes_groups of yours: leave them out, or make the entry's type STANDARD",
      try(join("", [": ", join(", ", [
        for key, item in var.access_entries : key
        if nonsensitive(!(item.type == "STANDARD" || length(item.kubernetes_groups) == 0))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in var.access_entries :
      alltrue([for group in item.kubernetes_groups : !can(regex("^(?:(?:system|eks|aws|amazon|iam):.*)$", group))])
      if item != null
    ])
    error_message = join("", [
      "EKS keeps groups that begin with 'system:', 'eks:', 'aws:', 'amazon:' or 'iam:' for itself: kubernetes_groups must hold groups of your ",
      "own, or policies give the rights (AmazonEKSClusterAdminPolicy those of system:masters)",
      try(join("", [": ", join(", ", [
        for key, item in var.access_entries : key
        if nonsensitive(!alltrue([for group in item.kubernetes_groups : !can(regex("^(?:(?:system|eks|aws|amazon|iam):.*)$", group))]))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in var.access_entries :
      item.user_name == null || !can(regex("^(?:(?:system|eks|aws|amazon|iam):.*)$", item.user_name))
      if item != null
    ])
    error_message = join("", [
      "EKS keeps names that begin with 'system:', 'eks:', 'aws:', 'amazon:' or 'iam:' for itself: user_name must be another, or null",
      try(join("", [": ", join(", ", [
        for key, item in var.access_entries : key
        if nonsensitive(!(item.user_name == null || !can(regex("^(?:(?:system|eks|aws|amazon|iam):.*)$", item.user_name))))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([for item in var.access_entries : contains(["STANDARD", "EC2"], item.type) || length(item.policies) == 0 if item != null])
    error_message = join("", [
      "EKS gives nodes what they need: policies are for entries of type STANDARD, or EC2 of EKS Auto Mode",
      try(join("", [": ", join(", ", [
        for key, item in var.access_entries : key
        if nonsensitive(!(contains(["STANDARD", "EC2"], item.type) || length(item.policies) == 0))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in var.access_entries :
      length(distinct([for name in [for given in item.policies : given.policy if given != null] : element(split("/", name), -1)])) ==
      length([for given in item.policies : given.policy if given != null])
      if item != null
    ])
    error_message = "EKS takes a policy once for a principal: every one of policies must be another, with all its namespaces."
  }

  validation {
    condition = alltrue([
      for item in var.access_entries :
      alltrue([
        for name in [for given in item.policies : given.policy if given != null] :
        startswith(name, "arn:${var.partition}:eks::aws:cluster-access-policy/")
        if strcontains(name, ":")
      ])
      if item != null
    ])
    error_message = "An access policy's ARN must be of the same partition; its name alone does as well."
  }
}

variable "role_path" {
  description = "IAM path of the cluster's role. Fixed at creation: a cluster keeps its role; make another environment for another path."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^(?:/|/[!-~]{1,510}/)$", var.role_path))
    error_message = "role_path must be an IAM path that begins and ends with a slash, such as '/ml/'."
  }
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the cluster's role."
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
