# Generated from hp_tf/layers/hyperpod/contract.py by `hptf synth`; edit there.

terraform {
  required_version = ">= 1.10.0"

  required_providers {
    awscc = {
      source  = "hashicorp/awscc"
      version = ">= 1.106.0, < 2.0.0"
    }
  }
}
