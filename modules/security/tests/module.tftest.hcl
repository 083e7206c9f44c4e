# Generated from hp_tf/layers/security/contract.py by `hptf synth`; edit there.

mock_provider "aws" {}

variables {
  name   = "ml-dev"
  vpc_id = "vpc-0123456789abcdef0"
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.security_group_id,
    ] : value != null])
    error_message = "An output is null."
  }
}
