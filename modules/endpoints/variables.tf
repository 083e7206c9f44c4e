# Generated from hp_tf/layers/endpoints/contract.py by `hptf synth`; edit there.

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
    condition = var.s3 ? length("${var.name}-s3") <= 255 : true
    error_message = join("", [
      "name is too long: the S3 gateway endpoint would be '${var.name}-s3', ",
      join("", [length("${var.name}-s3"), " characters where 255 are allowed"]),
      "."
    ])
  }

  validation {
    condition = var.dynamodb ? length("${var.name}-dynamodb") <= 255 : true
    error_message = join("", [
      "name is too long: the DynamoDB gateway endpoint would be '${var.name}-dynamodb', ",
      join("", [length("${var.name}-dynamodb"), " characters where 255 are allowed"]),
      "."
    ])
  }

  validation {
    condition = (
      (
        length(var.interface_endpoints) >= 1 ? true :
        (keys(var.given_interface_endpoint_ids) == null ? 0 : length(keys(var.given_interface_endpoint_ids))) >= 1
      ) ?
      length("${var.name}-endpoints") <= 255 : true
    )
    error_message = join("", [
      "name is too long: the endpoints' security group would be '${var.name}-endpoints', ",
      join("", [length("${var.name}-endpoints"), " characters where 255 are allowed"]),
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
}

variable "vpc_id" {
  description = "Id of the VPC."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:vpc-[0-9a-f]{8,17})$", var.vpc_id))
    error_message = "vpc_id must be a VPC id such as 'vpc-0123456789abcdef0'."
  }
}

variable "private_route_table_ids" {
  description = "Ids of the route tables that lead to the endpoint, by a key that is known before they are."
  type        = map(string)
  nullable    = false

  validation {
    condition     = alltrue([for item in values(var.private_route_table_ids) : can(regex("^(?:rtb-[0-9a-f]{8,17})$", item))])
    error_message = "Every element of private_route_table_ids must be a route table id such as 'rtb-0123456789abcdef0'."
  }
}

variable "s3" {
  description = "Whether the S3 gateway endpoint exists. It is free, and keeps S3 traffic of private subnets off the NAT gateway."
  type        = bool
  default     = true
  nullable    = false
}

variable "s3_read_buckets" {
  description = <<-EOT
    Buckets of other accounts that may be read through the endpoint, besides those AWS services keep images, packages and agents in; '*' in
    a name stands for anything, and ['*'] lets everything be read.
  EOT
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for item in var.s3_read_buckets : can(regex("^(?:[a-z0-9*?][a-z0-9.*?-]{0,62})$", item))])
    error_message = "Every element of s3_read_buckets must be a bucket name, in which '*' stands for any characters and '?' for one."
  }
}

variable "s3_write_buckets" {
  description = "Buckets of other accounts that may be read and written through the endpoint."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for item in var.s3_write_buckets : can(regex("^(?:[a-z0-9*?][a-z0-9.*?-]{0,62})$", item))])
    error_message = "Every element of s3_write_buckets must be a bucket name, in which '*' stands for any characters and '?' for one."
  }
}

variable "dynamodb" {
  description = "Whether the DynamoDB gateway endpoint exists. It is free; what a table's policy allows, passes."
  type        = bool
  default     = false
  nullable    = false
}

variable "interface_endpoints" {
  description = <<-EOT
    Services with an interface endpoint each, which costs money by hour and zone. Nodes without a NAT gateway need ec2, sagemaker.api and
    sts, for their logs, metrics and sessions logs, monitoring, ssm, ssmmessages and ec2messages, with EKS ecr.api, ecr.dkr and eks-auth,
    with metrics in Prometheus aps-workspaces, and with restricted instance groups lambda and sqs.
  EOT
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([for item in var.interface_endpoints : can(regex("^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)$", item)) ? length(item) <= 64 : false])
    error_message = join("", [
      "Every element of interface_endpoints must be a service as the end of its endpoint's name, such as 'ecr.api' of ",
      "'com.amazonaws.us-west-2.ecr.api' and must have at most 64 characters."
    ])
  }

  validation {
    condition     = length(distinct(var.interface_endpoints)) == length(var.interface_endpoints)
    error_message = "A VPC has one interface endpoint of a service with private names: interface_endpoints must name each once."
  }

  validation {
    condition = alltrue([for service in var.interface_endpoints : !contains(keys(var.given_interface_endpoint_ids), service)])
    error_message = join("", [
      "A VPC has one interface endpoint of a service with private names: what given_interface_endpoint_ids has, interface_endpoints must leave ",
      "out."
    ])
  }
}

variable "interface_availability_zone_ids" {
  description = <<-EOT
    Zones whose private subnet has an address of every interface endpoint; null means all. Nodes of other zones reach it there, for the
    price of traffic between zones.
  EOT
  type        = list(string)
  default     = null

  validation {
    condition = (
      var.interface_availability_zone_ids == null ? true :
      alltrue([for item in var.interface_availability_zone_ids : can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", item))])
    )
    error_message = join("", [
      "Every element of interface_availability_zone_ids must be an availability zone id such as 'usw2-az1' (not a zone name such as ",
      "'us-west-2a')."
    ])
  }

  validation {
    condition = (
      var.interface_availability_zone_ids == null ? true :
      (var.interface_availability_zone_ids == null ? 0 : length(var.interface_availability_zone_ids)) >= 1
    )
    error_message = "interface_availability_zone_ids must name a zone, or be null for all."
  }

  validation {
    condition = (
      var.interface_availability_zone_ids == null ? true :
      length(setsubtract(var.interface_availability_zone_ids, keys(var.private_subnet_ids))) == 0
    )
    error_message = "interface_availability_zone_ids must be zones that private_subnet_ids has a subnet of."
  }
}

variable "given_interface_endpoint_ids" {
  description = "Interface endpoints that the VPC has already, by service: the security group of this module is added to them, so that the nodes reach them."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for key in keys(var.given_interface_endpoint_ids) :
      can(regex("^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)$", key)) ? length(key) <= 64 : false
    ])
    error_message = join("", [
      "Every key of given_interface_endpoint_ids must be a service as the end of its endpoint's name, such as 'ecr.api' of ",
      "'com.amazonaws.us-west-2.ecr.api' and must have at most 64 characters."
    ])
  }

  validation {
    condition     = alltrue([for item in values(var.given_interface_endpoint_ids) : can(regex("^(?:vpce-[0-9a-f]{8,17})$", item))])
    error_message = "Every element of given_interface_endpoint_ids must be an endpoint id such as 'vpce-0123456789abcdef0'."
  }
}

variable "private_subnet_ids" {
  description = "Private subnets by zone id: where interface endpoints have their addresses."
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

variable "vpc_cidr_blocks" {
  description = "IPv4 blocks of the VPC, by a key that is known before they are: from them interface endpoints are reached."
  type        = map(string)
  nullable    = false

  validation {
    condition = alltrue([
      for item in values(var.vpc_cidr_blocks) :
      can(regex(join("", [
        "^(?:(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]",
        "?[0-9])/(?:1[6-9]|2[0-8]))$"
      ]), item))
    ])
    error_message = "Every element of vpc_cidr_blocks must be an IPv4 range between /16 and /28 such as '10.192.0.0/16'."
  }
}
