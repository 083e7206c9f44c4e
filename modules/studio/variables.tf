# Generated from hp_tf/layers/studio/contract.py by `hptf synth`; edit there.

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
    condition = var.create_domain ? length("${var.name}") <= 63 : true
    error_message = join("", [
      "name is too long: the SageMaker domain would be '${var.name}', ",
      join("", [length("${var.name}"), " characters where 63 are allowed"]),
      "."
    ])
  }

  validation {
    condition = length("${var.name}-start") <= 54
    error_message = join("", [
      "name is too long: the start script would be '${var.name}-start', ",
      join("", [length("${var.name}-start"), " characters where 54 are allowed"]),
      "."
    ])
  }

  validation {
    condition = var.execution_role_arn == null ? length("${var.name}-studio-${var.region}") <= 64 : true
    error_message = join("", [
      "name is too long: the editors' role would be '${var.name}-studio-${var.region}', ",
      join("", [length("${var.name}-studio-${var.region}"), " characters where 64 are allowed"]),
      "."
    ])
  }

  validation {
    condition = length(var.security_group_ids) == 0 ? length("${var.name}-studio") <= 255 : true
    error_message = join("", [
      "name is too long: the editors' security group would be '${var.name}-studio', ",
      join("", [length("${var.name}-studio"), " characters where 255 are allowed"]),
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
    condition     = var.execution_role_arn == null ? length(distinct([for key in keys(var.tags) : lower(key)])) == length(var.tags) : true
    error_message = "IAM does not tell capitals from small letters in the keys of tags: every key of tags must be another."
  }
}

variable "orchestrator" {
  description = "What orchestrates the cluster: with EKS the editor's role has an access entry."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["eks", "slurm"], var.orchestrator)
    error_message = "orchestrator must be one of 'eks', 'slurm'."
  }
}

variable "vpc_id" {
  description = "VPC of the editors."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:vpc-[0-9a-f]{8,17})$", var.vpc_id))
    error_message = "vpc_id must be a VPC id such as 'vpc-0123456789abcdef0'."
  }
}

variable "private_subnet_ids" {
  description = "Subnets of the editors, by zone id."
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

variable "cluster_name" {
  description = "EKS cluster that the editors use; null with Slurm."
  type        = string
  default     = null

  validation {
    condition = (
      var.cluster_name == null ? true :
      can(regex("^(?:[A-Za-z0-9][A-Za-z0-9_-]*)$", var.cluster_name)) ? length(var.cluster_name) <= 100 : false
    )
    error_message = join("", [
      "cluster_name must be an EKS cluster name: letters, digits, hyphens and underscores, beginning with a letter or digit and must have at ",
      "most 100 characters."
    ])
  }

  validation {
    condition     = var.orchestrator != "eks" || var.cluster_name != null
    error_message = "orchestrator is eks, so cluster_name must name the EKS cluster."
  }
}

variable "hyperpod_cluster_arn" {
  description = "HyperPod cluster whose nodes and events the editors see; null for none."
  type        = string
  default     = null

  validation {
    condition = (
      var.hyperpod_cluster_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:sagemaker:[a-z0-9-]+:[0-9]{12}:cluster/[a-z0-9]{12})$", var.hyperpod_cluster_arn))
    )
    error_message = "hyperpod_cluster_arn must be the ARN of a HyperPod cluster such as 'arn:aws:sagemaker:us-west-2:123456789012:cluster/abcdef123456'."
  }
}

variable "create_domain" {
  description = "Whether to make the domain; false takes the one domain_id names."
  type        = bool
  default     = true
  nullable    = false
}

variable "domain_id" {
  description = "Given domain."
  type        = string
  default     = null

  validation {
    condition     = var.domain_id == null || can(regex("^(?:d-[a-z0-9]{1,61})$", var.domain_id))
    error_message = "domain_id must be a SageMaker domain's id such as 'd-0123456789ab'."
  }

  validation {
    condition     = var.create_domain || var.domain_id != null
    error_message = "create_domain is false, so domain_id must name the domain to use."
  }

  validation {
    condition     = var.domain_id == null || !var.create_domain
    error_message = "domain_id names a domain, so create_domain must be false."
  }
}

variable "network_access" {
  description = "How the editors of a domain made here reach the internet: by the VPC's ways, or by SageMaker's."
  type        = string
  default     = "VpcOnly"
  nullable    = false

  validation {
    condition     = contains(["VpcOnly", "PublicInternetOnly"], var.network_access)
    error_message = "network_access must be one of 'VpcOnly', 'PublicInternetOnly'."
  }
}

variable "security_group_ids" {
  description = "Security groups of the editors; none makes one that lets them out and nobody in."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.security_group_ids) <= 5
    error_message = "security_group_ids must have at most 5 elements."
  }

  validation {
    condition     = alltrue([for item in var.security_group_ids : can(regex("^(?:sg-[0-9a-f]{8,17})$", item))])
    error_message = "Every element of security_group_ids must be a security group id such as 'sg-0123456789abcdef0'."
  }
}

variable "kms_key_arn" {
  description = <<-EOT
    Key that encrypts the volumes of a domain made here; null takes SageMaker's own. Fixed at creation: another key is another domain,
    without the volumes.
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
}

variable "keep_home_directories" {
  description = <<-EOT
    Whether the file system with the home directories stays when the domain goes. Its network interfaces stay too, and with them the
    subnets, until it is deleted.
  EOT
  type        = bool
  default     = true
  nullable    = false
}

variable "user_names" {
  description = "Users, each with a profile and a private space of the editor."
  type        = list(string)
  default     = ["default"]
  nullable    = false

  validation {
    condition     = length(var.user_names) >= 1
    error_message = "user_names must have at least 1 element."
  }

  validation {
    condition     = alltrue([for item in var.user_names : can(regex("^(?:[a-zA-Z0-9](?:-*[a-zA-Z0-9])*)$", item)) ? length(item) <= 50 : false])
    error_message = "Every element of user_names must be a name of letters, digits and inner hyphens and must have at most 50 characters."
  }

  validation {
    condition     = length(distinct(var.user_names)) == length(var.user_names)
    error_message = "Every user of user_names must be named once."
  }
}

variable "instance_type" {
  description = "Machine of an editor."
  type        = string
  default     = "ml.t3.medium"
  nullable    = false

  validation {
    condition     = can(regex("^(?:ml\\.[a-z0-9-]+\\.[a-z0-9]+)$", var.instance_type))
    error_message = "instance_type must be an instance type of Studio such as 'ml.t3.medium'."
  }
}

variable "volume_size_gb" {
  description = "GB of a space's volume. It can grow, never shrink."
  type        = number
  default     = 20
  nullable    = false

  validation {
    condition     = floor(var.volume_size_gb) == var.volume_size_gb && var.volume_size_gb >= 5 && var.volume_size_gb <= 16384
    error_message = "volume_size_gb must be a whole number, from 5 to 16384."
  }
}

variable "idle_timeout_minutes" {
  description = "Minutes after which an editor that nobody uses is stopped."
  type        = number
  default     = 4320
  nullable    = false

  validation {
    condition     = floor(var.idle_timeout_minutes) == var.idle_timeout_minutes && var.idle_timeout_minutes >= 60 && var.idle_timeout_minutes <= 525600
    error_message = "idle_timeout_minutes must be a whole number, from 60 to 525600."
  }
}

variable "install_tools" {
  description = <<-EOT
    Whether an editor downloads kubectl and helm when it starts, checked against their digests. False where it does not reach dl.k8s.io and
    get.helm.sh.
  EOT
  type        = bool
  default     = true
  nullable    = false
}

variable "kubectl_version" {
  description = "Version of kubectl, of the cluster's own line."
  type        = string
  default     = "v1.34.2"
  nullable    = false

  validation {
    condition     = can(regex("^(?:v[0-9]+\\.[0-9]+\\.[0-9]+)$", var.kubectl_version))
    error_message = "kubectl_version must be a version such as 'v1.34.2'."
  }
}

variable "helm_version" {
  description = "Version of helm."
  type        = string
  default     = "v3.19.0"
  nullable    = false

  validation {
    condition     = can(regex("^(?:v[0-9]+\\.[0-9]+\\.[0-9]+)$", var.helm_version))
    error_message = "helm_version must be a version such as 'v1.34.2'."
  }
}

variable "start_script" {
  description = "Script that runs when an editor starts, within five minutes, instead of the module's own, which installs the tools and writes the kubeconfig."
  type        = string
  default     = null

  validation {
    condition     = var.start_script == null ? true : length(var.start_script) >= 1 && length(var.start_script) <= 12288
    error_message = "start_script must have 1 to 12288 characters."
  }
}

variable "execution_role_arn" {
  description = "Role of the editors. Null makes one that may do no more than they need."
  type        = string
  default     = null

  validation {
    condition = (
      var.execution_role_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", var.execution_role_arn))
    )
    error_message = "execution_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = var.execution_role_arn == null ? true : startswith(var.execution_role_arn, "arn:${var.partition}:iam::${var.account_id}:role/")
    error_message = "execution_role_arn must be a role of this account and partition."
  }

  validation {
    condition     = var.execution_role_arn == null || (length(var.bucket_names) == 0 && length(var.additional_policy_arns) == 0)
    error_message = "A role that exists is not changed: with execution_role_arn, bucket_names and additional_policy_arns must be left out."
  }
}

variable "bucket_names" {
  description = "Buckets that the role made here may read and write."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for item in var.bucket_names :
      can(regex("^(?:.*[a-z-].*|[^.]*(?:\\.[^.]*){0,2}|[^.]*(?:\\.[^.]*){4,})$", item)) ?
      (can(regex("^(?:[a-z0-9](?:(?:\\.?[a-z0-9-])*\\.?[a-z0-9])?)$", item)) ? length(item) >= 3 && length(item) <= 63 : false) : false
    ])
    error_message = join("", [
      "Every element of bucket_names must be a bucket name: S3 takes none that looks like an IP address and must be a bucket name of lower-case ",
      "letters, digits, hyphens and single dots and must have 3 to 63 characters."
    ])
  }
}

variable "additional_policy_arns" {
  description = "Managed policies to attach to the role made here, by a name of your choice."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.additional_policy_arns) <= 10
    error_message = "additional_policy_arns must have at most 10 elements."
  }

  validation {
    condition = alltrue([
      for item in values(var.additional_policy_arns) :
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::(?:[0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+)$", item))
    ])
    error_message = "Every element of additional_policy_arns must be the ARN of an IAM policy such as 'arn:aws:iam::123456789012:policy/name'."
  }

  validation {
    condition     = alltrue([for arn in values(var.additional_policy_arns) : !can(regex("^(?:.*:policy/AdministratorAccess)$", arn))])
    error_message = "Whoever opens the editor has its role: additional_policy_arns must not hold AdministratorAccess."
  }
}

variable "create_access_entry" {
  description = "Whether the role gets an access entry of the EKS cluster; false where it has one."
  type        = bool
  default     = true
  nullable    = false
}

variable "cluster_policies" {
  description = "EKS access policies of the role, by a name of your choice."
  type = map(object({
    policy     = string
    namespaces = optional(list(string), [])
  }))
  default = {
    edit = {
      policy = "AmazonEKSEditPolicy"
    }
  }
  nullable = false

  validation {
    condition     = alltrue([for item in values(var.cluster_policies) : item != null])
    error_message = "No element of cluster_policies may be null."
  }

  validation {
    condition = alltrue([
      for item in values(var.cluster_policies) :
      can(regex(join("", [
        "^(?:Amazon[A-Za-z0-9]+Policy|arn:aws(?:-[a-z]+)*:eks::aws:cluster-access-policy/Amazon[A-Za-z0-9]+Po",
        "licy)$"
      ]), item.policy))
      if item != null
    ])
    error_message = "Every cluster_policies[].policy must be an EKS access policy's name such as 'AmazonEKSViewPolicy', or its ARN."
  }

  validation {
    condition = alltrue([
      for item in values(var.cluster_policies) :
      alltrue([
        for part in item.namespaces :
        can(regex("^(?:[a-z0-9*](?:[a-z0-9*-]*[a-z0-9*])?)$", part)) ? length(part) <= 63 : false
      ])
      if item != null
    ])
    error_message = join("", [
      "Every element of cluster_policies[].namespaces must be a namespace of lower-case letters, digits and inner hyphens such as 'ml'; '*' in ",
      "it stands for anything and must have at most 63 characters."
    ])
  }
}

variable "kubernetes_groups" {
  description = "Kubernetes groups the role belongs to, for RBAC bindings of your own or of the dependency chart."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for item in var.kubernetes_groups : item != null])
    error_message = "No element of kubernetes_groups may be null."
  }
}

variable "role_path" {
  description = "IAM path of the role."
  type        = string
  default     = "/"
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
