# Generated from hp_tf/layers/ and examples/terraform-only-slurm.yaml by `hptf synth`. Copy it: from then on it is yours.
#
# A HyperPod cluster with Slurm from the modules alone, in one root and one state. No module depends on
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

  name                = var.name
  region              = var.region
  account_id          = local.account_id
  partition           = local.partition
  tags                = var.tags
  slurm_configuration = "api"
  lustre_over_efa     = false
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

module "openzfs" {
  source = "../../modules/openzfs"

  name                         = var.name
  tags                         = var.tags
  private_subnet_ids           = module.network.private_subnet_ids
  private_route_table_ids      = module.network.private_route_table_ids
  primary_availability_zone_id = module.network.primary_availability_zone_id
  security_group_id            = module.security.security_group_id
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
  node_provisioning_mode = "Continuous"
  mounts_lustre          = true
  observability          = false
  accounting             = true
}

module "accounting" {
  source = "../../modules/accounting"

  name                = var.name
  tags                = var.tags
  vpc_id              = module.network.vpc_id
  private_subnet_ids  = module.network.private_subnet_ids
  security_group_id   = module.security.security_group_id
  execution_role_name = module.iam.execution_role_name
}

module "ssm" {
  source = "../../modules/ssm"

  name                = var.name
  region              = var.region
  account_id          = local.account_id
  partition           = local.partition
  tags                = var.tags
  bucket_name         = module.storage.bucket_name
  execution_role_name = module.iam.execution_role_name
}

module "hyperpod_slurm" {
  source = "../../modules/hyperpod_slurm"

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
  cluster_name                 = "ml-slurm"
  mount_lustre                 = true
  lustre_dns_name              = module.fsx.dns_name
  lustre_mount_name            = module.fsx.mount_name
  mount_openzfs                = true
  openzfs_dns_name             = module.openzfs.dns_name
  node_provisioning_mode       = "Continuous"
  accounting                   = true
  database_endpoint            = module.accounting.database_endpoint
  database_port                = module.accounting.database_port
  database_name                = module.accounting.database_name
  database_secret_arn          = module.accounting.database_secret_arn
  database_username            = module.accounting.database_username
  failover_topic_arn           = module.accounting.failover_topic_arn

  instance_groups = [
    {
      name          = "controller"
      instance_type = "ml.m5.2xlarge"
      count         = 1
      node_type     = "Controller"
    },
    {
      name          = "login"
      instance_type = "ml.m5.xlarge"
      count         = 1
      node_type     = "Login"
    },
    {
      name          = "training"
      instance_type = "ml.g5.8xlarge"
      count         = 2
      partition     = "training"
    },
  ]
}
