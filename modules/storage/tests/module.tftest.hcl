# Generated from hp_tf/layers/storage/contract.py by `hptf synth`; edit there.

mock_provider "aws" {}

variables {
  name       = "ml-dev"
  region     = "us-west-2"
  account_id = "123456789012"
  partition  = "aws"
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.bucket_name,
      output.bucket_arn,
      output.lifecycle_script_uri,
      output.lifecycle_on_create,
    ] : value != null])
    error_message = "An output is null."
  }
}

run "refuses_a_wrong_access_log_days" {
  command = plan

  variables {
    access_log_days = 0
  }

  expect_failures = [var.access_log_days]
}

run "refuses_a_wrong_lifecycle_on_create" {
  command = plan

  variables {
    lifecycle_on_create = "!"
  }

  expect_failures = [var.lifecycle_on_create]
}
