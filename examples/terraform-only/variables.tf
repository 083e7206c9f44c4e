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
  description = "Zones of the nodes, by id. Another one can be added at any time."
  type        = list(string)
  default     = ["usw2-az1", "usw2-az2"]
}

variable "eks_availability_zone_ids" {
  description = "Zones of the EKS control plane, by id: two or more, whatever the nodes' are. Fixed when the cluster is made."
  type        = list(string)
  default     = ["usw2-az1", "usw2-az2"]
}

variable "primary_availability_zone_id" {
  description = "Zone of the NAT gateway, the file system, and groups that name no zone. Another value replaces the file system and the HyperPod cluster."
  type        = string
  default     = "usw2-az2"
}

variable "chart_path" {
  description = "Folder of the HyperPod dependency chart with its own dependencies in it; README.md says how to get it."
  type        = string
  default     = "./charts/HyperPodHelmChart"
}
