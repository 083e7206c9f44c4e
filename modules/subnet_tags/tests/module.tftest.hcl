# Generated from hp_tf/layers/subnet_tags/contract.py by `hptf synth`; edit there.

mock_provider "aws" {}

variables {
  private_subnet_ids = {
    usw2-az1 = "subnet-0123456789abcdef0"
  }
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.tagged_subnet_ids,
    ] : value != null])
    error_message = "An output is null."
  }
}
