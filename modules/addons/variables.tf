# Generated from hp_tf/layers/addons/contract.py by `hptf synth`; edit there.

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
    condition = length("${var.name}-fsx-csi-${var.region}") <= 64
    error_message = join("", [
      "name is too long: the FSx driver's role would be '${var.name}-fsx-csi-${var.region}', ",
      join("", [length("${var.name}-fsx-csi-${var.region}"), " characters where 64 are allowed"]),
      "."
    ])
  }

  validation {
    condition = length("${var.name}-s3-csi-${var.region}") <= 64
    error_message = join("", [
      "name is too long: the S3 driver's role would be '${var.name}-s3-csi-${var.region}', ",
      join("", [length("${var.name}-s3-csi-${var.region}"), " characters where 64 are allowed"]),
      "."
    ])
  }

  validation {
    condition = length("${var.name}-storage") <= 53
    error_message = join("", [
      "name is too long: the release of namespaces and storage would be '${var.name}-storage', ",
      join("", [length("${var.name}-storage"), " characters where 53 are allowed"]),
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
  description = "EKS cluster of the add-ons."
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
  description = "HyperPod cluster whose nodes the add-ons run on. Naming it makes them come after it and go before it."
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

variable "coredns" {
  description = "CoreDNS, which then is an EKS add-on: it takes the self-managed one over."
  type = object({
    addon_version            = optional(string)
    configuration_values     = optional(string)
    service_account_role_arn = optional(string)
    pod_identity_roles       = optional(map(string), {})
    preserve                 = optional(bool, true)
    enabled                  = optional(bool, true)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.coredns.addon_version == null || can(regex("^(?:v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+)$", var.coredns.addon_version))
    error_message = "coredns.addon_version must be a version of an EKS add-on such as 'v1.20.1-eksbuild.1'."
  }

  validation {
    condition = (
      var.coredns.service_account_role_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", var.coredns.service_account_role_arn))
    )
    error_message = "coredns.service_account_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition = alltrue([
      for item in values(var.coredns.pod_identity_roles) :
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", item))
    ])
    error_message = "Every element of coredns.pod_identity_roles must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = var.coredns.configuration_values == null ? true : can(keys(jsondecode(var.coredns.configuration_values)))
    error_message = "configuration_values of an add-on must be a JSON object."
  }
}

variable "metrics_server" {
  description = "Metrics Server, for `kubectl top` and the autoscaling of pods."
  type = object({
    addon_version            = optional(string)
    configuration_values     = optional(string)
    service_account_role_arn = optional(string)
    pod_identity_roles       = optional(map(string), {})
    preserve                 = optional(bool, false)
    enabled                  = optional(bool, true)
  })
  default  = {}
  nullable = false

  validation {
    condition = (
      var.metrics_server.addon_version == null ||
      can(regex("^(?:v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+)$", var.metrics_server.addon_version))
    )
    error_message = "metrics_server.addon_version must be a version of an EKS add-on such as 'v1.20.1-eksbuild.1'."
  }

  validation {
    condition = (
      var.metrics_server.service_account_role_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", var.metrics_server.service_account_role_arn))
    )
    error_message = "metrics_server.service_account_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition = alltrue([
      for item in values(var.metrics_server.pod_identity_roles) :
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", item))
    ])
    error_message = "Every element of metrics_server.pod_identity_roles must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = var.metrics_server.configuration_values == null ? true : can(keys(jsondecode(var.metrics_server.configuration_values)))
    error_message = "configuration_values of an add-on must be a JSON object."
  }
}

variable "cert_manager" {
  description = "cert-manager, which HyperPod's training operator needs."
  type = object({
    addon_version            = optional(string)
    configuration_values     = optional(string)
    service_account_role_arn = optional(string)
    pod_identity_roles       = optional(map(string), {})
    preserve                 = optional(bool, false)
    enabled                  = optional(bool, true)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.cert_manager.addon_version == null || can(regex("^(?:v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+)$", var.cert_manager.addon_version))
    error_message = "cert_manager.addon_version must be a version of an EKS add-on such as 'v1.20.1-eksbuild.1'."
  }

  validation {
    condition = (
      var.cert_manager.service_account_role_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", var.cert_manager.service_account_role_arn))
    )
    error_message = "cert_manager.service_account_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition = alltrue([
      for item in values(var.cert_manager.pod_identity_roles) :
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", item))
    ])
    error_message = "Every element of cert_manager.pod_identity_roles must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = var.cert_manager.configuration_values == null ? true : can(keys(jsondecode(var.cert_manager.configuration_values)))
    error_message = "configuration_values of an add-on must be a JSON object."
  }
}

variable "fsx_csi_driver" {
  description = "The driver with which pods mount FSx for Lustre."
  type = object({
    addon_version            = optional(string)
    configuration_values     = optional(string)
    service_account_role_arn = optional(string)
    pod_identity_roles       = optional(map(string), {})
    preserve                 = optional(bool, false)
    enabled                  = optional(bool, true)
  })
  default  = {}
  nullable = false

  validation {
    condition = (
      var.fsx_csi_driver.addon_version == null ||
      can(regex("^(?:v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+)$", var.fsx_csi_driver.addon_version))
    )
    error_message = "fsx_csi_driver.addon_version must be a version of an EKS add-on such as 'v1.20.1-eksbuild.1'."
  }

  validation {
    condition = (
      var.fsx_csi_driver.service_account_role_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", var.fsx_csi_driver.service_account_role_arn))
    )
    error_message = "fsx_csi_driver.service_account_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition = alltrue([
      for item in values(var.fsx_csi_driver.pod_identity_roles) :
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", item))
    ])
    error_message = "Every element of fsx_csi_driver.pod_identity_roles must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = var.fsx_csi_driver.configuration_values == null ? true : can(keys(jsondecode(var.fsx_csi_driver.configuration_values)))
    error_message = "configuration_values of an add-on must be a JSON object."
  }
}

variable "s3_csi_driver" {
  description = "The driver with which pods mount S3 buckets (Mountpoint). Its role is by pod identity, which it has from v2.0 on."
  type = object({
    addon_version            = optional(string)
    configuration_values     = optional(string)
    service_account_role_arn = optional(string)
    pod_identity_roles       = optional(map(string), {})
    preserve                 = optional(bool, false)
    enabled                  = optional(bool, true)
  })
  default  = {}
  nullable = false

  validation {
    condition = (
      var.s3_csi_driver.addon_version == null ||
      can(regex("^(?:v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+)$", var.s3_csi_driver.addon_version))
    )
    error_message = "s3_csi_driver.addon_version must be a version of an EKS add-on such as 'v1.20.1-eksbuild.1'."
  }

  validation {
    condition = (
      var.s3_csi_driver.service_account_role_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", var.s3_csi_driver.service_account_role_arn))
    )
    error_message = "s3_csi_driver.service_account_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition = alltrue([
      for item in values(var.s3_csi_driver.pod_identity_roles) :
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", item))
    ])
    error_message = "Every element of s3_csi_driver.pod_identity_roles must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = var.s3_csi_driver.configuration_values == null ? true : can(keys(jsondecode(var.s3_csi_driver.configuration_values)))
    error_message = "configuration_values of an add-on must be a JSON object."
  }

  validation {
    condition = (
      var.s3_csi_driver.addon_version == null ||
      !can(regex("^(?:v1\\..+)$", var.s3_csi_driver.addon_version)) ||
      var.s3_csi_driver.service_account_role_arn != null
    )
    error_message = "The S3 driver has its role by pod identity from v2.0 on only: before, service_account_role_arn must name one."
  }
}

variable "further_addons" {
  description = "Further EKS add-ons that become active on nodes, by name."
  type = map(object({
    addon_version            = optional(string)
    configuration_values     = optional(string)
    service_account_role_arn = optional(string)
    pod_identity_roles       = optional(map(string), {})
    preserve                 = optional(bool, false)
  }))
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for key in keys(var.further_addons) : can(regex("^(?:[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*)$", key)) ? length(key) <= 63 : false])
    error_message = "Every key of further_addons must be the name of an EKS add-on such as 'metrics-server' and must have at most 63 characters."
  }

  validation {
    condition     = alltrue([for item in values(var.further_addons) : item != null])
    error_message = "No element of further_addons may be null."
  }

  validation {
    condition = alltrue([
      for item in values(var.further_addons) :
      item.addon_version == null || can(regex("^(?:v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+)$", item.addon_version))
      if item != null
    ])
    error_message = join("", [
      "Every further_addons[].addon_version must be a version of an EKS add-on such as 'v1.20.1-eksbuild.1'",
      try(join("", [": ", join(", ", [
        for key, item in var.further_addons : key
        if nonsensitive(!(item.addon_version == null || can(regex("^(?:v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+)$", item.addon_version))))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.further_addons) :
      item.service_account_role_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", item.service_account_role_arn))
      if item != null
    ])
    error_message = "Every further_addons[].service_account_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition = alltrue([
      for item in values(var.further_addons) :
      alltrue([
        for part in values(item.pod_identity_roles) :
        can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", part))
      ])
      if item != null
    ])
    error_message = "Every element of further_addons[].pod_identity_roles must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition = alltrue([
      for item in var.further_addons :
      item.configuration_values == null ? true : can(keys(jsondecode(item.configuration_values)))
      if item != null
    ])
    error_message = join("", [
      "configuration_values of an add-on must be a JSON object",
      try(join("", [": ", join(", ", [
        for key, item in var.further_addons : key
        if nonsensitive(item.configuration_values == null ? false : !can(keys(jsondecode(item.configuration_values))))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = length(
      setintersection(
        keys(var.further_addons),
        ["coredns", "metrics-server", "cert-manager", "aws-fsx-csi-driver", "aws-mountpoint-s3-csi-driver"]
      )
    ) == 0
    error_message = "An add-on that has an input of its own must not be in further_addons."
  }
}

variable "restricted_nodes" {
  description = <<-EOT
    Whether the nodes are those of restricted groups: the five add-ons then tolerate their taint, unless they have configuration_values of
    their own.
  EOT
  type        = bool
  default     = false
  nullable    = false
}

variable "namespaces" {
  description = "Namespaces to make. One that is taken out is deleted with all that is in it."
  type = map(object({
    labels = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for key in keys(var.namespaces) :
      can(regex("^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)$", key)) ? length(key) >= 1 && length(key) <= 63 : false
    ])
    error_message = "Every key of namespaces must be a Kubernetes name of lower-case letters, digits and inner hyphens and must have 1 to 63 characters."
  }

  validation {
    condition     = alltrue([for item in values(var.namespaces) : item != null])
    error_message = "No element of namespaces may be null."
  }

  validation {
    condition = alltrue([
      for item in values(var.namespaces) :
      alltrue([
        for key in keys(item.labels) :
        can(regex(join("", [
          "^(?:(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9](?:[A-Za-z",
          "0-9_.-]*[A-Za-z0-9])?)$"
        ]), key)) ?
        length(key) >= 1 && length(key) <= 317 : false
      ])
      if item != null
    ])
    error_message = "Every key of namespaces[].labels must be a Kubernetes key such as 'example.com/dedicated' and must have 1 to 317 characters."
  }

  validation {
    condition = alltrue([
      for item in values(var.namespaces) :
      alltrue([
        for part in values(item.labels) :
        can(regex("^(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?)$", part)) ?
        length(part) >= 1 && length(part) <= 63 : false
      ])
      if item != null
    ])
    error_message = "Every element of namespaces[].labels must be a Kubernetes label value: letters, digits, inner -, _ and . and must have 1 to 63 characters."
  }
}

variable "storage_classes" {
  description = <<-EOT
    Classes of FSx for Lustre file systems, by name. Every claim of such a class makes a file system of its own, which costs money until the
    claim is deleted.
  EOT
  type = map(object({
    deployment_type             = optional(string, "PERSISTENT_2")
    per_unit_storage_throughput = optional(number)
    data_compression_type       = optional(string, "LZ4")
    file_system_type_version    = optional(string, "2.15")
    availability_zone_id        = optional(string)
    security_group_ids          = optional(list(string), [])
    kms_key_arn                 = optional(string)
    reclaim_policy              = optional(string, "Delete")
    default                     = optional(bool, false)
    mount_options               = optional(list(string), ["flock"])
    parameters                  = optional(map(string), {})
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for key in keys(var.storage_classes) :
      can(regex("^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)$", key)) ?
      length(key) >= 1 && length(key) <= 180 : false
    ])
    error_message = "Every key of storage_classes must be a name of lower-case letters, digits, inner hyphens and dots and must have 1 to 180 characters."
  }

  validation {
    condition     = alltrue([for item in values(var.storage_classes) : item != null])
    error_message = "No element of storage_classes may be null."
  }

  validation {
    condition = alltrue([
      for item in values(var.storage_classes) :
      contains(["SCRATCH_1", "SCRATCH_2", "PERSISTENT_1", "PERSISTENT_2"], item.deployment_type)
      if item != null
    ])
    error_message = join("", [
      "Every storage_classes[].deployment_type must be one of 'SCRATCH_1', 'SCRATCH_2', 'PERSISTENT_1', 'PERSISTENT_2'",
      try(join("", [": ", join(", ", [
        for key, item in var.storage_classes : key
        if nonsensitive(!contains(["SCRATCH_1", "SCRATCH_2", "PERSISTENT_1", "PERSISTENT_2"], item.deployment_type))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.storage_classes) :
      item.per_unit_storage_throughput == null ? true : floor(item.per_unit_storage_throughput) == item.per_unit_storage_throughput
      if item != null
    ])
    error_message = join("", [
      "Every storage_classes[].per_unit_storage_throughput must be a whole number",
      try(join("", [": ", join(", ", [
        for key, item in var.storage_classes : key
        if nonsensitive(item.per_unit_storage_throughput == null ? false : floor(item.per_unit_storage_throughput) != item.per_unit_storage_throughput)
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([for item in values(var.storage_classes) : contains(["NONE", "LZ4"], item.data_compression_type) if item != null])
    error_message = join("", [
      "Every storage_classes[].data_compression_type must be one of 'NONE', 'LZ4'",
      try(join("", [": ", join(", ", [
        for key, item in var.storage_classes : key
        if nonsensitive(!contains(["NONE", "LZ4"], item.data_compression_type))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([for item in values(var.storage_classes) : contains(["2.10", "2.12", "2.15"], item.file_system_type_version) if item != null])
    error_message = join("", [
      "Every storage_classes[].file_system_type_version must be one of '2.10', '2.12', '2.15'",
      try(join("", [": ", join(", ", [
        for key, item in var.storage_classes : key
        if nonsensitive(!contains(["2.10", "2.12", "2.15"], item.file_system_type_version))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.storage_classes) :
      item.availability_zone_id == null ||
      can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", item.availability_zone_id))
      if item != null
    ])
    error_message = "Every storage_classes[].availability_zone_id must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition = alltrue([for item in values(var.storage_classes) : length(item.security_group_ids) <= 50 if item != null])
    error_message = join("", [
      "Every storage_classes[].security_group_ids must have at most 50 elements",
      try(join("", [": ", join(", ", [
        for key, item in var.storage_classes : key
        if nonsensitive(length(item.security_group_ids) > 50)
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.storage_classes) :
      alltrue([for part in item.security_group_ids : can(regex("^(?:sg-[0-9a-f]{8,17})$", part))])
      if item != null
    ])
    error_message = join("", [
      "Every element of storage_classes[].security_group_ids must be a security group id such as 'sg-0123456789abcdef0'",
      try(join("", [": ", join(", ", [
        for key, item in var.storage_classes : key
        if nonsensitive(!alltrue([for part in item.security_group_ids : can(regex("^(?:sg-[0-9a-f]{8,17})$", part))]))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.storage_classes) :
      item.kms_key_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$", item.kms_key_arn))
      if item != null
    ])
    error_message = join("", [
      "Every storage_classes[].kms_key_arn must be the ARN of a KMS key such as ",
      "'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'."
    ])
  }

  validation {
    condition = alltrue([for item in values(var.storage_classes) : contains(["Delete", "Retain"], item.reclaim_policy) if item != null])
    error_message = join("", [
      "Every storage_classes[].reclaim_policy must be one of 'Delete', 'Retain'",
      try(join("", [": ", join(", ", [
        for key, item in var.storage_classes : key
        if nonsensitive(!contains(["Delete", "Retain"], item.reclaim_policy))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([for item in values(var.storage_classes) : alltrue([for part in item.mount_options : part != null]) if item != null])
    error_message = join("", [
      "No element of storage_classes[].mount_options may be null",
      try(join("", [": ", join(", ", [
        for key, item in var.storage_classes : key
        if nonsensitive(!alltrue([for part in item.mount_options : part != null]))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([for item in values(var.storage_classes) : alltrue([for part in values(item.parameters) : part != null]) if item != null])
    error_message = join("", [
      "No element of storage_classes[].parameters may be null",
      try(join("", [": ", join(", ", [
        for key, item in var.storage_classes : key
        if nonsensitive(!alltrue([for part in values(item.parameters) : part != null]))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition     = length(var.storage_classes) >= 1 ? var.fsx_csi_driver.enabled : true
    error_message = "File systems of storage_classes are made by the driver of fsx_csi_driver, which must be enabled."
  }

  validation {
    condition     = length(var.storage_classes) == 0 || (var.private_subnet_ids != null && var.security_group_id != null)
    error_message = "File systems of storage_classes need private_subnet_ids and security_group_id."
  }

  validation {
    condition = alltrue([
      for item in var.storage_classes :
      item.availability_zone_id == null ? true :
      var.private_subnet_ids == null ? true : contains(keys(var.private_subnet_ids), item.availability_zone_id)
      if item != null
    ])
    error_message = "availability_zone_id of a storage class must be a zone of private_subnet_ids."
  }

  validation {
    condition = alltrue([
      for item in var.storage_classes :
      item.per_unit_storage_throughput == null ? true :
      (item.deployment_type == "PERSISTENT_1" ? contains([50, 100, 200], item.per_unit_storage_throughput) : false) ? true :
      item.deployment_type == "PERSISTENT_2" ? contains([125, 250, 500, 1000], item.per_unit_storage_throughput) : false
      if item != null
    ])
    error_message = "per_unit_storage_throughput must be 125, 250, 500 or 1000 with PERSISTENT_2, 50, 100 or 200 with PERSISTENT_1, or null."
  }

  validation {
    condition = (
      (
        [for class in values(var.storage_classes) : class.default if class.default] == null ? 0 :
        length([for class in values(var.storage_classes) : class.default if class.default])
      ) <=
      1
    )
    error_message = "One storage class at most is the default."
  }
}

variable "lustre_volumes" {
  description = "FSx for Lustre file systems that exist, as volumes with claims, by name: the environment's, or others."
  type = map(object({
    namespaces     = optional(list(string), ["default"])
    claim_name     = optional(string)
    read_only      = optional(bool, false)
    mount_options  = optional(list(string), ["flock"])
    file_system_id = optional(string)
    dns_name       = optional(string)
    mount_name     = optional(string)
    capacity_gib   = optional(number, 1200)
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for key in keys(var.lustre_volumes) :
      can(regex("^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)$", key)) ?
      length(key) >= 1 && length(key) <= 180 : false
    ])
    error_message = "Every key of lustre_volumes must be a name of lower-case letters, digits, inner hyphens and dots and must have 1 to 180 characters."
  }

  validation {
    condition     = alltrue([for item in values(var.lustre_volumes) : item != null])
    error_message = "No element of lustre_volumes may be null."
  }

  validation {
    condition = alltrue([for item in values(var.lustre_volumes) : length(item.namespaces) >= 1 if item != null])
    error_message = join("", [
      "Every lustre_volumes[].namespaces must have at least 1 element",
      try(join("", [": ", join(", ", [
        for key, item in var.lustre_volumes : key
        if nonsensitive(length(item.namespaces) == 0)
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.lustre_volumes) :
      alltrue([
        for part in item.namespaces :
        can(regex("^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)$", part)) ? length(part) >= 1 && length(part) <= 63 : false
      ])
      if item != null
    ])
    error_message = join("", [
      "Every element of lustre_volumes[].namespaces must be a Kubernetes name of lower-case letters, digits and inner hyphens and must have 1 to ",
      "63 characters."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.lustre_volumes) :
      item.claim_name == null ? true :
      can(regex("^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)$", item.claim_name)) ?
      length(item.claim_name) >= 1 && length(item.claim_name) <= 180 : false
      if item != null
    ])
    error_message = "Every lustre_volumes[].claim_name must be a name of lower-case letters, digits, inner hyphens and dots and must have 1 to 180 characters."
  }

  validation {
    condition = alltrue([for item in values(var.lustre_volumes) : alltrue([for part in item.mount_options : part != null]) if item != null])
    error_message = join("", [
      "No element of lustre_volumes[].mount_options may be null",
      try(join("", [": ", join(", ", [
        for key, item in var.lustre_volumes : key
        if nonsensitive(!alltrue([for part in item.mount_options : part != null]))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.lustre_volumes) :
      item.file_system_id == null || can(regex("^(?:fs-[0-9a-f]{8,17})$", item.file_system_id))
      if item != null
    ])
    error_message = join("", [
      "Every lustre_volumes[].file_system_id must be a file system id such as 'fs-0123456789abcdef0'",
      try(join("", [": ", join(", ", [
        for key, item in var.lustre_volumes : key
        if nonsensitive(!(item.file_system_id == null || can(regex("^(?:fs-[0-9a-f]{8,17})$", item.file_system_id))))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.lustre_volumes) :
      item.dns_name == null ? true :
      can(regex("^(?:(?:fs|fc)i?-[0-9a-f]{8,}\\..{4,253})$", item.dns_name)) ?
      length(item.dns_name) >= 16 && length(item.dns_name) <= 275 : false
      if item != null
    ])
    error_message = join("", [
      "Every lustre_volumes[].dns_name must be a file system's DNS name such as 'fs-0123456789abcdef0.fsx.us-west-2.amazonaws.com' and must have ",
      "16 to 275 characters."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.lustre_volumes) :
      item.mount_name == null || can(regex("^(?:[A-Za-z0-9_-]{1,8})$", item.mount_name))
      if item != null
    ])
    error_message = join("", [
      "Every lustre_volumes[].mount_name must be a Lustre mount name of one to eight letters, digits, - or _",
      try(join("", [": ", join(", ", [
        for key, item in var.lustre_volumes : key
        if nonsensitive(!(item.mount_name == null || can(regex("^(?:[A-Za-z0-9_-]{1,8})$", item.mount_name))))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.lustre_volumes) :
      floor(item.capacity_gib) == item.capacity_gib && item.capacity_gib >= 1
      if item != null
    ])
    error_message = join("", [
      "Every lustre_volumes[].capacity_gib must be a whole number, at least 1",
      try(join("", [": ", join(", ", [
        for key, item in var.lustre_volumes : key
        if nonsensitive(!(floor(item.capacity_gib) == item.capacity_gib && item.capacity_gib >= 1))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in var.lustre_volumes :
      item.file_system_id != null || (var.file_system_id != null && var.file_system_dns_name != null)
      if item != null
    ])
    error_message = join("", [
      "A volume without file_system_id is the environment's file system, and there is none: file_system_id, dns_name and mount_name must name one",
      try(join("", [": ", join(", ", [
        for key, item in var.lustre_volumes : key
        if nonsensitive(!(item.file_system_id != null || (var.file_system_id != null && var.file_system_dns_name != null)))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in var.lustre_volumes :
      (item.file_system_id != null && item.dns_name != null && item.mount_name != null) ||
      (item.file_system_id == null && item.dns_name == null && item.mount_name == null)
      if item != null
    ])
    error_message = "A volume must name file_system_id, dns_name and mount_name together, or none of them for the environment's file system."
  }

  validation {
    condition = alltrue([for item in var.lustre_volumes : length(distinct(item.namespaces)) == length(item.namespaces) if item != null])
    error_message = join("", [
      "Every namespace of a volume must be named once",
      try(join("", [": ", join(", ", [
        for key, item in var.lustre_volumes : key
        if nonsensitive(!(length(distinct(item.namespaces)) == length(item.namespaces)))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition     = length(var.lustre_volumes) >= 1 ? var.fsx_csi_driver.enabled : true
    error_message = "Pods mount lustre_volumes by the driver of fsx_csi_driver, which must be enabled."
  }
}

variable "bucket_volumes" {
  description = "S3 buckets as volumes with claims, by name. Pods may read no other buckets."
  type = map(object({
    namespaces    = optional(list(string), ["default"])
    claim_name    = optional(string)
    read_only     = optional(bool, true)
    mount_options = optional(list(string), [])
    bucket_name   = string
    prefix        = optional(string)
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for key in keys(var.bucket_volumes) :
      can(regex("^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)$", key)) ?
      length(key) >= 1 && length(key) <= 180 : false
    ])
    error_message = "Every key of bucket_volumes must be a name of lower-case letters, digits, inner hyphens and dots and must have 1 to 180 characters."
  }

  validation {
    condition     = alltrue([for item in values(var.bucket_volumes) : item != null])
    error_message = "No element of bucket_volumes may be null."
  }

  validation {
    condition = alltrue([for item in values(var.bucket_volumes) : length(item.namespaces) >= 1 if item != null])
    error_message = join("", [
      "Every bucket_volumes[].namespaces must have at least 1 element",
      try(join("", [": ", join(", ", [
        for key, item in var.bucket_volumes : key
        if nonsensitive(length(item.namespaces) == 0)
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.bucket_volumes) :
      alltrue([
        for part in item.namespaces :
        can(regex("^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)$", part)) ? length(part) >= 1 && length(part) <= 63 : false
      ])
      if item != null
    ])
    error_message = join("", [
      "Every element of bucket_volumes[].namespaces must be a Kubernetes name of lower-case letters, digits and inner hyphens and must have 1 to ",
      "63 characters."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.bucket_volumes) :
      item.claim_name == null ? true :
      can(regex("^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*)$", item.claim_name)) ?
      length(item.claim_name) >= 1 && length(item.claim_name) <= 180 : false
      if item != null
    ])
    error_message = "Every bucket_volumes[].claim_name must be a name of lower-case letters, digits, inner hyphens and dots and must have 1 to 180 characters."
  }

  validation {
    condition = alltrue([for item in values(var.bucket_volumes) : alltrue([for part in item.mount_options : part != null]) if item != null])
    error_message = join("", [
      "No element of bucket_volumes[].mount_options may be null",
      try(join("", [": ", join(", ", [
        for key, item in var.bucket_volumes : key
        if nonsensitive(!alltrue([for part in item.mount_options : part != null]))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.bucket_volumes) :
      can(regex("^(?:.*[a-z-].*|[^.]*(?:\\.[^.]*){0,2}|[^.]*(?:\\.[^.]*){4,})$", item.bucket_name)) ?
      (
        can(regex("^(?:[a-z0-9](?:(?:\\.?[a-z0-9-])*\\.?[a-z0-9])?)$", item.bucket_name)) ?
        length(item.bucket_name) >= 3 && length(item.bucket_name) <= 63 : false
      ) : false
      if item != null
    ])
    error_message = join("", [
      "Every bucket_volumes[].bucket_name must be a bucket name: S3 takes none that looks like an IP address and must be a bucket name of ",
      "lower-case letters, digits, hyphens and single dots and must have 3 to 63 characters."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.bucket_volumes) :
      item.prefix == null ? true : can(regex("^(?:[^/].*/)$", item.prefix)) ? length(item.prefix) <= 900 : false
      if item != null
    ])
    error_message = join("", [
      "Every bucket_volumes[].prefix must be a prefix of keys that ends in a slash, such as 'data/' and must have at most 900 characters",
      try(join("", [": ", join(", ", [
        for key, item in var.bucket_volumes : key
        if nonsensitive(item.prefix == null ? false : can(regex("^(?:[^/].*/)$", item.prefix)) ? length(item.prefix) > 900 : true)
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([for item in var.bucket_volumes : length(distinct(item.namespaces)) == length(item.namespaces) if item != null])
    error_message = join("", [
      "Every namespace of a volume must be named once",
      try(join("", [": ", join(", ", [
        for key, item in var.bucket_volumes : key
        if nonsensitive(!(length(distinct(item.namespaces)) == length(item.namespaces)))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition     = length(var.bucket_volumes) >= 1 ? var.s3_csi_driver.enabled : true
    error_message = "Pods mount bucket_volumes by the driver of s3_csi_driver, which must be enabled."
  }
}

variable "bucket_kms_key_arns" {
  description = "Keys that encrypt those buckets, where they are not S3's own."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([for item in var.bucket_kms_key_arns : can(regex("^(?:arn:aws(?:-[a-z]+)*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)$", item))])
    error_message = join("", [
      "Every element of bucket_kms_key_arns must be the ARN of a KMS key such as ",
      "'arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab'."
    ])
  }
}

variable "file_system_id" {
  description = "The environment's file system."
  type        = string
  default     = null

  validation {
    condition     = var.file_system_id == null || can(regex("^(?:fs-[0-9a-f]{8,17})$", var.file_system_id))
    error_message = "file_system_id must be a file system id such as 'fs-0123456789abcdef0'."
  }
}

variable "file_system_dns_name" {
  description = "DNS name of it."
  type        = string
  default     = null

  validation {
    condition = (
      var.file_system_dns_name == null ? true :
      can(regex("^(?:(?:fs|fc)i?-[0-9a-f]{8,}\\..{4,253})$", var.file_system_dns_name)) ?
      length(var.file_system_dns_name) >= 16 && length(var.file_system_dns_name) <= 275 : false
    )
    error_message = join("", [
      "file_system_dns_name must be a file system's DNS name such as 'fs-0123456789abcdef0.fsx.us-west-2.amazonaws.com' and must have 16 to 275 ",
      "characters."
    ])
  }
}

variable "file_system_mount_name" {
  description = "Lustre mount name of it."
  type        = string
  default     = null

  validation {
    condition     = var.file_system_mount_name == null || can(regex("^(?:[A-Za-z0-9_-]{1,8})$", var.file_system_mount_name))
    error_message = "file_system_mount_name must be a Lustre mount name of one to eight letters, digits, - or _."
  }
}

variable "private_subnet_ids" {
  description = "Subnets by zone id, for the file systems of storage_classes."
  type        = map(string)
  default     = null

  validation {
    condition = (
      var.private_subnet_ids == null ? true :
      alltrue([for key in keys(var.private_subnet_ids) : can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", key))])
    )
    error_message = "Every key of private_subnet_ids must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition = (
      var.private_subnet_ids == null ? true :
      alltrue([for item in values(var.private_subnet_ids) : can(regex("^(?:subnet-[0-9a-f]{8,17})$", item))])
    )
    error_message = "Every element of private_subnet_ids must be a subnet id such as 'subnet-0123456789abcdef0'."
  }
}

variable "primary_availability_zone_id" {
  description = "Zone of storage_classes that name none."
  type        = string
  default     = null

  validation {
    condition = (
      var.primary_availability_zone_id == null ||
      can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", var.primary_availability_zone_id))
    )
    error_message = "primary_availability_zone_id must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }
}

variable "security_group_id" {
  description = "Security group of the nodes, for the file systems of storage_classes."
  type        = string
  default     = null

  validation {
    condition     = var.security_group_id == null || can(regex("^(?:sg-[0-9a-f]{8,17})$", var.security_group_id))
    error_message = "security_group_id must be a security group id such as 'sg-0123456789abcdef0'."
  }
}

variable "role_path" {
  description = "IAM path of the drivers' roles."
  type        = string
  default     = "/"
  nullable    = false

  validation {
    condition     = can(regex("^(?:/|/[!-~]{1,510}/)$", var.role_path))
    error_message = "role_path must be an IAM path that begins and ends with a slash, such as '/ml/'."
  }
}

variable "permissions_boundary_arn" {
  description = "Permissions boundary of the drivers' roles."
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
