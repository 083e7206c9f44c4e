# Generated from hp_tf/layers/subnet_tags/contract.py by `hptf synth`; edit there.

terraform {
  required_version = ">= 1.10.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0, < 7.0.0"
    }
  }
}
