# Generated from hp_tf/layers/fsx/contract.py by `hptf synth`; edit there.

mock_provider "aws" {}

variables {
  name       = "ml-dev"
  region     = "us-west-2"
  account_id = "123456789012"
  private_subnet_ids = {
    usw2-az1 = "subnet-0123456789abcdef0"
  }
  primary_availability_zone_id = "usw2-az1"
  security_group_id            = "sg-0123456789abcdef0"
}

run "applies" {
  assert {
    condition = alltrue([for value in [
      output.file_system_id,
      output.file_system_arn,
      output.dns_name,
      output.mount_name,
    ] : value != null])
    error_message = "An output is null."
  }
}

run "refuses_a_wrong_security_group_id" {
  command = plan

  variables {
    security_group_id = "!"
  }

  expect_failures = [var.security_group_id]
}

run "refuses_a_wrong_data_compression_type" {
  command = plan

  variables {
    data_compression_type = "NONEx"
  }

  expect_failures = [var.data_compression_type]
}

run "refuses_a_wrong_weekly_maintenance_start_time" {
  command = plan

  variables {
    weekly_maintenance_start_time = "!"
  }

  expect_failures = [var.weekly_maintenance_start_time]
}
