# Generated from hp_tf/layers/inference/contract.py by `hptf synth`; edit there.

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
    condition = var.create_tls_bucket ? length("hyperpod-tls-${var.name}-${var.account_id}-${var.region}") <= 63 : true
    error_message = join("", [
      "name is too long: the bucket of certificates would be 'hyperpod-tls-${var.name}-${var.account_id}-${var.region}', ",
      join("", [length("hyperpod-tls-${var.name}-${var.account_id}-${var.region}"), " characters where 63 are allowed"]),
      "."
    ])
  }

  validation {
    condition = var.create_operator_role ? length("SageMakerHyperPodInference-${var.name}-${var.region}") <= 64 : true
    error_message = join("", [
      "name is too long: the operator's role would be 'SageMakerHyperPodInference-${var.name}-${var.region}', ",
      join("", [length("SageMakerHyperPodInference-${var.name}-${var.region}"), " characters where 64 are allowed"]),
      "."
    ])
  }

  validation {
    condition = var.keda && var.create_keda_role ? length("${var.name}-keda-${var.region}") <= 64 : true
    error_message = join("", [
      "name is too long: the KEDA's role would be '${var.name}-keda-${var.region}', ",
      join("", [length("${var.name}-keda-${var.region}"), " characters where 64 are allowed"]),
      "."
    ])
  }

  validation {
    condition = var.load_balancer_controller && var.create_load_balancer_role ? length("${var.name}-load-balancer-${var.region}") <= 64 : true
    error_message = join("", [
      "name is too long: the load balancer controller's role would be '${var.name}-load-balancer-${var.region}', ",
      join("", [length("${var.name}-load-balancer-${var.region}"), " characters where 64 are allowed"]),
      "."
    ])
  }

  validation {
    condition = var.gated_models && var.create_gated_role ? length("${var.name}-gated-models-${var.region}") <= 64 : true
    error_message = join("", [
      "name is too long: the role of gated downloads would be '${var.name}-gated-models-${var.region}', ",
      join("", [length("${var.name}-gated-models-${var.region}"), " characters where 64 are allowed"]),
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
      var.create_operator_role || var.create_keda_role || var.create_load_balancer_role || var.create_gated_role ?
      length(distinct([for key in keys(var.tags) : lower(key)])) == length(var.tags) : true
    )
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

variable "oidc_issuer_url" {
  description = "URL of the EKS cluster's OpenID Connect issuer, by which the operator's parts have roles (IRSA)."
  type        = string
  nullable    = false

  validation {
    condition = can(regex("^(?:https://[^ ?#]+)$", var.oidc_issuer_url)) && length(var.oidc_issuer_url) <= 255
    error_message = join("", [
      "oidc_issuer_url must be the URL of an OpenID Connect issuer such as 'https://oidc.eks.us-west-2.amazonaws.com/id/EXAMPLE0123456789' and ",
      "must have at most 255 characters."
    ])
  }
}

variable "hyperpod_cluster_arn" {
  description = "HyperPod cluster that models are served on."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:arn:aws(?:-[a-z]+)*:sagemaker:[a-z0-9-]+:[0-9]{12}:cluster/[a-z0-9]{12})$", var.hyperpod_cluster_arn))
    error_message = "hyperpod_cluster_arn must be the ARN of a HyperPod cluster such as 'arn:aws:sagemaker:us-west-2:123456789012:cluster/abcdef123456'."
  }
}

variable "vpc_id" {
  description = "VPC of the cluster."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:vpc-[0-9a-f]{8,17})$", var.vpc_id))
    error_message = "vpc_id must be a VPC id such as 'vpc-0123456789abcdef0'."
  }
}

variable "private_subnet_ids" {
  description = "Subnets of the nodes by zone id, where the operator makes network interfaces."
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

variable "security_group_id" {
  description = "Security group of the nodes, which the operator gives its network interfaces."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(?:sg-[0-9a-f]{8,17})$", var.security_group_id))
    error_message = "security_group_id must be a security group id such as 'sg-0123456789abcdef0'."
  }
}

variable "given_subnet_ids" {
  description = "Subnets that exist, by zone id, which get the tag by which the load balancer controller finds them. Those of the network module have it."
  type        = map(string)
  default     = null

  validation {
    condition = (
      var.given_subnet_ids == null ? true :
      alltrue([for key in keys(var.given_subnet_ids) : can(regex("^(?:[a-z]{3,4}[0-9]-(?:[a-z]{3}[0-9]-)?az[0-9]{1,2})$", key))])
    )
    error_message = "Every key of given_subnet_ids must be an availability zone id such as 'usw2-az1' (not a zone name such as 'us-west-2a')."
  }

  validation {
    condition = (
      var.given_subnet_ids == null ? true :
      alltrue([for item in values(var.given_subnet_ids) : can(regex("^(?:subnet-[0-9a-f]{8,17})$", item))])
    )
    error_message = "Every element of given_subnet_ids must be a subnet id such as 'subnet-0123456789abcdef0'."
  }
}

variable "tag_subnets" {
  description = "Whether given_subnet_ids get that tag, kubernetes.io/role/internal-elb; false if they have it."
  type        = bool
  default     = true
  nullable    = false
}

variable "addon_versions" {
  description = "Add-ons in the cluster, with their versions, by name; naming them makes the operator wait for them. Null: they are there."
  type        = map(string)
  default     = null

  validation {
    condition     = var.addon_versions == null ? true : alltrue([for item in values(var.addon_versions) : item != null])
    error_message = "No element of addon_versions may be null."
  }
}

variable "governance_addon_name" {
  description = <<-EOT
    Add-on of task governance where there is one; naming it makes the operator wait: while its webhook is not up yet, the installation of
    others fails.
  EOT
  type        = string
  default     = null

  validation {
    condition     = var.governance_addon_name == null ? true : length(var.governance_addon_name) >= 1
    error_message = "governance_addon_name must have at least 1 character."
  }
}

variable "s3_models" {
  description = "Whether models are read from S3, with the driver of the add-ons."
  type        = bool
  default     = true
  nullable    = false
}

variable "fsx_models" {
  description = "Whether models are read from FSx, with the driver of the add-ons."
  type        = bool
  default     = true
  nullable    = false
}

variable "create_addon" {
  description = <<-EOT
    Whether to install the add-on; false where the operator's chart is installed by other means, for which the output chart_values has the
    values.
  EOT
  type        = bool
  default     = true
  nullable    = false
}

variable "service_accounts" {
  description = "Who takes up the roles: other accounts than the add-on's where a chart makes them."
  type = object({
    operator                 = optional(string, "hyperpod-inference-system:hyperpod-inference-controller-manager")
    keda                     = optional(string, "hyperpod-inference-system:keda-operator")
    load_balancer_controller = optional(string, "hyperpod-inference-system:aws-load-balancer-controller")
  })
  default  = {}
  nullable = false

  validation {
    condition     = can(regex("^(?:[a-z0-9-]+:[a-z0-9.-]+)$", var.service_accounts.operator))
    error_message = "service_accounts.operator must be a service account with its namespace such as 'kube-system:keda-operator'."
  }

  validation {
    condition     = can(regex("^(?:[a-z0-9-]+:[a-z0-9.-]+)$", var.service_accounts.keda))
    error_message = "service_accounts.keda must be a service account with its namespace such as 'kube-system:keda-operator'."
  }

  validation {
    condition     = can(regex("^(?:[a-z0-9-]+:[a-z0-9.-]+)$", var.service_accounts.load_balancer_controller))
    error_message = "service_accounts.load_balancer_controller must be a service account with its namespace such as 'kube-system:keda-operator'."
  }
}

variable "addon_version" {
  description = "Version of the add-on such as 'v1.0.1-eksbuild.1'. Null takes EKS's default when it is made, and keeps that."
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
  description = "Further configuration of the add-on, as JSON text; its keys win over the module's own."
  type        = string
  default     = null

  validation {
    condition     = var.addon_configuration == null ? true : can(keys(jsondecode(var.addon_configuration)))
    error_message = "addon_configuration must be a JSON object."
  }
}

variable "create_oidc_provider" {
  description = "Whether to make the account's provider for the issuer; false where it has one: an account takes one of a URL."
  type        = bool
  default     = true
  nullable    = false
}

variable "oidc_provider_arn" {
  description = "Existing provider for the issuer."
  type        = string
  default     = null

  validation {
    condition = var.oidc_provider_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:oidc-provider/.+)$", var.oidc_provider_arn))
    error_message = join("", [
      "oidc_provider_arn must be the ARN of an OpenID Connect provider such as ",
      "'arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/EXAMPLE0123456789'."
    ])
  }

  validation {
    condition     = var.create_oidc_provider || var.oidc_provider_arn != null
    error_message = "create_oidc_provider is false, so oidc_provider_arn must name the account's provider for the issuer."
  }

  validation {
    condition     = var.oidc_provider_arn == null || !var.create_oidc_provider
    error_message = "oidc_provider_arn names the account's provider for the issuer, so create_oidc_provider must be false."
  }

  validation {
    condition     = var.oidc_provider_arn == null ? true : startswith(var.oidc_provider_arn, "arn:${var.partition}:iam::${var.account_id}:")
    error_message = "oidc_provider_arn must be a provider of this account and partition."
  }

  validation {
    condition     = var.oidc_provider_arn == null ? true : "https://${try(split(":oidc-provider/", var.oidc_provider_arn)[1], "")}" == var.oidc_issuer_url
    error_message = "oidc_provider_arn must be the provider for oidc_issuer_url."
  }
}

variable "create_tls_bucket" {
  description = "Whether to make the bucket of the models' TLS certificates; false takes tls_bucket_name."
  type        = bool
  default     = true
  nullable    = false
}

variable "tls_bucket_name" {
  description = "Existing bucket of the models' TLS certificates. Its settings are left alone."
  type        = string
  default     = null

  validation {
    condition = (
      var.tls_bucket_name == null ? true :
      can(regex("^(?:.*[a-z-].*|[^.]*(?:\\.[^.]*){0,2}|[^.]*(?:\\.[^.]*){4,})$", var.tls_bucket_name)) ?
      (
        can(regex("^(?:[a-z0-9](?:(?:\\.?[a-z0-9-])*\\.?[a-z0-9])?)$", var.tls_bucket_name)) ?
        length(var.tls_bucket_name) >= 3 && length(var.tls_bucket_name) <= 63 : false
      ) : false
    )
    error_message = join("", [
      "tls_bucket_name must be a bucket name: S3 takes none that looks like an IP address and must be a bucket name of lower-case letters, ",
      "digits, hyphens and single dots and must have 3 to 63 characters."
    ])
  }

  validation {
    condition     = var.create_tls_bucket || var.tls_bucket_name != null
    error_message = "create_tls_bucket is false, so tls_bucket_name must name the bucket of TLS certificates."
  }

  validation {
    condition     = var.tls_bucket_name == null || !var.create_tls_bucket
    error_message = "tls_bucket_name names the bucket of TLS certificates, so create_tls_bucket must be false."
  }
}

variable "tls_bucket_force_destroy" {
  description = "Whether the bucket is deleted with what is in it; the operator writes certificates there."
  type        = bool
  default     = false
  nullable    = false
}

variable "access_logs" {
  description = "Whether S3 logs the requests to that bucket."
  type        = bool
  default     = false
  nullable    = false

  validation {
    condition     = !var.access_logs || var.create_tls_bucket
    error_message = "The settings of a given bucket are left alone, so access_logs must be false."
  }
}

variable "access_log_bucket_name" {
  description = "Bucket of those logs; its policy must let logging.s3.amazonaws.com write."
  type        = string
  default     = null

  validation {
    condition = (
      var.access_log_bucket_name == null ? true :
      can(regex("^(?:.*[a-z-].*|[^.]*(?:\\.[^.]*){0,2}|[^.]*(?:\\.[^.]*){4,})$", var.access_log_bucket_name)) ?
      (
        can(regex("^(?:[a-z0-9](?:(?:\\.?[a-z0-9-])*\\.?[a-z0-9])?)$", var.access_log_bucket_name)) ?
        length(var.access_log_bucket_name) >= 3 && length(var.access_log_bucket_name) <= 63 : false
      ) : false
    )
    error_message = join("", [
      "access_log_bucket_name must be a bucket name: S3 takes none that looks like an IP address and must be a bucket name of lower-case ",
      "letters, digits, hyphens and single dots and must have 3 to 63 characters."
    ])
  }

  validation {
    condition     = var.access_logs == (var.access_log_bucket_name != null)
    error_message = "access_log_bucket_name must be named where access_logs is true, and there only."
  }
}

variable "kms_key_arn" {
  description = "Key that encrypts that bucket's objects; null leaves it to S3. A given bucket's own key, too."
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

variable "create_operator_role" {
  description = "Whether to make the operator's role; false takes operator_role_arn as it is."
  type        = bool
  default     = true
  nullable    = false
}

variable "operator_role_arn" {
  description = "Existing role of the operator, whose name begins with SageMakerHyperPodInference. It is not changed."
  type        = string
  default     = null

  validation {
    condition = (
      var.operator_role_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", var.operator_role_arn))
    )
    error_message = "operator_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = var.create_operator_role || var.operator_role_arn != null
    error_message = "create_operator_role is false, so operator_role_arn must name the operator's role."
  }

  validation {
    condition     = var.operator_role_arn == null || !var.create_operator_role
    error_message = "operator_role_arn names the operator's role, so create_operator_role must be false."
  }

  validation {
    condition     = var.operator_role_arn == null ? true : startswith(var.operator_role_arn, "arn:${var.partition}:iam::${var.account_id}:role/")
    error_message = "operator_role_arn must be a role of this account and partition."
  }

  validation {
    condition     = var.operator_role_arn == null || can(regex("^(?:.+[:/]SageMakerHyperPodInference[^/]*)$", var.operator_role_arn))
    error_message = "The name of operator_role_arn must begin with SageMakerHyperPodInference: the add-on takes no other."
  }
}

variable "keda" {
  description = "Whether KEDA scales models by their metrics."
  type        = bool
  default     = true
  nullable    = false
}

variable "create_keda_role" {
  description = "Whether to make KEDA's role; false takes keda_role_arn as it is."
  type        = bool
  default     = true
  nullable    = false
}

variable "keda_role_arn" {
  description = "Existing role of KEDA. It is not changed."
  type        = string
  default     = null

  validation {
    condition     = var.keda_role_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", var.keda_role_arn))
    error_message = "keda_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = var.create_keda_role || var.keda_role_arn != null
    error_message = "create_keda_role is false, so keda_role_arn must name KEDA's role."
  }

  validation {
    condition     = var.keda_role_arn == null || !var.create_keda_role
    error_message = "keda_role_arn names KEDA's role, so create_keda_role must be false."
  }

  validation {
    condition     = var.keda_role_arn == null ? true : startswith(var.keda_role_arn, "arn:${var.partition}:iam::${var.account_id}:role/")
    error_message = "keda_role_arn must be a role of this account and partition."
  }
}

variable "prometheus_workspace_arn" {
  description = "Prometheus workspace whose metrics KEDA may ask for; null: those of CloudWatch alone."
  type        = string
  default     = null

  validation {
    condition     = var.prometheus_workspace_arn == null ? true : length(var.prometheus_workspace_arn) >= 1
    error_message = "prometheus_workspace_arn must have at least 1 character."
  }
}

variable "load_balancer_controller" {
  description = "Whether the AWS Load Balancer Controller makes load balancers in front of models."
  type        = bool
  default     = true
  nullable    = false
}

variable "create_load_balancer_role" {
  description = "Whether to make that controller's role; false takes load_balancer_role_arn as it is."
  type        = bool
  default     = true
  nullable    = false
}

variable "load_balancer_role_arn" {
  description = "Existing role of that controller."
  type        = string
  default     = null

  validation {
    condition = (
      var.load_balancer_role_arn == null ||
      can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", var.load_balancer_role_arn))
    )
    error_message = "load_balancer_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = var.create_load_balancer_role || var.load_balancer_role_arn != null
    error_message = "create_load_balancer_role is false, so load_balancer_role_arn must name the load balancer controller's role."
  }

  validation {
    condition     = var.load_balancer_role_arn == null || !var.create_load_balancer_role
    error_message = "load_balancer_role_arn names the load balancer controller's role, so create_load_balancer_role must be false."
  }

  validation {
    condition     = var.load_balancer_role_arn == null ? true : startswith(var.load_balancer_role_arn, "arn:${var.partition}:iam::${var.account_id}:role/")
    error_message = "load_balancer_role_arn must be a role of this account and partition."
  }
}

variable "gated_models" {
  description = "Whether gated models of JumpStart can be downloaded."
  type        = bool
  default     = true
  nullable    = false
}

variable "create_gated_role" {
  description = "Whether to make the role of those downloads; false takes gated_role_arn as it is."
  type        = bool
  default     = true
  nullable    = false
}

variable "gated_role_arn" {
  description = "Existing role of those downloads."
  type        = string
  default     = null

  validation {
    condition     = var.gated_role_arn == null || can(regex("^(?:arn:aws(?:-[a-z]+)*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512})$", var.gated_role_arn))
    error_message = "gated_role_arn must be the ARN of an IAM role such as 'arn:aws:iam::123456789012:role/name'."
  }

  validation {
    condition     = var.create_gated_role || var.gated_role_arn != null
    error_message = "create_gated_role is false, so gated_role_arn must name the role of gated downloads."
  }

  validation {
    condition     = var.gated_role_arn == null || !var.create_gated_role
    error_message = "gated_role_arn names the role of gated downloads, so create_gated_role must be false."
  }

  validation {
    condition     = var.gated_role_arn == null ? true : startswith(var.gated_role_arn, "arn:${var.partition}:iam::${var.account_id}:role/")
    error_message = "gated_role_arn must be a role of this account and partition."
  }
}

variable "model_namespaces" {
  description = "Namespaces of models whose pods may download gated ones; none named are all."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition = alltrue([
      for item in var.model_namespaces :
      can(regex("^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)$", item)) ? length(item) >= 1 && length(item) <= 63 : false
    ])
    error_message = join("", [
      "Every element of model_namespaces must be a Kubernetes name of lower-case letters, digits and inner hyphens and must have 1 to 63 ",
      "characters."
    ])
  }

  validation {
    condition     = length(distinct(var.model_namespaces)) == length(var.model_namespaces)
    error_message = "Every namespace of model_namespaces must be named once."
  }
}

variable "role_path" {
  description = "IAM path of the roles."
  type        = string
  default     = "/"
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
