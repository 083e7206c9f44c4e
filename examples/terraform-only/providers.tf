provider "aws" {
  region = var.region
}

provider "awscc" {
  region = var.region
}

# Write `kubernetes` as an object like this one, never as an output or a merge(): the provider plans a cluster that does
# not exist yet when only the leaves are unknown, and refuses when the whole object is.
provider "helm" {
  kubernetes = {
    host                   = module.eks.cluster_endpoint
    cluster_ca_certificate = base64decode(module.eks.cluster_certificate_authority)
    exec = {
      api_version = "client.authentication.k8s.io/v1beta1"
      command     = "aws"
      args        = ["eks", "get-token", "--cluster-name", module.eks.cluster_name, "--region", var.region]
    }
  }
}
