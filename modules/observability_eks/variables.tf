# Generated from hp_tf/layers/observability_eks/contract.py by `hptf synth`; edit there.

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
    condition = length("${var.name}-metrics-${var.region}") <= 64
    error_message = join("", [
      "name is too long: the role of the add-on would be '${var.name}-metrics-${var.region}', ",
      join("", [length("${var.name}-metrics-${var.region}"), " characters where 64 are allowed"]),
      "."
    ])
  }

  validation {
    condition = var.dashboards ? length("${var.name}-dashboards-${var.region}") <= 64 : true
    error_message = join("", [
      "name is too long: the role of the dashboards' job would be '${var.name}-dashboards-${var.region}', ",
      join("", [length("${var.name}-dashboards-${var.region}"), " characters where 64 are allowed"]),
      "."
    ])
  }

  validation {
    condition = var.dashboards ? length("${var.name}-dashboards") <= 53 : true
    error_message = join("", [
      "name is too long: the release of the dashboards would be '${var.name}-dashboards', ",
      join("", [length("${var.name}-dashboards"), " characters where 53 are allowed"]),
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

variable "hyperpod_cluster_name" {
  description = "HyperPod cluster whose nodes the add-on runs on; naming it makes the add-on wait for them."
  type        = string
  default     = null

  validation {
    condition = (
      var.hyperpod_cluster_name == null ? true :
      can(regex("^(?:[a-zA-Z0-9](?:-*[a-zA-Z0-9])*)$", var.hyperpod_cluster_name)) ?
      length(var.hyperpod_cluster_name) >= 1 && length(var.hyperpod_cluster_name) <= 63 : false
    )
    error_message = "hyperpod_cluster_name must be a name of letters, digits and inner hyphens and must have 1 to 63 characters."
  }
}

variable "governance_addon" {
  description = <<-EOT
    Add-on of task governance where there is one; naming it makes this one wait: while that one's webhook is not up, the installation of
    others fails.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.governance_addon == null ? true : length(var.governance_addon) >= 1
    error_message = "governance_addon must have at least 1 character."
  }
}

variable "prometheus_workspace_arn" {
  description = "Prometheus workspace that metrics go to."
  type        = string
  nullable    = false

  validation {
    condition = can(regex(join("", [
      "^(?:arn:aws(?:-[a-z]+)*:aps:[a-z0-9-]+:[0-9]{12}:workspace/ws-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f",
      "]{12})$"
    ]), var.prometheus_workspace_arn))
    error_message = join("", [
      "prometheus_workspace_arn must be the ARN of a Prometheus workspace such as ",
      "'arn:aws:aps:us-west-2:123456789012:workspace/ws-01234567-89ab-cdef-0123-456789abcdef'."
    ])
  }
}

variable "prometheus_endpoint" {
  description = "URL of that workspace, without a slash at its end."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.prometheus_endpoint) >= 1
    error_message = "prometheus_endpoint must have at least 1 character."
  }
}

variable "grafana_workspace_arn" {
  description = "Grafana workspace that shows them; null for none."
  type        = string
  default     = null

  validation {
    condition = (
      var.grafana_workspace_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:grafana:[a-z0-9-]+:[0-9]{12}:/workspaces/g-[0-9a-f]{10})$", var.grafana_workspace_arn))
    )
    error_message = "grafana_workspace_arn must be the ARN of a Grafana workspace such as 'arn:aws:grafana:us-west-2:123456789012:/workspaces/g-0123456789'."
  }
}

variable "grafana_workspace_id" {
  description = "Id of that workspace."
  type        = string
  default     = null

  validation {
    condition     = var.grafana_workspace_id == null || can(regex("^(?:g-[0-9a-f]{10})$", var.grafana_workspace_id))
    error_message = "grafana_workspace_id must be a Grafana workspace's id such as 'g-0123456789'."
  }

  validation {
    condition     = !var.dashboards || (var.grafana_workspace_id != null && var.grafana_workspace_arn != null)
    error_message = "dashboards are put into a Grafana workspace: grafana_workspace_id and grafana_workspace_arn must name one."
  }
}

variable "grafana_workspace_name" {
  description = "Name of that workspace."
  type        = string
  default     = null

  validation {
    condition = (
      var.grafana_workspace_name == null ? true :
      can(regex("^(?:[a-zA-Z0-9._~-]+)$", var.grafana_workspace_name)) ?
      length(var.grafana_workspace_name) >= 1 && length(var.grafana_workspace_name) <= 255 : false
    )
    error_message = "grafana_workspace_name must be a name of letters, digits and the signs - . _ ~ and must have 1 to 255 characters."
  }
}

variable "addon_version" {
  description = "Version of the add-on such as 'v1.0.3-eksbuild.1'. Null takes EKS's default when it is made, and keeps that."
  type        = string
  default     = null

  validation {
    condition     = var.addon_version == null || can(regex("^(?:v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+)$", var.addon_version))
    error_message = "addon_version must be a version of an EKS add-on such as 'v1.20.1-eksbuild.1'."
  }
}

variable "training_metrics" {
  description = "How much is measured of training jobs."
  type        = string
  default     = "BASIC"
  nullable    = false

  validation {
    condition     = contains(["BASIC", "ADVANCED", "DISABLED"], var.training_metrics)
    error_message = "training_metrics must be one of 'BASIC', 'ADVANCED', 'DISABLED'."
  }
}

variable "inference_metrics" {
  description = "How much is measured of inference endpoints."
  type        = string
  default     = "BASIC"
  nullable    = false

  validation {
    condition     = contains(["BASIC", "ADVANCED", "DISABLED"], var.inference_metrics)
    error_message = "inference_metrics must be one of 'BASIC', 'ADVANCED', 'DISABLED'."
  }
}

variable "task_governance_metrics" {
  description = "How much is measured of task governance."
  type        = string
  default     = "DISABLED"
  nullable    = false

  validation {
    condition     = contains(["BASIC", "ADVANCED", "DISABLED"], var.task_governance_metrics)
    error_message = "task_governance_metrics must be one of 'BASIC', 'ADVANCED', 'DISABLED'."
  }
}

variable "scaling_metrics" {
  description = "How much is measured of the scaling of inference."
  type        = string
  default     = "DISABLED"
  nullable    = false

  validation {
    condition     = contains(["BASIC", "ADVANCED", "DISABLED"], var.scaling_metrics)
    error_message = "scaling_metrics must be one of 'BASIC', 'ADVANCED', 'DISABLED'."
  }
}

variable "cluster_metrics" {
  description = "How much is measured of the cluster's objects."
  type        = string
  default     = "BASIC"
  nullable    = false

  validation {
    condition     = contains(["BASIC", "ADVANCED", "DISABLED"], var.cluster_metrics)
    error_message = "cluster_metrics must be one of 'BASIC', 'ADVANCED', 'DISABLED'."
  }
}

variable "node_metrics" {
  description = "How much is measured of nodes: processors, memory, disks."
  type        = string
  default     = "BASIC"
  nullable    = false

  validation {
    condition     = contains(["BASIC", "ADVANCED", "DISABLED"], var.node_metrics)
    error_message = "node_metrics must be one of 'BASIC', 'ADVANCED', 'DISABLED'."
  }
}

variable "accelerated_compute_metrics" {
  description = "How much is measured of GPUs and Trainium chips."
  type        = string
  default     = "BASIC"
  nullable    = false

  validation {
    condition     = contains(["BASIC", "ADVANCED", "DISABLED"], var.accelerated_compute_metrics)
    error_message = "accelerated_compute_metrics must be one of 'BASIC', 'ADVANCED', 'DISABLED'."
  }
}

variable "network_metrics" {
  description = "How much is measured of EFA."
  type        = string
  default     = "DISABLED"
  nullable    = false

  validation {
    condition     = contains(["BASIC", "ADVANCED", "DISABLED"], var.network_metrics)
    error_message = "network_metrics must be one of 'BASIC', 'ADVANCED', 'DISABLED'."
  }
}

variable "scrape_interval_seconds" {
  description = "Seconds between two measurements."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition = (
      floor(var.scrape_interval_seconds) == var.scrape_interval_seconds &&
      var.scrape_interval_seconds >= 5 &&
      var.scrape_interval_seconds <= 3600
    )
    error_message = "scrape_interval_seconds must be a whole number, from 5 to 3600."
  }
}

variable "logging" {
  description = "Whether containers' logs go to CloudWatch, /aws/sagemaker/Clusters."
  type        = bool
  default     = false
  nullable    = false
}

variable "addon_configuration" {
  description = "Further configuration of the add-on, as JSON text: its top keys take the place of what the inputs above say."
  type        = string
  default     = null

  validation {
    condition     = var.addon_configuration == null ? true : can(keys(jsondecode(var.addon_configuration)))
    error_message = "addon_configuration must be a JSON object."
  }
}

variable "dashboards" {
  description = <<-EOT
    Whether the module's dashboards and data sources are put into the Grafana workspace, by a job in the cluster. They stay there when the
    module goes.
  EOT
  type        = bool
  default     = false
  nullable    = false
}

variable "further_dashboards" {
  description = "Dashboards of yours by name, each as JSON text with a uid and a title; data sources are hyperpod-prometheus and hyperpod-cloudwatch."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.further_dashboards) : can(regex("^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)$", key)) ? length(key) <= 40 : false])
    error_message = "Every key of further_dashboards must be a name of lower-case letters, digits and hyphens and must have at most 40 characters."
  }

  validation {
    condition     = alltrue([for item in values(var.further_dashboards) : item != null])
    error_message = "No element of further_dashboards may be null."
  }

  validation {
    condition     = length(var.further_dashboards) == 0 || var.dashboards
    error_message = "further_dashboards are given, so dashboards must be true."
  }

  validation {
    condition     = alltrue([for item in var.further_dashboards : can(keys(jsondecode(item))) if item != null])
    error_message = "Every dashboard of further_dashboards must be a JSON object."
  }
}

variable "dashboard_folder" {
  description = "Folder of the dashboards in Grafana, made where there is none."
  type        = string
  default     = "HyperPod"
  nullable    = false

  validation {
    condition     = length(var.dashboard_folder) >= 1 && length(var.dashboard_folder) <= 100
    error_message = "dashboard_folder must have 1 to 100 characters."
  }
}

variable "dashboard_image" {
  description = <<-EOT
    Image with Python 3.9 or newer that the job runs in. A closed network needs a copy in a registry of yours, and the endpoints grafana and
    grafana-workspace.
  EOT
  type        = string
  default     = "public.ecr.aws/docker/library/python:3.13-slim"
  nullable    = false

  validation {
    condition     = length(var.dashboard_image) >= 1
    error_message = "dashboard_image must have at least 1 character."
  }
}

variable "role_path" {
  description = "IAM path of the roles."
  type        = string
  default     = "/service-role/"
  nullable    = false

  validation {
    condition     = can(regex("^(?:/|/[!-~]{1,510}/)$", var.role_path))
    error_message = "role_path must be an IAM path that begins and ends with a slash, such as '/ml/'."
  }
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the roles."
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
