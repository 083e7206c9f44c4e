# Generated from hp_tf/layers/ssm/contract.py by `hptf synth`; edit there.

mock_provider "aws" {
  mock_resource "aws_cloudwatch_log_group" {
    defaults = {
      arn = "arn:aws:logs:us-west-2:123456789012:log-group:mocked"
    }
  }

}

variables {
  name                = "ml-dev"
  region              = "us-west-2"
  account_id          = "123456789012"
  partition           = "aws"
  bucket_name         = "example"
  execution_role_name = "example"
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.document_name,
    ] : value != null])
    error_message = "An output is null."
  }
}

run "refuses_a_wrong_account_id" {
  command = plan

  variables {
    account_id = "!"
  }

  expect_failures = [var.account_id]
}

run "refuses_a_wrong_default_user" {
  command = plan

  variables {
    default_user = "!"
  }

  expect_failures = [var.default_user]
}

run "refuses_a_wrong_idle_timeout_minutes" {
  command = plan

  variables {
    idle_timeout_minutes = 0
  }

  expect_failures = [var.idle_timeout_minutes]
}

run "refuses_a_wrong_longest_session_minutes" {
  command = plan

  variables {
    longest_session_minutes = 0
  }

  expect_failures = [var.longest_session_minutes]
}
