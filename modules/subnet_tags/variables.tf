# Generated from hp_tf/layers/subnet_tags/contract.py by `hptf synth`; edit there.

variable "private_subnet_ids" {
  description = "Private subnets that exist, by zone id."
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

variable "public_subnet_ids" {
  description = "Public subnets that exist, by zone id; null tags none."
  type        = map(string)
  default     = null

  validation {
    condition = (
      var.public_subnet_ids == null ? true :
      alltrue([for key in keys(var.public_subnet_ids) : can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", key))])
    )
    error_message = "Every key of public_subnet_ids must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition = (
      var.public_subnet_ids == null ? true :
      alltrue([for item in values(var.public_subnet_ids) : can(regex("^(?:subnet-[0-9a-f]{8,17})$", item))])
    )
    error_message = "Every element of public_subnet_ids must be a subnet id such as 'subnet-0123456789abcdef0'."
  }
}

variable "private_subnet_tags" {
  description = <<-EOT
    Tags of every private subnet, such as kubernetes.io/cluster/NAME or karpenter.sh/discovery. Those that the subnets have already are left
    alone, but for these keys.
  EOT
  type        = map(string)
  default = {
    "kubernetes.io/role/internal-elb" = "1"
  }
  nullable = false

  validation {
    condition = alltrue([
      for key in keys(var.private_subnet_tags) :
      can(regex("^(?:[^aA].*|[aA](?:[^wW].*)?|[aA][wW](?:[^sS].*)?|[aA][wW][sS](?:[^:].*)?)$", key)) ?
      (
        can(regex("^(?:[^\\x00-\\x1f!\"#$%&'()*,;<>?\\[\\\\\\]^`{|}~\\x7f]+)$", key)) ?
        length(key) >= 1 && length(key) <= 128 : false
      ) : false
    ])
    error_message = join("", [
      "Every key of private_subnet_tags must be the key of a tag of yours: AWS keeps 'aws:' at the beginning for itself and must be the key of a ",
      "tag: letters, digits, spaces and the signs + - = . _ : / @ and must have 1 to 128 characters."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.private_subnet_tags) :
      can(regex("^(?:[^\\x00-\\x1f!\"#$%&'()*,;<>?\\[\\\\\\]^`{|}~\\x7f]*)$", item)) ? length(item) <= 256 : false
    ])
    error_message = join("", [
      "Every element of private_subnet_tags must be the value of a tag: letters, digits, spaces and the signs + - = . _ : / @ and must have at ",
      "most 256 characters."
    ])
  }

  validation {
    condition = (
      (keys(var.private_subnet_tags) == null ? 0 : length(keys(var.private_subnet_tags))) >= 1 ? true :
      (keys(var.public_subnet_tags) == null ? 0 : length(keys(var.public_subnet_tags))) >= 1
    )
    error_message = "No tag is named: private_subnet_tags or public_subnet_tags must hold one."
  }
}

variable "public_subnet_tags" {
  description = "Tags of every public subnet."
  type        = map(string)
  default = {
    "kubernetes.io/role/elb" = "1"
  }
  nullable = false

  validation {
    condition = alltrue([
      for key in keys(var.public_subnet_tags) :
      can(regex("^(?:[^aA].*|[aA](?:[^wW].*)?|[aA][wW](?:[^sS].*)?|[aA][wW][sS](?:[^:].*)?)$", key)) ?
      (
        can(regex("^(?:[^\\x00-\\x1f!\"#$%&'()*,;<>?\\[\\\\\\]^`{|}~\\x7f]+)$", key)) ?
        length(key) >= 1 && length(key) <= 128 : false
      ) : false
    ])
    error_message = join("", [
      "Every key of public_subnet_tags must be the key of a tag of yours: AWS keeps 'aws:' at the beginning for itself and must be the key of a ",
      "tag: letters, digits, spaces and the signs + - = . _ : / @ and must have 1 to 128 characters."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.public_subnet_tags) :
      can(regex("^(?:[^\\x00-\\x1f!\"#$%&'()*,;<>?\\[\\\\\\]^`{|}~\\x7f]*)$", item)) ? length(item) <= 256 : false
    ])
    error_message = join("", [
      "Every element of public_subnet_tags must be the value of a tag: letters, digits, spaces and the signs + - = . _ : / @ and must have at ",
      "most 256 characters."
    ])
  }
}
