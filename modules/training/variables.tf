# Generated from hp_tf/layers/training/contract.py by `hptf synth`; edit there.

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
    condition = var.create_role ? length("${var.name}-training-operator-${var.region}") <= 64 : true
    error_message = join("", [
      "name is too long: the role of the training operator would be '${var.name}-training-operator-${var.region}', ",
      join("", [length("${var.name}-training-operator-${var.region}"), " characters where 64 are allowed"]),
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
    condition     = var.create_role ? length(distinct([for key in keys(var.tags) : lower(key)])) == length(var.tags) : true
    error_message = "IAM does not tell capitals from small letters in the keys of tags: every key of tags must be another."
  }
}

variable "cluster_name" {
  description = "EKS cluster of the add-on."
  type        = string
  nullable    = false

  validation {
    condition = can(regex("^(?:[A-Za-z0-9][A-Za-z0-9_-]*)$", var.cluster_name)) && length(var.cluster_name) <= 100
    error_message = join("", [
      "cluster_name must be an EKS cluster name: letters, digits, hyphens and underscores, beginning with a letter or digit and must have at ",
      "most 100 characters."
    ])
  }
}

variable "hyperpod_cluster_arn" {
  description = "HyperPod cluster whose nodes the operator asks about."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:arn:aws(?:-[a-z]+)*:sagemaker:[a-z0-9-]+:[0-9]{12}:cluster/[a-z0-9]{12})$", var.hyperpod_cluster_arn))
    error_message = "hyperpod_cluster_arn must be the ARN of a HyperPod cluster such as 'arn:aws:sagemaker:us-west-2:123456789012:cluster/abcdef123456'."
  }
}

variable "cert_manager_version" {
  description = <<-EOT
    Version of cert-manager, without which the operator does not start; naming it makes the operator wait for it. Of one that another made,
    any text will do.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.cert_manager_version == null ? true : length(var.cert_manager_version) >= 1
    error_message = "cert_manager_version must have at least 1 character."
  }
}

variable "governance_addon_name" {
  description = <<-EOT
    Add-on of task governance where there is one; naming it makes the operator wait: while its webhook is not up yet, the installation of
    others fails.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.governance_addon_name == null ? true : length(var.governance_addon_name) >= 1
    error_message = "governance_addon_name must have at least 1 character."
  }
}

variable "addon_version" {
  description = "Version of the add-on such as 'v1.1.0-eksbuild.1'. Null takes EKS's default when it is made, and keeps that."
  type        = string
  default     = null

  validation {
    condition     = var.addon_version == null || can(regex("^(?:v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+)$", var.addon_version))
    error_message = "addon_version must be a version of an EKS add-on such as 'v1.20.1-eksbuild.1'."
  }
}

variable "addon_configuration" {
  description = "The add-on's own configuration, as JSON text."
  type        = string
  default     = null

  validation {
    condition     = var.addon_configuration == null ? true : can(keys(jsondecode(var.addon_configuration)))
    error_message = "addon_configuration must be a JSON object."
  }
}

variable "create_role" {
  description = "Whether to make the operator's role; false takes role_arn as it is."
  type        = bool
  default     = true
  nullable    = false
}

variable "role_arn" {
  description = "Existing role of the operator, whose sessions pods.eks.amazonaws.com may begin and tag. It is not changed."
  type        = string
  default     = null

  validation {
    condition     = var.role_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", var.role_arn))
    error_message = "role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = var.create_role || var.role_arn != null
    error_message = "create_role is false, so role_arn must name the operator's role."
  }

  validation {
    condition     = var.role_arn == null || !var.create_role
    error_message = "role_arn names the operator's role, so create_role must be false."
  }

  validation {
    condition     = var.role_arn == null ? true : startswith(var.role_arn, "arn:${var.partition}:iam::${var.account_id}:role/")
    error_message = "role_arn must be a role of this account and partition."
  }
}

variable "role_path" {
  description = "IAM path of the operator's role."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^(?:/|/[!-~]{1,510}/)$", var.role_path))
    error_message = "role_path must be an IAM path that begins and ends with a slash, such as '/ml/'."
  }
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the operator's role."
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
