# Generated from hp_tf/layers/observability/contract.py by `hptf synth`; edit there.

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
    condition = var.prometheus_workspace == "created" ? length("${var.name}") <= 100 : true
    error_message = join("", [
      "name is too long: the alias of the Prometheus workspace would be '${var.name}', ",
      join("", [length("${var.name}"), " characters where 100 are allowed"]),
      "."
    ])
  }

  validation {
    condition = var.default_alerts || length(var.alerts) >= 1 ? length("${var.name}") <= 128 : true
    error_message = join("", [
      "name is too long: the namespace of the alerts' rules would be '${var.name}', ",
      join("", [length("${var.name}"), " characters where 128 are allowed"]),
      "."
    ])
  }

  validation {
    condition = var.prometheus_workspace == "created" && var.prometheus_logs ? length("/aws/vendedlogs/prometheus/${var.name}") <= 512 : true
    error_message = join("", [
      "name is too long: the log group of the Prometheus workspace would be '/aws/vendedlogs/prometheus/${var.name}', ",
      join("", [length("/aws/vendedlogs/prometheus/${var.name}"), " characters where 512 are allowed"]),
      "."
    ])
  }

  validation {
    condition = var.grafana_workspace == "created" && var.grafana_workspace_name == null ? length("${var.name}") <= 255 : true
    error_message = join("", [
      "name is too long: the Grafana workspace would be '${var.name}', ",
      join("", [length("${var.name}"), " characters where 255 are allowed"]),
      "."
    ])
  }

  validation {
    condition = var.grafana_workspace == "created" && var.grafana_role_arn == null ? length("${var.name}-grafana-${var.region}") <= 64 : true
    error_message = join("", [
      "name is too long: the role of Grafana would be '${var.name}-grafana-${var.region}', ",
      join("", [length("${var.name}-grafana-${var.region}"), " characters where 64 are allowed"]),
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
    condition = (
      var.grafana_workspace == "created" && var.grafana_role_arn == null ?
      length(distinct([for key in keys(var.tags) : lower(key)])) == length(var.tags) : true
    )
    error_message = "IAM does not tell capitals from small letters in the keys of tags: every key of tags must be another."
  }
}

variable "orchestrator" {
  description = "What orchestrates the cluster: with Slurm the nodes themselves send metrics."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["eks", "slurm"], var.orchestrator)
    error_message = "orchestrator must be one of 'eks', 'slurm'."
  }
}

variable "execution_role_name" {
  description = "Role of the nodes, which send metrics with Slurm."
  type        = string
  nullable    = false

  validation {
    condition     = length(var.execution_role_name) >= 1
    error_message = "execution_role_name must have at least 1 character."
  }
}

variable "grant_remote_write" {
  description = "Whether the nodes' role may write to the Prometheus workspace. Null: with Slurm; on EKS pods with a role of their own do."
  type        = bool
  default     = null
}

variable "prometheus_workspace" {
  description = "Whether the Prometheus workspace is made, or is the one prometheus_workspace_id names."
  type        = string
  default     = "created"
  nullable    = false

  validation {
    condition     = contains(["created", "given"], var.prometheus_workspace)
    error_message = "prometheus_workspace must be one of 'created', 'given'."
  }
}

variable "prometheus_workspace_id" {
  description = "Given Prometheus workspace, of this account and region."
  type        = string
  default     = null

  validation {
    condition     = var.prometheus_workspace_id == null || can(regex("^(?:ws-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$", var.prometheus_workspace_id))
    error_message = "prometheus_workspace_id must be a Prometheus workspace's id such as 'ws-01234567-89ab-cdef-0123-456789abcdef'."
  }

  validation {
    condition     = var.prometheus_workspace == "given" == (var.prometheus_workspace_id != null)
    error_message = "prometheus_workspace_id must be named with prometheus_workspace given, and with that only."
  }
}

variable "prometheus_retention_days" {
  description = "Days a workspace made here keeps metrics."
  type        = number
  default     = 150
  nullable    = false

  validation {
    condition = (
      floor(var.prometheus_retention_days) == var.prometheus_retention_days &&
      var.prometheus_retention_days >= 1 &&
      var.prometheus_retention_days <= 1095
    )
    error_message = "prometheus_retention_days must be a whole number, from 1 to 1095."
  }
}

variable "prometheus_logs" {
  description = "Whether the workspace made here logs to a log group what its rules and its alert manager fail in."
  type        = bool
  default     = true
  nullable    = false
}

variable "log_retention_days" {
  description = "Days the log group keeps logs."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition = contains(
      [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
      var.log_retention_days
    )
    error_message = "log_retention_days must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653."
  }
}

variable "kms_key_arn" {
  description = <<-EOT
    Key that encrypts the Prometheus workspace made here and the log group; its policy must let CloudWatch Logs use it. Null takes what AWS
    does by itself. Fixed at creation: another key is another workspace, without the metrics.
  EOT
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

  validation {
    condition     = var.kms_key_arn == null || var.prometheus_workspace == "created"
    error_message = "A workspace that exists has its key already: with prometheus_workspace given, kms_key_arn must be left out."
  }
}

variable "default_alerts" {
  description = <<-EOT
    Whether the module's own alerts are there: GpuHot, GpuTooHot, GpuMemoryErrors, GpuLinkErrors, GpuThrottled, GpuXidError, DiskFull,
    LustreFull.
  EOT
  type        = bool
  default     = true
  nullable    = false
}

variable "without_alerts" {
  description = "Alerts of the module's own that are left out."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for item in var.without_alerts : can(regex("^(?:[A-Za-z_][A-Za-z0-9_]*)$", item)) ? length(item) <= 128 : false])
    error_message = "Every element of without_alerts must be a name of letters, digits and _ and must have at most 128 characters."
  }

  validation {
    condition = length(
      setsubtract(
        var.without_alerts,
        ["GpuHot", "GpuTooHot", "GpuMemoryErrors", "GpuLinkErrors", "GpuThrottled", "GpuXidError", "DiskFull", "LustreFull"]
      )
    ) == 0
    error_message = "without_alerts names an alert that is not one of the module's own."
  }
}

variable "alerts" {
  description = "Further alerts by name; one of the name of the module's own takes its place."
  type = map(object({
    expression  = string
    for_minutes = optional(number, 0)
    severity    = optional(string, "warning")
    summary     = string
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for key in keys(var.alerts) : can(regex("^(?:[A-Za-z_][A-Za-z0-9_]*)$", key)) ? length(key) <= 128 : false])
    error_message = "Every key of alerts must be a name of letters, digits and _ and must have at most 128 characters."
  }

  validation {
    condition     = alltrue([for item in values(var.alerts) : item != null])
    error_message = "No element of alerts may be null."
  }

  validation {
    condition = alltrue([for item in values(var.alerts) : item.expression == null ? false : length(item.expression) >= 1 if item != null])
    error_message = join("", [
      "Every alerts[].expression must have at least 1 character",
      try(join("", [": ", join(", ", [
        for key, item in var.alerts : key
        if nonsensitive(item.expression == null ? true : length(item.expression) == 0)
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.alerts) :
      floor(item.for_minutes) == item.for_minutes && item.for_minutes >= 0 && item.for_minutes <= 1440
      if item != null
    ])
    error_message = join("", [
      "Every alerts[].for_minutes must be a whole number, from 0 to 1440",
      try(join("", [": ", join(", ", [
        for key, item in var.alerts : key
        if nonsensitive(!(floor(item.for_minutes) == item.for_minutes && item.for_minutes >= 0 && item.for_minutes <= 1440))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([for item in values(var.alerts) : contains(["info", "warning", "critical"], item.severity) if item != null])
    error_message = join("", [
      "Every alerts[].severity must be one of 'info', 'warning', 'critical'",
      try(join("", [": ", join(", ", [
        for key, item in var.alerts : key
        if nonsensitive(!contains(["info", "warning", "critical"], item.severity))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([for item in values(var.alerts) : item.summary == null ? false : length(item.summary) >= 1 if item != null])
    error_message = join("", [
      "Every alerts[].summary must have at least 1 character",
      try(join("", [": ", join(", ", [
        for key, item in var.alerts : key
        if nonsensitive(item.summary == null ? true : length(item.summary) == 0)
      ])]), ""),
      "."
    ])
  }
}

variable "alert_topic_arn" {
  description = "SNS topic that alerts go to; its policy must let aps.amazonaws.com publish. Null: alerts are seen in Grafana, and nobody is told."
  type        = string
  default     = null

  validation {
    condition     = var.alert_topic_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256})$", var.alert_topic_arn))
    error_message = "alert_topic_arn must be the ARN of an SNS topic such as 'arn:aws:sns:us-west-2:123456789012:alerts'."
  }

  validation {
    condition = (
      var.alert_topic_arn == null ||
      (try(split(":", var.alert_topic_arn)[3], "") == var.region && try(split(":", var.alert_topic_arn)[4], "") == var.account_id)
    )
    error_message = "alert_topic_arn must be of this region and account."
  }

  validation {
    condition     = var.alert_topic_arn == null || var.default_alerts || length(var.alerts) >= 1
    error_message = "alert_topic_arn is given, so there must be alerts: default_alerts, or alerts of yours."
  }
}

variable "grafana_workspace" {
  description = "Whether the Grafana workspace is made, is the one grafana_workspace_id names, or there is none."
  type        = string
  default     = "created"
  nullable    = false

  validation {
    condition     = contains(["created", "given", "none"], var.grafana_workspace)
    error_message = "grafana_workspace must be one of 'created', 'given', 'none'."
  }

  validation {
    condition = (
      var.grafana_workspace != "created" ||
      contains(
        [
          "ap-northeast-1",
          "ap-southeast-1",
          "ap-southeast-2",
          "eu-central-1",
          "eu-west-1",
          "eu-west-2",
          "us-east-1",
          "us-east-2",
          "us-west-2"
        ],
        var.region
      )
    )
    error_message = "Amazon Managed Grafana cannot be had in this region: grafana_workspace must be none."
  }
}

variable "grafana_workspace_id" {
  description = "Given Grafana workspace, of this account and region."
  type        = string
  default     = null

  validation {
    condition     = var.grafana_workspace_id == null || can(regex("^(?:g-[0-9a-f]{10})$", var.grafana_workspace_id))
    error_message = "grafana_workspace_id must be a Grafana workspace's id such as 'g-0123456789'."
  }

  validation {
    condition     = var.grafana_workspace == "given" == (var.grafana_workspace_id != null)
    error_message = "grafana_workspace_id must be named with grafana_workspace given, and with that only."
  }
}

variable "grafana_workspace_name" {
  description = "Name of the given Grafana workspace, or of the one made here; null takes <name>."
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

  validation {
    condition     = var.grafana_workspace != "given" || var.grafana_workspace_name != null
    error_message = "grafana_workspace is given, so grafana_workspace_name must be its name."
  }
}

variable "grafana_authentication" {
  description = "How people log in: by IAM Identity Center, which the account must have, or by SAML."
  type        = list(string)
  default     = ["AWS_SSO"]
  nullable    = false

  validation {
    condition     = length(var.grafana_authentication) >= 1
    error_message = "grafana_authentication must have at least 1 element."
  }

  validation {
    condition     = alltrue([for item in var.grafana_authentication : item == null ? false : contains(["AWS_SSO", "SAML"], item)])
    error_message = "Every element of grafana_authentication must be one of 'AWS_SSO', 'SAML'."
  }

  validation {
    condition     = length(distinct(var.grafana_authentication)) == length(var.grafana_authentication)
    error_message = "Every way of grafana_authentication must be named once."
  }
}

variable "grafana_version" {
  description = "Version of Grafana; null takes AWS's default when the workspace is made, and keeps it."
  type        = string
  default     = null

  validation {
    condition     = var.grafana_version == null || can(regex("^(?:[0-9]+\\.[0-9]+)$", var.grafana_version))
    error_message = "grafana_version must be a version of Grafana such as '10.4'."
  }
}

variable "grafana_plugin_admin" {
  description = "Whether administrators of the workspace may install plugins."
  type        = bool
  default     = false
  nullable    = false
}

variable "grafana_access" {
  description = "Who may use the workspace, by role: ADMIN, EDITOR or VIEWER. Without an entry nobody can log in, until somebody is let in by hand."
  type = map(object({
    user_ids  = optional(list(string), [])
    group_ids = optional(list(string), [])
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for key in keys(var.grafana_access) : can(regex("^(?:ADMIN|EDITOR|VIEWER)$", key))])
    error_message = "Every key of grafana_access must be one of ADMIN, EDITOR and VIEWER."
  }

  validation {
    condition     = alltrue([for item in values(var.grafana_access) : item != null])
    error_message = "No element of grafana_access may be null."
  }

  validation {
    condition = alltrue([
      for item in values(var.grafana_access) :
      alltrue([
        for part in item.user_ids :
        can(regex("^(?:(?:[0-9a-f]{10}-)?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$", part))
      ])
      if item != null
    ])
    error_message = "Every element of grafana_access[].user_ids must be the id of a user or group of IAM Identity Center."
  }

  validation {
    condition = alltrue([
      for item in values(var.grafana_access) :
      alltrue([
        for part in item.group_ids :
        can(regex("^(?:(?:[0-9a-f]{10}-)?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$", part))
      ])
      if item != null
    ])
    error_message = "Every element of grafana_access[].group_ids must be the id of a user or group of IAM Identity Center."
  }

  validation {
    condition     = length(var.grafana_access) == 0 || (var.grafana_workspace != "none" && contains(var.grafana_authentication, "AWS_SSO"))
    error_message = "grafana_access lets in users of IAM Identity Center: there must be a Grafana workspace, and grafana_authentication must hold AWS_SSO."
  }

  validation {
    condition = alltrue([for item in var.grafana_access : length(item.user_ids) >= 1 || length(item.group_ids) >= 1 if item != null])
    error_message = join("", [
      "An entry of grafana_access must name a user or a group",
      try(join("", [": ", join(", ", [
        for key, item in var.grafana_access : key
        if nonsensitive(!(length(item.user_ids) >= 1 || length(item.group_ids) >= 1))
      ])]), ""),
      "."
    ])
  }
}

variable "grafana_role_arn" {
  description = "Role with which the workspace made here reads metrics; null makes one that may read this Prometheus workspace and CloudWatch."
  type        = string
  default     = null

  validation {
    condition = (
      var.grafana_role_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", var.grafana_role_arn))
    )
    error_message = "grafana_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = var.grafana_role_arn == null || var.grafana_workspace == "created"
    error_message = "grafana_role_arn is the role of a workspace made here: with another grafana_workspace it must be left out."
  }
}

variable "role_path" {
  description = "IAM path of the role."
  type        = string
  default     = "/service-role/"
  nullable    = false

  validation {
    condition     = can(regex("^(?:/|/[!-~]{1,510}/)$", var.role_path))
    error_message = "role_path must be an IAM path that begins and ends with a slash, such as '/ml/'."
  }
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the role."
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
