variable "name" {
  description = "Prefix of every name."
  type        = string
  default     = "ml-slurm"
}

variable "region" {
  description = "AWS region. The zones in main.tf are of this one."
  type        = string
  default     = "us-west-2"
}

variable "tags" {
  description = "Tags of every resource that can carry them."
  type        = map(string)
  default     = { team = "ml-platform" }
}
