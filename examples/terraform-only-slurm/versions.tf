terraform {
  required_version = ">= 1.10.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
    awscc = {
      source  = "hashicorp/awscc"
      version = ">= 1.106.0, < 2.0.0"
    }
  }

  # A backend of yours goes here, for instance:
  #
  #   backend "s3" {
  #     bucket       = "acme-terraform-states"
  #     key          = "ml/hyperpod-slurm.tfstate"
  #     region       = "us-west-2"
  #     use_lockfile = true
  #   }
}
