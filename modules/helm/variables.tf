# Generated from hp_tf/layers/helm/contract.py by `hptf synth`; edit there.

variable "region" {
  description = "Region of the cluster, from whose registry images come."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:[a-z]{2}(?:-[a-z]+)+-[0-9])$", var.region))
    error_message = "region must be an AWS region such as 'us-west-2'."
  }
}

variable "cluster_name" {
  description = "EKS cluster the release goes to. The provider decides where; this makes the release wait for it."
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

variable "chart_path" {
  description = "Folder of the chart with its dependencies in it. A changed chart must have a changed path: Helm's provider does not look inside."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.chart_path) >= 1
    error_message = "chart_path must have at least 1 character."
  }
}

variable "release_name" {
  description = "Name of the release."
  type        = string
  default     = "hyperpod-dependencies"
  nullable    = false

  validation {
    condition     = can(regex("^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)$", var.release_name)) && length(var.release_name) >= 1 && length(var.release_name) <= 53
    error_message = "release_name must be a release name of lower-case letters, digits and inner hyphens and must have 1 to 53 characters."
  }
}

variable "namespace" {
  description = "Namespace of the release."
  type        = string
  default     = "kube-system"
  nullable    = false

  validation {
    condition     = can(regex("^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)$", var.namespace)) && length(var.namespace) >= 1 && length(var.namespace) <= 63
    error_message = "namespace must be a Kubernetes name of lower-case letters, digits and inner hyphens and must have 1 to 63 characters."
  }
}

variable "create_namespace" {
  description = "Whether Helm makes the namespace."
  type        = bool
  default     = false
  nullable    = false
}

variable "take_ownership" {
  description = <<-EOT
    Whether objects of the chart that exist already, such as a namespace, become the release's own, and go when it goes; without it Helm
    refuses them.
  EOT
  type        = bool
  default     = false
  nullable    = false
}

variable "wait" {
  description = "Whether to wait until every object is ready. Without nodes nothing ever is, so the first apply of a new cluster needs false."
  type        = bool
  default     = false
  nullable    = false
}

variable "timeout_seconds" {
  description = "Seconds Helm waits for one operation."
  type        = number
  default     = 300
  nullable    = false

  validation {
    condition     = floor(var.timeout_seconds) == var.timeout_seconds && var.timeout_seconds >= 1 && var.timeout_seconds <= 7200
    error_message = "timeout_seconds must be a whole number, from 1 to 7200."
  }
}

variable "max_history" {
  description = "Revisions of the release to keep; 0 keeps all."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = floor(var.max_history) == var.max_history && var.max_history >= 0 && var.max_history <= 1000
    error_message = "max_history must be a whole number, from 0 to 1000."
  }
}

variable "training_operators" {
  description = "Whether to install the Kubeflow training operators."
  type        = bool
  default     = true
  nullable    = false
}

variable "mpi_operator" {
  description = "Whether to install the MPI operator."
  type        = bool
  default     = true
  nullable    = false
}

variable "nvidia_device_plugin" {
  description = "Whether to install NVIDIA's device plugin."
  type        = bool
  default     = true
  nullable    = false
}

variable "neuron_device_plugin" {
  description = "Whether to install the Neuron device plugin, for Trainium."
  type        = bool
  default     = true
  nullable    = false
}

variable "efa_device_plugin" {
  description = "Whether to install the EFA device plugin."
  type        = bool
  default     = true
  nullable    = false
}

variable "gpu_operator" {
  description = "Whether to install NVIDIA's GPU operator, which brings a device plugin of its own."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !(var.gpu_operator && var.nvidia_device_plugin)
    error_message = "gpu_operator brings a device plugin of its own, so nvidia_device_plugin must be false beside it."
  }
}

variable "health_monitoring_agent" {
  description = "Whether to install the agent that finds faulty nodes; node recovery depends on it."
  type        = bool
  default     = true
  nullable    = false
}

variable "health_monitoring_agent_image" {
  description = "Image of the agent, such as a copy in a registry of yours; null takes the region's own, where the chart knows of one."
  type        = string
  default     = null

  validation {
    condition = (
      !(var.health_monitoring_agent && var.health_monitoring_agent_image == null) ||
      contains(
        [
          "ap-northeast-1",
          "ap-south-1",
          "ap-southeast-1",
          "ap-southeast-2",
          "eu-central-1",
          "eu-north-1",
          "eu-west-1",
          "eu-west-2",
          "sa-east-1",
          "us-east-1",
          "us-east-2",
          "us-west-1",
          "us-west-2"
        ],
        var.region
      )
    )
    error_message = "The chart has no image of the health monitoring agent in this region: health_monitoring_agent_image must name one."
  }
}

variable "deep_health_check" {
  description = "Whether to let the service run deep health checks in the cluster."
  type        = bool
  default     = true
  nullable    = false
}

variable "job_auto_restart" {
  description = "Whether to let the service restart jobs after a node is replaced."
  type        = bool
  default     = true
  nullable    = false
}

variable "hyperpod_patching" {
  description = "Whether to let the service drain nodes when it patches them."
  type        = bool
  default     = true
  nullable    = false
}

variable "cert_manager" {
  description = "Whether the chart installs cert-manager; the EKS add-on after the nodes is the other way."
  type        = bool
  default     = false
  nullable    = false
}

variable "mlflow" {
  description = "Whether to make MLflow's service account."
  type        = bool
  default     = false
  nullable    = false
}

variable "mlflow_role_arn" {
  description = "Role of MLflow's service account. The chart's own default names no account of yours."
  type        = string
  default     = null

  validation {
    condition     = var.mlflow_role_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", var.mlflow_role_arn))
    error_message = "mlflow_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = !var.mlflow || var.mlflow_role_arn != null
    error_message = "mlflow is on, so mlflow_role_arn must name the role of its service account."
  }
}

variable "inference_operator" {
  description = <<-EOT
    Whether the chart installs the inference operator. It then wants `values` for hyperpod-inference-operator: region, eksClusterName,
    hyperpodClusterArn, executionRoleArn, tlsCertificateS3Bucket and more. The EKS add-on is the other way.
  EOT
  type        = bool
  default     = false
  nullable    = false
}

variable "cluster_role_and_bindings" {
  description = "Whether to make the cluster-wide role of data scientists."
  type        = bool
  default     = false
  nullable    = false
}

variable "namespaced_role_and_bindings" {
  description = "Whether to make the role of data scientists in the kubeflow namespace."
  type        = bool
  default     = false
  nullable    = false
}

variable "team_role_and_bindings" {
  description = <<-EOT
    Whether to make the role of a team's namespace, hyperpod-ns-<team_compute_quota_target_id>. That namespace comes with the team's compute
    quota and must be there first.
  EOT
  type        = bool
  default     = false
  nullable    = false
}

variable "team_compute_quota_target_id" {
  description = "Target of the team's compute quota, part of its namespace's name."
  type        = string
  default     = null

  validation {
    condition     = var.team_compute_quota_target_id == null ? true : length(var.team_compute_quota_target_id) >= 1
    error_message = "team_compute_quota_target_id must have at least 1 character."
  }

  validation {
    condition     = !var.team_role_and_bindings || var.team_compute_quota_target_id != null
    error_message = "team_role_and_bindings is on, so team_compute_quota_target_id must name the quota's target."
  }
}

variable "values" {
  description = "Further values, each a YAML document, as Helm's -f; a later one wins, and all win over the inputs above."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for item in var.values : item != null])
    error_message = "No element of values may be null."
  }

  validation {
    condition     = alltrue([for item in var.values : can(keys(yamldecode(item))) if item != null])
    error_message = "Every element of values must be a YAML document with keys at its top."
  }
}

variable "values_sensitive" {
  description = <<-EOT
    Further values with secrets in them, which win over all others. Plans hide them, and with them all values of the release; the state and
    the cluster hold them.
  EOT
  type        = list(string)
  default     = []
  nullable    = false
  sensitive   = true

  validation {
    condition     = alltrue([for item in var.values_sensitive : item != null])
    error_message = "No element of values_sensitive may be null."
  }

  validation {
    condition     = alltrue([for document in var.values_sensitive : can(keys(yamldecode(document)))])
    error_message = "Every element of values_sensitive must be a YAML document with keys at its top."
  }
}
