# Generated from hp_tf/layers/network/contract.py by `hptf synth`; edit there.

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
    condition = var.flow_logs == "cloudwatch" ? length("${var.name}-flow-logs-${var.region}") <= 64 : true
    error_message = join("", [
      "name is too long: the role that writes the flow logs would be '${var.name}-flow-logs-${var.region}', ",
      join("", [length("${var.name}-flow-logs-${var.region}"), " characters where 64 are allowed"]),
      "."
    ])
  }

  validation {
    condition = var.flow_logs == "cloudwatch" ? length("/aws/vpc/${var.name}/flow-logs") <= 512 : true
    error_message = join("", [
      "name is too long: the log group of the flow logs would be '/aws/vpc/${var.name}/flow-logs', ",
      join("", [length("/aws/vpc/${var.name}/flow-logs"), " characters where 512 are allowed"]),
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
    condition     = var.flow_logs == "cloudwatch" ? length(distinct([for key in keys(var.tags) : lower(key)])) == length(var.tags) : true
    error_message = "IAM does not tell capitals from small letters in the keys of tags: every key of tags must be another."
  }
}

variable "create_vpc" {
  description = "Whether a VPC is created. False uses the one vpc_id names and adds subnets to it."
  type        = bool
  default     = true
  nullable    = false
}

variable "vpc_id" {
  description = "Id of the given VPC when create_vpc is false. DNS support and hostnames must be on."
  type        = string
  default     = null

  validation {
    condition     = var.vpc_id == null || can(regex("^(?:vpc-[0-9a-f]{8,17})$", var.vpc_id))
    error_message = "vpc_id must be a VPC id such as 'vpc-0123456789abcdef0'."
  }

  validation {
    condition     = var.create_vpc || var.vpc_id != null
    error_message = "With create_vpc false, vpc_id must name the VPC to use."
  }

  validation {
    condition     = !var.create_vpc || var.vpc_id == null
    error_message = "A vpc_id is given, so create_vpc must be false; leave vpc_id out to create a VPC."
  }
}

variable "vpc_cidr" {
  description = <<-EOT
    Primary IPv4 block of the VPC, created or given. A /16 to /20 holds the default public subnets. Fixed at creation: a VPC keeps its
    primary block for life; build a second environment and move to it.
  EOT
  type        = string
  default     = "10.192.0.0/16"
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
      (var.public_subnets ? length(setsubtract(var.availability_zone_ids, keys(var.public_subnet_cidrs))) == 0 : true) ||
      can(regex("^(?:.*/(?:1[6-9]|20))$", var.vpc_cidr))
    )
    error_message = "A VPC smaller than /20 has no room for the default public subnets; give public_subnet_cidrs for every zone, or a larger vpc_cidr."
  }

  validation {
    condition = (
      var.create_vpc ?
      alltrue([
        for block in [
          for zone in var.availability_zone_ids :
          try(var.public_subnet_cidrs[zone], cidrsubnet(var.vpc_cidr, 8, tonumber(regex("[0-9]+$", zone))), null)
          if var.public_subnets
        ] :
        try(
          split("/", block)[1] >= split("/", var.vpc_cidr)[1] &&
          cidrhost(join("/", [split("/", block)[0], split("/", var.vpc_cidr)[1]]), 0) ==
          cidrhost(join("/", [split("/", var.vpc_cidr)[0], split("/", var.vpc_cidr)[1]]), 0),
          true
        )
      ]) : true
    )
    error_message = "The public subnets of a new VPC must lie in its vpc_cidr."
  }
}

variable "further_vpc_cidrs" {
  description = <<-EOT
    Further IPv4 blocks of a given VPC, by a name of your choice: those in which no private subnets are made here. Clients in them reach
    interface endpoints, too.
  EOT
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition = alltrue([
      for item in values(var.further_vpc_cidrs) :
      can(regex(join("", [
        "^(?:(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]",
        "?[0-9])/(?:1[6-9]|2[0-8]))$"
      ]), item))
    ])
    error_message = "Every element of further_vpc_cidrs must be an IPv4 range between /16 and /28 such as '10.192.0.0/16'."
  }

  validation {
    condition     = !var.create_vpc || length(var.further_vpc_cidrs) == 0
    error_message = "A new VPC has no further blocks but those of its private subnets: further_vpc_cidrs must be left out."
  }

  validation {
    condition = alltrue(flatten([
      for all in [concat([var.vpc_cidr], values(var.further_vpc_cidrs))] : [
        for at, a in all : [
          for place, b in all :
          at == place || try(
            cidrhost(join("/", [split("/", a)[0], min(split("/", a)[1], split("/", b)[1])]), 0) !=
            cidrhost(join("/", [split("/", b)[0], min(split("/", a)[1], split("/", b)[1])]), 0),
            true
          )
        ]
      ]
    ]))
    error_message = "A VPC's blocks are apart: further_vpc_cidrs must overlap neither each other nor vpc_cidr."
  }

  validation {
    condition = alltrue([
      for block in values(var.further_vpc_cidrs) :
      var.associate_private_cidrs ?
      alltrue([
        for own in [
          for zone in var.availability_zone_ids :
          try(var.private_subnet_cidrs[zone], cidrsubnet(var.private_cidr_range, 4, tonumber(regex("[0-9]+$", zone))), null)
        ] :
        try(
          cidrhost(join("/", [split("/", block)[0], min(split("/", block)[1], split("/", own)[1])]), 0) !=
          cidrhost(join("/", [split("/", own)[0], min(split("/", block)[1], split("/", own)[1])]), 0),
          true
        )
      ]) :
      !contains(
        [
          for zone in var.availability_zone_ids :
          try(var.private_subnet_cidrs[zone], cidrsubnet(var.private_cidr_range, 4, tonumber(regex("[0-9]+$", zone))), null)
        ],
        block
      )
    ])
    error_message = "The private subnets' blocks are known: further_vpc_cidrs must not name them, nor overlap those that are added to the VPC."
  }
}

variable "availability_zone_ids" {
  description = <<-EOT
    Ids of the zones to have subnets in (ids, not names: names differ between accounts). Order does not matter. Every zone adds a CIDR block
    to the VPC; five zones make six blocks, and the default quota 'IPv4 CIDR blocks per VPC' is five, so ask for more first or take
    private_cidr_range out of vpc_cidr with associate_private_cidrs false.
  EOT
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.availability_zone_ids) >= 1 && length(var.availability_zone_ids) <= 5
    error_message = "availability_zone_ids must have 1 to 5 elements."
  }

  validation {
    condition     = alltrue([for item in var.availability_zone_ids : can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", item))])
    error_message = "Every element of availability_zone_ids must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition     = length(distinct(var.availability_zone_ids)) == length(var.availability_zone_ids)
    error_message = "Every zone of availability_zone_ids must be named once."
  }
}

variable "primary_availability_zone_id" {
  description = <<-EOT
    Zone of the single NAT gateway and of the HyperPod cluster's default subnet. Required with more than one zone. Another one replaces the
    cluster, and the file system that names no zone of its own.
  EOT
  type        = string
  default     = null

  validation {
    condition = (
      var.primary_availability_zone_id == null ||
      can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", var.primary_availability_zone_id))
    )
    error_message = "primary_availability_zone_id must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition     = var.primary_availability_zone_id != null || length(var.availability_zone_ids) <= 1
    error_message = "With more than one zone, primary_availability_zone_id must name the one of the cluster and its NAT."
  }

  validation {
    condition     = var.primary_availability_zone_id == null ? true : contains(var.availability_zone_ids, var.primary_availability_zone_id)
    error_message = "The primary_availability_zone_id must be one of availability_zone_ids."
  }
}

variable "public_subnets" {
  description = <<-EOT
    Whether each zone has a public subnet. False with nat 'none' makes a network without any way to the internet; false with a given VPC
    uses what that VPC has.
  EOT
  type        = bool
  default     = true
  nullable    = false
}

variable "public_subnet_cidrs" {
  description = <<-EOT
    Blocks of public subnets by zone id. A zone that is not named gets block number N of 256 of vpc_cidr, N being the zone's own number.
    Local Zones, and every zone of a given VPC, must be named. Fixed at creation: a subnet keeps its block for life; give zones that exist
    their present blocks and change only new ones.
  EOT
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.public_subnet_cidrs) : can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", key))])
    error_message = "Every key of public_subnet_cidrs must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition = alltrue([
      for item in values(var.public_subnet_cidrs) :
      can(regex(join("", [
        "^(?:(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]",
        "?[0-9])/(?:1[6-9]|2[0-8]))$"
      ]), item))
    ])
    error_message = "Every element of public_subnet_cidrs must be an IPv4 range between /16 and /28 such as '10.192.0.0/16'."
  }

  validation {
    condition     = !var.create_vpc && var.public_subnets ? length(setsubtract(var.availability_zone_ids, keys(var.public_subnet_cidrs))) == 0 : true
    error_message = "In a given VPC public_subnet_cidrs must name a free block for every zone; or set public_subnets to false."
  }

  validation {
    condition     = length(setsubtract(keys(var.public_subnet_cidrs), var.availability_zone_ids)) == 0
    error_message = "A key of public_subnet_cidrs is not one of availability_zone_ids."
  }

  validation {
    condition = (
      var.public_subnets ?
      alltrue([
        for zone in var.availability_zone_ids :
        can(regex("^(?:[a-z]{3,4}[0-9]-az[0-9]{1,2})$", zone)) ? true : contains(keys(var.public_subnet_cidrs), zone)
      ]) : true
    )
    error_message = "A Local Zone has the number of another zone, so public_subnet_cidrs must name its block."
  }
}

variable "internet_gateway_id" {
  description = "Internet gateway of a given VPC, needed for public subnets in it."
  type        = string
  default     = null

  validation {
    condition     = var.internet_gateway_id == null || can(regex("^(?:igw-[0-9a-f]{8,17})$", var.internet_gateway_id))
    error_message = "internet_gateway_id must be an internet gateway id such as 'igw-0123456789abcdef0'."
  }

  validation {
    condition     = !(!var.create_vpc && var.public_subnets) || var.internet_gateway_id != null
    error_message = "Public subnets in a given VPC need internet_gateway_id; or set public_subnets to false."
  }

  validation {
    condition     = var.internet_gateway_id == null || (!var.create_vpc && var.public_subnets)
    error_message = "An internet_gateway_id is for public subnets in a given VPC; leave it out here."
  }
}

variable "private_cidr_range" {
  description = <<-EOT
    Range the private subnets are taken from, sixteen blocks: a zone gets the block of its own number (usw2-az3 of 10.0.0.0/12:
    10.3.0.0/16). Fixed at creation: a subnet keeps its block for life; give zones that exist their present blocks and change only new ones.
  EOT
  type        = string
  default     = "10.0.0.0/12"
  nullable    = false

  validation {
    condition = can(regex(join("", [
      "^(?:(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]",
      "?[0-9])/(?:1[2-9]|2[0-4]))$"
    ]), var.private_cidr_range))
    error_message = "private_cidr_range must be an IPv4 range between /12 and /24, sixteen times the size of one zone's block, such as '10.0.0.0/12'."
  }

  validation {
    condition = (
      var.associate_private_cidrs ?
      alltrue([
        for block in [
          for zone in var.availability_zone_ids :
          try(var.private_subnet_cidrs[zone], cidrsubnet(var.private_cidr_range, 4, tonumber(regex("[0-9]+$", zone))), null)
        ] :
        try(
          cidrhost(join("/", [split("/", block)[0], min(split("/", block)[1], split("/", var.vpc_cidr)[1])]), 0) !=
          cidrhost(join("/", [split("/", var.vpc_cidr)[0], min(split("/", block)[1], split("/", var.vpc_cidr)[1])]), 0),
          true
        )
      ]) : true
    )
    error_message = join("", [
      "The private subnets' blocks are added to the VPC, so they must lie outside vpc_cidr; take other blocks, or set associate_private_cidrs to ",
      "false for blocks of it."
    ])
  }

  validation {
    condition = (
      length(distinct(var.availability_zone_ids)) == length(var.availability_zone_ids) ?
      alltrue(flatten([
        for all in [concat(
          [
            for zone in var.availability_zone_ids :
            try(var.private_subnet_cidrs[zone], cidrsubnet(var.private_cidr_range, 4, tonumber(regex("[0-9]+$", zone))), null)
          ],
          [
            for zone in var.availability_zone_ids :
            try(var.public_subnet_cidrs[zone], cidrsubnet(var.vpc_cidr, 8, tonumber(regex("[0-9]+$", zone))), null)
            if var.public_subnets
          ]
          )] : [
          for at, a in all : [
            for place, b in all :
            at == place || try(
              cidrhost(join("/", [split("/", a)[0], min(split("/", a)[1], split("/", b)[1])]), 0) !=
              cidrhost(join("/", [split("/", b)[0], min(split("/", a)[1], split("/", b)[1])]), 0),
              true
            )
          ]
        ]
      ])) : true
    )
    error_message = "Subnets must share no addresses; give private_cidr_range, private_subnet_cidrs or public_subnet_cidrs other blocks."
  }

  validation {
    condition = (
      var.create_vpc && !var.associate_private_cidrs ?
      alltrue([
        for block in [
          for zone in var.availability_zone_ids :
          try(var.private_subnet_cidrs[zone], cidrsubnet(var.private_cidr_range, 4, tonumber(regex("[0-9]+$", zone))), null)
        ] :
        try(
          split("/", block)[1] >= split("/", var.vpc_cidr)[1] &&
          cidrhost(join("/", [split("/", block)[0], split("/", var.vpc_cidr)[1]]), 0) ==
          cidrhost(join("/", [split("/", var.vpc_cidr)[0], split("/", var.vpc_cidr)[1]]), 0),
          true
        )
      ]) : true
    )
    error_message = "With associate_private_cidrs false, the private subnets of a new VPC must lie in its vpc_cidr."
  }
}

variable "private_subnet_cidrs" {
  description = <<-EOT
    Blocks of private subnets by zone id, instead of those of private_cidr_range. Local Zones must be named: their numbers are those of
    other zones. Fixed at creation: a subnet keeps its block for life; give zones that exist their present blocks and change only new ones.
  EOT
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.private_subnet_cidrs) : can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", key))])
    error_message = "Every key of private_subnet_cidrs must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition = alltrue([
      for item in values(var.private_subnet_cidrs) :
      can(regex(join("", [
        "^(?:(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]",
        "?[0-9])/(?:1[6-9]|2[0-8]))$"
      ]), item))
    ])
    error_message = "Every element of private_subnet_cidrs must be an IPv4 range between /16 and /28 such as '10.192.0.0/16'."
  }

  validation {
    condition     = length(setsubtract(keys(var.private_subnet_cidrs), var.availability_zone_ids)) == 0
    error_message = "A key of private_subnet_cidrs is not one of availability_zone_ids."
  }

  validation {
    condition = alltrue([
      for zone in var.availability_zone_ids :
      can(regex("^(?:[a-z]{3,4}[0-9]-az[0-9]{1,2})$", zone)) ? true : contains(keys(var.private_subnet_cidrs), zone)
    ])
    error_message = "A Local Zone has the number of another zone, so private_subnet_cidrs must name its block."
  }
}

variable "associate_private_cidrs" {
  description = "Whether the private subnets' blocks are added to the VPC as secondary CIDR blocks. False when they lie in blocks the VPC has already."
  type        = bool
  default     = true
  nullable    = false
}

variable "nat" {
  description = "Way out of the private subnets: one NAT gateway in the primary zone, one in every zone, the ones nat_gateway_ids names, or none."
  type        = string
  default     = "single"
  nullable    = false

  validation {
    condition     = contains(["single", "per_az", "existing", "none"], var.nat)
    error_message = "nat must be one of 'single', 'per_az', 'existing', 'none'."
  }

  validation {
    condition     = !contains(["single", "per_az"], var.nat) || var.public_subnets
    error_message = "A new NAT gateway stands in a public subnet: set public_subnets to true, or nat to 'existing' or 'none'."
  }

  validation {
    condition     = var.nat != "existing" || !var.create_vpc
    error_message = "No route leads to a NAT gateway of another VPC: with nat 'existing', create_vpc must be false; take 'single' or 'per_az' for a new VPC."
  }
}

variable "nat_gateway_ids" {
  description = "Given NAT gateways by zone id, with nat 'existing'. The primary zone's serves each zone that is not named."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.nat_gateway_ids) : can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", key))])
    error_message = "Every key of nat_gateway_ids must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition     = alltrue([for item in values(var.nat_gateway_ids) : can(regex("^(?:nat-[0-9a-f]{8,17})$", item))])
    error_message = "Every element of nat_gateway_ids must be a NAT gateway id such as 'nat-0123456789abcdef0'."
  }

  validation {
    condition = (
      var.nat == "existing" ?
      (
        length(setsubtract(var.availability_zone_ids, keys(var.nat_gateway_ids))) == 0 ? true :
        var.primary_availability_zone_id == null ? false : contains(keys(var.nat_gateway_ids), var.primary_availability_zone_id)
      ) : true
    )
    error_message = "With nat 'existing', nat_gateway_ids must name the primary zone's NAT gateway or every zone's."
  }

  validation {
    condition     = var.nat == "existing" || length(var.nat_gateway_ids) == 0
    error_message = "The nat_gateway_ids are used with nat 'existing' only; leave them out here."
  }

  validation {
    condition     = length(setsubtract(keys(var.nat_gateway_ids), var.availability_zone_ids)) == 0
    error_message = "A key of nat_gateway_ids is not one of availability_zone_ids."
  }
}

variable "nat_allocation_ids" {
  description = <<-EOT
    Elastic IP addresses that the NAT gateways take, by zone id: those that others let in already. A zone that is not named gets a new one.
    Fixed at creation: another address makes the zone's NAT gateway anew.
  EOT
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.nat_allocation_ids) : can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", key))])
    error_message = "Every key of nat_allocation_ids must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition     = alltrue([for item in values(var.nat_allocation_ids) : can(regex("^(?:eipalloc-[0-9a-f]{8,17})$", item))])
    error_message = "Every element of nat_allocation_ids must be an address's allocation id such as 'eipalloc-0123456789abcdef0'."
  }

  validation {
    condition = (
      length(var.nat_allocation_ids) == 0 ? true :
      (var.nat == "per_az" ? length(setsubtract(keys(var.nat_allocation_ids), var.availability_zone_ids)) == 0 : false) ? true :
      var.nat == "single" ?
      (
        (
          var.primary_availability_zone_id == null ? false :
          length(setsubtract(keys(var.nat_allocation_ids), [var.primary_availability_zone_id])) == 0
        ) ? true :
        var.primary_availability_zone_id == null ?
        length(setsubtract(keys(var.nat_allocation_ids), var.availability_zone_ids)) == 0 : false
      ) : false
    )
    error_message = join("", [
      "nat_allocation_ids must be of zones that have a NAT gateway made: the primary one with nat 'single', all of availability_zone_ids with ",
      "'per_az', none otherwise."
    ])
  }
}

variable "private_routes" {
  description = "Further routes of every private subnet, by a name of your choice: to other networks of yours."
  type = map(object({
    destination_cidr_block    = string
    transit_gateway_id        = optional(string)
    vpc_peering_connection_id = optional(string)
    vpn_gateway_id            = optional(string)
    network_interface_id      = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for item in values(var.private_routes) : item != null])
    error_message = "No element of private_routes may be null."
  }

  validation {
    condition = alltrue([
      for item in values(var.private_routes) :
      can(regex(join("", [
        "^(?:(?:(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])\\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]",
        "?[0-9])/(?:3[0-2]|[12]?[0-9]))$"
      ]), item.destination_cidr_block))
      if item != null
    ])
    error_message = "Every private_routes[].destination_cidr_block must be an IPv4 range such as '10.0.0.0/16'."
  }

  validation {
    condition = alltrue([
      for item in values(var.private_routes) :
      item.transit_gateway_id == null || can(regex("^(?:tgw-[0-9a-f]{8,17})$", item.transit_gateway_id))
      if item != null
    ])
    error_message = join("", [
      "Every private_routes[].transit_gateway_id must be a transit gateway id such as 'tgw-0123456789abcdef0'",
      try(join("", [": ", join(", ", [
        for key, item in var.private_routes : key
        if nonsensitive(!(item.transit_gateway_id == null || can(regex("^(?:tgw-[0-9a-f]{8,17})$", item.transit_gateway_id))))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.private_routes) :
      item.vpc_peering_connection_id == null || can(regex("^(?:pcx-[0-9a-f]{8,17})$", item.vpc_peering_connection_id))
      if item != null
    ])
    error_message = join("", [
      "Every private_routes[].vpc_peering_connection_id must be a peering connection's id such as 'pcx-0123456789abcdef0'",
      try(join("", [": ", join(", ", [
        for key, item in var.private_routes : key
        if nonsensitive(!(item.vpc_peering_connection_id == null || can(regex("^(?:pcx-[0-9a-f]{8,17})$", item.vpc_peering_connection_id))))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.private_routes) :
      item.vpn_gateway_id == null || can(regex("^(?:vgw-[0-9a-f]{8,17})$", item.vpn_gateway_id))
      if item != null
    ])
    error_message = join("", [
      "Every private_routes[].vpn_gateway_id must be a virtual private gateway id such as 'vgw-0123456789abcdef0'",
      try(join("", [": ", join(", ", [
        for key, item in var.private_routes : key
        if nonsensitive(!(item.vpn_gateway_id == null || can(regex("^(?:vgw-[0-9a-f]{8,17})$", item.vpn_gateway_id))))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.private_routes) :
      item.network_interface_id == null || can(regex("^(?:eni-[0-9a-f]{8,17})$", item.network_interface_id))
      if item != null
    ])
    error_message = join("", [
      "Every private_routes[].network_interface_id must be a network interface id such as 'eni-0123456789abcdef0'",
      try(join("", [": ", join(", ", [
        for key, item in var.private_routes : key
        if nonsensitive(!(item.network_interface_id == null || can(regex("^(?:eni-[0-9a-f]{8,17})$", item.network_interface_id))))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for route in values(var.private_routes) :
      (route.transit_gateway_id == null ? 0 : 1) + (route.vpc_peering_connection_id == null ? 0 : 1) +
      (route.vpn_gateway_id == null ? 0 : 1) +
      (route.network_interface_id == null ? 0 : 1) ==
      1
    ])
    error_message = "Every route of private_routes must name one target: transit_gateway_id, vpc_peering_connection_id, vpn_gateway_id or network_interface_id."
  }

  validation {
    condition = (
      length(distinct([for route in values(var.private_routes) : route.destination_cidr_block])) == length(var.private_routes) ?
      !contains([for route in values(var.private_routes) : route.destination_cidr_block], "0.0.0.0/0") : false
    )
    error_message = "Every route of private_routes must be for other addresses, and none for 0.0.0.0/0: that is nat's."
  }
}

variable "private_subnet_tags" {
  description = "Further tags of the private subnets, such as karpenter.sh/discovery, kubernetes.io/cluster/NAME; kubernetes.io/role/internal-elb is there."
  type        = map(string)
  default     = {}
  nullable    = false

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
}

variable "public_subnet_tags" {
  description = "Further tags of the public subnets. kubernetes.io/role/elb is there."
  type        = map(string)
  default     = {}
  nullable    = false

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

variable "flow_logs" {
  description = "Where records of the VPC's traffic go, if anywhere."
  type        = string
  default     = "none"
  nullable    = false

  validation {
    condition     = contains(["none", "cloudwatch", "s3"], var.flow_logs)
    error_message = "flow_logs must be one of 'none', 'cloudwatch', 's3'."
  }
}

variable "flow_log_traffic" {
  description = "Which traffic is recorded in the flow logs."
  type        = string
  default     = "ALL"
  nullable    = false

  validation {
    condition     = contains(["ALL", "ACCEPT", "REJECT"], var.flow_log_traffic)
    error_message = "flow_log_traffic must be one of 'ALL', 'ACCEPT', 'REJECT'."
  }
}

variable "flow_log_retention_days" {
  description = "Days that flow logs stay in CloudWatch Logs."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.flow_log_retention_days
    )
    error_message = join("", [
      "flow_log_retention_days must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, ",
      "3653."
    ])
  }
}

variable "flow_log_bucket_arn" {
  description = "Bucket for flow logs with flow_logs 's3'; its policy must let AWS deliver logs."
  type        = string
  default     = null

  validation {
    condition     = var.flow_log_bucket_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:s3:::[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])$", var.flow_log_bucket_arn))
    error_message = "flow_log_bucket_arn must be the ARN of an S3 bucket such as 'arn:aws:s3:::acme-logs'."
  }

  validation {
    condition     = var.flow_logs != "s3" || var.flow_log_bucket_arn != null
    error_message = "With flow_logs 's3', flow_log_bucket_arn must name the bucket."
  }

  validation {
    condition     = var.flow_log_bucket_arn == null || var.flow_logs == "s3"
    error_message = "A flow_log_bucket_arn is used with flow_logs 's3' only; leave it out here."
  }
}

variable "kms_key_arn" {
  description = "KMS key of the flow logs' CloudWatch log group; its policy must allow CloudWatch Logs. Null means the key AWS owns."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$", var.kms_key_arn))
    error_message = "kms_key_arn must be the ARN of a KMS key such as 'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'."
  }

  validation {
    condition     = var.kms_key_arn == null || try(split(":", var.kms_key_arn)[3], "") == var.region
    error_message = "A key of another region cannot be used: kms_key_arn must name a key of this region."
  }
}

variable "role_path" {
  description = "IAM path of the role that writes the flow logs. Fixed at creation: switch flow logs off for one apply to give their role another path."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^(?:/|/[!-~]{1,510}/)$", var.role_path))
    error_message = "role_path must be an IAM path that begins and ends with a slash, such as '/ml/'."
  }
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the role that writes the flow logs."
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
