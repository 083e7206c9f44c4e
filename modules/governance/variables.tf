# Generated from hp_tf/layers/governance/contract.py by `hptf synth`; edit there.

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
    condition = var.create_scheduler_config && var.scheduler_config_name == null ? length("${var.name}-scheduler-config") <= 63 : true
    error_message = join("", [
      "name is too long: the scheduler configuration would be '${var.name}-scheduler-config', ",
      join("", [length("${var.name}-scheduler-config"), " characters where 63 are allowed"]),
      "."
    ])
  }
}

variable "tags" {
  description = "Tags of every resource that can carry them."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.tags) <= 50
    error_message = "tags must have at most 50 elements."
  }

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

variable "hyperpod_cluster_arn" {
  description = "HyperPod cluster that is governed. Fixed at creation: another cluster gets a configuration and quotas of its own."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:arn:aws(?:-[a-z]+)*:sagemaker:[a-z0-9-]+:[0-9]{12}:cluster/[a-z0-9]{12})$", var.hyperpod_cluster_arn))
    error_message = "hyperpod_cluster_arn must be the ARN of a HyperPod cluster such as 'arn:aws:sagemaker:us-west-2:123456789012:cluster/abcdef123456'."
  }
}

variable "cert_manager_version" {
  description = "Version of cert-manager where there is one; naming it makes the add-on wait: its webhook would be in the way of cert-manager's installation."
  type        = string
  default     = null

  validation {
    condition     = var.cert_manager_version == null ? true : length(var.cert_manager_version) >= 1
    error_message = "cert_manager_version must have at least 1 character."
  }
}

variable "create_addon" {
  description = "Whether to install the add-on; false where the EKS cluster has it already."
  type        = bool
  default     = true
  nullable    = false
}

variable "addon_version" {
  description = "Version of the add-on such as 'v1.3.0-eksbuild.1'. Null takes EKS's default when it is made, and keeps that."
  type        = string
  default     = null

  validation {
    condition     = var.addon_version == null || can(regex("^(?:v[0-9]+\\.[0-9]+\\.[0-9]+-eksbuild\\.[0-9]+)$", var.addon_version))
    error_message = "addon_version must be a version of an EKS add-on such as 'v1.20.1-eksbuild.1'."
  }

  validation {
    condition     = !(var.addon_version != null || var.addon_configuration != null) || var.create_addon
    error_message = "addon_version and addon_configuration are of an add-on made here, so create_addon must be true."
  }
}

variable "addon_configuration" {
  description = "The add-on's own configuration, as JSON text."
  type        = string
  default     = null

  validation {
    condition     = var.addon_configuration == null ? true : can(keys(jsondecode(var.addon_configuration)))
    error_message = "addon_configuration must be a JSON object."
  }
}

variable "create_scheduler_config" {
  description = "Whether to make the cluster's scheduler configuration; false where it has one: a cluster takes one alone."
  type        = bool
  default     = true
  nullable    = false
}

variable "scheduler_config_name" {
  description = "Name of the scheduler configuration; null takes <name>-scheduler-config. Fixed at creation: another name is another configuration."
  type        = string
  default     = null

  validation {
    condition = (
      var.scheduler_config_name == null ? true :
      can(regex("^(?:[a-zA-Z0-9](?:-*[a-zA-Z0-9])*)$", var.scheduler_config_name)) ?
      length(var.scheduler_config_name) >= 1 && length(var.scheduler_config_name) <= 63 : false
    )
    error_message = "scheduler_config_name must be a name of letters, digits and inner hyphens and must have 1 to 63 characters."
  }

  validation {
    condition     = var.scheduler_config_name == null || var.create_scheduler_config
    error_message = "scheduler_config_name is given, so create_scheduler_config must be true."
  }
}

variable "scheduler_config_description" {
  description = "What the scheduler configuration is for."
  type        = string
  default     = null

  validation {
    condition = (
      var.scheduler_config_description == null ? true :
      length(var.scheduler_config_description) >= 1 && length(var.scheduler_config_description) <= 1024
    )
    error_message = "scheduler_config_description must have 1 to 1024 characters."
  }
}

variable "priority_classes" {
  description = "Classes of tasks by name, with their weights: 100 goes first. Pods name <class>-priority in the label kueue.x-k8s.io/priority-class."
  type        = map(number)
  default = {
    inference       = 100
    experimentation = 90
    training        = 80
    fine-tuning     = 70
    interactive     = 60
  }
  nullable = false

  validation {
    condition     = length(var.priority_classes) >= 1 && length(var.priority_classes) <= 10
    error_message = "priority_classes must have 1 to 10 elements."
  }

  validation {
    condition = alltrue([
      for key in keys(var.priority_classes) :
      can(regex("^(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)$", key)) ? length(key) >= 1 && length(key) <= 40 : false
    ])
    error_message = join("", [
      "Every key of priority_classes must be a priority class of lower-case letters, digits and inner hyphens, such as 'training' and must have ",
      "1 to 40 characters."
    ])
  }

  validation {
    condition     = alltrue([for item in values(var.priority_classes) : item == null ? false : floor(item) == item && item >= 0 && item <= 100])
    error_message = "Every element of priority_classes must be a whole number, from 0 to 100."
  }
}

variable "fair_share" {
  description = "Whether teams borrow idle compute by their fair_share_weight; otherwise who comes first has it."
  type        = bool
  default     = false
  nullable    = false
}

variable "idle_resource_sharing" {
  description = "Whether what no quota holds is reckoned up by itself, for teams to borrow."
  type        = bool
  default     = false
  nullable    = false
}

variable "teams" {
  description = "Teams by name, each with its quota. Their namespaces are hyperpod-ns-<team>. A quota that goes takes its team's queue with it."
  type = map(object({
    quota_name  = optional(string)
    description = optional(string)
    enabled     = optional(bool, true)
    resources = optional(list(object({
      instance_type = string
      count         = optional(number)
      accelerators  = optional(number)
      accelerator_partition = optional(object({
        profile = string
        count   = number
      }))
      vcpu       = optional(number)
      memory_gib = optional(number)
    })), [])
    fair_share_weight    = optional(number, 0)
    sharing              = optional(string, "LendAndBorrow")
    borrow_limit_percent = optional(number, 50)
    borrow_limits = optional(list(object({
      instance_type = string
      count         = optional(number)
      accelerators  = optional(number)
      accelerator_partition = optional(object({
        profile = string
        count   = number
      }))
      vcpu       = optional(number)
      memory_gib = optional(number)
    })), [])
    preempt_team_tasks = optional(string, "LowerPriority")
  }))
  default  = {}
  nullable = false

  validation {
    condition = alltrue([
      for key in keys(var.teams) :
      can(regex("^(?:[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)$", key)) ? length(key) >= 1 && length(key) <= 40 : false
    ])
    error_message = join("", [
      "Every key of teams must be a team's name of lower-case letters, digits and inner hyphens, such as 'research' and must have 1 to 40 ",
      "characters."
    ])
  }

  validation {
    condition     = alltrue([for item in values(var.teams) : item != null])
    error_message = "No element of teams may be null."
  }

  validation {
    condition = alltrue([
      for item in values(var.teams) :
      item.quota_name == null ? true :
      can(regex("^(?:[a-zA-Z0-9](?:-*[a-zA-Z0-9])*)$", item.quota_name)) ?
      length(item.quota_name) >= 1 && length(item.quota_name) <= 63 : false
      if item != null
    ])
    error_message = "Every teams[].quota_name must be a name of letters, digits and inner hyphens and must have 1 to 63 characters."
  }

  validation {
    condition = alltrue([
      for item in values(var.teams) :
      item.description == null ? true : length(item.description) >= 1 && length(item.description) <= 1024
      if item != null
    ])
    error_message = join("", [
      "Every teams[].description must have 1 to 1024 characters",
      try(join("", [": ", join(", ", [
        for key, item in var.teams : key
        if nonsensitive(item.description == null ? false : !(length(item.description) >= 1 && length(item.description) <= 1024))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([for item in values(var.teams) : length(item.resources) <= 15 if item != null])
    error_message = join("", [
      "Every teams[].resources must have at most 15 elements",
      try(join("", [": ", join(", ", [
        for key, item in var.teams : key
        if nonsensitive(length(item.resources) > 15)
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([for item in values(var.teams) : alltrue([for part in item.resources : part != null]) if item != null])
    error_message = join("", [
      "No element of teams[].resources may be null",
      try(join("", [": ", join(", ", [
        for key, item in var.teams : key
        if nonsensitive(!alltrue([for part in item.resources : part != null]))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.teams) :
      alltrue([for part in item.resources : can(regex("^(?:ml\\.[a-z0-9-]+\\.[a-z0-9]+)$", part.instance_type)) if part != null])
      if item != null
    ])
    error_message = join("", [
      "Every teams[].resources[].instance_type must be an instance type such as 'ml.p5.48xlarge'",
      try(join("", [": ", join(", ", [
        for key, item in var.teams : key
        if nonsensitive(!alltrue([for part in item.resources : can(regex("^(?:ml\\.[a-z0-9-]+\\.[a-z0-9]+)$", part.instance_type)) if part != null]))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.teams) :
      alltrue([
        for part in item.resources :
        part.count == null ? true : floor(part.count) == part.count && part.count >= 0 && part.count <= 10000000
        if part != null
      ])
      if item != null
    ])
    error_message = "Every teams[].resources[].count must be a whole number, from 0 to 10000000."
  }

  validation {
    condition = alltrue([
      for item in values(var.teams) :
      alltrue([
        for part in item.resources :
        part.accelerators == null ? true :
        floor(part.accelerators) == part.accelerators && part.accelerators >= 0 && part.accelerators <= 10000000
        if part != null
      ])
      if item != null
    ])
    error_message = "Every teams[].resources[].accelerators must be a whole number, from 0 to 10000000."
  }

  validation {
    condition = alltrue([
      for item in values(var.teams) :
      alltrue([
        for part in item.resources :
        part.accelerator_partition == null ? true :
        can(regex("^(?:mig-[1-7]g\\.[0-9]+gb)$", part.accelerator_partition.profile))
        if part != null
      ])
      if item != null
    ])
    error_message = "Every teams[].resources[].accelerator_partition.profile must be a part of a GPU such as 'mig-1g.10gb'."
  }

  validation {
    condition = alltrue([
      for item in values(var.teams) :
      alltrue([
        for part in item.resources :
        part.accelerator_partition == null ? true :
        part.accelerator_partition.count == null ? false :
        floor(part.accelerator_partition.count) == part.accelerator_partition.count ?
        (part.accelerator_partition.count >= 0 ? part.accelerator_partition.count <= 10000000 : false) : false
        if part != null
      ])
      if item != null
    ])
    error_message = "Every teams[].resources[].accelerator_partition.count must be a whole number, from 0 to 10000000."
  }

  validation {
    condition = alltrue([
      for item in values(var.teams) :
      alltrue([for part in item.resources : part.vcpu == null ? true : part.vcpu >= 0 && part.vcpu <= 10000000 if part != null])
      if item != null
    ])
    error_message = join("", [
      "Every teams[].resources[].vcpu must be a number, from 0 to 10000000",
      try(join("", [": ", join(", ", [
        for key, item in var.teams : key
        if nonsensitive(!alltrue([for part in item.resources : part.vcpu == null ? true : part.vcpu >= 0 && part.vcpu <= 10000000 if part != null]))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.teams) :
      alltrue([
        for part in item.resources :
        part.memory_gib == null ? true : part.memory_gib >= 0 && part.memory_gib <= 10000000
        if part != null
      ])
      if item != null
    ])
    error_message = "Every teams[].resources[].memory_gib must be a number, from 0 to 10000000."
  }

  validation {
    condition = alltrue([
      for item in values(var.teams) :
      floor(item.fair_share_weight) == item.fair_share_weight && item.fair_share_weight >= 0 && item.fair_share_weight <= 100
      if item != null
    ])
    error_message = join("", [
      "Every teams[].fair_share_weight must be a whole number, from 0 to 100",
      try(join("", [": ", join(", ", [
        for key, item in var.teams : key
        if nonsensitive(!(floor(item.fair_share_weight) == item.fair_share_weight && item.fair_share_weight >= 0 && item.fair_share_weight <= 100))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([for item in values(var.teams) : contains(["Lend", "DontLend", "LendAndBorrow"], item.sharing) if item != null])
    error_message = join("", [
      "Every teams[].sharing must be one of 'Lend', 'DontLend', 'LendAndBorrow'",
      try(join("", [": ", join(", ", [
        for key, item in var.teams : key
        if nonsensitive(!contains(["Lend", "DontLend", "LendAndBorrow"], item.sharing))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.teams) :
      floor(item.borrow_limit_percent) == item.borrow_limit_percent &&
      item.borrow_limit_percent >= 1 &&
      item.borrow_limit_percent <= 500
      if item != null
    ])
    error_message = "Every teams[].borrow_limit_percent must be a whole number, from 1 to 500."
  }

  validation {
    condition = alltrue([for item in values(var.teams) : length(item.borrow_limits) <= 15 if item != null])
    error_message = join("", [
      "Every teams[].borrow_limits must have at most 15 elements",
      try(join("", [": ", join(", ", [
        for key, item in var.teams : key
        if nonsensitive(length(item.borrow_limits) > 15)
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([for item in values(var.teams) : alltrue([for part in item.borrow_limits : part != null]) if item != null])
    error_message = join("", [
      "No element of teams[].borrow_limits may be null",
      try(join("", [": ", join(", ", [
        for key, item in var.teams : key
        if nonsensitive(!alltrue([for part in item.borrow_limits : part != null]))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.teams) :
      alltrue([for part in item.borrow_limits : can(regex("^(?:ml\\.[a-z0-9-]+\\.[a-z0-9]+)$", part.instance_type)) if part != null])
      if item != null
    ])
    error_message = join("", [
      "Every teams[].borrow_limits[].instance_type must be an instance type such as 'ml.p5.48xlarge'",
      try(join("", [": ", join(", ", [
        for key, item in var.teams : key
        if nonsensitive(!alltrue([for part in item.borrow_limits : can(regex("^(?:ml\\.[a-z0-9-]+\\.[a-z0-9]+)$", part.instance_type)) if part != null]))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.teams) :
      alltrue([
        for part in item.borrow_limits :
        part.count == null ? true : floor(part.count) == part.count && part.count >= 0 && part.count <= 10000000
        if part != null
      ])
      if item != null
    ])
    error_message = "Every teams[].borrow_limits[].count must be a whole number, from 0 to 10000000."
  }

  validation {
    condition = alltrue([
      for item in values(var.teams) :
      alltrue([
        for part in item.borrow_limits :
        part.accelerators == null ? true :
        floor(part.accelerators) == part.accelerators && part.accelerators >= 0 && part.accelerators <= 10000000
        if part != null
      ])
      if item != null
    ])
    error_message = "Every teams[].borrow_limits[].accelerators must be a whole number, from 0 to 10000000."
  }

  validation {
    condition = alltrue([
      for item in values(var.teams) :
      alltrue([
        for part in item.borrow_limits :
        part.accelerator_partition == null ? true :
        can(regex("^(?:mig-[1-7]g\\.[0-9]+gb)$", part.accelerator_partition.profile))
        if part != null
      ])
      if item != null
    ])
    error_message = "Every teams[].borrow_limits[].accelerator_partition.profile must be a part of a GPU such as 'mig-1g.10gb'."
  }

  validation {
    condition = alltrue([
      for item in values(var.teams) :
      alltrue([
        for part in item.borrow_limits :
        part.accelerator_partition == null ? true :
        part.accelerator_partition.count == null ? false :
        floor(part.accelerator_partition.count) == part.accelerator_partition.count ?
        (part.accelerator_partition.count >= 0 ? part.accelerator_partition.count <= 10000000 : false) : false
        if part != null
      ])
      if item != null
    ])
    error_message = "Every teams[].borrow_limits[].accelerator_partition.count must be a whole number, from 0 to 10000000."
  }

  validation {
    condition = alltrue([
      for item in values(var.teams) :
      alltrue([for part in item.borrow_limits : part.vcpu == null ? true : part.vcpu >= 0 && part.vcpu <= 10000000 if part != null])
      if item != null
    ])
    error_message = join("", [
      "Every teams[].borrow_limits[].vcpu must be a number, from 0 to 10000000",
      try(join("", [": ", join(", ", [
        for key, item in var.teams : key
        if nonsensitive(!alltrue([for part in item.borrow_limits : part.vcpu == null ? true : part.vcpu >= 0 && part.vcpu <= 10000000 if part != null]))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in values(var.teams) :
      alltrue([
        for part in item.borrow_limits :
        part.memory_gib == null ? true : part.memory_gib >= 0 && part.memory_gib <= 10000000
        if part != null
      ])
      if item != null
    ])
    error_message = "Every teams[].borrow_limits[].memory_gib must be a number, from 0 to 10000000."
  }

  validation {
    condition = alltrue([for item in values(var.teams) : contains(["Never", "LowerPriority"], item.preempt_team_tasks) if item != null])
    error_message = join("", [
      "Every teams[].preempt_team_tasks must be one of 'Never', 'LowerPriority'",
      try(join("", [": ", join(", ", [
        for key, item in var.teams : key
        if nonsensitive(!contains(["Never", "LowerPriority"], item.preempt_team_tasks))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([for item in var.teams : length(item.borrow_limits) == 0 || item.sharing == "LendAndBorrow" if item != null])
    error_message = join("", [
      "borrow_limits limits what a team borrows, so sharing must be LendAndBorrow",
      try(join("", [": ", join(", ", [
        for key, item in var.teams : key
        if nonsensitive(!(length(item.borrow_limits) == 0 || item.sharing == "LendAndBorrow"))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in var.teams :
      length(distinct([
        for share in item.resources :
        share.accelerator_partition == null ?
        share.instance_type :
        "${share.instance_type} ${share.accelerator_partition.profile}"
        if share != null
      ])) ==
      length([
        for share in item.resources :
        share.accelerator_partition == null ?
        share.instance_type :
        "${share.instance_type} ${share.accelerator_partition.profile}"
        if share != null
      ])
      if item != null
    ])
    error_message = "Every instance type, or part of its GPUs, must stand once in resources."
  }

  validation {
    condition = alltrue([
      for item in var.teams :
      alltrue([
        for share in item.resources :
        (
          share.count != null ||
          share.accelerators != null ||
          share.accelerator_partition != null ||
          share.vcpu != null ||
          share.memory_gib != null
        ) &&
        !(
          share.count != null &&
          (
            share.accelerators != null ||
            share.accelerator_partition != null ||
            share.vcpu != null ||
            share.memory_gib != null
          )
        )
        if share != null
      ])
      if item != null
    ])
    error_message = "An entry of resources must give count, or accelerators, accelerator_partition, vcpu and memory_gib, not both."
  }

  validation {
    condition = alltrue([
      for item in var.teams :
      alltrue([for share in item.resources : !(share.accelerator_partition != null && share.accelerators != null) if share != null])
      if item != null
    ])
    error_message = join("", [
      "An entry of resources must give accelerators or accelerator_partition, not both",
      try(join("", [": ", join(", ", [
        for key, item in var.teams : key
        if nonsensitive(!alltrue([for share in item.resources : !(share.accelerator_partition != null && share.accelerators != null) if share != null]))
      ])]), ""),
      "."
    ])
  }

  validation {
    condition = alltrue([
      for item in var.teams :
      alltrue([
        for share in item.resources :
        (share.accelerator_partition == null ? (share.accelerators == null ? true : share.accelerators <= 0) : false) ||
        can(regex("^(?:ml\\.(g|p|trn)[a-z0-9-]*\\.[a-z0-9]+)$", share.instance_type))
        if share != null
      ])
      if item != null
    ])
    error_message = "An entry of resources with accelerators must be of an instance type that has some."
  }

  validation {
    condition = alltrue([
      for item in var.teams :
      alltrue([
        for share in item.resources :
        share.accelerator_partition == null ? true :
        (
          share.instance_type == "ml.p4d.24xlarge" ?
          contains(
            ["mig-1g.5gb", "mig-1g.10gb", "mig-2g.10gb", "mig-3g.20gb", "mig-4g.20gb", "mig-7g.40gb"],
            share.accelerator_partition.profile
          ) : false
        ) ? true :
        (
          share.instance_type == "ml.p4de.24xlarge" ?
          contains(
            ["mig-1g.10gb", "mig-1g.20gb", "mig-2g.20gb", "mig-3g.40gb", "mig-4g.40gb", "mig-7g.80gb"],
            share.accelerator_partition.profile
          ) : false
        ) ? true :
        (
          share.instance_type == "ml.p5.48xlarge" ?
          contains(
            ["mig-1g.10gb", "mig-1g.20gb", "mig-2g.20gb", "mig-3g.40gb", "mig-4g.40gb", "mig-7g.80gb"],
            share.accelerator_partition.profile
          ) : false
        ) ? true :
        (
          share.instance_type == "ml.p5e.48xlarge" ?
          contains(
            ["mig-1g.18gb", "mig-1g.35gb", "mig-2g.35gb", "mig-3g.71gb", "mig-4g.71gb", "mig-7g.141gb"],
            share.accelerator_partition.profile
          ) : false
        ) ? true :
        (
          share.instance_type == "ml.p5en.48xlarge" ?
          contains(
            ["mig-1g.18gb", "mig-1g.35gb", "mig-2g.35gb", "mig-3g.71gb", "mig-4g.71gb", "mig-7g.141gb"],
            share.accelerator_partition.profile
          ) : false
        ) ? true :
        (
          share.instance_type == "ml.p6-b200.48xlarge" ?
          contains(
            ["mig-1g.23gb", "mig-1g.45gb", "mig-2g.45gb", "mig-3g.90gb", "mig-4g.90gb", "mig-7g.180gb"],
            share.accelerator_partition.profile
          ) : false
        ) ? true :
        share.instance_type == "ml.p6e-gb200.36xlarge" ?
        contains(
          ["mig-1g.23gb", "mig-1g.47gb", "mig-2g.47gb", "mig-3g.93gb", "mig-4g.93gb", "mig-7g.186gb"],
          share.accelerator_partition.profile
        ) : false
        if share != null
      ])
      if item != null
    ])
    error_message = "The profile of an accelerator_partition in resources must be one that the GPUs of its instance type have."
  }

  validation {
    condition = alltrue([
      for item in var.teams :
      length(distinct([
        for share in item.borrow_limits :
        share.accelerator_partition == null ?
        share.instance_type :
        "${share.instance_type} ${share.accelerator_partition.profile}"
        if share != null
      ])) ==
      length([
        for share in item.borrow_limits :
        share.accelerator_partition == null ?
        share.instance_type :
        "${share.instance_type} ${share.accelerator_partition.profile}"
        if share != null
      ])
      if item != null
    ])
    error_message = "Every instance type, or part of its GPUs, must stand once in borrow_limits."
  }

  validation {
    condition = alltrue([
      for item in var.teams :
      alltrue([
        for share in item.borrow_limits :
        (
          share.count != null ||
          share.accelerators != null ||
          share.accelerator_partition != null ||
          share.vcpu != null ||
          share.memory_gib != null
        ) &&
        !(
          share.count != null &&
          (
            share.accelerators != null ||
            share.accelerator_partition != null ||
            share.vcpu != null ||
            share.memory_gib != null
          )
        )
        if share != null
      ])
      if item != null
    ])
    error_message = "An entry of borrow_limits must give count, or accelerators, accelerator_partition, vcpu and memory_gib, not both."
  }

  validation {
    condition = alltrue([
      for item in var.teams :
      alltrue([
        for share in item.borrow_limits :
        !(share.accelerator_partition != null && share.accelerators != null)
        if share != null
      ])
      if item != null
    ])
    error_message = "An entry of borrow_limits must give accelerators or accelerator_partition, not both."
  }

  validation {
    condition = alltrue([
      for item in var.teams :
      alltrue([
        for share in item.borrow_limits :
        (share.accelerator_partition == null ? (share.accelerators == null ? true : share.accelerators <= 0) : false) ||
        can(regex("^(?:ml\\.(g|p|trn)[a-z0-9-]*\\.[a-z0-9]+)$", share.instance_type))
        if share != null
      ])
      if item != null
    ])
    error_message = "An entry of borrow_limits with accelerators must be of an instance type that has some."
  }

  validation {
    condition = alltrue([
      for item in var.teams :
      alltrue([
        for share in item.borrow_limits :
        share.accelerator_partition == null ? true :
        (
          share.instance_type == "ml.p4d.24xlarge" ?
          contains(
            ["mig-1g.5gb", "mig-1g.10gb", "mig-2g.10gb", "mig-3g.20gb", "mig-4g.20gb", "mig-7g.40gb"],
            share.accelerator_partition.profile
          ) : false
        ) ? true :
        (
          share.instance_type == "ml.p4de.24xlarge" ?
          contains(
            ["mig-1g.10gb", "mig-1g.20gb", "mig-2g.20gb", "mig-3g.40gb", "mig-4g.40gb", "mig-7g.80gb"],
            share.accelerator_partition.profile
          ) : false
        ) ? true :
        (
          share.instance_type == "ml.p5.48xlarge" ?
          contains(
            ["mig-1g.10gb", "mig-1g.20gb", "mig-2g.20gb", "mig-3g.40gb", "mig-4g.40gb", "mig-7g.80gb"],
            share.accelerator_partition.profile
          ) : false
        ) ? true :
        (
          share.instance_type == "ml.p5e.48xlarge" ?
          contains(
            ["mig-1g.18gb", "mig-1g.35gb", "mig-2g.35gb", "mig-3g.71gb", "mig-4g.71gb", "mig-7g.141gb"],
            share.accelerator_partition.profile
          ) : false
        ) ? true :
        (
          share.instance_type == "ml.p5en.48xlarge" ?
          contains(
            ["mig-1g.18gb", "mig-1g.35gb", "mig-2g.35gb", "mig-3g.71gb", "mig-4g.71gb", "mig-7g.141gb"],
            share.accelerator_partition.profile
          ) : false
        ) ? true :
        (
          share.instance_type == "ml.p6-b200.48xlarge" ?
          contains(
            ["mig-1g.23gb", "mig-1g.45gb", "mig-2g.45gb", "mig-3g.90gb", "mig-4g.90gb", "mig-7g.180gb"],
            share.accelerator_partition.profile
          ) : false
        ) ? true :
        share.instance_type == "ml.p6e-gb200.36xlarge" ?
        contains(
          ["mig-1g.23gb", "mig-1g.47gb", "mig-2g.47gb", "mig-3g.93gb", "mig-4g.93gb", "mig-7g.186gb"],
          share.accelerator_partition.profile
        ) : false
        if share != null
      ])
      if item != null
    ])
    error_message = "The profile of an accelerator_partition in borrow_limits must be one that the GPUs of its instance type have."
  }
}
