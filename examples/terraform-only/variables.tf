variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "ml-dev"
}

variable "region" {
  description = "AWS region."
  type        = string
  default     = "us-west-2"
}

variable "tags" {
  description = "Tags of every resource that can carry them."
  type        = map(string)
  default     = { team = "ml-platform" }
}

variable "availability_zone_ids" {
  description = "Zones of the nodes, by id."
  type        = list(string)
  default     = ["usw2-az1", "usw2-az2"]
}

variable "primary_availability_zone_id" {
  description = "Zone of the NAT gateway, the file system, and groups that name no zone."
  type        = string
  default     = "usw2-az2"
}

variable "chart_path" {
  description = "Folder of the HyperPod dependency chart with its own dependencies in it; README.md says how to get it."
  type        = string
  default     = "./charts/HyperPodHelmChart"
}

variable "instance_groups" {
  description = "Groups of instances of the cluster; every field is described in modules/hyperpod/README.md."
  type = list(object({
    name                 = string
    instance_type        = string
    count                = number
    availability_zone_id = optional(string)
    deep_health_checks   = optional(list(string), [])
    labels               = optional(map(string), {})
  }))
  default = [
    { name = "general", instance_type = "ml.m5.2xlarge", count = 1 },
    { name = "gpu", instance_type = "ml.g5.8xlarge", count = 2 },
  ]
}
