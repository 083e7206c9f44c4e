# Generated from hp_tf/layers/ and examples/terraform-only.yaml by `hptf synth`. Copy it: from then on it is yours.
#
# A HyperPod cluster with EKS from the modules alone, in one root and one state. No module depends on
# another: what one makes and another needs is passed here.
#
# Do not add depends_on to a module block: Terraform then puts off every data source in it, and plans changes that are
# none. The order is in the values: an output says "usable", and whoever takes it waits.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
}

module "network" {
  source = "../../modules/network"

  name                         = var.name
  region                       = var.region
  account_id                   = local.account_id
  tags                         = var.tags
  availability_zone_ids        = ["usw2-az1", "usw2-az2"]
  primary_availability_zone_id = "usw2-az2"
}

module "storage" {
  source = "../../modules/storage"

  name            = var.name
  region          = var.region
  account_id      = local.account_id
  partition       = local.partition
  tags            = var.tags
  lustre_over_efa = false
}

module "endpoints" {
  source = "../../modules/endpoints"

  name                    = var.name
  region                  = var.region
  account_id              = local.account_id
  partition               = local.partition
  tags                    = var.tags
  vpc_id                  = module.network.vpc_id
  private_route_table_ids = module.network.private_route_table_ids
  private_subnet_ids      = module.network.private_subnet_ids
  vpc_cidr_blocks         = module.network.vpc_cidr_blocks
}

module "security" {
  source = "../../modules/security"

  name            = var.name
  tags            = var.tags
  vpc_id          = module.network.vpc_id
  vpc_cidr_blocks = module.network.vpc_cidr_blocks
}

module "eks" {
  source = "../../modules/eks"

  name                  = var.name
  region                = var.region
  account_id            = local.account_id
  partition             = local.partition
  tags                  = var.tags
  vpc_id                = module.network.vpc_id
  vpc_cidr              = module.network.vpc_cidr
  vpc_cidr_blocks       = module.network.vpc_cidr_blocks
  security_group_id     = module.security.security_group_id
  availability_zone_ids = ["usw2-az1", "usw2-az2"]
}

module "fsx" {
  source = "../../modules/fsx"

  name                         = var.name
  region                       = var.region
  account_id                   = local.account_id
  tags                         = var.tags
  private_subnet_ids           = module.network.private_subnet_ids
  primary_availability_zone_id = module.network.primary_availability_zone_id
  security_group_id            = module.security.security_group_id
  storage_capacity_gib         = 1200
}

module "helm" {
  source = "../../modules/helm"

  region       = var.region
  cluster_name = module.eks.cluster_name
  chart_path   = "./charts/HyperPodHelmChart"
}

module "iam" {
  source = "../../modules/iam"

  name                   = var.name
  region                 = var.region
  account_id             = local.account_id
  partition              = local.partition
  tags                   = var.tags
  bucket_name            = module.storage.bucket_name
  vpc_id                 = module.network.vpc_id
  private_subnet_ids     = module.network.private_subnet_ids
  security_group_id      = module.security.security_group_id
  cluster_arn            = module.eks.cluster_arn
  node_provisioning_mode = "Continuous"
}

module "hyperpod" {
  source = "../../modules/hyperpod"

  region                       = var.region
  account_id                   = local.account_id
  partition                    = local.partition
  tags                         = var.tags
  private_subnet_ids           = module.network.private_subnet_ids
  primary_availability_zone_id = module.network.primary_availability_zone_id
  security_group_id            = module.security.security_group_id
  execution_role_arn           = module.iam.execution_role_arn
  s3_endpoint_id               = module.endpoints.s3_endpoint_id
  interface_endpoint_ids       = module.endpoints.interface_endpoint_ids
  eks_cluster_arn              = module.eks.cluster_arn
  karpenter_role_arn           = module.iam.karpenter_role_arn
  lifecycle_script_uri         = module.storage.lifecycle_script_uri
  lifecycle_on_create          = module.storage.lifecycle_on_create
  dependencies_release         = module.helm.release_name

  instance_groups = [
    {
      name          = "general"
      instance_type = "ml.m5.2xlarge"
      count         = 1
    },
    {
      name          = "gpu"
      instance_type = "ml.g5.8xlarge"
      count         = 2
    },
  ]
}
