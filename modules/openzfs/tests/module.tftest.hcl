# Generated from hp_tf/layers/openzfs/contract.py by `hptf synth`; edit there.

mock_provider "aws" {}

variables {
  name = "ml-dev"
  private_subnet_ids = {
    usw2-az1 = "subnet-0123456789abcdef0"
  }
  private_route_table_ids = {
    example = "rtb-0123456789abcdef0"
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

run "refuses_a_wrong_nfs_clients" {
  command = plan

  variables {
    nfs_clients = "!"
  }

  expect_failures = [var.nfs_clients]
}

run "refuses_a_wrong_backup_id" {
  command = plan

  variables {
    backup_id = "!"
  }

  expect_failures = [var.backup_id]
}

run "refuses_a_wrong_weekly_maintenance_start_time" {
  command = plan

  variables {
    weekly_maintenance_start_time = "!"
  }

  expect_failures = [var.weekly_maintenance_start_time]
}

run "refuses_a_wrong_kms_key_arn" {
  command = plan

  variables {
    kms_key_arn = "!"
  }

  expect_failures = [var.kms_key_arn]
}
