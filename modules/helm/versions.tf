# Generated from hp_tf/layers/helm/contract.py by `hptf synth`; edit there.

terraform {
  required_version = ">= 1.10.0"

  required_providers {
    helm = {
      source  = "hashicorp/helm"
      version = ">= 3.1.0, < 4.0.0"
    }
  }
}
